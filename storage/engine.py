"""From an address to a store: `sqlite:///data/standby.db` or `postgresql+psycopg://...`.

Whoever opens a store for work holds the database alone: for now, one process sends. A second one is refused.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.app.rows import StorageError, Store
from storage.tables import SCHEMA, VERSION_TABLE

PATIENCE = 5.0
"""Seconds to wait for somebody else's lock."""


def open_store(url: str, *, alone: bool = True, patience: float = PATIENCE) -> Store:
    """The store at `url`. `alone=False` is for tools that look in while the bot runs.

    Raises StorageError when another Standby has the database, when it can't be reached, and when its schema is not
    the one that this version works with.
    """
    from storage.postgres import PostgresStore
    from storage.sqlite import SqliteStore

    if is_sqlite(url):
        return SqliteStore(file_of(url), alone=alone, patience=patience)
    return PostgresStore(url, alone=alone, patience=patience)


def is_sqlite(url: str) -> bool:
    """ValueError for an address of neither kind."""
    try:
        name = sa.make_url(url).drivername
    except sa.exc.ArgumentError:
        name = ""
    if name not in ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"):
        raise ValueError("a database is sqlite:///path/to/file.db or postgresql+psycopg://user@host/name")
    return name.startswith("sqlite")


def file_of(url: str) -> Path:
    """The SQLite file; ValueError where there is none."""
    name = sa.make_url(url).database
    if not is_sqlite(url) or not name or name == ":memory:":
        raise ValueError("this needs a database in a file: sqlite:///path/to/file.db")
    return Path(name)


def schema_of(connection: sa.Connection) -> str | None:
    """The migration that the database stands at; None where nothing was ever set up."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
    return found


def demand_schema(current: str | None) -> None:
    """StorageError unless the database is of the version that we work with."""
    if current == SCHEMA:
        return
    if current is None:
        raise StorageError("the database is not set up yet: run `standby db upgrade`")
    if current < SCHEMA:
        raise StorageError(f"the database is at schema {current}, not {SCHEMA}: run `standby db upgrade`")
    raise StorageError(
        f"the database is at schema {current}, newer than the {SCHEMA} of this Standby:"
        " install the newer version (its `standby db upgrade` was run here)"
    )
