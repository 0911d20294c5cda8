"""The words that customers can say to the desk instead of a message: one table."""

from __future__ import annotations

import dataclasses

from bot.app.context import Context
from bot.app.customers import (
    actor_of,
    add,
    closed_by_customer,
    open_here,
    organisation_of,
    say_here,
    status_of,
    theirs,
)
from bot.app.inbound import MessageIn
from bot.app.languages import language_named
from bot.app.record import carry_out
from bot.app.rows import ANOTHER, Conversation
from bot.app.saying import say
from bot.domain import commands as cmd
from bot.domain import notices as no
from bot.domain.events import Consent, How
from bot.domain.people import Contact
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.triage import folded

ALIASES = {
    folded(word): canonical
    for canonical, words in {
        "help": ("pomoc",),
        "new": ("nowe", "nowe zgłoszenie"),
        "urgent": ("pilne", "pilnie"),
        "close": ("zamknij",),
        "reopen": ("otwórz", "otwórz ponownie"),
        "add": ("dodaj",),
        "language": ("język",),
    }.items()
    for word in words
}
"""The words in other languages, understood whatever the customer's is; `status` is the same in all of them."""


def command_of(text: str) -> tuple[str, str]:
    """A word of ours standing alone, `new: ...` and `add: ...`, `urgent` with words, `language` with one; else nothing is
    one. (A message may well begin with `New` or `Close`.)"""
    if not text.strip():
        return "", ""
    word, colon, rest = text.partition(":")
    if colon and _canonical(word) in ("new", "add") and rest.strip():
        return _canonical(word), rest.strip()
    if (whole := _canonical(text)) in ALIASES.values():
        return whole, ""
    word, *more = text.split(None, 1)
    word, rest = _canonical(word), more[0].strip() if more else ""
    takes = word == "urgent" or (word == "language" and len(rest.split()) == 1)
    return (word, rest) if not rest or takes else ("", "")


def _canonical(words: str) -> str:
    """The English word for it, where it is one of ours."""
    said = " ".join(folded(words).split()).strip(".,:! ")
    return ALIASES.get(said, said)


def _new(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    if rest:
        return open_here(ctx, m.address, talk, contact, rest, m.attachments)
    say_here(ctx, m.address, contact, no.NewAsked(), talk)
    return dataclasses.replace(talk, ticket=ANOTHER)


def _urgent(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    """It got worse: the most urgent severity, at once. Words after it are kept as a message, before anyone is called,
    so that the page holds them."""
    if current is not None and current.status is Status.RESOLVED:
        current = add(ctx, m, contact, current, rest or m.text, urgent=True)
        if current.severity == ctx.policy(current).most_urgent.id:
            return dataclasses.replace(talk, ticket=None)
        rest = ""
    if current is not None and current.status.is_open:
        _raise(ctx, m, contact, current, rest)
        return dataclasses.replace(talk, ticket=None)
    if not rest:
        say_here(ctx, m.address, contact, no.CustomerHelp(), talk)
        return talk
    _, team = organisation_of(ctx, contact)
    most = ctx.directory.policy(team.policy).severities[0].id
    return open_here(ctx, m.address, talk, contact, rest, m.attachments, severity=most)


def _raise(ctx: Context, m: MessageIn, contact: Contact, current: Ticket, rest: str) -> None:
    """To the most urgent severity. One who waits for the desk to open does not any more; where there is nothing to
    raise, the desk hears of it, the word itself included."""
    policy = ctx.policy(current)
    most = policy.most_urgent.id
    declined = current.consent in (Consent.ASKED, Consent.DECLINED)
    nothing_to_raise = current.severity == most and current.confirmed and not declined
    ticket = current
    if rest or nothing_to_raise:
        ticket = add(ctx, m, contact, current, rest or m.text, urgent=True)
    if declined:
        carry_out(ctx, ticket, cmd.AnswerConsent(agreed=True, by=actor_of(contact)))
    elif nothing_to_raise:
        line = no.DeskLine(what="urgent", audience=("owner", "tier"))
        noted = no.UrgentNoted(ticket=ticket.id)
        say(ctx, ticket, (no.ToCustomer(notice=noted), no.ToDesk(notice=line)))
    if ticket.severity != most or not ticket.confirmed:
        carry_out(ctx, ticket, cmd.SetSeverity(severity=most, how=How.CONFIRMED, by=actor_of(contact)))


def _close(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    if current is None:
        return _tell_status(ctx, m, talk, contact, current, rest)
    return closed_by_customer(ctx, current, contact, talk)


def _reopen(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    if current is None or current.status is not Status.RESOLVED:
        return _tell_status(ctx, m, talk, contact, current, rest)
    carry_out(ctx, current, cmd.Reopen(by=actor_of(contact)))
    return talk


def _tell_status(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    say_here(ctx, m.address, contact, status_of(ctx, m.address, contact), talk)
    return talk


def _add(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    """`add ...` always belongs to what was last spoken of; without one it is a request like any other."""
    if current is not None and rest:
        add(ctx, m, contact, current, rest)
        return dataclasses.replace(talk, ticket=None)
    if rest:
        return open_here(ctx, m.address, talk, contact, rest, m.attachments)
    return _tell_status(ctx, m, talk, contact, current, rest)


def _language(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    """From now on they are spoken to in it, also about what is open."""
    wanted = language_named(rest)
    if wanted is None:
        say_here(ctx, m.address, contact, no.LanguageChanged(known=False), talk)
        return talk
    for ticket in theirs(ctx, m.address, contact):
        carry_out(ctx, ticket, cmd.SetLanguage(language=wanted))
    talk = dataclasses.replace(talk, language=wanted)
    say_here(ctx, m.address, contact, no.LanguageChanged(known=True), talk)
    return talk


def _help(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    say_here(ctx, m.address, contact, no.CustomerHelp(), talk)
    return talk


WORDS = {
    "new": _new,
    "urgent": _urgent,
    "close": _close,
    "reopen": _reopen,
    "status": _tell_status,
    "help": _help,
    "add": _add,
    "language": _language,
}
