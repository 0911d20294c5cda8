"""Why a ticket's times are what they are."""

from __future__ import annotations

import datetime as dt

from bot.domain.notices import ExplainedClock
from bot.domain.ticket import Ticket
from escalation import sla
from escalation.policy import Policy
from escalation.targets import Agreed, StepKind


def explained(ticket: Ticket, policy: Policy, now: dt.datetime) -> tuple[ExplainedClock, ...]:
    """The arithmetic of each clock that runs towards a time, in the policy's zone."""
    calendar = policy.calendar_of(ticket.severity)
    found = []
    for clock in ticket.clocks:
        steps = () if clock.stopped else sla.explained(clock, calendar, now)
        steps = steps[-1:] if isinstance(clock.parsed, Agreed) else steps
        if steps and steps[-1].kind is not StepKind.NONE:
            found.append(ExplainedClock(kind=clock.kind, steps=steps))
    return tuple(found)
