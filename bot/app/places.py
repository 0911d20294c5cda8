"""Where words reach us: a team's desks, and one of us in private."""

from __future__ import annotations

from collections.abc import Iterable

from bot.app.context import Context
from bot.app.saying import row
from bot.domain import notices as no
from bot.domain.ids import Address, ChannelName
from bot.domain.people import Person, Team


def at_desks(ctx: Context, teams: Iterable[Team], notice: no.Notice) -> None:
    """A line of its own at their desks, each desk once, in the language and zone of their policy."""
    told: dict[Address, Team] = {}
    for team in teams:
        for desk in team.desks:
            if ctx.setup.can(desk.channel) is not None:
                told.setdefault(desk, team)
    items = []
    for desk, team in told.items():
        policy = ctx.directory.policy(team.policy)
        items.append(row(ctx, desk, policy.language, policy.zone.key, notice=notice))
    ctx.uow.outbox.add(items)


def private_place(ctx: Context, person: Person, avoid: Iterable[str] = ()) -> Address | None:
    """A chat before a message to a phone, never a call; not one of `avoid`, nor one whose vendor is down, where there is
    another. None where there is neither."""
    bad = set(avoid)

    def rank(channel: ChannelName) -> tuple[bool, bool, bool]:
        can = ctx.setup.capabilities[channel]
        return channel in bad or ctx.setup.down(channel), not can.edits, not can.pages

    able = [
        channel
        for channel in person.identities
        if (can := ctx.setup.can(channel)) is not None
        and not can.rings
        and (can.edits or can.pages or can.session is None)
    ]
    best = min(able, key=rank, default=None)
    return Address(channel=best, place=person.identities[best]) if best is not None else None


def privately(ctx: Context, person: Person, notice: no.Notice, avoid: Iterable[str] = ()) -> bool:
    """To one of us alone, in their language and zone; false where there is no place for it."""
    address = private_place(ctx, person, avoid)
    if address is None:
        return False
    language, zone = ctx.language_of(person), person.zone.key
    ctx.uow.outbox.add([row(ctx, address, language, zone, notice=notice, lane_key=f"told:{address}")])
    return True
