"""How an event changes a ticket. `decide.py` says which events a command causes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from bot.domain import clocks
from bot.domain import events as ev
from bot.domain.events import Consent
from bot.domain.status import Move, Status, after
from bot.domain.ticket import Proposal, Ticket, served_as
from escalation import sla
from escalation.policy import Policy
from escalation.sla import Clock, ClockKind

LONGEST = 500
"""So much of the customer's latest words is kept on the ticket; the log has all of them."""


def rebuild(log: Iterable[ev.Recorded], policy: Policy) -> Ticket | None:
    """The ticket that these events make; None where there are none."""
    ticket: Ticket | None = None
    for entry in log:
        ticket = evolve(ticket, entry.event, entry.at, policy)
    return ticket


def evolve(ticket: Ticket | None, event: ev.Event, at: dt.datetime, policy: Policy) -> Ticket:
    """What the ticket is after `event`. Raises IllegalMove where the status table has no such move."""
    if isinstance(event, ev.TicketOpened):
        return _opened(event, at, policy)
    if ticket is None:
        raise ValueError(f"{type(event).__name__} before TicketOpened")
    change = _CHANGES.get(type(event))
    return dataclasses.replace(change(ticket, event, at, policy), changed=at) if change else ticket


def _opened(event: ev.TicketOpened, at: dt.datetime, policy: Policy) -> Ticket:
    served = served_as(policy, event.severity, event.category, event.service)
    ticket = Ticket(
        id=event.ticket,
        organisation=event.organisation,
        organisation_name=event.organisation_name,
        contact=event.contact,
        contact_name=event.contact_name,
        known=event.known,
        team=event.team,
        policy=event.policy,
        policy_version=event.policy_version,
        plan=event.plan,
        vip=event.vip,
        severity=event.severity,
        confirmed=event.how is not ev.How.PROPOSED,
        status=Status.NEW,
        text=event.text,
        place=event.place,
        language=event.language,
        zone=event.zone,
        opened=at,
        changed=at,
        spoken=at,
        clocks=clocks.begun(served, at),
        category=event.category,
        service=event.service,
        sounds=event.exclusion,
        version=event.version,
        missing=event.missing,
    )
    return _queued(ticket, policy)


def _moved(ticket: Ticket, move: Move, **changes: Any) -> Ticket:
    return dataclasses.replace(ticket, status=after(ticket.id, ticket.status, move), **changes)


def _severity_set(ticket: Ticket, event: ev.SeveritySet, at: dt.datetime, policy: Policy) -> Ticket:
    """When it starts to page, an earlier acknowledgement was of something else: it is asked for again. So was what the
    customer said about a charge, but for an agreement, which stands. A question about a charge that would not come any
    more is withdrawn, and so is a wait for the desk to open once nobody would be paged before."""
    paged, first = ticket.handling(policy).pages, not ticket.confirmed
    ticket = _moved(ticket, Move.SET_SEVERITY, severity=event.severity, confirmed=True, worse="")
    ticket = (
        ticket if first else dataclasses.replace(ticket, handled=at)
    )  # at first, the ticket's own instant decides
    ticket = _raised_for_the_opening(clocks.served_again(ticket, policy), event, at, policy)
    handling = ticket.handling(policy)
    starts = handling.pages and not paged
    if not handling.pages:  # nobody is paged for it any more, so nobody again
        ticket = dataclasses.replace(ticket, answer_by=None)
    withdrawn = ticket.consent is Consent.ASKED and not handling.asks_consent
    if ticket.consent is Consent.DECLINED and not handling.pages:
        ticket, withdrawn = _wait_over(ticket, at), True
    if withdrawn or (starts and ticket.consent is not Consent.AGREED):
        ticket = dataclasses.replace(ticket, consent=Consent.NONE, consent_until=None)
    if not starts:
        return ticket
    return clocks.asked_again(dataclasses.replace(ticket, acknowledged=None), at, policy)


def _raised_for_the_opening(ticket: Ticket, event: ev.SeveritySet, at: dt.datetime, policy: Policy) -> Ticket:
    """What is paged for only once the desk opens is queued; whoever had something lesser is asked anew then."""
    opens = _opening_that_pages(ticket, policy)
    worse = policy.more_urgent(event.severity, event.previous).id != event.previous
    if opens and worse and not policy.handling(event.previous, ticket.plan, opens).pages:
        ticket = clocks.asked_again(dataclasses.replace(ticket, acknowledged=None), at, policy)
    return _queued(ticket, policy)


def _queued(ticket: Ticket, policy: Policy) -> Ticket:
    """What nobody is paged for at this hour, but would be while the desk is open, is paged for when it opens."""
    queued = _opening_that_pages(ticket, policy) if ticket.acknowledged is None else None
    return ticket if ticket.queued == queued else dataclasses.replace(ticket, queued=queued)


def _opening_that_pages(ticket: Ticket, policy: Policy) -> dt.datetime | None:
    """The opening after the hour that the after-hours rules were asked about; None where they page, or nobody does."""
    asked, calendar = ticket.handled or ticket.opened, policy.calendar_of(ticket.severity)
    if calendar.is_open(asked) or ticket.handling(policy).pages:
        return None
    opens = calendar.next_open(asked)
    return opens if policy.handling(ticket.severity, ticket.plan, opens).pages else None


def _category_set(ticket: Ticket, event: ev.CategorySet, at: dt.datetime, policy: Policy) -> Ticket:
    settles = len(policy.severities) == 1 and not ticket.confirmed
    if settles:
        ticket = dataclasses.replace(ticket, confirmed=True)
    ticket = _moved(ticket, Move.SET_SEVERITY, category=event.category)
    return clocks.served_again(ticket, policy)


def _customer_wrote(ticket: Ticket, event: ev.CustomerWrote, at: dt.datetime, policy: Policy) -> Ticket:
    """Ends a wait at once; starts the next-response clock unless one runs (later messages don't move it)."""
    ticket = _moved(
        ticket, Move.CUSTOMER_WRITES, spoken=at, said=event.text[:LONGEST] or ticket.said, worse=""
    )
    ticket = clocks.held(ticket, at)
    severity = ticket.served(policy)
    running = [c for c in ticket.clocks if c.kind is not ClockKind.RESOLUTION and c.stopped is None]
    if severity.next is None or running or not ticket.status.is_open:
        return ticket
    return clocks.with_next(ticket, severity.next, severity, at)


def _contact_named(ticket: Ticket, event: ev.ContactNamed, at: dt.datetime, policy: Policy) -> Ticket:
    said = {"name": event.name, "email": event.email}
    missing = tuple(field for field in ticket.missing if not said.get(field))
    name = event.name or ticket.contact_name
    return dataclasses.replace(ticket, contact_name=name, known=True, missing=missing)


def _engineer_wrote(ticket: Ticket, event: ev.EngineerWrote, at: dt.datetime, policy: Policy) -> Ticket:
    return clocks.answered(
        _moved(ticket, Move.ANSWER, spoken=at, question="", worse=""), at, clocks.BY_REPLY, policy
    )


def _talked(ticket: Ticket, event: ev.Talked, at: dt.datetime, policy: Policy) -> Ticket:
    """Talking is an answer. What we asked in writing stays asked, but for the offer of a call: they had one."""
    question = "" if ticket.question == "call" else ticket.question
    ticket = _moved(ticket, Move.ANSWER, spoken=at, question=question, call_offered=False)
    return clocks.answered(ticket, at, clocks.BY_REPLY, policy)


def _plan_given(ticket: Ticket, event: ev.PlanGiven, at: dt.datetime, policy: Policy) -> Ticket:
    return clocks.answered(
        _moved(ticket, Move.ANSWER, spoken=at, question="", worse=""), at, clocks.BY_ANY, policy
    )


def _note(ticket: Ticket, event: ev.NoteWritten, at: dt.datetime, policy: Policy) -> Ticket:
    return _moved(ticket, Move.NOTE)


def _acknowledged(ticket: Ticket, event: ev.Acknowledged, at: dt.datetime, policy: Policy) -> Ticket:
    """Whoever acknowledges a page has some time to write to the customer."""
    first = ticket.acknowledged is None
    pages = ticket.handling(policy).pages and ticket.consent is not Consent.DECLINED
    patience = policy.ack_patience_of(clocks.remaining(ticket, at, policy))
    ticket = _moved(
        ticket,
        Move.ACKNOWLEDGE,
        owner=event.person if first else ticket.owner,
        acknowledged=ticket.acknowledged or at,
        answer_by=at + patience if first and pages else ticket.answer_by,
        consent_until=None,
        queued=None,
    )
    return clocks.answered(_wait_over(ticket, at), at, clocks.BY_ACK, policy)


def _ack_lapsed(ticket: Ticket, event: ev.AckLapsed, at: dt.datetime, policy: Policy) -> Ticket:
    return dataclasses.replace(ticket, acknowledged=None, answer_by=None)


def _handed_over(ticket: Ticket, event: ev.HandedOver, at: dt.datetime, policy: Policy) -> Ticket:
    return dataclasses.replace(ticket, acknowledged=None, answer_by=None, queued=None)


def _snoozed(ticket: Ticket, event: ev.Snoozed, at: dt.datetime, policy: Policy) -> Ticket:
    return dataclasses.replace(ticket, answer_by=event.until)


def _taken(ticket: Ticket, event: ev.Taken, at: dt.datetime, policy: Policy) -> Ticket:
    return _moved(ticket, Move.TAKE, owner=event.person)


def _info_asked(ticket: Ticket, event: ev.InfoAsked, at: dt.datetime, policy: Policy) -> Ticket:
    ticket = clocks.answered(
        _moved(ticket, Move.ASK, spoken=at, question="", worse=""), at, clocks.BY_REPLY, policy
    )
    return clocks.held(ticket, at)


def _excluded(ticket: Ticket, event: ev.Excluded, at: dt.datetime, policy: Policy) -> Ticket:
    """That it is not covered is an answer. Covered again, it does not even sound otherwise any more."""
    ticket = _moved(ticket, Move.NOTE, exclusion=event.exclusion)
    if event.exclusion:
        ticket = clocks.answered(ticket, at, clocks.BY_REPLY, policy)
    else:
        ticket = dataclasses.replace(ticket, sounds="", answer_by=None)
    return clocks.held(ticket, at) if ticket.status.is_open else ticket


def _proposed(ticket: Ticket, event: ev.TurnaroundProposed, at: dt.datetime, policy: Policy) -> Ticket:
    proposal = Proposal(due=event.due, person=event.person, name=event.name)
    ticket = _moved(ticket, Move.NOTE, proposal=proposal, spoken=at, question="agree")
    return clocks.answered(ticket, at, clocks.BY_REPLY, policy)


def _turnaround(ticket: Ticket, event: ev.TurnaroundAnswered, at: dt.datetime, policy: Policy) -> Ticket:
    ticket = _moved(ticket, Move.NOTE, question="")
    if not event.accepted or ticket.proposal is None:
        return dataclasses.replace(ticket, proposal=None)
    return clocks.with_agreed(ticket, ticket.proposal.due, policy)


def _consent_asked(ticket: Ticket, event: ev.ConsentAsked, at: dt.datetime, policy: Policy) -> Ticket:
    until = event.until if event.holds else None
    return dataclasses.replace(ticket, consent=Consent.ASKED, consent_until=until, question="consent")


def _consent_answered(ticket: Ticket, event: ev.ConsentAnswered, at: dt.datetime, policy: Policy) -> Ticket:
    """Whoever declines waits for the desk to open: until then the response clock stands still. Whoever agrees after
    all wants somebody now: that one of ours has seen it meanwhile is not enough."""
    if ticket.consent is Consent.DECLINED and event.answer is Consent.AGREED:
        ticket = clocks.asked_again(dataclasses.replace(ticket, acknowledged=None), at, policy)
    ticket = dataclasses.replace(ticket, consent=event.answer, consent_until=None)
    if event.answer is Consent.DECLINED:  # nobody is paged, so nobody again
        ticket = dataclasses.replace(ticket, answer_by=None)
    if event.answer is Consent.DECLINED and event.reopens and ticket.acknowledged is None:
        ticket = dataclasses.replace(ticket, desk_opens=event.reopens)
        return _answers_due(ticket, lambda c: sla.pause(c, at, clocks.DECLINED))
    return _wait_over(ticket, at)


def _wait_over(ticket: Ticket, at: dt.datetime) -> Ticket:
    """The wait for the desk ended when it opened, also where that is noticed late."""
    end = min(at, ticket.desk_opens or at)
    ticket = dataclasses.replace(ticket, desk_opens=None)
    return _answers_due(ticket, lambda c: sla.resume(c, end) if c.paused_since is not None else c)


def _answers_due(ticket: Ticket, change: Callable[[Clock], Clock]) -> Ticket:
    for kind in (ClockKind.RESPONSE, ClockKind.NEXT_RESPONSE):
        ticket = clocks.changed(ticket, kind, change)
    return ticket


def _desk_opened(ticket: Ticket, event: ev.DeskOpened, at: dt.datetime, policy: Policy) -> Ticket:
    """What was queued is handled as at the opening, also where that is noticed late."""
    handled = event.opened if ticket.queued and event.opened else at
    return dataclasses.replace(_wait_over(ticket, at), consent=_still(ticket), handled=handled, queued=None)


def _still(ticket: Ticket) -> Consent:
    """An agreement stands; whoever declined is asked again another night."""
    return ticket.consent if ticket.consent is Consent.AGREED else Consent.NONE


def _resolved(ticket: Ticket, event: ev.Resolved, at: dt.datetime, policy: Policy) -> Ticket:
    ticket = _moved(ticket, Move.RESOLVE, resolved=at, confirmed=True, spoken=at, proposal=None, question="")
    ticket = clocks.answered(clocks.let_go(ticket, at), at, clocks.BY_ANY, policy)
    ticket = dataclasses.replace(ticket, exclusion="", desk_opens=None, consent_until=None)
    return clocks.changed(ticket, ClockKind.RESOLUTION, lambda c: sla.stop(c, at))


def _reopened(ticket: Ticket, event: ev.Reopened, at: dt.datetime, policy: Policy) -> Ticket:
    """The time between resolved and reopened counts as a pause; somebody waits for an answer again."""
    ticket = clocks.asked_again(clocks.run_on(ticket, at), at, policy)
    ticket = _moved(
        ticket, Move.REOPEN, resolved=None, owner=None, acknowledged=None, handled=at, consent=_still(ticket)
    )
    return _queued(ticket, policy)


def _closed(ticket: Ticket, event: ev.Closed, at: dt.datetime, policy: Policy) -> Ticket:
    return clocks.all_stopped(_moved(ticket, Move.CLOSE, confirmed=True, proposal=None), at)


def _merged(ticket: Ticket, event: ev.MergedInto, at: dt.datetime, policy: Policy) -> Ticket:
    ticket = _moved(ticket, Move.MERGE, confirmed=True, proposal=None, merged_into=event.ticket)
    return clocks.all_stopped(ticket, at)


def _merged_from(ticket: Ticket, event: ev.MergedFrom, at: dt.datetime, policy: Policy) -> Ticket:
    return _moved(ticket, Move.NOTE, spoken=at)


def _breached(ticket: Ticket, event: ev.ClockBreached, at: dt.datetime, policy: Policy) -> Ticket:
    return _marked(ticket, event.clock, breached_at=event.at, marked=100, aimed=True)


def _milestone(ticket: Ticket, event: ev.MilestonePassed, at: dt.datetime, policy: Policy) -> Ticket:
    return _marked(ticket, event.clock, marked=event.percent)


def _aim(ticket: Ticket, event: ev.AimPassed, at: dt.datetime, policy: Policy) -> Ticket:
    return _marked(ticket, event.clock, aimed=True)


def _marked(ticket: Ticket, kind: str, *, marked: int = 0, **changes: Any) -> Ticket:
    return dataclasses.replace(
        ticket,
        clocks=tuple(
            dataclasses.replace(c, marked=max(c.marked, marked), **changes) if c.kind == kind else c
            for c in ticket.clocks
        ),
    )


def _escalated(ticket: Ticket, event: ev.Escalated, at: dt.datetime, policy: Policy) -> Ticket:
    return dataclasses.replace(
        ticket,
        escalated=(*ticket.escalated, event.rule),
        tier=max(ticket.tier, event.tier or 1),
        call_offered=ticket.call_offered or event.offer == "call",
        question="call" if event.offer == "call" else ticket.question,
    )


def _language_set(ticket: Ticket, event: ev.LanguageSet, at: dt.datetime, policy: Policy) -> Ticket:
    return dataclasses.replace(ticket, language=event.language)


def _sounds_worse(ticket: Ticket, event: ev.SoundsWorse, at: dt.datetime, policy: Policy) -> Ticket:
    return dataclasses.replace(ticket, worse=event.severity, question="worse" if event.severity else "")


def _call_answered(ticket: Ticket, event: ev.CallAnswered, at: dt.datetime, policy: Policy) -> Ticket:
    return dataclasses.replace(ticket, call_offered=False, question="")


_CHANGES: dict[type[ev.Event], Callable[[Ticket, Any, dt.datetime, Policy], Ticket]] = {
    ev.SeveritySet: _severity_set,
    ev.CategorySet: _category_set,
    ev.CustomerWrote: _customer_wrote,
    ev.ContactNamed: _contact_named,
    ev.EngineerWrote: _engineer_wrote,
    ev.Talked: _talked,
    ev.PlanGiven: _plan_given,
    ev.NoteWritten: _note,
    ev.Acknowledged: _acknowledged,
    ev.AckLapsed: _ack_lapsed,
    ev.HandedOver: _handed_over,
    ev.Snoozed: _snoozed,
    ev.Taken: _taken,
    ev.InfoAsked: _info_asked,
    ev.Excluded: _excluded,
    ev.TurnaroundProposed: _proposed,
    ev.TurnaroundAnswered: _turnaround,
    ev.ConsentAsked: _consent_asked,
    ev.ConsentAnswered: _consent_answered,
    ev.DeskOpened: _desk_opened,
    ev.Resolved: _resolved,
    ev.Reopened: _reopened,
    ev.Closed: _closed,
    ev.MergedInto: _merged,
    ev.MergedFrom: _merged_from,
    ev.ClockBreached: _breached,
    ev.MilestonePassed: _milestone,
    ev.AimPassed: _aim,
    ev.Escalated: _escalated,
    ev.CallAnswered: _call_answered,
    ev.SoundsWorse: _sounds_worse,
    ev.LanguageSet: _language_set,
}
"""Events that are not here are facts for the log alone (a page's attempts, for instance)."""
