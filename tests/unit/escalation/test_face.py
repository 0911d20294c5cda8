"""The calendar as other people call it: what it takes, what it refuses, and the corners of hours, zones and years."""

import datetime as dt
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from escalation.calendar import WEEKDAYS, BusinessCalendar, EmptyCalendar
from escalation.instants import ZERO, NaiveInstant
from escalation.timeline import Timeline, Year
from tests.unit.table import each

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
WEEK = WEEKDAYS[:5]


def desk(zone: str, hours: str, days: tuple[str, ...] = WEEKDAYS, **rest: object) -> BusinessCalendar:
    """Read `09:00-12:00 13:00-17:00`."""
    return BusinessCalendar(zone=ZoneInfo(zone), hours=dict.fromkeys(days, hours.split()), **rest)  # type: ignore[arg-type]


def local(zone: str, text: str, fold: int = 0) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(dt.UTC)


DESK = desk("Europe/Warsaw", "09:00-12:00 13:00-17:00", WEEK, holidays={dt.date(2026, 4, 6)})
AWARE = dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC)
NAIVE = AWARE.replace(tzinfo=None)


@each(
    "ask",
    [
        lambda: DESK.due(NAIVE, HOUR),
        lambda: DESK.due(NAIVE, ZERO),
        lambda: DESK.due(AWARE, HOUR, [(AWARE, NAIVE)]),
        lambda: DESK.measure(NAIVE, AWARE),
        lambda: DESK.measure(AWARE, NAIVE),
        lambda: DESK.measure(AWARE, AWARE + HOUR, [(NAIVE, AWARE)]),
        lambda: DESK.next_open(NAIVE),
        lambda: DESK.next_close(NAIVE),
        lambda: DESK.add_business_days(NAIVE, 1),
        lambda: next(DESK.spans(NAIVE)),
    ],
)
def test_an_instant_without_a_zone_is_refused(ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NaiveInstant, match="2026-03-10T09:00:00 has no zone"):
        ask()


def test_instants_come_in_any_zone_and_go_out_in_utc() -> None:
    tokyo = AWARE.astimezone(ZoneInfo("Asia/Tokyo"))
    fixed = AWARE.astimezone(dt.timezone(dt.timedelta(hours=-9, minutes=-30)))
    pause = (tokyo + HOUR, fixed + 2 * HOUR)
    for start in (AWARE, tokyo, fixed, AWARE.astimezone(ZoneInfo("UTC"))):
        due = DESK.due(start, 3 * HOUR, pauses=[pause])
        assert due == AWARE + 5 * HOUR and due.tzinfo is dt.UTC
        assert DESK.measure(start, due, pauses=iter([pause])) == 3 * HOUR
        assert next(DESK.spans(start)) == (AWARE, AWARE + 2 * HOUR)


def test_pauses_in_any_order_and_overlap_count_once() -> None:
    at = lambda text: local("Europe/Warsaw", f"2026-03-10T{text}")  # noqa: E731
    held = [
        (at("14:00"), at("15:00")),
        (at("09:00"), at("10:00")),
        (at("09:30"), at("10:30")),
        (at("11:00"), at("11:00")),  # nothing
        (at("16:00"), at("15:30")),  # backwards: nothing
        (at("08:00"), at("09:15")),  # begun before the start
    ]
    assert DESK.measure(at("09:10"), at("18:00"), held) == 7 * HOUR - 90 * MINUTE - HOUR
    assert DESK.due(at("09:10"), 3 * HOUR, held) == at("15:30")


@each(
    ("start", "seconds", "due"),
    [
        ("2026-03-10T11:59:59", 1, "2026-03-10T12:00:00"),
        ("2026-03-10T11:59:59", 2, "2026-03-10T13:00:01"),
        ("2026-03-10T11:59:59.999999", 1, "2026-03-10T13:00:00.999999"),
        ("2026-03-10T12:00:00", 1, "2026-03-10T13:00:01"),  # closed at the instant of closing
        ("2026-03-10T13:00:00", 4 * 3600, "2026-03-10T17:00:00"),
        ("2026-03-10T16:59:59", 1, "2026-03-10T17:00:00"),
        ("2026-03-10T17:00:00", 0, "2026-03-11T09:00:00"),
        ("2026-03-10T16:59:59", 0, "2026-03-10T16:59:59"),
        ("2026-04-03T17:00:00", 1, "2026-04-07T09:00:01"),  # a weekend and a holiday
        (
            "2026-03-10T09:00:00",
            7 * 3600 * 261,
            "2027-03-10T17:00:00",
        ),  # a year of working days, one holiday in it
    ],
)
def test_to_the_second(start: str, seconds: int, due: str) -> None:
    said = DESK.due(local("Europe/Warsaw", start), dt.timedelta(seconds=seconds))
    assert said == local("Europe/Warsaw", due)


# Warsaw: 2026-03-29 has no 02:00-03:00, 2026-10-25 has it twice; spans of minutes open on that Sunday
@each(
    ("zone", "date", "hours", "open"),
    [
        ("Europe/Warsaw", "2026-03-29", "01:00-04:00", 120),  # the gap is inside
        ("Europe/Warsaw", "2026-03-29", "02:00-03:00", 0),  # 03:00 to 03:00
        ("Europe/Warsaw", "2026-03-29", "02:30-05:00", 90),
        ("Europe/Warsaw", "2026-03-29", "01:00-02:30", 90),
        ("Europe/Warsaw", "2026-03-29", "01:00-02:30 03:00-04:00", 120),  # moved onto the next: counted once
        ("Europe/Warsaw", "2026-03-29", "01:00-02:45 03:00-03:30", 105),  # moved over the next
        ("Europe/Warsaw", "2026-10-25", "01:00-04:00", 240),
        ("Europe/Warsaw", "2026-10-25", "02:00-03:00", 120),  # from the first 02:00
        ("Europe/Warsaw", "2026-10-25", "01:00-02:30", 90),  # to the first 02:30
        ("Europe/Warsaw", "2026-10-25", "02:30-03:00", 90),
        ("Europe/Warsaw", "2026-10-25", "00:00-24:00", 1500),
        ("Australia/Lord_Howe", "2026-10-04", "00:00-24:00", 1410),  # half an hour
        ("Australia/Lord_Howe", "2026-10-04", "02:15-03:00", 15),
        ("Antarctica/Troll", "2026-03-29", "00:00-24:00", 1320),  # two hours
        ("Africa/Cairo", "2026-04-24", "00:00-00:30", 30),  # no midnight: 01:00-01:30
        ("Africa/Cairo", "2026-04-24", "00:00-24:00", 1380),
        ("America/Havana", "2026-11-01", "00:00-01:00", 120),  # midnight comes twice
        ("Asia/Kathmandu", "2026-03-29", "09:00-17:00", 480),
        ("Europe/Dublin", "2026-10-25", "00:00-24:00", 1500),  # winter is the exception there
        ("Europe/Warsaw", "2040-03-25", "00:00-24:00", 1380),
        ("Europe/Warsaw", "2024-02-29", "00:00-24:00", 1440),
    ],
)
def test_days_on_which_clocks_change(zone: str, date: str, hours: str, open: int) -> None:
    day = dt.date.fromisoformat(date)
    calendar = desk(zone, hours, (f"{day:%a}".lower(),))
    around = local(zone, f"{date}T12:00") - 48 * HOUR, local(zone, f"{date}T12:00") + 48 * HOUR
    assert calendar.measure(*around) == open * MINUTE
    assert sum((span.length for span in calendar.day_hours(day)), ZERO) == open * MINUTE


def test_both_hours_of_a_night_are_told_apart() -> None:
    night = desk("Europe/Warsaw", "00:00-24:00")
    first, second = (local("Europe/Warsaw", "2026-10-25T02:30", fold) for fold in (0, 1))
    assert night.measure(first, second) == HOUR and night.due(first, HOUR) == second
    assert night.due(second, HOUR) == local("Europe/Warsaw", "2026-10-25T03:30")
    assert night.add_business_days(second, 1) == local("Europe/Warsaw", "2026-10-26T02:30")
    assert night.add_business_days(local("Europe/Warsaw", "2026-10-24T02:30"), 1) == first
    assert night.add_business_days(local("Europe/Warsaw", "2026-03-28T02:30"), 1) == local(
        "Europe/Warsaw", "2026-03-29T03:30"
    )


def test_a_closing_moved_over_midnight_does_not_swallow_the_next_day() -> None:
    """Nuuk has no 23:00-24:00 on 28 March 2026, so 23:30 is 00:30 of the 29th."""
    nuuk = desk("America/Nuuk", "00:00-08:00 22:00-23:30")
    told = list(islice(nuuk.spans(local("America/Nuuk", "2026-03-28T12:00")), 2))
    half, eight = (local("America/Nuuk", f"2026-03-29T0{text}") for text in ("0:30", "8:00"))
    assert told == [(local("America/Nuuk", "2026-03-28T22:00"), half), (half, eight)]
    assert nuuk.next_close(half) == eight


def test_a_date_that_a_zone_skipped_has_no_hours() -> None:
    apia = BusinessCalendar(
        zone=ZoneInfo("Pacific/Apia"),
        hours={"thu": ["09:00-17:00"], "fri": ["09:00-12:00"], "sat": ["10:00-14:00"]},
    )
    thursday = local("Pacific/Apia", "2011-12-29T16:00")
    assert not apia.is_business_day(dt.date(2011, 12, 30)) and not apia.is_holiday(dt.date(2011, 12, 30))
    assert apia.due(thursday, 2 * HOUR) == local("Pacific/Apia", "2011-12-31T11:00")
    assert apia.add_business_days(thursday, 1) == local("Pacific/Apia", "2011-12-31T14:00")


def test_midnight_is_no_closing_where_the_next_day_opens_with_it() -> None:
    at = lambda text: local("UTC", text)  # noqa: E731
    calendar = BusinessCalendar(
        zone=ZoneInfo("UTC"),
        hours={"mon": ["22:00-24:00"], "tue": ["00:00-02:00", "08:00-24:00"], "thu": ["00:00-01:00"]},
        overrides={dt.date(2026, 3, 11): ["00:00-24:00"], dt.date(2026, 3, 17): []},
        holidays={dt.date(2026, 3, 12), dt.date(2026, 3, 14)},  # a Saturday closes nothing
    )
    assert calendar.next_close(at("2026-03-09T12:00")) == at("2026-03-10T02:00")
    assert calendar.next_close(at("2026-03-10T08:00")) == at("2026-03-12T00:00")  # the holiday ends it
    assert calendar.next_close(at("2026-03-12T00:00")) == at(
        "2026-03-17T00:00"
    )  # the override of Tuesday does
    assert calendar.due(at("2026-03-09T23:00"), 2 * HOUR) == at("2026-03-10T01:00")


def test_hours_join_sort_and_need_no_padding() -> None:
    calendar = desk("UTC", "12:00-13:00 9:00-12:00 12:30-17:00", ("mon",))
    monday = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
    assert next(calendar.spans(monday)) == (monday + 9 * HOUR, monday + 17 * HOUR)


def test_an_override_of_a_weekend_and_of_a_holiday() -> None:
    saturday, holiday = dt.date(2026, 3, 14), dt.date(2026, 3, 16)
    calendar = desk(
        "UTC", "09:00-17:00", WEEK, overrides={saturday: ["10:00-11:00"], holiday: ["10:00-11:00"]},
        holidays={holiday},
    )  # fmt: skip
    friday = dt.datetime(2026, 3, 13, 16, 30, tzinfo=dt.UTC)
    assert calendar.due(friday, HOUR) == dt.datetime(2026, 3, 14, 10, 30, tzinfo=dt.UTC)
    assert calendar.due(friday, 2 * HOUR) == dt.datetime(2026, 3, 17, 9, 30, tzinfo=dt.UTC)
    assert calendar.add_business_days(friday, 2) == dt.datetime(2026, 3, 17, 16, 30, tzinfo=dt.UTC)


@each(("year", "days"), [(2006, 260), (2013, 261), (2020, 262), (2040, 261)])
def test_any_year(year: int, days: int) -> None:
    desk_ = desk("America/Los_Angeles", "09:00-17:00", WEEK)
    new_year = local("America/Los_Angeles", f"{year}-01-01T00:00")
    assert desk_.measure(new_year, local("America/Los_Angeles", f"{year + 1}-01-01T00:00")) == days * 8 * HOUR
    assert desk_.due(new_year, days * 8 * HOUR).astimezone(desk_.zone).strftime("%m %H:%M") == "12 17:00"


# Hours that end for good


def test_the_last_hours_close_and_nothing_opens_after_them() -> None:
    start = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
    once = BusinessCalendar(zone=ZoneInfo("UTC"), hours={}, overrides={start.date(): ["09:00-17:00"]})
    closing = start + 9 * HOUR
    assert once.next_close(start) == closing and once.due(start, 8 * HOUR) == closing
    assert list(once.spans(start)) == [(start + HOUR, closing)] and list(once.spans(closing)) == []
    assert not once.is_open(closing) and once.is_open(start + HOUR)
    for _ in range(3):  # as far ahead however often it is asked
        with pytest.raises(EmptyCalendar, match="30 years up to 2056"):
            once.next_open(closing)


# Limited windows


def test_a_window_is_open_but_makes_no_business_day() -> None:
    saturday = dt.date(2026, 3, 14)
    longer = DESK.with_windows({"sat": ["09:00-13:00"], "fri": ["17:00-19:00"]})
    friday = local("Europe/Warsaw", "2026-03-13T16:30")
    assert longer.due(friday, 3 * HOUR) == local("Europe/Warsaw", "2026-03-14T09:30")
    assert longer.next_close(friday) == local(
        "Europe/Warsaw", "2026-03-13T19:00"
    )  # office hours and window are one
    assert longer.add_business_days(friday, 1) == local("Europe/Warsaw", "2026-03-16T16:30")
    assert not longer.is_business_day(saturday) and longer.day_hours(saturday) == ()
    assert longer.day_hours(friday.date()) == DESK.day_hours(friday.date())
    assert longer.whole_days() is DESK.whole_days()
    assert DESK.due(friday, 3 * HOUR) == local(
        "Europe/Warsaw", "2026-03-16T11:30"
    )  # the desk itself is as it was


def test_windows_add_up_and_yield_to_holidays_and_overrides() -> None:
    base = desk(
        "UTC", "09:00-17:00", WEEK, holidays={dt.date(2026, 3, 14)}, overrides={dt.date(2026, 3, 21): []}
    )
    both = base.with_windows({"sat": ["09:00-10:00"]}).with_windows({"sat": ["12:00-13:00"]})
    at = dt.datetime(2026, 3, 13, 17, tzinfo=dt.UTC)
    saturdays = [span for span in islice(both.spans(at), 20) if span[0].weekday() == 5]
    assert [(a.day, a.hour) for a, _ in saturdays[:2]] == [(28, 9), (28, 12)]


def test_windows_of_a_calendar_of_overrides_only() -> None:
    once = BusinessCalendar(zone=ZoneInfo("UTC"), hours={}, overrides={dt.date(2026, 3, 2): ["09:00-10:00"]})
    longer = once.with_windows({"sat": ["09:00-10:00"]})
    assert longer.due(dt.datetime(2026, 3, 2, tzinfo=dt.UTC), 2 * HOUR) == dt.datetime(
        2026, 3, 7, 10, tzinfo=dt.UTC
    )
    assert longer.day_hours(dt.date(2026, 3, 2)) == once.day_hours(dt.date(2026, 3, 2))


@each(
    ("windows", "problem"),
    [({"sunday": ["09:00-10:00"]}, "unknown day"), ({"sun": ["10:00-09:00"]}, "ends before")],
)
def test_a_malformed_window_is_named(windows: dict[str, list[str]], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        DESK.with_windows(windows)


# Threads


def test_two_that_ask_first_at_once_count_from_one_anchor() -> None:
    """The second asks while the first one's year is being built, as a thread may."""
    asked: list[int] = []

    def year(number: int) -> Year:
        if not asked:
            asked.append(number)
            timeline.count(dt.datetime(2024, 6, 1, tzinfo=dt.UTC))
        return desk("UTC", "09:00-17:00")._year(number)

    timeline, plain = Timeline(year), desk("UTC", "09:00-17:00")
    instants = [dt.datetime(y, 6, 1, tzinfo=dt.UTC) for y in (2026, 2024, 2027, 2023)]
    counts = [timeline.count(at) for at in instants]
    for at, counted in zip(instants, counts, strict=True):
        assert counted - counts[0] == plain.measure(instants[0], at) - plain.measure(at, instants[0])
        assert timeline.reach(counted + HOUR, at) == at + 10 * HOUR
