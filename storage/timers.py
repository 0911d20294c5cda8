"""When to look at a ticket again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.domain.ids import TicketId
from bot.domain.timers import Timer, TimerKind
from storage import rows
from storage.statement import Session, Statement, inserting, param
from storage.tables import timers


def _clear(dialect: str) -> sa.Executable:
    """On PostgreSQL a timer that another transaction has in hand is left to it: waiting for it could deadlock
    (it waits for our ticket), and at worst one stale question is asked."""
    if dialect == "sqlite":
        mine = sa.and_(timers.c.ticket == param("of_ticket"), timers.c.kind == param("of_kind"))
        return sa.delete(timers).where(mine)
    old = timers.alias("old")
    free = sa.select(old.c.id).where(old.c.ticket == param("of_ticket"), old.c.kind == param("of_kind"))
    return sa.delete(timers).where(timers.c.id.in_(free.with_for_update(skip_locked=True)))


_CLEAR = Statement(_clear)
_ADD = inserting(timers)
_DUE = Statement(
    sa.select(timers)
    .where(timers.c.due <= param("now"))
    .order_by(timers.c.due, timers.c.id)
    .limit(param("limit"))
    .with_for_update(skip_locked=True)
)
_DONE = Statement(sa.delete(timers).where(timers.c.id == param("of_id")))
_NEXT = Statement(sa.select(sa.func.min(timers.c.due)))


class Timers:
    def __init__(self, session: Session) -> None:
        self._session = session

    def replace(self, ticket: TicketId, kinds: Sequence[TimerKind], timers: Sequence[Timer]) -> None:
        self._session.run_many(_CLEAR, [{"of_ticket": ticket, "of_kind": kind} for kind in kinds])
        self._session.run_many(_ADD, [rows.timer_columns(timer) for timer in timers])

    def due(self, now: dt.datetime, limit: int) -> Sequence[Timer]:
        found = self._session.rows(_DUE, {"now": rows.micros(now), "limit": limit})
        return [rows.timer_of(row) for row in found]

    def done(self, timer: Timer) -> None:
        self._session.run(_DONE, {"of_id": timer.id})

    def next_due(self) -> dt.datetime | None:
        return rows.instant_if(self._session.value(_NEXT, {}))
