"""Values to store. `full` and `lean` make any of our dataclasses from its type hints, with everything or the least."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import itertools
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.app.duty import Drill, DrillTry, KeptOverride, Swap
from bot.app.inbound import Failed, MessageIn, Sender
from bot.app.rows import Card, OutboxItem
from bot.domain.hotline import Call
from bot.domain.ids import (
    Address,
    ChannelName,
    ContactId,
    OrganisationId,
    PageId,
    PersonId,
    TeamName,
    TicketId,
)
from bot.domain.notices import Answer
from bot.domain.page import Page
from bot.domain.people import Contact
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from escalation.chain import Chain, Step
from escalation.instants import Span
from escalation.schedule import Override

T = TypeVar("T")

NOW = dt.datetime(2026, 1, 5, 9, 0, 0, 123456, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
SLACK, TELEGRAM, SMS = ChannelName("slack"), ChannelName("telegram"), ChannelName("sms")
DESK = Address(channel=SLACK, place="C0DESK")
DM = Address(channel=SLACK, place="D0THANDI")
TICKET = TicketId("MIT-1001")


def full(kind: type[T]) -> T:
    return typing.cast(T, _make(kind, itertools.count(1), more=True))


def lean(kind: type[T]) -> T:
    return typing.cast(T, _make(kind, itertools.count(1), more=False))


def _make(kind: Any, count: typing.Iterator[int], *, more: bool) -> Any:
    while hasattr(kind, "__supertype__"):
        kind = kind.__supertype__
    if kind in _PLAIN:
        return _PLAIN[kind](next(count))
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        some = next(a for a in inner if a is not type(None))
        return _make(some, count, more=more) if more else None
    if origin is tuple and inner[-1] is ...:
        return tuple(_make(inner[0], count, more=more) for _ in range(2 if more else 0))
    if origin is tuple:
        return tuple(_make(a, count, more=more) for a in inner)
    if origin is frozenset:
        return frozenset(_make(inner[0], count, more=more) for _ in range(2 if more else 0))
    if origin in (Mapping, dict):
        made = range(2 if more else 0)
        return {_make(inner[0], count, more=more): _make(inner[1], count, more=more) for _ in made}
    if issubclass(kind, enum.Enum):
        return list(kind)[-1]
    hints = typing.get_type_hints(kind)
    fields = [f.name for f in dataclasses.fields(kind)]
    return kind(**{name: _make(hints[name], count, more=more) for name in fields})


_PLAIN: dict[Any, Any] = {
    str: lambda n: f'Zażółć 🦆 "{n}" \\u0041 <b>\'{n}',
    int: lambda n: n,
    bool: lambda n: n % 2 == 1,
    float: lambda n: n / 8,
    dt.datetime: lambda n: NOW + n * dt.timedelta(days=97, microseconds=1),
    dt.timedelta: lambda n: dt.timedelta(days=n, seconds=n, microseconds=n),
    dt.date: lambda n: NOW.date() + dt.timedelta(days=n),
    ZoneInfo: lambda n: ZoneInfo("Africa/Johannesburg"),
}


# ---------------------------------------------------------------- by hand
def ticket(id: str = TICKET, **changes: Any) -> Ticket:
    fields: dict[str, Any] = {
        "id": TicketId(id),
        "organisation": OrganisationId("acme"),
        "organisation_name": "Acme Clinics",
        "contact": ContactId("thandi"),
        "contact_name": "Thandi",
        "known": True,
        "team": TeamName("desk"),
        "policy": "managed-it",
        "policy_version": "1",
        "plan": "premium",
        "vip": False,
        "severity": "high",
        "confirmed": False,
        "status": Status.NEW,
        "text": "The server is down",
        "place": DM,
        "language": "en",
        "zone": "Africa/Johannesburg",
        "opened": NOW,
        "changed": NOW,
    }
    return Ticket(**(fields | changes))


def item(text: str = "Hello", **changes: Any) -> OutboxItem:
    fields: dict[str, Any] = {
        "channel": SLACK,
        "address": DM,
        "notice": Answer(ticket=TICKET, person="Ada", text=text),
        "language": "en",
        "zone": "UTC",
        "priority": 10,
        "lane_key": str(DM),
        "created": NOW,
        "due": NOW,
    }
    return OutboxItem(**(fields | changes))


def card(ticket: str = TICKET, **changes: Any) -> Card:
    return Card(**({"ticket": TicketId(ticket), "address": DESK, "next_render": NOW} | changes))


def page(id: str, ticket: str = TICKET, **changes: Any) -> Page:
    fields: dict[str, Any] = {
        "id": PageId(id),
        "ticket": TicketId(ticket),
        "team": TeamName("desk"),
        "urgency": "emergency",
        "chain": Chain(
            name="standby", steps=(Step(targets=("person:lin",), wait=5 * 60 * SECOND),), repeat=2
        ),
        "code": "4711",
        "started": NOW,
    }
    return Page(**(fields | changes))


def span(hours: int, start: dt.datetime = NOW) -> Span:
    return Span(start=start, end=start + hours * HOUR)


def override(person: str = "lin", hours: int = 8, **changes: Any) -> KeptOverride:
    """From NOW on, for so many hours."""
    fields: dict[str, Any] = {
        "schedule": "standby",
        "override": Override(person=person, span=span(hours), replaces="ada"),
        "by": PersonId("ada"),
        "made": NOW,
    }
    return KeptOverride(**(fields | changes))


def swap(asker: str = "ada", hours: int = 8, **changes: Any) -> Swap:
    """From NOW on, for so many hours."""
    fields: dict[str, Any] = {
        "schedule": "standby",
        "asker": PersonId(asker),
        "span": span(hours),
        "made": NOW,
    }
    return Swap(**(fields | changes))


def drill(id: str, person: str = "ada", **changes: Any) -> Drill:
    fields: dict[str, Any] = {
        "id": id,
        "person": PersonId(person),
        "code": "4711",
        "began": NOW,
        "until": NOW + HOUR,
        "tries": (DrillTry(method="sms", place="+27115550001"), DrillTry(method="slack", place="U0ADA")),
    }
    return Drill(**(fields | changes))


def call(id: str, number: str = "+27115550100", **changes: Any) -> Call:
    fields: dict[str, Any] = {
        "id": id,
        "number": number,
        "began": NOW,
        "heard": NOW,
        "language": "en",
        "team": TeamName("desk"),
    }
    return Call(**(fields | changes))


def contact(id: str = "thandi", **changes: Any) -> Contact:
    fields: dict[str, Any] = {
        "id": ContactId(id),
        "name": "Thandi",
        "organisation": OrganisationId("acme"),
        "identities": {SLACK: "U0THANDI", SMS: "+27115550100"},
    }
    return Contact(**(fields | changes))


def failed(id: str = "Ev1", **changes: Any) -> Failed:
    came = MessageIn(
        channel=SLACK,
        external_id=id,
        sender=Sender(id="U0THANDI", name="Thandi"),
        address=DM,
        text="The server is down",
    )
    return Failed(**({"inbound": came, "error": "KeyError: 'x'", "tries": 1, "at": NOW} | changes))
