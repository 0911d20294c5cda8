"""Whom it concerns: the people of a team's chains, its desks, a person in private."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable

from bot.app.context import Context
from bot.app.rows import Priority
from bot.app.saying import row
from bot.domain import notices as no
from bot.domain.ids import Address, ChannelName
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


def at_desks(ctx: Context, teams: Iterable[Team], notice: no.Notice) -> None:
    """A line of its own at their desks, in the language and zone of their policy."""
    items = []
    for team in teams:
        policy = ctx.directory.policy(team.policy)
        cards = (desk for desk in team.desks if (can := ctx.setup.can(desk.channel)) and can.cards)
        items += [row(ctx, desk, policy.language, policy.zone.key, notice=notice) for desk in cards]
    ctx.uow.outbox.add(items)


def privately(ctx: Context, person: Person, notice: no.Notice, avoid: Iterable[str] = ()) -> None:
    """To one of us alone: in a chat where they have one, by a way that works where we know of one that does not."""
    able = [c for c in person.identities if (can := ctx.setup.can(c)) is not None and not can.rings]
    if not able:
        return
    bad = set(avoid)

    def rank(channel: ChannelName) -> tuple[bool, bool, bool]:
        can = ctx.setup.capabilities[channel]
        return channel in bad or ctx.setup.down(channel), not can.edits, not can.pages

    channel = min(able, key=rank)
    address = Address(channel=channel, place=person.identities[channel])
    ctx.uow.outbox.add(
        [
            row(
                ctx,
                address,
                ctx.language_of(person),
                person.zone.key,
                notice=notice,
                priority=Priority.DESK,
                lane_key=f"told:{address}",
            )
        ]
    )
