"""What a ticket's card shows now. A card is a view: it is rendered when it is sent, from the ticket as it is then."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.app.context import Context, Setup
from bot.app.desk_wording import STATUS
from bot.app.phrases import choice
from bot.app.rows import Card
from bot.app.saying import named
from bot.app.speech import Speech
from bot.domain.decide_opening import exclusion_label, out_of_support, service_label
from bot.domain.decision import Asked, asked_at_opening, category_label
from bot.domain.events import Consent
from bot.domain.grammar import COVERED
from bot.domain.hotline import Call, Phase
from bot.domain.message import CardView, Choice, Tone
from bot.domain.page import Page
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from escalation.calendar import BusinessCalendar
from escalation.countdown import Countdown, CountdownState, bar, countdown
from escalation.instants import from_local
from escalation.policy import AnsweredBy, Policy
from escalation.sla import Clock, ClockKind
from escalation.targets import Negotiated

CLOCKS = {
    ClockKind.RESPONSE: "answer",
    ClockKind.NEXT_RESPONSE: "next answer",
    ClockKind.RESOLUTION: "resolution",
}


def render(ctx: Context, card: Card) -> tuple[CardView, dt.datetime | None]:
    """The card now, and when it will look different by itself (None: not before something happens)."""
    ticket = ctx.ticket(card.ticket)
    policy = ctx.policy(ticket)
    speech = Speech(language=policy.language, zone=policy.zone, now=ctx.now)
    shown = matters_next(ticket, policy, ctx.now, policy.zone)
    page, calls = ctx.uow.pages.latest_of(ticket.id), ctx.uow.calls.of(ticket.id)
    view = view_of(ctx.setup, ticket, page, shown, speech, calls)
    return view, _changes_at(shown, policy, ctx.now) if ticket.status.is_open else None


def view_of(
    setup: Setup,
    ticket: Ticket,
    page: Page | None,
    shown: Countdown | None,
    speech: Speech,
    calls: Iterable[Call] = (),
) -> CardView:
    """What there is to see of a ticket, in the reader's language and zone. `page` is its latest, `shown` what
    `matters_next` says, `calls` are those about it."""
    policy = setup.policy(ticket)
    severity = policy.severity(ticket.severity)
    asks = "" if ticket.confirmed else asked_at_opening(policy)
    proposed = speech.text(" (proposed)")
    return CardView(
        ticket=ticket.id,
        title=f"{ticket.id} · {ticket.organisation_name}",
        severity=severity.label + (proposed if asks == Asked.SEVERITY else ""),
        urgency=_urgency(ticket, ticket.handling(policy).pages, shown),
        customer=f"{named(setup, ticket, speech)}, {ticket.organisation_name}"
        + (" · VIP" if ticket.vip else ""),
        words=ticket.text,
        status=speech.text(STATUS[ticket.status]),
        holder=setup.name_of(ticket.owner) if ticket.owner else speech.text("nobody yet"),
        bar=bar(shown.fraction) if shown and shown.state is not CountdownState.NONE else "",
        clock=_clock_words(shown, policy, speech),
        paging=_paging_words(setup, page, speech),
        facts=(
            *_on_the_line(setup, calls, speech),
            *_facts(ticket, policy, speech, proposed if asks == Asked.CATEGORY else ""),
        ),
        choices=_choices(ticket, policy, speech),
        over=not ticket.status.is_open,
    )


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


def matters_next(ticket: Ticket, policy: Policy, now: dt.datetime, zone: ZoneInfo) -> Countdown | None:
    """The running clock that is due first; once all are stopped, what was missed, else what was kept. In the reader's
    zone."""
    running = [c for c in ticket.clocks if c.stopped is None]
    calendar = policy.calendar_of(ticket.severity)
    shown = [s for c in running if (s := _count(c, calendar, now, zone)).state is not CountdownState.NONE]
    if shown:
        return min(shown, key=lambda s: s.due or dt.datetime.max.replace(tzinfo=dt.UTC))
    over = [ticket.clock(kind) for kind in (ClockKind.RESOLUTION, ClockKind.RESPONSE)]
    told = [s for c in over if c and (s := _count(c, calendar, now, zone)).state is not CountdownState.NONE]
    missed = [s for s in told if s.state is CountdownState.MISSED]
    return next(iter((*missed, *told)), None)


def _count(clock: Clock, calendar: BusinessCalendar, now: dt.datetime, zone: ZoneInfo) -> Countdown:
    return countdown(clock, calendar, now, zone)


def _urgency(ticket: Ticket, pages: bool, shown: Countdown | None) -> int:
    if not ticket.status.is_open:
        return 0
    if shown and shown.state is CountdownState.OVERDUE:
        return 3
    if pages and ticket.acknowledged is None and ticket.may_page:
        return 2
    return 1 if shown and shown.fraction >= 0.75 else 0


def _clock_words(shown: Countdown | None, policy: Policy, s: Speech) -> str:
    if shown is None:
        return s.text("no promise of a time")
    due = s.when(shown.due) if shown.due else ""
    values = {
        "what": s.text(CLOCKS[shown.kind]),
        "left": s.span(shown.remaining),
        "due": due,
        "reopens": s.when(shown.reopens, starts=True) if shown.reopens else "",
        "reason": s.text(shown.reason or ""),
    }
    if shown.state is CountdownState.CLOSED and shown.reopens != policy.calendar.next_open(s.now):
        return s.text("{left} left, {what} by {due}; stands still, counts again {reopens}", **values)
    if shown.kind is ClockKind.RESOLUTION and shown.state in _SOLVED:
        return s.text(_SOLVED[shown.state], **values)
    return s.text(_CLOCK_WORDS[shown.state], **values)


_SOLVED = {
    CountdownState.MET: "solved in time",
    CountdownState.MISSED: "solved late, by {left}",
}


_CLOCK_WORDS = {
    CountdownState.RUNNING: "{left} left, {what} by {due}",
    CountdownState.CLOSED: "{left} left, {what} by {due}; stands still, opens again {reopens}",
    CountdownState.PAUSED: "{left} left, paused: {reason}",
    CountdownState.OVERDUE: "{left} over, {what} was due {due}",
    CountdownState.MET: "answered in time",
    CountdownState.MISSED: "answered late, by {left}",
    CountdownState.NONE: "no promise of a time",
}


def _paging_words(setup: Setup, page: Page | None, s: Speech) -> str:
    if page is None or not page.is_open:
        return ""
    names = ", ".join(setup.name_of(p) for p in page.step_people) or s.text("nobody")
    if page.last_resort:
        return s.text("Paging everyone: {names}", names=names)
    step = page.position.step + 1 if page.position else 1
    return s.text(
        "Paging {names} (step {step} of {steps})",
        names=names,
        step=str(step),
        steps=str(len(page.chain.steps)),
    )


def _on_the_line(setup: Setup, calls: Iterable[Call], s: Speech) -> tuple[str, ...]:
    """Who of its callers is on the line now, and with whom."""
    facts = []
    for call in calls:
        name = setup.name_of(call.leg.person) if call.leg is not None else ""
        if call.ended is not None:
            continue
        if call.phase is Phase.TALKING:
            facts.append(s.text("☎️ on the phone with {name}", name=name))
        elif name:
            facts.append(s.text("☎️ on the line, ringing {name}", name=name))
        else:
            facts.append(s.text("☎️ on the line"))
    return tuple(facts)


_CONSENT = {
    Consent.ASKED: "call-out charge: asked, no answer yet",
    Consent.AGREED: "call-out charge: the customer agreed",
    Consent.DECLINED: "call-out declined: the customer waits for the desk to open",
    Consent.SILENT: "call-out charge: asked, not answered",
}


def _facts(ticket: Ticket, policy: Policy, s: Speech, proposed: str) -> tuple[str, ...]:
    """What an engineer should know before the first word; `proposed` marks a category that nobody confirmed."""
    category = category_label(ticket, policy)
    facts = [category + proposed if category else ""]
    if ticket.service:
        facts.append(s.text("service: {what}", what=service_label(ticket, policy)))
    if ticket.tier > 1:
        facts.append(s.text("tier {n}", n=str(ticket.tier)))
    if out_of_support(ticket, policy):
        facts.append(s.text("version {n}, out of support", n=str(ticket.version)))
    elif ticket.version is not None and policy.versions:
        facts.append(s.text("version {n}", n=str(ticket.version)))
    if ticket.exclusion:
        facts.append(s.text("not covered: {what}", what=exclusion_label(ticket.exclusion, policy)))
    elif ticket.sounds:
        facts.append(s.text("maybe not covered: {what}", what=exclusion_label(ticket.sounds, policy)))
    if ticket.consent in _CONSENT:
        facts.append(s.text(_CONSENT[ticket.consent]))
    if ticket.proposal:
        facts.append(s.text("proposed to be done: {when}", when=s.when(ticket.proposal.due)))
    return tuple(fact for fact in facts if fact)


def _choices(ticket: Ticket, policy: Policy, s: Speech) -> tuple[Choice, ...]:
    if ticket.status is Status.CLOSED:
        return ()
    if ticket.status is Status.RESOLVED:
        return (choice("reopen", ticket.id, s.text("Reopen")),)
    acknowledge = choice("ack", ticket.id, s.text("Acknowledge"), tone=Tone.MAIN)
    return ((acknowledge,) if ticket.acknowledged is None else ()) + (
        choice("take", ticket.id, s.text("Take")),
        *((choice("severity", ticket.id, s.text("Severity")),) if len(policy.severities) > 1 else ()),
        choice("need", ticket.id, s.text("Need info")),
        choice("resolve", ticket.id, s.text("Resolve")),
        *(choice(verb, ticket.id, s.text(label), value) for verb, label, value in _more(ticket, policy)),
    )


def _more(ticket: Ticket, policy: Policy) -> list[tuple[str, str, str]]:
    """What only some tickets need, and why the time is what it is."""
    served = ticket.served(policy)
    more = []
    if policy.answered_by is AnsweredBy.PLAN and ticket.answered is None:
        more.append(("plan", "Plan", ""))
    if isinstance(served.resolve, Negotiated) and ticket.agreed is None:
        more.append(("due", "Propose time", ""))
    if len(policy.categories) > 1:
        more.append(("category", "Category", ""))
    if ticket.exclusion:
        more.append(("exclude", "Covered again", COVERED))
    elif ticket.sounds:
        more.append(("exclude", "Not covered", ""))
    if ticket.acknowledged is not None:
        more.append(("handover", "Hand over", ""))
    if ticket.clocks:
        more.append(("why", "Why this time?", ""))
    return more
