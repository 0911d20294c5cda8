"""What a ticket's card shows now. A card is a view: it is rendered when it is sent, from the ticket as it is then."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib

from bot.app.context import Context
from bot.app.rows import Card
from bot.app.saying import who
from bot.app.speech import Speech
from bot.app.wording import choice
from bot.domain.message import CardView, Choice, Tone
from bot.domain.page import Page
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from escalation.countdown import Countdown, CountdownState, bar, countdown
from escalation.instants import from_local
from escalation.policy import Policy
from escalation.sla import Clock, ClockKind

_STATUS = {
    Status.NEW: "new",
    Status.ACTIVE: "in work",
    Status.WAITING: "waiting for the customer",
    Status.RESOLVED: "resolved",
    Status.CLOSED: "closed",
}
_CLOCKS = {
    ClockKind.RESPONSE: "answer",
    ClockKind.NEXT_RESPONSE: "next answer",
    ClockKind.RESOLUTION: "resolution",
}


def render(ctx: Context, card: Card) -> tuple[CardView, dt.datetime | None]:
    """The card now, and when it will look different by itself (None: not before something happens)."""
    ticket = ctx.ticket(card.ticket)
    policy = ctx.policy(ticket)
    speech = Speech(language=policy.language, zone=policy.zone, now=ctx.now)
    severity = policy.severity(ticket.severity)
    shown = _matters_next(ticket, policy, ctx.now)
    page = ctx.uow.pages.latest_of(ticket.id)
    proposed = "" if ticket.confirmed else speech.text(" (proposed)")
    view = CardView(
        ticket=ticket.id,
        title=f"{ticket.id} · {ticket.organisation_name}",
        severity=severity.label + proposed,
        urgency=_urgency(ticket, severity.pages, shown),
        customer=f"{who(ctx, ticket)}, {ticket.organisation_name}" + (" · VIP" if ticket.vip else ""),
        words=ticket.text,
        status=speech.text(_STATUS[ticket.status]),
        holder=ctx.setup.name_of(ticket.owner) if ticket.owner else speech.text("nobody yet"),
        bar=bar(shown.fraction) if shown and shown.state is not CountdownState.NONE else "",
        clock=_clock_words(shown, speech),
        paging=_paging_words(ctx, page, speech),
        choices=_choices(ticket, speech),
        over=not ticket.status.is_open,
    )
    return view, _changes_at(shown, policy, ctx.now) if ticket.status.is_open else None


def _changes_at(shown: Countdown | None, policy: Policy, now: dt.datetime) -> dt.datetime | None:
    """When the clock shows something else; at midnight, since `tomorrow 10:30` is then `10:30`."""
    if shown is None or shown.state in (CountdownState.NONE, CountdownState.MET, CountdownState.MISSED):
        return None
    tomorrow = now.astimezone(policy.zone).date() + dt.timedelta(days=1)
    midnight = from_local(policy.zone, tomorrow, dt.time())
    return min(shown.next_change, midnight) if shown.next_change else midnight


def digest(view: CardView) -> str:
    """Equal digests look equal."""
    return hashlib.sha256(repr(dataclasses.astuple(view)).encode()).hexdigest()[:24]


def _matters_next(ticket: Ticket, policy: Policy, now: dt.datetime) -> Countdown | None:
    """The running clock that is due first; else, once all are stopped, the response clock's result."""
    running = [c for c in ticket.clocks if c.stopped is None]
    shown = [s for c in running if (s := _count(c, policy, now)).state is not CountdownState.NONE]
    if shown:
        return min(shown, key=lambda s: s.due or dt.datetime.max.replace(tzinfo=dt.UTC))
    answered = ticket.clock(ClockKind.RESPONSE)
    return _count(answered, policy, now) if answered else None


def _count(clock: Clock, policy: Policy, now: dt.datetime) -> Countdown:
    return countdown(clock, policy.calendar, now, policy.zone)


def _urgency(ticket: Ticket, pages: bool, shown: Countdown | None) -> int:
    if not ticket.status.is_open:
        return 0
    if shown and shown.state is CountdownState.OVERDUE:
        return 3
    if pages and ticket.status is Status.NEW:
        return 2
    return 1 if shown and shown.fraction >= 0.75 else 0


def _clock_words(shown: Countdown | None, s: Speech) -> str:
    if shown is None:
        return s.text("no promise of a time")
    due = s.when(shown.due) if shown.due else ""
    values = {
        "what": s.text(_CLOCKS[shown.kind]),
        "left": s.span(shown.remaining),
        "due": due,
        "reopens": s.when(shown.reopens) if shown.reopens else "",
        "reason": s.text(shown.reason or ""),
    }
    return s.text(_CLOCK_WORDS[shown.state], **values)


_CLOCK_WORDS = {
    CountdownState.RUNNING: "{left} left, {what} by {due}",
    CountdownState.CLOSED: "{left} left, {what} by {due}; stands still, opens again {reopens}",
    CountdownState.PAUSED: "{left} left, paused: {reason}",
    CountdownState.OVERDUE: "{left} over, {what} was due {due}",
    CountdownState.MET: "answered in time",
    CountdownState.MISSED: "answered late, by {left}",
    CountdownState.NONE: "no promise of a time",
}


def _paging_words(ctx: Context, page: Page | None, s: Speech) -> str:
    if page is None or not page.is_open:
        return ""
    names = ", ".join(ctx.setup.name_of(p) for p in page.step_people) or s.text("nobody")
    if page.last_resort:
        return s.text("Paging everyone: {names}", names=names)
    step = page.position.step + 1 if page.position else 1
    return s.text(
        "Paging {names} (step {step} of {steps})",
        names=names,
        step=str(step),
        steps=str(len(page.chain.steps)),
    )


def _choices(ticket: Ticket, s: Speech) -> tuple[Choice, ...]:
    if ticket.status is Status.CLOSED:
        return ()
    if ticket.status is Status.RESOLVED:
        return (choice("reopen", ticket.id, s.text("Reopen")),)
    acknowledge = choice("ack", ticket.id, s.text("Acknowledge"), tone=Tone.MAIN)
    return ((acknowledge,) if ticket.acknowledged is None else ()) + (
        choice("take", ticket.id, s.text("Take")),
        choice("severity", ticket.id, s.text("Severity")),
        choice("need", ticket.id, s.text("Need info")),
        choice("resolve", ticket.id, s.text("Resolve")),
    )
