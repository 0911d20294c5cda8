"""Past tickets under another policy: which promises each would have kept.

A ticket is replayed with what happened to it: when it was opened, answered and resolved, when it waited for the
customer, and when its response clock stood still. The next-response clock is left out: it needs every message. Rules of the clocks: semantics.md, Clocks.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from escalation import sla
from escalation.finding import named
from escalation.instants import Span
from escalation.policy import Policy
from escalation.sla import Clock, ClockKind

REPLAYED = (ClockKind.RESPONSE, ClockKind.RESOLUTION)


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """A ticket as it went; `answered` and `resolved` None: not yet. A wait that goes on ends at the simulation's `now`.

    `waits` pause the resolution, `holds` the response.
    """

    id: str
    opened: dt.datetime
    severity: str
    category: str | None = None
    plan: str = ""
    answered: dt.datetime | None = None
    resolved: dt.datetime | None = None
    waits: tuple[Span, ...] = ()
    holds: tuple[Span, ...] = ()

    def stopped(self, clock: ClockKind) -> dt.datetime | None:
        """Return when a clock stopped; a resolution answers too."""
        return self.resolved if clock is ClockKind.RESOLUTION else self.answered or self.resolved


class Verdict(StrEnum):
    """What became of a clock: OPEN is neither stopped nor late yet, NONE is no due at all."""

    MET = "met"
    BREACHED = "breached"
    OPEN = "open"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """One clock of one ticket under one policy, as which severity it was served there."""

    severity: str
    due: dt.datetime | None
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """One clock of one ticket under the policy it had and under the other."""

    ticket: Past
    clock: ClockKind
    before: Outcome
    after: Outcome

    @property
    def differs(self) -> bool:
        """Tell whether it is breached under one policy and not under the other."""
        return (self.before.verdict is Verdict.BREACHED) != (self.after.verdict is Verdict.BREACHED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many tickets had a clock, and what became of it."""

    had: int
    met: int
    breached: int
    open: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Simulation:
    """Every clock of every ticket, and what had to be assumed."""

    replayed: tuple[Replayed, ...]
    notes: tuple[str, ...] = ()

    def count(self, clock: ClockKind, *, after: bool) -> Count:
        """Return the sums for a clock before the change, or `after` it."""
        verdicts = [(r.after if after else r.before).verdict for r in self.replayed if r.clock is clock]
        met, breached, running = map(verdicts.count, (Verdict.MET, Verdict.BREACHED, Verdict.OPEN))
        return Count(had=met + breached + running, met=met, breached=breached, open=running)

    def breaches(self, *, after: bool) -> int:
        """Return how many clocks were breached in all."""
        return sum(self.count(clock, after=after).breached for clock in REPLAYED)

    @property
    def differing(self) -> tuple[Replayed, ...]:
        """The clocks that were kept under one policy only, in the order of the tickets."""
        return tuple(replayed for replayed in self.replayed if replayed.differs)


def simulate(before: Policy, after: Policy, tickets: Sequence[Past], now: dt.datetime) -> Simulation:
    """Return every ticket under both policies as of `now`; raises UnknownSeverity for one that neither has."""
    replayed = tuple(
        Replayed(
            ticket=ticket,
            clock=clock,
            before=_outcome(before, after, ticket, clock, now),
            after=_outcome(after, before, ticket, clock, now),
        )
        for ticket in tickets
        for clock in REPLAYED
    )
    return Simulation(replayed=replayed, notes=tuple(_notes(before, after, tickets)))


def severity_under(policy: Policy, other: Policy, severity: str) -> str:
    """Return the severity as `policy` has it: by id, else the one of the same rank as in `other`, at most the last."""
    known = [own.id for own in policy.severities]
    if severity in known:
        return severity
    rank = other.severities.index(other.severity(severity))
    return known[min(rank, len(known) - 1)]


def category_under(policy: Policy, category: str | None) -> str | None:
    """Return the category where the policy has it."""
    return category if category in [own.id for own in policy.categories] else None


def _outcome(policy: Policy, other: Policy, ticket: Past, kind: ClockKind, now: dt.datetime) -> Outcome:
    id = severity_under(policy, other, ticket.severity)
    severity = policy.served(id, category_under(policy, ticket.category))
    target = severity.respond if kind is ClockKind.RESPONSE else severity.resolve
    if target is None:
        return Outcome(severity=id, due=None, verdict=Verdict.NONE)
    clock = sla.start_clock(kind, target.text, severity.counts, ticket.opened)
    clock = replace(clock, pauses=_pauses(ticket, kind, now), stopped=ticket.stopped(kind))
    calendar = policy.calendar_of(id)
    due = sla.promise_of(clock, calendar, now).due
    if due is None:
        return Outcome(severity=id, due=None, verdict=Verdict.NONE)
    late = sla.is_late(clock, calendar, now)
    return Outcome(severity=id, due=due, verdict=Verdict.BREACHED if late else _not_late(clock, now))


def _not_late(clock: Clock, now: dt.datetime) -> Verdict:
    return Verdict.OPEN if clock.stopped is None or clock.stopped > now else Verdict.MET


def _pauses(ticket: Past, kind: ClockKind, now: dt.datetime) -> tuple[Span, ...]:
    """Return when the clock stood still by `now`: response clocks do not pause for waits."""
    held = ticket.holds if kind is ClockKind.RESPONSE else ticket.waits
    ended = (Span(start=span.start, end=min(span.end, now)) for span in held)
    return tuple(span for span in ended if span.start < span.end)


def _notes(before: Policy, after: Policy, tickets: Sequence[Past]) -> Iterator[str]:
    """Tell once of everything that the two policies do not have in common."""
    for policy, other in ((before, after), (after, before)):
        for severity in dict.fromkeys(ticket.severity for ticket in tickets):
            taken = severity_under(policy, other, severity)
            if taken != severity:
                yield f'{policy.name} has no severity "{severity}": taken as "{taken}", by rank'
        used = {ticket.category: None for ticket in tickets if ticket.category}
        if strange := [category for category in used if category_under(policy, category) is None]:
            yield f"{policy.name} has no category {named(strange)}: taken as none"
    if before.answered_by is not after.answered_by:
        yield (
            f"{before.name} is answered by {before.answered_by}, {after.name} by {after.answered_by}: "
            "both are held against the answers as recorded"
        )
