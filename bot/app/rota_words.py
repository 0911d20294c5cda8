"""What engineers say about who is on call: `oncall`, `override`, `swap`, and `take` of a shift."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.app import rota_change, rota_shown
from bot.app.asked import Asked
from bot.app.context import Context
from bot.app.duty import KeptOverride
from bot.app.places import privately
from bot.app.rota_calls import call_in
from bot.app.rota_reading import (
    example,
    instant_in,
    named_schedule,
    person_in,
    schedule_in,
    span_in,
)
from bot.app.rota_swaps import swap
from bot.domain import notices as no
from bot.domain import rota
from bot.domain import rota_notices as rn
from bot.domain.days import folded
from bot.domain.errors import NotPossible
from bot.domain.people import Person
from escalation.instants import Span
from escalation.schedule import Change, Override, next_change, on_call

_CHANGES = {"add": Change.ADD, "dodaj": Change.ADD, "remove": Change.REMOVE, "usun": Change.REMOVE}
_INSTEAD = re.compile(r"^(?:instead\s+of|zamiast|for(?!\s+(?:\d|an?\s|one\s|half\s)))\s+", re.I)
_SHIFT = ("shift", "dyzur")


# ---------------------------------------------------------------- oncall
def _on_call(ctx: Context, asked: Asked) -> no.Notice:
    """`oncall`, `oncall standby friday 18:00`, `oncall link`."""
    words = asked.rest.strip()
    if words.casefold() in ("link", "links"):
        return _link(ctx, asked.person)
    name, rest = named_schedule(ctx, words)
    shown = [s.name for s in ctx.directory.schedules if name in ("", s.name)]
    known = name or next(iter(shown), "")
    at = instant_in(ctx, asked.person, rest, f"oncall {known} fri 18:00") if rest else None
    return rota_shown.who_is_on(ctx, asked.person, shown, at)


def _link(ctx: Context, person: Person) -> no.Notice:
    """In private, wherever it was asked for."""
    if not privately(ctx, person, rota_shown.links(ctx, person)):
        raise NotPossible("You have no chat and no phone that the links could go to")
    return rn.CalendarLinksSent()


# ---------------------------------------------------------------- override
def _override(ctx: Context, asked: Asked) -> no.Notice:
    """`override list`, `override cancel 12`, or who is on when."""
    verb, _, rest = asked.rest.strip().partition(" ")
    match verb.casefold():
        case "list" | "lista" if not rest:
            return rota_shown.overrides(ctx)
        case "cancel" | "undo" | "anuluj" | "cofnij":
            return _cancel(ctx, asked.person, rest)
        case _:
            return _arrange(ctx, asked.person, asked.rest)


def _arrange(ctx: Context, asker: Person, words: str) -> no.Notice:
    schedule, rest = schedule_in(ctx, asker, words)
    rota_change.check_asker(ctx, schedule, asker)
    shape = example(ctx, asker, schedule, "override")
    if not rest:
        raise NotPossible("Who, and when? Write it like this: {example}", example=shape)
    change = Change.INSTEAD
    first, _, behind = rest.partition(" ")
    if folded(first) in _CHANGES:
        change, rest = _CHANGES[folded(first)], behind
    person, rest = person_in(ctx, asker, schedule, rest)
    replaced: Person | None = None
    if change is Change.INSTEAD and (found := _INSTEAD.match(rest)):
        replaced, rest = person_in(ctx, asker, schedule, rest[found.end() :])
    span = span_in(ctx, asker, rest, shape)
    if change is not Change.REMOVE:
        rota_change.check_person(ctx, schedule, person)
    for missing in (replaced, person if change is Change.REMOVE else None):
        _check_on(ctx, schedule, missing, span)
    return _kept(
        ctx,
        asker,
        schedule,
        Override(person=person.id, span=span, replaces=replaced.id if replaced else None, change=change),
    )


def _check_on(ctx: Context, schedule: str, person: Person | None, span: Span) -> None:
    """Nobody is taken off call who is not on. Raises NotPossible."""
    if person is None or rota.shifts_of(ctx.schedule(schedule), person.id, span):
        return
    on = {p for turn in rota.turns(ctx.schedule(schedule), span) for p in turn.people}
    raise NotPossible(
        "{name} is not on call for {schedule} then, so can't be replaced; on call are {people}",
        name=person.name,
        schedule=schedule,
        people=", ".join(sorted(ctx.setup.name_of(p) for p in on)) or "-",
    )


def _kept(ctx: Context, asker: Person, schedule: str, override: Override) -> no.Notice:
    kept, found = rota_change.arrange(ctx, schedule, override, asker.id)
    rota_change.announce(ctx, kept, found, asker)
    return rota_change.changed(ctx, kept, found, called=call_in(ctx, schedule, found, asker))


def _cancel(ctx: Context, asker: Person, words: str) -> no.Notice:
    kept = _numbered(ctx, words)
    rota_change.check_asker(ctx, kept.schedule, asker)
    found = rota_change.cancel(ctx, kept)
    rota_change.announce(ctx, kept, found, asker, undone=True)
    called = call_in(ctx, kept.schedule, found, asker)
    return rota_change.changed(ctx, kept, found, undone=True, called=called)


def _numbered(ctx: Context, words: str) -> KeptOverride:
    number = words.strip().lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotPossible("Which one? Write its number, such as override cancel 12; override list has them")
    kept = ctx.uow.rota.override(int(number))
    if kept is None:
        raise NotPossible("There is no override {id}; override list has those that there are", id=number)
    if kept.cancelled is not None:
        raise NotPossible("Override {id} is cancelled already", id=number)
    if kept.override.span.end <= ctx.now:
        raise NotPossible("Override {id} is over already; there is nothing left to cancel", id=number)
    return kept


# ---------------------------------------------------------------- take this shift now
def names_shift(ctx: Context, words: str) -> bool:
    """Is `take` with these words about a shift, not about a ticket?"""
    return folded(words).split()[:1] in [[word] for word in _SHIFT] or bool(named_schedule(ctx, words)[0])


def take_shift(ctx: Context, asked: Asked) -> no.Notice:
    """`take standby`, `take shift for 3h`: from now until then, else until whoever is on would go off."""
    asker, words = asked.person, _without_shift(asked.rest)
    schedule, rest = schedule_in(ctx, asker, words)
    rest = _without_shift(rest)
    rota_change.check_asker(ctx, schedule, asker)
    rota_change.check_person(ctx, schedule, asker)
    span = (
        span_in(ctx, asker, rest, f"take {schedule} for 3h") if rest else _rest_of_shift(ctx, asker, schedule)
    )
    return _kept(ctx, asker, schedule, Override(person=asker.id, span=span))


def _without_shift(words: str) -> str:
    first, _, rest = words.strip().partition(" ")
    return rest.strip() if folded(first) in _SHIFT else words.strip()


def _rest_of_shift(ctx: Context, asker: Person, schedule: str) -> Span:
    now_on = ctx.schedule(schedule)
    if on_call(now_on, ctx.now) == (asker.id,):
        raise NotPossible("You are on call for {schedule} now already", schedule=schedule)
    until = next_change(now_on, ctx.now)
    if until is None:
        raise NotPossible("Until when? Write it like this: take {schedule} for 3h", schedule=schedule)
    return Span(start=ctx.now, end=until)


ROTA: dict[str, Callable[[Context, Asked], no.Notice]] = {
    "oncall": _on_call,
    "override": _override,
    "swap": swap,
}
"""The words about who is on call."""
