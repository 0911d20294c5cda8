"""What happens to the clocks of a ticket. Rules: semantics.md, Clocks."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

from bot.domain.status import Status
from bot.domain.ticket import Ticket
from escalation import sla
from escalation.grammar import AsNeeded, Negotiated, agreed
from escalation.instants import Span
from escalation.policy import AnsweredBy, Policy, Severity
from escalation.sla import Clock, ClockKind
from escalation.targets import Target

NO_DUE = "as needed"
WAITING = "waiting for the customer"
EXCLUDED = "not covered by the support"
DECLINED = "the customer waits for the desk to open"

BY_ACK = frozenset({AnsweredBy.ACKNOWLEDGE})
BY_REPLY = frozenset({AnsweredBy.ACKNOWLEDGE, AnsweredBy.REPLY})
BY_ANY = frozenset(AnsweredBy)


def begun(severity: Severity, at: dt.datetime) -> tuple[Clock, ...]:
    """The clocks that start with a ticket."""
    promised = ((ClockKind.RESPONSE, severity.respond), (ClockKind.RESOLUTION, severity.resolve))
    return tuple(sla.start_clock(kind, t.text, severity.counts, at) for kind, t in promised if t is not None)


def changed(ticket: Ticket, kind: ClockKind, change: Callable[[Clock], Clock]) -> Ticket:
    """The clock of this kind changed, unless it has stopped."""
    return dataclasses.replace(
        ticket, clocks=tuple(change(c) if c.kind is kind and c.stopped is None else c for c in ticket.clocks)
    )


def answered(ticket: Ticket, at: dt.datetime, by: frozenset[AnsweredBy], policy: Policy) -> Ticket:
    """A human did something: the response clock stops where the policy counts that as an answer."""
    if policy.answered_by in by:
        ticket = changed(ticket, ClockKind.RESPONSE, lambda c: sla.stop(c, at))
        ticket = dataclasses.replace(ticket, answered=ticket.answered or at)
    if AnsweredBy.REPLY in by or policy.answered_by in by:
        ticket = changed(ticket, ClockKind.NEXT_RESPONSE, lambda c: sla.stop(c, at))
    if AnsweredBy.REPLY in by:
        ticket = dataclasses.replace(ticket, answer_by=None)
    return ticket


def remaining(ticket: Ticket, at: dt.datetime, policy: Policy) -> dt.timedelta | None:
    """Until a human has to have answered; None where no time was promised."""
    for kind in (ClockKind.RESPONSE, ClockKind.NEXT_RESPONSE):
        clock = ticket.clock(kind)
        if clock is not None and clock.stopped is None:
            due = sla.promise_of(clock, policy.calendar_of(ticket.severity), at).due
            return None if due is None else due - at
    return None


def served_again(ticket: Ticket, policy: Policy) -> Ticket:
    """Its severity or category has changed: what has elapsed and the pauses stay, the new targets count from the
    original start. A severity without such a target keeps the clock without a due, so that a way back finds all as it
    was; a time that both sides agreed on stays agreed."""
    severity = ticket.served(policy)
    wanted = {
        ClockKind.RESPONSE: severity.respond,
        ClockKind.RESOLUTION: _or_agreed(severity.resolve, ticket.agreed),
    }
    kept: list[Clock] = []
    for clock in ticket.clocks:
        target = wanted.pop(clock.kind, severity.next or severity.respond)
        text = target.text if target is not None else NO_DUE
        kept.append(clock if clock.stopped else sla.retarget(clock, text, severity.counts))
    kept += [_late(ticket, kind, t, severity) for kind, t in wanted.items() if t is not None]
    return dataclasses.replace(ticket, clocks=tuple(kept))


def _or_agreed(target: Target | None, at: dt.datetime | None) -> Target | None:
    if at is not None and (target is None or isinstance(target, Negotiated | AsNeeded)):
        return agreed(at)
    return target


def _late(ticket: Ticket, kind: ClockKind, target: Target, severity: Severity) -> Clock:
    """A clock that the ticket has not had so far: from the opening; it stood still when resolving did."""
    clock = sla.start_clock(kind, target.text, severity.counts, ticket.opened)
    if kind is ClockKind.RESPONSE:
        return sla.stop(clock, ticket.answered) if ticket.answered else clock
    clock = dataclasses.replace(clock, pauses=ticket.waits)
    return sla.pause(clock, ticket.held_since, _holding(ticket)) if ticket.held_since else clock


def with_agreed(ticket: Ticket, at: dt.datetime, policy: Policy) -> Ticket:
    """Both sides agreed on a time: from now on the resolution clock is due then, and a promise that can break anew."""
    anew = (
        dataclasses.replace(c, breached_at=None, marked=0, aimed=False)
        if c.kind is ClockKind.RESOLUTION
        else c
        for c in ticket.clocks
    )
    return served_again(dataclasses.replace(ticket, agreed=at, proposal=None, clocks=tuple(anew)), policy)


def _holding(ticket: Ticket) -> str:
    """Why resolving it stands still; empty when it does not."""
    if ticket.exclusion:
        return EXCLUDED
    return WAITING if ticket.status is Status.WAITING else ""


def held(ticket: Ticket, at: dt.datetime) -> Ticket:
    """Pauses the resolution clock while resolving stands still, and no longer. Response clocks do not pause for it."""
    reason = _holding(ticket)
    if reason and ticket.held_since is None:
        ticket = dataclasses.replace(ticket, held_since=at)
        return changed(ticket, ClockKind.RESOLUTION, lambda c: sla.pause(c, at, reason))
    if reason:
        return changed(ticket, ClockKind.RESOLUTION, lambda c: dataclasses.replace(c, pause_reason=reason))
    return let_go(ticket, at)


def let_go(ticket: Ticket, at: dt.datetime) -> Ticket:
    """Resolving goes on."""
    if ticket.held_since is None:
        return ticket
    wait = Span(start=ticket.held_since, end=at)
    ticket = dataclasses.replace(ticket, held_since=None, waits=(*ticket.waits, wait))
    return changed(ticket, ClockKind.RESOLUTION, lambda c: sla.resume(c, at) if c.paused_since else c)


def run_on(ticket: Ticket, at: dt.datetime) -> Ticket:
    """Reopened: the resolution clock runs on, the time since it stopped is a pause."""
    since = ticket.resolved or at
    clocks = tuple(
        sla.resume(c, at) if c.kind is ClockKind.RESOLUTION and c.stopped else c for c in ticket.clocks
    )
    return dataclasses.replace(ticket, clocks=clocks, waits=(*ticket.waits, Span(start=since, end=at)))


def asked_again(ticket: Ticket, at: dt.datetime, policy: Policy) -> Ticket:
    """Somebody waits for an answer again: by the next-response target, or the response target without one."""
    severity = ticket.served(policy)
    target = severity.next or severity.respond
    running = [c for c in ticket.clocks if c.kind is not ClockKind.RESOLUTION and c.stopped is None]
    if target is None or running:
        return ticket
    return with_next(ticket, target, severity, at)


def with_next(ticket: Ticket, target: Target, severity: Severity, at: dt.datetime) -> Ticket:
    """A next-response clock that starts now."""
    clock = sla.start_clock(ClockKind.NEXT_RESPONSE, target.text, severity.counts, at)
    others = tuple(c for c in ticket.clocks if c.kind is not ClockKind.NEXT_RESPONSE)
    return dataclasses.replace(ticket, clocks=(*others, clock))


def all_stopped(ticket: Ticket, at: dt.datetime) -> Ticket:
    return dataclasses.replace(ticket, clocks=tuple(sla.stop(c, at) for c in ticket.clocks))
