"""Where rows live, and the only place that knows SQLAlchemy.

`storage.engine.open_store` for a database, `storage.memory.MemoryStore` for tests, `storage.schema` for the operator.
"""
