"""channels/twilio, without any network."""
