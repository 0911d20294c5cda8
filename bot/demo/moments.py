"""Moments of a company's week that are worth a look, and where the demo begins."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

from escalation.calendar import BusinessCalendar

FIRST_DAY = dt.date(2026, 11, 24)
"""A Tuesday."""
NIGHT = dt.time(2)
LOOKED_AHEAD = 400
"""Days."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Moment:
    """A moment to jump to."""

    id: str
    label: str
    at: dt.datetime


def at_wall(zone: ZoneInfo, day: dt.date, time: dt.time) -> dt.datetime:
    """That time on the wall there, in UTC."""
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)


def beginning(zone: ZoneInfo, day: dt.date = FIRST_DAY, time: dt.time = NIGHT) -> dt.datetime:
    """When the demo begins: 02:00, where everybody is asleep."""
    return at_wall(zone, day, time)


def moments(calendar: BusinessCalendar, zone: ZoneInfo, now: dt.datetime) -> tuple[Moment, ...]:
    """Those to come, as the desk's calendar has them."""
    here = now.astimezone(zone).date()
    found = [
        Moment(id="sat", label="Saturday 02:00", at=_weekday(zone, now, 5, dt.time(2))),
        Moment(id="fri", label="Friday 16:55", at=_weekday(zone, now, 4, dt.time(16, 55))),
    ]
    holiday = next(
        (day for n in range(1, LOOKED_AHEAD) if calendar.is_holiday(day := here + dt.timedelta(n))), None
    )
    if holiday is not None:
        label = f"Public holiday, {holiday:%a} {holiday.day} {holiday:%b} 10:00"
        found.append(Moment(id="holiday", label=label, at=at_wall(zone, holiday, dt.time(10))))
    opening = _opening(calendar, now)
    if opening is not None:
        local = opening.astimezone(zone)
        found.append(Moment(id="opening", label=f"Next opening, {local:%a %H:%M}", at=opening))
    return tuple(found)


def _weekday(zone: ZoneInfo, now: dt.datetime, weekday: int, time: dt.time) -> dt.datetime:
    here = now.astimezone(zone).date()
    days = (here + dt.timedelta(n) for n in range(9))
    return next(at for day in days if day.weekday() == weekday and (at := at_wall(zone, day, time)) > now)


def _opening(calendar: BusinessCalendar, now: dt.datetime) -> dt.datetime | None:
    """None where the desk never closes."""
    closes = calendar.next_close(now) if calendar.is_open(now) else now
    return calendar.next_open(closes) if closes is not None else None
