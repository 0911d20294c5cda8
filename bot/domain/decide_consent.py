"""A call-out that is charged: asked, answered, or left unanswered; and the desk that opens for one who waits for it.

Only a customer who is just talking to us is waited for, and only for the policy's patience: silence never keeps a page
from going out (docs/adr/0009-a-charge-is-asked-not-waited-for.md).
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decision import Decision, PageWanted, applied, desk_line, next_due, wanted_page
from bot.domain.events import Consent
from bot.domain.ticket import Ticket
from escalation.policy import Policy


def asked_to_pay(ticket: Ticket, policy: Policy, now: dt.datetime, by: ev.Actor) -> Decision | None:
    """The question, where the policy asks it and it was not asked before; None where there is nothing to ask, such as
    once the desk has opened over the answer."""
    if policy.calendar.is_open(now):
        return None
    if not ticket.handling(policy).asks_consent or ticket.consent is not Consent.NONE or ticket.acknowledged:
        return None
    holds = by.by is ev.By.CUSTOMER
    until = now + policy.patience
    events = (ev.ConsentAsked(until=until, holds=holds),)
    question = no.ConsentQuestion(
        ticket=ticket.id, until=until if holds else None, reopens=policy.calendar.next_open(now)
    )
    return Decision(
        ticket=applied(ticket, events, policy, now),
        events=events,
        sayings=(no.ToCustomer(notice=question), desk_line("consent_asked")),
    )


def paged_for(decision: Decision, policy: Policy, now: dt.datetime, by: ev.Actor) -> Decision:
    """The decision with the charge asked where it has to be, and with the page that is wanted then."""
    asked = asked_to_pay(decision.ticket, policy, now, by)
    whole = asked.after(decision) if asked else decision
    return dataclasses.replace(whole, page=wanted_page(whole.ticket, policy))


def answer_consent(ticket: Ticket, c: cmd.AnswerConsent, policy: Policy, now: dt.datetime) -> Decision:
    """Whoever declined may still agree later; an agreement stands."""
    changes = ticket.consent in (Consent.ASKED, Consent.SILENT) or (
        ticket.consent is Consent.DECLINED and c.agreed
    )
    if c.agreed is None:
        changes = ticket.consent in (Consent.ASKED, Consent.DECLINED)
    if not changes or not ticket.status.is_open:
        return Decision(ticket=ticket)
    if c.agreed is None:  # who declined and calls again is in trouble by now
        return no_answer(ticket, policy, now)
    answer = Consent.AGREED if c.agreed else Consent.DECLINED
    return _settled(ticket, answer, c.by, policy, now)


def no_answer(ticket: Ticket, policy: Policy, now: dt.datetime) -> Decision:
    """The customer's patience is over: they are in trouble, so we call."""
    return _settled(ticket, Consent.SILENT, ev.STANDBY, policy, now)


def _settled(ticket: Ticket, answer: Consent, by: ev.Actor, policy: Policy, now: dt.datetime) -> Decision:
    reopens = policy.calendar.next_open(now) if answer is Consent.DECLINED else None
    events = (ev.ConsentAnswered(answer=answer, by=by, reopens=reopens),)
    after = applied(ticket, events, policy, now)
    agreed = None if answer is Consent.SILENT else answer is Consent.AGREED
    page = wanted_page(after, policy)
    settled = no.ConsentSettled(
        ticket=ticket.id,
        agreed=agreed,
        paging=isinstance(page, PageWanted),
        due=next_due(after, policy, now),
        reopens=after.desk_opens,
    )
    audience = ("owner",) if ticket.owner else ()
    line = desk_line(f"consent_{answer}", due=reopens, audience=audience)
    return Decision(
        ticket=after,
        events=events,
        sayings=(no.ToCustomer(notice=settled), line),
        page=page,
    )


def desk_opens(ticket: Ticket, policy: Policy, now: dt.datetime) -> Decision:
    """What waited for the desk is told as loudly as its severity asks. Where that comes so late that the desk has
    closed again, a charge is asked anew, and somebody is paged meanwhile."""
    events = (ev.DeskOpened(opened=ticket.desk_opens or ticket.queued),)
    after = applied(ticket, events, policy, now)
    line = desk_line("desk_opened", due=next_due(after, policy, now), audience=("tier",))
    return paged_for(Decision(ticket=after, events=events, sayings=(line,)), policy, now, ev.STANDBY)
