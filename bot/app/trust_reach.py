"""Whether a page would reach the people of a team's chains: looked at each Monday, told only where there is doubt."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from bot.app import trust
from bot.app.context import Context
from bot.app.duty import Chore, DrillTry
from bot.app.places import at_desks
from bot.app.rows import SendState
from bot.app.trust_hours import next_monday
from bot.app.trust_places import people_in
from bot.domain.people import Person
from bot.domain.trust_notices import Doubt, FailedWay, HardToReach

WEEK = dt.timedelta(days=7)
UNTESTED = dt.timedelta(days=30)
_ERROR = 60


def first(ctx: Context, name: str) -> dt.datetime:
    """The first Monday morning in the zone of the team's policy. Raises Unlisted."""
    team = ctx.directory.team(name)
    return next_monday(ctx.directory.policy(team.policy).zone, ctx.now)


def look(ctx: Context, chore: Chore, name: str) -> Chore:
    """One report a week. Raises Unlisted."""
    team = ctx.directory.team(name)
    doubts = tuple(d for person in people_in(ctx, team) if (d := _doubt(ctx, person)) is not None)
    if doubts:
        at_desks(ctx, (team,), HardToReach(team=name, doubts=doubts))
    return dataclasses.replace(chore, due=first(ctx, name))


def _doubt(ctx: Context, person: Person) -> Doubt | None:
    ways = tuple(dict.fromkeys(ctx.setup.label(way.channel) for way in trust.ways_of(ctx, person)))
    drills = ctx.uow.drills.of(person.id, ctx.now - UNTESTED)
    tries = [it for d in drills if d.ended is not None and d.began >= ctx.now - WEEK for it in d.tries]
    failed = _failed(ctx, person, tries)
    silent = {it.method for it in tries if it.answered is None} - failed.keys()
    doubt = Doubt(
        id=person.id,
        name=person.name,
        ways=ways,
        alone=len(ways) == 1 and sum(can.pages for can in ctx.setup.capabilities.values()) > 1,
        failed=tuple(
            FailedWay(way=ctx.setup.label(method), times=len(whys), error=whys[-1][:_ERROR] or "?")
            for method, whys in failed.items()
        ),
        unanswered=tuple(ctx.setup.label(method) for method in person.identities if method in silent),
        untested=bool(ways) and not drills,
    )
    fine = ways and not (doubt.alone or doubt.failed or doubt.unanswered or doubt.untested)
    return None if fine else doubt


def _failed(ctx: Context, person: Person, tries: Sequence[DrillTry]) -> dict[str, list[str]]:
    """By each way, why real pages and tests of the week did not arrive."""
    errors: dict[str, list[str]] = {}
    for item in ctx.uow.outbox.of_person(person.id, ctx.now - WEEK):
        if item.state == SendState.FAILED:
            errors.setdefault(item.method, []).append(item.error)
    for it in tries:
        if it.answered is None and it.error:
            errors.setdefault(it.method, []).append(it.error)
    return errors
