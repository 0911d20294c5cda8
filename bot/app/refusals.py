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

DETAILED = frozenset({"severity", "category", "need", "plan", "due", "exclude", "note", "snooze", "handover"})
"""Commands that say more than which ticket: an example repeats it."""
LONGEST_REST = 40


def refused(ctx: Context, error: DomainError, person: Person | None) -> no.Told:
    """The answer to whoever asked for it."""
    speech = Speech(language=ctx.language_of(person), zone=ZoneInfo("UTC"), now=ctx.now)
    match error:
        case WhichTicket():
            return no.Told(what="not_possible", text=_which(ctx, error, person, speech))
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


def _which(ctx: Context, error: WhichTicket, person: Person | None, s: Speech) -> str:
    """The same command again, with the ticket that is being paged where that is one, else a made-up one of their team."""
    pages = [page for page in ctx.uow.pages.open() if person and ctx.directory.may_work(person, page.team)]
    reference = pages[0].ticket if len(pages) == 1 else f"{_prefix(ctx, person)}-1042"
    rest = error.rest if error.word in DETAILED and len(error.rest) <= LONGEST_REST else ""
    words = " ".join(part for part in (error.word or "ack", reference, rest) if part)
    return s.text("Which ticket? Write its reference too, such as {words}", words=words)


def _prefix(ctx: Context, person: Person | None) -> str:
    teams = ctx.directory.teams
    team = next((team for team in teams if person and team.name in person.teams), teams[0])
    return ctx.directory.policy(team.policy).prefix


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
