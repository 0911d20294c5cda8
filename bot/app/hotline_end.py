"""How a call ends: talked, a message and everybody paged, hung up and called back, or screened. Nothing else."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.app import pages
from bot.app.context import Context
from bot.app.hotline_ringing import ring_next
from bot.app.hotline_ticket import answer_charge, has_emergency_line, is_desk_open, open_or_join, ticket_of
from bot.app.inbound import CallIn
from bot.app.page_end import log
from bot.app.places import at_desks
from bot.app.record import carry_out
from bot.app.recording_key import recording_url
from bot.app.saying import say, who
from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.hotline import Call, Choice, End, Phase
from bot.domain.ticket import Ticket


def ended(ctx: Context, call: Call, end: End) -> Call:
    """Once: what comes later changes it no more."""
    if call.ended is not None:
        return call
    if call.ticket is not None and end is not End.TALKED:
        told = ev.Called(call=call.id, what=str(end), seconds=call.seconds)
        log(ctx, ticket_of(ctx, call), told)
    return dataclasses.replace(call, ended=ctx.now, end=end)


def talked(ctx: Context, call: Call, c: CallIn) -> Call:
    """The talk is over. One that never began is none: the next phone rings, if the caller is still there."""
    if c.seconds < 1 and not c.gone:
        return ring_next(ctx, dataclasses.replace(call, said="broken"))
    return _talked(ctx, call, c.seconds)


def _talked(ctx: Context, call: Call, seconds: int) -> Call:
    leg = call.legs[-1]
    ticket, name = ticket_of(ctx, call), ctx.setup.name_of(leg.person)
    call = dataclasses.replace(call, phase=Phase.OVER, seconds=seconds, said="talked")
    call = ended(ctx, call, End.TALKED if seconds >= 1 else End.HUNG_UP)
    if seconds < 1:
        _to_be_called_back(ctx, call, ticket)
    elif ticket.status.is_open:
        talk = cmd.Talk(person=leg.person, name=name, via="", seconds=seconds)
        carry_out(ctx, ticket, talk)
    return call


def recorded(ctx: Context, call: Call, c: CallIn) -> Call:
    """They have left a message, or nothing: everybody is paged, with the link; for the desk it is a line."""
    call = dataclasses.replace(
        call, phase=Phase.OVER, recording=c.recording, seconds=c.seconds, said="recorded"
    )
    if c.seconds < 1:
        call = dataclasses.replace(call, recording="")
        return _left(ctx, ended(ctx, call, End.MESSAGE if not c.gone else End.HUNG_UP))
    ctx.uow.calls.save(call)
    return _left(ctx, ended(ctx, call, End.MESSAGE))


def _left(ctx: Context, call: Call) -> Call:
    """Nobody talked to them."""
    ticket = ticket_of(ctx, call)
    if call.recording:
        url = recording_url(ctx.uow, ctx.setup.random, ctx.setup.public_url, call.recording)
        _call_back_line(ctx, call, ticket, "call_message", text=url)
    else:
        _call_back_line(ctx, call, ticket, "call_hung_up" if call.end is End.HUNG_UP else "call_no_message")
    if call.choice is not Choice.DESK:
        ctx.uow.calls.save(call)
        pages.everyone(ctx, ctx.ticket(ticket.id))
    return call


def hung_up(ctx: Context, call: Call) -> Call:
    """The line is dead. Whoever waited is called back; whoever talked has talked."""
    if call.ended is not None or call.phase is Phase.OVER:
        return ended(ctx, call, End.HUNG_UP)
    if call.phase is Phase.TALKING:
        accepted = call.legs[-1].accepted or ctx.now
        return _talked(ctx, call, max(int((ctx.now - accepted).total_seconds()), 0))
    if call.ticket is None and not call.known and call.choice is not Choice.EMERGENCY:
        at_desks(ctx, [ctx.directory.team(call.team)], no.DeskLine(what="call_nothing", text=call.number))
        return ended(ctx, dataclasses.replace(call, phase=Phase.OVER), End.SCREENED)
    if call.ticket is None:
        call = _with_ticket(ctx, call)
    elif call.phase is Phase.CHARGE:
        answer_charge(ctx, call, None)
    left_nothing = call.phase is Phase.MESSAGE
    leg = call.leg
    if leg is not None:
        call = dataclasses.replace(call, legs=(*call.legs[:-1], dataclasses.replace(leg, ended=ctx.now)))
    call = ended(ctx, dataclasses.replace(call, phase=Phase.OVER), End.HUNG_UP)
    if left_nothing:
        return _left(ctx, call)
    _to_be_called_back(ctx, call, ticket_of(ctx, call))
    return call


def _with_ticket(ctx: Context, call: Call) -> Call:
    """Of one who hung up before there was one. Who had chosen nothing is in trouble at night, and not at noon; a charge is
    then asked in writing."""
    if call.choice is Choice.NONE:
        urgent = has_emergency_line(ctx, call) and not is_desk_open(ctx, call)
        return open_or_join(
            ctx, dataclasses.replace(call, choice=Choice.EMERGENCY if urgent else Choice.DESK)
        )
    call = open_or_join(ctx, call)
    answer_charge(ctx, call, None)
    return call


def _to_be_called_back(ctx: Context, call: Call, ticket: Ticket) -> None:
    """Said in the thread with the button; for an emergency somebody is paged until they are called back."""
    _call_back_line(ctx, call, ticket, "call_hung_up")
    if call.choice is not Choice.DESK:
        ctx.uow.calls.save(call)
        pages.call_back(ctx, ctx.ticket(ticket.id))


def _call_back_line(ctx: Context, call: Call, ticket: Ticket, what: str, text: str = "") -> None:
    """Where nobody knows the number there is nothing to tap."""
    said = no.DeskLine(
        what=what,
        text=text,
        name=who(ctx, ticket),
        seconds=call.seconds,
        callback=ticket.id if call.reach else None,
        audience=("tier",) if call.choice is Choice.DESK else (),
    )
    say(ctx, ticket, (no.ToDesk(notice=said),))


def recording_came(ctx: Context, call: Call, recording: str, seconds: int) -> Call:
    """A recording that the end of the call did not tell of: the caller hung up over it."""
    if call.recording or not recording or seconds < 1 or call.ticket is None:
        return call
    call = dataclasses.replace(call, recording=recording, seconds=seconds)
    url = recording_url(ctx.uow, ctx.setup.random, ctx.setup.public_url, recording)
    _call_back_line(ctx, call, ticket_of(ctx, call), "call_message", text=url)
    return call


def transcribed(ctx: Context, call: Call, text: str) -> None:
    """What they said is what they wrote."""
    ticket = ticket_of(ctx, call) if call.ticket is not None else None
    if ticket is None or not text.strip() or not ticket.status.is_open:
        return
    words = cmd.CustomerWrites(
        text=text.strip(), contact=ticket.contact, contact_name=ticket.contact_name or "Customer", urgent=True
    )
    carry_out(ctx, ticket, words)


PATIENCE = dt.timedelta(minutes=4)
"""Nothing that a caller is asked, hears or records takes longer: a line of which nothing is heard for so long is dead."""
LONGEST_TALK = dt.timedelta(hours=4, minutes=10)
"""The vendor ends a talk after four hours."""


def patience_of(call: Call) -> dt.timedelta:
    return LONGEST_TALK if call.phase is Phase.TALKING else PATIENCE
