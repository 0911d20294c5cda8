"""Who is on call: layers of rotations, the higher one where it covers, and overrides above them all."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from escalation.instants import Span, utc
from escalation.rotation import Rotation, next_edge, on_shift

HORIZON = dt.timedelta(days=400)  # how far ahead a change is looked for


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """`person` is on call during `span`: instead of `replaces` where they are on, else instead of all."""

    person: str
    span: Span
    replaces: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """Layers, the last the highest; overrides beat them. Overrides at one time are on together."""

    name: str
    zone: ZoneInfo
    layers: tuple[Rotation, ...]
    overrides: tuple[Override, ...] = ()


def on_call(schedule: Schedule, at: dt.datetime) -> tuple[str, ...]:
    """Return who is on call at `at`, nobody twice; empty is a gap."""
    at = utc(at)
    active = [over for over in schedule.overrides if over.span.start <= at < over.span.end]
    taken = tuple(over.person for over in active if over.replaces is None)
    people = taken or _layered(schedule, at)
    for over in active:
        if over.replaces is not None:
            people = tuple(over.person if person == over.replaces else person for person in people)
    return tuple(dict.fromkeys(people))


def next_change(schedule: Schedule, at: dt.datetime) -> dt.datetime | None:
    """Return the first instant after `at` at which the answer differs; None within HORIZON."""
    at = utc(at)
    now, until = on_call(schedule, at), at + HORIZON
    edge = _edge(schedule, at)
    while edge is not None and edge < until:
        if on_call(schedule, edge) != now:
            return edge
        edge = _edge(schedule, edge)
    return None


def gaps(schedule: Schedule, start: dt.datetime, end: dt.datetime) -> tuple[Span, ...]:
    """Return the spans of [start, end) with nobody on call, in order, touching ones joined."""
    at, end = utc(start), utc(end)
    found: list[Span] = []
    while at < end:
        edge = _edge(schedule, at)
        until = end if edge is None else min(edge, end)
        if not on_call(schedule, at):
            joins = found and found[-1].end == at
            found[-1 if joins else len(found) :] = [Span(start=found[-1].start if joins else at, end=until)]
        at = until
    return tuple(found)


def _layered(schedule: Schedule, at: dt.datetime) -> tuple[str, ...]:
    """Return who the highest layer that covers `at` names."""
    for layer in reversed(schedule.layers):
        if (person := on_shift(layer, at)) is not None:
            return (person,)
    return ()


def _edge(schedule: Schedule, at: dt.datetime) -> dt.datetime | None:
    """Return the first instant after `at` at which a layer or an override begins or ends."""
    edges = [edge for over in schedule.overrides for edge in over.span if edge > at]
    edges += [edge for layer in schedule.layers if (edge := next_edge(layer, at)) is not None]
    return min(edges, default=None)
