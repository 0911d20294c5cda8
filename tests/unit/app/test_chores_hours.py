"""When chores come, at the edges of days, weeks, nights and summer time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from bot.app.trust_hours import earlier_awake, later_awake, monday, next_monday, next_morning

WARSAW = ZoneInfo("Europe/Warsaw")
APIA = ZoneInfo("Pacific/Apia")


def at(text: str, zone: ZoneInfo = WARSAW) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("of", "now", "then"),
    [
        (next_morning, "2026-11-24T08:59", "2026-11-24T09:00"),
        (next_morning, "2026-11-24T09:00", "2026-11-25T09:00"),
        (next_morning, "2026-10-24T12:00", "2026-10-25T09:00"),
        (next_morning, "2026-03-28T12:00", "2026-03-29T09:00"),
        (monday, "2026-11-23T09:00", "2026-11-23T09:00"),
        (monday, "2026-11-23T08:59", "2026-11-16T09:00"),
        (monday, "2026-11-29T23:59", "2026-11-23T09:00"),
        (next_monday, "2026-11-23T08:59", "2026-11-23T09:00"),
        (next_monday, "2026-11-23T09:00", "2026-11-30T09:00"),
        (next_monday, "2026-10-24T12:00", "2026-10-26T09:00"),
        (earlier_awake, "2026-11-24T08:00", "2026-11-24T08:00"),
        (earlier_awake, "2026-11-24T07:59", "2026-11-23T21:00"),
        (earlier_awake, "2026-11-24T21:00", "2026-11-24T21:00"),
        (earlier_awake, "2026-11-24T21:01", "2026-11-24T21:00"),
        (earlier_awake, "2026-11-24T00:00", "2026-11-23T21:00"),
        (earlier_awake, "2026-10-25T02:30", "2026-10-24T21:00"),
        (later_awake, "2026-11-24T12:00", "2026-11-24T12:00"),
        (later_awake, "2026-11-24T03:00", "2026-11-24T08:00"),
        (later_awake, "2026-11-24T22:00", "2026-11-25T08:00"),
    ],
)
@pytest.mark.parametrize("zone", [WARSAW, APIA])
def test_it_is_then(
    of: Callable[[ZoneInfo, dt.datetime], dt.datetime], now: str, then: str, zone: ZoneInfo
) -> None:
    assert of(zone, at(now, zone)) == at(then, zone)
