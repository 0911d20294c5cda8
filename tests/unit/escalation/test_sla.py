"""Clocks: what they have used up, when they are due, and that a breach is told once, at its instant."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation import sla
from escalation.sla import Clock, ClockKind
from escalation.targets import Counts, TargetError, agreed
from tests.unit.escalation.desks import DESKS
from tests.unit.table import each

DESK = DESKS["managed-it"]  # Johannesburg, 08:30-17:00
ZONE = ZoneInfo("Africa/Johannesburg")
OFFICE, ALWAYS = Counts.OFFICE_HOURS, Counts.ALWAYS
TICK = dt.timedelta(microseconds=1)


def at(text: str) -> dt.datetime:
    """Read `10 16:30` as 16:30 on 10 March 2026, a Tuesday, in Johannesburg."""
    return dt.datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=ZONE)


def hours(n: float) -> dt.timedelta:
    return dt.timedelta(hours=n)


def clock(target: str, started: str, counts: Counts = OFFICE) -> Clock:
    return sla.start_clock(ClockKind.RESPONSE, target, counts, at(started))


def due(of: Clock, now: str) -> dt.datetime | None:
    return sla.promise_of(of, DESK, at(now)).due


def test_a_clock_says_how_far_it_is() -> None:
    running = clock("4h", "10 16:00")
    assert sla.elapsed(running, DESK, at("11 09:30")) == hours(2)
    assert sla.length(running, DESK) == hours(4)
    assert sla.progress(running, DESK, at("11 09:30")) == 0.5
    assert due(running, "11 09:30") == at("11 11:30")
    assert sla.at_fraction(running, DESK, 0.75, at("10 16:00")) == at("11 10:30")
    assert sla.at_fraction(running, DESK, 2.0, at("10 16:00")) == at("11 15:30")


def test_a_text_that_is_no_target_starts_nothing() -> None:
    with pytest.raises(TargetError):
        clock("2 fortnights", "10 16:00")
    with pytest.raises(TargetError):
        sla.retarget(clock("1h", "10 16:00"), "soon", OFFICE)


def test_a_running_pause_moves_due_on_until_it_ends() -> None:
    waiting = sla.pause(clock("2h", "10 10:00"), at("10 11:00"), "waiting for the customer")
    assert sla.pause(waiting, at("10 11:30"), "again") is waiting
    assert due(waiting, "10 11:00") == at("10 12:00")
    assert due(waiting, "10 13:00") == at("10 14:00")
    assert sla.elapsed(waiting, DESK, at("12 10:00")) == hours(1)
    assert sla.breach(waiting, DESK, at("12 10:00")) is None
    back = sla.resume(waiting, at("10 13:00"))
    assert (back.paused_since, back.pause_reason) == (None, None)
    assert due(back, "12 10:00") == at("10 14:00")
    assert sla.resume(back, at("10 15:00")) is back


def test_stopping_ends_a_pause_and_is_done_once() -> None:
    stopped = sla.stop(sla.pause(clock("2h", "10 10:00"), at("10 11:00"), "waiting"), at("10 12:00"))
    assert sla.stop(stopped, at("10 13:00")) is stopped
    assert sla.pause(stopped, at("10 13:00"), "late") is stopped
    assert sla.elapsed(stopped, DESK, at("12 10:00")) == hours(1)


def test_reopening_counts_the_time_between_as_a_pause() -> None:
    reopened = sla.resume(sla.stop(clock("4h", "10 10:00"), at("10 11:00")), at("11 10:00"))
    assert sla.elapsed(reopened, DESK, at("11 11:00")) == hours(2)
    assert due(reopened, "11 11:00") == at("11 13:00")


def test_a_new_target_applies_from_the_original_start() -> None:
    running = sla.resume(sla.pause(clock("4h", "10 10:00"), at("10 10:30"), "waiting"), at("10 11:00"))
    urgent = sla.retarget(running, "1h", ALWAYS)
    assert due(urgent, "10 12:00") == at("10 11:30")
    assert sla.breach(urgent, DESK, at("10 12:00")) == at("10 11:30")


@each(
    ("target", "counts", "started", "now", "breached"),
    [
        ("1h", OFFICE, "10 10:00", "10 11:00", None),  # reached, not exceeded
        ("1h", OFFICE, "10 10:00", "10 11:01", "10 11:00"),
        ("1h", OFFICE, "10 10:00", "30 10:00", "10 11:00"),  # noticed late
        ("1h", OFFICE, "10 16:00", "10 23:00", None),  # used up at closing: nothing more elapsed since
        ("1h", OFFICE, "10 16:00", "11 08:31", "11 08:30"),
        ("same day", OFFICE, "10 16:00", "10 23:00", "10 17:00"),  # a wall time is late once past
        ("1bd", OFFICE, "10 10:00", "11 10:01", "11 10:00"),
        ("1h-2h", OFFICE, "10 10:00", "10 11:30", None),  # the aim does not breach
        ("1h-2h", OFFICE, "10 10:00", "10 12:30", "10 12:00"),
        ("as needed", OFFICE, "10 10:00", "30 10:00", None),
        ("negotiated", OFFICE, "10 10:00", "30 10:00", None),
    ],
)
def test_breaches(target: str, counts: Counts, started: str, now: str, breached: str | None) -> None:
    running = clock(target, started, counts)
    instant = breached and at(breached)
    assert sla.breach(running, DESK, at(now)) == instant
    wake = sla.late_from(running, DESK, at(now))
    if wake is not None:
        assert sla.breach(running, DESK, wake) == wake - TICK
        assert sla.breach(running, DESK, wake - TICK) is None


def test_a_breach_is_told_once() -> None:
    running = clock("1h", "10 10:00")
    noted = sla.record_breach(running, at("10 11:00"))
    assert (
        sla.breach(noted, DESK, at("10 12:00")) is None and sla.late_from(noted, DESK, at("10 12:00")) is None
    )
    assert sla.record_breach(noted, at("10 13:00")) is noted


def test_a_breach_is_found_after_the_stop_and_not_when_in_time() -> None:
    running = clock("1h", "10 10:00")
    assert sla.breach(sla.stop(running, at("10 11:30")), DESK, at("12 10:00")) == at("10 11:00")
    in_time = sla.stop(running, at("10 11:00"))
    assert sla.breach(in_time, DESK, at("12 10:00")) is None
    assert sla.late_from(in_time, DESK, at("12 10:00")) is None
    assert sla.at_fraction(in_time, DESK, 0.75, at("12 10:00")) == at("10 10:45")
    assert sla.at_fraction(in_time, DESK, 2.0, at("12 10:00")) is None


def test_a_pause_that_begins_at_due_holds_the_breach_back() -> None:
    waiting = sla.pause(clock("1h", "10 10:00"), at("10 11:00"), "waiting")
    assert (
        sla.breach(waiting, DESK, at("10 15:00")) is None
        and sla.late_from(waiting, DESK, at("10 15:00")) is None
    )
    back = sla.resume(waiting, at("10 15:00"))
    assert sla.breach(back, DESK, at("10 15:01")) == at("10 15:00")


def test_a_paused_clock_reaches_no_milestone() -> None:
    waiting = sla.pause(clock("4h", "10 10:00"), at("10 12:00"), "waiting")
    assert sla.at_fraction(waiting, DESK, 0.5, at("10 15:00")) == at("10 12:00")
    assert sla.at_fraction(waiting, DESK, 0.75, at("10 15:00")) is None


def test_an_agreed_time() -> None:
    running = sla.retarget(clock("negotiated", "10 10:00"), agreed(at("14 12:00")).text, OFFICE)  # a Saturday
    assert due(running, "11 10:00") == at("14 12:00")
    assert sla.breach(running, DESK, at("14 12:01")) == at("14 12:00")
    paused = sla.pause(running, at("11 10:00"), "waiting")
    assert sla.late_from(paused, DESK, at("12 10:00")) == at("14 12:00") + TICK
    night = sla.start_clock(ClockKind.RESOLUTION, agreed(at("14 12:00")).text, OFFICE, at("14 10:00"))
    assert [sla.progress(night, DESK, at(now)) for now in ("14 11:00", "14 13:00")] == [0.0, 1.0]


def test_an_agreed_time_stands_whoever_waits_for_whom() -> None:
    running = clock(agreed(at("10 14:00")).text, "10 10:00")
    waiting = sla.pause(running, at("10 11:00"), "waiting")
    reopened = sla.resume(sla.stop(running, at("10 11:00")), at("10 13:00"))
    for held in (waiting, reopened):
        assert sla.elapsed(held, DESK, at("10 13:00")) == hours(3)
        assert sla.progress(held, DESK, at("10 13:00")) == 0.75
        assert sla.at_fraction(held, DESK, 1.0, at("10 13:00")) == at("10 14:00")
        assert sla.breach(held, DESK, at("10 14:01")) == at("10 14:00")


@each(
    ("target", "started", "half", "whole", "twice"),
    [
        ("1h", "10 16:00", "10 16:30", "10 17:00", "11 09:30"),
        (
            "1bd",
            "10 17:00",
            "11 12:45",
            "12 08:30",
            "12 17:00",
        ),  # due at an opening, used up at the closing before
        ("next business day by 20:00", "10 16:00", "11 12:15", "11 20:00", "13 09:30"),  # due in closed time
        ("same day", "10 16:00", "10 16:30", "10 17:00", "11 09:30"),
        (
            "agreed 2026-03-14T12:00+02:00",
            "14 10:00",
            "14 12:00",
            "14 12:00",
            "16 08:30",
        ),  # nothing counts before
    ],
)
def test_shares_of_a_target(target: str, started: str, half: str, whole: str, twice: str) -> None:
    """All of it is reached at due, also where due lies in time that does not count."""
    said = [sla.at_fraction(clock(target, started), DESK, share, at(started)) for share in (0.5, 1.0, 2.0)]
    assert said == [at(half), at(whole), at(twice)]
    assert due(clock(target, started), started) == at(whole)


def test_twice_the_target_is_reached_by_a_clock_that_was_breached_and_not_while_it_is_held() -> None:
    late = sla.record_breach(clock("1h", "10 10:00"), at("10 11:00"))
    assert sla.at_fraction(late, DESK, 2.0, at("10 11:30")) == at("10 12:00")
    held = sla.pause(late, at("10 11:30"), "waiting")
    assert sla.at_fraction(held, DESK, 2.0, at("10 15:00")) is None
    assert sla.at_fraction(sla.resume(held, at("10 15:00")), DESK, 2.0, at("10 15:00")) == at("10 15:30")


def test_a_wait_in_closed_time_does_not_hold_a_due_in_closed_time_back() -> None:
    """Nothing counts between 18:00 and 20:00, so the promise stands and its breach is announced."""
    waiting = sla.pause(clock("next business day by 20:00", "10 16:00"), at("11 18:00"), "waiting")
    assert sla.late_from(waiting, DESK, at("11 18:00")) == at("11 20:00") + TICK
    assert (
        sla.breach(waiting, DESK, at("11 20:01"))
        == at("11 20:00")
        == sla.breach(waiting, DESK, at("13 09:00"))
    )
    before = sla.pause(clock("next business day by 20:00", "10 16:00"), at("11 16:00"), "waiting")
    assert (
        sla.late_from(before, DESK, at("11 16:00")) is None
        and sla.breach(before, DESK, at("13 09:00")) is None
    )


def test_a_breach_stays_when_the_target_is_longer_afterwards_and_is_told_once_more_for_none() -> None:
    late = sla.record_breach(clock("1h", "10 10:00"), at("10 11:00"))
    eased = sla.retarget(late, "4h", OFFICE)
    assert eased.breached_at == at("10 11:00") and not sla.is_late(eased, DESK, at("10 12:00"))
    assert (
        sla.breach(eased, DESK, at("10 15:00")) is None and sla.late_from(eased, DESK, at("10 12:00")) is None
    )
    assert due(eased, "10 12:00") == at("10 14:00")


@each("noticed", ["10 12:00", "12 09:00", "30 09:00"])
def test_a_breach_that_is_noticed_after_downtime_is_told_at_its_instant(noticed: str) -> None:
    stopped = sla.stop(clock("1h", "10 10:00"), at("10 11:30"))
    for late in (clock("1h", "10 10:00"), stopped, sla.resume(stopped, at("10 11:45"))):
        assert sla.breach(late, DESK, at(noticed)) == at("10 11:00")


def test_reopening_goes_on_from_what_was_used_up() -> None:
    solved = sla.stop(sla.pause(clock("4h", "10 10:00"), at("10 11:00"), "waiting"), at("10 12:00"))
    again = sla.resume(solved, at("11 08:30"))
    assert sla.elapsed(again, DESK, at("11 09:30")) == hours(2) and due(again, "11 09:30") == at("11 11:30")
    twice = sla.resume(sla.stop(again, at("11 09:30")), at("12 08:30"))
    assert due(twice, "12 08:30") == at("12 10:30")
    assert sla.resume(twice, at("12 09:00")) is twice
    back = sla.resume(solved, at("10 11:30"))  # a clock that went backwards
    assert due(back, "10 12:00") == at("10 15:00")


@each("target", ["as needed", "negotiated"])
def test_without_a_due_there_is_nothing_to_say(target: str) -> None:
    none, now = clock(target, "10 10:00"), at("12 10:00")
    assert sla.promise_of(none, DESK, now) == sla.Promise(aim=None, due=None)
    assert sla.length(none, DESK) is None and sla.progress(none, DESK, now) is None
    assert sla.at_fraction(none, DESK, 0.5, now) is None and sla.late_from(none, DESK, now) is None
    assert sla.elapsed(none, DESK, at("10 11:00")) == hours(1)


MINUTES = st.integers(0, 5 * 1440).map(lambda n: at("10 00:00") + n * dt.timedelta(minutes=1))
TARGETS = st.sampled_from(["1h", "8h30m", "2bd", "next business day", "same day before 12:00", "1h-4h"])
SAID = settings(max_examples=10, deadline=None, database=None)


@SAID
@given(TARGETS, st.lists(MINUTES, min_size=4, max_size=4).map(sorted))
def test_pausing_never_uses_more_nor_is_due_earlier(target: str, instants: list[dt.datetime]) -> None:
    started, paused, resumed, now = instants
    plain = sla.start_clock(ClockKind.RESPONSE, target, OFFICE, started)
    waiting = sla.pause(plain, paused, "waiting")
    rested = sla.resume(waiting, resumed)
    for held in (waiting, rested):
        assert sla.elapsed(held, DESK, now) <= sla.elapsed(plain, DESK, now)
        said, without = sla.promise_of(held, DESK, now).due, sla.promise_of(plain, DESK, now).due
        assert said is not None and without is not None and said >= without
    assert sla.elapsed(waiting, DESK, now) == sla.elapsed(plain, DESK, paused)


@SAID
@given(TARGETS, MINUTES, st.lists(MINUTES, min_size=2, max_size=2).map(sorted), MINUTES)
def test_a_clock_is_late_only_after_due(
    target: str, started: dt.datetime, held: list[dt.datetime], now: dt.datetime
) -> None:
    plain = sla.start_clock(ClockKind.RESPONSE, target, OFFICE, started)
    running = sla.resume(sla.pause(plain, held[0], "waiting"), held[1])
    promised, breached = sla.promise_of(running, DESK, now).due, sla.breach(running, DESK, now)
    assert promised is not None
    if breached is not None:
        assert promised <= breached < now
        assert sla.breach(running, DESK, breached) is None
        assert sla.breach(sla.stop(running, now), DESK, now + hours(999)) == breached
    elif now > promised:
        assert sla.elapsed(running, DESK, now) == sla.length(running, DESK)


def test_a_clock_is_a_value() -> None:
    assert clock("1h", "10 10:00") == replace(clock("1h", "10 10:00")) and hash(clock("1h", "10 10:00"))
