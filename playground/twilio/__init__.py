"""One Twilio account: messages (SMS, WhatsApp), calls, content templates, and their webhooks."""
