"""Which line: the desk, which is there in office hours, or the emergency line, which always is."""

from __future__ import annotations

import dataclasses

from bot.app.context import Context
from bot.app.customers import actor_of
from bot.app.hotline_charge import charged_or_on
from bot.app.hotline_ticket import (
    contact_of,
    has_emergency_line,
    is_desk_open,
    joined,
    opened_new,
    theirs,
    ticket_of,
    waits_already,
)
from bot.app.inbound import CallIn
from bot.app.record import carry_out
from bot.domain import commands as cmd
from bot.domain.events import How
from bot.domain.hotline import Call, Choice, Phase
from bot.domain.status import Status


def desk_chosen(ctx: Context, call: Call, c: CallIn) -> Call:
    """Where the desk is closed they hear when it opens, and that there is the emergency line."""
    call = dataclasses.replace(call, choice=Choice.DESK, tries=0, said="")
    if not is_desk_open(ctx, call):
        return dataclasses.replace(call, phase=Phase.CLOSED)
    return _about_what(ctx, call)


def emergency_chosen(ctx: Context, call: Call, c: CallIn) -> Call:
    """Where nobody is paged at this hour whatever happens, the line is the desk's, and they are told so."""
    call = dataclasses.replace(call, tries=0, said="")
    if not has_emergency_line(ctx, call):
        call = dataclasses.replace(call, choice=Choice.DESK)
        if is_desk_open(ctx, call):
            return charged_or_on(ctx, call) if call.ticket else _about_what(ctx, call)
        return dataclasses.replace(call, phase=Phase.CLOSED, said="no_emergency_line")
    call = dataclasses.replace(call, choice=Choice.EMERGENCY)
    if call.ticket is None:
        return _about_what(ctx, call)
    ticket, by = ticket_of(ctx, call), actor_of(contact_of(ctx, call))
    if ticket.status is Status.CLOSED:
        return charged_or_on(ctx, opened_new(ctx, call))
    if ticket.status is Status.RESOLVED:
        ticket = carry_out(ctx, ticket, cmd.Reopen(by=by))
    urgent = ctx.policy(ticket).most_urgent.id
    if ticket.severity != urgent:
        carry_out(ctx, ticket, cmd.SetSeverity(severity=urgent, how=How.CHANGED, by=by))
    return charged_or_on(ctx, call)


def leave_message(ctx: Context, call: Call, c: CallIn) -> Call:
    """For the desk, which is not there or does not answer."""
    call = dataclasses.replace(call, tries=0, said="")
    if call.ticket is None:
        return _about_what(ctx, call)
    return dataclasses.replace(call, phase=Phase.MESSAGE)


def _about_what(ctx: Context, call: Call) -> Call:
    """Something new, or one of their open tickets?"""
    waiting = waits_already(ctx, call) if call.choice is Choice.EMERGENCY else None
    if waiting is not None:  # another line of theirs was faster
        return charged_or_on(ctx, joined(ctx, call, waiting))
    offered = theirs(ctx, call)
    if offered:
        return dataclasses.replace(call, phase=Phase.WHICH, offered=offered)
    return charged_or_on(ctx, opened_new(ctx, call))
