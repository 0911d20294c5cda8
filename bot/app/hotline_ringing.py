"""Whose phone rings for a caller: one after another, each once or twice, until somebody presses 1."""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from collections.abc import Iterator

from bot.app.context import Context
from bot.app.hotline_ticket import CALL, caller_name, ticket_of
from bot.app.page_chain import chain_of
from bot.app.page_end import line, log
from bot.app.record import carry_out
from bot.app.rows import Priority
from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain.dialling import refusal
from bot.domain.errors import DomainError
from bot.domain.hotline import Call, Choice, Leg, Phase
from bot.domain.people import Person, Unlisted
from bot.domain.ticket import Ticket

FEW = 3
"""Where there are no more phones than this, each rings twice: the second call in a row from one number is let through
by phones that are set not to disturb."""
MOST = 12
"""No caller waits for more phones than this."""


def ring_next(ctx: Context, call: Call) -> Call:
    """The next phone, or what comes when there is none."""
    ticket = ticket_of(ctx, call)
    before = call.legs[-1] if call.phase is Phase.RINGING and call.legs else None
    call = _hung_up_leg(ctx, call)
    found = None if call.crowded else _next(ctx, call, ticket)
    missed = ctx.setup.name_of(before.person) if before else ""
    how = "_passed" if before is not None and before.passed else "_next" if before is not None else ""
    if found is None:
        return _nobody(ctx, call, ticket, missed, how)
    person, number = found
    leg = Leg(turn=call.turn, person=person.id, number=number, began=ctx.now, choice=call.choice)
    log(ctx, ticket, ev.Called(call=call.id, what="rang", person=person.id))
    again = any(rung.person == person.id for rung in call.rung)
    line(ctx, ticket, f"call_ringing{how}{'_again' * again}", name=person.name, text=missed)
    said = call.said if before is None else "next"
    return dataclasses.replace(call, phase=Phase.RINGING, legs=(*call.legs, leg), tries=0, said=said)


def _hung_up_leg(ctx: Context, call: Call) -> Call:
    leg = call.leg
    if leg is None:
        return call
    return dataclasses.replace(call, legs=(*call.legs[:-1], dataclasses.replace(leg, ended=ctx.now)))


def _nobody(ctx: Context, call: Call, ticket: Ticket, missed: str, how: str) -> Call:
    ctx.uow.cards.touch(ticket.id, ctx.now, Priority.DESK)
    if call.choice is Choice.DESK:
        line(ctx, ticket, "call_desk_nobody", text=missed)
        return dataclasses.replace(call, phase=Phase.CLOSED, tries=0, said="desk_nobody")
    if call.crowded:
        return dataclasses.replace(call, phase=Phase.MESSAGE, tries=0, said="crowded")
    line(ctx, ticket, "call_nobody" + how, text=missed)
    return dataclasses.replace(call, phase=Phase.MESSAGE, tries=0, said="nobody" if call.rung else "no_phone")


def _next(ctx: Context, call: Call, ticket: Ticket) -> tuple[Person, str] | None:
    """Whoever has the ticket first, also who acknowledged it only now; then whoever is next. A phone at which somebody
    is just being rung, or talks, comes last."""
    rung = Counter(leg.number for leg in call.rung)
    queue = _queue(ctx, call, ticket)
    lost = _lost(call)
    for person, number in queue:
        if number == lost:
            return person, number
    owner = ticket.owner if ticket.acknowledged is not None else None
    if owner is not None and len(call.rung) < MOST:
        for person, number in queue:
            last = max((leg.began for leg in call.rung if leg.number == number), default=None)
            fresh = last is None or (ticket.acknowledged is not None and last < ticket.acknowledged)
            if person.id == owner and fresh:
                return person, number
    busy = {o.leg.number for o in ctx.uow.calls.live() if o.id != call.id and o.leg is not None}
    rounds = 2 if len(queue) <= FEW else 1
    passed = {leg.person for leg in call.rung if leg.passed}
    waiting = [
        (n, rung[number], person, number)
        for n, (person, number) in enumerate(queue)
        if rung[number] < rounds and person.id not in passed
    ]
    if not waiting or len(call.rung) >= MOST:
        return None
    _, _, person, number = min(waiting, key=lambda w: (w[1], w[3] in busy, w[0]))
    return person, number


def _lost(call: Call) -> str:
    """The phone on which the line broke before they could talk: it rings once more."""
    if not call.legs or call.legs[-1].accepted is None:
        return ""
    number = call.legs[-1].number
    again = sum(1 for leg in call.legs if leg.number == number and leg.accepted is not None) == 1
    return number if again else ""


def _queue(ctx: Context, call: Call, ticket: Ticket) -> list[tuple[Person, str]]:
    """Everybody who may be rung, in order: all phones of one, then the next."""
    found: dict[str, Person] = {}
    for person in _people(ctx, call, ticket):
        for number in person.places(CALL):
            if number != call.number and not refusal(number, ctx.directory.hotline):
                found.setdefault(number, person)
    return [(person, number) for number, person in found.items()]


def _people(ctx: Context, call: Call, ticket: Ticket) -> Iterator[Person]:
    owner = ctx.directory.listed(ticket.owner) if ticket.owner and ticket.acknowledged is not None else None
    if owner is not None:
        yield owner
    if call.choice is Choice.DESK:
        yield from sorted(ctx.directory.people_of(ticket.team), key=lambda p: p.tier)
        return
    for step in chain_of(ctx, ticket).steps:
        for target in step.targets:
            with contextlib.suppress(Unlisted):
                yield from ctx.resolve(target, ticket.team)


def is_rung(call: Call, leg: Leg) -> bool:
    """Does the caller wait for this phone?"""
    return call.leg == leg and call.phase is Phase.RINGING and call.ended is None


def accepted(ctx: Context, call: Call, leg: Leg) -> Call:
    """1 was pressed: that is the acknowledgement. Of a caller who has hung up meanwhile, too."""
    person = ctx.directory.listed(leg.person)
    if person is None:
        return call
    acknowledged(ctx, ticket_of(ctx, call), person)
    if not is_rung(call, leg):
        return call
    ticket = ticket_of(ctx, call)
    log(ctx, ticket, ev.Called(call=call.id, what="connected", person=person.id))
    line(ctx, ticket, "call_connected", name=person.name, text=caller_name(ctx, call), due=ctx.now)
    leg = dataclasses.replace(leg, accepted=ctx.now)
    return dataclasses.replace(call, phase=Phase.TALKING, legs=(*call.legs[:-1], leg), said="")


def acknowledged(ctx: Context, ticket: Ticket, person: Person) -> None:
    """With all its effects; a ticket that is over needs no acknowledgement, and they talk all the same."""
    ack = cmd.Acknowledge(person=person.id, name=person.name, via=ctx.setup.label(CALL), talking=True)
    with contextlib.suppress(DomainError):
        carry_out(ctx, ticket, ack)


def passed_on(ctx: Context, call: Call, leg: Leg) -> Call:
    """Not them: the caller goes on to the next once that phone is down."""
    if not is_rung(call, leg) or call.ticket is None:
        return call
    log(ctx, ticket_of(ctx, call), ev.Called(call=call.id, what="passed", person=leg.person))
    call = _hung_up_leg(ctx, call)
    return dataclasses.replace(call, legs=(*call.legs[:-1], dataclasses.replace(call.legs[-1], passed=True)))
