"""Swaps that nobody has answered: a reminder before the shift begins, and at its beginning the end of the wait (at its end,
where it had begun when it was asked for)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

from bot.app.context import Context
from bot.app.duty import Chore, Swap, SwapState
from bot.app.places import at_desks, privately
from bot.app.rota_shown import swap_line
from bot.domain.rota import teams_of
from bot.domain.rota_notices import SwapAsked
from bot.domain.trust_notices import SwapUntaken

REMIND = dt.timedelta(hours=24)
EVERY = dt.timedelta(minutes=15)
"""A swap may be asked for at any time, so it is looked this often."""
LONG_AGO = dt.timedelta(days=30)


def look(ctx: Context, chore: Chore, subject: str) -> Chore:
    """What nobody has taken is remembered once, and expires when it begins."""
    reminded: set[int] = set(json.loads(chore.note or "[]"))
    still: list[int] = []
    due = ctx.now + EVERY
    for swap in ctx.uow.rota.swaps(ctx.now - LONG_AGO):
        if _over_at(swap) <= ctx.now:
            _expire(ctx, swap)
            continue
        remind = _remind_at(swap)
        if swap.id not in reminded and remind <= ctx.now:
            _remind(ctx, swap)
            reminded.add(swap.id)
        still += [swap.id] if swap.id in reminded else []
        due = min(due, _over_at(swap) if swap.id in reminded else remind)
    return dataclasses.replace(chore, due=due, note=json.dumps(still) if still else "")


def _over_at(swap: Swap) -> dt.datetime:
    return swap.span.end if swap.span.start <= swap.made else swap.span.start


def _remind_at(swap: Swap) -> dt.datetime:
    """A day before it begins; where it was asked for later than that, halfway."""
    over = _over_at(swap)
    return max(over - REMIND, swap.made + (over - swap.made) / 2)


def _remind(ctx: Context, swap: Swap) -> None:
    line = swap_line(ctx, swap)
    at_desks(ctx, teams_of(ctx.directory, swap.schedule), SwapUntaken(swap=line))
    wanted = ctx.directory.listed(swap.asked_of) if swap.asked_of else None
    if wanted is not None:
        privately(ctx, wanted, SwapAsked(swap=line))


def _expire(ctx: Context, found: Swap) -> None:
    swap = ctx.uow.rota.swap(found.id)  # locked: it may be taken in this moment
    if swap is None or swap.state != SwapState.OPEN:
        return
    ctx.uow.rota.save_swap(dataclasses.replace(swap, state=SwapState.EXPIRED, answered=ctx.now))
    over = SwapUntaken(swap=swap_line(ctx, swap), over=True)
    at_desks(ctx, teams_of(ctx.directory, swap.schedule), over)
    asker = ctx.directory.listed(swap.asker)
    if asker is not None:
        privately(ctx, asker, dataclasses.replace(over, yours=True))
