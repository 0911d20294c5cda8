"""Whose fault it was: the database's (StorageError) or our own statement's (as it came)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bot.app.rows import StorageError

_OURS = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError, sa.exc.NotSupportedError)


@contextmanager
def blaming() -> Iterator[None]:
    """StorageError where the database is the trouble (locked, full, read-only, gone), from its cause."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        if isinstance(error, _OURS) and not error.connection_invalidated:
            raise
        raise StorageError(f"{type(error.orig).__name__}: {error.orig}") from error
    except sqlite3.Error as error:
        raise StorageError(f"{type(error).__name__}: {error}") from error
    except sa.exc.TimeoutError as error:
        raise StorageError("no connection to the database came free") from error
