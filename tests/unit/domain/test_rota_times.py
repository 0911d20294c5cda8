"""Times of shifts as engineers type them, seen from Sunday 22 November 2026, 10:14 in Warsaw."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rota_times import LONGEST, parse_instant, parse_span
from bot.domain.times import TimeError

ZONE = ZoneInfo("Europe/Warsaw")
NOW = dt.datetime(2026, 11, 22, 9, 14, tzinfo=dt.UTC)


def read(text: str, now: dt.datetime = NOW) -> str:
    """In the asker's time; what is wrong with it where it is no time of a shift."""
    try:
        start, end = parse_span(text, ZONE, now)
    except TimeError as error:
        return str(error).removeprefix(f'"{text}" ')
    return " - ".join(f"{at.astimezone(ZONE):%a %d %b %H:%M}" for at in (start, end))


NO = "is no time of a shift"
SAID = {
    # from one time to another
    "fri 18:00 to sat 09:00": "Fri 27 Nov 18:00 - Sat 28 Nov 09:00",
    "from friday 18:00 to monday 9:00": "Fri 27 Nov 18:00 - Mon 30 Nov 09:00",
    "Friday at 18:00 until Saturday, 9:00.": "Fri 27 Nov 18:00 - Sat 28 Nov 09:00",
    "fri 18:00 - sat 09:00": "Fri 27 Nov 18:00 - Sat 28 Nov 09:00",
    "fri 18:00–sat 09:00": "Fri 27 Nov 18:00 - Sat 28 Nov 09:00",
    "next friday 18:00 to 22:00": "Fri 27 Nov 18:00 - Fri 27 Nov 22:00",
    "sat 9:00 to fri 9:00": "Sat 28 Nov 09:00 - Fri 04 Dec 09:00",
    "fri 18:00 to 6:00": "Fri 27 Nov 18:00 - Sat 28 Nov 06:00",
    "18:00-22:00": "Sun 22 Nov 18:00 - Sun 22 Nov 22:00",
    "18:00 to 6:00": "Sun 22 Nov 18:00 - Mon 23 Nov 06:00",
    "18:00 to 24:00": "Sun 22 Nov 18:00 - Mon 23 Nov 00:00",
    "6pm to 9:30pm": "Sun 22 Nov 18:00 - Sun 22 Nov 21:30",
    "12pm to 12am": "Sun 22 Nov 12:00 - Mon 23 Nov 00:00",
    "tomorrow 8 to tomorrow 16": "Mon 23 Nov 08:00 - Mon 23 Nov 16:00",
    "now to 18:00": "Sun 22 Nov 10:14 - Sun 22 Nov 18:00",
    "today 11:00 to 12:00": "Sun 22 Nov 11:00 - Sun 22 Nov 12:00",
    # what has begun begins now; what is over is the next one
    "9:00 to 11:00": "Sun 22 Nov 10:14 - Sun 22 Nov 11:00",
    "sun 9:00 to 12:00": "Sun 22 Nov 10:14 - Sun 22 Nov 12:00",
    "9:00 to 10:00": "Mon 23 Nov 09:00 - Mon 23 Nov 10:00",
    "sun 9:00 to 10:00": "Sun 29 Nov 09:00 - Sun 29 Nov 10:00",
    # dates and whole days
    "2026-12-01 18:00 to 2026-12-02 09:00": "Tue 01 Dec 18:00 - Wed 02 Dec 09:00",
    "2026-12-01T18:00 - 2026-12-02T09:00": "Tue 01 Dec 18:00 - Wed 02 Dec 09:00",
    "24.12 18:00 to 25.12. 9:00": "Thu 24 Dec 18:00 - Fri 25 Dec 09:00",
    "24.12.2026 - 26.12.2026": "Thu 24 Dec 00:00 - Sun 27 Dec 00:00",
    "24 dec 18:00 to 25 december 9:00": "Thu 24 Dec 18:00 - Fri 25 Dec 09:00",
    "Thu 24 Dec 2026 18:00 to Fri 25 Dec 2026 9:00": "Thu 24 Dec 18:00 - Fri 25 Dec 09:00",
    "dec 24 18 to dec 25 9": "Thu 24 Dec 18:00 - Fri 25 Dec 09:00",
    "1.2": "Mon 01 Feb 00:00 - Tue 02 Feb 00:00",
    "friday": "Fri 27 Nov 00:00 - Sat 28 Nov 00:00",
    "fri - sun": "Fri 27 Nov 00:00 - Mon 30 Nov 00:00",
    "today": "Sun 22 Nov 10:14 - Mon 23 Nov 00:00",
    # so long, until then
    "for 3h": "Sun 22 Nov 10:14 - Sun 22 Nov 13:14",
    "for 1h 30m": "Sun 22 Nov 10:14 - Sun 22 Nov 11:44",
    "for 2 days": "Sun 22 Nov 10:14 - Tue 24 Nov 10:14",
    "tomorrow 9:00 for 4h": "Mon 23 Nov 09:00 - Mon 23 Nov 13:00",
    "from fri 18:00 for 1 week": "Fri 27 Nov 18:00 - Fri 04 Dec 18:00",
    "9:00 for 30 min": "Mon 23 Nov 09:00 - Mon 23 Nov 09:30",
    "until 18:00": "Sun 22 Nov 10:14 - Sun 22 Nov 18:00",
    "until 18": "Sun 22 Nov 10:14 - Sun 22 Nov 18:00",
    "till fri 9:00": "Sun 22 Nov 10:14 - Fri 27 Nov 09:00",
    "until friday": "Sun 22 Nov 10:14 - Sat 28 Nov 00:00",
    "until 9:00": "Sun 22 Nov 10:14 - Mon 23 Nov 09:00",
    "for an hour": "Sun 22 Nov 10:14 - Sun 22 Nov 11:14",
    "fri 18:00 for half an hour": "Fri 27 Nov 18:00 - Fri 27 Nov 18:30",
    "tomorrow for a day": "Mon 23 Nov 00:00 - Tue 24 Nov 00:00",
    "for one week": "Sun 22 Nov 10:14 - Sun 29 Nov 10:14",
    # from ... to ... behind a day
    "fri from 18:00 to 22:00": "Fri 27 Nov 18:00 - Fri 27 Nov 22:00",
    "on 24.12 from 18:00 until 25.12 9:00": "Thu 24 Dec 18:00 - Fri 25 Dec 09:00",
    # nights
    "tonight": "Sun 22 Nov 18:00 - Mon 23 Nov 08:00",
    "tonight from 20:00 to 23:00": "Sun 22 Nov 20:00 - Sun 22 Nov 23:00",
    "tonight until 6:00": "Sun 22 Nov 18:00 - Mon 23 Nov 06:00",
    "tonight for 4h": "Sun 22 Nov 18:00 - Sun 22 Nov 22:00",
    "tomorrow night": "Mon 23 Nov 18:00 - Tue 24 Nov 08:00",
    "fri night": "Fri 27 Nov 18:00 - Sat 28 Nov 08:00",
    "dziś w nocy": "Sun 22 Nov 18:00 - Mon 23 Nov 08:00",
    # dates without a year: what has begun begins now, what is over is next year's
    "21.11 to 23.11": "Sun 22 Nov 10:14 - Tue 24 Nov 00:00",
    "21.11 9:00 for 2 days": "Sun 22 Nov 10:14 - Mon 23 Nov 09:00",
    "21.11 to 22.11 9:00": "Sun 21 Nov 00:00 - Mon 22 Nov 09:00",
    "31.12 to 2.1": "Thu 31 Dec 00:00 - Sun 03 Jan 00:00",
    "25.12 to 2027-01-02": "Fri 25 Dec 00:00 - Sun 03 Jan 00:00",
    "27.12 to 24.12": "ends before it begins",
    "until 20.11": "has passed; write a time that is still to come",
    # in Polish
    "w piątek od 18:00 do 22:00": "Fri 27 Nov 18:00 - Fri 27 Nov 22:00",
    "od piatku 18:00 do soboty 9:00": "Fri 27 Nov 18:00 - Sat 28 Nov 09:00",
    "pt 18:00 do sb 9:00": "Fri 27 Nov 18:00 - Sat 28 Nov 09:00",
    "sr 18:00 do cz 9:00": "Wed 25 Nov 18:00 - Thu 26 Nov 09:00",
    "na godzinę": "Sun 22 Nov 10:14 - Sun 22 Nov 11:14",
    "przez pol godziny": "Sun 22 Nov 10:14 - Sun 22 Nov 10:44",
    "od piątku 18:00 do soboty 9:00": "Fri 27 Nov 18:00 - Sat 28 Nov 09:00",
    "pt. 18:00 - sob. 9:00": "Fri 27 Nov 18:00 - Sat 28 Nov 09:00",
    "w środę o 18:00 do 22:00": "Wed 25 Nov 18:00 - Wed 25 Nov 22:00",
    "od jutra 8:00 do 16:00": "Mon 23 Nov 08:00 - Mon 23 Nov 16:00",
    "24 grudnia 18:00 do 25 grudnia 9:00": "Thu 24 Dec 18:00 - Fri 25 Dec 09:00",
    "przez 3 godziny": "Sun 22 Nov 10:14 - Sun 22 Nov 13:14",
    "na 2 dni": "Sun 22 Nov 10:14 - Tue 24 Nov 10:14",
    "teraz do 18:00": "Sun 22 Nov 10:14 - Sun 22 Nov 18:00",
    # no times of a shift
    "": NO,
    "fri 18:00": NO,
    "soon": NO,
    "fri sat to sun": NO,
    "25:00 to 26:00": NO,
    "13pm to 14pm": NO,
    "for 3 apples": NO,
    "for 0h": NO,
    "31.2 - 1.3": NO,
    "31 feb 9:00 to 10:00": NO,
    "until tonight": NO,
    "fri to sat night": NO,
    "tonight night": NO,
    "24.12 25.12": NO,
    "fri 18:00 to sat 09:00 to sun": NO,
    "2999-01-01 to 2999-01-02": NO,
    "20991231": NO,
    "99991231": NO,
    "2026-11-01 to 2026-11-02": "has passed; write a time that is still to come",
    "2026-12-02 to 2026-12-01": "ends before it begins",
    "for 60 weeks": "is longer than a year",
    "for 9999w 9999w 9999w": "is longer than a year",
}


@pytest.mark.parametrize("text", SAID)
def test_a_span_is_read(text: str) -> None:
    assert read(text) == SAID[text]


def test_a_day_is_as_long_as_the_clock_says() -> None:
    """On 28 March 2027 the clocks go forward, on 31 October 2027 back."""
    spring = dt.datetime(2027, 3, 27, 17, 0, tzinfo=dt.UTC)
    start, end = parse_span("18:30 for 1 day", ZONE, spring)
    assert end - start == dt.timedelta(hours=23)
    start, end = parse_span("18:30 for 24h", ZONE, spring)
    assert end - start == dt.timedelta(hours=24)
    autumn = dt.datetime(2027, 10, 30, 17, 0, tzinfo=dt.UTC)
    start, end = parse_span("sun", ZONE, autumn)
    assert end - start == dt.timedelta(hours=25)


def test_an_hour_that_the_clocks_leave_out_is_no_week() -> None:
    friday = dt.datetime(2027, 3, 26, 12, 0, tzinfo=dt.UTC)
    assert read("sun 02:00 to sun 03:00", friday) == "is the hour that the clocks leave out that day"
    assert read("28.3 02:15 to 28.3 03:00", friday) == "is the hour that the clocks leave out that day"
    assert read("sun 02:30 to sun 04:00", friday) == "Sun 28 Mar 03:30 - Sun 28 Mar 04:00"
    assert read("sun 02:30 to sun 01:00", friday) == "Sun 28 Mar 03:30 - Sun 04 Apr 01:00"
    saturday = dt.datetime(2027, 3, 27, 23, 30, tzinfo=dt.UTC)
    assert read("02:00 to 03:00", saturday) == "is the hour that the clocks leave out that day"


def test_in_the_small_hours_tonight_is_the_night_that_has_begun() -> None:
    small, early = (dt.datetime(2026, 11, 22, hour, tzinfo=dt.UTC) for hour in (1, 5))
    assert read("tonight", small) == "Sun 22 Nov 02:00 - Sun 22 Nov 08:00"
    assert read("tonight", early) == "Sun 22 Nov 18:00 - Mon 23 Nov 08:00"


def test_a_leap_day_is_the_coming_one() -> None:
    assert read("29.2", dt.datetime(2027, 3, 1, tzinfo=dt.UTC)) == "Tue 29 Feb 00:00 - Wed 01 Mar 00:00"


def test_over_new_year_a_span_may_have_begun_last_year() -> None:
    assert read("31.12 to 2.1", dt.datetime(2027, 1, 1, 9, tzinfo=dt.UTC)) == (
        "Fri 01 Jan 10:00 - Sun 03 Jan 00:00"
    )


INSTANTS = {
    "now": "Sun 22 Nov 10:14",
    "18:00": "Sun 22 Nov 18:00",
    "9:00": "Mon 23 Nov 09:00",
    "fri 18:00": "Fri 27 Nov 18:00",
    "friday": "Fri 27 Nov 00:00",
    "sunday": "Sun 22 Nov 10:14",
    "tomorrow": "Mon 23 Nov 00:00",
    "24.12 9:00": "Thu 24 Dec 09:00",
    "21.11 9:00": "Sun 21 Nov 09:00",
    "w piatek o 18:00": "Fri 27 Nov 18:00",
    "tonight": "Sun 22 Nov 18:00",
    "2026-12-24 09:00": "Thu 24 Dec 09:00",
    "2026-11-01": "no",
    "99991231": "no",
    "whenever": "no",
}


@pytest.mark.parametrize("text", INSTANTS)
def test_an_instant_is_read(text: str) -> None:
    try:
        read = f"{parse_instant(text, ZONE, NOW).astimezone(ZONE):%a %d %b %H:%M}"
    except TimeError:
        read = "no"
    assert read == INSTANTS[text]


_WORDS = (
    *("from", "to", "until", "for", "-", "–", "now", "at", "od", "do", "przez", ",", "."),
    *("18:00", "9", "24:00", "6pm", "3h", "2", "days", "99999", "weeks", "2026"),
    *("tonight", "night", "an", "hour", "half", "od", "w", "sb", "25.3"),
    *("fri", "sunday", "tomorrow", "today", "24.12", "31.2", "29.2", "dec", "2026-12-01", "20261201"),
)


@given(st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join) | st.text(max_size=40))
def test_whatever_is_typed_is_a_span_to_come_or_no_time(text: str) -> None:
    try:
        span = parse_span(text, ZONE, NOW)
    except TimeError:
        return
    assert NOW <= span.start < span.end
    assert span.length <= LONGEST
