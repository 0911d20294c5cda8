"""What customers say and tap: open a ticket, answer its question, add to it. Known or not, nobody is held up."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from bot.app.context import Context
from bot.app.inbound import ActionIn, FormIn, Inbound, MessageIn
from bot.app.ports import Outcome
from bot.app.record import carry_out
from bot.app.rows import ANOTHER, Conversation, OutboxItem, Priority
from bot.app.saying import say
from bot.domain import commands as cmd
from bot.domain import notices as no
from bot.domain.decide import next_due
from bot.domain.events import STANDBY, Actor, Attachment, By, How
from bot.domain.grammar import REFERENCE, digit_choice, introduction
from bot.domain.ids import Address, ContactId, OrganisationId
from bot.domain.people import Contact, Organisation, Team
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.triage import is_greeting, is_thanks, propose

GUESTS = OrganisationId("guests")
"""Whoever wrote without being known; the first team of the configuration looks after them."""


def on_message(ctx: Context, m: MessageIn) -> Outcome:
    """A private message of somebody who is none of ours."""
    contact = _contact(ctx, m)
    known, talk = _conversation(ctx, m, contact)
    tickets = _theirs(ctx, m.address, contact) if known else ()
    text = m.text.strip()
    named = _named(tickets, text)
    current = named or _current(talk, tickets)
    word, rest = _command(text)
    if word in _WORDS:
        talk = _WORDS[word](ctx, m, talk, contact, current, rest)
        _keep_files(ctx, m, contact, current)
    elif current is not None and _answers_severity(ctx, current, contact, text):
        _keep_files(ctx, m, contact, current)
    elif current is not None and talk.introducing and (named_so := introduction(text)):
        talk = _introduced(ctx, talk, contact, current, *named_so)
        _keep_files(ctx, m, contact, current)
    elif current is not None:
        _add(ctx, m, contact, current, text)
        talk = dataclasses.replace(talk, ticket=None)
    elif is_greeting(text) and not m.attachments:
        _say(ctx, m.address, contact, no.CustomerHelp(greeting=True))
    else:
        talk = _open(ctx, m.address, talk, contact, text, m.attachments)
    ctx.uow.conversations.save(talk)
    return Outcome()


def open_bare(ctx: Context, m: MessageIn) -> None:
    """A ticket of a message that could not be handled otherwise: its words, at the severity that they sound like."""
    _opened(ctx, m.address.root(), _contact(ctx, m), m.text, (), severity="", actor=STANDBY, how=How.GIVEN)


def on_action(ctx: Context, a: ActionIn) -> Outcome:
    """A tap of a customer, on a question about a ticket that was raised from this very place."""
    contact = _contact(ctx, a)
    ctx.uow.conversations.save(_conversation(ctx, a, contact)[1])
    ticket = ctx.uow.tickets.get(a.action.ticket)
    if ticket is None or ticket.place != a.address.root() or ticket.contact != contact.id:
        return Outcome()
    actor = _actor(contact)
    if a.action.verb == "sev":
        _choose(ctx, ticket, actor, a.action.value)
    elif a.action.verb == "works" and ticket.status is not Status.CLOSED:
        carry_out(ctx, ticket, cmd.Close(by=actor))
    elif a.action.verb == "reopen" and ticket.status is Status.RESOLVED:
        carry_out(ctx, ticket, cmd.Reopen(by=actor))
    return Outcome()


def on_form(ctx: Context, f: FormIn) -> Outcome:
    """A customer's filled form: severity chosen there is confirmed, else it is asked as ever."""
    contact = _contact(ctx, f)
    _, talk = _conversation(ctx, f, contact)
    ctx.uow.conversations.save(_open(ctx, f.address, talk, contact, f.text.strip(), (), severity=f.severity))
    return Outcome()


def open_for(
    ctx: Context, contact: Contact, place: Address, text: str, severity: str, actor: Actor
) -> Ticket:
    """One of us raises it for a customer: nobody is asked for the severity."""
    talk = ctx.uow.conversations.get(place) or Conversation(address=place)
    ticket = _opened(ctx, place, contact, text, (), severity=severity, actor=actor, how=How.GIVEN)
    ctx.uow.conversations.save(dataclasses.replace(talk, contact=contact.id, ticket=None))
    return ticket


# ---------------------------------------------------------------- who, and about which ticket
def _conversation(ctx: Context, inbound: Inbound, contact: Contact) -> tuple[bool, Conversation]:
    """Whether anything was ever said here, and what is known of this place now."""
    place = inbound.address.root()
    known = ctx.uow.conversations.get(place)
    if known is None:
        return False, Conversation(address=place, last_inbound=ctx.now, contact=contact.id)
    return known.contact is not None, dataclasses.replace(known, last_inbound=ctx.now, contact=contact.id)


def _contact(ctx: Context, inbound: Inbound) -> Contact:
    """Who wrote. A stranger becomes a guest contact; their display name is shown as what it is, a claim."""
    found = ctx.contact_at(inbound.channel, inbound.sender.id)
    if found is not None:
        return found
    guest = Contact(
        id=ContactId("guest-" + ctx.setup.random.token()),
        name=inbound.sender.name[:80],
        organisation=GUESTS,
        identities={inbound.channel: inbound.sender.id},
    )
    ctx.uow.contacts.save(guest)
    return guest


def _organisation(ctx: Context, contact: Contact) -> tuple[Organisation, Team]:
    if contact.organisation != GUESTS:
        organisation = ctx.directory.organisation(contact.organisation)
        return organisation, ctx.directory.team(organisation.team)
    team = ctx.directory.teams[0]
    policy = ctx.directory.policy(team.policy)
    guests = Organisation(
        id=GUESTS,
        name="Unknown customer",
        team=team.name,
        plan="",
        language=policy.language,
        zone=policy.zone,
    )
    return guests, team


def _theirs(ctx: Context, place: Address, contact: Contact) -> tuple[Ticket, ...]:
    """Tickets raised here by this contact: a number may have had another owner before."""
    own = (contact.id, GUESTS)
    return tuple(t for t in ctx.uow.tickets.at(place.root()) if t.contact in own or t.organisation in own)


def _named(tickets: Sequence[Ticket], text: str) -> Ticket | None:
    """A message that begins with the reference of one of their own tickets is about that one."""
    found = REFERENCE.match(text)
    return next((t for t in tickets if found and t.id == found[1].upper()), None)


def _current(talk: Conversation, tickets: Sequence[Ticket]) -> Ticket | None:
    """The ticket that a message is about: the one in which somebody spoke last."""
    if talk.ticket == ANOTHER:
        return None
    return max(tickets, key=lambda t: t.spoken or t.opened, default=None)


def _actor(contact: Contact) -> Actor:
    return Actor(by=By.CUSTOMER, id=contact.id, name=contact.name)


# ---------------------------------------------------------------- what they want
def _open(
    ctx: Context,
    place: Address,
    talk: Conversation,
    contact: Contact,
    text: str,
    attachments: tuple[Attachment, ...],
    *,
    severity: str = "",
) -> Conversation:
    """A new ticket, at the first message. Its severity is proposed, unless it was given."""
    how = How.GIVEN if severity else How.PROPOSED
    ticket = _opened(
        ctx, place.root(), contact, text, attachments, severity=severity, actor=_actor(contact), how=how
    )
    return dataclasses.replace(talk, ticket=None, introducing=not ticket.known)


def _opened(
    ctx: Context,
    place: Address,
    contact: Contact,
    text: str,
    attachments: tuple[Attachment, ...],
    *,
    severity: str,
    actor: Actor,
    how: How,
) -> Ticket:
    organisation, team = _organisation(ctx, contact)
    policy = ctx.directory.policy(team.policy)
    known_severity = severity in [s.id for s in policy.severities]
    chosen = policy.severity(severity) if known_severity else propose(text, policy, vip=contact.vip)
    if chosen.id != severity and how is How.GIVEN and actor.by is By.CUSTOMER:
        how = How.PROPOSED
    if len(policy.severities) == 1:
        how = How.GIVEN
    known = contact.organisation != GUESTS or bool(contact.email)
    opening = cmd.OpenTicket(
        ticket=ctx.uow.tickets.next_reference(policy.prefix),
        organisation=organisation,
        contact=contact.id,
        contact_name=contact.name,
        known=known,
        vip=contact.vip,
        team=team.name,
        severity=chosen.id,
        how=how,
        text=text or "(no words, only files)",
        place=place,
        language=organisation.language,
        opened_by=actor,
        attachments=attachments,
    )
    return carry_out(ctx, None, opening)


def _command(text: str) -> tuple[str, str]:
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
        return _open(ctx, m.address, talk, contact, rest, m.attachments)
    _say(ctx, m.address, contact, no.NewAsked())
    return dataclasses.replace(talk, ticket=ANOTHER)


def _urgent(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    """It got worse: the most urgent severity, at once. Words after it are kept as a message, before anyone is called,
    so that the page holds them."""
    if current is not None and current.status.is_open:
        ticket = _add(ctx, m, contact, current, rest) if rest else current
        most = ctx.policy(ticket).severities[0].id
        carry_out(ctx, ticket, cmd.SetSeverity(severity=most, how=How.CONFIRMED, by=_actor(contact)))
        return dataclasses.replace(talk, ticket=None)
    if not rest:
        _say(ctx, m.address, contact, no.CustomerHelp())
        return talk
    _, team = _organisation(ctx, contact)
    most = ctx.directory.policy(team.policy).severities[0].id
    return _open(ctx, m.address, talk, contact, rest, m.attachments, severity=most)


def _close(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    if current is None:
        return _tell_status(ctx, m, talk, contact, current, rest)
    carry_out(ctx, current, cmd.Close(by=_actor(contact)))
    return talk


def _reopen(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    if current is None or current.status is not Status.RESOLVED:
        return _tell_status(ctx, m, talk, contact, current, rest)
    carry_out(ctx, current, cmd.Reopen(by=_actor(contact)))
    return talk


def _tell_status(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    _say(ctx, m.address, contact, _status(ctx, m.address, contact))
    return talk


def _help(
    ctx: Context, m: MessageIn, talk: Conversation, contact: Contact, current: Ticket | None, rest: str
) -> Conversation:
    _say(ctx, m.address, contact, no.CustomerHelp())
    return talk


_WORDS = {
    "new": _new,
    "urgent": _urgent,
    "close": _close,
    "reopen": _reopen,
    "status": _tell_status,
    "help": _help,
}


def _keep_files(ctx: Context, m: MessageIn, contact: Contact, current: Ticket | None) -> None:
    """Files that came with a word or an answer belong to the ticket all the same."""
    if m.attachments and current is not None:
        _add(ctx, m, contact, ctx.ticket(current.id), "")


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
    _choose(ctx, ticket, _actor(contact), ids[index])
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


def _add(ctx: Context, m: MessageIn, contact: Contact, ticket: Ticket, text: str) -> Ticket:
    writes = cmd.CustomerWrites(
        text=text,
        contact=contact.id,
        contact_name=contact.name or ticket.contact_name or "Customer",
        thanks=(is_thanks(text) or is_greeting(text)) and not m.attachments,
        attachments=m.attachments,
    )
    after = carry_out(ctx, ticket, writes)
    policy = ctx.policy(after)
    sounds = propose(text, policy)
    if (
        sounds.pages
        and not policy.severity(after.severity).pages
        and after.status.is_open
        and len(policy.severities) > 1
    ):
        say(
            ctx,
            after,
            (no.ToCustomer(notice=no.WorseAsked(ticket=after.id, severity=sounds.label, id=sounds.id)),),
        )
    return after


def _status(ctx: Context, place: Address, contact: Contact) -> no.StatusReport:
    lines = []
    for ticket in _theirs(ctx, place, contact):
        policy = ctx.policy(ticket)
        lines.append(
            no.StatusLine(
                ticket=ticket.id,
                severity=policy.severity(ticket.severity).label,
                status=ticket.status,
                person=ctx.setup.name_of(ticket.owner) if ticket.owner else "",
                due=next_due(ticket, policy, ctx.now),
            )
        )
    return no.StatusReport(lines=tuple(lines))


def _say(ctx: Context, place: Address, contact: Contact, notice: no.Notice) -> None:
    """An answer that belongs to no ticket."""
    organisation, _ = _organisation(ctx, contact)
    ctx.uow.outbox.add(
        [
            OutboxItem(
                channel=place.channel,
                address=place.root(),
                notice=notice,
                language=organisation.language,
                zone=organisation.zone.key,
                priority=Priority.CUSTOMER,
                lane_key=str(place.root()),
                created=ctx.now,
                due=ctx.now,
            )
        ]
    )
