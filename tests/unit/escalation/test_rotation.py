"""Turns: they hand over at their wall time, whatever the clocks do."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.rotation import Period, Rotation, Unit, WeeklyWindow, next_handover, on_shift
from tests.unit.table import each

WARSAW = ZoneInfo("Europe/Warsaw")
PEOPLE = ("ada", "grace", "lin")


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def at(text: str) -> dt.datetime:
    return local(text).replace(tzinfo=WARSAW)


def rotation(
    count: int = 1, unit: Unit = Unit.WEEKS, first: str = "2026-01-05T09:00", **more: object
) -> Rotation:
    given = {
        "people": PEOPLE,
        "every": Period(count=count, unit=unit),
        "handover": local(first),
        "zone": WARSAW,
    }
    return Rotation(**(given | more))  # type: ignore[arg-type]


@each(
    ("when", "who", "until"),
    [
        ("2026-01-05T09:00", "ada", "2026-01-12T09:00"),
        ("2026-01-05T08:59", "lin", "2026-01-05T09:00"),  # before its first hand-over the turns run back
        ("2026-01-12T09:00", "grace", "2026-01-19T09:00"),
        ("2026-03-29T09:00", "lin", "2026-03-30T09:00"),  # the clocks changed: still 09:00
        ("2026-03-30T08:59", "lin", "2026-03-30T09:00"),
        ("2026-03-30T09:00", "ada", "2026-04-06T09:00"),
        ("2036-01-07T12:00", "ada", "2036-01-14T09:00"),
    ],
)
def test_weeks(when: str, who: str, until: str) -> None:
    assert (on_shift(rotation(), at(when)), next_handover(rotation(), at(when))) == (who, at(until))


@each(
    ("count", "unit", "first", "when", "who", "until"),
    [
        (12, Unit.HOURS, "2026-03-28T08:00", "2026-03-29T07:59", "grace", "2026-03-29T08:00"),
        (1, Unit.DAYS, "2026-03-28T08:00", "2026-03-29T08:00", "grace", "2026-03-30T08:00"),
        (1, Unit.MONTHS, "2026-01-31T09:00", "2026-02-28T09:00", "grace", "2026-03-31T09:00"),
        (3, Unit.MONTHS, "2026-01-31T09:00", "2025-10-31T09:00", "lin", "2026-01-31T09:00"),
        (1, Unit.DAYS, "2026-03-01T02:30", "2026-03-29T03:29", "ada", "2026-03-29T03:30"),  # 02:30 is missing
        (1, Unit.HOURS, "2026-03-29T00:00", "2026-03-29T01:59", "grace", "2026-03-29T03:00"),  # lin's hour is
    ],
)
def test_periods(count: int, unit: Unit, first: str, when: str, who: str, until: str) -> None:
    turns = rotation(count, unit, first)
    assert (on_shift(turns, at(when)), next_handover(turns, at(when))) == (who, at(until))


def test_windows() -> None:
    nights = WeeklyWindow(days=("fri",), start=dt.time(20), end=dt.time(6))
    turns = rotation(restrictions=(nights,))
    whens = ("2026-01-09T19:59", "2026-01-09T20:00", "2026-01-10T05:59", "2026-01-10T06:00")
    assert [on_shift(turns, at(when)) for when in whens] == [None, "ada", "ada", None]


def test_a_window_that_ends_when_it_starts_lasts_a_day() -> None:
    friday = WeeklyWindow(days=("fri",), start=dt.time(8), end=dt.time(8))
    turns = rotation(restrictions=(friday,))
    whens = ("2026-01-09T07:59", "2026-01-09T08:00", "2026-01-10T07:59", "2026-01-10T08:00")
    assert [on_shift(turns, at(when)) for when in whens] == [None, "ada", "ada", None]


def test_turns_that_change_places_in_a_gap_of_two_hours_begin_once() -> None:
    troll = ZoneInfo("Antarctica/Troll")  # 01:00 to 03:00 is missing
    turns = rotation(
        1, Unit.HOURS, "2026-03-29T00:00", zone=troll
    )  # 01:00 becomes 03:00, and 02:00 becomes 04:00
    whens = [local(f"2026-03-29T0{hour}:00").replace(tzinfo=troll) for hour in (0, 3, 4, 5)]
    assert [on_shift(turns, when) for when in whens] == ["ada", "ada", "grace", "lin"]
    assert [next_handover(turns, when) for when in whens[:3]] == whens[1:]


def test_what_cannot_turn_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Period(count=0, unit=Unit.DAYS)
    with pytest.raises(ValueError, match="fortnights"):
        Period(count=1, unit="fortnights")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="without an offset"):
        rotation(handover=at("2026-01-05T09:00"))
    with pytest.raises(ValueError, match="unknown day"):
        WeeklyWindow(days=("friday",), start=dt.time(20), end=dt.time(6))
    assert on_shift(rotation(people=()), at("2026-01-05T09:00")) is None


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(list(Unit)), st.integers(1, 5), st.integers(0, 3 * 8760), st.integers(0, 59))
def test_a_turn_lasts_until_its_handover(unit: Unit, count: int, hour: int, minute: int) -> None:
    turns = rotation(count, unit)
    now = at("2025-01-01T00:00").astimezone(dt.UTC) + dt.timedelta(hours=hour, minutes=minute)
    change = next_handover(turns, now)
    assert change > now and on_shift(turns, change - dt.timedelta(seconds=1)) == on_shift(turns, now)
    assert on_shift(turns, change) != on_shift(turns, now)
