"""Whom it concerns: the people of a team's chains, its desks, a person in private."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable

from bot.app.context import Context
from bot.domain.people import Person, Team, Unlisted
from bot.domain.rota import chains_of
from escalation.rotation import Rotation
from escalation.schedule import Roster, Schedule

UNREAD = dt.timedelta(minutes=5)
"""A schedule whose calendar has never been read is looked at again after this."""


def people_in(ctx: Context, team: Team) -> tuple[Person, ...]:
    """Everyone whom the team's chains may page at some time, in the order of the chains."""
    found: dict[str, Person] = {}
    for chain in chains_of(ctx.directory, team):
        for target in dict.fromkeys(target for step in chain.steps for target in step.targets):
            found |= {person.id: person for person in _meant(ctx, target, team)}
    return tuple(found.values())


def _meant(ctx: Context, target: str, team: Team) -> Iterable[Person]:
    kind, _, name = target.partition(":")
    with contextlib.suppress(Unlisted):
        if kind != "schedule":
            return ctx.resolve(target, team.name)
        ids = dict.fromkeys(people_on(ctx.schedule(name)))
        return [person for id in ids if (person := ctx.directory.listed(id)) is not None]
    return ()


def is_read(ctx: Context, schedule: str) -> bool:
    """Have all calendars that the schedule is read from been read? Before that nobody knows who is on call.

    Raises Unlisted."""
    sources = [it.source for it in ctx.directory.schedule(schedule).layers if isinstance(it, Roster)]
    kept = [ctx.uow.rota.roster(source) for source in sources]
    return all(roster is not None and roster.fetched is not None for roster in kept)


def people_on(schedule: Schedule) -> list[str]:
    """Whoever is in its layers or overrides, some more than once."""
    found: list[str] = []
    for layer in schedule.layers:
        found += layer.people if isinstance(layer, Rotation) else [shift.person for shift in layer.shifts]
    return found + [over.person for over in schedule.overrides]


def leads_of(ctx: Context, person: Person) -> tuple[Person, ...]:
    """The leads of their teams, themselves left out."""
    found = (p for team in sorted(person.teams) for p in ctx.directory.people_of(team) if "lead" in p.roles)
    return tuple({p.id: p for p in found if p.id != person.id}.values())
