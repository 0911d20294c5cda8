"""PostgreSQL: several threads, a connection each; rows are locked, not the database."""

from __future__ import annotations

import select
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.app import rows as app_rows
from bot.app.rows import StorageError
from storage import unit_of_work
from storage.engine import demand_schema, schema_of
from storage.errors import blaming
from storage.nesting import Nesting

T = TypeVar("T")
DEADLOCKS = 3
"""So often a unit of work that lost a deadlock is done anew."""

_LOCK = 0x5374616E646279  # "Standby"
_KEEPALIVE = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "standby",
}
"""A host that vanished is noticed within some ten seconds, not after two hours."""
_LIMITS = "-c statement_timeout=10s -c idle_in_transaction_session_timeout=15s -c client_encoding=UTF8"


def postgres_engine(url: str, *, limits: str = _LIMITS, **kw: Any) -> sa.Engine:
    """`limits` are the session's settings: nothing of ours may hold a lock for long."""
    address = sa.make_url(url).set(drivername="postgresql+psycopg")
    options = f"{address.query.get('options', '')} {limits}".strip()
    kw.setdefault("isolation_level", "READ COMMITTED")
    arguments = _KEEPALIVE | {"options": options}
    return sa.create_engine(address, connect_args=arguments, hide_parameters=True, **kw)


class Guard:
    """An advisory lock on a connection of its own: one Standby a database, for now (one process sends).

    PostgreSQL lets go of it when the connection ends. `hold` notices that, and takes it again or refuses.
    """

    def __init__(self, url: str, patience: float) -> None:
        self._engine = postgres_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        self._patience = max(1, int(patience * 1000))
        self._turn = threading.Lock()
        self._connection: sa.Connection | None = None
        self.hold()

    def hold(self) -> bool:
        """The lock is ours; True when it had been lost. StorageError when it is somebody else's. A system call."""
        with self._turn, blaming():
            if self._connection is not None and not self._lost(self._connection):
                return False
            self._drop()
            self._take()
            return True

    def release(self) -> None:
        with self._turn:
            self._drop()

    def _take(self) -> None:
        connection = self._engine.connect()
        try:
            connection.exec_driver_sql(f"SET lock_timeout = {self._patience}")
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
        except sa.exc.OperationalError as error:
            _discard(connection)
            if getattr(error.orig, "sqlstate", "") == "55P03":
                raise StorageError("another Standby is running on this database") from error
            raise
        self._connection = connection

    def _lost(self, connection: sa.Connection) -> bool:
        """A connection in rest has nothing to read: something to read is its end, or a notice."""
        driver: Any = connection.connection.driver_connection
        if driver.closed:
            return True
        poll = select.poll()
        poll.register(driver.fileno(), select.POLLIN)
        if not poll.poll(0):
            return False
        try:
            connection.exec_driver_sql("SELECT 1")
        except sa.exc.DBAPIError:
            return True
        return False

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            _discard(connection)


def _discard(connection: sa.Connection) -> None:
    connection.invalidate()
    connection.close()


class PostgresStore:
    """A Store on PostgreSQL. Each thread that calls has a transaction of its own."""

    def __init__(self, url: str, *, alone: bool, patience: float) -> None:
        self._nesting = Nesting()
        self._guard = Guard(url, patience) if alone else None
        self._engine = postgres_engine(
            url, pool_size=5, max_overflow=5, pool_timeout=patience, pool_use_lifo=True
        )
        try:
            with blaming(), self._engine.connect() as connection:
                demand_schema(schema_of(connection))
        except BaseException:
            self.close()
            raise

    def transact(self, work: Callable[[app_rows.UnitOfWork], T]) -> T:
        with self._nesting, blaming():
            if self._guard is not None and self._guard.hold():
                self._engine.dispose()  # whatever ended the guard's connection has ended these
            return self._again_after_deadlocks(work)

    def _again_after_deadlocks(self, work: Callable[[app_rows.UnitOfWork], T]) -> T:
        """Whom the database picked as the victim of a deadlock has done nothing: it is done anew."""
        for _ in range(DEADLOCKS):
            try:
                with self._engine.connect() as connection:
                    return unit_of_work.run(connection, work)
            except sa.exc.OperationalError as error:
                if getattr(error.orig, "sqlstate", "") != "40P01":
                    raise
        with self._engine.connect() as connection:
            return unit_of_work.run(connection, work)

    def close(self) -> None:
        self._engine.dispose()
        if self._guard is not None:
            self._guard.release()
