"""The words of a call back: lines in the thread, answers to whoever asks for it, what is heard on the phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.app.phrases import choice
from bot.app.speech import Speech
from bot.domain import notices as no
from bot.domain.call_notices import CallBack
from bot.domain.ids import PersonId, TicketId
from bot.domain.message import Choice, Message, plain

NameOf = Callable[[PersonId], str]

CALLBACK_LINES: dict[str, str] = {
    "calling": "☎️ Calling *{name}*, then {customer} on {number}.",
    "not_called": "☎️ *{name}* could not be called: {error}. {customer} is still to be called back.",
    "not_reached": "☎️ *{name}* called {customer} and did not reach them.",
    "talked_by_hand": "☎️ *{name}* talked to {customer}.",
    "talked": "☎️ *{name}* talked to {customer} for {length}.",
}
CALLBACK_TOLD: dict[str, str] = {
    "done_talked": "Done: {ticket} is answered.",
    "done_calling": "Calling you now: press 1, and {name} is called on {text}.",
}


def callback_button(ticket: TicketId | None, s: Speech) -> tuple[Choice, ...]:
    """Under whatever offers to call a customer back."""
    return (choice("callback", ticket, s.text("Call back")),) if ticket is not None else ()


def talked_button(ticket: TicketId | None, s: Speech) -> tuple[Choice, ...]:
    """For whoever reached the customer from a phone of their own."""
    return (choice("talked", ticket, s.text("I talked to them")),) if ticket is not None else ()


def talked_for(seconds: int, s: Speech) -> str:
    """`4 minutes`, to the nearest; of less than one, the seconds."""
    if seconds < 60:
        return s.plural("{n} second", "{n} seconds", seconds)
    return s.plural("{n} minute", "{n} minutes", round(seconds / 60))


def _call_back(n: CallBack, s: Speech, name_of: NameOf) -> Message:
    parts = s.say(
        "You are calling back {contact}, {organisation}. {severity}. {text}.",
        contact=n.contact,
        organisation=_ended(n.organisation),
        severity=n.severity,
        text=_ended(n.text),
    )
    return Message(parts=parts, spoken=plain(parts), keys=(("1", s.text("Press 1 to be put through.")),))


_LONGEST = 160


def _ended(text: str) -> str:
    """On one line, and without the mark at its end: the sentence around it has its own."""
    flat = " ".join(text.split())
    return (flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1]).rstrip(" .!?")


CALLBACK_WORDS: dict[type[no.Notice], Callable[[Any, Speech, NameOf], Message]] = {CallBack: _call_back}
