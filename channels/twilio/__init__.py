"""channels/twilio."""
