"""A command of one of us: who asks, where, about which ticket."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from bot.app.context import Context
from bot.domain import commands as cmd
from bot.domain.errors import UnknownTicket, WhichTicket
from bot.domain.events import Actor, By
from bot.domain.ids import TicketId
from bot.domain.people import Person
from bot.domain.ticket import Ticket

C = TypeVar("C", bound=cmd.EngineerCommand)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """A command of one of us: who, where, about which ticket, with which words."""

    person: Person
    via: str
    ticket: TicketId | None
    rest: str
    more: str = ""
    """The second field of a form that has two."""
    word: str = ""
    """The command as it was written; empty for a button or a form."""

    def to(self, kind: type[C], **more: Any) -> C:
        """The domain's command of this kind, in their name."""
        return kind(person=self.person.id, name=self.person.name, via=self.via, **more)

    @property
    def actor(self) -> Actor:
        return Actor(by=By.ENGINEER, id=self.person.id, name=self.person.name)


def ticket_of(ctx: Context, asked: Asked) -> Ticket:
    """Raises WhichTicket where none is named, else UnknownTicket, in the same words whether it does not exist or belongs to another team."""
    if asked.ticket is None:
        raise WhichTicket(asked.word, asked.rest)
    ticket = ctx.uow.tickets.get(asked.ticket)
    if ticket is None or not ctx.directory.may_work(asked.person, ticket.team):
        raise UnknownTicket(asked.ticket)
    return ticket
