"""One of us has talked to a customer on the phone."""

from __future__ import annotations

from bot.app.context import Context
from bot.app.page_end import log
from bot.app.record import carry_out
from bot.app.saying import say
from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.ids import PersonId
from bot.domain.status import Status
from bot.domain.ticket import Ticket


def keep_talk(ctx: Context, ticket: Ticket, person: PersonId, call: str, seconds: int) -> None:
    """It is an answer. Of a ticket that was settled meanwhile it is only told how long they talked."""
    name = ctx.setup.name_of(person)
    if ticket.status.is_open:
        carry_out(ctx, ticket, cmd.Talk(person=person, name=name, via="", seconds=seconds))
        return
    if ticket.status is not Status.CLOSED:
        log(ctx, ticket, ev.Called(call=call, what="talked", person=person, seconds=seconds))
    told = no.DeskLine(what="talked", name=name, text=ticket.contact_name, seconds=seconds)
    say(ctx, ticket, (no.ToDesk(notice=told),))
