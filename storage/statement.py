"""Core statements, compiled once a dialect and handed straight to the driver's cursor of the transaction.

Building and interpreting a statement anew, and wrapping its result, is most of what SQLAlchemy costs: about 30 us a
statement here, and opening a ticket takes a dozen. Errors become SQLAlchemy's own again.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.codec import clean

Values = Mapping[str, Any]
Build = Callable[[str], sa.Executable]
"""The statement for a dialect: `sqlite` or `postgresql`."""


class Prepared:
    """The text of a statement for one dialect, and how values become its parameters."""

    __slots__ = ("_defaults", "_names", "_row", "sql")

    def __init__(self, statement: Any, dialect: sa.Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.sql: str = compiled.string
        self._names: list[str] | None = compiled.positiontup
        self._defaults: dict[str, Any] = {k: v for k, v in compiled.params.items() if v is not None}
        self._row: Callable[[Any], Any] | None = None

    def shape(self, cursor: Any) -> Callable[[Any], Any]:
        """What makes a driver's row one with names."""
        if self._row is None:
            names = [column[0] for column in cursor.description]
            named: Any = namedtuple  # (mypy wants the names written out)
            self._row = named("Row", names, rename=True)._make
        return self._row

    def bind(self, values: Values) -> Any:
        """A tuple where the driver wants positions, a dict where it wants names; texts cleaned."""
        if self._defaults:
            values = self._defaults | dict(values)
        if self._names is None:
            return {name: _plain(value) for name, value in values.items()}
        return tuple([_plain(v) if isinstance(v := values[name], str) else v for name in self._names])


def _plain(value: Any) -> Any:
    """Exact `str`, since a driver may take an enum for something else."""
    if value.__class__ is str:
        return value if value.isascii() and "\0" not in value else clean(value)
    return clean(str(value)) if isinstance(value, str) else value


class Statement:
    """A Core statement, or how to build it for a dialect."""

    __slots__ = ("_build", "_prepared")

    def __init__(self, build: sa.Executable | Build) -> None:
        self._build = build
        self._prepared: dict[str, Prepared] = {}

    def on(self, dialect: sa.Dialect) -> Prepared:
        found = self._prepared.get(dialect.name)
        if found is None:
            built = self._build(dialect.name) if callable(self._build) else self._build
            found = self._prepared[dialect.name] = Prepared(built, dialect)
        return found


class Session:
    """Runs statements inside one transaction, and refuses to once it is over."""

    __slots__ = ("_connection", "_dialect", "_driver")

    def __init__(self, connection: sa.Connection) -> None:
        self._connection: sa.Connection | None = connection
        self._dialect = connection.dialect
        self._driver: Any = connection.connection.driver_connection

    @property
    def dialect(self) -> str:
        return self._dialect.name

    def end(self) -> None:
        self._connection = None

    def run(self, statement: Statement, values: Values) -> int:
        """Returns how many rows it touched."""
        prepared = statement.on(self._dialect)
        return int(self._execute(prepared.sql, prepared.bind(values)).rowcount)

    def run_many(self, statement: Statement, values: Sequence[Values]) -> None:
        """The same for each, in this order."""
        if len(values) == 1:
            self.run(statement, values[0])
        elif values:
            prepared = statement.on(self._dialect)
            self._execute(prepared.sql, [prepared.bind(v) for v in values], many=True)

    def rows(self, statement: Statement, values: Values) -> Sequence[Any]:
        prepared = statement.on(self._dialect)
        cursor = self._execute(prepared.sql, prepared.bind(values))
        found = cursor.fetchall()
        return [prepared.shape(cursor)(row) for row in found] if found else []

    def row(self, statement: Statement, values: Values) -> Any:
        """The first row, or None."""
        prepared = statement.on(self._dialect)
        cursor = self._execute(prepared.sql, prepared.bind(values))
        found = cursor.fetchone()
        return None if found is None else prepared.shape(cursor)(found)

    def value(self, statement: Statement, values: Values) -> Any:
        """The first column of the first row, or None."""
        prepared = statement.on(self._dialect)
        found = self._execute(prepared.sql, prepared.bind(values)).fetchone()
        return None if found is None else found[0]

    def _execute(self, sql: str, parameters: Any, *, many: bool = False) -> Any:
        if self._connection is None:
            raise RuntimeError("this unit of work is over")
        cursor = self._driver.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(sql, parameters)
        except self._dialect.loaded_dbapi.Error as error:
            raise self._as_sqlalchemy(error, sql, cursor) from error
        return cursor

    def _as_sqlalchemy(self, error: Exception, sql: str, cursor: Any) -> Exception:
        """The error that SQLAlchemy raises for it; a connection that has broken is not used again."""
        assert self._connection is not None
        gone = self._dialect.is_disconnect(error, self._connection.connection, cursor)  # type: ignore[arg-type]
        if gone:
            self._connection.invalidate(error)
        return sa.exc.DBAPIError.instance(
            sql,
            None,
            error,
            self._dialect.loaded_dbapi.Error,
            hide_parameters=True,  # people's words do not belong in a traceback
            connection_invalidated=gone,
            dialect=self._dialect,
        )


# ---------------------------------------------------------------- the shapes that recur
def into(table: sa.Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of all columns but a row number that the database gives."""
    insert = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
    given = table.autoincrement_column
    return insert.values({c.name: sa.bindparam(c.name) for c in table.c if c is not given}).inline()


def inserting(table: sa.Table) -> Statement:
    return Statement(lambda dialect: into(table, dialect))


def upserting(table: sa.Table, *key: str) -> Statement:
    """Insert, or replace the row with the same key."""

    def build(dialect: str) -> sa.Executable:
        insert = into(table, dialect)
        given = table.autoincrement_column
        changes = {c.name: insert.excluded[c.name] for c in table.c if c.name not in key and c is not given}
        return insert.on_conflict_do_update(index_elements=list(key), set_=changes)

    return Statement(build)


def param(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name)


def word(text: str) -> sa.ColumnElement[str]:
    """A state written into the SQL itself, so that an index over part of the rows fits."""
    return sa.literal_column(f"'{text}'")
