"""What will happen next by itself, in a few words, as the bot's own rows say."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence

from bot.app.context import Context
from bot.app.rows import Card, OutboxItem
from bot.domain.ids import ChannelName
from bot.domain.page import Page
from bot.domain.people import Unlisted
from bot.domain.ticket import Ticket
from bot.domain.timers import Timer, TimerKind
from escalation import sla
from escalation.chain import advance, step_at
from escalation.schedule import next_change
from escalation.sla import ClockKind

CLOCKS = {
    ClockKind.RESPONSE: "the response time",
    ClockKind.RESOLUTION: "the time for the solution",
    ClockKind.NEXT_RESPONSE: "the time for the next answer",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Coming:
    """`what` is something like `Ada is called`, and never empty."""

    at: dt.datetime
    what: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ahead:
    """What comes next, nearest first, and who is on call now (ids)."""

    coming: tuple[Coming, ...] = ()
    on_call: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sender:
    """A lane of the bot: its channels, and until when it edits no card."""

    channels: Sequence[ChannelName]
    card_free: dt.datetime | None


def ahead(ctx: Context, senders: Sequence[Sender]) -> Ahead:
    """As of `ctx.now`. What is due by then is not to come: it happens now."""
    channels = [channel for sender in senders for channel in sender.channels]
    cards = [coming for sender in senders for coming in _card(ctx, sender)]
    found = [*_timer(ctx), *_outbox(ctx, channels), *cards, *_shifts(ctx)]
    later = sorted((c for c in found if c.at > ctx.now), key=lambda c: c.at)
    on_call = {str(p.id) for s in ctx.directory.schedules for p in ctx.on_call(s.name)}
    return Ahead(coming=tuple(later), on_call=frozenset(on_call))


def _timer(ctx: Context) -> Iterator[Coming]:
    at = ctx.uow.timers.next_due()
    for timer in ctx.uow.timers.due(at, 1) if at else ():
        ticket = ctx.uow.tickets.peek(timer.ticket)
        if ticket is not None:
            yield Coming(at=timer.due, what=_of_timer(ctx, timer, ticket))


def _of_timer(ctx: Context, timer: Timer, ticket: Ticket) -> str:
    match timer.kind:
        case TimerKind.PAGE:
            page = ctx.uow.pages.open_of(ticket.id)
            return f"next step: {_whom(ctx, page)}" if page else f"the page of {ticket.id}"
        case TimerKind.BREACH:
            return f"{_running_out(ctx, ticket)} of {ticket.id} runs out"
        case TimerKind.PATIENCE:
            owner = ctx.setup.name_of(ticket.owner) if ticket.owner else "somebody"
            return f"{owner} has to have written to {ticket.contact_name or 'the customer'}"
        case _:
            return _WORDS[timer.kind].format(ticket=ticket.id, name=ticket.contact_name or "the customer")


_WORDS = {
    TimerKind.SEVERITY: "{ticket}: what was proposed is taken, unless {name} answers",
    TimerKind.MARK: "{ticket}: another share of its time is used up",
    TimerKind.CONSENT: "{ticket}: no longer waits for {name} to agree to a charge",
    TimerKind.OPENING: "the desk opens, and {ticket} is taken up",
    TimerKind.CLOSE: "{ticket} closes by itself",
}


def _running_out(ctx: Context, ticket: Ticket) -> str:
    policy = ctx.policy(ticket)
    calendar = policy.calendar_of(ticket.severity)
    running = [
        (due, clock.kind)
        for clock in ticket.clocks
        if clock.stopped is None and (due := sla.promise_of(clock, calendar, ctx.now).due) is not None
    ]
    return CLOCKS[min(running)[1]] if running else "a time"


def _whom(ctx: Context, page: Page) -> str:
    position = advance(page.chain, page.position) if not page.last_resort else None
    if position is None:
        return "everybody"
    people = []
    for target in step_at(page.chain, position).targets:
        with contextlib.suppress(Unlisted):
            people += [p.name for p in ctx.resolve(target, page.team)]
    return " and ".join(dict.fromkeys(people)) or "nobody, so the one after it"


def _outbox(ctx: Context, channels: Sequence[ChannelName]) -> Iterator[Coming]:
    at = ctx.uow.outbox.next_due(channels, ctx.now)
    if at is not None:
        due = [item for item in ctx.uow.outbox.claim(channels, at, 50) if item.due == at]
        yield Coming(at=at, what=_of_item(ctx, due[0]) if due else "a message goes out")


def _of_item(ctx: Context, item: OutboxItem) -> str:
    label = ctx.setup.label(item.channel)
    if item.person:
        name = ctx.setup.name_of(item.person)  # type: ignore[arg-type]
        can = ctx.setup.can(item.channel)
        if can is not None and can.rings:
            return f"{name} is called"
        return f"{name} is paged by {label}" if not item.attempts else f"{name}: {label} is tried again"
    return f"{label} is tried again" if item.attempts else f"a message by {label}"


def _card(ctx: Context, sender: Sender) -> Iterator[Coming]:
    at = ctx.uow.cards.next_due(sender.channels)
    cards: Sequence[Card] = ctx.uow.cards.due(sender.channels, at, 1) if at else ()
    for card in cards:
        due = max(at or ctx.now, sender.card_free or ctx.now)
        yield Coming(at=due, what=f"the card of {card.ticket} counts down")


def _shifts(ctx: Context) -> Iterator[Coming]:
    for configured in ctx.directory.schedules:
        at = next_change(ctx.schedule(configured.name), ctx.now)
        if at is not None:
            names = " and ".join(p.name for p in ctx.on_call(configured.name, at))
            yield Coming(at=at, what=f"{names} goes on call" if names else "nobody is on call")
