"""Instants and wall time: the UTC guard, local times in a zone, spans.

An instant is an aware UTC `datetime`; a wall time is a date and a time of day in a named zone.
Rule (semantics.md, Time): a local time inside a DST gap means one hour later, one that occurs twice
means the first. Both are what `fold=0` gives (PEP 495).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias
from zoneinfo import ZoneInfo

ZERO = dt.timedelta()
DAY = dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)  # the finest step of an instant
_MIDNIGHT = dt.time()


class NaiveInstant(ValueError):
    """A `datetime` without a zone where an instant is needed."""

    def __init__(self, at: dt.datetime) -> None:
        super().__init__(f"{at.isoformat()} has no zone; an instant is an aware datetime")
        self.at = at


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """From `start` up to but not including `end`, two instants. Unpacks as `start, end = span`."""

    start: dt.datetime
    end: dt.datetime

    def __iter__(self) -> Iterator[dt.datetime]:
        """Yield start and end, so that a span stands wherever a pair does."""
        yield self.start
        yield self.end

    @property
    def length(self) -> dt.timedelta:
        """Seconds between start and end, as a timedelta; negative when it runs backwards."""
        return self.end - self.start


Pauses: TypeAlias = Iterable[Span | tuple[dt.datetime, dt.datetime]]


def utc(at: dt.datetime) -> dt.datetime:
    """Return the same instant in UTC; raises NaiveInstant for a datetime without a zone."""
    if at.tzinfo is dt.UTC:
        return at
    if at.utcoffset() is None:
        raise NaiveInstant(at)
    return at.astimezone(dt.UTC)


def from_local(zone: ZoneInfo, date: dt.date, time: dt.time) -> dt.datetime:
    """Return the UTC instant of a wall time in `zone` (gap: one hour later; twice: the first)."""
    return dt.datetime.combine(date, time.replace(fold=0), tzinfo=zone).astimezone(dt.UTC)


def from_wall(zone: ZoneInfo, date: dt.date, wall: dt.timedelta) -> dt.datetime:
    """Return the UTC instant of `wall` (what the clock shows, 0:00 to 24:00 inclusive) on `date`."""
    local = dt.datetime.combine(date, _MIDNIGHT) + wall
    return local.replace(tzinfo=zone).astimezone(dt.UTC)


def parse_wall(text: str) -> dt.timedelta:
    """Read `HH:MM`, up to and including `24:00`, as time since midnight; ValueError otherwise."""
    hour, colon, minute = text.strip().partition(":")
    plain = colon and hour.isascii() and hour.isdigit() and len(minute) == 2
    if not plain or not (minute.isascii() and minute.isdigit()) or int(minute) > 59:
        raise ValueError(f'"{text}" is not a time of day; write HH:MM, from 00:00 to 24:00')
    wall = dt.timedelta(hours=int(hour), minutes=int(minute)) if len(hour) <= 2 else 2 * DAY
    if wall > DAY:
        raise ValueError(f'"{text}" is not a time of day; write HH:MM, from 00:00 to 24:00')
    return wall


def merged(pauses: Pauses, since: dt.datetime, until: dt.datetime | None = None) -> list[Span]:
    """Return `pauses` sorted, overlaps joined, cut to what lies in [since, until); backwards ones dropped."""
    joined: list[Span] = []
    for start, end in sorted((utc(a), utc(b)) for a, b in pauses):
        start, end = max(start, since), end if until is None else min(end, until)
        if end <= start:
            continue
        if joined and start <= joined[-1].end:
            joined[-1] = Span(start=joined[-1].start, end=max(end, joined[-1].end))
        else:
            joined.append(Span(start=start, end=end))
    return joined
