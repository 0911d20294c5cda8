"""Write down what was decided: the ticket, its events, its timers, what is to be said, its cards. One transaction."""

from __future__ import annotations

from bot.app import pages
from bot.app.context import Context
from bot.app.rows import Card, Priority
from bot.app.saying import desks_of, say
from bot.domain.commands import Command, Look, OpenTicket
from bot.domain.decide import Decision, alarm_of, decide
from bot.domain.ticket import Ticket
from bot.domain.timers import TICKET_KINDS


def carry_out(ctx: Context, ticket: Ticket | None, command: Command) -> Ticket:
    """Decide and write. Raises IllegalMove where the ticket's status does not allow it; then nothing is written."""
    if isinstance(command, OpenTicket):
        policy = ctx.directory.policy(ctx.directory.team(command.team).policy)
    else:
        assert ticket is not None
        ticket = ctx.ticket(ticket.id)  # as it is under its lock: what the caller saw may be old by now
        policy = ctx.policy(ticket)
    decision = decide(ticket, command, policy, ctx.now)
    if decision.events:
        ctx.uow.tickets.save(decision.ticket)
        ctx.uow.log.append(decision.ticket.id, decision.events, ctx.now)
    if decision.events or isinstance(command, Look):
        stale = TICKET_KINDS if ticket is not None else ()
        alarm = alarm_of(decision.ticket, policy, ctx.now, looked=not decision.events)
        ctx.uow.timers.replace(decision.ticket.id, stale, alarm)
    put_cards(ctx, decision, opened=ticket is None)
    say(ctx, decision.ticket, decision.sayings)
    if decision.page is not None:
        pages.change(ctx, decision.ticket, decision.page)
    return decision.ticket


def put_cards(ctx: Context, decision: Decision, *, opened: bool) -> None:
    """A card at every desk of the team when the ticket opens; later they are only due to be rendered again."""
    ticket = decision.ticket
    if not opened:
        if decision.events:
            ctx.uow.cards.touch(ticket.id, ctx.now, Priority.DESK)
        return
    for desk in desks_of(ctx, ticket):
        ctx.uow.cards.save(
            Card(ticket=ticket.id, address=desk, next_render=ctx.now, priority=Priority.CUSTOMER)
        )
