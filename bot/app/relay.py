"""The ticket's thread: what engineers write there goes to the customer, except for lines that start with `//`."""

from __future__ import annotations

import re

from bot.app import thread_words, tickets
from bot.app.context import Context
from bot.app.inbound import MessageIn
from bot.app.ports import Outcome
from bot.app.record import carry_out
from bot.app.refusals import refused
from bot.app.saying import mark, say, tell
from bot.domain import commands as cmd
from bot.domain import notices as no
from bot.domain.errors import DomainError
from bot.domain.grammar import is_acknowledgement, is_internal, split_internal
from bot.domain.people import Person, Team
from bot.domain.ticket import Ticket


def on_desk_message(ctx: Context, m: MessageIn, team: Team) -> Outcome:
    """Only a thread under a card is a ticket's; the rest of the channel is the team's own."""
    card = ctx.uow.cards.by_thread(m.address) if m.address.thread else None
    person = ctx.directory.person_at(m.channel, m.sender.id)
    if card is None and m.address.thread and _is_being_put(ctx, m):
        raise LookupError("a card is being put at this desk: its thread is known in a moment")
    if card is None:
        command = m.text.startswith("/") and not is_internal(m.text)
        return tickets.on_words(ctx, m, person, m.text[1:]) if command and person else Outcome()
    ticket = ctx.ticket(card.ticket)
    if person is None or not ctx.directory.may_work(person, ticket.team):
        _keep_inside(ctx, m, ticket)
        return Outcome()
    if m.text.startswith("/") and not is_internal(m.text):
        return tickets.on_words(ctx, m, person, m.text[1:], ticket.id)
    words = thread_words.command(ctx, person, _with_names(ctx, m))
    if words is not None and words != "ack":
        tickets.on_words(ctx, m, person, words, ticket.id)
        ctx.uow.outbox.add([mark(ctx, ticket, no.Marked(at=m.address, message=m.message, mark="internal"))])
        return Outcome()
    try:
        _relay(ctx, m, ticket, person)
    except DomainError as error:
        tell(ctx, refused(ctx, error, person), m.address, only_for=m.sender.id)
        ctx.uow.outbox.add([mark(ctx, ticket, no.Marked(at=m.address, message=m.message, mark="failed"))])
    return Outcome()


def _relay(ctx: Context, m: MessageIn, ticket: Ticket, person: Person) -> None:
    via = ctx.setup.label(m.channel)
    if is_acknowledgement(m.text):
        carry_out(ctx, ticket, cmd.Acknowledge(person=person.id, name=person.name, via=via))
        return
    inside, outside = split_internal(_with_names(ctx, m))
    if inside:
        mark_at = m.message if not outside else ""
        note = cmd.WriteNote(
            person=person.id, name=person.name, via=via, text=inside, origin=m.address, mark=mark_at
        )
        ticket = carry_out(ctx, ticket, note)
        if not outside:
            return
    if not outside:
        tell(ctx, no.DeskLine(what="files_not_relayed", name=person.name), m.address)
        return
    can = ctx.setup.can(ticket.place.channel)
    if can is not None and can.rings:
        _unsent(ctx, m, ticket, person, outside)
        return
    reply = cmd.Reply(
        person=person.id,
        name=person.name,
        via=via,
        text=outside,
        origin=m.address,
        mark=m.message,
        attachments=len(m.attachments),
    )
    carry_out(ctx, ticket, reply)


def _unsent(ctx: Context, m: MessageIn, ticket: Ticket, person: Person, text: str) -> None:
    """To a customer whom we can only call: it is kept as a note, and is no answer; whoever wrote it is told."""
    via = ctx.setup.label(m.channel)
    if ticket.acknowledged is None and ticket.status.is_open:
        carry_out(ctx, ticket, cmd.Acknowledge(person=person.id, name=person.name, via=via))
    note = cmd.WriteNote(person=person.id, name=person.name, via=via, text=text, origin=m.address)
    ticket = carry_out(ctx, ticket, note)
    failed = no.Marked(at=m.address, message=m.message, mark="failed")
    say(
        ctx,
        ticket,
        (failed, no.ToDesk(notice=no.DeskLine(what="only_by_phone", callback=ticket.id, talked=ticket.id))),
    )


def _is_being_put(ctx: Context, m: MessageIn) -> bool:
    """Whoever answers a card before its place is written down must not be taken for somebody chatting."""
    return any(not c.message and c.address.root() == m.address.root() for c in ctx.uow.cards.unsettled())


def _with_names(ctx: Context, m: MessageIn) -> str:
    """A mention comes as `@` and an identity; the customer reads a name."""

    def name(found: re.Match[str]) -> str:
        person = ctx.directory.person_at(m.channel, found[1])
        return f"@{person.name}" if person else found[0]

    return re.sub(r"@(\w+)", name, m.text)


def _keep_inside(ctx: Context, m: MessageIn, ticket: Ticket) -> None:
    """Whoever is not known as an engineer of the team says nothing to the customer."""
    tell(ctx, no.Told(what="not_engineer"), m.address, only_for=m.sender.id)
    if m.message:
        ctx.uow.outbox.add([mark(ctx, ticket, no.Marked(at=m.address, message=m.message, mark="internal"))])
