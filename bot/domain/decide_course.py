"""What the customer does, what either side does to a ticket's end, and what time does."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import marks
from bot.domain import notices as no
from bot.domain.decide_consent import answer_consent, asked_to_pay, desk_opens, no_answer, paged_for
from bot.domain.decide_opening import set_category, set_severity
from bot.domain.decision import (
    CLOSES_AFTER,
    Asked,
    Decision,
    PageChange,
    PageUnwanted,
    PageWanted,
    applied,
    asked_at_opening,
    desk_line,
    is_asking,
    is_asking_consent,
    next_due,
    solved_by,
    wanted_page,
)
from bot.domain.events import Consent
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.triage import propose
from escalation import sla
from escalation.policy import Policy, Severity


def customer_writes(ticket: Ticket, c: cmd.CustomerWrites, policy: Policy, now: dt.datetime) -> Decision:
    events: tuple[ev.Event, ...] = (
        ev.CustomerWrote(text=c.text, contact=c.contact, attachments=c.attachments),
    )
    names = tuple(a.name for a in c.attachments)
    said = no.CustomerSaid(name=c.contact_name, text=c.text, attachments=names)
    sayings: tuple[no.Saying, ...] = () if c.calls else (no.ToDesk(notice=said, except_at=c.origin),)
    page: PageChange | None = None
    if ticket.status is Status.WAITING:
        sayings += (desk_line("wait_over", mention=(ticket.owner,) if ticket.owner else ()),)
        after = applied(ticket, events, policy, now)
        solved = solved_by(after, policy, now) if after.held_since is None and not after.agreed else None
        if solved is not None:
            sayings += (no.ToCustomer(notice=no.WaitOver(ticket=ticket.id, solved=solved)),)
    if ticket.status is Status.RESOLVED and not c.thanks:
        by = ev.Actor(by=ev.By.CUSTOMER, id=c.contact, name=c.contact_name)
        reopened = reopen(ticket, cmd.Reopen(by=by), policy, now)
        events = (*reopened.events, *events)
        sayings = (*reopened.sayings, *sayings)
        page = reopened.page
    after = applied(ticket, events, policy, now)
    if not c.urgent and not c.thanks and (worse := _sounds_worse(after, c.text, policy, now)):
        asked = no.WorseAsked(ticket=ticket.id, severity=worse.label, id=worse.id)
        events, sayings = (
            (*events, ev.SoundsWorse(severity=worse.id)),
            (*sayings, no.ToCustomer(notice=asked)),
        )
        after = applied(after, events[-1:], policy, now)
    return Decision(ticket=after, events=events, sayings=sayings, page=page)


def answer_worse(ticket: Ticket, c: cmd.AnswerWorse, policy: Policy, now: dt.datetime) -> Decision:
    """Yes raises it, or lets somebody be called out after all; no keeps it as it is."""
    if not ticket.worse or not ticket.status.is_open:
        return Decision(ticket=ticket)
    if not c.worse:
        events = (ev.SoundsWorse(severity=""),)
        return Decision(ticket=applied(ticket, events, policy, now), events=events)
    if ticket.consent is Consent.DECLINED:
        return answer_consent(ticket, cmd.AnswerConsent(agreed=True, by=c.by), policy, now)
    severity = cmd.SetSeverity(severity=ticket.worse, how=ev.How.CONFIRMED, by=c.by)
    return set_severity(ticket, severity, policy, now)


def _sounds_worse(ticket: Ticket, text: str, policy: Policy, now: dt.datetime) -> Severity | None:
    """The severity that their words sound like, if it is worse than the ticket's and would be paged for."""
    sounds = propose(text, policy)
    pages = policy.handling(sounds.id, ticket.plan, now).pages
    worse = policy.more_urgent(sounds.id, ticket.severity).id != ticket.severity
    unpaged = (worse and not ticket.handling(policy).pages) or ticket.consent is Consent.DECLINED
    return sounds if pages and unpaged and ticket.confirmed and ticket.status.is_open else None


def name_contact(ticket: Ticket, c: cmd.NameContact, policy: Policy, now: dt.datetime) -> Decision:
    events = (ev.ContactNamed(name=c.name, email=c.email),)
    after = applied(ticket, events, policy, now)
    return Decision(
        ticket=after,
        events=events,
        sayings=(
            no.ToCustomer(notice=no.ThanksForName(ticket=ticket.id, name=after.contact_name)),
            desk_line("contact_named", name=after.contact_name, text=c.email),
        ),
    )


def set_language(ticket: Ticket, c: cmd.SetLanguage, policy: Policy, now: dt.datetime) -> Decision:
    events = (ev.LanguageSet(language=c.language),)
    return Decision(ticket=applied(ticket, events, policy, now), events=events)


def reopen(ticket: Ticket, c: cmd.Reopen, policy: Policy, now: dt.datetime) -> Decision:
    """A ticket whose severity pages starts a new page: whoever had it may be asleep by now. A charge is asked again."""
    events = (ev.Reopened(by=c.by),)
    again = applied(ticket, events, policy, now)
    consent = asked_to_pay(again, policy, now, c.by)
    after = consent.ticket if consent else again
    mention = (ticket.owner,) if ticket.owner else ()
    reopened = Decision(
        ticket=after,
        events=events,
        sayings=(
            no.ToCustomer(
                notice=no.ReopenedForYou(
                    ticket=ticket.id,
                    due=next_due(after, policy, now),
                    solved=solved_by(after, policy, now),
                    paging=after.handling(policy).pages and after.may_page,
                )
            ),
            desk_line("reopened", name=c.by.name, mention=mention),
        ),
    )
    decision = consent.after(reopened) if consent else reopened
    return dataclasses.replace(decision, page=wanted_page(after, policy))


def close(ticket: Ticket, c: cmd.Close, policy: Policy, now: dt.datetime) -> Decision:
    events = (ev.Closed(by=c.by),)
    by_customer = c.by.by is ev.By.CUSTOMER
    told: tuple[no.Saying, ...] = (
        (no.ToCustomer(notice=no.ClosedForYou(ticket=ticket.id)),) if by_customer else ()
    )
    return Decision(
        ticket=applied(ticket, events, policy, now),
        events=events,
        sayings=(*told, desk_line("closed", name=c.by.name)),
        page=PageUnwanted(reason="closed"),
    )


def look(ticket: Ticket, c: cmd.Look, policy: Policy, now: dt.datetime) -> Decision:
    """Whatever is due by now, one thing at a time; a question asked too early or too late changes nothing."""
    if is_asking(ticket) and now >= ticket.opened + policy.patience:
        return _stands(ticket, policy, now)
    if is_asking_consent(ticket) and ticket.consent_until and now >= ticket.consent_until:
        return no_answer(ticket, policy, now)
    opening = ticket.desk_opens or ticket.queued
    if opening and now >= opening and ticket.status.is_open:
        return desk_opens(ticket, policy, now)
    if ticket.answer_by and now >= ticket.answer_by and ticket.status.is_open:
        return _ack_lapsed(ticket, policy, now)
    if ticket.status is Status.RESOLVED and ticket.resolved and now >= ticket.resolved + CLOSES_AFTER:
        return close(ticket, cmd.Close(by=ev.STANDBY), policy, now)
    return _marks(ticket, policy, now)


def _stands(ticket: Ticket, policy: Policy, now: dt.datetime) -> Decision:
    """Nobody answered the question of the opening: what was proposed stands."""
    if asked_at_opening(policy) is Asked.CATEGORY:
        category = cmd.SetCategory(category=ticket.category, how=ev.How.SILENCE, by=ev.STANDBY)
        return set_category(ticket, category, policy, now)
    severity = cmd.SetSeverity(severity=ticket.severity, how=ev.How.SILENCE, by=ev.STANDBY)
    return set_severity(ticket, severity, policy, now)


def call_in_vain(ticket: Ticket, c: cmd.CallInVain, policy: Policy, now: dt.datetime) -> Decision:
    """It is as if nobody had acknowledged: the page begins with whoever has it, and they have to talk to them."""
    person = ticket.owner
    if ticket.acknowledged is None or person is None or not ticket.status.is_open:
        return Decision(ticket=ticket)
    events = (ev.AckLapsed(person=person),)
    after = applied(ticket, events, policy, now)
    page = wanted_page(after, policy)
    if isinstance(page, PageWanted):
        page = dataclasses.replace(page, first=(f"person:{person}",), anew=True)
    return Decision(ticket=after, events=events, page=page)


def _ack_lapsed(ticket: Ticket, policy: Policy, now: dt.datetime) -> Decision:
    """An acknowledgement is not an answer: whoever gave it is paged again, then the chain as ever."""
    person = ticket.owner
    if person is None:
        return Decision(ticket=ticket)
    events = (ev.AckLapsed(person=person),)
    after = applied(ticket, events, policy, now)
    line = desk_line("ack_lapsed", due=next_due(after, policy, now), mention=(person,))
    decision = paged_for(Decision(ticket=after, events=events, sayings=(line,)), policy, now, ev.STANDBY)
    if isinstance(decision.page, PageWanted):
        return dataclasses.replace(
            decision, page=dataclasses.replace(decision.page, first=(f"person:{person}",))
        )
    return decision


def _marks(ticket: Ticket, policy: Policy, now: dt.datetime) -> Decision:
    """Aims, milestones, escalations."""
    found = marks.passed(ticket, policy, now)
    events = tuple(event for event, _ in found)
    sayings = tuple(saying for _, said in found for saying in said)
    return Decision(ticket=applied(ticket, events, policy, now), events=events, sayings=sayings)


def breaches(ticket: Ticket, policy: Policy, now: dt.datetime) -> Decision:
    """Promises that were not kept by now: recorded at their instant, before anything else changes the clocks."""
    calendar = policy.calendar_of(ticket.severity)
    found = [(c, at) for c in ticket.clocks if (at := sla.breach(c, calendar, now)) is not None]
    events = tuple(ev.ClockBreached(clock=clock.kind, at=at) for clock, at in found)
    sayings = tuple(
        desk_line("breached", text=clock.kind, due=at, audience=marks.audience_at(100, ticket))
        for clock, at in found
    )
    return Decision(ticket=applied(ticket, events, policy, now), events=events, sayings=sayings)
