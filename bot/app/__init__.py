"""Use cases: load, decide, save. They know ports, never vendors."""
