"""The live board in the browser: what is open, by time left; who has it; who is on call. Read-only, but for three deeds
that are the same use cases as in chat."""
