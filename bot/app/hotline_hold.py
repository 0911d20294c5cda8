"""What waits while somebody is on the line: engineers' phones ring for the caller, and not for the page of the ticket."""

from __future__ import annotations

import datetime as dt

from bot.app.context import Context
from bot.app.rows import OutboxItem
from bot.domain.hotline import Phase
from bot.domain.ticket import Ticket

AT_MOST = dt.timedelta(seconds=60)
"""One phone rings, and hears who calls, no longer than that; a line that is silent for longer holds nothing back."""
A_LONG_TALK = dt.timedelta(hours=1)
"""A talk of which we heard no end for so long may be over."""


def is_talked_to(ctx: Context, ticket: Ticket) -> bool:
    """Is one of us on the phone with the customer?"""
    talking = (c for c in ctx.uow.calls.of(ticket.id) if c.ended is None and c.phase is Phase.TALKING)
    return any(ctx.now - c.heard < A_LONG_TALK for c in talking)


def until(ctx: Context, item: OutboxItem) -> dt.datetime | None:
    """When this call of a page may go out; None: now."""
    if item.page is None or item.ticket is None:
        return None
    waiting = [
        call.heard + AT_MOST
        for call in ctx.uow.calls.of(item.ticket)
        if call.heard <= ctx.now
        and call.ended is None
        and call.by is None
        and call.phase is not Phase.MESSAGE
    ]
    later = max(waiting, default=ctx.now)
    return later if later > ctx.now else None
