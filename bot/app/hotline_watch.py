"""A call of which nothing is heard any more (the vendor did not tell that it is over) is looked after all the same."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.app import hotline_end
from bot.app.context import Context
from bot.app.duty import Chore
from bot.app.rota_changed import name_of
from bot.domain.hotline import Call, End

KIND = "call"


def watch(ctx: Context, call: Call) -> None:
    """Look at it when it can only be dead."""
    ctx.uow.chores.save(Chore(name=name_of(KIND, call.id), due=call.heard + hotline_end.patience_of(call)))


def clock_went_back(ctx: Context, by: dt.timedelta) -> None:
    """This machine's clock was set back: no dead line stays unnoticed that much longer."""
    for live in ctx.uow.calls.live():
        call = ctx.uow.calls.get(live.id)
        if call is not None and call.ended is None and call.heard > ctx.now:
            call = dataclasses.replace(call, heard=call.heard - by)
            ctx.uow.calls.save(call)
            watch(ctx, call)


def look(ctx: Context, chore: Chore, subject: str) -> Chore | None:
    """It goes on, or it was hung up."""
    call = ctx.uow.calls.get(subject)
    if call is None or call.ended is not None:
        return None
    dead = call.heard + hotline_end.patience_of(call)
    if ctx.now < dead:
        return dataclasses.replace(chore, due=dead)
    over = hotline_end.lost(ctx, call) if call.by is None else call
    over = dataclasses.replace(over, phase=call.phase, ended=ctx.now, end=over.end or End.HUNG_UP)
    ctx.uow.calls.save(over)  # in its phase: should the line live after all, it goes on from there
    return None
