"""Tickets as facts for other programs: no texts, and nobody's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from bot.app.rows import Store
from bot.domain.ticket import Ticket
from escalation.instants import Span
from escalation.sla import ClockKind

BATCH = 500
"""Tickets in memory at a time."""


def every_ticket(store: Store) -> Iterator[Ticket]:
    """The oldest first. Each batch is a transaction of its own: a running Standby is not held up."""
    after = 0
    while batch := store.transact(lambda uow, a=after: list(uow.tickets.every(a, BATCH))):  # type: ignore[misc]
        yield from (ticket for _, ticket in batch)
        after = batch[-1][0]


def exported(ticket: Ticket) -> dict[str, Any]:
    """One ticket for JSON; instants in UTC. A wait or a hold without an end is running; `breaches` are of the clocks it has now."""
    return {
        "id": ticket.id,
        "opened": _iso(ticket.opened),
        "severity": ticket.severity,
        "category": ticket.category,
        "plan": ticket.plan,
        "organisation": ticket.organisation,
        "policy": ticket.policy,
        "policy_version": ticket.policy_version,
        "answered": _iso(ticket.answered),
        "resolved": _iso(ticket.resolved),
        "waits": _spans(ticket.waits, ticket.held_since),
        "holds": _holds(ticket),
        "breaches": [
            {"clock": clock.kind.value, "at": _iso(clock.breached_at)}
            for clock in ticket.clocks
            if clock.breached_at is not None
        ],
    }


def _holds(ticket: Ticket) -> list[list[str | None]]:
    """When the response clock stood still: for a call-out that was declined."""
    clock = ticket.clock(ClockKind.RESPONSE)
    return _spans(clock.pauses, clock.paused_since) if clock else []


def _spans(over: Iterable[Span], running: dt.datetime | None) -> list[list[str | None]]:
    told = [[_iso(span.start), _iso(span.end)] for span in over]
    return told if running is None else [*told, [_iso(running), None]]


def _iso(at: dt.datetime | None) -> str | None:
    return None if at is None else at.astimezone(dt.UTC).isoformat()
