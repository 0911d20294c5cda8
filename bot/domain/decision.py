"""What a decision is, and what the decisions share: the promise, the timers, the page that a ticket wants."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.ids import PersonId
from bot.domain.status import Status
from bot.domain.ticket import Ticket, evolve
from bot.domain.timers import Timer, TimerKind
from escalation import sla
from escalation.policy import Policy
from escalation.sla import ClockKind

CLOSES_AFTER = dt.timedelta(hours=72)
"""A resolved ticket closes by itself after this; until then a customer's message reopens it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageWanted:
    """Start a page for this severity, unless the team has no chain for it or one runs."""

    urgency: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageAnswered:
    """Somebody has it: stop the page and tell every place."""

    person: PersonId
    name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageUnwanted:
    """The ticket needs nobody any more."""

    reason: str


PageChange = PageWanted | PageAnswered | PageUnwanted


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decision:
    """Everything that follows from one command."""

    ticket: Ticket
    events: tuple[ev.Event, ...] = ()
    sayings: tuple[no.Saying, ...] = ()
    page: PageChange | None = None


def timers_of(ticket: Ticket, policy: Policy, now: dt.datetime) -> tuple[Timer, ...]:
    """When to look at this ticket again: the whole set, in place of the one before."""
    timers = []
    if is_asking(ticket):
        timers.append(Timer(ticket=ticket.id, kind=TimerKind.SEVERITY, due=ticket.opened + policy.patience))
    dues = [at for c in ticket.clocks if (at := sla.late_from(c, policy.calendar, now)) is not None]
    if dues:
        timers.append(Timer(ticket=ticket.id, kind=TimerKind.BREACH, due=min(dues)))
    if ticket.status is Status.RESOLVED and ticket.resolved:
        timers.append(Timer(ticket=ticket.id, kind=TimerKind.CLOSE, due=ticket.resolved + CLOSES_AFTER))
    return tuple(timers)


def is_asking(ticket: Ticket) -> bool:
    """Silence decides the severity only while nobody has the ticket; whoever has it can decide better."""
    return not ticket.confirmed and ticket.acknowledged is None and ticket.status.is_open


def next_due(ticket: Ticket, policy: Policy, now: dt.datetime) -> dt.datetime | None:
    """By when a human answers: the response clock's promise, or the next response's; None without a promise."""
    for kind in (ClockKind.RESPONSE, ClockKind.NEXT_RESPONSE):
        clock = ticket.clock(kind)
        if clock is not None and clock.stopped is None:
            return sla.promise_of(clock, policy.calendar, now).due
    return None


def promised(
    ticket: Ticket, policy: Policy, now: dt.datetime, *, changed: bool = False, silent: bool = False
) -> no.Promised:
    severity = policy.severity(ticket.severity)
    closed = not severity.pages and not policy.calendar.is_open(now)
    return no.Promised(
        ticket=ticket.id,
        severity=severity.label,
        due=next_due(ticket, policy, now),
        paging=severity.pages and ticket.acknowledged is None,
        reopens=policy.calendar.next_open(now) if closed else None,
        changed=changed,
        by_silence=silent,
        introduce=not ticket.known and not changed,
    )


def wanted_page(ticket: Ticket, policy: Policy) -> PageChange | None:
    if not policy.severity(ticket.severity).pages:
        return PageUnwanted(reason="severity")
    if ticket.acknowledged is None and ticket.status.is_open:
        return PageWanted(urgency=ticket.severity)
    return None


def applied(ticket: Ticket, events: tuple[ev.Event, ...], policy: Policy, now: dt.datetime) -> Ticket:
    for event in events:
        ticket = evolve(ticket, event, now, policy)
    return ticket


def desk_line(what: str, **fields: Any) -> no.ToDesk:
    return no.ToDesk(notice=no.DeskLine(what=what, **fields))
