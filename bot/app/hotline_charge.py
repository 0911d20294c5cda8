"""A call-out that is charged is asked for by key, before anybody's phone rings; silence is no obstacle
(docs/adr/0009-a-charge-is-asked-not-waited-for.md)."""

from __future__ import annotations

import dataclasses

from bot.app.context import Context
from bot.app.hotline_end import ended
from bot.app.hotline_ringing import ring_next
from bot.app.hotline_ticket import answer_charge, is_desk_open, ticket_of
from bot.app.inbound import CallIn
from bot.domain.events import Consent
from bot.domain.hotline import Call, Choice, End, Phase


def charged_or_on(ctx: Context, call: Call) -> Call:
    """The ticket is there: ask where there is something to ask, else a phone rings, or they leave a message."""
    if call.choice is Choice.DESK:
        return ring_next(ctx, call) if is_desk_open(ctx, call) else dataclasses.replace(
            call, phase=Phase.MESSAGE, said=""
        )  # fmt: skip
    if not call.number and not call.callback and call.phase not in (Phase.NUMBER, Phase.CHARGE):
        return dataclasses.replace(call, phase=Phase.NUMBER, tries=0, said="")
    ticket = ticket_of(ctx, call)
    if ticket.consent in (Consent.ASKED, Consent.DECLINED) and not ctx.policy(ticket).calendar.is_open(
        ctx.now
    ):
        return dataclasses.replace(call, phase=Phase.CHARGE, tries=0, said="")
    return ring_next(ctx, call)


def agreed(ctx: Context, call: Call, c: CallIn) -> Call:
    answer_charge(ctx, call, True)
    return ring_next(ctx, call)


def unanswered(ctx: Context, call: Call, c: CallIn) -> Call:
    """They are in trouble, so we call; the charge is settled later."""
    answer_charge(ctx, call, None)
    return ring_next(ctx, call)


def declined(ctx: Context, call: Call, c: CallIn) -> Call:
    """They would rather wait for the desk."""
    answer_charge(ctx, call, False)
    return ended(ctx, dataclasses.replace(call, phase=Phase.OVER, said="declined"), End.DECLINED)
