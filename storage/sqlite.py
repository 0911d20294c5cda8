"""The embedded database: one file, one process, one connection, one transaction at a time."""

from __future__ import annotations

import dataclasses
import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.app import rows as app_rows
from bot.app.rows import StorageError
from storage import unit_of_work
from storage.engine import demand_schema, schema_of
from storage.errors import blaming
from storage.nesting import Nesting
from storage.statement import Session

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What became of one unit of work."""

    result: Any = None
    error: Exception | None = None


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
        driver.execute(
            "PRAGMA page_size = 2048"
        )  # of a new file: a small transaction touches many pages a little
        driver.execute("PRAGMA journal_mode = WAL")
        driver.execute("PRAGMA synchronous = FULL")
        driver.execute("PRAGMA foreign_keys = ON")
        driver.execute(
            "PRAGMA temp_store = MEMORY"
        )  # statement journals: else a file made and unlinked each time
        driver.execute("PRAGMA cache_size = -16000")  # 16 MB, and a checkpoint only every 16 MB of log:
        driver.execute("PRAGMA wal_autocheckpoint = 8000")  # hot pages are copied back once, not each second

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

    def transact(self, work: Callable[[app_rows.UnitOfWork], T]) -> T:
        with self._nesting, self._turn, blaming():
            try:
                return unit_of_work.run(self._opened(), work)
            except BaseException:
                self._drop_if_stuck()
                raise

    def transact_together(self, works: Iterable[Callable[[app_rows.UnitOfWork], Any]]) -> list[Done]:
        """Each of `works` as `transact` would, but as many as can be in one commit: one that raises leaves nothing
        behind and spoils no other; if the commit fails, all that were in it have failed. After a failure the others of
        its commit are done again, each by itself, so a unit of work must be fit to be run twice. (A savepoint for each
        would spare that, and cost a third more for every one.)"""
        done: list[Done] = []
        with self._nesting, self._turn:
            try:
                with blaming():
                    self._together(works, done)
            except Exception as error:
                failure = error if isinstance(error, StorageError) else StorageError(f"not written: {error}")
                done = done or [Done(error=failure)]
            self._drop_if_stuck()
        return done

    def _together(self, works: Iterable[Callable[[app_rows.UnitOfWork], Any]], done: list[Done]) -> None:
        """The driver is told directly: SQLAlchemy's own begin and commit cost as much as a few statements."""
        connection = self._opened()
        driver: Any = connection.connection.driver_connection
        inside: list[tuple[int, Callable[[app_rows.UnitOfWork], Any]]] = []
        for work in works:
            done.append(Done(error=StorageError("not written")))  # should it never come to an end
            if not inside:
                driver.execute("BEGIN IMMEDIATE")
            done[-1] = _tried(connection, work)
            if done[-1].error is None:
                inside.append((len(done) - 1, work))
                continue
            _roll_back(driver)
            for n, other in inside:
                done[n] = _alone(connection, driver, other)
            inside.clear()
        if inside and (refused := _commit(driver)) is not None:
            for n, _ in inside:
                done[n] = refused

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


def _tried(connection: sa.Connection, work: Callable[[app_rows.UnitOfWork], Any]) -> Done:
    """One unit of work inside the transaction that is open."""
    session = Session(connection)
    try:
        with blaming():
            return Done(result=work(unit_of_work.UnitOfWork(session)))
    except Exception as error:
        return Done(error=error)
    finally:
        session.end()


def _alone(connection: sa.Connection, driver: Any, work: Callable[[app_rows.UnitOfWork], Any]) -> Done:
    """One unit of work in a transaction of its own."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        return Done(error=StorageError(f"{type(error).__name__}: {error}"))
    done = _tried(connection, work)
    if done.error is None:
        return _commit(driver) or done
    _roll_back(driver)
    return done


def _commit(driver: Any) -> Done | None:
    """None: it is on the disk."""
    try:
        driver.execute("COMMIT")
    except sqlite3.Error as error:
        _roll_back(driver)
        return Done(error=StorageError(f"{type(error).__name__}: {error}"))
    return None


def _roll_back(driver: Any) -> None:
    """SQLite may have given up the transaction already, with all that was in it (disk full)."""
    if driver.in_transaction:
        with suppress(sqlite3.Error):
            driver.execute("ROLLBACK")


def _in_transaction(connection: sa.Connection) -> bool:
    driver: Any = connection.connection.driver_connection
    return bool(driver.in_transaction)
