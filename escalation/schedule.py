"""Who is on call: layers of rotations and rosters, the higher one where it covers, and overrides above them all."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from escalation.instants import Span, utc
from escalation.rotation import Rotation, on_shift, turns
from escalation.track import Piece, both, listed, together

HORIZON = dt.timedelta(days=400)  # how far a change is looked for
_REACHES = (dt.timedelta(days=8), dt.timedelta(days=64), HORIZON)


class Change(StrEnum):
    """What an override does with its person."""

    INSTEAD = "instead"  # of `replaces` while they are on; without one, instead of everybody
    ADD = "add"  # beside whoever is on
    REMOVE = "remove"  # off, whoever else is on


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """During `span`, `person` is on instead of `replaces` (None: of everybody), or beside the others, or off."""

    person: str
    span: Span
    replaces: str | None = None
    change: Change = Change.INSTEAD


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """`person` is on call during `span`."""

    person: str
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """A layer of listed shifts, such as a calendar has. Those at one time are on together. `source` is its calendar.

    `joins`: on together with the layers below instead of in their place.
    """

    source: str
    shifts: tuple[Shift, ...] = ()
    joins: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """Layers, the last the highest: the highest that covers an instant wins, together with those below while it joins.

    Overrides are applied to that in their order, so the last that was made wins. `drill`: so long before a shift its
    people get a test page.
    """

    name: str
    zone: ZoneInfo
    layers: tuple[Rotation | Roster, ...]
    overrides: tuple[Override, ...] = ()
    drill: dt.timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Why `person` is on call: by the layer of that index, or by an override.

    They are on without a break since `since` until `until`; None: for longer than HORIZON.
    """

    person: str
    layer: int | None = None
    override: Override | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def on_call(schedule: Schedule, at: dt.datetime) -> tuple[str, ...]:
    """Return who is on call at `at`, nobody twice, the lowest layer's people first; empty is a gap."""
    return tuple(source.person for source in _sources(schedule, utc(at)))


def explain_on_call(schedule: Schedule, at: dt.datetime) -> tuple[Source, ...]:
    """Return who is on call at `at` as `on_call` does, each with why and from when until when."""
    at = utc(at)
    sources = _sources(schedule, at)
    for reach in _REACHES:
        start, end = at - reach, at + reach
        spans = {s.person: s.span for s in shifts_of(schedule, start, end) if s.span.start <= at < s.span.end}
        if all(start < span.start and span.end < end for span in spans.values()):
            break
    return tuple(
        replace(source, since=since if since > start else None, until=until if until < end else None)
        for source in sources
        for since, until in (spans[source.person],)
    )


def next_change(schedule: Schedule, at: dt.datetime) -> dt.datetime | None:
    """Return the first instant after `at` at which others are on call; None within HORIZON."""
    at = utc(at)
    now = {source.person for source in _sources(schedule, at)}
    for since, _, sources in _stretches(schedule, at):
        if since >= at + HORIZON:
            break
        if {source.person for source in sources} != now:
            return since
    return None


def gaps(schedule: Schedule, start: dt.datetime, end: dt.datetime) -> tuple[Span, ...]:
    """Return the spans of [start, end) with nobody on call, in order, touching ones joined."""
    found: list[Span] = []
    for span, people in _within(schedule, utc(start), utc(end)):
        if not people:
            joins = found and found[-1].end == span.start
            begin = found.pop().start if joins else span.start
            found.append(Span(start=begin, end=span.end))
    return tuple(found)


def shifts_of(schedule: Schedule, start: dt.datetime, end: dt.datetime) -> tuple[Shift, ...]:
    """Return who is on call in [start, end): each person's spans, as long as they can be and cut to it, in order."""
    found: list[Shift] = []
    running: dict[str, int] = {}
    for span, people in _within(schedule, utc(start), utc(end)):
        running = {person: index for person, index in running.items() if person in people}
        for person in people:
            begun = running.setdefault(person, len(found))
            if begun == len(found):
                found.append(Shift(person=person, span=span))
            else:
                found[begun] = Shift(person=person, span=Span(start=found[begun].span.start, end=span.end))
    return tuple(found)


def _sources(schedule: Schedule, at: dt.datetime) -> tuple[Source, ...]:
    """Return who is on at `at` and by what, without the spans."""
    found = [_on_layer(layer, at) for layer in schedule.layers]
    active = [over for over in schedule.overrides if over.span.start <= at < over.span.end]
    return _changed(_layered(schedule.layers, found), active)


def _on_layer(layer: Rotation | Roster, at: dt.datetime) -> tuple[str, ...]:
    if isinstance(layer, Roster):
        return tuple(shift.person for shift in layer.shifts if shift.span.start <= at < shift.span.end)
    person = on_shift(layer, at)
    return () if person is None else (person,)


def _layered(layers: Sequence[Rotation | Roster], found: Sequence[tuple[str, ...]]) -> list[Source]:
    """Return whom the layers put on, of what each says by itself."""
    sources: list[Source] = []
    for index in reversed(range(len(layers))):
        sources[:0] = [Source(person=person, layer=index) for person in found[index]]
        if found[index] and not layers[index].joins:
            break
    return sources


def _changed(sources: list[Source], overrides: Sequence[Override]) -> tuple[Source, ...]:
    """Apply overrides in their order; nobody is on twice."""
    for over in overrides:
        own = Source(person=over.person, override=over)
        if over.change is Change.REMOVE:
            sources = [source for source in sources if source.person != over.person]
        elif over.change is Change.ADD:
            sources = [*sources, own]
        elif over.replaces is None:
            sources = [own]
        else:
            sources = [own if source.person == over.replaces else source for source in sources]
    once: dict[str, Source] = {}
    for source in sources:
        once.setdefault(source.person, source)
    return tuple(once.values())


def _stretches(
    schedule: Schedule, start: dt.datetime
) -> Iterator[tuple[dt.datetime, dt.datetime | None, tuple[Source, ...]]]:
    """Yield who is on from when until when (None: for ever), from `start` on."""
    layers = together([_track(layer, start) for layer in schedule.layers])
    overrides = listed(((over.span, over) for over in schedule.overrides), start)
    at = start
    for until, (found, active) in both(layers, overrides):
        yield at, until, _changed(_layered(schedule.layers, found), active)
        if until is not None:
            at = until


def _track(layer: Rotation | Roster, start: dt.datetime) -> Iterator[Piece[tuple[str, ...]]]:
    if isinstance(layer, Roster):
        return listed(((shift.span, shift.person) for shift in layer.shifts), start)
    return turns(layer, start)


def _within(
    schedule: Schedule, start: dt.datetime, end: dt.datetime
) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Yield who is on in [start, end), stretch by stretch."""
    for since, until, sources in _stretches(schedule, start):
        if since >= end:
            return
        until = end if until is None else min(until, end)
        yield Span(start=since, end=until), tuple(source.person for source in sources)
