"""What an iCalendar text says about who is on call."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.calendars.parse import Reading, read_shifts
from bot.domain.calendar_faults import REASONS, CalendarError
from tests.unit.calendars.ical import calendar, event, shift

NOW = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
WARSAW = ZoneInfo("Europe/Warsaw")
PEOPLE = (("ada", "Ada"), ("ben", "Ben"))


def read(text: str, zone: ZoneInfo = WARSAW) -> Reading:
    return read_shifts(text, label="rota.ics", zone=zone, now=NOW, people=PEOPLE)


def table(text: str, zone: ZoneInfo = WARSAW) -> list[str]:
    """`ada 03-23 08:00 03-30 07:00`, in UTC."""
    return [
        f"{s.person} {s.span.start:%m-%d %H:%M} {s.span.end:%m-%d %H:%M}" for s in read(text, zone).shifts
    ]


def refused(text: str) -> str:
    with pytest.raises(CalendarError) as caught:
        read(text)
    return str(caught.value)


def test_a_weekly_shift_keeps_its_local_time_through_the_change_of_the_clock() -> None:
    """In Warsaw the clock goes forward on 29 March."""
    weekly = shift("Ada", "20260323T090000", "20260330T090000", "RRULE:FREQ=WEEKLY;COUNT=3")
    expected = [
        "ada 03-23 08:00 03-30 07:00",
        "ada 03-30 07:00 04-06 07:00",
        "ada 04-06 07:00 04-13 07:00",
    ]
    assert table(calendar(weekly)) == expected
    zoned = weekly.replace("DTSTART:", "DTSTART;TZID=Europe/Warsaw:").replace(
        "DTEND:", "DTEND;TZID=Europe/Warsaw:"
    )
    assert table(calendar(zoned), ZoneInfo("Asia/Tokyo")) == expected
    windows = zoned.replace("Europe/Warsaw", "Central European Standard Time")
    assert table(calendar(windows), ZoneInfo("Asia/Tokyo")) == expected


def test_whole_days_and_floating_times_are_the_schedules() -> None:
    days = event("SUMMARY:Ada", "DTSTART;VALUE=DATE:20260328", "DTEND;VALUE=DATE:20260330")
    day = event("SUMMARY:Ben", "DTSTART;VALUE=DATE:20260401")
    night = shift("Ben", "20260402T023000", "20260402T060000")
    assert table(calendar(days, day, night)) == [
        "ada 03-27 23:00 03-29 22:00",
        "ben 03-31 22:00 04-01 22:00",
        "ben 04-02 00:30 04-02 04:00",
    ]
    assert table(calendar(day), ZoneInfo("America/New_York")) == ["ben 04-01 04:00 04-02 04:00"]


def test_a_floating_time_that_the_clock_skips_is_an_hour_later() -> None:
    assert table(calendar(shift("Ada", "20260329T023000", "20260329T060000"))) == [
        "ada 03-29 01:30 03-29 04:00"
    ]


def test_exceptions_moves_and_cancellations_count() -> None:
    series = shift(
        "Ada",
        "20260323T090000Z",
        "20260323T170000Z",
        "RRULE:FREQ=DAILY;COUNT=5",
        "EXDATE:20260324T090000Z",
    )
    moved = shift("Ben", "20260325T120000Z", "20260325T200000Z", "RECURRENCE-ID:20260325T090000Z").replace(
        "UID:1@", "UID:0@"
    )
    dropped = shift(
        "Ada", "20260326T090000Z", "20260326T170000Z", "RECURRENCE-ID:20260326T090000Z", "STATUS:CANCELLED"
    ).replace("UID:1@", "UID:0@")
    text = calendar(series, moved, dropped)
    assert table(text) == [
        "ada 03-23 09:00 03-23 17:00",
        "ben 03-25 12:00 03-25 20:00",
        "ada 03-27 09:00 03-27 17:00",
    ]


def test_a_series_of_days_until_a_date_ends_there() -> None:
    days = event("SUMMARY:Ada", "DTSTART;VALUE=DATE:20260323", "RRULE:FREQ=DAILY;UNTIL=20260324")
    assert len(read(calendar(days)).shifts) == 2


def test_several_are_on_together_and_the_unknown_are_told_once() -> None:
    first = shift("Ada / Ben", "20260323T090000Z", "20260324T090000Z", "RRULE:FREQ=DAILY;COUNT=2")
    second = shift("Ben, Charlie", "20260326T090000Z", "20260327T090000Z", "RRULE:FREQ=DAILY;COUNT=3")
    found = read(calendar(first, second))
    assert [s.person for s in found.shifts] == ["ada", "ben", "ada", "ben", "ben", "ben", "ben"]
    assert found.strangers == ("Charlie",)


def test_who_is_invited_counts_where_the_summary_names_nobody() -> None:
    times = ("DTSTART:20260323T090000Z", "DTEND:20260324T090000Z")
    invited = event(
        "SUMMARY:Primary rota",
        *times,
        'ATTENDEE;CN="Ben";PARTSTAT=DECLINED:mailto:ben@desk.example',
        "ATTENDEE;CN=Ada:mailto:ada@desk.example",
        "ORGANIZER;CN=Ben:mailto:ben@desk.example",
    )
    organized = event("SUMMARY:Primary rota", *times, "ORGANIZER;CN=Ben:mailto:ben@desk.example")
    found = read(calendar(invited, organized))
    assert [s.person for s in found.shifts] == ["ada", "ben"]
    assert found.strangers == ()
    nobody = event("SUMMARY:Primary rota", *times, "ATTENDEE;CN=Eve:mailto:eve@desk.example")
    assert read(calendar(nobody, invited)).strangers == ("Eve",)
    vacation = event("SUMMARY:Vacation", *times, "ATTENDEE;CN=Ben:mailto:ben@desk.example")
    found = read(calendar(vacation, invited))
    assert [s.person for s in found.shifts] == ["ada"]
    assert found.strangers == ("Vacation",)


def test_only_the_last_month_and_the_coming_year_count() -> None:
    daily = shift("Ada", "20200101T090000Z", "20200101T100000Z", "RRULE:FREQ=DAILY")
    found = read(calendar(daily)).shifts
    assert (found[0].span.start.date(), found[-1].span.start.date()) == (
        dt.date(2026, 2, 18),
        dt.date(2027, 4, 24),
    )
    long = shift("Ben", "20260101T000000Z", "20300101T000000Z")
    assert read(calendar(long)).shifts[0].span.start.year == 2026  # as it is, not cut


def test_a_shift_that_is_listed_twice_is_one_and_an_empty_one_is_none() -> None:
    one = shift("Ada", "20260323T090000Z", "20260324T090000Z")
    nothing = shift("Ben", "20260323T090000Z", "20260323T090000Z")
    assert len(read(calendar(one, one, nothing)).shifts) == 1


def test_several_calendars_in_one_text_are_one() -> None:
    one = calendar(shift("Ada", "20260323T090000Z", "20260324T090000Z"))
    two = calendar(shift("Ben", "20260324T090000Z", "20260325T090000Z"))
    assert [s.person for s in read(one + two).shifts] == ["ada", "ben"]


def test_utc_times_of_a_calendar_with_a_zone_recur_by_its_clock() -> None:
    """Google writes X-WR-TIMEZONE."""
    weekly = shift("Ada", "20260323T080000Z", "20260324T080000Z", "RRULE:FREQ=WEEKLY;COUNT=2")
    assert table(calendar(weekly, head="X-WR-TIMEZONE:Europe/Warsaw\r\n"), ZoneInfo("UTC")) == [
        "ada 03-23 08:00 03-24 08:00",
        "ada 03-30 07:00 03-31 07:00",
    ]


TIMES = ("20260323T090000Z", "20260324T090000Z")
WELL = shift("Ada", *TIMES)
NO_SUCH_ZONE = event("SUMMARY:Ben", "DTSTART;TZID=America/New_Yrok:20260323T090000")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "rota.ics: this is no iCalendar: it does not begin with BEGIN:VCALENDAR"),
        ("<html>log in</html>", "rota.ics: this is no iCalendar: it does not begin with BEGIN:VCALENDAR"),
        (calendar(), "rota.ics: it has no events"),
        (calendar(WELL)[:-20], "rota.ics: it breaks off before END:VCALENDAR"),
        (calendar(shift("Eve", "20260323T090000Z", "20260324T090000Z")), 'names nobody whom we know, only "Eve"'),
        (calendar(shift("Ada", "20200323T090000Z", "20200324T090000Z")), "none of its events is in the last month"),
        (calendar(WELL, event("SUMMARY:Ada", "DTEND:20260324T090000Z")), "an event has no DTSTART"),
        (calendar(WELL, shift("Ada", "2026-03-23", "20260324T090000Z")), "this is no iCalendar: DTSTART"),
        (calendar(shift("Ada", "20260323T090000Z", "20260324T090000Z", "RRULE:FREQ=SOMETIMES")), "RRULE"),
        (
            calendar(shift("Ada", "20260323T090000Z", "20260323T090100Z", "RRULE:FREQ=MINUTELY;COUNT=40000")),
            "rota.ics: it has 40,000 events; at most 5,000",
        ),
        (calendar(WELL) + " " * 1_000_000, "rota.ics: it is larger than 1 MB"),
        (calendar(WELL, NO_SUCH_ZONE), 'nobody knows the time zone "America/New_Yrok"'),
        (calendar(NO_SUCH_ZONE.replace("America/New_Yrok", "Customized Time Zone")), '"Customized Time Zone"'),
        (calendar(WELL, head="X-WR-TIMEZONE:Nowhere\r\n"), "Nowhere"),
        (calendar(shift("Ada", *TIMES, "EXDATE;TZID=Nowhere:20260324T090000")), '"Nowhere"'),
        (calendar(shift("Ada", *TIMES, "RDATE;VALUE=PERIOD;TZID=Nowhere:20260325T090000/PT1H")), '"Nowhere"'),
        (calendar("\x00\x01garbage\r\n" + WELL), "this is no iCalendar"),
    ],
)  # fmt: skip
def test_what_can_not_be_used_is_refused_in_one_sentence(text: str, why: str) -> None:
    said = refused(text)
    assert why in said
    assert "\n" not in said and len(said) < 160


def test_a_zone_that_the_calendar_explains_is_known() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Customized Time Zone\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
        "TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    own = shift("Ada", "20260323T090000", "20260323T100000").replace(
        ":2026032", ";TZID=Customized Time Zone:2026032"
    )
    assert table(calendar(own, head=zone)) == ["ada 03-23 06:00 03-23 07:00"]


def same_uid(*events: str) -> str:
    return calendar(*(e.replace("UID:1@", "UID:same@") for e in events))


def test_events_that_share_a_uid_all_count() -> None:
    first = shift("Ada", "20260323T090000Z", "20260323T170000Z", "RRULE:FREQ=DAILY;COUNT=2")
    second = shift("Ben", "20260325T090000Z", "20260325T170000Z", "SEQUENCE:2", "RRULE:FREQ=DAILY;COUNT=2")
    expected = [
        "ada 03-23 09:00 03-23 17:00",
        "ada 03-24 09:00 03-24 17:00",
        "ben 03-25 09:00 03-25 17:00",
        "ben 03-26 09:00 03-26 17:00",
    ]
    assert table(same_uid(first, second)) == expected
    moved = shift("Ada", "20260326T120000Z", "20260326T130000Z", "RECURRENCE-ID:20260326T090000Z")
    assert table(same_uid(first, second, moved)) == [*expected[:3], "ada 03-26 12:00 03-26 13:00"]


def test_who_declined_is_not_on_call() -> None:
    times = ("DTSTART:20260323T090000Z", "DTEND:20260324T090000Z")
    declined = "ATTENDEE;CN=Ada;PARTSTAT=DECLINED:mailto:ada@desk.example"
    nameless = "ATTENDEE;PARTSTAT=DECLINED:MAILTO:Ada@desk.example"
    organizer = "ORGANIZER;CN=Ada:mailto:ada@desk.example"
    well = shift("Ben", "20260401T090000Z", "20260402T090000Z")
    for summary, lines in (
        ("On call", (declined, organizer)),
        ("On call", (nameless, organizer)),
        ("", (declined, organizer)),
        ("On call: Ada", (declined,)),
        ("Ada", (nameless, organizer)),
    ):
        found = read(calendar(event(f"SUMMARY:{summary}", *times, *lines), well))
        assert [s.person for s in found.shifts] == ["ben"]
        assert found.strangers == (summary or "?",)
    both = event("SUMMARY:Ada, Ben", *times, declined)
    assert [s.person for s in read(calendar(both)).shifts] == ["ben"]


def test_what_is_cancelled_does_not_count() -> None:
    well = shift("Ben", "20260401T090000Z", "20260402T090000Z")
    for status in ("CANCELLED", "cancelled", "CANCELED"):
        found = read(calendar(shift("Ada", *TIMES, f"STATUS:{status}"), well))
        assert [s.person for s in found.shifts] == ["ben"]
    withdrawn = calendar(WELL, head="METHOD:CANCEL\r\n")
    assert [s.person for s in read(withdrawn + calendar(well)).shifts] == ["ben"]
    free = read(calendar(shift("Ada", *TIMES, "TRANSP:TRANSPARENT", "STATUS:TENTATIVE")))
    assert [s.person for s in free.shifts] == ["ada"]


def test_what_the_schedule_is_called_may_stand_beside_a_name() -> None:
    text = calendar(shift("Ada (payments)", *TIMES))
    assert "names nobody" in refused(text)
    found = read_shifts(text, label="", zone=WARSAW, now=NOW, people=PEOPLE, titles=("payments",))
    assert [s.person for s in found.shifts] == ["ada"]


def test_every_reason_can_be_said() -> None:
    for what in REASONS:
        assert "{" not in str(CalendarError(what, label="rota.ics", text="x", n=1))
