"""What customers say and tap: answer a question, say a word, add to a ticket, open one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence

from bot.app.context import Context
from bot.app.customer_words import WORDS, command_of
from bot.app.customers import (
    GUESTS,
    actor_of,
    add,
    closed_by_customer,
    contact_of,
    conversation_at,
    open_here,
    opened,
    say_here,
    theirs,
)
from bot.app.inbound import ActionIn, FormIn, MessageIn
from bot.app.ports import Outcome
from bot.app.record import carry_out
from bot.app.rows import ANOTHER, Conversation
from bot.domain import commands as cmd
from bot.domain import notices as no
from bot.domain.events import STANDBY, How
from bot.domain.grammar import REFERENCE, introduction, is_bad_email
from bot.domain.people import Contact
from bot.domain.questions import answer, answer_in_words, asked
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.triage import is_greeting, is_no, is_thanks, is_yes, says_it_works, words_found

BEST = 5
"""Ratings go from 1 to this."""
SCORES = frozenset(str(n + 1) for n in range(BEST))


def on_message(ctx: Context, m: MessageIn) -> Outcome:
    """A private message of somebody who is none of ours."""
    contact = contact_of(ctx, m)
    known, talk = conversation_at(ctx, m, contact)
    tickets = theirs(ctx, m.address, contact) if known else ()
    text = m.text.strip()
    named = _named(tickets, text)
    current = named or _current(talk, tickets, text)
    word, rest = command_of(REFERENCE.sub("", text, count=1).strip() if named else text)
    if word in WORDS:
        if (
            word != "new" and m.attachments and current is not None
        ):  # files come first: the word may end the ticket
            current = add(ctx, m, contact, current, "", thanks=True)
            m = dataclasses.replace(m, attachments=())
        talk = WORDS[word](ctx, m, talk, contact, current, rest)
    elif (score := _score(ctx, talk, text)) and not _is_asked(ctx, current):
        talk = _rated(ctx, talk, score)
    elif current is not None and _answers(ctx, current, contact, text):
        _keep_files(ctx, m, contact, current)
    elif current is not None and talk.introducing and (named_so := introduction(text)):
        talk = _introduced(ctx, talk, contact, current, *named_so)
        if m.attachments or _says_more(ctx, current, text):
            add(ctx, m, contact, ctx.ticket(current.id), text)
    elif current is not None and talk.introducing and is_bad_email(text):
        say_here(ctx, m.address, contact, no.BadEmail(), talk)
    elif current is not None and current.status is Status.RESOLVED and says_it_works(text):
        _keep_files(ctx, m, contact, current)
        talk = closed_by_customer(ctx, ctx.ticket(current.id), contact, talk)
    elif current is not None:
        add(ctx, m, contact, current, text)
        talk = dataclasses.replace(talk, ticket=None)
    elif talk.rating is not None and text.isdigit():
        say_here(ctx, m.address, contact, no.RatingAsked(ticket=talk.rating), talk)
    elif is_greeting(text) and not m.attachments:
        say_here(ctx, m.address, contact, no.CustomerHelp(greeting=True), talk)
    elif is_thanks(text) and not m.attachments and talk.ticket != ANOTHER:
        say_here(ctx, m.address, contact, no.YoureWelcome(), talk)
    else:
        talk = open_here(ctx, m.address, talk, contact, text, m.attachments)
    ctx.uow.conversations.save(talk)
    return Outcome()


def open_bare(ctx: Context, m: MessageIn) -> None:
    """A ticket of a message that could not be handled otherwise: its words, at the severity that they sound like."""
    opened(ctx, m.address.root(), contact_of(ctx, m), m.text, (), severity="", actor=STANDBY, how=How.GIVEN)


def on_action(ctx: Context, a: ActionIn) -> Outcome:
    """A tap of a customer, on a question about a ticket that was raised from this very place."""
    contact = contact_of(ctx, a)
    talk = conversation_at(ctx, a, contact)[1]
    ctx.uow.conversations.save(talk)
    ticket = ctx.uow.tickets.get(a.action.ticket)
    if ticket is None or ticket.place != a.address.root() or ticket.contact != contact.id:
        return Outcome()
    actor = actor_of(contact)
    command = answer(ticket, ctx.policy(ticket), a.action.verb, a.action.value, actor)
    if command is not None:
        carry_out(ctx, ticket, command)
    elif a.action.verb == "works" and ticket.status is not Status.CLOSED:
        ctx.uow.conversations.save(closed_by_customer(ctx, ticket, contact, talk))
    elif a.action.verb == "reopen" and ticket.status is Status.RESOLVED:
        carry_out(ctx, ticket, cmd.Reopen(by=actor))
    elif a.action.verb == "reopen" and ticket.status is Status.CLOSED:
        say_here(ctx, a.address, contact, no.ClosedAlready(ticket=ticket.id), talk)
    elif a.action.verb == "rate" and a.action.value in SCORES and talk.rating == ticket.id:
        ctx.uow.conversations.save(_rated(ctx, talk, int(a.action.value)))
    return Outcome()


def on_form(ctx: Context, f: FormIn) -> Outcome:
    """A customer's filled form: severity chosen there is confirmed, else it is asked as ever."""
    contact = contact_of(ctx, f)
    _, talk = conversation_at(ctx, f, contact)
    ctx.uow.conversations.save(
        open_here(ctx, f.address, talk, contact, f.text.strip(), (), severity=f.severity, category=f.category)
    )
    return Outcome()


def _named(tickets: Sequence[Ticket], text: str) -> Ticket | None:
    """A message that begins with the reference of one of their own tickets is about that one."""
    found = REFERENCE.match(text)
    return next((t for t in tickets if found and t.id == found[1].upper()), None)


def _current(talk: Conversation, tickets: Sequence[Ticket], text: str) -> Ticket | None:
    """The ticket that a message is about: the one in which somebody spoke last. A yes, a no or a number opens none."""
    answers = is_yes(text) or is_no(text) or text.isdigit()
    if talk.ticket == ANOTHER and not answers:
        return None
    return max(tickets, key=lambda t: t.spoken or t.opened, default=None)


def _keep_files(ctx: Context, m: MessageIn, contact: Contact, current: Ticket | None) -> None:
    """Files that came with an answer belong to the ticket all the same."""
    if m.attachments and current is not None:
        add(ctx, m, contact, ctx.ticket(current.id), "")


def _answers(ctx: Context, ticket: Ticket, contact: Contact, text: str) -> bool:
    """Is it the answer to what the customer was asked? Then it is done."""
    command = answer_in_words(ticket, ctx.policy(ticket), text, actor_of(contact))
    if command is not None:
        carry_out(ctx, ticket, command)
    return command is not None


_SCORE = re.compile(
    rf"\W*([1-{BEST}])\s*(?:/\s*{BEST}|stars?|points?|out of {BEST}|gwiazd\w*|pkt|punkt\w*)?\W*", re.I
)
RATED_WITHIN = dt.timedelta(days=3)
"""A number that comes later than this after the question is about something else."""


def _score(ctx: Context, talk: Conversation, text: str) -> int | None:
    """`4`, `5 stars`, `5/5`: the answer to how it was."""
    found = _SCORE.fullmatch(text) if talk.rating is not None else None
    ticket = ctx.uow.tickets.get(talk.rating) if found and talk.rating else None
    fresh = ticket is not None and ctx.now - ticket.changed <= RATED_WITHIN
    return int(found[1]) if found and fresh else None


def _is_asked(ctx: Context, ticket: Ticket | None) -> bool:
    """Is something else asked that a number would answer?"""
    return ticket is not None and asked(ticket, ctx.policy(ticket)) is not None


def _rated(ctx: Context, talk: Conversation, score: int) -> Conversation:
    """How it was; asked once."""
    if talk.rating is not None and (ticket := ctx.uow.tickets.get(talk.rating)) is not None:
        carry_out(ctx, ticket, cmd.Rate(score=score))
    return dataclasses.replace(talk, rating=None)


def _says_more(ctx: Context, ticket: Ticket, text: str) -> bool:
    """Is there something about the trouble beside the email?"""
    policy = ctx.policy(ticket)
    known = [*(s.words for s in policy.severities), *(c.words for c in policy.categories)]
    return any(words_found(text, words) for words in known)


def _introduced(
    ctx: Context, talk: Conversation, contact: Contact, current: Ticket, name: str, email: str
) -> Conversation:
    """Only a guest is named by what they say: whoever is listed has a name."""
    name = (name or contact.name) if contact.organisation == GUESTS else contact.name
    ctx.uow.contacts.save(dataclasses.replace(contact, name=name, email=email))
    carry_out(ctx, current, cmd.NameContact(name=name, email=email))
    return dataclasses.replace(talk, introducing=False)
