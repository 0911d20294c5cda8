"""Messages that must stay true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.app.rows import Card
from bot.domain.ids import Address, ChannelName, TicketId
from storage import rows
from storage.statement import Session, Statement, param, upserting
from storage.tables import cards

_OF_TICKET = cards.c.ticket == param("of_ticket")
_WANTED_MORE = sa.and_(cards.c.next_render <= param("now"), cards.c.priority < param("new"))
_EARLIER = sa.case((cards.c.next_render < param("now"), cards.c.next_render), else_=param("now"))

_SAVE = upserting(cards, "ticket", "channel", "place")
_GET = Statement(
    sa.select(cards).where(_OF_TICKET, cards.c.channel == param("channel"), cards.c.place == param("place"))
)
_OF = Statement(sa.select(cards).where(_OF_TICKET).order_by(cards.c.channel, cards.c.place))
_BY_THREAD = Statement(
    sa.select(cards).where(
        cards.c.channel == param("channel"),
        cards.c.place == param("place"),
        cards.c.thread == param("thread"),
        sa.text("thread <> ''"),
    )
)
_TOUCH = Statement(
    sa.update(cards)
    .where(_OF_TICKET)
    .values(next_render=_EARLIER, priority=sa.case((_WANTED_MORE, cards.c.priority), else_=param("new")))
)
_UNSETTLED = Statement(
    sa.select(cards).where(sa.text("sending <> ''")).order_by(cards.c.ticket, cards.c.channel, cards.c.place)
)
_DUE = Statement(
    sa.select(cards)
    .where(cards.c.channel == param("channel"), cards.c.next_render <= param("now"))
    .order_by(cards.c.priority, cards.c.next_render, cards.c.ticket, cards.c.place)
    .limit(param("limit"))
)
_NEXT = Statement(
    sa.select(sa.func.min(cards.c.next_render)).where(
        cards.c.channel == param("channel"), cards.c.next_render.is_not(None)
    )
)


class Cards:
    """A card is known by its ticket and its desk (a channel's place, whatever the thread)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, ticket: TicketId, address: Address) -> Card | None:
        row = self._session.row(
            _GET, {"of_ticket": ticket, "channel": address.channel, "place": address.place}
        )
        return None if row is None else rows.card_of(row)

    def of(self, ticket: TicketId) -> Sequence[Card]:
        return [rows.card_of(row) for row in self._session.rows(_OF, {"of_ticket": ticket})]

    def by_thread(self, address: Address) -> Card | None:
        if not address.thread:
            return None
        row = self._session.row(
            _BY_THREAD, {"channel": address.channel, "place": address.place, "thread": address.thread}
        )
        return None if row is None else rows.card_of(row)

    def save(self, card: Card) -> None:
        self._session.run(_SAVE, rows.card_columns(card))

    def touch(self, ticket: TicketId, now: dt.datetime, priority: int) -> None:
        """A card that is due already keeps the more urgent priority; any other takes this one."""
        self._session.run(_TOUCH, {"of_ticket": ticket, "now": rows.micros(now), "new": priority})

    def due(self, channels: Sequence[ChannelName], now: dt.datetime, limit: int) -> Sequence[Card]:
        """By priority, then the longest due."""
        values = {"now": rows.micros(now), "limit": limit}
        found = [
            row
            for name in dict.fromkeys(channels)
            for row in self._session.rows(_DUE, values | {"channel": name})
        ]
        found.sort(key=lambda row: (row.priority, row.next_render, row.ticket, row.place))
        return [rows.card_of(row) for row in found[:limit]]

    def next_due(self, channels: Sequence[ChannelName]) -> dt.datetime | None:
        found = [self._session.value(_NEXT, {"channel": name}) for name in channels]
        return min((rows.instant(due) for due in found if due is not None), default=None)

    def unsettled(self) -> Sequence[Card]:
        return [rows.card_of(row) for row in self._session.rows(_UNSETTLED, {})]
