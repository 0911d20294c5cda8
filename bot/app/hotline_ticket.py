"""The ticket of a call: there before anybody's phone rings."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.app import attempts
from bot.app.context import Context
from bot.app.customers import GUESTS, actor_of, opened, organisation_of
from bot.app.page_end import line, log
from bot.app.record import carry_out
from bot.app.rows import Conversation
from bot.app.saying import HIDDEN, say
from bot.app.speech import Speech
from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.dialling import is_mobile, refusal
from bot.domain.events import How
from bot.domain.hotline import MOST_LISTED, Call, Choice, Phase
from bot.domain.ids import Address, ChannelName, ContactId, TicketId
from bot.domain.people import Contact, Team
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.triage import propose
from escalation.policy import Policy

CALL = ChannelName("call")


def stranger() -> Contact:
    """Somebody whom nobody knows."""
    return Contact(id=ContactId(""), name="", organisation=GUESTS, identities={})


def contact_of(ctx: Context, call: Call) -> Contact:
    """The caller, as they are known now."""
    found = ctx.contact(call.contact) if call.contact is not None else None
    return found or stranger()


def ticket_of(ctx: Context, call: Call) -> Ticket:
    """The call's ticket, or the one as which it goes on."""
    assert call.ticket is not None
    return ctx.going_on(call.ticket)


def policy_of(ctx: Context, call: Call) -> Policy:
    return ctx.directory.policy(team_of(ctx, call).policy)


def team_of(ctx: Context, call: Call) -> Team:
    """Its team; of one that the configuration has lost since it came, the first there is."""
    return next((team for team in ctx.directory.teams if team.name == call.team), ctx.directory.teams[0])


def has_emergency_line(ctx: Context, call: Call) -> bool:
    """Is anybody paged at this hour, for the worst that can happen?"""
    policy = policy_of(ctx, call)
    organisation, _ = organisation_of(ctx, contact_of(ctx, call))
    return policy.handling(policy.most_urgent.id, organisation.plan, ctx.now).pages


def is_desk_open(ctx: Context, call: Call) -> bool:
    return policy_of(ctx, call).calendar.is_open(ctx.now)


def said_for_them(policy: Policy, now: dt.datetime) -> tuple[str, str]:
    """Their words, as long as they have said nothing else: on the emergency line, at the desk."""
    s = Speech(language=policy.language, zone=policy.zone, now=now)
    return s.text("Called the emergency line."), s.text("Called the desk.")


def theirs(ctx: Context, call: Call) -> tuple[TicketId, ...]:
    """Their tickets that are not closed, the one that something happened on last first."""
    if call.contact is None:
        return ()
    return tuple(ticket.id for ticket in ctx.uow.tickets.of_contact(call.contact, MOST_LISTED))


def waits_already(ctx: Context, call: Call) -> TicketId | None:
    """The ticket of another call of the same number on the emergency line, to whom nobody talks yet."""
    for other in ctx.uow.calls.live() if call.number else ():
        mine = other.number == call.number and other.by is None and other.id != call.id
        if mine and other.choice is Choice.EMERGENCY and other.phase is not Phase.TALKING and other.ticket:
            return other.ticket
    return None


def open_or_join(ctx: Context, call: Call) -> Call:
    """For one who can't be asked: what somebody is being paged for already is what they call about."""
    urgent = policy_of(ctx, call).most_urgent.id
    for id in call.offered or theirs(ctx, call):
        if ctx.ticket(id).severity == urgent and ctx.ticket(id).status.is_open:
            return joined(ctx, call, id)
    return opened_new(ctx, call)


def opened_new(ctx: Context, call: Call) -> Call:
    """A ticket of what was said so far: which line they want."""
    contact = contact_of(ctx, call)
    place = _place(ctx, call, contact)
    if not contact.id:
        contact = _guest(ctx, call, place)
    policy = policy_of(ctx, call)
    emergency = call.choice is not Choice.DESK
    ticket = opened(
        ctx,
        place,
        contact,
        said_for_them(policy, ctx.now)[0 if emergency else 1],
        (),
        severity=policy.most_urgent.id if emergency else propose("", policy, vip=contact.vip).id,
        actor=actor_of(contact),
        how=How.GIVEN,
        language=call.language,
        said_first=_comes(ctx, call, contact),
    )
    talk = ctx.uow.conversations.get(place) or Conversation(address=place)
    talk = dataclasses.replace(talk, contact=contact.id, ticket=None, introducing=not ticket.known)
    ctx.uow.conversations.save(talk)
    call = dataclasses.replace(call, contact=contact.id, ticket=ticket.id, tries=0)
    return _came(ctx, call, ticket, "came")


def joined(ctx: Context, call: Call, id: TicketId) -> Call:
    """They call about a ticket that there is: it is as if they wrote, and it becomes what the line is for."""
    contact, ticket = contact_of(ctx, call), ctx.going_on(id)
    if ticket.status is Status.CLOSED:
        return opened_new(ctx, call)
    policy = ctx.policy(ticket)
    emergency = call.choice is not Choice.DESK
    say(ctx, ticket, (no.ToDesk(notice=_comes(ctx, call, contact)),))
    words = cmd.CustomerWrites(
        text="",
        calls=True,
        contact=ticket.contact,
        contact_name=contact.name or ticket.contact_name or "Customer",
        urgent=True,
    )
    ticket = carry_out(ctx, ticket, words)
    urgent = policy.most_urgent.id
    if emergency and ticket.severity != urgent:
        raising = cmd.SetSeverity(severity=urgent, how=How.CHANGED, by=actor_of(contact))
        ticket = carry_out(ctx, ticket, raising)
    call = dataclasses.replace(call, contact=ticket.contact, ticket=ticket.id, tries=0)
    return _came(ctx, call, ticket, "joined")


def answer_charge(ctx: Context, call: Call, answer: bool | None) -> None:
    """What they say to the charge; None is silence, which is no obstacle."""
    by = actor_of(contact_of(ctx, call))
    carry_out(ctx, ticket_of(ctx, call), cmd.AnswerConsent(agreed=answer, by=by))


def number_given(ctx: Context, call: Call, number: str) -> Call:
    """Where a hidden caller can be called back: for us alone."""
    line(ctx, ticket_of(ctx, call), "call_number", text=number)
    return dataclasses.replace(call, callback=number, tries=0, said="")


def _comes(ctx: Context, call: Call, contact: Contact) -> no.DeskLine:
    """That somebody is on the line."""
    what = (
        "call_desk" if call.choice is Choice.DESK else "call_again" if call.said == "again" else "call_came"
    )
    what = "call_missed" if call.said == "missed" else what
    return no.DeskLine(what=what, name=caller_name(ctx, call, contact))


def caller_name(ctx: Context, call: Call, contact: Contact | None = None) -> str:
    """For the team: a name, or what there is of one whom nobody knows."""
    name = (contact or contact_of(ctx, call)).name
    if name:
        return name
    policy = policy_of(ctx, call)
    s = Speech(language=policy.language, zone=policy.zone, now=ctx.now)
    if not call.number:
        return s.text("somebody with a hidden number")
    return s.text("somebody unknown ({number})", number=call.number)


def _came(ctx: Context, call: Call, ticket: Ticket, what: str) -> Call:
    """In the log; and what is about to be sent of its page offers to call them back."""
    log(ctx, ticket, ev.Called(call=call.id, what=what))
    ctx.uow.calls.save(call)
    attempts.refresh(ctx, ticket)
    return call


def _place(ctx: Context, call: Call, contact: Contact) -> Address:
    """Where they are written to: by SMS to the number that they call from; else by WhatsApp; else wherever they are
    known. Failing that, they can only be called."""
    if call.number and is_mobile(call.number) and not refusal(call.number, ctx.directory.hotline):
        places = [Address(channel=n, place=call.number) for n, can in ctx.setup.capabilities.items()
                  if can.by_number and not can.rings]  # fmt: skip
        free = [p for p in places if (can := ctx.setup.can(p.channel)) and can.session is None]
        if places:
            return (free or places)[0]
    for channel, identity in contact.identities.items():
        can = ctx.setup.can(channel)
        if can is not None and not can.rings and not can.by_number:
            return Address(channel=channel, place=identity)
    return Address(channel=CALL, place=call.number or f"{HIDDEN}{call.id[-8:]}")


def _guest(ctx: Context, call: Call, place: Address) -> Contact:
    """Whoever calls again, or answers our SMS, is the same one."""
    identities = {CALL: call.number, place.channel: call.number} if call.number else {CALL: place.place}
    id = ContactId("guest-" + ctx.setup.random.token())
    guest = Contact(id=id, name="", organisation=GUESTS, identities=identities)
    ctx.uow.contacts.save(guest)
    return guest
