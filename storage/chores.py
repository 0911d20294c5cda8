"""Work that comes again, one row a name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.app.duty import Chore
from storage import rows
from storage.statement import Session, Statement, param, upserting
from storage.tables import chores

_SAVE = upserting(chores, "name")
_DROP = Statement(sa.delete(chores).where(chores.c.name == param("of_name")))
_GET = Statement(sa.select(chores).where(chores.c.name == param("of_name")))
_ALL = Statement(sa.select(chores).order_by(chores.c.name))
_DUE = Statement(
    sa.select(chores)
    .where(chores.c.due <= param("now"))
    .order_by(chores.c.due, chores.c.name)
    .limit(param("limit"))
    .with_for_update(skip_locked=True)
)
_HURRY = Statement(
    sa.update(chores)
    .where(chores.c.name == param("of_name"), chores.c.due > param("by"))
    .values(due=param("by"))
)
_NEXT = Statement(sa.select(sa.func.min(chores.c.due)))


class Chores:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str) -> Chore | None:
        row = self._session.row(_GET, {"of_name": name})
        return None if row is None else rows.chore_of(row)

    def all(self) -> Sequence[Chore]:
        return [rows.chore_of(row) for row in self._session.rows(_ALL, {})]

    def due(self, now: dt.datetime, limit: int) -> Sequence[Chore]:
        """On PostgreSQL locked until the end, and without those that another transaction has in hand."""
        found = self._session.rows(_DUE, {"now": rows.micros(now), "limit": limit})
        return [rows.chore_of(row) for row in found]

    def save(self, chore: Chore) -> None:
        self._session.run(_SAVE, rows.chore_columns(chore))

    def hurry(self, name: str, at: dt.datetime) -> None:
        self._session.run(_HURRY, {"of_name": name, "by": rows.micros(at)})

    def drop(self, name: str) -> None:
        self._session.run(_DROP, {"of_name": name})

    def next_due(self) -> dt.datetime | None:
        return rows.instant_if(self._session.value(_NEXT, {}))
