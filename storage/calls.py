"""Calls to our number, and ours that put somebody through: those that go on, those of a ticket, how many of a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.domain.hotline import Call
from bot.domain.ids import TicketId
from storage import rows
from storage.codec import loaded
from storage.statement import Session, Statement, param, upserting
from storage.tables import calls

_SAVE = upserting(calls, "id")
_GET = Statement(sa.select(calls.c.data).where(calls.c.id == param("of_id")).with_for_update())
_LIVE = Statement(sa.select(calls.c.data).where(calls.c.ended.is_(None)).order_by(calls.c.began, calls.c.seq))
_OF = Statement(
    sa.select(calls.c.data).where(calls.c.ticket == param("of_ticket")).order_by(calls.c.began, calls.c.seq)
)
_SINCE = Statement(
    sa.select(sa.func.count())
    .select_from(calls)
    .where(calls.c.number == param("of_number"), calls.c.began >= param("since"))
)


class Calls:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, id: str) -> Call | None:
        """Locked until the end, on PostgreSQL: the vendor tells of a caller and of a rung phone at once."""
        data = self._session.value(_GET, {"of_id": id})
        return None if data is None else loaded(Call, data)

    def save(self, call: Call) -> None:
        self._session.run(_SAVE, rows.call_columns(call))

    def live(self) -> Sequence[Call]:
        """Not locked: `get` the one that is to be changed."""
        return [loaded(Call, row[0]) for row in self._session.rows(_LIVE, {})]

    def of(self, ticket: TicketId) -> Sequence[Call]:
        return [loaded(Call, row[0]) for row in self._session.rows(_OF, {"of_ticket": ticket})]

    def since(self, number: str, began: dt.datetime) -> int:
        return int(self._session.value(_SINCE, {"of_number": number, "since": rows.micros(began)}))
