"""What customers say and tap: answer a question, say a word, add to a ticket, open one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from bot.app.context import Context
from bot.app.customer_words import WORDS, command_of
from bot.app.customers import (
    actor_of,
    add,
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
from bot.domain.events import STANDBY, Actor, How
from bot.domain.grammar import REFERENCE, digit_choice, introduction
from bot.domain.people import Contact
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.triage import is_greeting


def on_message(ctx: Context, m: MessageIn) -> Outcome:
    """A private message of somebody who is none of ours."""
    contact = contact_of(ctx, m)
    known, talk = conversation_at(ctx, m, contact)
    tickets = theirs(ctx, m.address, contact) if known else ()
    text = m.text.strip()
    named = _named(tickets, text)
    current = named or _current(talk, tickets)
    word, rest = command_of(text)
    if word in WORDS:
        if (
            word != "new" and m.attachments and current is not None
        ):  # files come first: the word may end the ticket
            current = add(ctx, m, contact, current, "", thanks=True)
            m = dataclasses.replace(m, attachments=())
        talk = WORDS[word](ctx, m, talk, contact, current, rest)
    elif current is not None and _answers_severity(ctx, current, contact, text):
        _keep_files(ctx, m, contact, current)
    elif current is not None and talk.introducing and (named_so := introduction(text)):
        talk = _introduced(ctx, talk, contact, current, *named_so)
        _keep_files(ctx, m, contact, current)
    elif current is not None:
        add(ctx, m, contact, current, text)
        talk = dataclasses.replace(talk, ticket=None)
    elif is_greeting(text) and not m.attachments:
        say_here(ctx, m.address, contact, no.CustomerHelp(greeting=True))
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
    ctx.uow.conversations.save(conversation_at(ctx, a, contact)[1])
    ticket = ctx.uow.tickets.get(a.action.ticket)
    if ticket is None or ticket.place != a.address.root() or ticket.contact != contact.id:
        return Outcome()
    actor = actor_of(contact)
    if a.action.verb == "sev":
        _choose(ctx, ticket, actor, a.action.value)
    elif a.action.verb == "works" and ticket.status is not Status.CLOSED:
        carry_out(ctx, ticket, cmd.Close(by=actor))
    elif a.action.verb == "reopen" and ticket.status is Status.RESOLVED:
        carry_out(ctx, ticket, cmd.Reopen(by=actor))
    return Outcome()


def on_form(ctx: Context, f: FormIn) -> Outcome:
    """A customer's filled form: severity chosen there is confirmed, else it is asked as ever."""
    contact = contact_of(ctx, f)
    _, talk = conversation_at(ctx, f, contact)
    ctx.uow.conversations.save(
        open_here(ctx, f.address, talk, contact, f.text.strip(), (), severity=f.severity)
    )
    return Outcome()


def _named(tickets: Sequence[Ticket], text: str) -> Ticket | None:
    """A message that begins with the reference of one of their own tickets is about that one."""
    found = REFERENCE.match(text)
    return next((t for t in tickets if found and t.id == found[1].upper()), None)


def _current(talk: Conversation, tickets: Sequence[Ticket]) -> Ticket | None:
    """The ticket that a message is about: the one in which somebody spoke last."""
    if talk.ticket == ANOTHER:
        return None
    return max(tickets, key=lambda t: t.spoken or t.opened, default=None)


def _keep_files(ctx: Context, m: MessageIn, contact: Contact, current: Ticket | None) -> None:
    """Files that came with an answer belong to the ticket all the same."""
    if m.attachments and current is not None:
        add(ctx, m, contact, ctx.ticket(current.id), "")


def _answers_severity(ctx: Context, ticket: Ticket, contact: Contact, text: str) -> bool:
    """A digit or a severity's name: any while the question stands, later only one that makes it more urgent."""
    if not ticket.status.is_open:
        return False
    ids = [s.id for s in ctx.policy(ticket).severities]
    index = digit_choice(text, len(ids))
    if index is None:
        said = text.casefold().strip(".! ")
        named = [n for n, s in enumerate(ctx.policy(ticket).severities) if said in (s.id, s.label.casefold())]
        index = named[0] if named else None
    if index is None or (ticket.confirmed and index >= ids.index(ticket.severity)):
        return False
    _choose(ctx, ticket, actor_of(contact), ids[index])
    return True


def _choose(ctx: Context, ticket: Ticket, actor: Actor, severity: str) -> None:
    policy = ctx.policy(ticket)
    if ticket.status.is_open and severity in [s.id for s in policy.severities]:
        carry_out(ctx, ticket, cmd.SetSeverity(severity=severity, how=How.CONFIRMED, by=actor))


def _introduced(
    ctx: Context, talk: Conversation, contact: Contact, current: Ticket, name: str, email: str
) -> Conversation:
    name = name or contact.name
    ctx.uow.contacts.save(dataclasses.replace(contact, name=name, email=email))
    carry_out(ctx, current, cmd.NameContact(name=name, email=email))
    return dataclasses.replace(talk, introducing=False)
