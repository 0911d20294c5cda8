"""A Telegram Bot API server with one bot: methods, long polling, webhook."""
