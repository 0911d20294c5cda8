"""What a use case works with: the unit of work, the instant, and what does not change while it runs."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from bot.app.ports import Capabilities, Probe, Random
from bot.app.rows import UnitOfWork
from bot.domain.errors import UnknownTicket
from bot.domain.ids import ChannelName, ContactId, PersonId, TeamName, TicketId
from bot.domain.people import Contact, Directory, Person, Unlisted
from bot.domain.ticket import Ticket
from escalation.policy import Policy
from escalation.schedule import Roster, Schedule, on_call

RECENT = dt.timedelta(days=8)
"""What ended so long ago still says since when somebody is on."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Setup:
    """The same for every unit of work of a running Standby."""

    directory: Directory
    capabilities: Mapping[ChannelName, Capabilities]
    random: Random
    probe: Probe = lambda point: None
    down: Callable[[ChannelName], bool] = lambda channel: False
    """Has this channel's vendor failed several times in a row? Then pages go another way, where there is one."""
    public_url: str = ""
    """Where the bot can be reached from outside, without a slash at the end; for links that people are given."""

    def can(self, channel: ChannelName) -> Capabilities | None:
        return self.capabilities.get(channel)

    def label(self, channel: str) -> str:
        """What people call a channel."""
        can = self.capabilities.get(ChannelName(channel))
        return (can and can.label) or channel

    def name_of(self, person: PersonId) -> str:
        try:
            return self.directory.person(person).name
        except Unlisted:
            return person

    def policy(self, ticket: Ticket) -> Policy:
        """The policy as it was when the ticket was opened; of one that is gone without a trace, the first there is."""
        try:
            found = self.directory.policy_of(ticket.policy, ticket.policy_version)
        except Unlisted:
            found = self.directory.policies[0]
        return found.knowing(ticket.severity)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Context:
    """One unit of work at one instant."""

    uow: UnitOfWork
    now: dt.datetime
    setup: Setup

    @property
    def directory(self) -> Directory:
        return self.setup.directory

    def policy(self, ticket: Ticket) -> Policy:
        """The policy as it was when the ticket was opened."""
        return self.setup.policy(ticket)

    def schedule(self, name: str, since: dt.datetime | None = None) -> Schedule:
        """A schedule with what was arranged in chat and what its calendars say, right from `since` (now) on. Whoever has
        left since is not on call by an arrangement: whoever would be without it is.

        Raises Unlisted."""
        configured = self.directory.schedule(name)
        layers = tuple(
            dataclasses.replace(
                layer, shifts=tuple(s for s in kept.shifts if self.directory.listed(s.person))
            )
            if isinstance(layer, Roster) and (kept := self.uow.rota.roster(layer.source)) is not None
            else layer
            for layer in configured.layers
        )
        kept_overrides = self.uow.rota.overrides(name, (since or self.now) - RECENT)
        overrides = (*configured.overrides, *(kept.override for kept in kept_overrides))
        known = tuple(o for o in overrides if self.directory.listed(o.person) is not None)
        return dataclasses.replace(configured, layers=layers, overrides=known)

    def on_call(self, schedule: str, at: dt.datetime | None = None) -> tuple[Person, ...]:
        """Who is on call now, or at another instant. Raises Unlisted."""
        instant = at or self.now
        found = on_call(self.schedule(schedule, instant), instant)
        return tuple(p for id in found if (p := self.directory.listed(PersonId(id))) is not None)

    def resolve(self, target: str, team: TeamName, at: dt.datetime | None = None) -> tuple[Person, ...]:
        """Who a target of a chain means now, or at another instant. Raises Unlisted."""
        instant = at or self.now
        return self.directory.resolve(target, team, instant, lambda name: self.schedule(name, instant))

    def ticket(self, id: TicketId) -> Ticket:
        """Raises UnknownTicket."""
        ticket = self.uow.tickets.get(id)
        if ticket is None:
            raise UnknownTicket(id)
        return ticket

    def going_on(self, id: TicketId) -> Ticket:
        """The ticket, or the one as which it goes on. Raises UnknownTicket."""
        ticket = self.ticket(id)
        while ticket.merged_into is not None:
            ticket = self.ticket(ticket.merged_into)
        return ticket

    def contact(self, id: ContactId) -> Contact | None:
        """A contact of the configuration, or one who came by themselves."""
        return self.directory.listed_contact(id) or self.uow.contacts.get(id)

    def contact_at(self, channel: ChannelName, identity: str) -> Contact | None:
        """A contact of the configuration, with the email that they told us where it has none; else one who came by
        themselves."""
        listed = self.directory.contact_at(channel, identity)
        if listed is not None and listed.email:
            return listed
        told = self.uow.contacts.at(channel, identity)
        if listed is None or told is None or told.id != listed.id:
            return listed or told
        return dataclasses.replace(listed, email=told.email)

    def language_of(self, person: Person | None) -> str:
        """The one in which one of us works: their team's policy's."""
        teams = person.teams if person else frozenset()
        team = next((t for t in self.directory.teams if t.name in teams), None)
        return self.directory.policy(team.policy).language if team else "en"

    def reader(self, ticket: Ticket) -> tuple[str, ZoneInfo]:
        """The language and zone of the ticket's customer."""
        return ticket.language, ZoneInfo(ticket.zone)
