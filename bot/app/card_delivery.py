"""Cards on their way: which is due, what it shows at that moment, and what came of putting it there."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum

from bot.app import cards
from bot.app.context import Context
from bot.app.ports import Channel, DeliveryError, Finder, OutcomeUnknown, Permanent, Receipt, Temporary
from bot.app.rows import Card, Priority
from bot.domain.message import CardView

LONGEST_PAUSE = 300.0
"""Seconds between two tries of a card that the vendor refuses."""


class Unchanged(enum.Enum):
    """The card that was due looks as it did: nothing to send, look for the next."""

    UNCHANGED = enum.auto()


def begin(ctx: Context, due: Card) -> tuple[Card, CardView] | Unchanged:
    """The card that is due, rendered now, with its attempt recorded. What only time changes comes after what somebody
    did. Its ticket is locked by the caller, before the card is read again here."""
    card = ctx.uow.cards.get(due.ticket, due.address) or due
    view, changes = cards.render(ctx, card)
    shown = cards.digest(view)
    if shown == card.shown and card.message:
        ctx.uow.cards.save(dataclasses.replace(card, next_render=changes, priority=Priority.MARK))
        return Unchanged.UNCHANGED
    begun = dataclasses.replace(
        card,
        sending=card.sending or ctx.setup.random.token(),
        attempts=card.attempts + 1,
        shown=shown,
        next_render=changes,
        priority=Priority.MARK,
    )
    ctx.uow.cards.save(begun)
    return begun, view


async def put(channel: Channel, card: Card, view: CardView) -> Receipt:
    """Post it or change it. One whose first posting has an unknown outcome is looked for before it is posted again,
    where the channel can look. Raises DeliveryError."""
    try:
        message = card.message
        if not message and card.attempts > 1 and isinstance(channel, Finder):
            message = await channel.find(card.address, card.sending) or ""
        place = dataclasses.replace(card.address, thread=card.thread)
        return await channel.put_card(place, view, message, card.sending)
    except DeliveryError:
        raise
    except Exception as error:
        raise OutcomeUnknown(f"{type(error).__name__}: {error}") from error


def _now(ctx: Context, card: Card) -> Card:
    """The card as it is by now: it may have been asked to show something else meanwhile."""
    ctx.uow.tickets.get(card.ticket)
    return ctx.uow.cards.get(card.ticket, card.address) or card


def stands(ctx: Context, card: Card, receipt: Receipt) -> None:
    """The vendor has it."""
    now = _now(ctx, card)
    thread = receipt.thread or now.thread or receipt.message
    ctx.uow.cards.save(
        dataclasses.replace(now, message=receipt.message, thread=thread, sending="", attempts=0)
    )


def failed(ctx: Context, card: Card, error: DeliveryError) -> None:
    """Try again later; a card that can't be put keeps no other from being put."""
    now = _now(ctx, card)
    seconds = LONGEST_PAUSE if isinstance(error, Permanent) else 2.0 ** min(card.attempts, 6)
    if isinstance(error, Temporary) and error.retry_after is not None:
        seconds = max(error.retry_after, 1.0)
    sending = now.sending if isinstance(error, OutcomeUnknown) else ""
    at = ctx.now + dt.timedelta(seconds=min(seconds, LONGEST_PAUSE))
    ctx.uow.cards.save(dataclasses.replace(now, next_render=at, shown="", sending=sending))
