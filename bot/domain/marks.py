"""What passing time brings: aims and milestones of the clocks, and the policy's escalation rules.

Each is found at its instant also when it is looked at late; of several milestones of a clock that were passed
unnoticed, the highest is told.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.ticket import Ticket
from escalation import sla
from escalation.escalate import Escalation, Lacking
from escalation.policy import Policy
from escalation.sla import Clock, ClockKind

AUDIENCES = ((90, ("owner", "tier", "leads")), (75, ("owner", "tier")), (0, ("owner",)))
"""From this percent on, these are alerted: louder each time. Whoever a rule of the policy names is alerted by it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mark:
    """Something that happens at `at`, unless the ticket changes first."""

    at: dt.datetime
    event: ev.Event
    sayings: tuple[no.Saying, ...]


def audience_at(percent: int, ticket: Ticket) -> tuple[str, ...]:
    """Who is alerted; while nobody has the ticket, its tier stands in for the owner."""
    named = next(audience for least, audience in AUDIENCES if percent >= least)
    return named if ticket.owner else tuple(dict.fromkeys(("tier", *named)))


def passed(ticket: Ticket, policy: Policy, now: dt.datetime) -> tuple[Mark, ...]:
    """What has happened by now and was not told, in its order."""
    return tuple(sorted((m for m in _marks(ticket, policy, now) if m.at <= now), key=lambda m: m.at))


def next_at(ticket: Ticket, policy: Policy, now: dt.datetime) -> dt.datetime | None:
    """When to look again; in the past when something was missed."""
    return min((mark.at for mark in _marks(ticket, policy, now)), default=None)


def _marks(ticket: Ticket, policy: Policy, now: dt.datetime) -> Iterator[Mark]:
    if not ticket.status.is_open:
        return
    for clock in ticket.clocks:
        if clock.stopped is None:
            yield from _of_clock(ticket, clock, policy, now)
    for rule in policy.escalations:
        if rule.covers(ticket.severity) and (mark := _escalation(ticket, rule, policy, now)):
            yield mark


def _of_clock(ticket: Ticket, clock: Clock, policy: Policy, now: dt.datetime) -> Iterator[Mark]:
    """The aim, and one milestone: the highest that was passed, else the next to come."""
    calendar = policy.calendar_of(ticket.severity)
    aim = sla.promise_of(clock, calendar, now).aim
    if aim is not None and not clock.aimed and clock.breached_at is None and clock.paused_since is None:
        yield Mark(
            at=aim, event=ev.AimPassed(clock=clock.kind, at=aim), sayings=(_aim(ticket, clock, policy, now),)
        )
    found: tuple[int, dt.datetime] | None = None
    for percent in policy.milestones:
        if percent <= clock.marked or percent == 100:  # at 100 % it is a breach, told as one
            continue
        at = sla.at_fraction(clock, calendar, percent / 100, now)
        if at is None or (found is not None and at > now):
            break
        found = percent, at
    if found is not None and not (clock.breached_at is not None and found[0] < 100):
        yield _milestone(ticket, clock, policy, *found, now=now)


def _aim(ticket: Ticket, clock: Clock, policy: Policy, now: dt.datetime) -> no.ToDesk:
    due = sla.promise_of(clock, policy.calendar_of(ticket.severity), now).due
    line = no.DeskLine(what="aim_passed", text=clock.kind, due=due, audience=audience_at(0, ticket))
    return no.ToDesk(notice=line)


def _milestone(
    ticket: Ticket, clock: Clock, policy: Policy, percent: int, at: dt.datetime, *, now: dt.datetime
) -> Mark:
    due = sla.promise_of(clock, policy.calendar_of(ticket.severity), now).due
    line = no.DeskLine(
        what="milestone", name=str(percent), text=clock.kind, due=due, audience=audience_at(percent, ticket)
    )
    event = ev.MilestonePassed(clock=clock.kind, percent=percent, at=at)
    return Mark(at=at, event=event, sayings=(no.ToDesk(notice=line),))


def _escalation(ticket: Ticket, rule: Escalation, policy: Policy, now: dt.datetime) -> Mark | None:
    key = _key(ticket, rule)
    at = None if key in ticket.escalated else _fires_at(ticket, rule, policy, now)
    if at is None:
        return None
    sayings: tuple[no.Saying, ...] = ()
    offer = "" if ticket.call_offered else rule.offer
    if rule.to:
        tier = str(rule.tier) if rule.tier else ""
        line = no.DeskLine(what="escalated", text=rule.trigger.text, name=tier, audience=rule.to)
        sayings = (no.ToDesk(notice=line),)
    if offer:
        offered = no.DeskLine(what="call_offered", text=rule.trigger.text, audience=("owner",))
        sayings += (no.ToCustomer(notice=no.CallOffered(ticket=ticket.id)), no.ToDesk(notice=offered))
    event = ev.Escalated(rule=key, to=rule.to, tier=rule.tier, offer=offer)
    return Mark(at=at, event=event, sayings=sayings)


def _key(ticket: Ticket, rule: Escalation) -> str:
    """A rule fires once; one about the next response once for each of the customer's questions."""
    clock = ticket.clock(ClockKind.NEXT_RESPONSE)
    again = rule.trigger.clock is ClockKind.NEXT_RESPONSE and clock is not None
    return f"{rule.id} @{clock.started.isoformat()}" if again and clock is not None else rule.id


def _fires_at(ticket: Ticket, rule: Escalation, policy: Policy, now: dt.datetime) -> dt.datetime | None:
    trigger, calendar = rule.trigger, policy.calendar_of(ticket.severity)
    if trigger.clock is not None:
        clock = ticket.clock(trigger.clock)
        running = clock is not None and clock.stopped is None
        return sla.at_fraction(clock, calendar, trigger.fraction, now) if clock and running else None
    response = ticket.clock(ClockKind.RESPONSE)
    if trigger.lacking is Lacking.ANSWER and (ticket.answered or (response and response.stopped)):
        return None
    age = sla.start_clock(
        ClockKind.RESOLUTION, f"{int(trigger.after.total_seconds() // 60)}m", rule.counts, ticket.opened
    )
    age = dataclasses.replace(age, pauses=ticket.waits)
    if ticket.held_since is not None:
        age = sla.pause(age, ticket.held_since, "")
    return sla.at_fraction(age, calendar, 1.0, now)
