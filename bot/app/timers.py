"""A timer is due: look at the ticket as it is now. Each look is one transaction of its own."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.app import pages
from bot.app.context import Context
from bot.app.hotline_hold import is_talked_to
from bot.app.record import carry_out
from bot.domain.commands import Look
from bot.domain.timers import Timer, TimerKind

WHILE_THEY_TALK = dt.timedelta(minutes=1)
"""Whoever talks to the customer on the phone is not paged for having written nothing."""


def on_due(ctx: Context, timer: Timer) -> None:
    """Do what is due by now; a stale timer does nothing."""
    ctx.uow.timers.done(timer)
    ticket = ctx.uow.tickets.get(timer.ticket)
    if ticket is None:
        return
    if timer.kind is TimerKind.PATIENCE and is_talked_to(ctx, ticket):
        later = dataclasses.replace(timer, id=0, due=ctx.now + WHILE_THEY_TALK)
        ctx.uow.timers.replace(ticket.id, (TimerKind.PATIENCE,), (later,))
    elif timer.kind is TimerKind.PAGE:
        pages.on_timer(ctx, ticket)
    else:
        carry_out(ctx, ticket, Look())
    ctx.setup.probe("timer.mid")
