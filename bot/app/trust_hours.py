"""When chores come: at an hour of the day, once a week, and at no hour at which people sleep."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from escalation.instants import DAY, from_local

MORNING = dt.time(9)
EARLIEST, LATEST = dt.time(8), dt.time(21)
"""Local times between which somebody may be disturbed for a test."""


def next_morning(zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """The first 09:00 after `now`, UTC."""
    today = now.astimezone(zone).date()
    return next(at for n in range(3) if (at := from_local(zone, today + n * DAY, MORNING)) > now)


def monday(zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """The last Monday 09:00 that is not after `now`, UTC."""
    today = now.astimezone(zone).date()
    start = today - today.weekday() * DAY
    return max(at for n in (-7, 0) if (at := from_local(zone, start + n * DAY, MORNING)) <= now)


def next_monday(zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """The first Monday 09:00 after `now`, UTC."""
    date = monday(zone, now).astimezone(zone).date()
    return from_local(zone, date + 7 * DAY, MORNING)


def earlier_awake(zone: ZoneInfo, at: dt.datetime) -> dt.datetime:
    """`at`, or where that is in the night the evening before it, 21:00."""
    local = at.astimezone(zone)
    if EARLIEST <= local.time() <= LATEST:
        return at
    date = local.date() if local.time() > LATEST else local.date() - DAY
    return from_local(zone, date, LATEST)


def later_awake(zone: ZoneInfo, at: dt.datetime) -> dt.datetime:
    """`at`, or where that is in the night the morning after it, 08:00."""
    local = at.astimezone(zone)
    if EARLIEST <= local.time() <= LATEST:
        return at
    date = local.date() + DAY if local.time() > LATEST else local.date()
    return from_local(zone, date, EARLIEST)
