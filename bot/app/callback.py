"""Call back: in a call that we placed, an engineer has pressed the key that calls the customer.

They asked to be called (callback_asked.py) and pressed 1, or pressed 3 on the call of a page. What happens on the call
from then on comes in by hotline.py.
"""

from __future__ import annotations

import dataclasses

from bot.app.asked import Asked, ticket_of
from bot.app.callback_asked import line, log, not_on_the_line
from bot.app.callback_number import customer_of, number_of
from bot.app.context import Context
from bot.app.hotline_watch import watch
from bot.app.inbound import CallIn, KeyIn
from bot.app.paging_words import acknowledge
from bot.app.ports import Outcome
from bot.app.refusals import refused
from bot.app.rows import OutboxItem
from bot.app.speech import Speech
from bot.app.talks import keep_talk
from bot.app.wording import words
from bot.domain import notices as no
from bot.domain.call_notices import CallBack
from bot.domain.errors import DomainError, NotPossible
from bot.domain.hotline import Call, End, Heard, Leg, Phase
from bot.domain.people import Person
from bot.domain.script import HangUp, Hear, Ring, Script, Verb
from bot.domain.status import Move, after
from bot.domain.ticket import Ticket

PUT_THROUGH, FROM_PAGE = "1", "3"
RINGS = 40
"""Seconds that the customer's phone rings: they expect no call."""
LEAST_TALK = 10
"""Seconds; a shorter one was nobody, or a voicemail that was hung up on."""
LISTENS = 8
"""Seconds to press 1 once more."""


def connects(item: OutboxItem, digits: str) -> bool:
    """Does this key on this call of ours put them through?"""
    if isinstance(item.notice, CallBack):
        return digits == PUT_THROUGH
    return isinstance(item.notice, no.PageCall) and item.notice.callback and digits == FROM_PAGE


def put_through(ctx: Context, item: OutboxItem, k: KeyIn, person: Person) -> Outcome:
    """The ticket is theirs, and the customer's phone rings in this call. Raises DomainError."""
    id, via = k.call or item.provider_id, ctx.setup.label(k.channel)
    known = ctx.uow.calls.get(id)
    if known is not None:
        return Outcome(script=script_of(ctx, known))
    ticket = ticket_of(ctx, Asked(person=person, via=via, ticket=item.ticket, rest="", word="call"))
    if isinstance(item.notice, no.PageCall) and _has_somebody_else(ctx, ticket, person):
        name = ctx.setup.name_of(ticket.owner) if ticket.owner else ""
        raise NotPossible("{name} has {ticket} already", name=name, ticket=ticket.id)
    not_on_the_line(ctx, person, ticket)
    number = number_of(ctx, ticket)
    if ticket.status.is_open:
        acknowledge(ctx, person, ticket.id, via)
    leg = Leg(turn=1, person=person.id, number=number, began=ctx.now, accepted=ctx.now)
    call = Call(
        id=id,
        number=number,
        began=ctx.now,
        heard=ctx.now,
        language=ctx.language_of(person),
        zone=person.zone.key,
        team=ticket.team,
        contact=ticket.contact,
        known=ticket.known,
        by=person.id,
        phase=Phase.TALKING,
        turn=leg.turn,
        ticket=ticket.id,
        legs=(leg,),
    )
    ctx.uow.calls.save(call)
    watch(ctx, call)
    log(ctx, ticket, "connected", person.id, call.id)
    return Outcome(script=script_of(ctx, call))


def said_again(ctx: Context, k: KeyIn) -> Outcome:
    """The key came before: where it has put them through, they hear what is to be heard now."""
    call = ctx.uow.calls.get(k.call) if k.call else None
    return Outcome(script=script_of(ctx, call)) if call is not None and call.by is not None else Outcome()


def _has_somebody_else(ctx: Context, ticket: Ticket, person: Person) -> bool:
    """The page is over: whoever has the ticket may be talking to the customer."""
    over = ctx.uow.pages.open_of(ticket.id) is None
    return over and ticket.acknowledged is not None and ticket.owner != person.id


# ---------------------------------------------------------------- once they pressed 1
def on_over(ctx: Context, call: Call, c: CallIn) -> Outcome:
    """Whatever happens on such a call: the customer's phone rings no more, the talk has ended, or 1 was pressed again."""
    unreached = call.phase is Phase.OVER and call.end is not End.TALKED
    if c.turn != call.turn or call.ticket is None:
        return Outcome(script=script_of(ctx, call))
    if c.heard is Heard.LEG_OVER and call.phase is Phase.TALKING:
        call = _over(ctx, call, c)
    elif c.heard is Heard.KEYS and unreached and not c.digits:
        return Outcome(script=_script(call, (), HangUp()))
    elif c.heard is Heard.KEYS and unreached and c.digits == PUT_THROUGH:
        try:
            call = _again(ctx, call)
        except DomainError as error:
            told = refused(ctx, error, ctx.directory.listed(call.by or ""))
            said = words(told, _speech(ctx, call), ctx.setup.name_of).text
            return Outcome(script=_script(call, (said,), HangUp()))
    ctx.uow.calls.save(call)
    return Outcome(script=script_of(ctx, call))


def _over(ctx: Context, call: Call, c: CallIn) -> Call:
    assert call.by is not None and call.ticket is not None
    ticket, name = ctx.going_on(call.ticket), ctx.setup.name_of(call.by)
    talked = c.seconds >= LEAST_TALK
    if not talked:
        log(ctx, ticket, "hung up", call.by, call.id)
        line(ctx, ticket, "not_reached", name, callback=ticket.id)
    else:
        keep_talk(ctx, ticket, call.by, call.id, c.seconds)
    legs = tuple(leg if leg.ended else dataclasses.replace(leg, ended=ctx.now) for leg in call.legs)
    return dataclasses.replace(
        call,
        phase=Phase.OVER,
        turn=call.turn + 1,
        heard=ctx.now,
        ended=ctx.now,
        end=End.TALKED if talked else End.HUNG_UP,
        seconds=c.seconds,
        legs=legs,
    )


def _again(ctx: Context, call: Call) -> Call:
    """The customer's phone rings once more. Raises DomainError."""
    assert call.by is not None and call.ticket is not None
    ticket = ctx.going_on(call.ticket)
    after(ticket.id, ticket.status, Move.ANSWER)
    number, turn = number_of(ctx, ticket), call.turn + 1
    leg = Leg(turn=turn, person=call.by, number=number, began=ctx.now, accepted=ctx.now)
    log(ctx, ticket, "connected", call.by, call.id)
    call = dataclasses.replace(
        call,
        number=number,
        phase=Phase.TALKING,
        turn=turn,
        heard=ctx.now,
        ended=None,
        end=None,
        legs=(*call.legs, leg),
    )
    watch(ctx, call)
    return call


def script_of(ctx: Context, call: Call) -> Script:
    """What the engineer hears next on a call of ours, as it stands."""
    speech = _speech(ctx, call)
    ticket = ctx.ticket(call.ticket) if call.ticket else None
    if call.phase is Phase.TALKING and ticket is not None:
        name = customer_of(ctx, ticket, call.language)
        ring = Ring(number=call.number, seconds=RINGS, plain=True)
        return _script(call, (speech.text("Calling {name} now.", name=name),), ring)
    if call.end is End.TALKED:
        return _script(call, (speech.text("The call is over."),), HangUp())
    return _script(call, (speech.text("They did not answer. Press 1 to try again."),), Hear(seconds=LISTENS))


def _script(call: Call, said: tuple[str, ...], verb: Verb) -> Script:
    return Script(call=call.id, turn=call.turn, language=call.language, say=said, verb=verb)


def _speech(ctx: Context, call: Call) -> Speech:
    person = ctx.directory.listed(call.by or "")
    zone = person.zone if person else ctx.directory.policies[0].zone
    return Speech(language=call.language, zone=zone, now=ctx.now)
