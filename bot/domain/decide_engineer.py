"""What an engineer does. Whoever answers first has acknowledged by it."""

from __future__ import annotations

import datetime as dt

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decision import Decision, PageAnswered, PageWanted, applied, desk_line, next_due
from bot.domain.status import Move
from bot.domain.status import after as after_move
from bot.domain.ticket import Ticket
from escalation.policy import Policy


def first_touch(ticket: Ticket, c: cmd.EngineerCommand) -> tuple[ev.Event, ...]:
    """Whoever answers first has acknowledged by it."""
    if ticket.acknowledged is None and ticket.status.is_open:
        return (ev.Acknowledged(person=c.person, via=c.via),)
    return ()


def _has_it(
    ticket: Ticket, c: cmd.EngineerCommand, policy: Policy, now: dt.datetime, *, talking: bool = False
) -> tuple[no.Saying, ...]:
    due = None if talking else next_due(ticket, policy, now)
    return (
        no.ToCustomer(notice=no.HasIt(ticket=ticket.id, person=c.name, due=due)),
        desk_line("acknowledged", name=c.name, text=c.via),
    )


def acknowledge(ticket: Ticket, c: cmd.Acknowledge, policy: Policy, now: dt.datetime) -> Decision:
    """A second acknowledgement changes nothing but the page of somebody who was called in to help; the one who asks is
    told who has it (bot/app/tickets.py)."""
    if ticket.acknowledged is not None and ticket.status.is_open:
        return Decision(ticket=ticket, page=PageAnswered(person=c.person, name=c.name, joins=True))
    events: tuple[ev.Event, ...] = (ev.Acknowledged(person=c.person, via=c.via),)
    after = applied(ticket, events, policy, now)
    answered = PageAnswered(person=c.person, name=c.name)
    sayings = _has_it(after, c, policy, now, talking=c.talking)
    return Decision(ticket=after, events=events, sayings=sayings, page=answered)


def take(ticket: Ticket, c: cmd.Take, policy: Policy, now: dt.datetime) -> Decision:
    if ticket.owner == c.person and (ticket.acknowledged is not None or not ticket.status.is_open):
        return Decision(ticket=ticket)
    events = (*first_touch(ticket, c), ev.Taken(person=c.person, previous=ticket.owner))
    after = applied(ticket, events, policy, now)
    has_it = no.ToCustomer(notice=no.HasIt(ticket=ticket.id, person=c.name, due=next_due(after, policy, now)))
    return Decision(
        ticket=after,
        events=events,
        sayings=(has_it, desk_line("taken", name=c.name)),
        page=PageAnswered(person=c.person, name=c.name),
    )


def hand_over(ticket: Ticket, c: cmd.HandOver, policy: Policy, now: dt.datetime) -> Decision:
    """Somebody else is to have it: they are paged, then whoever hands it over, then the chain. Until one of them
    acknowledges it stays with whom it was, and the customer hears nothing of it."""
    after_move(ticket.id, ticket.status, Move.TAKE)
    events = (ev.HandedOver(person=c.person, to=c.to),)
    after = applied(ticket, events, policy, now)
    first = (f"person:{c.to}", f"person:{c.person}") if c.to else ()
    return Decision(
        ticket=after,
        events=events,
        sayings=(
            desk_line("handed_over", name=c.name, text=c.to_name)
            if c.to
            else desk_line("escalated_on", name=c.name),
        ),
        page=PageWanted(
            urgency=ticket.severity, first=first, beyond=not c.to, anew=True, handed_by=c.name if c.to else ""
        ),
    )


def snooze(ticket: Ticket, c: cmd.Snooze, policy: Policy, now: dt.datetime) -> Decision:
    """I have it, but not now: paged again at `until` unless the customer was written to."""
    after_move(ticket.id, ticket.status, Move.ACKNOWLEDGE)
    first = first_touch(ticket, c)
    events = (*first, ev.Snoozed(person=c.person, until=c.until))
    after = applied(ticket, events, policy, now)
    sayings: tuple[no.Saying, ...] = (desk_line("snoozed", name=c.name, due=c.until),)
    if first:
        sayings = (*_has_it(after, c, policy, now), *sayings)
    answered = PageAnswered(person=c.person, name=c.name) if first else None
    return Decision(ticket=after, events=events, sayings=sayings, page=answered)


def reply(ticket: Ticket, c: cmd.Reply, policy: Policy, now: dt.datetime) -> Decision:
    first = first_touch(ticket, c)
    events = (*first, ev.EngineerWrote(person=c.person, text=c.text))
    mark = (c.origin, c.mark) if c.origin and c.mark else None
    sayings: tuple[no.Saying, ...] = (
        no.ToCustomer(notice=no.Answer(ticket=ticket.id, person=c.name, text=c.text), mark=mark),
        no.ToDesk(
            notice=no.ColleagueSaid(name=c.name, text=c.text, internal=False, where=c.via), except_at=c.origin
        ),
    )
    if c.attachments:
        sayings += (desk_line("files_not_relayed", name=c.name),)
    if first:
        sayings += (desk_line("acknowledged", name=c.name, text=c.via),)
    answered = PageAnswered(person=c.person, name=c.name) if first else None
    return Decision(
        ticket=applied(ticket, events, policy, now), events=events, sayings=sayings, page=answered
    )


def talk(ticket: Ticket, c: cmd.Talk, policy: Policy, now: dt.datetime) -> Decision:
    """An answer like a written one, but the customer has heard it already. How long it was is not always known."""
    first = first_touch(ticket, c)
    events = (*first, ev.Talked(person=c.person, seconds=c.seconds))
    return Decision(
        ticket=applied(ticket, events, policy, now),
        events=events,
        sayings=(
            desk_line(
                "talked" if c.seconds else "talked_by_hand",
                name=c.name,
                text=ticket.contact_name,
                seconds=c.seconds,
            ),
        ),
        page=PageAnswered(person=c.person, name=c.name) if first else None,
    )


def write_note(ticket: Ticket, c: cmd.WriteNote, policy: Policy, now: dt.datetime) -> Decision:
    events = (ev.NoteWritten(person=c.person, text=c.text),)
    note = no.ColleagueSaid(name=c.name, text=c.text, internal=True, where=c.via)
    sayings: tuple[no.Saying, ...] = (no.ToDesk(notice=note, except_at=c.origin),)
    if c.origin and c.mark:
        sayings += (no.Marked(at=c.origin, message=c.mark, mark="internal"),)
    return Decision(ticket=applied(ticket, events, policy, now), events=events, sayings=sayings)


def ask_info(ticket: Ticket, c: cmd.AskInfo, policy: Policy, now: dt.datetime) -> Decision:
    first = first_touch(ticket, c)
    events = (*first, ev.InfoAsked(person=c.person, text=c.text))
    return Decision(
        ticket=applied(ticket, events, policy, now),
        events=events,
        sayings=(
            no.ToCustomer(notice=no.InfoNeeded(ticket=ticket.id, person=c.name, text=c.text)),
            desk_line("info_asked", name=c.name, text=c.text),
        ),
        page=PageAnswered(person=c.person, name=c.name) if first else None,
    )


def resolve(ticket: Ticket, c: cmd.Resolve, policy: Policy, now: dt.datetime) -> Decision:
    events = (*first_touch(ticket, c), ev.Resolved(person=c.person, text=c.text))
    return Decision(
        ticket=applied(ticket, events, policy, now),
        events=events,
        sayings=(
            no.ToCustomer(notice=no.ResolvedForYou(ticket=ticket.id, person=c.name, text=c.text)),
            desk_line("resolved", name=c.name, text=c.text),
        ),
        page=PageAnswered(person=c.person, name=c.name),
    )
