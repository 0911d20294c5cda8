"""What must be said once, in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.app.rows import OutboxItem, PagedLately
from bot.domain.ids import ChannelName, PageId, PersonId
from storage import rows
from storage.statement import Session, Statement, inserting, param, word
from storage.tables import cards, outbox

_earlier = outbox.alias("earlier")
_PENDING = outbox.c.state == word("pending")
_HELD_UP = sa.exists(
    sa.select(sa.literal_column("1"))
    .where(_earlier.c.lane_key == outbox.c.lane_key, _earlier.c.id < outbox.c.id)
    .where(_earlier.c.state.in_([word("pending"), word("sending")]))
    .correlate(outbox)
)
_CARD_STANDS = sa.exists(
    sa.select(sa.literal_column("1"))
    .where(cards.c.ticket == outbox.c.card_of, cards.c.channel == outbox.c.at_channel)
    .where(cards.c.place == outbox.c.place, cards.c.message != sa.literal_column("''"))
    .correlate(outbox)
)
_DUE = outbox.c.due + 0 <= param("now")  # "+ 0": the index by due would mean to sort a whole backlog
_CLAIM = Statement(
    sa.select(outbox)
    .where(outbox.c.channel == param("channel"), _PENDING, _DUE)
    .where(~_HELD_UP, sa.or_(outbox.c.card_of.is_(None), _CARD_STANDS))
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(param("limit"))
)
_ADD = inserting(outbox)
_GET = Statement(sa.select(outbox).where(outbox.c.id == param("id")))
_BY_TOKEN = Statement(
    sa.select(outbox)
    .where(outbox.c.token == param("token"))
    .order_by(outbox.c.id.desc())
    .limit(param("limit"))
)
_SAVE = Statement(
    sa.update(outbox)
    .where(outbox.c.id == param("of_id"))
    .values({c.name: param(c.name) for c in outbox.c if c.name != "id"})
)
_OF_PAGE = Statement(sa.select(outbox).where(outbox.c.page == param("page")).order_by(outbox.c.id))
_PAGED = sa.and_(outbox.c.person == param("of_person"), outbox.c.page.is_not(None))
_OF_PERSON = Statement(
    sa.select(outbox)
    .where(
        outbox.c.id.in_(
            sa.union(  # a range of an index each; an OR would be a person's whole history
                sa.select(outbox.c.id).where(_PAGED, outbox.c.created >= param("since")),
                sa.select(outbox.c.id).where(_PAGED, _PENDING),
            )
        )
    )
    .order_by(outbox.c.id)
)
_LATELY = Statement(
    sa.select(
        outbox.c.page,
        sa.func.min(outbox.c.ticket),
        sa.func.min(outbox.c.created),
        sa.func.min(sa.case((outbox.c.held, 1), else_=0)),
        sa.func.min(sa.case((sa.and_(outbox.c.held, _PENDING), outbox.c.due))),
        sa.func.max(outbox.c.attempts),
    )
    .where(_PAGED, outbox.c.created >= param("since"))
    .group_by(outbox.c.page)
)
_HURRY = Statement(
    sa.update(outbox)
    .where(_PENDING, outbox.c.page.is_(None), outbox.c.due > param("after"))
    .values(due=outbox.c.due - param("by"))
)
_UNSETTLED = Statement(sa.select(outbox).where(outbox.c.state == word("sending")).order_by(outbox.c.id))
_NEXT = Statement(
    sa.select(sa.func.min(outbox.c.due)).where(
        outbox.c.channel == param("channel"), _PENDING, outbox.c.due > param("after")
    )
)


class Outbox:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, items: Sequence[OutboxItem]) -> None:
        self._session.run_many(_ADD, [rows.item_columns(item) for item in items])

    def claim(self, channels: Sequence[ChannelName], now: dt.datetime, limit: int) -> Sequence[OutboxItem]:
        """A query a channel: each is a range of an index in the right order, which one for all would not be."""
        values = {"now": rows.micros(now), "limit": limit}
        found = [
            row
            for name in dict.fromkeys(channels)
            for row in self._session.rows(_CLAIM, values | {"channel": name})
        ]
        found.sort(key=lambda row: (row.priority, row.id))
        return [rows.item_of(row) for row in found[:limit]]

    def get(self, id: int) -> OutboxItem | None:
        return self._one(_GET, {"id": id})

    def by_token(self, token: str) -> OutboxItem | None:
        return self._one(_BY_TOKEN, {"token": token, "limit": 1}) if token else None

    def save(self, item: OutboxItem) -> None:
        """LookupError for a row that is not there."""
        if self._session.run(_SAVE, rows.item_columns(item) | {"of_id": item.id}) == 0:
            raise LookupError(f"no outbox row {item.id}")

    def of_page(self, page: PageId) -> Sequence[OutboxItem]:
        return [rows.item_of(row) for row in self._session.rows(_OF_PAGE, {"page": page})]

    def of_person(self, person: PersonId, since: dt.datetime) -> Sequence[OutboxItem]:
        values = {"of_person": person, "since": rows.micros(since)}
        return [rows.item_of(row) for row in self._session.rows(_OF_PERSON, values)]

    def paged_lately(self, person: PersonId, since: dt.datetime) -> Sequence[PagedLately]:
        found = self._session.rows(_LATELY, {"of_person": person, "since": rows.micros(since)})
        return [
            PagedLately(
                page=page,
                ticket=ticket,
                first=rows.instant(first),
                held=bool(held),
                waits=rows.instant_if(waits),
                tried=attempts > 0,
            )
            for page, ticket, first, held, waits, attempts in found
        ]

    def hurry(self, after: dt.datetime, by: dt.timedelta) -> None:
        self._session.run(_HURRY, {"after": rows.micros(after), "by": by // dt.timedelta(microseconds=1)})

    def unsettled(self) -> Sequence[OutboxItem]:
        return [rows.item_of(row) for row in self._session.rows(_UNSETTLED, {})]

    def next_due(self, channels: Sequence[ChannelName], after: dt.datetime) -> dt.datetime | None:
        instant = rows.micros(after)
        found = [self._session.value(_NEXT, {"channel": name, "after": instant}) for name in channels]
        return min((rows.instant(due) for due in found if due is not None), default=None)

    def _one(self, statement: Statement, values: dict[str, object]) -> OutboxItem | None:
        row = self._session.row(statement, values)
        return None if row is None else rows.item_of(row)
