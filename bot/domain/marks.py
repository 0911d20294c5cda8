"""What passing time brings: aims and milestones of the clocks, and the policy's escalation rules.

Each is found at its instant also when it is looked at late; of several milestones of a clock that were passed
unnoticed, the highest is told.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator

from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.ticket import Ticket
from escalation import sla
from escalation.calendar import BusinessCalendar
from escalation.escalate import Escalation, Lacking
from escalation.policy import Policy
from escalation.sla import Clock, ClockKind
from escalation.targets import Duration, Range

AUDIENCES = ((90, ("owner", "tier", "leads")), (75, ("owner", "tier")), (0, ("owner",)))
"""From this percent on, these are alerted: louder each time. Whoever a rule of the policy names is alerted by it."""


Told = tuple[ev.Event, tuple[no.Saying, ...]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mark:
    """Something that happens at `at`, unless the ticket changes first; `tell` makes its event and what is said."""

    at: dt.datetime
    tell: Callable[[], Told]


def audience_at(percent: int, ticket: Ticket) -> tuple[str, ...]:
    """Who is alerted; while nobody has the ticket, its tier stands in for the owner."""
    named = next(audience for least, audience in AUDIENCES if percent >= least)
    return named if ticket.owner else tuple(dict.fromkeys(("tier", *named)))


def passed(ticket: Ticket, policy: Policy, now: dt.datetime) -> tuple[Told, ...]:
    """What has happened by now and was not told, in its order. A milestone at the instant of its clock's aim says
    nothing that the aim does not."""
    due = sorted((m for m in _marks(ticket, policy, now) if m.at <= now), key=lambda m: m.at)
    told = [mark.tell() for mark in due]
    aims = {(event.clock, event.at) for event, _ in told if isinstance(event, ev.AimPassed)}
    return tuple(
        (event, ())
        if isinstance(event, ev.MilestonePassed) and (event.clock, event.at) in aims
        else (event, said)
        for event, said in told
    )


def not_before(ticket: Ticket, policy: Policy) -> dt.datetime:
    """An instant before which no clock of the ticket brings anything: time that counts never runs faster than the
    clock on the wall. Cheap, and as early as the opening where nothing can be told without the calendar."""
    rules = policy.escalations
    share = min(
        [1.0, *(p / 100 for p in policy.milestones), *(r.trigger.fraction for r in rules if r.trigger.clock)]
    )
    found = [dt.datetime.max.replace(tzinfo=dt.UTC)]
    for clock in ticket.clocks if ticket.status.is_open else ():
        target = clock.parsed
        told = target.promise if isinstance(target, Range) else target
        amounts = [told, target.aim] if isinstance(target, Range) else [told]
        if not all(isinstance(amount, Duration) for amount in amounts):
            return ticket.opened
        found += [clock.started + amount.length * share for amount in amounts if isinstance(amount, Duration)]
    found += [ticket.opened + rule.trigger.after for rule in rules if rule.trigger.lacking]
    return min(found)


def next_at(ticket: Ticket, policy: Policy, now: dt.datetime) -> dt.datetime | None:
    """When to look again; in the past when something was missed."""
    return min((mark.at for mark in _marks(ticket, policy, now)), default=None)


def _marks(ticket: Ticket, policy: Policy, now: dt.datetime) -> Iterator[Mark]:
    if not ticket.status.is_open:
        return
    calendar = policy.calendar_of(ticket.severity)
    for clock in ticket.clocks:
        if clock.stopped is None:
            yield from _of_clock(ticket, clock, calendar, policy.milestones, now)
    for rule in policy.escalations:
        if rule.covers(ticket.severity) and (mark := _escalation(ticket, rule, calendar, now)):
            yield mark


def _of_clock(
    ticket: Ticket, clock: Clock, calendar: BusinessCalendar, milestones: tuple[int, ...], now: dt.datetime
) -> Iterator[Mark]:
    """The aim, and one milestone: the highest that was passed, else the next to come."""
    if not clock.aimed and clock.breached_at is None and clock.paused_since is None:
        aim = sla.aim_of(clock, calendar, now)
        if aim is not None:
            yield Mark(at=aim, tell=lambda: _aim(ticket, clock, calendar, aim, now))
    found: tuple[int, dt.datetime] | None = None
    for percent in milestones:
        if percent <= clock.marked or percent == 100:  # at 100 % it is a breach, told as one
            continue
        at = sla.at_fraction(clock, calendar, percent / 100, now)
        if at is None or (found and at > now):
            break
        found = percent, at
        if at > now:
            break
    if found and (clock.breached_at is None or found[0] > 100):
        percent, at = found
        yield Mark(at=at, tell=lambda: _milestone(ticket, clock, calendar, percent, at, now))


def _aim(ticket: Ticket, clock: Clock, calendar: BusinessCalendar, at: dt.datetime, now: dt.datetime) -> Told:
    due = sla.promise_of(clock, calendar, now).due
    line = no.DeskLine(what="aim_passed", text=clock.kind, due=due, audience=audience_at(0, ticket))
    return ev.AimPassed(clock=clock.kind, at=at), (no.ToDesk(notice=line),)


def _milestone(
    ticket: Ticket, clock: Clock, calendar: BusinessCalendar, percent: int, at: dt.datetime, now: dt.datetime
) -> Told:
    due = sla.promise_of(clock, calendar, now).due
    line = no.DeskLine(
        what="milestone", name=str(percent), text=clock.kind, due=due, audience=audience_at(percent, ticket)
    )
    return ev.MilestonePassed(clock=clock.kind, percent=percent, at=at), (no.ToDesk(notice=line),)


def _escalation(
    ticket: Ticket, rule: Escalation, calendar: BusinessCalendar, now: dt.datetime
) -> Mark | None:
    key = _key(ticket, rule)
    at = None if key in ticket.escalated else _fires_at(ticket, rule, calendar, now)
    return None if at is None else Mark(at=at, tell=lambda: _fired(ticket, rule, key))


def _fired(ticket: Ticket, rule: Escalation, key: str) -> Told:
    sayings: tuple[no.Saying, ...] = ()
    offer = "" if ticket.call_offered else rule.offer
    if rule.to:
        tier = str(rule.tier) if rule.tier else ""
        line = no.DeskLine(what="escalated", text=rule.trigger.text, name=tier, audience=rule.to)
        sayings = (no.ToDesk(notice=line),)
    if offer:
        offered = no.DeskLine(what="call_offered", text=rule.trigger.text, audience=("owner",))
        sayings += (no.ToCustomer(notice=no.CallOffered(ticket=ticket.id)), no.ToDesk(notice=offered))
    return ev.Escalated(rule=key, to=rule.to, tier=rule.tier, offer=offer), sayings


def _key(ticket: Ticket, rule: Escalation) -> str:
    """A rule fires once; one about the next response once for each of the customer's questions."""
    clock = ticket.clock(ClockKind.NEXT_RESPONSE)
    again = rule.trigger.clock is ClockKind.NEXT_RESPONSE and clock is not None
    return f"{rule.id} @{clock.started.isoformat()}" if again and clock is not None else rule.id


def _fires_at(
    ticket: Ticket, rule: Escalation, calendar: BusinessCalendar, now: dt.datetime
) -> dt.datetime | None:
    trigger = rule.trigger
    if trigger.clock is not None:
        clock = ticket.clock(trigger.clock)
        running = clock is not None and clock.stopped is None
        return sla.at_fraction(clock, calendar, trigger.fraction, now) if clock and running else None
    response = ticket.clock(ClockKind.RESPONSE)
    if trigger.lacking is Lacking.ANSWER and (ticket.answered or (response and response.stopped)):
        return None
    age = sla.start_clock(ClockKind.RESOLUTION, trigger.text.rpartition(" ")[0], rule.counts, ticket.opened)
    age = dataclasses.replace(age, pauses=ticket.waits)
    if ticket.held_since is not None:
        age = sla.pause(age, ticket.held_since, "")
    return sla.at_fraction(age, calendar, 1.0, now)
