"""Test pages: who was tried by which way, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.app.duty import Drill
from bot.domain.ids import PersonId
from storage import rows
from storage.codec import loaded
from storage.statement import Session, Statement, param, upserting
from storage.tables import drills

_SAVE = upserting(drills, "id")
_GET = Statement(sa.select(drills.c.data).where(drills.c.id == param("of_id")).with_for_update())
_RUNNING = Statement(
    sa.select(drills.c.data).where(drills.c.ended.is_(None)).order_by(drills.c.began, drills.c.seq)
)
_OF = Statement(
    sa.select(drills.c.data)
    .where(drills.c.person == param("of_person"), drills.c.began >= param("since"))
    .order_by(drills.c.began, drills.c.seq)
)


class Drills:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, id: str) -> Drill | None:
        """Locked until the end, on PostgreSQL: answers come by several ways at once."""
        data = self._session.value(_GET, {"of_id": id})
        return None if data is None else loaded(Drill, data)

    def running(self) -> Sequence[Drill]:
        """Not locked: `get` the one that is to be changed."""
        return [loaded(Drill, row[0]) for row in self._session.rows(_RUNNING, {})]

    def of(self, person: PersonId, since: dt.datetime) -> Sequence[Drill]:
        found = self._session.rows(_OF, {"of_person": person, "since": rows.micros(since)})
        return [loaded(Drill, row[0]) for row in found]

    def save(self, drill: Drill) -> None:
        self._session.run(_SAVE, rows.drill_columns(drill))
