"""What one of us is told when something can't be done: why, in their language."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.app.context import Context
from bot.app.desk_wording import STATUS
from bot.app.speech import Speech
from bot.domain import notices as no
from bot.domain.errors import (
    DomainError,
    IllegalMove,
    NotAllowed,
    NotPossible,
    NotUnderstood,
    UnknownTicket,
    WhichTicket,
)
from bot.domain.people import Person
from bot.domain.status import Move, Status

MOVES = {
    Move.SET_SEVERITY: "change severity",
    Move.CUSTOMER_WRITES: "take a customer's message",
    Move.NOTE: "take a note",
    Move.ACKNOWLEDGE: "be acknowledged",
    Move.TAKE: "be taken",
    Move.ANSWER: "be answered",
    Move.ASK: "wait for the customer",
    Move.RESOLVE: "be resolved",
    Move.REOPEN: "be reopened",
    Move.CLOSE: "be closed",
    Move.MERGE: "be merged",
}


def refused(ctx: Context, error: DomainError, person: Person | None) -> no.Told:
    """The answer to whoever asked for it."""
    speech = Speech(language=ctx.language_of(person), zone=ZoneInfo("UTC"), now=ctx.now)
    match error:
        case WhichTicket():
            return no.Told(what="which_ticket")
        case UnknownTicket():
            return no.Told(what="unknown_ticket", ticket=error.reference)
        case NotAllowed():
            return no.Told(what="not_engineer")
        case NotUnderstood():
            return no.Told(what="not_understood", text=error.words, name=_near(error, speech))
        case NotPossible():
            return no.Told(what="not_possible", text=speech.text(error.template, **error.values))
        case IllegalMove():
            return no.Told(what="illegal", text=_illegal(error, speech))
        case _:
            return no.Told(what="illegal", text=str(error))


def _near(error: NotUnderstood, s: Speech) -> str:
    if not error.closest:
        return s.text("Try help.")
    return s.text("Did you mean {words}?", words=s.text(" or ").join(error.closest))


def _illegal(error: IllegalMove, s: Speech) -> str:
    status = s.text(STATUS[Status(error.status)])
    if error.already:
        return s.text("{ticket} is {status} already", ticket=error.ticket, status=status)
    move = s.text(MOVES[Move(error.move)])
    return s.text("{ticket} is {status}; it can't {move}", ticket=error.ticket, status=status, move=move)
