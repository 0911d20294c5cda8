"""bot/config."""
