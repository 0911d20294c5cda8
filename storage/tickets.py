"""Tickets as they stand, their references, and the log of what happened to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from bot.domain.events import Event, Recorded
from bot.domain.ids import Address, ContactId, TicketId
from bot.domain.ticket import Ticket
from storage import rows
from storage.codec import loaded
from storage.statement import Session, Statement, inserting, into, param, upserting
from storage.tables import counters, events, tickets

FIRST_NUMBER = 1001


def _count_up(dialect: str) -> sa.Executable:
    insert = into(counters, dialect)
    return insert.on_conflict_do_update(
        index_elements=["prefix"], set_={"value": counters.c.value + 1}
    ).returning(counters.c.value)


_COUNT_UP = Statement(_count_up)
_GET = Statement(sa.select(tickets.c.data).where(tickets.c.id == param("id")).with_for_update())
_PEEK = Statement(sa.select(tickets.c.data).where(tickets.c.id == param("id")))
_SAVE = upserting(tickets, "id")
_AT = Statement(
    sa.select(tickets.c.data)
    .where(
        tickets.c.place_channel == param("channel"),
        tickets.c.place == param("place"),
        sa.text("status <> 'closed'"),
    )
    .order_by(tickets.c.opened.desc(), tickets.c.seq.desc())
    .limit(param("limit"))
)
_OF_CONTACT = Statement(
    sa.select(tickets.c.data)
    .where(tickets.c.contact == param("contact"), sa.text("status <> 'closed'"))
    .order_by(tickets.c.changed.desc(), tickets.c.seq.desc())
    .limit(param("limit"))
)
_UNFINISHED = Statement(
    sa.select(tickets.c.data)
    .where(tickets.c.team == param("team"), sa.text("status NOT IN ('resolved', 'closed')"))
    .order_by(tickets.c.opened, tickets.c.seq)
    .limit(param("limit"))
)
_OPEN_BY_SEVERITY = Statement(
    sa.select(tickets.c.severity, sa.func.count())
    .where(tickets.c.team == param("team"), sa.text("status NOT IN ('resolved', 'closed')"))
    .group_by(tickets.c.severity)
)
_HAD_SERVICE = Statement(
    sa.select(tickets.c.id)
    .where(
        tickets.c.organisation == param("organisation"),
        tickets.c.service == param("service"),
        sa.text("status IN ('resolved', 'closed')"),
    )
    .limit(sa.literal_column("1"))
)
_OPEN = Statement(
    sa.select(tickets.c.seq, tickets.c.data)
    .where(
        sa.tuple_(tickets.c.team, tickets.c.opened, tickets.c.seq)
        > sa.tuple_(param("team"), param("opened"), param("seq")),
        sa.text("status NOT IN ('resolved', 'closed')"),
    )
    .order_by(tickets.c.team, tickets.c.opened, tickets.c.seq)
    .limit(param("limit"))
)
_EVERY = Statement(
    sa.select(tickets.c.seq, tickets.c.data)
    .where(tickets.c.seq > param("after"))
    .order_by(tickets.c.seq)
    .limit(param("limit"))
)
_APPEND = inserting(events)
_OF = Statement(sa.select(events).where(events.c.ticket == param("of_ticket")).order_by(events.c.seq))
_LAST_OF = Statement(
    sa.select(events)
    .where(events.c.ticket == param("of_ticket"))
    .order_by(events.c.seq.desc())
    .limit(param("limit"))
)
_AFTER = Statement(
    sa.select(events).where(events.c.seq > param("behind")).order_by(events.c.seq).limit(param("limit"))
)
_LATEST = Statement(sa.select(sa.func.max(events.c.seq)))
_BETWEEN = Statement(
    sa.select(events)
    .where(events.c.at >= param("since"), events.c.at < param("until"))
    .order_by(events.c.seq)
)
_PIECE = Statement(
    sa.select(events)
    .where(
        events.c.at >= param("since"),
        events.c.at < param("until"),
        sa.or_(events.c.at > param("since"), events.c.seq > param("after")),
    )
    .order_by(events.c.at, events.c.seq)
    .limit(param("limit"))
)


class Tickets:
    def __init__(self, session: Session) -> None:
        self._session = session

    def next_reference(self, prefix: str) -> TicketId:
        number = self._session.value(_COUNT_UP, {"prefix": prefix, "value": FIRST_NUMBER})
        return TicketId(f"{prefix}-{number}")

    def get(self, id: TicketId) -> Ticket | None:
        data = self._session.value(_GET, {"id": id})
        return None if data is None else loaded(Ticket, data)

    def peek(self, id: TicketId) -> Ticket | None:
        data = self._session.value(_PEEK, {"id": id})
        return None if data is None else loaded(Ticket, data)

    def save(self, ticket: Ticket) -> None:
        self._session.run(_SAVE, rows.ticket_columns(ticket))

    def at(self, place: Address, limit: int = 10) -> Sequence[Ticket]:
        """Whatever the thread: a place is a place."""
        values = {"channel": place.channel, "place": place.place, "limit": limit}
        return [loaded(Ticket, row[0]) for row in self._session.rows(_AT, values)]

    def of_contact(self, contact: ContactId, limit: int = 10) -> Sequence[Ticket]:
        values = {"contact": contact, "limit": limit}
        return [loaded(Ticket, row[0]) for row in self._session.rows(_OF_CONTACT, values)]

    def unfinished(self, team: str, limit: int = 50) -> Sequence[Ticket]:
        found = self._session.rows(_UNFINISHED, {"team": team, "limit": limit})
        return [loaded(Ticket, row[0]) for row in found]

    def open_by_severity(self, team: str) -> Mapping[str, int]:
        return dict(map(tuple, self._session.rows(_OPEN_BY_SEVERITY, {"team": team})))

    def had_service(self, organisation: str, service: str) -> bool:
        """No service is none that anybody had."""
        values = {"organisation": organisation, "service": service}
        return self._session.value(_HAD_SERVICE, values) is not None

    def open(self, behind: tuple[int, Ticket] | None, limit: int) -> Sequence[tuple[int, Ticket]]:
        """By the index of open tickets: those that are over are not even passed by."""
        values: dict[str, object] = {"team": "", "opened": 0, "seq": 0, "limit": limit}
        if behind is not None:
            seq, last = behind
            values |= {"team": last.team, "opened": rows.micros(last.opened), "seq": seq}
        return [(seq, loaded(Ticket, data)) for seq, data in self._session.rows(_OPEN, values)]

    def every(self, after: int, limit: int) -> Sequence[tuple[int, Ticket]]:
        found = self._session.rows(_EVERY, {"after": after, "limit": limit})
        return [(seq, loaded(Ticket, data)) for seq, data in found]


class EventLog:
    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, ticket: TicketId, events: Sequence[Event], at: dt.datetime) -> None:
        instant = rows.micros(at)
        self._session.run_many(_APPEND, [rows.event_columns(ticket, event, instant) for event in events])

    def of(self, ticket: TicketId) -> Sequence[Recorded]:
        return [rows.recorded_of(row) for row in self._session.rows(_OF, {"of_ticket": ticket})]

    def last_of(self, ticket: TicketId, limit: int) -> Sequence[Recorded]:
        found = self._session.rows(_LAST_OF, {"of_ticket": ticket, "limit": limit})
        return [rows.recorded_of(row) for row in found][::-1]

    def after(self, seq: int, limit: int) -> Sequence[Recorded]:
        found = self._session.rows(_AFTER, {"behind": seq, "limit": limit})
        return [rows.recorded_of(row) for row in found]

    def latest(self) -> int:
        return self._session.value(_LATEST, {}) or 0

    def between(self, since: dt.datetime, until: dt.datetime) -> Sequence[tuple[TicketId, Recorded]]:
        values = {"since": rows.micros(since), "until": rows.micros(until)}
        found = [rows.recorded_of(row) for row in self._session.rows(_BETWEEN, values)]
        return [(recorded.ticket, recorded) for recorded in found]

    def piece(
        self, since: dt.datetime, until: dt.datetime, after: Recorded | None, limit: int
    ) -> Sequence[Recorded]:
        """The index on `at` gives the order, so that a piece costs what is in it."""
        values = {
            "since": rows.micros(after.at if after else since),
            "until": rows.micros(until),
            "after": after.seq if after else 0,
            "limit": limit,
        }
        return [rows.recorded_of(row) for row in self._session.rows(_PIECE, values)]
