"""Tickets that are made up: a month at a desk with this policy, the same ones for the same seed."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.promises.times import Month
from escalation.calendar import BusinessCalendar
from escalation.grammar import Duration
from escalation.instants import DAY, ZERO, Span, from_wall
from escalation.policy import Policy, Severity
from escalation.simulate import Past
from escalation.targets import Target, counting_calendar, target_length

T = TypeVar("T")

_HOUR = dt.timedelta(hours=1)
_ANSWER = Duration(text="2 business hours", length=2 * _HOUR, business=True)
_SOLUTION = Duration(text="16 business hours", length=16 * _HOUR, business=True)
_OUT_OF_HOURS = 0.15  # of a business day's tickets come then, and as many on a closed day
_USED, _SPREAD = 0.4, 0.7  # the median share of a target that is used, and how far it varies (log-normal)
_WAITING = 0.3  # of the tickets wait for the customer once


class Draws:
    """Numbers that look like chance: a hash of the seed and of how many were drawn."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn = 0

    def share(self) -> float:
        """From 0 up to but not including 1."""
        self._drawn += 1
        digest = hashlib.sha256(f"{self._seed}:{self._drawn}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def log_normal(self, median: float, spread: float) -> float:
        """Box-Muller."""
        normal = math.sqrt(-2 * math.log(1 - self.share())) * math.cos(math.tau * self.share())
        return median * math.exp(spread * normal)

    def one_of(self, things: Sequence[T], weights: Sequence[float]) -> T:
        """One of some, the heavier more often."""
        left = self.share() * sum(weights)
        for thing, weight in zip(things, weights, strict=True):
            left -= weight
            if left < 0:
                return thing
        return things[-1]


def made_up(policy: Policy, month: Month, per_day: int, seed: int) -> tuple[Past, ...]:
    """`per_day` tickets a business day, more or less, in the order in which they come. Raises EmptyCalendar."""
    draws = Draws(seed)
    arrivals = (
        at for date in month.dates() for at in sorted(_arrivals(policy.calendar, date, per_day, draws))
    )
    return tuple(_ticket(policy, number, at, draws) for number, at in enumerate(arrivals, 1))


def _arrivals(calendar: BusinessCalendar, date: dt.date, per_day: int, draws: Draws) -> Iterator[dt.datetime]:
    spans = calendar.day_hours(date)
    expected = per_day * (1.0 if spans else _OUT_OF_HOURS)
    for _ in range(int(expected * (0.8 + 0.4 * draws.share()) + draws.share())):
        inside = spans and draws.share() >= _OUT_OF_HOURS
        yield _within(spans if inside else (_whole_day(calendar, date),), draws.share())


def _whole_day(calendar: BusinessCalendar, date: dt.date) -> Span:
    return Span(start=from_wall(calendar.zone, date, ZERO), end=from_wall(calendar.zone, date, DAY))


def _within(spans: Sequence[Span], share: float) -> dt.datetime:
    """The whole minute at a share of all the spans together."""
    left = sum((span.length for span in spans), ZERO) * share
    for span in spans:
        if left < span.length:
            return (span.start + left).replace(second=0, microsecond=0)
        left -= span.length
    return spans[-1].start


def _ticket(policy: Policy, number: int, at: dt.datetime, draws: Draws) -> Past:
    severity = draws.one_of(policy.severities, _weights(len(policy.severities)))
    categories = [category.id for category in policy.categories]
    plans = [plan.id for plan in policy.plans]
    ticket = Past(
        id=f"T-{number:04}",
        opened=at,
        severity=severity.id,
        category=draws.one_of(categories, [1.0] * len(categories)) if categories else None,
        plan=draws.one_of(plans, [1.0] * len(plans)) if plans else "",
    )
    return _worked(policy, policy.served(severity.id, ticket.category), ticket, draws)


def _weights(severities: int) -> list[float]:
    """The more urgent the rarer; the last one is half as common as the one before would have it."""
    return [*map(float, range(1, severities)), severities / 2]


def _worked(policy: Policy, severity: Severity, ticket: Past, draws: Draws) -> Past:
    """The ticket answered, perhaps waiting for the customer, and resolved."""
    answered = _done(policy, severity, severity.respond or _ANSWER, ticket, draws)
    waited = dt.timedelta(hours=draws.log_normal(4, 1.0)) if draws.share() < _WAITING else ZERO
    waits = (Span(start=answered, end=_minute(answered + waited)),) if waited >= _HOUR else ()
    ticket = replace(ticket, answered=answered, waits=waits)
    resolved = _done(policy, severity, severity.resolve or _SOLUTION, ticket, draws)
    return replace(ticket, resolved=max((resolved, answered, *(wait.end for wait in waits))))


def _done(policy: Policy, severity: Severity, target: Target, ticket: Past, draws: Draws) -> dt.datetime:
    """When something with this target is done, the target's own time used up to a varying share."""
    calendar = policy.calendar_of(severity.id)
    allowed = target_length(target, severity.counts, calendar, ticket.opened)
    if allowed is None:  # as needed, negotiated
        return _done(policy, severity, _SOLUTION, ticket, draws)
    used = allowed * min(draws.log_normal(_USED, _SPREAD), 5.0)
    counting = counting_calendar(target, severity.counts, calendar)
    return _minute(counting.due(ticket.opened, used, ticket.waits))


def _minute(at: dt.datetime) -> dt.datetime:
    """Rounded up: nothing is done before it is begun."""
    return (at + dt.timedelta(seconds=59, microseconds=999999)).replace(second=0, microsecond=0)
