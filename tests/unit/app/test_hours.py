"""Hours on call, across changes of the clock, nights and weekends."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.app.hours import Length, hours, length
from escalation.instants import Span
from escalation.rotation import Period, Rotation, Unit, WeeklyWindow
from escalation.schedule import Override, Schedule

WARSAW = ZoneInfo("Europe/Warsaw")
MONDAY = dt.datetime(2026, 1, 5, 9)  # noqa: DTZ001 - a wall time


def at(text: str, zone: ZoneInfo = WARSAW) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


def span(start: str, end: str, zone: ZoneInfo = WARSAW) -> Span:
    return Span(start=at(start, zone), end=at(end, zone))


def schedule(
    *people: str, windows: tuple[WeeklyWindow, ...] = (), overrides: tuple[Override, ...] = ()
) -> Schedule:
    week = Period(count=1, unit=Unit.WEEKS)
    layer = Rotation(people=people, every=week, handover=MONDAY, zone=WARSAW, restrictions=windows)
    return Schedule(name="standby", zone=WARSAW, layers=(layer,), overrides=overrides)


def in_hours(found: Length) -> tuple[float, float, float]:
    total, night, weekend = (one / dt.timedelta(hours=1) for one in (found.total, found.night, found.weekend))
    return total, night, weekend


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-23T00:00", "2026-11-30T00:00", (168, 56, 48)),
        ("2026-03-23T00:00", "2026-03-30T00:00", (167, 55, 47)),
        ("2026-10-19T00:00", "2026-10-26T00:00", (169, 57, 49)),
        ("2026-11-23T21:00", "2026-11-24T07:00", (10, 8, 0)),
        ("2026-11-24T05:30", "2026-11-24T22:15", (16.75, 0.75, 0)),
        ("2026-11-24T23:00", "2026-11-25T01:00", (2, 2, 0)),
        ("2026-11-24T06:00", "2026-11-24T22:00", (16, 0, 0)),
        ("2026-11-27T20:00", "2026-11-28T08:00", (12, 8, 8)),
        ("2026-11-29T20:00", "2026-11-30T08:00", (12, 8, 4)),
        ("2026-10-24T22:00", "2026-10-25T06:00", (9, 9, 9)),
        ("2026-03-28T22:00", "2026-03-29T06:00", (7, 7, 7)),
    ],
)
def test_a_span_has_real_hours(start: str, end: str, expected: tuple[float, float, float]) -> None:
    assert in_hours(length([span(start, end)], WARSAW)) == expected


def test_a_day_that_a_zone_left_out() -> None:
    """In Samoa Saturday 31 December 2011 came right after Thursday."""
    apia = ZoneInfo("Pacific/Apia")
    left_out = span("2011-12-29T00:00", "2012-01-01T00:00", apia)
    assert in_hours(length([left_out], apia)) == (48, 16, 24)


@pytest.mark.parametrize(
    ("since", "until", "total"),
    [("2026-03-23", "2026-03-30", 167), ("2026-10-19", "2026-10-26", 169)],
)
def test_a_week_with_a_change_of_the_clock(since: str, until: str, total: int) -> None:
    found = hours(schedule("ada", "lin"), dt.date.fromisoformat(since), dt.date.fromisoformat(until))
    assert set(found) == {"ada", "lin"}
    assert sum(in_hours(theirs)[0] for theirs, _ in found.values()) == total


def test_an_override_moves_hours() -> None:
    night = Override(person="grace", span=span("2026-11-24T22:00", "2026-11-25T08:00"), replaces="ada")
    found = hours(schedule("ada", overrides=(night,)), dt.date(2026, 11, 23), dt.date(2026, 11, 30))
    assert {who: (*in_hours(theirs), len(spans)) for who, (theirs, spans) in found.items()} == {
        "ada": (158, 48, 48, 2),
        "grace": (10, 8, 0, 1),
    }


def test_gaps_are_nobodys_and_come_last() -> None:
    office = WeeklyWindow(days=("mon", "tue", "wed", "thu", "fri"), start=dt.time(8), end=dt.time(18))
    found = hours(schedule("ada", windows=(office,)), dt.date(2026, 11, 23), dt.date(2026, 11, 30))
    assert [(who, *in_hours(theirs), len(spans)) for who, (theirs, spans) in found.items()] == [
        ("ada", 50, 0, 0, 5),
        (None, 118, 56, 48, 6),
    ]
