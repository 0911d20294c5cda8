"""Shifts that change hands: one asks, another takes it. Until somebody does, whoever asked stays on call."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from bot.app import rota_change, rota_shown
from bot.app.asked import Asked
from bot.app.context import Context
from bot.app.duty import Swap, SwapState
from bot.app.places import private_place, privately
from bot.app.rota_calls import call_in
from bot.app.rota_reading import example, person_in, schedule_in, span_in
from bot.domain import notices as no
from bot.domain import rota
from bot.domain import rota_notices as rn
from bot.domain.errors import NotPossible
from bot.domain.ids import PersonId
from bot.domain.people import Person
from escalation.instants import Span
from escalation.schedule import Override

_WITH = re.compile(r"^(?P<times>.*?)\s*\b(?:with|z|ze)\s+(?P<who>\S.*)$", re.I)
_YES, _NO = ("yes", "tak", "take"), ("no", "nie")
_BACK = ("cancel", "anuluj", "cofnij")


def swap(ctx: Context, asked: Asked) -> no.Notice:
    """`swap list`, `swap yes 3` (a button says `3 yes`), `swap no 3`, `swap cancel 3`, or a swap to be asked for."""
    words = asked.rest.strip()
    verb, number = _answer(words)
    if verb in ("list", "lista"):
        return _list(ctx)
    if verb in _ANSWERS:
        return _ANSWERS[verb](ctx, asked.person, _numbered(ctx, number))
    return _ask(ctx, asked.person, words)


def _answer(words: str) -> tuple[str, str]:
    """The verb and the number of an answer, in either order."""
    first, _, second = words.casefold().partition(" ")
    if second.strip() in _ANSWERS and first.lstrip("#").isdigit():
        return second.strip(), first
    return first, second


def _list(ctx: Context) -> rn.SwapList:
    return rn.SwapList(lines=tuple(rota_shown.swap_line(ctx, s) for s in ctx.uow.rota.swaps(ctx.now)))


# ---------------------------------------------------------------- ask
def _ask(ctx: Context, asker: Person, words: str) -> no.Notice:
    schedule, rest = schedule_in(ctx, asker, words)
    rota_change.check_asker(ctx, schedule, asker)
    shape = example(ctx, asker, schedule, "swap", person=False)
    found = _WITH.match(rest)
    other, beyond = person_in(ctx, asker, schedule, found["who"]) if found else (None, "")
    if beyond:
        raise NotPossible(
            '"{text}" is too much behind the name; write it like this: {example}', text=beyond, example=shape
        )
    parts = _parts(ctx, asker, schedule, span_in(ctx, asker, found["times"] if found else rest, shape))
    span = Span(start=parts[0].start, end=parts[-1].end)
    if other is not None:
        _check_taker(ctx, schedule, asker.id, other, parts)
        if private_place(ctx, other) is None:
            raise NotPossible(
                "{name} can only be called, so can't be asked here; leave the name out to ask the desk",
                name=other.name,
            )
    _check_new(ctx, asker, schedule, span)
    kept = ctx.uow.rota.add_swap(
        Swap(
            schedule=schedule,
            asker=asker.id,
            span=span,
            asked_of=other.id if other else None,
            made=ctx.now,
        )
    )
    asked_for = rota_shown.swap_line(ctx, kept)
    several = tuple((p.start, p.end) for p in parts) if len(parts) > 1 else ()
    _spread(ctx, kept, rn.SwapAsked(swap=asked_for, parts=several))
    return rn.SwapTold(what="asked" if other else "asked_all", swap=asked_for, parts=several)


def _parts(ctx: Context, asker: Person, schedule: str, span: Span) -> tuple[Span, ...]:
    """When the asker is on call in that time. Raises NotPossible where that is never."""
    parts = rota.shifts_of(ctx.schedule(schedule), asker.id, span)
    if not parts:
        raise NotPossible(
            "You are not on call for {schedule} then, so there is nothing to swap; oncall shows your next shift",
            schedule=schedule,
        )
    return parts


def _check_new(ctx: Context, asker: Person, schedule: str, span: Span) -> None:
    for open_swap in ctx.uow.rota.swaps(ctx.now):
        same = open_swap.schedule == schedule and open_swap.asker == asker.id
        if same and open_swap.span.start < span.end and span.start < open_swap.span.end:
            raise NotPossible(
                "You have asked for that already; swap cancel {id} takes it back", id=str(open_swap.id)
            )


def _spread(ctx: Context, kept: Swap, notice: no.Notice) -> None:
    """To the one who is asked, else to everybody at the desk."""
    person = ctx.directory.listed(kept.asked_of) if kept.asked_of else None
    if kept.asked_of is None:
        rota_change.tell_desks(ctx, kept.schedule, notice)
    elif person is not None:
        privately(ctx, person, notice)


# ---------------------------------------------------------------- who may take it
def _check_taker(
    ctx: Context,
    schedule: str,
    asker: PersonId,
    person: Person,
    parts: tuple[Span, ...],
    *,
    myself: bool = False,
) -> None:
    """Raises NotPossible for whoever can't be on call there in the asker's parts of the time; in between they may be.

    `myself`: it is they who ask."""
    if person.id == asker:
        raise NotPossible("That is your own shift; somebody else has to take it")
    rota_change.check_person(ctx, schedule, person)
    for other in ctx.directory.schedules:
        if any(rota.shifts_of(ctx.schedule(other.name), person.id, part) for part in parts):
            if myself:
                raise NotPossible(
                    "You are on call then already ({schedule}), so somebody else has to take it",
                    schedule=other.name,
                )
            raise NotPossible(
                "{name} is on call then already ({schedule}); write the name of somebody who is not",
                name=person.name,
                schedule=other.name,
            )


def could_take(ctx: Context, person: Person, kept: Swap) -> bool:
    """Is this open swap one that the person may take?"""
    if kept.asked_of not in (None, person.id):
        return False
    try:
        _check_taker(ctx, kept.schedule, kept.asker, person, _left(ctx, kept))
    except NotPossible:
        return False
    return True


def _left(ctx: Context, kept: Swap) -> tuple[Span, ...]:
    """What is still to be taken of it. Raises NotPossible where the asker is on call then no more."""
    span = Span(start=max(kept.span.start, ctx.now), end=kept.span.end)
    parts = rota.shifts_of(ctx.schedule(kept.schedule), kept.asker, span) if span.start < span.end else ()
    if not parts:
        raise NotPossible(
            "{name} is not on call for {schedule} then any more, so there is nothing to take",
            name=ctx.setup.name_of(kept.asker),
            schedule=kept.schedule,
        )
    return parts


# ---------------------------------------------------------------- answers
def _numbered(ctx: Context, words: str) -> Swap:
    """The swap with that number, locked. Raises NotPossible."""
    number = words.strip().lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotPossible("Which one? Write its number, such as swap yes 3; swap list has them")
    kept = ctx.uow.rota.swap(int(number))
    if kept is None:
        raise NotPossible("There is no swap {id}; swap list has those that there are", id=number)
    return kept


def _check_open(ctx: Context, kept: Swap, person: Person) -> None:
    """Raises NotPossible, saying what became of it."""
    id, who = str(kept.id), ctx.setup.name_of(kept.answered_by) if kept.answered_by else ""
    match kept.state:
        case SwapState.ACCEPTED if kept.answered_by == person.id:
            raise NotPossible("You have taken swap {id} already", id=id)
        case SwapState.ACCEPTED:
            raise NotPossible("{name} has taken swap {id} already", name=who, id=id)
        case SwapState.DECLINED:
            raise NotPossible("{name} has declined swap {id}; it is over", name=who, id=id)
        case SwapState.WITHDRAWN:
            raise NotPossible("{name} has taken swap {id} back", name=ctx.setup.name_of(kept.asker), id=id)
        case SwapState.EXPIRED:
            raise _expired(ctx, kept)
    if kept.span.end <= ctx.now:
        raise _expired(ctx, kept)


def _expired(ctx: Context, kept: Swap) -> NotPossible:
    return NotPossible(
        "Swap {id} has expired and {name} stays on call; take {schedule} takes the shift now",
        id=str(kept.id),
        name=ctx.setup.name_of(kept.asker),
        schedule=kept.schedule,
    )


def _accept(ctx: Context, person: Person, kept: Swap) -> no.Notice:
    _check_open(ctx, kept, person)
    if kept.asked_of is not None and kept.asked_of != person.id:
        raise NotPossible(
            "{name} is asked for swap {id}, not you",
            name=ctx.setup.name_of(kept.asked_of),
            id=str(kept.id),
        )
    _check_taker(ctx, kept.schedule, kept.asker, person, _left(ctx, kept), myself=True)
    span = Span(start=max(kept.span.start, ctx.now), end=kept.span.end)
    override = Override(person=person.id, span=span, replaces=kept.asker)
    arranged, found = rota_change.arrange(ctx, kept.schedule, override, person.id, swap=kept.id)
    _settle(ctx, kept, SwapState.ACCEPTED, person)
    line = rota_shown.swap_line(ctx, dataclasses.replace(kept, span=span))
    _tell_asker(ctx, kept, rn.SwapTold(what="taken", swap=line, name=person.name))
    rota_change.tell_desks(ctx, kept.schedule, rn.SwapTold(what="taken_desk", swap=line, name=person.name))
    called = call_in(ctx, kept.schedule, found, person)
    return rn.SwapTold(what="you_took", swap=line, override=arranged.id, called=called)


def _decline(ctx: Context, person: Person, kept: Swap) -> no.Notice:
    _check_open(ctx, kept, person)
    if kept.asked_of != person.id:
        raise NotPossible("You are not asked for swap {id}, so there is nothing to decline", id=str(kept.id))
    _settle(ctx, kept, SwapState.DECLINED, person)
    line = rota_shown.swap_line(ctx, kept)
    _tell_asker(ctx, kept, rn.SwapTold(what="declined", swap=line, name=person.name))
    return rn.SwapTold(what="you_declined", swap=line)


def _withdraw(ctx: Context, person: Person, kept: Swap) -> no.Notice:
    _check_open(ctx, kept, person)
    if kept.asker != person.id and "lead" not in person.roles:
        raise NotPossible(
            "Only {name} or a lead can take swap {id} back",
            name=ctx.setup.name_of(kept.asker),
            id=str(kept.id),
        )
    if kept.asker != person.id:
        rota_change.check_asker(ctx, kept.schedule, person)
    _settle(ctx, kept, SwapState.WITHDRAWN, person)
    line = rota_shown.swap_line(ctx, kept)
    _spread(ctx, kept, rn.SwapTold(what="withdrawn" if kept.asked_of else "withdrawn_desk", swap=line))
    if kept.asker != person.id:
        _tell_asker(ctx, kept, rn.SwapTold(what="withdrawn_by", swap=line, name=person.name))
        return rn.SwapTold(what="withdrawn_desk", swap=line)
    return rn.SwapTold(what="you_withdrew", swap=line)


def _settle(ctx: Context, kept: Swap, state: str, person: Person) -> None:
    ctx.uow.rota.save_swap(dataclasses.replace(kept, state=state, answered=ctx.now, answered_by=person.id))


def _tell_asker(ctx: Context, kept: Swap, notice: no.Notice) -> None:
    asker = ctx.directory.listed(kept.asker)
    if asker is not None:
        privately(ctx, asker, notice)


_ANSWERS: dict[str, Callable[[Context, Person, Swap], no.Notice]] = {
    **dict.fromkeys(_YES, _accept),
    **dict.fromkeys(_NO, _decline),
    **dict.fromkeys(_BACK, _withdraw),
}
