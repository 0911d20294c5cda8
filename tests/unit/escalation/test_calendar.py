"""Business calendars: hours, holidays, overrides, DST, and a minute-by-minute walk that must agree."""

import datetime as dt
import re
from collections.abc import Callable
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.calendar import WEEKDAYS, Always, BusinessCalendar, CalendarRange, EmptyCalendar
from escalation.instants import ZERO
from escalation.targets import Counts, parse_target, promise
from escalation.timeline import Timeline, Year
from tests.unit.table import each

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
WARSAW = ZoneInfo("Europe/Warsaw")
LUNCH = {day: ["13:00-17:00", "09:00-12:00"] for day in WEEKDAYS[:5]}
DESK = BusinessCalendar(
    zone=WARSAW,
    hours=LUNCH,
    holidays={dt.date(2026, 4, 6)},
    overrides={
        dt.date(2026, 4, 3): ["09:00-12:00"],
        dt.date(2026, 4, 4): ["10:00-11:00"],
        dt.date(2026, 4, 7): [],
    },
)
NIGHT = BusinessCalendar(zone=WARSAW, hours={day: ["00:00-06:00", "22:00-24:00"] for day in WEEKDAYS})
ROUND = BusinessCalendar(zone=WARSAW, hours={day: ["00:00-24:00"] for day in WEEKDAYS})


def at(text: str) -> dt.datetime:
    """Read a local time in Warsaw, or an instant."""
    read = dt.datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=WARSAW)


@each(
    ("start", "hours", "due"),
    [
        ("2026-03-10T09:00", 1, "2026-03-10T10:00"),
        ("2026-03-10T11:30", 1, "2026-03-10T13:30"),  # over lunch
        ("2026-03-10T16:00", 1, "2026-03-10T17:00"),  # used up exactly at closing
        ("2026-03-10T17:00", 1, "2026-03-11T10:00"),  # the instant of closing is closed
        ("2026-03-10T12:00", 0, "2026-03-10T13:00"),  # no time: the first open instant
        ("2026-03-10T10:00", 0, "2026-03-10T10:00"),
        ("2026-04-03T11:00", 2, "2026-04-04T11:00"),  # overrides of a Friday and a Saturday
        ("2026-04-04T11:00", 1, "2026-04-08T10:00"),  # a holiday, then an override that closes
        ("2026-03-27T16:00", 2, "2026-03-30T10:00"),  # over a change of clocks
    ],
)
def test_due(start: str, hours: int, due: str) -> None:
    assert DESK.due(at(start), hours * HOUR) == at(due)


@each(("date", "hours"), [("2026-03-28", 24), ("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)])
def test_a_day_has_the_hours_it_has(date: str, hours: int) -> None:
    start = at(f"{date}T00:00")
    assert ROUND.measure(start, start + dt.timedelta(days=1)) == hours * HOUR
    assert sum((span.length for span in ROUND.day_hours(start.date())), ZERO) == hours * HOUR


def test_pauses_count_only_in_open_time() -> None:
    start, pause = at("2026-03-10T16:00"), (at("2026-03-10T16:30"), at("2026-03-11T09:15"))
    assert DESK.due(start, HOUR) == at("2026-03-10T17:00")
    assert DESK.due(start, HOUR, [pause]) == at("2026-03-11T09:45")
    assert DESK.measure(start, at("2026-03-11T10:00"), [pause, pause]) == 75 * MINUTE
    assert DESK.due(start, HOUR, [(at("2026-03-10T17:00"), at("2026-03-12T12:00"))]) == at("2026-03-10T17:00")


def test_backwards_is_zero() -> None:
    assert DESK.measure(at("2026-03-10T16:00"), at("2026-03-10T10:00")) == ZERO
    assert Always().measure(at("2026-03-10T16:00"), at("2026-03-10T10:00")) == ZERO


def test_openings_and_closings() -> None:
    assert DESK.is_open(at("2026-03-10T09:00")) and not DESK.is_open(at("2026-03-10T12:00"))
    assert DESK.next_open(at("2026-04-03T12:00")) == at("2026-04-04T10:00")
    assert DESK.next_close(at("2026-03-10T10:00")) == at("2026-03-10T12:00")
    assert DESK.next_close(at("2026-03-10T17:00")) == at("2026-03-11T12:00")
    assert NIGHT.next_close(at("2026-03-10T23:00")) == at("2026-03-11T06:00")  # midnight is no closing
    assert ROUND.next_close(at("2026-03-10T23:00")) is None
    assert Always().next_close(at("2026-03-10T23:00")) is None


@each(
    ("start", "days", "due"),
    [
        ("2026-03-10T10:00", 1, "2026-03-11T10:00"),
        ("2026-03-13T16:59", 1, "2026-03-16T16:59"),
        ("2026-03-13T17:00", 1, "2026-03-17T09:00"),  # outside: counts from Monday's opening
        ("2026-04-02T15:00", 1, "2026-04-03T12:00"),  # clamped to a short day's closing
        ("2026-04-02T09:30", 2, "2026-04-04T10:00"),  # clamped to a late day's opening
        ("2026-03-27T10:00", 1, "2026-03-30T10:00"),  # the same local time over a change of clocks
        ("2026-03-10T12:30", 0, "2026-03-10T13:00"),
    ],
)
def test_business_days(start: str, days: int, due: str) -> None:
    assert DESK.add_business_days(at(start), days) == at(due)


def test_spans_start_cut_and_never_end() -> None:
    first, second = islice(DESK.spans(at("2026-03-10T10:30")), 2)
    assert first == (at("2026-03-10T10:30"), at("2026-03-10T12:00"))
    assert second == (at("2026-03-10T13:00"), at("2026-03-10T17:00"))
    assert len(list(islice(DESK.spans(at("2026-12-30T10:30")), 600))) == 600


def test_a_holiday_is_asked_for_once_a_year_and_closes_an_override_too() -> None:
    asked: list[int] = []

    def holidays(year: int) -> set[dt.date]:
        asked.append(year)
        return {dt.date(year, 12, 25)}

    christmas = dt.date(2026, 12, 25)
    desk = BusinessCalendar(
        zone=WARSAW, hours=LUNCH, holidays=holidays, overrides={christmas: ["09:00-10:00"]}
    )
    assert desk.due(at("2026-12-24T16:30"), HOUR) == at("2026-12-28T09:30")
    assert desk.is_holiday(christmas) and not desk.is_business_day(christmas)
    assert asked == [2026]


def test_whole_days() -> None:
    whole = DESK.whole_days()
    assert whole is DESK.whole_days() and whole.whole_days() is whole
    assert whole.due(at("2026-03-13T12:00"), 24 * HOUR) == at("2026-03-16T12:00")
    assert whole.due(at("2026-04-03T12:00"), 48 * HOUR) == at("2026-04-08T12:00")
    assert whole.due(at("2026-03-14T19:00"), 48 * HOUR) == at("2026-03-18T00:00")


@each("hours", [{}, {"mon": []}])
def test_no_open_time_is_an_error(hours: dict[str, list[str]]) -> None:
    with pytest.raises(EmptyCalendar):
        BusinessCalendar(zone=WARSAW, hours=hours)


def test_no_open_time_left_is_an_error() -> None:
    past = BusinessCalendar(zone=WARSAW, hours={}, overrides={dt.date(2026, 3, 2): ["09:00-17:00"]})
    with pytest.raises(EmptyCalendar, match="30 years up to 2056"):
        past.due(at("2026-03-03T09:00"), HOUR)


MONDAYS = {"mon": ["09:00-17:00"]}


def test_years_are_counted_for_sixty_around_a_question() -> None:
    mondays = BusinessCalendar(zone=WARSAW, hours=MONDAYS)
    before, start, after = (at(f"{year}-03-02T00:00") for year in (1967, 2026, 2085))
    assert mondays.measure(before, start) == 8 * HOUR * 3078
    assert mondays.due(start, 8 * HOUR * 3078) == at("2085-02-19T17:00")
    assert mondays.measure(start, after) == 8 * HOUR * 3079


@each(
    "ask",
    [
        lambda desk, start: desk.measure(start, start.replace(year=2426)),
        lambda desk, start: desk.due(start, 1_000_000 * HOUR),
        lambda desk, start: desk.due(start, HOUR, [(start, start.replace(year=2426))]),
        lambda desk, start: desk.add_business_days(start, 1_000_000),
    ],
)
def test_what_leads_further_is_refused_at_once(
    ask: Callable[[BusinessCalendar, dt.datetime], object],
) -> None:
    asked: list[int] = []

    def holidays(year: int) -> set[dt.date]:
        asked.append(year)
        return set()

    with pytest.raises(CalendarRange):
        ask(BusinessCalendar(zone=WARSAW, hours=MONDAYS, holidays=holidays), at("2026-03-02T09:00"))
    assert len(asked) <= 80


def test_a_question_about_a_far_year_is_no_burden_to_others() -> None:
    desk = BusinessCalendar(zone=WARSAW, hours=LUNCH)
    assert desk.next_open(at("9026-03-04T03:00")) == at("9026-03-06T09:00")
    assert desk.due(at("2026-03-10T09:00"), HOUR) == at("2026-03-10T10:00")


def test_a_year_is_built_once_and_what_grows_doubles() -> None:
    built: list[int] = []

    def year(number: int) -> Year:
        built.append(number)
        return DESK_PLAIN._year(number)

    timeline = Timeline(year)
    tables = [timeline.covering(at(f"{n}-06-01T00:00Z")) for n in range(2026, 2056)]
    assert len(built) == len(set(built)) and len({id(table) for table in tables}) <= 6
    assert tables[0].last == 2026 and len(tables[0].opens) < len(
        tables[-1].opens
    )  # a reader keeps what it has


EDGES = [dt.datetime.min.replace(tzinfo=zone) for zone in (dt.UTC, WARSAW, ZoneInfo("America/New_York"))] + [
    dt.datetime.max.replace(tzinfo=zone) for zone in (dt.UTC, WARSAW, ZoneInfo("America/New_York"))
]


@each("edge", EDGES)
def test_the_first_and_the_last_year_are_refused(edge: dt.datetime) -> None:
    for calendar in (DESK_PLAIN, Always(zone=WARSAW)):
        for ask in (calendar.is_open, calendar.next_open, calendar.next_close):
            with pytest.raises(CalendarRange):
                ask(edge)
        for told in (
            lambda c: c.due(edge, HOUR),
            lambda c: c.measure(edge, edge),
            lambda c: c.add_business_days(edge, 1),
            lambda c: next(c.spans(edge)),
            lambda c: c.day_hours(edge.date()),
            lambda c: c.next_business_day(edge.date()),
            lambda c: promise(parse_target("same day"), Counts.ALWAYS, c, edge),
        ):
            with pytest.raises(CalendarRange):
                told(calendar)


@each("text", ["2026-05-03", "2027-05-03", "1999-05-03"])
def test_public_holidays_fill_up_when_asked(text: str) -> None:
    date = dt.date.fromisoformat(text)
    given = (country_holidays("PL"), country_holidays("PL", years=2025), lambda year: country_holidays("PL"))
    for public in (*given, {date: "Constitution Day"}, [date]):
        desk = BusinessCalendar(zone=WARSAW, hours={d: ["09:00-17:00"] for d in WEEKDAYS}, holidays=public)
        assert desk.is_holiday(date) and desk.day_hours(date) == ()
        assert desk.whole_days().is_holiday(date) and desk.with_windows({}).is_holiday(date)
        assert not desk.is_holiday(date + 2 * dt.timedelta(days=1))


def test_public_holidays_of_the_last_year_are_refused() -> None:
    desk = BusinessCalendar(zone=WARSAW, hours=LUNCH, holidays=country_holidays("PL"))
    with pytest.raises(CalendarRange):
        desk.is_holiday(dt.date.max)


@each(
    ("wrong", "said"),
    [
        ({"holidays": ["2026-05-03"]}, "holidays: '2026-05-03' is no date"),
        ({"holidays": {at("2026-05-03T09:00"): "x"}}, "holidays: datetime.datetime"),
        ({"overrides": {"2026-05-03": []}}, "overrides: '2026-05-03' is no date"),
        ({"overrides": {at("2026-05-03T09:00"): []}}, "overrides: datetime.datetime"),
        ({"hours": None}, "hours: None is no mapping"),
        ({"hours": {"mon": [("09:00", "17:00")]}}, "('09:00', '17:00') is not a span of hours"),
        ({"hours": {"mon": "09:00-17:00"}}, '"09:00-17:00" is no list of spans'),
        ({"hours": {"mon": None}}, "None is no list of spans"),
    ],
)
def test_what_is_no_date_and_no_span_is_named(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        BusinessCalendar(**{"zone": WARSAW, "hours": LUNCH, **wrong})


@each(
    ("spans", "problem"),
    [
        (["9 to 5"], "not a span of hours"),
        (["17:00-09:00"], "write a span over midnight as two"),
        (["09:00-25:00"], "not a time of day"),
    ],
)
def test_malformed_hours_name_the_span(spans: list[str], problem: str) -> None:
    with pytest.raises(ValueError, match=f'"{spans[0][:5]}.*{problem}|"25:00".*{problem}'):
        BusinessCalendar(zone=WARSAW, hours={"mon": spans})


def test_an_unknown_day_is_named() -> None:
    with pytest.raises(ValueError, match='unknown day "monday"; use mon'):
        BusinessCalendar(zone=WARSAW, hours={"monday": ["09:00-17:00"]})


@each("calendar", [DESK, Always()])
def test_negative_amounts_are_refused(calendar: BusinessCalendar | Always) -> None:
    with pytest.raises(ValueError, match="cannot add"):
        calendar.due(at("2026-03-10T10:00"), -HOUR)
    with pytest.raises(ValueError, match="cannot add"):
        calendar.add_business_days(at("2026-03-10T10:00"), -1)


def test_always_has_the_same_face() -> None:
    always, start = Always(zone=WARSAW), at("2026-03-28T12:00")
    faces = [{name for name in dir(kind) if not name.startswith("_")} for kind in (Always, BusinessCalendar)]
    assert faces[0] == faces[1]
    assert always.due(start, HOUR, [(start + HOUR / 2, start + HOUR)]) == start + 1.5 * HOUR
    assert always.due(start, HOUR, [(start + HOUR, start + 2 * HOUR)]) == start + HOUR  # begun once used up
    assert always.add_business_days(start, 1) == at("2026-03-29T12:00")
    days = list(islice(always.spans(start), 2))
    assert days == [(start, at("2026-03-29T00:00")), (at("2026-03-29T00:00"), at("2026-03-30T00:00"))]


ZONES = [ZoneInfo(name) for name in ("Europe/Warsaw", "America/Santiago", "Australia/Lord_Howe")]
HOURS = {
    "mon": ["09:00-12:00", "13:00-17:00"],
    "sat": ["22:00-24:00"],
    "sun": ["00:00-03:30", "10:00-11:15"],
}
CLOSED = {dt.date(2026, 4, 6)}
OVERRIDES = {dt.date(2026, 4, 8): ["08:00-09:00"]}
CALENDARS = [BusinessCalendar(zone=zone, hours=HOURS, holidays=CLOSED, overrides=OVERRIDES) for zone in ZONES]
CHANGES = [at("2026-03-28T00:00Z"), at("2026-04-04T00:00Z"), at("2026-09-05T00:00Z"), at("2026-10-24T00:00Z")]
INSTANTS = st.builds(lambda day, n: day + n * MINUTE, st.sampled_from(CHANGES), st.integers(0, 3 * 1440))
LENGTHS = st.integers(0, 6 * 60).map(lambda n: n * MINUTE)
SAID = settings(max_examples=10, deadline=None, database=None)


def walked(calendar: BusinessCalendar, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Count the minutes of [start, end) whose wall time lies in the day's hours: slow and plain."""
    return sum(
        (MINUTE for n in range((end - start) // MINUTE) if shows_open(calendar, start + n * MINUTE)), ZERO
    )


def shows_open(calendar: BusinessCalendar, at: dt.datetime) -> bool:
    """Tell what the wall clock says: true to the rules while no edge lies in an hour that a zone skips or repeats."""
    wall = at.astimezone(calendar.zone)
    spans = OVERRIDES.get(wall.date(), HOURS.get(WEEKDAYS[wall.weekday()], []))
    return wall.date() not in CLOSED and any(
        a <= f"{wall:%H:%M}" < b for a, b in (s.split("-") for s in spans)
    )


@SAID
@given(st.sampled_from(CALENDARS), INSTANTS, st.integers(0, 2000))
def test_measure_agrees_with_a_walk(calendar: BusinessCalendar, start: dt.datetime, minutes: int) -> None:
    end = start + minutes * MINUTE
    assert calendar.measure(start, end) == walked(calendar, start, end)


@SAID
@given(st.sampled_from(CALENDARS), INSTANTS, LENGTHS, st.lists(st.tuples(INSTANTS, INSTANTS), max_size=3))
def test_due_is_the_earliest_instant_at_which_it_is_used_up(
    calendar: BusinessCalendar,
    start: dt.datetime,
    length: dt.timedelta,
    pauses: list[tuple[dt.datetime, dt.datetime]],
) -> None:
    due = calendar.due(start, length, pauses)
    assert due >= calendar.due(start, length) >= start
    assert calendar.measure(start, due, pauses) == length or not length
    if length:
        assert calendar.measure(start, due - dt.timedelta(microseconds=1), pauses) < length


@SAID
@given(st.sampled_from(CALENDARS), st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_measure_adds_up(calendar: BusinessCalendar, instants: list[dt.datetime]) -> None:
    a, b, c = instants
    assert calendar.measure(a, c) == calendar.measure(a, b) + calendar.measure(b, c)


@SAID
@given(INSTANTS, st.integers(1, 5))
def test_what_was_asked_before_does_not_matter(start: dt.datetime, years: int) -> None:
    """The table grows in both directions and says the same."""
    fresh = BusinessCalendar(zone=WARSAW, hours=LUNCH)
    later = start + dt.timedelta(days=366 * (years % 2))
    assert fresh.measure(later, later + 30 * HOUR) == DESK_PLAIN.measure(later, later + 30 * HOUR)
    assert fresh.due(start, 30 * HOUR) == DESK_PLAIN.due(start, 30 * HOUR)


DESK_PLAIN = BusinessCalendar(zone=WARSAW, hours=LUNCH)


def test_spans_never_overlap_where_a_zone_skipped_a_day() -> None:
    apia = BusinessCalendar(zone=ZoneInfo("Pacific/Apia"), hours={day: ["09:00-17:00"] for day in WEEKDAYS})
    spans = list(islice(apia.spans(at("2011-12-28T00:00Z")), 6))
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
