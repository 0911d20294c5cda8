"""What the operator does to a database: `upgrade`, `check`, `backup`."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from bot.app.rows import StorageError
from storage.engine import PATIENCE, file_of, is_sqlite, schema_of
from storage.errors import blaming
from storage.tables import SCHEMA

_UPGRADING = 0x5570677261646521  # an advisory lock: two upgrades go one after the other


@dataclasses.dataclass(frozen=True, kw_only=True)
class SchemaState:
    """`current` is where the database stands (None: nothing there yet), `head` what this version works with."""

    current: str | None
    head: str = SCHEMA

    @property
    def up_to_date(self) -> bool:
        return self.current == self.head


@dataclasses.dataclass(frozen=True, kw_only=True)
class Upgraded:
    """From where to where, and the copy that was made before."""

    before: str | None
    after: str
    backup: Path | None = None


def check(url: str) -> SchemaState:
    """Changes nothing, not even an SQLite file that is not there."""
    if is_sqlite(url) and not file_of(url).exists():
        return SchemaState(current=None)
    with _connected(url) as connection:
        return SchemaState(current=schema_of(connection))


def upgrade(url: str) -> Upgraded:
    """All of it or nothing. An SQLite file is copied beside itself first, and must not be in use by a Standby.

    Raises StorageError for a database that a newer version has upgraded.
    """
    if not is_sqlite(url):
        return _migrate(url)
    from storage.sqlite import FileLock

    path = file_of(url)
    lock = FileLock(path)
    try:
        before = check(url).current
        if before == SCHEMA or not path.exists() or path.stat().st_size == 0:
            return _migrate(url)
        copy = path.with_name(f"{path.name}.before-{SCHEMA}")
        backup(url, copy)
        return dataclasses.replace(_migrate(url), backup=copy)
    finally:
        lock.release()


def backup(url: str, to: Path) -> None:
    """A whole copy of an SQLite database, also while it is in use; an older copy at `to` is replaced at the end.

    ValueError for PostgreSQL, which has pg_dump for it.
    """
    source = file_of(url)
    if not source.exists():
        raise StorageError(f"there is no database at {source}")
    part = to.with_name(to.name + ".part")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(part)) as new:
            old.backup(new)
        part.replace(to)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"no backup was made: {error}") from error


def _migrate(url: str) -> Upgraded:
    """One transaction in both databases; their DDL can be rolled back."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    place = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(place).replace("%", "%%"))
    with _connected(url) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADING})")
        before = schema_of(connection)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StorageError(
                f"the database is at schema {before}, which this Standby does not know"
            ) from error
    return Upgraded(before=before, after=SCHEMA)


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    from storage.postgres import postgres_engine
    from storage.sqlite import sqlite_engine

    engine = sqlite_engine(file_of(url), PATIENCE) if is_sqlite(url) else postgres_engine(url, limits="")
    try:
        with blaming(), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
