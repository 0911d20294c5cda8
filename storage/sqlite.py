"""The embedded database: one file, one process, one connection, one transaction at a time."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.app import ports
from bot.app.ports import StorageError
from storage import unit_of_work
from storage.engine import demand_schema, schema_of
from storage.errors import blaming
from storage.nesting import Nesting

T = TypeVar("T")


class FileLock:
    """Says that this process has the database. The kernel lets go of it when the process dies, however it dies."""

    def __init__(self, database: Path) -> None:
        database.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            raise StorageError(f"another Standby is running on this database ({database})") from error

    def release(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)


def sqlite_engine(path: Path, patience: float) -> sa.Engine:
    """Every transaction takes the write lock at its start, and is on the disk when it has committed."""
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=sa.NullPool,
        hide_parameters=True,  # people's words do not belong in a traceback
        connect_args={"check_same_thread": False, "cached_statements": 256},
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(driver: Any, _: object) -> None:
        driver.isolation_level = None  # the driver begins nothing by itself
        driver.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
        driver.execute("PRAGMA journal_mode = WAL")
        driver.execute("PRAGMA synchronous = FULL")
        driver.execute("PRAGMA foreign_keys = ON")
        driver.execute("PRAGMA cache_size = -16000")  # 16 MB, and a checkpoint only every 16 MB of log:
        driver.execute("PRAGMA wal_autocheckpoint = 4000")  # hot pages are copied back once, not each second

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class SqliteStore:
    """A Store on one file. Any thread may call; they go one after the other."""

    def __init__(self, path: Path, *, alone: bool, patience: float) -> None:
        self._file_lock = FileLock(path) if alone else None
        self._engine = sqlite_engine(path, patience)
        self._connection: sa.Connection | None = None
        self._turn = threading.Lock()
        self._nesting = Nesting()
        try:
            if not path.exists():
                demand_schema(None)
            with blaming():
                demand_schema(schema_of(self._opened()))
                self._opened().rollback()
        except BaseException:
            self.close()
            raise

    def transact(self, work: Callable[[ports.UnitOfWork], T]) -> T:
        with self._nesting, self._turn, blaming():
            try:
                return unit_of_work.run(self._opened(), work)
            except BaseException:
                self._drop_if_stuck()
                raise

    def close(self) -> None:
        with self._turn:
            self._drop()
        if self._file_lock is not None:
            self._file_lock.release()

    def _opened(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _drop_if_stuck(self) -> None:
        """After a failure: the next transaction gets a new connection unless this one is clean."""
        connection = self._connection
        if connection is None:
            return
        if connection.invalidated or connection.in_transaction() or _in_transaction(connection):
            self._drop()

    def _drop(self) -> None:
        """Closing rolls back whatever was open."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


def _in_transaction(connection: sa.Connection) -> bool:
    driver: Any = connection.connection.driver_connection
    return bool(driver.in_transaction)
