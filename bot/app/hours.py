"""Hours on call, for those who pay for them: who was on call for how long, and how much of it at night and on weekends.
Hours are real ones: the night in which the clock goes back has one more."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from bot.app.context import Context
from bot.app.timesheet import CallOut, call_outs
from bot.domain.ids import PersonId
from escalation.instants import DAY, ZERO, Span, from_local, merged
from escalation.schedule import Roster, Schedule, gaps, shifts_of

EVENING, MORNING = dt.time(22), dt.time(6)
"""Between them it is night, local to the schedule."""
_MIDNIGHT = dt.time()
_SATURDAY = 5
REMEMBERED = dt.timedelta(days=31)
"""So far back a calendar is read."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Length:
    """How long some spans are in all, and how much of that is at night and on Saturdays and Sundays. A Saturday's night
    is in both."""

    total: dt.timedelta
    night: dt.timedelta
    weekend: dt.timedelta


@dataclasses.dataclass(frozen=True, kw_only=True)
class OnCallHours:
    """Of one person on one schedule; `person` None: of nobody, the gaps. `shifts` are spans without a break, cut to the
    period; `call_outs` are those in these spans."""

    schedule: str
    zone: ZoneInfo
    person: PersonId | None
    name: str
    length: Length
    shifts: int
    call_outs: int | None


def length(spans: Sequence[Span], zone: ZoneInfo) -> Length:
    """Of spans that do not overlap."""
    return Length(
        total=_sum(spans),
        night=_sum(part for span in spans for part in _nights(span, zone)),
        weekend=_sum(part for span in spans for part in _weekends(span, zone)),
    )


def _nights(span: Span, zone: ZoneInfo) -> Iterator[Span]:
    for date in _dates(span, zone):
        night = (from_local(zone, date, EVENING), from_local(zone, date + DAY, MORNING))
        yield from merged([night], *span)


def _weekends(span: Span, zone: ZoneInfo) -> Iterator[Span]:
    for date in _dates(span, zone):
        if date.weekday() >= _SATURDAY:
            day = (from_local(zone, date, _MIDNIGHT), from_local(zone, date + DAY, _MIDNIGHT))
            yield from merged([day], *span)


def _dates(span: Span, zone: ZoneInfo) -> Iterator[dt.date]:
    """Local ones that the span touches, and the one before, whose night may reach into it."""
    date, last = (at.astimezone(zone).date() for at in span)
    date -= DAY
    while date <= last:
        yield date
        date += DAY


def _sum(spans: Iterable[Span]) -> dt.timedelta:
    return sum((span.length for span in spans), ZERO)


def hours(
    schedule: Schedule, since: dt.date, until: dt.date
) -> dict[str | None, tuple[Length, tuple[Span, ...]]]:
    """Of whom, from the local date `since` until before `until`, with their spans; last of None, if nobody was on."""
    period = span_of(schedule.zone, since, until)
    spans: dict[str | None, list[Span]] = {}
    for shift in shifts_of(schedule, *period):
        spans.setdefault(shift.person, []).append(shift.span)
    if empty := gaps(schedule, *period):
        spans[None] = list(empty)
    return {person: (length(theirs, schedule.zone), tuple(theirs)) for person, theirs in spans.items()}


def span_of(zone: ZoneInfo, since: dt.date, until: dt.date) -> Span:
    """From the start of a local date up to the start of another."""
    start, end = (from_local(zone, date, _MIDNIGHT) for date in (since, until))
    return Span(start=start, end=end)


def on_call_hours(
    ctx: Context, names: Sequence[str], since: dt.date, until: dt.date
) -> tuple[OnCallHours, ...]:
    """Of each schedule, its people by name, at last nobody. What lies ahead counts as it is planned. Raises Unlisted."""
    called = call_outs(ctx, since - DAY, until + DAY)
    return tuple(row for name in names for row in _of_schedule(ctx, name, (since, until), called))


def _of_schedule(
    ctx: Context, name: str, dates: tuple[dt.date, dt.date], called: Sequence[CallOut]
) -> list[OnCallHours]:
    zone = ctx.directory.schedule(name).zone
    schedule = ctx.schedule(name, span_of(zone, *dates).start)
    rows = [
        OnCallHours(
            schedule=name,
            zone=zone,
            person=PersonId(person) if person else None,
            name=ctx.setup.name_of(PersonId(person)) if person else "nobody",
            length=theirs,
            shifts=len(spans),
            call_outs=_within(spans, person, called) if person else None,
        )
        for person, (theirs, spans) in hours(schedule, *dates).items()
    ]
    return sorted(rows, key=lambda row: (row.person is None, row.name.casefold(), row.person or ""))


def _within(spans: Sequence[Span], person: str, called: Sequence[CallOut]) -> int:
    """How often they were tried first in these spans."""
    times = [row.paged for row in called if row.person == person and row.paged]
    return sum(span.start <= at < span.end for at in times for span in spans)


def unknown_before(ctx: Context, names: Sequence[str]) -> dt.date | None:
    """The first date of which calendars know everything; None where no schedule has one."""
    found = [ctx.directory.schedule(name) for name in names]
    zones = [s.zone for s in found if any(isinstance(layer, Roster) for layer in s.layers)]
    return max(((ctx.now - REMEMBERED).astimezone(zone).date() + DAY for zone in zones), default=None)
