"""Who is on shift: people in turn, handing over at a local wall time.

Hand-overs keep their wall time across DST; of turns that a change of the clocks makes begin at once, the last counts.
The rotation runs in both directions from `handover`, at which the first person takes over; outside its weekly
windows, if it has any, nobody is on.
"""

import calendar as months
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

from escalation.calendar import WEEKDAYS
from escalation.instants import DAY, Span, from_local, utc
from escalation.track import Piece, both

_NEAR = 3  # turns around an instant among which its own is: in a gap of two hours, short ones change places


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
    """`people` in turn, each for `every`, the first from `handover` (a local datetime without a zone).

    `joins`: as a layer of a schedule, on together with the layers below instead of in their place.
    """

    people: tuple[str, ...]
    every: Period
    handover: dt.datetime
    zone: ZoneInfo
    restrictions: tuple[WeeklyWindow, ...] = ()
    joins: bool = False

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
    until, _ = _following(rotation, _turn(rotation, utc(at)))
    return until


def turns(rotation: Rotation, start: dt.datetime) -> Iterator[Piece[tuple[str, ...]]]:
    """Yield who is on shift from `start` on, at each change of person or window; nobody outside the windows."""
    start = utc(start)
    for until, (people, open_) in both(_in_turn(rotation, start), _open(rotation, start)):
        yield Piece(until=until, value=people if open_ else ())


def _in_turn(rotation: Rotation, start: dt.datetime) -> Iterator[Piece[tuple[str, ...]]]:
    people = rotation.people
    if len(set(people)) <= 1:
        yield Piece(until=None, value=people[:1])
        return
    turn = _turn(rotation, start)
    while True:
        until, following = _following(rotation, turn)
        yield Piece(until=until, value=(people[turn % len(people)],))
        turn = following


def _turn(rotation: Rotation, at: dt.datetime) -> int:
    """Return the number of the turn that `at` lies in: the last that has begun. The one `handover` begins is 0."""
    turn = _guess(rotation, at.astimezone(rotation.zone).replace(tzinfo=None)) + _NEAR
    while _handover(rotation, turn) > at:
        turn -= 1
    return turn


def _following(rotation: Rotation, turn: int) -> tuple[dt.datetime, int]:
    """Return when a turn ends, and the number of the one that begins there."""
    ahead = [(_handover(rotation, n), n) for n in range(turn + 1, turn + 1 + _NEAR)]
    until = min(ahead)[0]
    return until, max(n for at, n in ahead if at == until)


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
    today = at.astimezone(rotation.zone).date()
    windows = (window for n in (-1, 0) for window in _windows(rotation, today + n * DAY))
    return any(start <= at < end for start, end in windows)


def _open(rotation: Rotation, start: dt.datetime) -> Iterator[Piece[bool]]:
    """Yield whether a window is open."""
    if not any(window.days for window in rotation.restrictions):
        yield Piece(until=None, value=not rotation.restrictions)
        return
    at, today = start, start.astimezone(rotation.zone).date()
    for n in count(-1):
        for opens, closes in _windows(rotation, today + n * DAY):
            if closes > at:
                if opens > at:
                    yield Piece(until=opens, value=False)
                yield Piece(until=closes, value=True)
                at = closes


def _windows(rotation: Rotation, date: dt.date) -> list[Span]:
    """Return the windows that begin on a local date, in order."""
    spans = []
    for window in rotation.restrictions:
        if WEEKDAYS[date.weekday()] in window.days:
            until = date if window.end > window.start else date + DAY
            start = from_local(rotation.zone, date, window.start)
            spans.append(Span(start=start, end=from_local(rotation.zone, until, window.end)))
    return sorted((span for span in spans if span.start < span.end), key=lambda span: span.start)
