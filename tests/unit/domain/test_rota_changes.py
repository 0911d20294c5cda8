"""What an override changes, along a schedule in which Ada and Grace take turns day by day at 09:00."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.ids import PersonId
from bot.domain.rota import (
    changes,
    differences,
    may_be_on,
    people_named,
    schedules_for,
    shifts_of,
    teams_of,
    turn_at,
    turns,
)
from escalation.instants import Span
from escalation.office import AfterHours
from escalation.rotation import Period, Rotation, Unit
from escalation.schedule import Change, Override, Schedule
from tests.builders import ZONE, directory, person, policy

MONDAY = dt.datetime(2026, 11, 23, 7, 0, tzinfo=dt.UTC)  # 09:00 in Johannesburg: Ada takes over
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
DAILY = Rotation(
    people=("ada", "grace"),
    every=Period(count=1, unit=Unit.DAYS),
    handover=dt.datetime(2026, 11, 23, 9, 0),  # noqa: DTZ001
    zone=ZONE,
)
STANDBY = Schedule(name="standby", zone=ZONE, layers=(DAILY,))


def span(start: float, end: float) -> Span:
    """In hours from Monday 09:00."""
    return Span(start=MONDAY + start * HOUR, end=MONDAY + end * HOUR)


def seen(schedule: Schedule, override: Override) -> list[tuple[str, str, float, float]]:
    return [
        (
            "+".join(c.before),
            "+".join(c.after),
            (c.span.start - MONDAY) / HOUR,
            (c.span.end - MONDAY) / HOUR,
        )
        for c in changes(schedule, override)
    ]


def test_the_turns_of_a_span_have_no_hole() -> None:
    found = turns(STANDBY, span(12, 60))
    assert [("".join(t.people), t.span) for t in found] == [
        ("ada", span(12, 24)),
        ("grace", span(24, 48)),
        ("ada", span(48, 60)),
    ]


def test_instead_of_everybody_and_instead_of_one() -> None:
    lin = Override(person="lin", span=span(12, 60))
    assert seen(STANDBY, lin) == [
        ("ada", "lin", 12, 24),
        ("grace", "lin", 24, 48),
        ("ada", "lin", 48, 60),
    ]
    one = dataclasses.replace(lin, replaces="grace")
    assert seen(STANDBY, one) == [("grace", "lin", 24, 48)]


def test_beside_and_off() -> None:
    beside = Override(person="lin", span=span(0, 12), change=Change.ADD)
    assert seen(STANDBY, beside) == [("ada", "ada+lin", 0, 12)]
    off = Override(person="ada", span=span(0, 36), change=Change.REMOVE)
    assert seen(STANDBY, off) == [("ada", "", 0, 24)]


def test_what_is_so_already_is_no_change() -> None:
    assert seen(STANDBY, Override(person="ada", span=span(0, 24))) == []
    assert seen(STANDBY, Override(person="ada", span=span(0, 30))) == [("grace", "ada", 24, 30)]


def test_a_cancelled_one_shows_what_comes_back() -> None:
    override = Override(person="lin", span=span(0, 12))
    arranged = dataclasses.replace(STANDBY, overrides=(override,))
    (back,) = differences(arranged, STANDBY, override.span)
    assert (back.before, back.after) == (("lin",), ("ada",))


def test_shifts_of_one_person() -> None:
    assert shifts_of(STANDBY, PersonId("ada"), span(12, 60)) == (span(12, 24), span(48, 60))
    assert shifts_of(STANDBY, PersonId("lin"), span(12, 60)) == ()


def test_now_and_next() -> None:
    current, following = turn_at(STANDBY, MONDAY + HOUR)
    assert (current.people, current.span.end) == (("ada",), MONDAY + DAY)
    assert following is not None and following.people == ("grace",)
    alone = dataclasses.replace(STANDBY, layers=(dataclasses.replace(DAILY, people=("ada",)),))
    assert turn_at(alone, MONDAY) == (turn_at(alone, MONDAY)[0], None)


def test_whom_a_schedule_pages() -> None:
    here = directory(schedules=(STANDBY, dataclasses.replace(STANDBY, name="nights")))
    assert [t.name for t in teams_of(here, "standby")] == ["desk"]
    assert teams_of(here, "nights") == ()
    assert [s.name for s in schedules_for(here, here.people[0])] == ["standby"]
    operator = person("opal", "Opal", roles=frozenset({"operator"}))
    assert may_be_on(here, "nights", here.people[0]), "it pages nobody's team: any engineer may"
    assert not may_be_on(here, "nights", operator)
    assert not may_be_on(here, "standby", operator)


def test_a_chain_that_only_the_policy_names_counts_too() -> None:
    rule = AfterHours(page=True, chain="nightly")
    here = directory()
    nightly = dataclasses.replace(
        here.chains[0],
        name="nightly",
        steps=(dataclasses.replace(here.chains[0].steps[0], targets=("schedule:nights",)),),
    )
    more = dataclasses.replace(here, chains=(*here.chains, nightly), policies=(policy(after_hours=(rule,)),))
    assert [t.name for t in teams_of(more, "nights")] == ["desk"]


def test_people_go_by_id_name_identity_or_first_name() -> None:
    here = directory(
        people=(person("ada", "Ada Lovelace", "U0ADA"), person("a2", "Ada Brown"), person("g", "Grace Hill"))
    )

    def named(words: str) -> list[str]:
        return [p.id for p in people_named(here, words)]

    assert named("ADA") == ["ada"], "an id beats a first name"
    assert named("ada brown") == ["a2"]
    assert named("@U0ADA") == ["ada"]
    assert named("Grace") == ["g"]
    assert named("Greta") == []
    assert named("") == []
