"""Adapters: vendor words in, our words out. They do not know each other."""
