"""The UTC guard and wall time, also where a local time is missing or comes twice."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from escalation.instants import NaiveInstant, Span, from_local, from_wall, merged, parse_wall, utc
from tests.unit.table import each

WARSAW = ZoneInfo("Europe/Warsaw")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_an_instant_becomes_utc() -> None:
    said = utc(at("2026-03-10T09:00+02:00"))
    assert said == at("2026-03-10T07:00Z") and said.tzinfo is dt.UTC


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(NaiveInstant, match="2026-03-10T09:00:00 has no zone"):
        utc(at("2026-03-10T09:00"))


@each(
    ("local", "instant"),
    [
        ("2026-03-28T02:30", "2026-03-28T02:30+01:00"),
        ("2026-03-29T02:30", "2026-03-29T03:30+02:00"),  # missing: one hour later
        ("2026-10-25T02:30", "2026-10-25T02:30+02:00"),  # twice: the first
    ],
)
def test_local_times(local: str, instant: str) -> None:
    assert from_local(WARSAW, at(local).date(), at(local).time()) == at(instant)


def test_24_00_is_the_next_midnight() -> None:
    assert from_wall(WARSAW, dt.date(2026, 3, 28), parse_wall("24:00")) == at("2026-03-29T00:00+01:00")


@each("text", ["", "9", "24:01", "12:60", "9:5", "-1:00", "noon", "١٢:00", "100:00"])
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time of day"):
        parse_wall(text)


def test_pauses_are_joined_and_cut() -> None:
    a, b, c, d = (at(f"2026-03-10T{hour}:00Z") for hour in ("09", "10", "11", "12"))
    assert merged([(c, d), (a, c), Span(start=b, end=d), (d, a)], b) == [Span(start=b, end=d)]
    assert merged([(a, d), (b, c)], a) == [Span(start=a, end=d)]
    assert merged([(a, b), (c, d)], a, c) == [Span(start=a, end=b)]
