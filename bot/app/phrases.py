"""Pieces that the words for customers and for engineers share."""

from __future__ import annotations

import datetime as dt

from bot.app.speech import Speech
from bot.domain.grammar import Action
from bot.domain.ids import TicketId
from bot.domain.message import Choice, Message, Part, Tone


def choice(verb: str, ticket: TicketId, label: str, value: str = "", tone: Tone = Tone.NORMAL) -> Choice:
    return Choice(id=str(Action(verb=verb, ticket=ticket, value=value)), label=label[:20], tone=tone)


def in_time(due: dt.datetime, s: Speech) -> str:
    """By when; of a time that has passed, what is true now."""
    return s.by(due) if due > s.now else s.text("as soon as possible")


def yes_no(
    parts: tuple[Part, ...], verb: str, ticket: TicketId, yes: str, no_: str, stamp: str = ""
) -> Message:
    """A question with two buttons; `stamp` ties them to what is asked now."""
    tied = f"@{stamp}" if stamp else ""
    choices = (choice(verb, ticket, yes, f"yes{tied}", Tone.MAIN), choice(verb, ticket, no_, f"no{tied}"))
    return Message(parts=parts, choices=choices, digits=True)
