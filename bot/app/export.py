"""Tickets as facts for other programs: no texts, and nobody's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from bot.app.rows import Store
from bot.domain.ticket import Ticket

BATCH = 500
"""Tickets in memory at a time."""


def every_ticket(store: Store) -> Iterator[Ticket]:
    """The oldest first. Each batch is a transaction of its own: a running Standby is not held up."""
    after = 0
    while batch := store.transact(lambda uow, a=after: list(uow.tickets.every(a, BATCH))):  # type: ignore[misc]
        yield from (ticket for _, ticket in batch)
        after = batch[-1][0]


def exported(ticket: Ticket) -> dict[str, Any]:
    """One ticket for JSON; instants in UTC. A wait without an end is running; `breaches` are of the clocks it has now."""
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
        "waits": _waits(ticket),
        "breaches": [
            {"clock": clock.kind.value, "at": _iso(clock.breached_at)}
            for clock in ticket.clocks
            if clock.breached_at is not None
        ],
    }


def _waits(ticket: Ticket) -> list[list[str | None]]:
    over = [[_iso(wait.start), _iso(wait.end)] for wait in ticket.waits]
    return over if ticket.held_since is None else [*over, [_iso(ticket.held_since), None]]


def _iso(at: dt.datetime | None) -> str | None:
    return None if at is None else at.astimezone(dt.UTC).isoformat()
