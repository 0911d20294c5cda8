"""Who calls, and whether they are asked anything: somebody who waits already is not asked twice, and one who calls again
and again is screened, unless they are a customer of ours."""

from __future__ import annotations

import dataclasses

from bot.app.context import Context
from bot.app.customers import GUESTS, organisation_of
from bot.app.hotline_charge import charged_or_on
from bot.app.hotline_end import ended
from bot.app.hotline_ringing import ring_next
from bot.app.hotline_ticket import (
    CALL,
    has_emergency_line,
    joined,
    open_or_join,
    stranger,
    team_of,
    theirs,
    waits_already,
)
from bot.app.hotline_watch import watch
from bot.app.inbound import CallIn, CallReportIn
from bot.app.places import at_desks
from bot.domain import notices as no
from bot.domain.hotline import AN_HOUR, SCREENED, Call, Choice, End, Phase
from bot.domain.ids import ChannelName
from bot.domain.people import Contact


def missed(ctx: Context, c: CallReportIn) -> Call | None:
    """A call whose first request never reached us: they heard what answers when we are down, and are in trouble. Nothing
    is known of one that only a transcript tells of."""
    if c.what == "transcript":
        return None
    call = dataclasses.replace(came(ctx, c), said="missed")
    choice = Choice.EMERGENCY if has_emergency_line(ctx, call) else Choice.DESK
    call = open_or_join(ctx, dataclasses.replace(call, choice=choice))
    watch(ctx, call)
    return call


def came(ctx: Context, c: CallIn | CallReportIn) -> Call:
    """A call that we have not seen before."""
    number = c.sender.id
    contact = caller(ctx, number)
    organisation, team = organisation_of(ctx, contact or stranger())
    return Call(
        id=c.call,
        number=number,
        began=ctx.now,
        heard=ctx.now,
        language=organisation.language,
        zone=organisation.zone.key,
        team=team.name,
        contact=contact.id if contact else None,
        known=contact is not None and contact.organisation != GUESTS,
    )


def caller(ctx: Context, number: str) -> Contact | None:
    """The contact with this number, on whatever channel they are known by it."""
    if not number:
        return None
    by_number = [name for name, can in ctx.setup.capabilities.items() if can.by_number]
    for channel in (CALL, *by_number):
        contact = ctx.contact_at(ChannelName(channel), number)
        if contact is not None:
            return contact
    return None


def at_the_door(ctx: Context, call: Call) -> Call:
    """Whoever waits already goes on waiting, for the same ticket; else they hear the menu."""
    watch(ctx, call)
    hotline = ctx.directory.hotline
    live = ctx.uow.calls.live()
    waiting = waits_already(ctx, call)
    if waiting is not None:
        call = dataclasses.replace(call, choice=Choice.EMERGENCY, said="again")
        return ring_next(ctx, joined(ctx, call, waiting))
    most = hotline.per_caller if call.number else hotline.at_once
    often = ctx.uow.calls.since(call.number, ctx.now - AN_HOUR) >= most
    crowded = sum(1 for other in live if other.by is None) >= hotline.at_once
    if not often and not crowded:
        return call
    if not call.known and not _is_paged_for(ctx, call):
        return _screened(ctx, call, "screened" if often and call.number else "full")
    choice = Choice.EMERGENCY if has_emergency_line(ctx, call) else Choice.DESK
    call = open_or_join(ctx, dataclasses.replace(call, choice=choice, crowded=True))
    if choice is Choice.DESK:
        return dataclasses.replace(call, phase=Phase.MESSAGE, said="crowded")
    return charged_or_on(ctx, call)


def _is_paged_for(ctx: Context, call: Call) -> bool:
    """Somebody unknown whose emergency nobody has answered yet is no stranger."""
    return any(ctx.uow.pages.open_of(ticket) is not None for ticket in theirs(ctx, call))


def _screened(ctx: Context, call: Call, why: str) -> Call:
    """Nobody whom we know, too often or among too many: they are told so, and the desk is, once an hour."""
    call = dataclasses.replace(call, phase=Phase.OVER, said=why)
    known = SCREENED.format(number=call.number if why == "screened" else "")
    if ctx.uow.calls.since(known, ctx.now - AN_HOUR) == 0:
        what = "call_screened" if why == "screened" else "call_crowd"
        line = no.DeskLine(what=what, text=call.number)
        at_desks(ctx, [team_of(ctx, call)], line)
    return ended(ctx, call, End.SCREENED)
