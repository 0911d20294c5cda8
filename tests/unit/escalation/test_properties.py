"""What holds for every calendar, zone and year: the engine against a walk minute by minute, and laws of clocks."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation import sla
from escalation.calendar import WEEKDAYS, BusinessCalendar
from escalation.countdown import Countdown, CountdownState, bar, countdown
from escalation.instants import ZERO, utc
from escalation.sla import Clock, ClockKind
from escalation.targets import Counts, StepKind
from tests.unit.escalation.oracle import MINUTE, Pause, Walk

EXAMPLES = 5  # of each; run with thousands after a change of the engine
SAID = settings(max_examples=EXAMPLES, deadline=None, database=None)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TICK = dt.timedelta(microseconds=1)
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc"))
ODD = [  # half hours, gaps of two hours or at midnight, winter time that is the exception, none at all
    "Africa/Cairo", "Africa/Casablanca", "America/Havana", "America/Nuuk", "America/Santiago", "America/St_Johns",
    "Antarctica/Troll", "Asia/Kathmandu", "Asia/Kolkata", "Atlantic/Azores", "Australia/Lord_Howe", "Europe/Dublin",
    "Europe/Warsaw", "Pacific/Chatham",
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A calendar, the walk over the same hours, and an instant in the middle of the walk."""

    calendar: BusinessCalendar
    walk: Walk
    at: dt.datetime


@cache
def changes(zone: ZoneInfo, year: int) -> list[dt.datetime]:
    """Noons, UTC, of the days on which a zone changes its clocks."""
    noons = [dt.datetime(year, 1, 1, 12, tzinfo=dt.UTC) + n * DAY for n in range(366)]
    return [b for a, b in pairwise(noons) if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset()]


def spans(edges: set[int]) -> list[str]:
    """Every two of the quarters of an hour are a span."""
    ordered = sorted(edges)
    pairs = zip(ordered[::2], ordered[1::2], strict=False)
    return [f"{a // 4:02}:{a % 4 * 15:02}-{b // 4:02}:{b % 4 * 15:02}" for a, b in pairs]


EDGES = st.sampled_from([0, 0, 1, 4, 6, 8, 9, 10, 11, 12, 13, 36, 48, 52, 68, 90, 92, 93, 94, 95, 96, 96])
HOURS = st.sets(EDGES, max_size=6).map(spans)
SOME = st.sets(EDGES, min_size=2, max_size=6).map(spans)
WEEK = st.fixed_dictionaries({"mon": SOME, "sun": SOME}, optional=dict.fromkeys(WEEKDAYS[1:6], HOURS))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = ZoneInfo(draw(st.sampled_from(ODD) | st.sampled_from(ZONES)))
    year = draw(st.integers(2020, 2040))
    turns = changes(zone, year)
    day = (
        draw(st.sampled_from(turns))
        if turns and draw(st.integers(0, 3))
        else dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    )
    at = day + draw(st.integers(-2 * 86400, 2 * 86400)) * dt.timedelta(seconds=1)
    if draw(st.booleans()):
        at = at.replace(minute=at.minute // 15 * 15, second=0)
    near = st.integers(-3, 7).map(lambda n: day.date() + n * DAY)
    hours, windows = draw(WEEK), draw(st.dictionaries(st.sampled_from(WEEKDAYS), HOURS, max_size=2))
    holidays = frozenset(draw(st.sets(near, max_size=2)))
    overrides = draw(st.dictionaries(near, HOURS, max_size=2))
    plain = BusinessCalendar(zone=zone, hours=hours, holidays=holidays, overrides=overrides)
    walk = Walk(zone, hours, at, holidays, overrides, windows)
    return Case(plain.with_windows(windows) if windows else plain, walk, at)


PAUSES = st.lists(st.tuples(st.integers(-600, 5000), st.integers(0, 2000)), max_size=3)
LENGTHS = st.integers(0, 40 * 3600).map(lambda n: n * dt.timedelta(seconds=1)) | st.just(ZERO)


def held(case: Case, drawn: list[tuple[int, int]]) -> list[Pause]:
    whole = case.at.replace(second=0)
    return [(whole + a * MINUTE, whole + (a + n) * MINUTE) for a, n in drawn]


@SAID
@given(cases(), LENGTHS, PAUSES)
def test_due_is_what_a_watch_says(case: Case, length: dt.timedelta, drawn: list[tuple[int, int]]) -> None:
    pauses = held(case, drawn)
    due, walked = case.calendar.due(case.at, length, pauses), case.walk.due(case.at, length, pauses)
    if walked is not None and walked < sure(case):
        assert due == walked
    else:
        assert due >= sure(case)


@SAID
@given(cases(), st.integers(0, 5 * 86400), PAUSES)
def test_measure_is_what_a_watch_says(case: Case, seconds: int, drawn: list[tuple[int, int]]) -> None:
    end, pauses = case.at + seconds * dt.timedelta(seconds=1), held(case, drawn)
    assert case.calendar.measure(case.at, end, pauses) == case.walk.measure(case.at, end, pauses)


@SAID
@given(cases())
def test_openings_and_closings_are_what_a_watch_says(case: Case) -> None:
    opens, closes = case.walk.due(case.at, ZERO), case.walk.next_close(case.at)
    said = case.calendar.next_close(case.at)
    assert opens is None or opens >= sure(case) or case.calendar.next_open(case.at) == opens
    assert closes is None or closes >= sure(case) or said == closes
    assert case.calendar.is_open(case.at) == (opens == case.at)
    assert said is None or not case.calendar.is_open(said)


@SAID
@given(cases(), st.integers(1, 4))
def test_business_days_are_what_a_watch_says(case: Case, days: int) -> None:
    opens = case.walk.due(case.at, ZERO)
    walked = None if opens is None or opens >= sure(case) else case.walk.same_time(opens, days)
    if walked is not None:
        assert case.calendar.add_business_days(case.at, days) == walked


@SAID
@given(cases())
def test_spans_are_ordered_disjoint_and_exactly_the_open_minutes(case: Case) -> None:
    walk, told = case.walk, []
    for opens, closes in case.calendar.spans(case.at):
        if opens >= sure(case):
            break
        assert case.at <= opens < closes and (not told or told[-1][1] <= opens)
        told.append((opens, min(closes, sure(case))))
    assert sum((b - a for a, b in told), ZERO) == walk.measure(case.at, sure(case))
    assert all(walk.measure(a, b) == b - a for a, b in told)


def sure(case: Case) -> dt.datetime:
    """Until then the walk has seen whole days."""
    return case.walk.end - 2 * DAY


# Laws of a calendar


@SAID
@given(cases(), LENGTHS.filter(bool), PAUSES)
def test_adding_then_measuring_gives_the_target_back(
    case: Case, length: dt.timedelta, drawn: list[tuple[int, int]]
) -> None:
    pauses = held(case, drawn)
    due = case.calendar.due(case.at, length, pauses)
    assert case.calendar.measure(case.at, due, pauses) == length
    assert case.calendar.measure(case.at, due - TICK, pauses) < length
    assert due >= case.calendar.due(case.at, length)


@SAID
@given(cases(), st.lists(st.integers(0, 2000 * 24), min_size=3, max_size=3).map(sorted), PAUSES)
def test_measuring_adds_up_over_years_and_pauses(
    case: Case, hours: list[int], drawn: list[tuple[int, int]]
) -> None:
    a, b, c = (case.at + n * HOUR for n in hours)
    ab, bc, ac = (case.calendar.measure(x, y, held(case, drawn)) for x, y in ((a, b), (b, c), (a, c)))
    assert ac == ab + bc


# Laws of a clock

TARGETS = st.sampled_from(
    ["1h", "8h30m", "1h-4h", "3bh", "2bd", "next business day", "next business day by 07:00", "same day",
     "next business day by 22:00", "same day before 12:00", "20m"]
)  # fmt: skip
DID = st.lists(st.tuples(st.sampled_from(["pause", "resume", "stop"]), st.integers(1, 3000)), max_size=4)


def lived(case: Case, target: str, counts: Counts, did: list[tuple[str, int]]) -> tuple[Clock, dt.datetime]:
    """Return a clock after what was done to it, and the instant of the last."""
    clock, now = sla.start_clock(ClockKind.RESOLUTION, target, counts, case.at), case.at
    acts: dict[str, Callable[[Clock, dt.datetime], Clock]] = {
        "pause": lambda c, at: sla.pause(c, at, "waiting"),
        "resume": sla.resume,
        "stop": sla.stop,
    }
    for act, minutes in did:
        now += minutes * MINUTE
        clock = acts[act](clock, now)
    return clock, now


def says(clock: Clock, calendar: BusinessCalendar, now: dt.datetime) -> list[object]:
    shares = [sla.at_fraction(clock, calendar, share, now) for share in (0.5, 1.0, 2.0)]
    asked: list[Callable[[Clock, BusinessCalendar, dt.datetime], object]] = [
        sla.elapsed, sla.promise_of, sla.breach, sla.late_from, sla.progress
    ]  # fmt: skip
    return [ask(clock, calendar, now) for ask in asked] + [shares]


CLOCKS = {"case": cases(), "target": TARGETS, "counts": st.sampled_from(Counts), "did": DID}


@SAID
@given(**CLOCKS, other=TARGETS | st.just("as needed"), then=st.sampled_from(Counts))
def test_a_severity_there_and_back_changes_nothing(
    case: Case, target: str, counts: Counts, did: list[tuple[str, int]], other: str, then: Counts
) -> None:
    clock, now = lived(case, target, counts, did)
    back = sla.retarget(sla.retarget(clock, other, then), target, counts)
    assert back == clock and says(back, case.calendar, now) == says(clock, case.calendar, now)


@SAID
@given(**CLOCKS, later=st.integers(0, 4000))
def test_a_breach_is_told_from_the_instant_it_was_announced_for(
    case: Case, target: str, counts: Counts, did: list[tuple[str, int]], later: int
) -> None:
    """`late_from` is the first instant at which `breach` answers, and its answer is the same ever after."""
    clock, now = lived(case, target, counts, did)
    wake = sla.late_from(clock, case.calendar, now)
    if wake is None:
        assert sla.breach(clock, case.calendar, now + later * MINUTE) is None
        return
    assert sla.breach(clock, case.calendar, wake - TICK) is None
    at = sla.breach(clock, case.calendar, max(now, wake))
    assert at == wake - TICK == sla.breach(clock, case.calendar, max(now, wake) + later * MINUTE)


@SAID
@given(**CLOCKS)
def test_shares_come_in_order_and_all_of_it_at_due(
    case: Case, target: str, counts: Counts, did: list[tuple[str, int]]
) -> None:
    clock, now = lived(case, target, counts, did)
    reached = [sla.at_fraction(clock, case.calendar, share, now) for share in (0.1, 0.5, 0.75, 1.0, 1.5, 2.0)]
    told = [at for at in reached if at is not None]
    assert told == sorted(told) and reached[: len(told)] == told  # once not reached, no more
    assert reached[3] in (None, sla.promise_of(clock, case.calendar, now).due)


@SAID
@given(**CLOCKS)
def test_an_explanation_adds_up(case: Case, target: str, counts: Counts, did: list[tuple[str, int]]) -> None:
    clock, now = lived(case, target, counts, did)
    steps = sla.explained(clock, case.calendar, now)
    *told, due = [step for step in steps if step.kind is not StepKind.AIM]
    assert sum((step.counted for step in told), ZERO) == sla.length(clock, case.calendar)
    starts = [
        utc(step.start) for step in told
    ]  # wall times of one zone compare wrongly where one occurs twice
    assert starts == sorted(starts)
    assert due.kind is StepKind.DUE and utc(due.start) == sla.promise_of(clock, case.calendar, now).due


# Laws of a countdown


def looks(said: Countdown) -> tuple[CountdownState, dt.timedelta, str]:
    return said.state, said.remaining, bar(said.fraction)


@SAID
@given(**CLOCKS, at=st.floats(0, 1))
def test_a_countdown_looks_the_same_until_it_changes_and_never_rises(
    case: Case, target: str, counts: Counts, did: list[tuple[str, int]], at: float
) -> None:
    clock, now = lived(case, target, counts, did)
    said = countdown(clock, case.calendar, now, case.calendar.zone)
    for _ in range(6):
        change = said.next_change
        if change is None:
            assert looks(countdown(clock, case.calendar, now + 9 * DAY, case.calendar.zone)) == looks(said)
            return
        assert change > now
        last = change - 2 * TICK  # at due itself nothing is redrawn
        for instant in {now + at * (last - now), last} if last > now else ():
            assert looks(countdown(clock, case.calendar, instant, case.calendar.zone)) == looks(said)
        now, before, said = change, said, countdown(clock, case.calendar, change, case.calendar.zone)
        assert looks(said) != looks(before)
        if said.state is not CountdownState.OVERDUE:
            assert said.remaining <= before.remaining
        assert said.fraction >= before.fraction
