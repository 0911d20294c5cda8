"""How a call ends: talked, a message and everybody paged, hung up and called back, or screened. Nothing else."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.app import attempts, pages
from bot.app.context import Context
from bot.app.customers import actor_of
from bot.app.hotline_ringing import ring_next
from bot.app.hotline_ticket import (
    answer_charge,
    caller_name,
    contact_of,
    has_emergency_line,
    is_desk_open,
    open_or_join,
    opened_new,
    team_of,
    ticket_of,
)
from bot.app.inbound import CallIn
from bot.app.page_end import log
from bot.app.places import at_desks
from bot.app.record import carry_out
from bot.app.recording_key import recording_url
from bot.app.saying import say
from bot.app.talks import keep_talk
from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.hotline import Call, Choice, End, Phase
from bot.domain.status import Status


def ended(ctx: Context, call: Call, end: End) -> Call:
    """Once: what comes later changes it no more."""
    if call.ended is not None:
        return call
    if call.ticket is not None and end is not End.TALKED:
        told = ev.Called(call=call.id, what=str(end), seconds=call.seconds)
        log(ctx, ticket_of(ctx, call), told)
    return dataclasses.replace(call, ended=ctx.now, end=end)


def talked(ctx: Context, call: Call, c: CallIn) -> Call:
    """The talk is over. One that never began is none: the phone rings again, if the caller is still there."""
    accepted, seconds = call.legs[-1].accepted or ctx.now, c.seconds
    if not c.bridged:  # the vendor may count from the pick-up
        seconds = min(seconds, max(int((ctx.now - accepted).total_seconds()), 0))
    if seconds < 1 and not c.gone:
        return ring_next(ctx, dataclasses.replace(call, said="broken"))
    return _talked(ctx, call, seconds)


def _talked(ctx: Context, call: Call, seconds: int) -> Call:
    person = call.legs[-1].person
    call = dataclasses.replace(call, phase=Phase.OVER, seconds=seconds, said="talked")
    call = ended(ctx, call, End.TALKED if seconds >= 1 else End.HUNG_UP)
    if seconds < 1:
        return _to_be_called_back(ctx, call)
    keep_talk(ctx, ticket_of(ctx, call), person, call.id, seconds)
    return call


def recorded(ctx: Context, call: Call, c: CallIn) -> Call:
    """They have left a message, or nothing: everybody is paged, with the link; for the desk it is a line."""
    if c.seconds < 1:
        call = dataclasses.replace(call, phase=Phase.OVER, said="no_message")
        return _left(ctx, ended(ctx, call, End.HUNG_UP if c.gone else End.MESSAGE))
    call = dataclasses.replace(
        call, phase=Phase.OVER, recording=c.recording, seconds=c.seconds, said="recorded"
    )
    return _left(ctx, ended(ctx, call, End.MESSAGE))


def _left(ctx: Context, call: Call) -> Call:
    """Nobody talked to them."""
    call = _open_again(ctx, call)
    ctx.uow.calls.save(call)
    if call.choice is not Choice.DESK:
        answer_charge(ctx, call, None)  # somebody else of theirs may have declined it meanwhile
        carry_out(ctx, ticket_of(ctx, call), cmd.CallInVain())
    if call.recording:
        _message_line(ctx, call)
    else:
        _call_back_line(ctx, call, "call_hung_up" if call.end is End.HUNG_UP else "call_no_message")
    if call.choice is not Choice.DESK:
        attempts.refresh(ctx, ticket_of(ctx, call))
        pages.everyone(ctx, ticket_of(ctx, call))
    return call


def _open_again(ctx: Context, call: Call) -> Call:
    """Somebody took it for done while they were on the line: it is not."""
    ticket = ticket_of(ctx, call)
    if ticket.status is Status.RESOLVED:
        carry_out(ctx, ticket, cmd.Reopen(by=actor_of(contact_of(ctx, call))))
    elif ticket.status is Status.CLOSED:
        return opened_new(ctx, call)
    return call


def hung_up(ctx: Context, call: Call) -> Call:
    """The line is dead. Whoever waited is called back; whoever talked has talked."""
    if call.ended is not None or call.phase is Phase.OVER:
        return ended(ctx, call, End.HUNG_UP)
    if call.phase is Phase.TALKING:
        accepted = call.legs[-1].accepted or ctx.now
        return _talked(ctx, call, max(int((ctx.now - accepted).total_seconds()), 0))
    if call.ticket is None and not call.known and call.choice is not Choice.EMERGENCY:
        what = "call_desk_nothing" if call.choice is Choice.DESK else "call_nothing"
        at_desks(ctx, [team_of(ctx, call)], no.DeskLine(what=what, text=call.number))
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
    return _left(ctx, call) if left_nothing else _to_be_called_back(ctx, call)


def lost(ctx: Context, call: Call) -> Call:
    """A line of which nothing is heard any more; how long a talk was, nobody knows."""
    if call.phase is not Phase.TALKING:
        return hung_up(ctx, call)
    keep_talk(ctx, ticket_of(ctx, call), call.legs[-1].person, call.id, 0)
    return ended(ctx, call, End.TALKED)


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


def _to_be_called_back(ctx: Context, call: Call) -> Call:
    """Said in the thread with the button; for an emergency somebody is paged until they are called back. Not of one who
    is on the line with another call, or has talked since."""
    others = (o for o in ctx.uow.calls.of(ticket_of(ctx, call).id) if o.id != call.id and o.by is None)
    if any(_excuses(other, call) for other in others):
        return call
    ctx.uow.calls.save(call)
    _call_back_line(ctx, call, "call_hung_up")
    if call.choice is not Choice.DESK:
        carry_out(ctx, ticket_of(ctx, call), cmd.CallInVain())
        attempts.refresh(ctx, ticket_of(ctx, call))
        pages.call_back(ctx, ticket_of(ctx, call))
    return call


def _excuses(other: Call, call: Call) -> bool:
    """Is somebody of theirs on the line all the same, or talked since? Of an older talk nobody may have told us the end."""
    if other.choice is not call.choice:
        return False
    if other.ended is None and other.phase is not Phase.TALKING:
        return True
    return other.began >= call.began and (other.ended is None or other.end is End.TALKED)


def _call_back_line(ctx: Context, call: Call, what: str, text: str = "") -> None:
    """Where nobody knows the number there is nothing to tap."""
    ticket = ticket_of(ctx, call)
    said = no.DeskLine(
        what=what if call.reach or text else f"{what}_hidden",
        text=text,
        name=caller_name(ctx, call),
        seconds=call.seconds,
        callback=ticket.id if call.reach else None,
        talked=ticket.id,
        audience=("tier",) if call.choice is Choice.DESK else (),
    )
    say(ctx, ticket, (no.ToDesk(notice=said),))


def _message_line(ctx: Context, call: Call) -> None:
    url = recording_url(ctx.uow, ctx.setup.random, ctx.setup.public_url, call.recording)
    _call_back_line(ctx, call, "call_message", text=url)


def recording_came(ctx: Context, call: Call, recording: str, seconds: int) -> Call:
    """A recording that the end of the call did not tell of: the caller hung up over it."""
    if call.recording or not recording or seconds < 1:
        return call
    call = dataclasses.replace(call, recording=recording, seconds=seconds)
    if call.ticket is None:  # what answers when we are down has asked them for it
        call = open_or_join(ctx, dataclasses.replace(call, choice=call.choice or Choice.EMERGENCY))
    ticket = ticket_of(ctx, call)
    since = ticket.acknowledged is not None and call.ended is not None and ticket.acknowledged > call.ended
    if since and call.end is not End.TALKED:  # somebody has been woken for it already
        ctx.uow.calls.save(call)
        _message_line(ctx, call)
        return call
    call = dataclasses.replace(call, phase=Phase.OVER, ended=None, end=None)
    return _left(ctx, ended(ctx, call, End.MESSAGE))


def transcribed(ctx: Context, call: Call, text: str) -> None:
    """What they said is what they wrote."""
    ticket = ticket_of(ctx, call) if call.ticket is not None else None
    if ticket is None or not text.strip() or ticket.status is Status.CLOSED:
        return
    words = cmd.CustomerWrites(
        text=text.strip(), contact=ticket.contact, contact_name=caller_name(ctx, call), urgent=True
    )
    carry_out(ctx, ticket, words)


PATIENCE = dt.timedelta(minutes=4)
"""Nothing that a caller is asked, hears or records takes longer: a line of which nothing is heard for so long is dead."""
LONGEST_TALK = dt.timedelta(hours=4, minutes=10)
"""The vendor ends a talk after four hours."""


def patience_of(call: Call) -> dt.timedelta:
    return LONGEST_TALK if call.phase is Phase.TALKING else PATIENCE
