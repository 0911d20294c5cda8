"""What a calendar's weeks look like: the hours of each weekday as one would write them, and where a week begins."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from escalation.calendar import Calendar, EmptyCalendar
from escalation.instants import DAY, ZERO, Span, from_wall, parse_wall

DAYS_SEEN = 364
"""Whole weeks of a year: what is usual is looked up in them."""

Week = tuple[tuple[str, ...], ...]
"""The hours of Monday to Sunday, each as spans such as `08:30-17:00`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Usual:
    """The usual `week` of a calendar, and the weekday (0 Monday) that it begins with: after the longest closed stretch."""

    week: Week
    first: int


def open_spans(calendar: Calendar, first: dt.date, days: int) -> Mapping[dt.date, tuple[Span, ...]]:
    """Return the open spans of the local dates that have some, limited windows included."""
    found: dict[dt.date, tuple[Span, ...]] = {}
    until = from_wall(calendar.zone, first, days * DAY)
    try:
        for opens, closes in calendar.spans(from_wall(calendar.zone, first, ZERO)):
            if opens >= until:
                break
            date = opens.astimezone(calendar.zone).date()
            found[date] = (*found.get(date, ()), Span(start=opens, end=closes))
    except EmptyCalendar:
        pass  # none after those found
    return found


def written(spans: Sequence[Span], zone: ZoneInfo) -> tuple[str, ...]:
    """Return spans of one date as local hours."""
    return tuple(f"{_wall(a, a, zone)}-{_wall(a, b, zone)}" for a, b in spans)


def _wall(opens: dt.datetime, at: dt.datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return "24:00" if local.date() > opens.astimezone(zone).date() else f"{local:%H:%M}"


def usual_week(calendar: Calendar, today: dt.date) -> Usual:
    """Return the commonest hours of each weekday in the coming year, holidays aside."""
    spans = open_spans(calendar, today, DAYS_SEEN)
    seen: tuple[Counter[tuple[str, ...]], ...] = tuple(Counter() for _ in range(7))
    for date in (today + n * DAY for n in range(DAYS_SEEN)):
        if not calendar.is_holiday(date):
            seen[date.weekday()][written(spans.get(date, ()), calendar.zone)] += 1
    week = tuple(counted.most_common(1)[0][0] if counted else () for counted in seen)
    return Usual(week=week, first=_first_day(week))


def _first_day(week: Week) -> int:
    """Return the open weekday after the longest run of closed ones; Monday where there is none."""
    closed = {day: _closed_before(week, day) for day in range(7) if week[day]}
    return max(closed, key=lambda day: closed[day], default=0)


def _closed_before(week: Week, day: int) -> int:
    return next((n - 1 for n in range(1, 8) if week[(day - n) % 7]), 0)


def first_opening(calendar: Calendar, usual: Usual, today: dt.date) -> dt.datetime | None:
    """Return when the first week opens that, like the one after it, is as usual; None without one in a year."""
    spans = open_spans(calendar, today, DAYS_SEEN + 14)
    for date in (today + n * DAY for n in range(DAYS_SEEN)):
        if date.weekday() != usual.first or date not in spans:
            continue
        weeks = [date + n * DAY for n in range(14)]
        if all(written(spans.get(d, ()), calendar.zone) == usual.week[d.weekday()] for d in weeks):
            return spans[date][0].start
    return None


def length(hours: Sequence[str]) -> dt.timedelta:
    """Return how long written hours are by the clock on the wall."""
    return sum((b - a for a, b in map(walls, hours)), ZERO)


def walls(span: str) -> tuple[dt.timedelta, dt.timedelta]:
    """Read `08:30-17:00`."""
    opens, _, closes = span.partition("-")
    return parse_wall(opens), parse_wall(closes)


def overlap(a: str, b: str) -> bool:
    """Tell whether two written spans have time in common."""
    (from_a, to_a), (from_b, to_b) = walls(a), walls(b)
    return max(from_a, from_b) < min(to_a, to_b)


def beyond(longer: Sequence[str], hours: Sequence[str]) -> tuple[str, ...]:
    """Return what `longer` has besides `hours`."""
    left = [walls(span) for span in longer]
    for opens, closes in map(walls, hours):
        left = [
            (a, b)
            for start, end in left
            for a, b in ((start, min(end, opens)), (max(start, closes), end))
            if a < b
        ]
    return tuple(f"{_text(a)}-{_text(b)}" for a, b in left)


def _text(wall: dt.timedelta) -> str:
    return "{:02}:{:02}".format(*divmod(int(wall.total_seconds()) // 60, 60))
