"""A ticket as it stands, and how an event changes it. `decide.py` says which events a command causes."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from bot.domain import events as ev
from bot.domain.ids import Address, ContactId, OrganisationId, PersonId, TeamName, TicketId
from bot.domain.status import Move, Status, after
from escalation import sla
from escalation.policy import AnsweredBy, Policy
from escalation.sla import Clock, ClockKind
from escalation.targets import Counts

NO_DUE = "as needed"
WAITING = "waiting for the customer"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ticket:
    """The fold of its events: `rebuild` over the log gives the same value as the row.

    `text` is the customer's first message. `confirmed`: the severity is more than a proposal. `spoken` is when either
    side last said something that the other sees; the customer's next words belong to the ticket last spoken of.
    """

    id: TicketId
    organisation: OrganisationId
    organisation_name: str
    contact: ContactId
    contact_name: str
    known: bool
    team: TeamName
    policy: str
    policy_version: str
    plan: str
    vip: bool
    severity: str
    confirmed: bool
    status: Status
    text: str
    place: Address
    language: str
    zone: str
    opened: dt.datetime
    changed: dt.datetime
    clocks: tuple[Clock, ...] = ()
    owner: PersonId | None = None
    acknowledged: dt.datetime | None = None
    spoken: dt.datetime | None = None
    said: str = ""
    """The customer's latest words, once there are some after the first."""
    resolved: dt.datetime | None = None
    category: str | None = None
    service: str = ""
    """The service of the policy that it asks for; empty for trouble."""

    def clock(self, kind: ClockKind) -> Clock | None:
        return next((c for c in self.clocks if c.kind is kind), None)


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
    severity = policy.severity(event.severity)
    promised = ((ClockKind.RESPONSE, severity.respond), (ClockKind.RESOLUTION, severity.resolve))
    clocks = [sla.start_clock(kind, t.text, severity.counts, at) for kind, t in promised if t is not None]
    return Ticket(
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
        clocks=tuple(clocks),
    )


def _moved(ticket: Ticket, move: Move, **changes: Any) -> Ticket:
    return dataclasses.replace(ticket, status=after(ticket.id, ticket.status, move), **changes)


def _with_clock(ticket: Ticket, kind: ClockKind, change: Callable[[Clock], Clock]) -> Ticket:
    return dataclasses.replace(
        ticket, clocks=tuple(change(c) if c.kind is kind and c.stopped is None else c for c in ticket.clocks)
    )


def _answered(ticket: Ticket, at: dt.datetime, by: frozenset[AnsweredBy], policy: Policy) -> Ticket:
    """A human did something: the response clock stops where the policy counts that as an answer."""
    if policy.answered_by in by:
        ticket = _with_clock(ticket, ClockKind.RESPONSE, lambda c: sla.stop(c, at))
    if AnsweredBy.REPLY in by:
        ticket = _with_clock(ticket, ClockKind.NEXT_RESPONSE, lambda c: sla.stop(c, at))
    return ticket


_BY_ACK = frozenset({AnsweredBy.ACKNOWLEDGE})
_BY_REPLY = frozenset({AnsweredBy.ACKNOWLEDGE, AnsweredBy.REPLY})
_BY_ANY = frozenset(AnsweredBy)


def _severity_set(ticket: Ticket, event: ev.SeveritySet, at: dt.datetime, policy: Policy) -> Ticket:
    """Keeps what has elapsed and the pauses; the new target counts from the original start (semantics, Clocks).

    A severity without such a target keeps the clock without a due, so that a way back finds all as it was. When it
    starts to page, an earlier acknowledgement was of something else: it is asked for again.
    """
    severity, before = policy.severity(event.severity), policy.severity(ticket.severity)
    wanted = {ClockKind.RESPONSE: severity.respond, ClockKind.RESOLUTION: severity.resolve}
    kept: list[Clock] = []
    for clock in ticket.clocks:
        target = wanted.pop(clock.kind, severity.next)
        text = target.text if target is not None else NO_DUE
        kept.append(clock if clock.stopped else sla.retarget(clock, text, severity.counts))
    kept += [_begun(ticket, k, t.text, severity.counts, at) for k, t in wanted.items() if t is not None]
    moved = _moved(ticket, Move.SET_SEVERITY, severity=event.severity, clocks=tuple(kept), confirmed=True)
    return dataclasses.replace(moved, acknowledged=None) if severity.pages and not before.pages else moved


def _begun(ticket: Ticket, kind: ClockKind, target: str, counts: Counts, at: dt.datetime) -> Clock:
    """A clock that this severity has and the last one had not: from the opening, paused where the ticket waits."""
    clock = sla.start_clock(kind, target, counts, ticket.opened)
    if kind is ClockKind.RESOLUTION and ticket.status is Status.WAITING:
        return sla.pause(clock, at, WAITING)
    return clock


def _customer_wrote(ticket: Ticket, event: ev.CustomerWrote, at: dt.datetime, policy: Policy) -> Ticket:
    """Ends a wait at once; starts the next-response clock unless one runs (later messages don't move it)."""
    ticket = _moved(ticket, Move.CUSTOMER_WRITES, spoken=at, said=event.text[:500] or ticket.said)
    ticket = _with_clock(ticket, ClockKind.RESOLUTION, lambda c: sla.resume(c, at) if c.paused_since else c)
    severity = policy.severity(ticket.severity)
    running = [c for c in ticket.clocks if c.kind is not ClockKind.RESOLUTION and c.stopped is None]
    if severity.next is None or running or not ticket.status.is_open:
        return ticket
    clock = sla.start_clock(ClockKind.NEXT_RESPONSE, severity.next.text, severity.counts, at)
    others = tuple(c for c in ticket.clocks if c.kind is not ClockKind.NEXT_RESPONSE)
    return dataclasses.replace(ticket, clocks=(*others, clock))


def _contact_named(ticket: Ticket, event: ev.ContactNamed, at: dt.datetime, policy: Policy) -> Ticket:
    return dataclasses.replace(ticket, contact_name=event.name or ticket.contact_name, known=True)


def _engineer_wrote(ticket: Ticket, event: ev.EngineerWrote, at: dt.datetime, policy: Policy) -> Ticket:
    return _answered(_moved(ticket, Move.ANSWER, spoken=at), at, _BY_REPLY, policy)


def _note(ticket: Ticket, event: ev.NoteWritten, at: dt.datetime, policy: Policy) -> Ticket:
    return _moved(ticket, Move.NOTE)


def _acknowledged(ticket: Ticket, event: ev.Acknowledged, at: dt.datetime, policy: Policy) -> Ticket:
    ticket = _moved(
        ticket,
        Move.ACKNOWLEDGE,
        owner=ticket.owner or event.person,
        acknowledged=ticket.acknowledged or at,
    )
    return _answered(ticket, at, _BY_ACK, policy)


def _taken(ticket: Ticket, event: ev.Taken, at: dt.datetime, policy: Policy) -> Ticket:
    return _moved(ticket, Move.TAKE, owner=event.person)


def _info_asked(ticket: Ticket, event: ev.InfoAsked, at: dt.datetime, policy: Policy) -> Ticket:
    """Waiting for the customer pauses the resolution clock; response clocks do not pause for it."""
    ticket = _answered(_moved(ticket, Move.ASK, spoken=at), at, _BY_REPLY, policy)
    return _with_clock(
        ticket,
        ClockKind.RESOLUTION,
        lambda c: c if c.paused_since else sla.pause(c, at, WAITING),
    )


def _resolved(ticket: Ticket, event: ev.Resolved, at: dt.datetime, policy: Policy) -> Ticket:
    ticket = _answered(
        _moved(ticket, Move.RESOLVE, resolved=at, confirmed=True, spoken=at), at, _BY_ANY, policy
    )
    return _with_clock(ticket, ClockKind.RESOLUTION, lambda c: sla.stop(c, at))


def _reopened(ticket: Ticket, event: ev.Reopened, at: dt.datetime, policy: Policy) -> Ticket:
    """The resolution clock runs on; the time between resolved and reopened counts as a pause. Somebody waits for an
    answer again: by the next-response target, or the response target where the policy has none."""
    clocks = tuple(_run_on(c, at) if c.kind is ClockKind.RESOLUTION else c for c in ticket.clocks)
    clocks = _answer_again(ticket, clocks, at, policy)
    return _moved(ticket, Move.REOPEN, resolved=None, owner=None, acknowledged=None, clocks=clocks)


def _answer_again(
    ticket: Ticket, clocks: tuple[Clock, ...], at: dt.datetime, policy: Policy
) -> tuple[Clock, ...]:
    severity = policy.severity(ticket.severity)
    target = severity.next or severity.respond
    response = ticket.clock(ClockKind.RESPONSE)
    if target is None or (response is not None and response.stopped is None):
        return clocks
    clock = sla.start_clock(ClockKind.NEXT_RESPONSE, target.text, severity.counts, at)
    return (*(c for c in clocks if c.kind is not ClockKind.NEXT_RESPONSE), clock)


def _run_on(clock: Clock, at: dt.datetime) -> Clock:
    if clock.stopped is None:
        return clock
    return sla.resume(dataclasses.replace(clock, paused_since=clock.stopped, stopped=None), at)


def _closed(ticket: Ticket, event: ev.Closed, at: dt.datetime, policy: Policy) -> Ticket:
    clocks = tuple(sla.stop(c, at) if c.stopped is None else c for c in ticket.clocks)
    return _moved(ticket, Move.CLOSE, clocks=clocks, confirmed=True)


def _breached(ticket: Ticket, event: ev.ClockBreached, at: dt.datetime, policy: Policy) -> Ticket:
    return dataclasses.replace(
        ticket,
        clocks=tuple(
            dataclasses.replace(c, breached_at=event.at) if c.kind == event.clock else c
            for c in ticket.clocks
        ),
    )


_CHANGES: dict[type[ev.Event], Callable[[Ticket, Any, dt.datetime, Policy], Ticket]] = {
    ev.SeveritySet: _severity_set,
    ev.CustomerWrote: _customer_wrote,
    ev.ContactNamed: _contact_named,
    ev.EngineerWrote: _engineer_wrote,
    ev.NoteWritten: _note,
    ev.Acknowledged: _acknowledged,
    ev.Taken: _taken,
    ev.InfoAsked: _info_asked,
    ev.Resolved: _resolved,
    ev.Reopened: _reopened,
    ev.Closed: _closed,
    ev.ClockBreached: _breached,
}
"""Events that are not here are facts for the log alone (a page's attempts, for instance)."""
