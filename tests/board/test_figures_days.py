"""The days of a zone tile its time, also where the clocks change; weeks and months are made of whole days."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.board.figures_days import DAY, Grain, periods, span_of

ZONES = (
    "Africa/Johannesburg",
    "Europe/Warsaw",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
DATES = st.dates(dt.date(2005, 1, 1), dt.date(2030, 12, 31))


@pytest.mark.parametrize(
    ("zone", "date", "hours"),
    [
        ("Europe/Warsaw", dt.date(2026, 3, 29), 23),
        ("Europe/Warsaw", dt.date(2026, 10, 25), 25),
        ("Europe/Warsaw", dt.date(2026, 10, 26), 24),
        ("Asia/Beirut", dt.date(2024, 3, 31), 23),  # midnight itself is skipped
        ("Pacific/Apia", dt.date(2011, 12, 30), 0),  # a date that there never was
    ],
)
def test_a_day_is_as_long_as_it_was(zone: str, date: dt.date, hours: int) -> None:
    assert span_of(ZoneInfo(zone), date).length == dt.timedelta(hours=hours)


@given(zone=st.sampled_from(ZONES), date=DATES)
def test_one_day_begins_where_the_last_ended(zone: str, date: dt.date) -> None:
    where = ZoneInfo(zone)
    before, after = span_of(where, date), span_of(where, date + DAY)
    assert before.start <= before.end == after.start


@given(grain=st.sampled_from(Grain), today=DATES, count=st.integers(1, 15))
def test_the_times_follow_each_other_and_the_last_has_today(grain: Grain, today: dt.date, count: int) -> None:
    found = periods(grain, today, count)
    assert len(found) == count
    assert today in found[-1].days
    assert all(a.end == b.first for a, b in itertools.pairwise(found))
    lengths = {
        Grain.DAY: {1},
        Grain.WEEK: {7},
        Grain.MONTH: {28, 29, 30, 31},
    }
    assert {len(period.days) for period in found} <= lengths[grain]
    if grain is Grain.WEEK:
        assert all(period.first.weekday() == 0 for period in found)
    if grain is Grain.MONTH:
        assert all(period.first.day == 1 for period in found)
