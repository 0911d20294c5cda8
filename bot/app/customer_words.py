"""The words that customers can say to the desk instead of a message: one table."""

from __future__ import annotations

import dataclasses

from bot.app.context import Context
from bot.app.customers import actor_of, add, open_here, organisation_of, say_here, status_of
from bot.app.inbound import MessageIn
from bot.app.record import carry_out
from bot.app.rows import ANOTHER, Conversation
from bot.domain import commands as cmd
from bot.domain import notices as no
from bot.domain.events import How
from bot.domain.people import Contact
from bot.domain.status import Status
from bot.domain.ticket import Ticket


def command_of(text: str) -> tuple[str, str]:
    """A word of ours standing alone, `new: ...`, or `urgent` with words; else nothing is one. (A message may well begin
    with `New` or `Close`.)"""
    word, colon, rest = text.partition(":")
    if colon and word.strip().casefold() == "new" and rest.strip():
        return "new", rest.strip()
    word, _, rest = text.partition(" ")
    word, rest = word.casefold().strip(".,:!"), rest.strip()
    return (word, rest) if not rest or word == "urgent" else ("", "")


def _new(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    if rest:
        return open_here(ctx, m.address, talk, contact, rest, m.attachments)
    say_here(ctx, m.address, contact, no.NewAsked())
    return dataclasses.replace(talk, ticket=ANOTHER)


def _urgent(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    """It got worse: the most urgent severity, at once. Words after it are kept as a message, before anyone is called,
    so that the page holds them."""
    if current is not None and current.status.is_open:
        ticket = add(ctx, m, contact, current, rest) if rest else current
        most = ctx.policy(ticket).severities[0].id
        carry_out(ctx, ticket, cmd.SetSeverity(severity=most, how=How.CONFIRMED, by=actor_of(contact)))
        return dataclasses.replace(talk, ticket=None)
    if not rest:
        say_here(ctx, m.address, contact, no.CustomerHelp())
        return talk
    _, team = organisation_of(ctx, contact)
    most = ctx.directory.policy(team.policy).severities[0].id
    return open_here(ctx, m.address, talk, contact, rest, m.attachments, severity=most)


def _close(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    if current is None:
        return _tell_status(ctx, m, talk, contact, current, rest)
    carry_out(ctx, current, cmd.Close(by=actor_of(contact)))
    return talk


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
    say_here(ctx, m.address, contact, status_of(ctx, m.address, contact))
    return talk


def _help(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    say_here(ctx, m.address, contact, no.CustomerHelp())
    return talk


WORDS = {
    "new": _new,
    "urgent": _urgent,
    "close": _close,
    "reopen": _reopen,
    "status": _tell_status,
    "help": _help,
}
