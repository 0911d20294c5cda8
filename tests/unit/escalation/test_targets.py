"""The grammar of a promise, and what each kind comes to."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from escalation.calendar import Always
from escalation.targets import (
    AsNeeded,
    BusinessDays,
    Counts,
    Duration,
    Negotiated,
    NextBusinessDay,
    Range,
    SameDay,
    StepKind,
    Target,
    TargetError,
    agreed,
    explain,
    parse_target,
    promise,
)
from tests.unit.escalation.desks import DESKS
from tests.unit.table import each

DESK = DESKS["managed-it"]
ZONE = ZoneInfo("Africa/Johannesburg")
OFFICE, ALWAYS, DAYS = Counts.OFFICE_HOURS, Counts.ALWAYS, Counts.BUSINESS_DAYS


def hours(n: float) -> dt.timedelta:
    return dt.timedelta(hours=n)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@each(
    ("text", "target"),
    [
        ("5m", Duration(text="5m", length=hours(1) / 12)),
        ("90m", Duration(text="90m", length=hours(1.5))),
        ("1h30m", Duration(text="1h30m", length=hours(1.5))),
        (" 1H  30 Min ", Duration(text="1h 30 min", length=hours(1.5))),
        ("24 hours", Duration(text="24 hours", length=hours(24))),
        ("4bh", Duration(text="4bh", length=hours(4), business=True)),
        ("4 business hours", Duration(text="4 business hours", length=hours(4), business=True)),
        ("1 business day", BusinessDays(text="1 business day", count=1)),
        ("2bd", BusinessDays(text="2bd", count=2)),
        ("next business day", NextBusinessDay(text="next business day")),
        ("next business day by 16:00", NextBusinessDay(text="next business day by 16:00", by=dt.time(16))),
        ("same day", SameDay(text="same day")),
        ("same day before 15:00", SameDay(text="same day before 15:00", before=dt.time(15))),
        ("as needed", AsNeeded(text="as needed")),
        ("negotiated", Negotiated(text="negotiated")),
    ],
)
def test_parses(text: str, target: Target) -> None:
    assert parse_target(text) == target
    assert parse_target(target.text) == target


@each("text", ["1h-2h", "1h - 2h", "24h–48h", "same day - next business day", "4bh-1bd"])
def test_a_range_is_any_two(text: str) -> None:
    target = parse_target(text)
    assert isinstance(target, Range) and parse_target(target.text) == target
    assert (target.aim, target.promise) == tuple(
        parse_target(part.strip()) for part in target.text.split("-")
    )


def test_a_parsed_target_is_kept() -> None:
    assert parse_target("1h-2h") is parse_target("1h-2h")


@each(
    ("text", "problem"),
    [
        ("2 fortnights", 'unknown unit "fortnights"; use m, h, bh, bd'),
        ("3d", 'unknown unit "d"; use m'),
        ("0m", "a target of zero"),
        ("0h0m", "a target of zero"),
        ("0 business days", "a target of zero"),
        ("5", "a number without a unit; use"),
        ("soon", 'not a target: "soon"; use'),
        ("", "use m, h, bh, bd"),
        ("-5m", "a range has two ends; use m, h, bh, bd"),
        ("1h-", "a range has two ends; use m, h, bh, bd"),
        ("0.0000001m", "shorter than a second; use m"),
        ("５m", 'not a target: "５m"; use m'),
        ("1h1bd", "bd cannot be added to other units; use m"),
        ("1.5bd", "whole days"),
        ("1bd 2h", "cannot be added"),
        ("2h-1h", "the aim .2h. comes after the promise .1h.; use m"),
        ("next business day by 09:00-next business day by 08:00", "comes after the promise"),
        ("same day before 12:00-same day before 15:00", "comes after the promise"),
        ("same day before 12:00-same day", "comes after the promise"),
        ("1h-2h-3h", "two ends"),
        ("1h-as needed", "cannot be an end of a range; use m"),
        ("next business day by 25:00", "not a time of day"),
        ("same day before 24:00", "not a time of day"),
        ("9" * 5000 + "h", "longer than ten years; use m"),
        ("9" * 5000 + "bd", "longer than 2500 business days; use m"),
        ("agreed tomorrow", "ISO 8601"),
        ("agreed 2026-03-10T10:00", "with its zone"),
    ],
)
def test_what_is_no_target_is_quoted(text: str, problem: str) -> None:
    with pytest.raises(TargetError, match=problem) as caught:
        parse_target(text)
    assert str(caught.value).startswith(f'"{text}"') and caught.value.text == text


# Thursday 2 April 2026; the 3rd and the 6th are holidays in South Africa; the desk is open 08:30-17:00
@each(
    ("target", "counts", "start", "aim", "due"),
    [
        ("1h", ALWAYS, "2026-04-02T16:30", None, "2026-04-02T17:30"),
        ("1h", OFFICE, "2026-04-02T16:30", None, "2026-04-07T09:00"),
        ("1bh", ALWAYS, "2026-04-02T16:30", None, "2026-04-07T09:00"),
        ("24h", DAYS, "2026-04-02T16:30", None, "2026-04-07T16:30"),
        ("30m", OFFICE, "2026-04-02T16:30", None, "2026-04-02T17:00"),
        ("30m-1h", OFFICE, "2026-04-02T16:30", "2026-04-02T17:00", "2026-04-07T09:00"),
        ("1bd", ALWAYS, "2026-04-02T16:30", None, "2026-04-07T16:30"),
        ("next business day", ALWAYS, "2026-04-02T16:30", None, "2026-04-07T17:00"),
        ("next business day by 16:00", ALWAYS, "2026-04-05T09:00", None, "2026-04-07T16:00"),
        ("same day", ALWAYS, "2026-04-02T07:00", None, "2026-04-02T17:00"),
        ("same day", ALWAYS, "2026-04-02T17:00", None, "2026-04-07T17:00"),
        ("same day before 15:00", ALWAYS, "2026-04-02T14:59", None, "2026-04-02T17:00"),
        ("same day before 15:00", ALWAYS, "2026-04-02T15:00", None, "2026-04-07T17:00"),
        ("agreed 2026-04-05T12:00+02:00", OFFICE, "2026-04-02T15:00", None, "2026-04-05T12:00"),
        ("as needed", ALWAYS, "2026-04-02T15:00", None, None),
        ("negotiated", ALWAYS, "2026-04-02T15:00", None, None),
    ],
)
def test_promises(target: str, counts: Counts, start: str, aim: str | None, due: str | None) -> None:
    given = promise(parse_target(target), counts, DESK, at(start))
    assert (given.aim, given.due) == (aim and at(aim), due and at(due))


@each(
    ("target", "start", "paused", "resumed", "due"),
    [
        ("30m", "2026-04-02T16:30", "2026-04-02T16:45", "2026-04-07T08:30", "2026-04-07T08:45"),
        ("1bd", "2026-04-02T16:30", "2026-04-02T16:45", "2026-04-07T08:30", "2026-04-07T16:45"),
        ("next business day", "2026-04-02T16:30", "2026-04-02T16:45", "2026-04-07T08:30", "2026-04-08T08:45"),
        ("same day", "2026-04-02T16:30", "2026-04-02T16:45", "2026-04-07T08:30", "2026-04-07T08:45"),
        (
            "1bd",
            "2026-04-02T17:00",
            "2026-04-08T08:15",
            "2026-04-08T08:45",
            "2026-04-08T08:45",
        ),  # over an opening
        (
            "1bd",
            "2026-04-02T17:00",
            "2026-04-08T08:30",
            "2026-04-08T08:45",
            "2026-04-08T08:30",
        ),  # begun at due
    ],
)
def test_a_pause_moves_a_promise_by_the_office_hours_it_covers(
    target: str, start: str, paused: str, resumed: str, due: str
) -> None:
    given = promise(parse_target(target), OFFICE, DESK, at(start), [(at(paused), at(resumed))])
    assert given.due == at(due)


def test_a_pause_outside_counting_time_changes_nothing() -> None:
    pause = (at("2026-04-02T17:00"), at("2026-04-07T08:30"))
    for target in ("4h", "1bd", "next business day", "same day", "1h-2h"):
        plain = promise(parse_target(target), OFFICE, DESK, at("2026-04-02T16:30"))
        assert promise(parse_target(target), OFFICE, DESK, at("2026-04-02T16:30"), [pause]) == plain


def test_day_targets_work_round_the_clock() -> None:
    given = promise(parse_target("same day"), ALWAYS, Always(zone=ZONE), at("2026-04-02T16:30"))
    assert given.due == at("2026-04-03T00:00")


def test_an_agreed_time_is_kept_in_its_text() -> None:
    target = agreed(at("2026-04-05T12:00"))
    assert parse_target(target.text) == target and target.at == at("2026-04-05T12:00")


def test_explains_in_the_zone_of_the_policy() -> None:
    pause = (at("2026-04-07T09:00"), at("2026-04-07T09:30"))
    steps = explain(parse_target("1h-2h"), OFFICE, DESK, at("2026-04-02T16:30"), [pause])
    assert [str(step) for step in steps] == [
        "Thu 2026-04-02 16:30-17:00 counts 30m",
        "Fri 2026-04-03 holiday",
        "Sat 2026-04-04 to Sun 2026-04-05 closed",
        "Mon 2026-04-06 holiday",
        "Tue 2026-04-07 08:30-09:00 counts 30m",
        "Tue 2026-04-07 09:00-09:30 paused",
        "Tue 2026-04-07 09:30-10:30 counts 1h",
        "aim Tue 2026-04-07 09:00 (1h)",
        "due Tue 2026-04-07 10:30 (2h)",
    ]


def test_explains_after_hours_and_at_any_hour() -> None:
    after = explain(parse_target("30m"), OFFICE, DESK, at("2026-03-06T17:30"))
    assert [str(step) for step in after] == [
        "Fri 2026-03-06 to Sun 2026-03-08 closed",
        "Mon 2026-03-09 08:30-09:00 counts 30m",
        "due Mon 2026-03-09 09:00 (30m)",
    ]
    always = explain(parse_target("1h"), ALWAYS, DESK, at("2026-03-06T23:30"))
    assert [str(step) for step in always] == [
        "Fri 2026-03-06 23:30-24:00 counts 30m",
        "Sat 2026-03-07 00:00-00:30 counts 30m",
        "due Sat 2026-03-07 00:30 (1h)",
    ]


def test_explains_no_clock() -> None:
    (step,) = explain(parse_target("as needed"), OFFICE, DESK, at("2026-03-06T17:30"))
    assert step.kind is StepKind.NONE and str(step) == "no clock: as needed"
