"""Countdowns: what they show, and that they change when they say and never the wrong way."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation import sla
from escalation.countdown import Countdown, CountdownState, bar, countdown, rounded_up
from escalation.sla import Clock, ClockKind
from escalation.targets import Counts, agreed
from tests.unit.escalation.desks import DESKS
from tests.unit.table import each

DESK = DESKS["managed-it"]  # Johannesburg, 08:30-17:00
ZONE = ZoneInfo("Africa/Johannesburg")
TICK = dt.timedelta(microseconds=1)
MINUTE = dt.timedelta(minutes=1)


def at(text: str) -> dt.datetime:
    """Read `10 16:30` as 16:30 on 10 March 2026, a Tuesday, in Johannesburg."""
    return dt.datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=ZONE)


def clock(target: str, started: str, counts: Counts = Counts.OFFICE_HOURS) -> Clock:
    return sla.start_clock(ClockKind.RESPONSE, target, counts, at(started))


def shown(of: Clock, now: str | dt.datetime) -> Countdown:
    return countdown(of, DESK, at(now) if isinstance(now, str) else now, ZONE)


@each(
    ("now", "state", "minutes", "change"),
    [
        ("10 10:00", "running", 480, "10 11:00"),
        ("10 10:20", "running", 480, "10 11:00"),
        ("10 14:00", "running", 240, "10 14:15"),
        ("10 16:55", "running", 75, "10 17:00"),  # closing comes first
        ("10 17:00", "closed", 60, "11 08:30"),
        ("11 08:30", "running", 60, "11 08:35"),
        ("11 08:32", "running", 60, "11 08:35"),
        ("11 08:40", "running", 50, "11 08:45"),
        ("11 09:20", "running", 10, "11 09:21"),
        ("11 09:28", "running", 2, "11 09:29"),
        ("11 09:31", "overdue", 1, "11 09:32"),
        ("11 09:47", "overdue", 15, "11 09:50"),
        ("11 17:30", "overdue", 420, "12 09:00"),
    ],
)
def test_shows(now: str, state: str, minutes: int, change: str) -> None:
    said = shown(clock("8h", "10 10:00"), now)
    at_change = said.next_change and said.next_change.astimezone(ZONE)
    assert (said.state, said.remaining) == (state, minutes * MINUTE)
    assert at_change == at(change)


@each(("target", "now"), [("2h", "10 11:59"), ("same day", "10 16:59")])
def test_the_last_minute_ends_in_overdue(target: str, now: str) -> None:
    running = clock(target, "10 10:00")
    change = shown(running, now).next_change
    if target == "same day":  # closing and due are one instant
        assert change == at("10 17:00")
        change = shown(running, change).next_change
    assert change is not None and shown(running, change).state == "overdue"
    assert change - TICK in (at("10 12:00"), at("10 17:00"))


def test_an_amount_used_up_at_closing_is_not_over_before_the_next_opening() -> None:
    said = shown(clock("1h", "10 16:00"), "10 17:00")
    assert (said.state, said.remaining, said.next_change) == ("closed", 0 * MINUTE, at("11 08:30"))
    assert shown(clock("1h", "10 16:00"), "11 08:31").state == "overdue"


def test_closed_says_when_it_reopens_in_the_readers_zone() -> None:
    said = countdown(clock("8h", "10 10:00"), DESK, at("10 18:00"), ZoneInfo("Europe/Warsaw"))
    assert said.reopens == at("11 08:30") and f"{said.reopens:%H:%M}" == "07:30"
    assert said.due is not None and f"{said.due:%d %H:%M}" == "11 08:30"


def test_paused_shows_the_reason_and_waits() -> None:
    said = shown(sla.pause(clock("8h", "10 10:00"), at("10 12:00"), "waiting for the customer"), "11 12:00")
    assert (said.state, said.reason, said.next_change) == ("paused", "waiting for the customer", None)
    assert said.remaining == 360 * MINUTE and said.fraction == 0.25


@each(("stopped", "state"), [("10 12:00", "met"), ("10 11:00", "met"), ("10 12:01", "missed")])
def test_stopped(stopped: str, state: str) -> None:
    said = shown(sla.stop(clock("2h", "10 10:00"), at(stopped)), "12 10:00")
    assert (said.state, said.next_change) == (state, None)


def test_nothing_is_counted_down_without_a_due() -> None:
    said = shown(clock("as needed", "10 10:00"), "12 10:00")
    assert said == Countdown(kind=ClockKind.RESPONSE, state=CountdownState.NONE)


def test_a_clock_that_always_counts_is_never_closed() -> None:
    said = shown(clock("30m", "10 23:00", Counts.ALWAYS), "10 23:11")
    assert (said.state, said.remaining, said.next_change) == ("running", 20 * MINUTE, at("10 23:15"))


def test_a_bar_fills_with_the_words_and_never_empties() -> None:
    """Two hours and 7 µs: no cell is announced for an instant at which it is not full yet."""
    running = sla.start_clock(
        ClockKind.RESPONSE, agreed(at("10 12:00") + 7 * TICK).text, Counts.ALWAYS, at("10 10:00")
    )
    now, filled = at("10 10:00"), []
    while (said := shown(running, now)).state is CountdownState.RUNNING:
        filled.append(bar(said.fraction).count("▓"))
        assert said.next_change is not None and said.next_change > now
        now = said.next_change
    assert filled[0] == 0 and filled[-1] == 9 and filled == sorted(filled)
    assert said.state is CountdownState.OVERDUE and bar(said.fraction) == "▓" * 10


def test_an_agreed_time_is_counted_down_while_the_customer_is_waited_for() -> None:
    running = clock(agreed(at("10 12:00")).text, "10 10:00")
    waiting = sla.pause(running, at("10 10:30"), "waiting for the customer")
    for now in ("10 11:00", "10 11:59", "10 12:10"):
        told, plain = shown(waiting, now), shown(running, now)
        assert (told.state, told.remaining, told.next_change) == (
            plain.state,
            plain.remaining,
            plain.next_change,
        )
    assert shown(waiting, "10 12:10").state is CountdownState.OVERDUE
    assert shown(waiting, "10 12:10").remaining == 10 * MINUTE


@each(
    ("fraction", "text"),
    [(0, "░░░░░"), (0.19, "░░░░░"), (0.5, "▓▓░░░"), (0.999, "▓▓▓▓░"), (1, "▓▓▓▓▓"), (3, "▓▓▓▓▓")],
)
def test_bar(fraction: float, text: str) -> None:
    assert bar(fraction, 5) == text


def looks(said: Countdown) -> tuple[CountdownState, dt.timedelta, str]:
    return said.state, said.remaining, bar(said.fraction)


SAID = settings(max_examples=10, deadline=None, database=None)


@SAID
@given(st.lists(st.integers(0, 6 * 3600), min_size=2, max_size=2).map(sorted))
def test_rounding_never_rises_as_time_passes(seconds: list[int]) -> None:
    less, more = (dt.timedelta(seconds=n) for n in seconds)
    assert less <= rounded_up(less) <= rounded_up(more)


@SAID
@given(st.integers(1, 3 * 1440), st.sampled_from(["20m", "5h", "1bd", "same day", "1h-9h"]))
def test_it_shows_the_same_until_it_says_and_something_else_then(minute: int, target: str) -> None:
    running, now = clock(target, "10 10:00"), at("10 10:00") + minute * MINUTE
    said = shown(running, now)
    assert said.next_change is not None and said.next_change > now
    before = shown(running, max(now, said.next_change - 2 * TICK))  # at due itself nothing is redrawn
    assert looks(before) == looks(said)
    assert looks(shown(running, said.next_change)) != looks(said)
