"""The bot's own page, where a channel has one (Slack's App Home): made anew whenever somebody looks at it."""

from __future__ import annotations

import datetime as dt

from bot.app import rota_shown
from bot.app.context import Context
from bot.app.customers import organisation_of, status_of
from bot.app.duty import Swap
from bot.app.inbound import HomeIn
from bot.app.phrases import choice
from bot.app.ports import Outcome
from bot.app.rota_swaps import could_take
from bot.app.rota_wording import my_shift, schedule_line, swap_line
from bot.app.speech import Speech
from bot.app.wording import words
from bot.domain.decision import next_due, solved_by
from bot.domain.grammar import NO_TICKET
from bot.domain.message import Choice, Message, Part
from bot.domain.people import Contact, Person
from bot.domain.status import Status
from bot.domain.ticket import Ticket

MOST_LISTED = 20
"""Tickets, and swaps."""
_LOOKED_AT = 200


def on_home(ctx: Context, h: HomeIn) -> Outcome:
    """What this person needs first. Parts of the page are set apart by an empty line."""
    person = ctx.directory.person_at(h.channel, h.sender.id)
    if person is not None:
        return Outcome(reply=_ours(ctx, person))
    contact = ctx.contact_at(h.channel, h.sender.id)
    if contact is not None:
        return Outcome(reply=_customers(ctx, h, contact))
    teams = ctx.directory.teams
    language = ctx.directory.policy(teams[0].policy).language if teams else "en"
    speech = Speech(language=language, zone=ctx.directory.policies[0].zone, now=ctx.now)
    return Outcome(reply=Message(parts=_how_to_write(speech)))


def _how_to_write(s: Speech) -> tuple[Part, ...]:
    return s.say(
        "Write under *Messages* what is wrong: it opens a ticket, and an engineer answers you there."
    )


# ---------------------------------------------------------------- a customer
def _customers(ctx: Context, h: HomeIn, contact: Contact) -> Message:
    organisation, _ = organisation_of(ctx, contact)
    talk = ctx.uow.conversations.get(h.address, lock=False)
    language = (talk.language if talk else "") or organisation.language
    speech = Speech(language=language, zone=organisation.zone, now=ctx.now)
    report = words(status_of(ctx, h.address, contact), speech, ctx.setup.name_of)
    parts = speech.say("*Your tickets*\n") + report.parts + speech.say("\n\n") + _how_to_write(speech)
    return Message(parts=parts)


# ---------------------------------------------------------------- one of us
def _ours(ctx: Context, person: Person) -> Message:
    speech = Speech(language=ctx.language_of(person), zone=person.zone, now=ctx.now)
    swaps = [s for s in ctx.uow.rota.swaps(ctx.now) if could_take(ctx, person, s)][:MOST_LISTED]
    parts = _on_call(ctx, person, speech) + speech.say("\n\n") + _tickets(ctx, person, speech)
    if swaps:
        parts += speech.say("\n\n") + _swaps(ctx, swaps, speech)
    return Message(parts=parts, choices=tuple(_button(swap, speech) for swap in swaps))


def _on_call(ctx: Context, person: Person, s: Speech) -> tuple[Part, ...]:
    """Every schedule now, and the person's own next shift."""
    schedules = [schedule.name for schedule in ctx.directory.schedules]
    parts = s.say("*On call*")
    if not schedules:
        return parts + s.say("\n") + s.say("No schedule is configured.")
    for name in schedules:
        parts += s.say("\n") + schedule_line(rota_shown.schedule_line(ctx, name), s)
    mine = rota_shown.next_shift(ctx, person, schedules)
    return parts + (s.say("\n") + my_shift(mine, s) if mine else ())


def _tickets(ctx: Context, person: Person, s: Speech) -> tuple[Part, ...]:
    """Those that the person has, the first due first; how many nobody has yet."""
    found = [t for team in sorted(person.teams) for t in ctx.uow.tickets.unfinished(team, _LOOKED_AT)]
    mine = sorted((t for t in found if t.owner == person.id), key=lambda t: _due_first(ctx, t))
    parts = s.say("*Your tickets*")
    for ticket in mine[:MOST_LISTED]:
        parts += s.say("\n") + _ticket(ctx, ticket, s)
    if not mine:
        parts += s.say("\n") + s.say("You have no open ticket.")
    waiting = sum(1 for t in found if t.owner is None)
    if len(mine) > MOST_LISTED:
        more = s.plural("and {n} more of yours", "and {n} more of yours", len(mine) - MOST_LISTED)
        parts += (*s.say("\n"), Part(text=more))
    if waiting:
        nobody = s.plural("{n} ticket has nobody yet", "{n} tickets have nobody yet", waiting)
        parts += (*s.say("\n"), Part(text=nobody), *s.say(". Write *status* to see all."))
    return parts


def _due_first(ctx: Context, ticket: Ticket) -> tuple[bool, str]:
    due = _due(ctx, ticket)
    return due is None, due.isoformat() if due else ticket.id


def _due(ctx: Context, ticket: Ticket) -> dt.datetime | None:
    policy = ctx.policy(ticket)
    return next_due(ticket, policy, ctx.now) or solved_by(ticket, policy, ctx.now)


def _ticket(ctx: Context, ticket: Ticket, s: Speech) -> tuple[Part, ...]:
    """Reference, severity, whose, and who waits for whom until when."""
    parts = s.say(
        "*{ticket}* {severity}, {organisation}: ",
        ticket=ticket.id,
        severity=ctx.policy(ticket).severity(ticket.severity).label,
        organisation=ticket.organisation_name,
    )
    if ticket.status is Status.WAITING:
        return parts + s.say("waiting for the customer")
    if ticket.status is Status.RESOLVED:
        return parts + s.say("resolved, the customer has not confirmed it")
    due = _due(ctx, ticket)
    if due is None:
        return parts + s.say("the customer waits")
    if due <= s.now:
        return parts + s.say(
            "🔴 the customer waits, due {when}, {left} over", when=s.when(due), left=s.span(s.now - due)
        )
    return parts + s.say("the customer waits, due {by}", by=s.by(due))


def _swaps(ctx: Context, swaps: list[Swap], s: Speech) -> tuple[Part, ...]:
    parts = s.say("*Swaps that you could take*")
    for swap in swaps:
        parts += s.say("\n") + swap_line(rota_shown.swap_line(ctx, swap), s)
    return parts


def _button(swap: Swap, s: Speech) -> Choice:
    return choice("swap", NO_TICKET, s.text("Take swap {id}", id=str(swap.id)), f"{swap.id} yes")
