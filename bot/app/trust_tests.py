"""Test pages before a shift begins: so early that a way that does not work can still be mended or the shift swapped."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator

from bot.app import trust
from bot.app.context import Context
from bot.app.duty import Chore
from bot.app.trust_hours import earlier_awake, later_awake
from bot.app.trust_places import UNREAD, is_read
from bot.domain.errors import NotPossible
from bot.domain.ids import PersonId
from bot.domain.people import Person
from bot.domain.trust_notices import TestOver
from escalation.instants import DAY, Span
from escalation.schedule import Schedule, Shift, next_change, on_call

LONG = dt.timedelta(hours=4)
"""A shorter shift is not tested."""
LEAST = dt.timedelta(minutes=30)
"""A test page goes out at least this long before the shift."""
EVERY = dt.timedelta(hours=1)
"""Who is on call may change at any time, so it is looked this often."""
PROMPT = dt.timedelta(minutes=10)
"""What is late by less goes out all the same, also in the evening."""
LONGEST = dt.timedelta(days=62)
"""So far ahead the end of a shift is looked for."""


def look(ctx: Context, chore: Chore, name: str) -> Chore:
    """Test whoever is to be tested by now. Raises Unlisted."""
    if not is_read(ctx, name):
        return dataclasses.replace(chore, due=ctx.now + UNREAD)
    schedule = ctx.schedule(name)
    if schedule.drill is None:
        return dataclasses.replace(chore, due=ctx.now + DAY)
    done: set[str] = set(json.loads(chore.note or "[]"))
    due, known = ctx.now + EVERY, set[str]()
    for shift in beginning(schedule, ctx.now, ctx.now + schedule.drill + 2 * DAY):
        person = ctx.directory.listed(shift.person)
        key = f"{shift.person}@{shift.span.start.isoformat()}"
        at = None if person is None else test_at(person, shift.span.start, schedule.drill, ctx.now)
        if person is None or at is None:
            continue
        if key not in done and at <= ctx.now:
            _test(ctx, person, name, shift.span)
            done.add(key)
        known |= {key} & done
        due = due if key in done else min(due, at)
    return dataclasses.replace(chore, due=due, note=json.dumps(sorted(known)) if known else "")


def test_at(person: Person, begins: dt.datetime, ahead: dt.timedelta, now: dt.datetime) -> dt.datetime | None:
    """When to test them before a shift; as soon as they are up where that was missed, None where it is too late."""
    at = earlier_awake(person.zone, begins - max(ahead, LEAST))
    if at <= now:
        at = now if now - at < PROMPT else later_awake(person.zone, now)
    return at if at <= begins - LEAST else None


def _test(ctx: Context, person: Person, schedule: str, shift: Span) -> None:
    """Whoever is being tested just now need not be again; whoever can't be is told of."""
    if trust.ways_of(ctx, person):
        try:
            wait = min(trust.DRILL_WAIT, shift.start - ctx.now)
            trust.begin(ctx, person, wait, schedule=schedule, shift=shift)
        except NotPossible:
            return
    else:
        none = TestOver(drill="", name=person.name, yours=False, ways=(), schedule=schedule, shift=shift)
        trust.tell_leads(ctx, person, none)


def beginning(schedule: Schedule, after: dt.datetime, until: dt.datetime) -> Iterator[Shift]:
    """Those who go on call in (after, until] for long, each with the whole of the shift."""
    at, before = after, set(on_call(schedule, after))
    while (change := next_change(schedule, at)) is not None and change <= until:
        people = on_call(schedule, change)
        for person in people:
            span = Span(start=change, end=_end(schedule, PersonId(person), change))
            if person not in before and span.length >= LONG:
                yield Shift(person=person, span=span)
        at, before = change, set(people)


def _end(schedule: Schedule, person: PersonId, start: dt.datetime) -> dt.datetime:
    at = start
    while (change := next_change(schedule, at)) is not None and change < start + LONGEST:
        if person not in on_call(schedule, change):
            return change
        at = change
    return start + LONGEST
