"""Whom a schedule concerns, and who is on call along a span. Pure: the schedule comes with everything that was arranged."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence

from bot.domain.ids import PersonId, TeamName
from bot.domain.people import Directory, Person, Team, Unlisted
from escalation import schedule as schedules
from escalation.chain import Chain
from escalation.instants import Span
from escalation.schedule import Override, Schedule, next_change, on_call


@dataclasses.dataclass(frozen=True, kw_only=True)
class Turn:
    """`people` are on call during `span`; nobody is a gap."""

    people: tuple[PersonId, ...]
    span: Span


@dataclasses.dataclass(frozen=True, kw_only=True)
class Change:
    """During `span`, `after` are on call where `before` were."""

    before: tuple[PersonId, ...]
    after: tuple[PersonId, ...]
    span: Span


def turns(schedule: Schedule, span: Span) -> tuple[Turn, ...]:
    """Who is on call along the span, in order, without a hole."""
    found: list[Turn] = []
    at = span.start
    while at < span.end:
        change = next_change(schedule, at)
        until = span.end if change is None else min(change, span.end)
        people = tuple(PersonId(id) for id in on_call(schedule, at))
        found.append(Turn(people=people, span=Span(start=at, end=until)))
        at = until
    return tuple(found)


def turn_at(schedule: Schedule, at: dt.datetime) -> tuple[Turn, Turn | None]:
    """Who is on at `at` (the turn seen from there on), and who is next; None where nothing changes any more.

    A turn without an end in sight ends where it begins."""
    people = tuple(PersonId(id) for id in on_call(schedule, at))
    until = next_change(schedule, at)
    if until is None:
        return Turn(people=people, span=Span(start=at, end=at)), None
    following = tuple(PersonId(id) for id in on_call(schedule, until))
    over = next_change(schedule, until) or until
    return Turn(people=people, span=Span(start=at, end=until)), Turn(
        people=following, span=Span(start=until, end=over)
    )


def changes(schedule: Schedule, override: Override) -> tuple[Change, ...]:
    """What the override would change, in order; empty where it changes nothing."""
    changed = dataclasses.replace(schedule, overrides=(*schedule.overrides, override))
    return differences(schedule, changed, override.span)


def differences(before: Schedule, after: Schedule, span: Span) -> tuple[Change, ...]:
    """Where the two differ along the span, in order. Equal ones that touch are one."""
    found: list[Change] = []
    for new in turns(after, span):
        for old in turns(before, new.span):
            if set(old.people) == set(new.people):
                continue
            change = Change(before=old.people, after=new.people, span=old.span)
            if found and _goes_on(found[-1], change):
                change = dataclasses.replace(
                    change, span=Span(start=found.pop().span.start, end=change.span.end)
                )
            found.append(change)
    return tuple(found)


def _goes_on(last: Change, change: Change) -> bool:
    same = (last.before, last.after) == (change.before, change.after)
    return same and last.span.end == change.span.start


def shifts_of(schedule: Schedule, person: PersonId, span: Span) -> tuple[Span, ...]:
    """The parts of the span in which this person is on call, touching ones joined."""
    found = schedules.shifts_of(schedule, span.start, span.end)
    return tuple(shift.span for shift in found if shift.person == person)


# ---------------------------------------------------------------- whom it concerns
def teams_of(directory: Directory, schedule: str) -> tuple[Team, ...]:
    """The teams that the schedule pages: by their own chains, or by those that their policy names for some hours."""
    target = f"schedule:{schedule}"
    return tuple(
        team
        for team in directory.teams
        if any(target in step.targets for chain in chains_of(directory, team) for step in chain.steps)
    )


def chains_of(directory: Directory, team: Team) -> Iterator[Chain]:
    """Every chain that the team's tickets may page: its own, and those that its policy names for some hours."""
    names = dict.fromkeys(team.chains.values())
    with contextlib.suppress(Unlisted):
        names |= dict.fromkeys(rule.chain for rule in directory.policy(team.policy).after_hours)
    known = {chain.name: chain for chain in directory.chains}
    yield from (known[name] for name in names if name in known)


def may_be_on(directory: Directory, schedule: str, person: Person) -> bool:
    """Is this person an engineer of a team that the schedule pages? Of one that pages nobody's, every engineer is."""
    teams = teams_of(directory, schedule)
    if not teams:
        return is_engineer(person)
    return any(person.is_engineer_of(team.name) for team in teams)


def is_engineer(person: Person) -> bool:
    return bool(person.roles & {"engineer", "lead"})


def schedules_for(directory: Directory, person: Person) -> tuple[Schedule, ...]:
    """Those that page this person's teams."""
    own: set[TeamName] = set(person.teams)
    return tuple(
        schedule
        for schedule in directory.schedules
        if any(team.name in own for team in teams_of(directory, schedule.name))
    )


def people_named(directory: Directory, words: str) -> tuple[Person, ...]:
    """Whom these words mean: an id, a name, an identity on a channel, or a first name. Several where that is unclear."""
    wanted = words.casefold().lstrip("@").strip()
    for names in (_by_id, _by_name, _by_identity, _by_first_name):
        found = tuple(person for person in directory.people if wanted and wanted in names(person))
        if found:
            return found
    return ()


def _by_id(person: Person) -> Sequence[str]:
    return (person.id.casefold(),)


def _by_name(person: Person) -> Sequence[str]:
    return (" ".join(person.name.casefold().split()),)


def _by_identity(person: Person) -> Sequence[str]:
    return tuple(identity.casefold() for identity in person.identities.values())


def _by_first_name(person: Person) -> Sequence[str]:
    return tuple(person.name.casefold().split()[:1])
