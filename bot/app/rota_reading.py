"""What the words about who is on call name: a schedule, a person, a time. What can't be read is said in one sentence,
with an example that fits the configuration."""

from __future__ import annotations

import datetime as dt

from bot.app.context import Context
from bot.domain import rota
from bot.domain.errors import NotPossible
from bot.domain.grammar import looks_like_reference
from bot.domain.people import Person
from bot.domain.rota_times import BACKWARDS, LEFT_OUT, NO_SPAN, TOO_LONG, parse_instant, parse_span
from bot.domain.times import TimeError
from escalation.instants import Span

_LONGEST_NAME = 5
"""Words of a name, at most."""
_ME = ("me", "ja", "mnie")


def named_schedule(ctx: Context, words: str) -> tuple[str, str]:
    """The schedule whose name the words begin with (empty: none), and the words behind it."""
    tokens = words.split()
    known = {" ".join(s.name.casefold().split()): s.name for s in ctx.directory.schedules}
    for n in range(min(len(tokens), _LONGEST_NAME), 0, -1):
        found = known.get(" ".join(tokens[:n]).casefold())
        if found is not None:
            return found, " ".join(tokens[n:])
    return "", " ".join(tokens)


def names_like_references(ctx: Context) -> tuple[str, ...]:
    """What is called like a ticket here (`tier-2`, `shop-1`) and is none: schedules, customers, their people and ours."""
    known = ctx.directory
    named = [schedule.name for schedule in known.schedules]
    named += [name for one in known.organisations for name in (one.id, one.name)]
    named += [name for one in known.contacts for name in (one.id, one.name)]
    named += [name for one in known.people for name in (one.id, one.name)]
    return tuple(name for name in named if looks_like_reference(name))


def schedule_in(ctx: Context, person: Person, words: str) -> tuple[str, str]:
    """The schedule that is meant, and the words behind its name: it may be left out where only one can be.

    Raises NotPossible."""
    name, rest = named_schedule(ctx, words)
    if name:
        return name, rest
    if not ctx.directory.schedules:
        raise NotPossible("No schedule is configured, so there is nothing to change")
    own = rota.schedules_for(ctx.directory, person)
    meant = own if len(own) == 1 else ctx.directory.schedules
    if len(meant) == 1:
        return meant[0].name, rest
    names = ", ".join(s.name for s in own or meant)
    raise NotPossible("Which schedule? Write its name behind the first word; there are {names}", names=names)


def person_in(ctx: Context, asker: Person, schedule: str, words: str) -> tuple[Person, str]:
    """The person whose name the words begin with, and the words behind it. Raises NotPossible."""
    tokens = words.split()
    for n in range(min(len(tokens), _LONGEST_NAME), 0, -1):
        name = " ".join(tokens[:n])
        found = (asker,) if name.casefold() in _ME else rota.people_named(ctx.directory, name)
        if len(found) == 1:
            return found[0], " ".join(tokens[n:])
        if found:
            ids = ", ".join(person.id for person in found)
            raise NotPossible('"{text}" could be several people; write one of {ids}', text=name, ids=ids)
    names = ", ".join(person.name for person in candidates(ctx, schedule)[:12])
    if not tokens:
        raise NotPossible("Who? Write one of {names}", names=names)
    raise NotPossible('I know nobody called "{text}"; write one of {names}', text=tokens[0], names=names)


def candidates(ctx: Context, schedule: str) -> tuple[Person, ...]:
    """Who may be on call there."""
    return tuple(p for p in ctx.directory.people if rota.may_be_on(ctx.directory, schedule, p))


def span_in(ctx: Context, person: Person, words: str, example: str) -> Span:
    """A time of a shift, in the person's own zone. Raises NotPossible."""
    if not words.strip():
        raise NotPossible("When? Write it like this: {example}", example=example)
    try:
        return parse_span(words, person.zone, ctx.now)
    except TimeError as error:
        raise _said_better(error.template, words, example) from error


def instant_in(ctx: Context, person: Person, words: str, example: str) -> dt.datetime:
    """An instant, in the person's own zone. Raises NotPossible."""
    try:
        return parse_instant(words, person.zone, ctx.now)
    except TimeError as error:
        raise NotPossible(
            'I know no schedule and no coming time "{text}"; write it like this: {example}',
            text=words,
            example=example,
        ) from error


def _said_better(template: str, text: str, example: str) -> NotPossible:
    match template:
        case t if t == NO_SPAN:
            return NotPossible(
                '"{text}" is no time of a shift; write it like this: {example}', text=text, example=example
            )
        case t if t == BACKWARDS:
            return NotPossible(
                '"{text}" ends before it begins; write the earlier time first, like this: {example}',
                text=text,
                example=example,
            )
        case t if t == LEFT_OUT:
            return NotPossible(
                '"{text}" is the hour that the clocks leave out that day; write another time', text=text
            )
        case t if t == TOO_LONG:
            return NotPossible('"{text}" is longer than a year; write a shorter time', text=text)
        case _:
            return NotPossible('"{text}" has passed; write a time that is still to come', text=text)


def example(ctx: Context, asker: Person, schedule: str, verb: str, *, person: bool = True) -> str:
    """A command that would work here: with this schedule, and a colleague."""
    others = [p for p in candidates(ctx, schedule) if p.id != asker.id] or [asker]
    named = f" {others[0].name.split()[0]}" if person else ""
    return f"{verb} {schedule}{named} fri 18:00 to sat 09:00"
