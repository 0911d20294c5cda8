"""Somebody calls our number. Each request of the vendor is one unit of work: it moves the stored call on, and the answer
is the script of what the call is then; so a repeat, or a process that died in between, changes nothing.

MOVES is the map: what is done for each move of the table in bot/domain/hotline.py.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from bot.app import callback
from bot.app.context import Context
from bot.app.hotline_caller import at_the_door, came, missed
from bot.app.hotline_charge import agreed, charged_or_on, declined, unanswered
from bot.app.hotline_desk import desk_chosen, emergency_chosen, leave_message
from bot.app.hotline_end import hung_up, recorded, recording_came, talked, transcribed
from bot.app.hotline_ringing import accepted, is_rung, passed_on, ring_next
from bot.app.hotline_ticket import joined, number_given, opened_new
from bot.app.hotline_watch import watch
from bot.app.hotline_wording import script_of, whisper, whisper_over
from bot.app.inbound import CallIn, CallReportIn, LegIn
from bot.app.ports import Outcome
from bot.domain.dialling import typed
from bot.domain.hotline import Call, End, Heard, Move, Phase, move
from bot.domain.script import Script

ACCEPT_KEY, PASS_KEY = "1", "2"


def on_call(ctx: Context, c: CallIn) -> Outcome:
    """Something happened on the caller's line; what they hear next."""
    call = ctx.uow.calls.get(c.call)
    if call is not None and call.by is not None:
        return callback.on_over(ctx, call, c)
    call = _going_on(ctx, call) if call is not None else None
    if call is None:
        call = at_the_door(ctx, came(ctx, c))
    elif c.gone:
        call = hung_up(ctx, _over_by_now(ctx, call, c))
    else:
        if call.ended is not None and call.phase is not Phase.OVER:
            watch(ctx, call)
        wanted = move(_alive(call), c.heard, c.turn, c.digits)
        if wanted is not Move.GO_ON:
            talked = call.phase is Phase.TALKING
            call = MOVES[wanted](ctx, dataclasses.replace(_alive(call), turn=call.turn + 1), c)
            if talked and call.ended is None:
                watch(ctx, dataclasses.replace(call, heard=ctx.now))
    ctx.uow.calls.save(dataclasses.replace(call, heard=ctx.now))
    return Outcome(script=script_of(ctx, call))


def said_again(ctx: Context, c: CallIn | LegIn) -> Outcome:
    """It came before: what is to be heard now is said again."""
    call = ctx.uow.calls.get(c.call)
    if call is None:
        return on_call(ctx, c) if isinstance(c, CallIn) else Outcome()
    if isinstance(c, CallIn):
        said = callback.script_of if call.by is not None else script_of
        return Outcome(script=said(ctx, call))
    return Outcome(script=_leg_script(ctx, call, c))


def on_leg(ctx: Context, c: LegIn) -> Outcome:
    """Whoever picked up is told who calls, and must press 1: only that is an answer."""
    call = ctx.uow.calls.get(c.call)
    if call is None:
        return Outcome()
    leg = call.legs[-1] if call.legs and call.legs[-1].turn == c.turn else None
    waits = leg is not None and is_rung(call, leg)
    if not c.digits or leg is None or leg.accepted is not None or not (waits or call.end is End.HUNG_UP):
        if waits:
            ctx.uow.calls.save(dataclasses.replace(call, heard=ctx.now))
        return Outcome(script=_leg_script(ctx, call, c))
    if c.digits == ACCEPT_KEY:
        call = accepted(ctx, call, leg)
    elif not waits:
        pass
    elif c.digits == PASS_KEY or call.tries:
        call = passed_on(ctx, call, leg)
    else:
        call = dataclasses.replace(call, tries=1)
    ctx.uow.calls.save(dataclasses.replace(call, heard=ctx.now))
    return Outcome(script=_leg_script(ctx, call, c))


def _leg_script(ctx: Context, call: Call, c: LegIn) -> Script:
    leg = next((leg for leg in call.legs if leg.turn == c.turn), None)
    if leg is not None and (leg.accepted is not None or is_rung(call, leg)):
        return whisper(ctx, call, leg, c.digits)
    return whisper_over(ctx, call, c.turn)


def on_report(ctx: Context, c: CallReportIn) -> Outcome:
    """What the vendor tells us afterwards."""
    call = ctx.uow.calls.get(c.call)
    if call is not None and call.by is not None:
        return Outcome()
    call = missed(ctx, c) if call is None else _going_on(ctx, call)
    if call is None:
        return Outcome()
    if c.what == "over":
        call = hung_up(ctx, call)
    elif c.what == "recording":
        call = recording_came(ctx, call, c.recording, c.seconds)
    elif c.what == "transcript":
        transcribed(ctx, call, c.text)
    ctx.uow.calls.save(call)
    return Outcome()


def _going_on(ctx: Context, call: Call) -> Call:
    """Its ticket may go on as another one since."""
    if call.ticket is None:
        return call
    return dataclasses.replace(call, ticket=ctx.going_on(call.ticket).id)


def _alive(call: Call) -> Call:
    """One that we had given up and that goes on after all."""
    return dataclasses.replace(call, ended=None, end=None) if call.phase is not Phase.OVER else call


def _over_by_now(ctx: Context, call: Call, c: CallIn) -> Call:
    """What the last request of a caller who is gone still tells."""
    if c.heard is Heard.RECORDED and call.phase is Phase.MESSAGE and c.turn == call.turn:
        return recorded(ctx, call, c)
    if c.heard is Heard.LEG_OVER and call.phase is Phase.TALKING and c.turn == call.turn:
        return talked(ctx, call, c)
    return call


# ---------------------------------------------------------------- the moves
def _again(ctx: Context, call: Call, c: CallIn) -> Call:
    return dataclasses.replace(call, tries=call.tries + 1, said="")


def _joined(ctx: Context, call: Call, c: CallIn) -> Call:
    return charged_or_on(ctx, joined(ctx, call, call.offered[int(c.digits) - 1]))


def _opened(ctx: Context, call: Call, c: CallIn) -> Call:
    return charged_or_on(ctx, opened_new(ctx, call))


def _number(ctx: Context, call: Call, c: CallIn) -> Call:
    number = typed(c.digits, ctx.directory.hotline)
    if number:
        return charged_or_on(ctx, number_given(ctx, call, number))
    if call.tries + 1 < NUMBER_TRIES:
        return dataclasses.replace(call, tries=call.tries + 1, said="not_a_number")
    return charged_or_on(ctx, call)


NUMBER_TRIES = 2
"""A wrong number is asked for once more: somebody in trouble is waiting."""


def _no_number(ctx: Context, call: Call, c: CallIn) -> Call:
    return charged_or_on(ctx, call)


def _next(ctx: Context, call: Call, c: CallIn) -> Call:
    return ring_next(ctx, call)


Do = Callable[[Context, Call, CallIn], Call]
MOVES: dict[Move, Do] = {
    Move.AGAIN: _again,
    Move.DESK: desk_chosen,
    Move.EMERGENCY: emergency_chosen,
    Move.NEW: _opened,
    Move.JOIN: _joined,
    Move.AGREE: agreed,
    Move.DECLINE: declined,
    Move.UNANSWERED: unanswered,
    Move.NUMBER: _number,
    Move.NO_NUMBER: _no_number,
    Move.MESSAGE: leave_message,
    Move.NEXT: _next,
    Move.TALKED: talked,
    Move.RECORDED: recorded,
}
