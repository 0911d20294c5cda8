"""An engineer asks to be put through to a customer: their own phone rings first.

Whoever picks up and presses nothing, a voicemail above all, leads nowhere.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable

from bot.app.asked import Asked, ticket_of
from bot.app.callback_number import CALL, customer_of, number_of, short
from bot.app.context import Context
from bot.app.record import carry_out
from bot.app.rows import OutboxItem, Priority
from bot.app.saying import row, say
from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.call_notices import CallBack
from bot.domain.errors import NotPossible
from bot.domain.grammar import REFERENCE
from bot.domain.hotline import AN_HOUR, Phase
from bot.domain.ids import Address, PersonId, TicketId
from bot.domain.people import Person
from bot.domain.status import Move, after
from bot.domain.ticket import Ticket

BEING_CALLED = dt.timedelta(minutes=2)
"""So long after they asked, their phone may be about to ring, ringing, or telling them what it is about."""
JUST_NOW = dt.timedelta(minutes=2)
"""A caller's line of which we heard so lately is not dead."""
WANTED = dt.timedelta(minutes=5)
"""A call that could not be made for so long is not what they asked for any more."""
_BACK = re.compile(r"back\b\s*", re.IGNORECASE)


# ---------------------------------------------------------------- asking for it
def call_back(ctx: Context, asked: Asked) -> no.Notice:
    """`call REF`, `call back`, and the button. Raises NotPossible."""
    asked = _named(asked)
    ticket, person = ticket_of(ctx, asked), asked.person
    after(ticket.id, ticket.status, Move.ANSWER)
    if _is_being_called(ctx, ticket, person):
        raise NotPossible("You are being called already")
    not_on_the_line(ctx, person, ticket)
    number = number_of(ctx, ticket)
    named = {"name": customer_of(ctx, ticket), "number": number, "ticket": ticket.id}
    phone = next(iter(person.places(CALL)), "") if ctx.setup.can(CALL) else ""
    if not phone:
        raise NotPossible(
            "There is no phone of yours to call: call {name} on {number} yourself, then write talked {ticket}",
            **named,
        )
    if ctx.setup.down(CALL):
        raise NotPossible(
            "No calls get through just now: call {name} on {number} yourself, then write talked {ticket}",
            **named,
        )
    ctx.uow.outbox.add([_ringing(ctx, ticket, person, phone)])
    log(ctx, ticket, "rang", person.id)
    line(ctx, ticket, "calling", person.name, reason=short(number))
    return no.Told(what="done_calling", ticket=ticket.id, name=named["name"], text=short(number))


def not_on_the_line(ctx: Context, person: Person, ticket: Ticket) -> None:
    """Whoever is still waiting for us is not called: they are put through to whoever has the ticket; nor is one whom
    somebody else talks to, or is calling. Raises NotPossible."""
    live = [call for call in ctx.uow.calls.of(ticket.id) if call.ended is None]
    talking = [call for call in live if call.phase is Phase.TALKING and ctx.now - call.heard < AN_HOUR]
    if talking:
        raise NotPossible(
            "{person} is talking to {name}; if that is over, call {number} yourself, then write talked {ticket}",
            person=ctx.setup.name_of(talking[-1].legs[-1].person),
            name=customer_of(ctx, ticket),
            number=number_of(ctx, ticket),
            ticket=ticket.id,
        )
    if any(c.by is None and c.phase is not Phase.TALKING and c.heard + JUST_NOW > ctx.now for c in live):
        raise NotPossible(
            "{name} is still on the line: acknowledge {ticket}, and your phone rings next",
            name=customer_of(ctx, ticket),
            ticket=ticket.id,
        )


def _named(asked: Asked) -> Asked:
    """`call back MIT-1042` names its ticket behind another word."""
    rest = _BACK.sub("", asked.rest, count=1)
    found = REFERENCE.fullmatch(rest)
    if asked.ticket is None or found is not None:
        named = TicketId(found[1].upper()) if found else asked.ticket
        return dataclasses.replace(asked, ticket=named, rest=rest)
    return asked


def _is_being_called(ctx: Context, ticket: Ticket, person: Person) -> bool:
    """They talk to the customer, or asked for it just now and nothing has come of it yet."""
    calls = [call for call in ctx.uow.calls.of(ticket.id) if call.by == person.id]
    if any(call.ended is None and ctx.now - call.heard < AN_HOUR for call in calls):
        return True
    mine = [r for r in ctx.uow.log.of(ticket.id) if _is_asking(r.event, person.id)]
    if not mine or not isinstance(last := mine[-1].event, ev.Called) or last.what != "rang":
        return False
    return ctx.now - mine[-1].at < BEING_CALLED and not any(call.began >= mine[-1].at for call in calls)


def _is_asking(event: ev.Event, person: PersonId) -> bool:
    """About a call of ours that nobody has taken yet."""
    return isinstance(event, ev.Called) and event.person == person and not event.call


def _ringing(ctx: Context, ticket: Ticket, person: Person, phone: str) -> OutboxItem:
    policy = ctx.policy(ticket)
    notice = CallBack(
        ticket=ticket.id,
        severity=policy.severity(ticket.severity).label,
        organisation=ticket.organisation_name,
        contact=customer_of(ctx, ticket, ctx.language_of(person)),
        text=ticket.said or ticket.text,
    )
    return row(
        ctx,
        Address(channel=CALL, place=phone),
        ctx.language_of(person),
        person.zone.key,
        notice=notice,
        priority=Priority.PAGE,
        lane_key=f"callback:{ticket.id}:{person.id}",
        ticket=ticket.id,
        person=person.id,
        method=CALL,
    )


# ---------------------------------------------------------------- what becomes of the engineer's phone
def still_wanted(ctx: Context, item: OutboxItem) -> bool:
    """Is a row of the outbox still to be sent? A call that nobody expects any more is not, and the thread hears of it;
    other rows are none of ours."""
    if not isinstance(item.notice, CallBack) or ctx.now - item.created < WANTED:
        return True
    not_called(ctx, item, item.error or "failed")
    return False


def not_called(ctx: Context, item: OutboxItem, error: str) -> None:
    """Their phone could not be called, or nobody pressed 1: they may ask again. A phone that rang needs no word."""
    if not isinstance(item.notice, CallBack) or item.ticket is None:
        return
    ticket = ctx.ticket(item.ticket)
    log(ctx, ticket, "hung up", PersonId(item.person))
    if not error.startswith(("machine", "no key", "canceled")):
        name = ctx.setup.name_of(PersonId(item.person))
        line(ctx, ticket, "not_called", name, reason=error, callback=ticket.id)


# ---------------------------------------------------------------- what the thread and the log have of it
def log(ctx: Context, ticket: Ticket, what: str, person: PersonId, call: str = "", seconds: int = 0) -> None:
    event = ev.Called(call=call, what=what, person=person, seconds=seconds)
    ctx.uow.log.append(ticket.id, (event,), ctx.now)


def line(
    ctx: Context,
    ticket: Ticket,
    what: str,
    name: str,
    *,
    reason: str = "",
    seconds: int = 0,
    callback: TicketId | None = None,
) -> None:
    line = no.DeskLine(
        what=what,
        name=name,
        text=ticket.contact_name,
        reason=reason,
        seconds=seconds,
        callback=callback,
        talked=callback,
    )
    say(ctx, ticket, (no.ToDesk(notice=line),))


def talked(ctx: Context, asked: Asked) -> no.Notice:
    """`talked REF`, and the button: they reached the customer by themselves."""
    ticket = carry_out(ctx, ticket_of(ctx, asked), asked.to(cmd.Talk, seconds=0))
    return no.Told(what="done_talked", ticket=ticket.id)


CALLBACK: dict[str, Callable[[Context, Asked], no.Notice]] = {
    "call": call_back,
    "callback": call_back,
    "talked": talked,
}
