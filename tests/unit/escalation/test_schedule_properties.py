"""What holds for every rota, zone and year: who is on call against a walk minute by minute."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.instants import Span
from escalation.rotation import Period, Rotation, Unit, WeeklyWindow
from escalation.schedule import (
    Change,
    Override,
    Roster,
    Schedule,
    Shift,
    explain_on_call,
    gaps,
    next_change,
    on_call,
    shifts_of,
)
from tests.unit.escalation.rota_oracle import DAY, DAYS, MINUTE, People, walk

EXAMPLES = 4  # run with thousands after a change of the engine
SAID = settings(max_examples=EXAMPLES, deadline=None, database=None)
MINUTES = 2 * 1440
TICK = dt.timedelta(microseconds=1)
ZONES = [  # north, south, half an hour, two hours, gaps at midnight, winter time that is the exception, none at all
    "Europe/Warsaw", "America/New_York", "America/Santiago", "Australia/Sydney", "Australia/Lord_Howe",
    "Antarctica/Troll", "Africa/Cairo", "America/Havana", "Europe/Dublin", "Africa/Casablanca", "Pacific/Chatham",
    "Pacific/Apia", "Asia/Kathmandu", "Africa/Johannesburg", "UTC",
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A schedule, where the walk begins, and what it saw."""

    schedule: Schedule
    begin: dt.datetime
    walked: list[People]

    @property
    def end(self) -> dt.datetime:
        return self.begin + len(self.walked) * MINUTE


@cache
def changes(zone: ZoneInfo) -> list[dt.datetime]:
    """Days, UTC, on which a zone changes its clocks."""
    days = [dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + n * DAY for n in range(7 * 365)]
    return [a for a, b in pairwise(days) if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset()]


WHO = st.sampled_from(["ada", "grace", "lin", "kay"])
QUARTERS = st.integers(0, 95).map(lambda n: dt.time(n // 4, n % 4 * 15))
NIGHT = st.sampled_from([dt.time(0), dt.time(0, 30), dt.time(2), dt.time(2, 30), dt.time(3)])
WINDOWS = st.builds(
    WeeklyWindow,
    days=st.lists(st.sampled_from(DAYS), min_size=1, max_size=7, unique=True).map(tuple),
    start=QUARTERS | NIGHT,
    end=QUARTERS | NIGHT,
)


@st.composite
def spans(draw: st.DrawFn, begin: dt.datetime) -> Span:
    start = begin + draw(st.integers(-300, MINUTES)) * MINUTE
    return Span(start=start, end=start + draw(st.integers(0, 1500)) * MINUTE)


@st.composite
def rotations(draw: st.DrawFn, zone: ZoneInfo, begin: dt.datetime) -> Rotation:
    unit = draw(st.sampled_from(list(Unit)))
    away = draw(st.integers(-40, 40) if unit is Unit.HOURS else st.integers(-900, 900))
    date = (begin + away * DAY).date()
    return Rotation(
        people=tuple(draw(st.lists(WHO, min_size=1, max_size=4))),
        every=Period(count=draw(st.integers(1, 3)), unit=unit),
        handover=dt.datetime.combine(date, draw(QUARTERS | NIGHT)),
        zone=zone,
        restrictions=tuple(draw(st.lists(WINDOWS, max_size=2))),
        joins=draw(st.booleans()),
    )


@st.composite
def rosters(draw: st.DrawFn, begin: dt.datetime) -> Roster:
    listed = draw(st.lists(st.tuples(WHO, spans(begin)), max_size=6))
    shifts = tuple(Shift(person=person, span=span) for person, span in listed)
    return Roster(source="rota.ics", shifts=shifts, joins=draw(st.booleans()))


@st.composite
def overrides(draw: st.DrawFn, begin: dt.datetime) -> Override:
    change = draw(st.sampled_from(list(Change)))
    replaces = draw(st.none() | WHO) if change is Change.INSTEAD else None
    return Override(person=draw(WHO), span=draw(spans(begin)), replaces=replaces, change=change)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    turned = changes(zone)
    if turned and draw(st.integers(0, 3)):
        begin = draw(st.sampled_from(turned)) - draw(st.integers(0, 1440)) * MINUTE
    else:
        begin = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + draw(st.integers(0, 7 * 365 * 1440)) * MINUTE
    layers = draw(st.lists(rotations(zone, begin) | rosters(begin), max_size=3))
    changed = draw(st.lists(overrides(begin), max_size=4))
    schedule = Schedule(name="standby", zone=zone, layers=tuple(layers), overrides=tuple(changed))
    return Case(schedule, begin, walk(schedule, begin, MINUTES))


@SAID
@given(cases(), st.lists(st.integers(0, MINUTES * 60 - 1), max_size=30))
def test_who_is_on_call_is_what_a_watch_says(case: Case, seconds: list[int]) -> None:
    for second in seconds:
        at = case.begin + dt.timedelta(seconds=second)
        assert on_call(case.schedule, at) == case.walked[second // 60]


@SAID
@given(cases(), st.integers(0, MINUTES - 1))
def test_the_next_change_is_what_a_watch_says(case: Case, minute: int) -> None:
    now = set(case.walked[minute])
    seen = next((n for n in range(minute, MINUTES) if set(case.walked[n]) != now), None)
    said = next_change(case.schedule, case.begin + minute * MINUTE)
    if seen is None:
        assert said is None or said >= case.end
    else:
        assert said == case.begin + seen * MINUTE


@SAID
@given(cases())
def test_gaps_are_what_a_watch_says(case: Case) -> None:
    said = gaps(case.schedule, case.begin, case.end)
    empty = {
        n for gap in said for n in range((gap.start - case.begin) // MINUTE, (gap.end - case.begin) // MINUTE)
    }
    assert empty == {n for n, people in enumerate(case.walked) if not people}
    assert all(a.end < b.start for a, b in pairwise(said))


@SAID
@given(cases())
def test_shifts_are_what_a_watch_says(case: Case) -> None:
    """No hole, no overlap: what each person has is every minute that they are on, once."""
    said = shifts_of(case.schedule, case.begin, case.end)
    found: list[set[str]] = [set() for _ in range(MINUTES)]
    for shift in said:
        for n in range(*((edge - case.begin) // MINUTE for edge in shift.span)):
            assert shift.person not in found[n]
            found[n].add(shift.person)
    assert found == [set(people) for people in case.walked]
    assert [s.span.start for s in said] == sorted(s.span.start for s in said)
    by_person = {p: [s.span for s in said if s.person == p] for p in {s.person for s in said}}
    assert all(a.end < b.start for mine in by_person.values() for a, b in pairwise(mine))


@SAID
@given(cases(), st.integers(0, MINUTES * 60 - 1))
def test_who_is_on_is_explained(case: Case, second: int) -> None:
    at = case.begin + dt.timedelta(seconds=second)
    said = explain_on_call(case.schedule, at)
    assert tuple(source.person for source in said) == on_call(case.schedule, at)
    for source in said:
        assert (source.layer is None) != (source.override is None)
        assert source.since is None or source.since <= at
        assert source.until is None or source.until > at
        for edge in (source.since and source.since - TICK, source.until):
            assert edge is None or source.person not in on_call(case.schedule, edge)
