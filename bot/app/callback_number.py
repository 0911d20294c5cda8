"""Under which number a ticket's customer is called back: where they called from last, else what we know of them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.app.context import Context
from bot.app.speech import Speech
from bot.domain.dialling import FOREIGN, OWN, PREMIUM, refusal
from bot.domain.errors import NotPossible
from bot.domain.ids import ChannelName
from bot.domain.ticket import Ticket

CALL = ChannelName("call")
PHONES = (CALL, ChannelName("sms"), ChannelName("whatsapp"))
"""Channels whose places are numbers of phones, those that surely ring first."""


def number_of(ctx: Context, ticket: Ticket) -> str:
    """The first of their numbers that may be dialled. Raises NotPossible."""
    known = tuple(dict.fromkeys(_numbers(ctx, ticket)))
    for number in known:
        if refusal(number, ctx.directory.hotline) == "":
            return number
    raise _refused(ctx, ticket, known[0] if known else "")


def has_caller(ctx: Context, ticket: Ticket) -> bool:
    """Did somebody call about it who can be called back?"""
    calls = [call for call in ctx.uow.calls.of(ticket.id) if call.by is None and call.reach]
    return bool(calls) and refusal(calls[-1].reach, ctx.directory.hotline) == ""


def short(number: str) -> str:
    """`…0100`: enough to know which of their phones it is."""
    return f"…{number[-4:]}"


def customer_of(ctx: Context, ticket: Ticket, language: str = "") -> str:
    """The customer's name; of one who has not said it, what they are. In the language of the ticket's engineers unless
    another is asked for."""
    policy = ctx.policy(ticket)
    speech = Speech(language=language or policy.language, zone=policy.zone, now=ctx.now)
    return ticket.contact_name or speech.text("the customer")


def _numbers(ctx: Context, ticket: Ticket) -> Iterator[str]:
    """The latest call's first; a place that stands for a hidden number is none."""
    for call in reversed(ctx.uow.calls.of(ticket.id)):
        if call.by is None and call.reach:
            yield call.reach
    if ticket.place.channel in PHONES and ticket.place.place.startswith("+"):
        yield ticket.place.place
    contact = ctx.contact(ticket.contact)
    places = {channel: (place,) for channel, place in contact.identities.items()} if contact else {}
    for channel in PHONES:
        others = contact.others.get(channel, ()) if contact else ()
        yield from (place for place in (*places.get(channel, ()), *others) if place.startswith("+"))


def _refused(ctx: Context, ticket: Ticket, number: str) -> NotPossible:
    if not number:
        return NotPossible(
            "No phone of {name} is known: ask with need {ticket} which number to call",
            name=customer_of(ctx, ticket),
            ticket=ticket.id,
        )
    why = refusal(number, ctx.directory.hotline)
    if why == FOREIGN:
        return NotPossible(
            "{number} is in a country that is not called from here: call it from your own phone, then write talked {ticket}",
            number=number,
            ticket=ticket.id,
        )
    if why == OWN:
        return NotPossible(
            "{number} is our own number: ask with need {ticket} which one to call",
            number=number,
            ticket=ticket.id,
        )
    if why == PREMIUM:
        return NotPossible(
            "{number} is a number that costs extra: ask with need {ticket} which other one to call",
            number=number,
            ticket=ticket.id,
        )
    return NotPossible(
        "{number} is no number of a phone: ask with need {ticket} which one to call",
        number=number,
        ticket=ticket.id,
    )
