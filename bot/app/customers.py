"""Customers: who writes, which tickets are theirs, and how one is opened or added to. Known or not, nobody is held up."""

from __future__ import annotations

import dataclasses

from bot.app.context import Context
from bot.app.inbound import Inbound, MessageIn
from bot.app.record import carry_out
from bot.app.rows import Conversation, Priority
from bot.app.saying import row, say
from bot.app.speech import Speech
from bot.domain import commands as cmd
from bot.domain import notices as no
from bot.domain.decision import Asked, asked_at_opening, category_label, next_due, solved_by
from bot.domain.events import Actor, Attachment, By, How
from bot.domain.explain import explained
from bot.domain.ids import Address, ContactId, OrganisationId
from bot.domain.people import Contact, Organisation, Team
from bot.domain.reading import read
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.triage import is_greeting, is_thanks, propose
from escalation.policy import Policy

GUESTS = OrganisationId("guests")
"""Whoever wrote without being known; the first team of the configuration looks after them."""


def conversation_at(ctx: Context, inbound: Inbound, contact: Contact) -> tuple[bool, Conversation]:
    """Whether anything was ever said here, and what is known of this place now."""
    place = inbound.address.root()
    known = ctx.uow.conversations.get(place)
    if known is None:
        return False, Conversation(address=place, last_inbound=ctx.now, contact=contact.id)
    return known.contact is not None, dataclasses.replace(known, last_inbound=ctx.now, contact=contact.id)


def contact_of(ctx: Context, inbound: Inbound) -> Contact:
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


def organisation_of(ctx: Context, contact: Contact) -> tuple[Organisation, Team]:
    if contact.organisation != GUESTS:
        organisation = ctx.directory.organisation(contact.organisation)
        return organisation, ctx.directory.team(organisation.team)
    team = ctx.directory.teams[0]
    policy = ctx.directory.policy(team.policy)
    speech = Speech(language=policy.language, zone=policy.zone, now=ctx.now)
    guests = Organisation(
        id=GUESTS,
        name=speech.text("Unknown customer"),
        team=team.name,
        plan="",
        language=policy.language,
        zone=policy.zone,
    )
    return guests, team


def theirs(ctx: Context, place: Address, contact: Contact) -> tuple[Ticket, ...]:
    """Tickets raised here by this contact: a number may have had another owner before."""
    own = (contact.id, GUESTS)
    return tuple(t for t in ctx.uow.tickets.at(place.root()) if t.contact in own or t.organisation in own)


def actor_of(contact: Contact) -> Actor:
    return Actor(by=By.CUSTOMER, id=contact.id, name=contact.name)


def open_here(
    ctx: Context,
    place: Address,
    talk: Conversation,
    contact: Contact,
    text: str,
    attachments: tuple[Attachment, ...],
    *,
    severity: str = "",
    category: str = "",
) -> Conversation:
    """A new ticket, at the first message. Its severity is proposed, unless it was given."""
    how = How.GIVEN if severity or category else How.PROPOSED
    ticket = opened(
        ctx,
        place.root(),
        contact,
        text,
        attachments,
        severity=severity,
        category=category,
        actor=actor_of(contact),
        how=how,
        language=talk.language,
    )
    missing = _missing(ctx, contact, ctx.policy(ticket))
    return dataclasses.replace(talk, ticket=None, introducing=not ticket.known or bool(missing))


def _missing(ctx: Context, contact: Contact, policy: Policy) -> tuple[str, ...]:
    """What the policy requires to know of a contact and nobody has said. A number they write or call from is a phone."""
    if not policy.requires:
        return ()
    known = {
        "name": bool(contact.name),
        "email": bool(contact.email),
        "phone": any(channel in contact.identities for channel in ("sms", "whatsapp", "call")),
    }
    return tuple(field for field in policy.requires if not known[field])


def opened(
    ctx: Context,
    place: Address,
    contact: Contact,
    text: str,
    attachments: tuple[Attachment, ...],
    *,
    severity: str,
    actor: Actor,
    how: How,
    category: str = "",
    language: str = "",
    said_first: no.DeskLine | None = None,
) -> Ticket:
    organisation, team = organisation_of(ctx, contact)
    policy = ctx.directory.policy(team.policy)
    reading = read(text, policy, organisation)
    if category in [c.id for c in policy.categories]:
        reading = dataclasses.replace(reading, category=category)
    known_severity = severity in [s.id for s in policy.severities]
    chosen = policy.severity(severity) if known_severity else propose(text, policy, vip=contact.vip)
    if chosen.id != severity and how is How.GIVEN and actor.by is By.CUSTOMER:
        how = How.PROPOSED
    if asked_at_opening(policy) is Asked.NOTHING or reading.service:
        how = How.GIVEN
    elif asked_at_opening(policy) is Asked.CATEGORY and not category and actor.by is not By.ENGINEER:
        how = How.PROPOSED
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
        language=language or organisation.language,
        opened_by=actor,
        attachments=attachments,
        category=reading.category,
        service=reading.service,
        served_before=bool(reading.service) and ctx.uow.tickets.had_service(organisation.id, reading.service),
        exclusion=reading.exclusion,
        version=reading.version,
        missing=() if (can := ctx.setup.can(place.channel)) and can.rings else _missing(ctx, contact, policy),
        said_first=said_first,
    )
    return carry_out(ctx, None, opening)


def open_for(
    ctx: Context, contact: Contact, place: Address, text: str, severity: str, actor: Actor, category: str = ""
) -> Ticket:
    """One of us raises it for a customer: nobody is asked for the severity."""
    talk = ctx.uow.conversations.get(place) or Conversation(address=place)
    ticket = opened(
        ctx,
        place,
        contact,
        text,
        (),
        severity=severity,
        category=category,
        actor=actor,
        how=How.GIVEN,
        language=talk.language,
    )
    ctx.uow.conversations.save(dataclasses.replace(talk, contact=contact.id, ticket=None))
    return ticket


def add(
    ctx: Context,
    m: MessageIn,
    contact: Contact,
    ticket: Ticket,
    text: str,
    *,
    thanks: bool = False,
    urgent: bool = False,
) -> Ticket:
    """A message on a ticket. `thanks`: it does not reopen one that is resolved."""
    writes = cmd.CustomerWrites(
        text=text,
        contact=contact.id,
        contact_name=contact.name or ticket.contact_name or "Customer",
        thanks=thanks or ((is_thanks(text) or is_greeting(text)) and not m.attachments),
        urgent=urgent,
        attachments=m.attachments,
    )
    return carry_out(ctx, ticket, writes)


def status_of(ctx: Context, place: Address, contact: Contact) -> no.StatusReport:
    lines = []
    for ticket in theirs(ctx, place, contact):
        policy = ctx.policy(ticket)
        lines.append(
            no.StatusLine(
                ticket=ticket.id,
                severity=category_label(ticket, policy)
                if len(policy.severities) == 1
                else policy.severity(ticket.severity).label,
                status="excluded" if ticket.exclusion else ticket.status,
                person=ctx.setup.name_of(ticket.owner) if ticket.owner else "",
                due=next_due(ticket, policy, ctx.now),
                solved=None if ticket.held_since else solved_by(ticket, policy, ctx.now),
                why=() if ticket.held_since else explained(ticket, policy, ctx.now),
                zone=policy.zone.key,
            )
        )
    return no.StatusReport(lines=tuple(lines))


def closed_by_customer(ctx: Context, ticket: Ticket, contact: Contact, talk: Conversation) -> Conversation:
    """It is done, they say. Where the policy asks for it, they are asked how it was, once something was done."""
    was_done = ticket.status is Status.RESOLVED
    after = carry_out(ctx, ticket, cmd.Close(by=actor_of(contact)))
    if not was_done or not ctx.policy(after).survey:
        return talk
    say(ctx, after, (no.ToCustomer(notice=no.RatingAsked(ticket=after.id)),))
    return dataclasses.replace(talk, rating=after.id)


def say_here(ctx: Context, place: Address, contact: Contact, notice: no.Notice, talk: Conversation) -> None:
    """An answer that belongs to no ticket."""
    organisation, _ = organisation_of(ctx, contact)
    answer = row(
        ctx,
        place.root(),
        talk.language or organisation.language,
        organisation.zone.key,
        notice=notice,
        priority=Priority.CUSTOMER,
    )
    ctx.uow.outbox.add([answer])
