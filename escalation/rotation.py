"""Who is on shift: people in turn, handing over at a local wall time.

Hand-overs keep their wall time across DST. The rotation runs in both directions from `handover`, at which
the first person takes over; outside its weekly windows, if it has any, nobody is on.
"""

import calendar as months
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from itertools import count, takewhile
from zoneinfo import ZoneInfo

from escalation.calendar import WEEKDAYS
from escalation.instants import DAY, Span, from_local, utc

_NEAR = 3  # a rotation's window or hand-over is looked for this many days or turns around an instant


class Unit(StrEnum):
    """What a period counts."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


_LENGTH = {Unit.HOURS: dt.timedelta(hours=1), Unit.DAYS: DAY, Unit.WEEKS: 7 * DAY}


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A turn's length, such as 1 weeks. Raises ValueError below 1 and for an unknown unit."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        """Take the unit by its word, and refuse an empty turn."""
        object.__setattr__(self, "unit", Unit(self.unit))
        if self.count < 1:
            raise ValueError(f"a turn of {self.count} {self.unit}; it takes at least 1")


@dataclass(frozen=True, kw_only=True, slots=True)
class WeeklyWindow:
    """On `days` (mon..sun) from `start` to `end`, local; an `end` at or before `start` is on the next day."""

    days: tuple[str, ...]
    start: dt.time
    end: dt.time

    def __post_init__(self) -> None:
        """Refuse an unknown day."""
        if unknown := [day for day in self.days if day not in WEEKDAYS]:
            raise ValueError(f'unknown day "{unknown[0]}"; use {", ".join(WEEKDAYS)}')


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotation:
    """`people` in turn, each for `every`, the first from `handover` (a local datetime without a zone)."""

    people: tuple[str, ...]
    every: Period
    handover: dt.datetime
    zone: ZoneInfo
    restrictions: tuple[WeeklyWindow, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an instant where a wall time is needed."""
        if self.handover.tzinfo is not None:
            raise ValueError("a rotation's handover is a local time; write it without an offset")


def on_shift(rotation: Rotation, at: dt.datetime) -> str | None:
    """Return who is on shift; None outside the windows or without people."""
    at = utc(at)
    if not rotation.people or not _in_window(rotation, at):
        return None
    return rotation.people[_turn(rotation, at) % len(rotation.people)]


def next_handover(rotation: Rotation, at: dt.datetime) -> dt.datetime:
    """Return the first hand-over after `at`, UTC."""
    at = utc(at)
    turn = _turn(rotation, at)
    return next(instant for n in count(turn + 1) if (instant := _handover(rotation, n)) > at)


def next_edge(rotation: Rotation, at: dt.datetime) -> dt.datetime | None:
    """Return when the answer may next change: a hand-over or a window's edge; None if it never does."""
    at = utc(at)
    if not rotation.people:
        return None
    edges = [edge for span in _windows(rotation, at) for edge in span if edge > at]
    if len(set(rotation.people)) > 1:
        edges.append(next_handover(rotation, at))
    return min(edges, default=None)


def _turn(rotation: Rotation, at: dt.datetime) -> int:
    """Return the number of the turn that `at` lies in; the one that `handover` begins is 0."""
    guess = _guess(rotation, at.astimezone(rotation.zone).replace(tzinfo=None)) - _NEAR
    while _handover(rotation, guess) > at:
        guess -= _NEAR
    return guess + sum(1 for _ in takewhile(lambda n: _handover(rotation, n) <= at, count(guess + 1)))


def _guess(rotation: Rotation, local: dt.datetime) -> int:
    """Return the turn by wall time, right to within one."""
    first, every = rotation.handover, rotation.every
    if every.unit is Unit.MONTHS:
        return ((local.year - first.year) * 12 + local.month - first.month) // every.count
    return (local - first) // (every.count * _LENGTH[every.unit])


def _handover(rotation: Rotation, turn: int) -> dt.datetime:
    """Return the instant at which a turn begins."""
    first, every = rotation.handover, rotation.every
    if every.unit is Unit.MONTHS:
        local = _months_later(first, turn * every.count)
    else:
        local = first + turn * every.count * _LENGTH[every.unit]
    return from_local(rotation.zone, local.date(), local.time())


def _months_later(local: dt.datetime, n: int) -> dt.datetime:
    """Return the same day `n` months later, or that month's last."""
    years, month = divmod(local.month - 1 + n, 12)
    year = local.year + years
    last = months.monthrange(year, month + 1)[1]
    return local.replace(year=year, month=month + 1, day=min(local.day, last))


def _in_window(rotation: Rotation, at: dt.datetime) -> bool:
    if not rotation.restrictions:
        return True
    return any(start <= at < end for start, end in _windows(rotation, at, days=1))


def _windows(rotation: Rotation, at: dt.datetime, days: int = 8) -> list[Span]:
    """Return the windows that begin from the day before `at` to `days` later."""
    if not rotation.restrictions:
        return []
    today = at.astimezone(rotation.zone).date()
    spans = []
    for date in (today + n * DAY for n in range(-1, days + 1)):
        for window in rotation.restrictions:
            if WEEKDAYS[date.weekday()] in window.days:
                until = date if window.end > window.start else date + DAY
                start, end = (
                    from_local(rotation.zone, date, window.start),
                    from_local(rotation.zone, until, window.end),
                )
                spans.append(Span(start=start, end=end))
    return spans
