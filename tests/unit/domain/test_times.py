"""Times as engineers type them, seen from Monday 23 November 2026, 12:00 in Johannesburg."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.domain.times import TimeError, parse_time
from escalation.calendar import BusinessCalendar
from tests.builders import policy
from tests.unit.domain.dialogue import MONDAY, POLICY

WARSAW = ZoneInfo("Europe/Warsaw")
WEEK = BusinessCalendar(zone=WARSAW, hours={d: ["09:00-16:00"] for d in ("mon", "tue", "wed", "thu", "fri")})
POLISH = policy(zone=WARSAW, calendar=WEEK, language="pl")


def read(text: str) -> str:
    """In the desk's time; what is wrong with it where it is no time."""
    try:
        at = parse_time(text, POLICY, "low", MONDAY)
    except TimeError as error:
        return "passed" if "has passed" in str(error) else "no time"
    return f"{at.astimezone(POLICY.zone):%a %d %b %H:%M}"


SAID = {
    # a time of today
    "16:00": "Mon 23 Nov 16:00",
    "at 16:00": "Mon 23 Nov 16:00",
    "today 16:00": "Mon 23 Nov 16:00",
    "today, 16:00.": "Mon 23 Nov 16:00",
    "23:59": "Mon 23 Nov 23:59",
    "9:05": "passed",
    "12:00": "passed",
    "today": "Mon 23 Nov 17:00",
    # another day; without a time, its closing
    "tomorrow 10:00": "Tue 24 Nov 10:00",
    "Tomorrow at 10:00": "Tue 24 Nov 10:00",
    "tomorrow": "Tue 24 Nov 17:00",
    "by friday": "Fri 27 Nov 17:00",
    "Friday 16:00": "Fri 27 Nov 16:00",
    "fri 16:00": "Fri 27 Nov 16:00",
    "next friday 16:00": "Fri 27 Nov 16:00",
    "until tuesday, 9:00": "Tue 24 Nov 09:00",
    "tue 9:00": "Tue 24 Nov 09:00",
    "wednesday 09:00": "Wed 25 Nov 09:00",
    "thursday 09:00": "Thu 26 Nov 09:00",
    "thu 09:00": "Thu 26 Nov 09:00",
    "sat 11:00": "Sat 28 Nov 11:00",
    "saturday": "no time",  # closed, so that it has no closing time
    "monday 16:00": "Mon 30 Nov 16:00",  # today's weekday is the next one
    "monday": "Mon 30 Nov 17:00",
    # dates
    "2026-12-01 15:00": "Tue 01 Dec 15:00",
    "2026-12-01T15:00": "Tue 01 Dec 15:00",
    "2026-12-01": "Tue 01 Dec 17:00",
    "on 2026-12-01 at 15:00": "Tue 01 Dec 15:00",
    "2026-11-22 15:00": "passed",
    "2026-13-01 15:00": "no time",
    "1.12.2026 15:00": "Tue 01 Dec 15:00",
    "1.12 15:00": "Tue 01 Dec 15:00",
    "tue 1.12. 15:00": "Tue 01 Dec 15:00",
    "at 25.12 10:00": "Fri 25 Dec 10:00",
    "22.11 15:00": "Mon 22 Nov 15:00",  # the coming one
    "dec 24 10:00": "Thu 24 Dec 10:00",
    "24 grudnia 2026 10:00": "Thu 24 Dec 10:00",
    "31.2 10:00": "no time",
    "24.12 25.12 10:00": "no time",
    "2027-12-01 15:00": "Wed 01 Dec 15:00",
    "2206-12-01 15:00": "no time",  # a slip of the hand
    "9999-12-31 23:00": "no time",
    "0001-01-01 00:30": "no time",
    # from now, and targets of the policy
    "in 3h": "Mon 23 Nov 15:00",
    "in 90m": "Mon 23 Nov 13:30",
    "3h": "Mon 23 Nov 15:00",
    "in 2 business days": "Wed 25 Nov 12:00",
    "2bd": "Wed 25 Nov 12:00",
    "6 business hours": "Tue 24 Nov 09:30",
    "next business day": "Tue 24 Nov 17:00",
    "next business day by 16:00": "Tue 24 Nov 16:00",
    "same day": "Mon 23 Nov 17:00",
    "1h-2h": "Mon 23 Nov 14:00",
    # Polish
    "jutro o 10:00": "Tue 24 Nov 10:00",
    "do jutra": "Tue 24 Nov 17:00",
    "dziś 16:00": "Mon 23 Nov 16:00",
    "dzisiaj o 16:00": "Mon 23 Nov 16:00",
    "w poniedziałek 10:00": "Mon 30 Nov 10:00",
    "we wtorek o 10:00": "Tue 24 Nov 10:00",
    "W środę, 10:00": "Wed 25 Nov 10:00",
    "w czwartek": "Thu 26 Nov 17:00",
    "do piątku 16:00": "Fri 27 Nov 16:00",
    "piątek 16:00": "Fri 27 Nov 16:00",
    "w sobotę 10:00": "Sat 28 Nov 10:00",
    "do niedzieli 10:00": "Sun 29 Nov 10:00",
    "do piatku 16:00": "Fri 27 Nov 16:00",
    "w srode o 10:00": "Wed 25 Nov 10:00",
    "dzis 16:00": "Mon 23 Nov 16:00",
    "pt 16:00": "Fri 27 Nov 16:00",
    "sb 10:00": "Sat 28 Nov 10:00",
    # no times
    "": "no time",
    "soon": "no time",
    "friday afternoon": "no time",
    "24:00": "no time",
    "25:00": "no time",
    "16:60": "no time",
    "4": "no time",
    "4pm": "no time",
    "0h": "no time",
    "negotiated": "no time",
    "as needed": "no time",
    "friday 16:00 or monday": "no time",
}  # fmt: skip


def test_what_is_typed_and_what_it_means() -> None:
    assert {text: read(text) for text in SAID} == SAID


def test_what_is_wrong_is_quoted_and_what_is_allowed_is_said() -> None:
    with pytest.raises(TimeError, match=r'^"whenever" is no time; write friday 16:00') as caught:
        parse_time(" whenever ", POLICY, "low", MONDAY)
    assert "{text}" in caught.value.template
    with pytest.raises(TimeError, match=r'^"9:00" has passed'):
        parse_time("9:00", POLICY, "low", MONDAY)


def test_a_time_that_a_change_of_the_clocks_leaves_out_or_repeats() -> None:
    """In Poland 02:30 is missing on 29 March 2026 and there twice on 25 October."""
    for day, expected in (("2026-03-29", "01:30"), ("2026-10-25", "00:30")):
        now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        assert f"{parse_time(f'{day} 2:30', POLISH, 'low', now):%H:%M}" == expected


def test_tomorrow_is_the_policys_tomorrow() -> None:
    late = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)  # 00:30 on Tuesday in Warsaw
    assert parse_time("jutro 10:00", POLISH, "low", late) == dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.UTC)


def test_a_weekday_over_a_change_of_the_clocks_keeps_its_wall_time() -> None:
    friday = dt.datetime(2026, 10, 23, 10, 0, tzinfo=dt.UTC)
    assert parse_time("monday 10:00", POLISH, "low", friday) == dt.datetime(2026, 10, 26, 9, 0, tzinfo=dt.UTC)


def test_a_target_counts_the_hours_in_which_its_severity_is_served() -> None:
    saturdays = BusinessCalendar(zone=POLICY.zone, hours={"mon": ["08:30-17:00"], "sat": ["09:00-13:00"]})
    kept = dataclasses.replace(POLICY, limited={"high": saturdays})
    found = [parse_time("7 business hours", kept, severity, MONDAY) for severity in ("high", "low")]
    assert [f"{at.astimezone(POLICY.zone):%a %H:%M}" for at in found] == ["Sat 11:00", "Tue 10:30"]
