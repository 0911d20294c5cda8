"""What adapters may ask at once: answered from the configuration alone, in memory."""

from __future__ import annotations

import dataclasses

from bot.app.ports import NewForm, Option
from bot.domain.ids import Address, ChannelName, PersonId
from bot.domain.people import Contact, Directory, Unlisted
from escalation.policy import Policy


@dataclasses.dataclass(frozen=True, kw_only=True)
class DirectoryFacts:
    """Facts over a Directory."""

    directory: Directory

    def identity_of(self, person: PersonId, channel: ChannelName) -> str | None:
        try:
            return self.directory.person(person).identities.get(channel)
        except Unlisted:
            return None

    def new_form(self, channel: ChannelName, identity: str) -> NewForm:
        person = self.directory.person_at(channel, identity)
        contact = self.directory.contact_at(channel, identity)
        policy = self._policy_for(contact)
        options = tuple(Option(id=s.id, label=s.label) for s in policy.severities)
        return NewForm(severities=options, for_contact=person is not None, known=bool(person or contact))

    def _policy_for(self, contact: Contact | None) -> Policy:
        team = self.directory.teams[0].name
        if contact is not None:
            team = self.directory.organisation(contact.organisation).team
        return self.directory.policy(self.directory.team(team).policy)

    def severities(self, ticket: str) -> tuple[Option, ...]:
        prefix = ticket.partition("-")[0]
        for policy in self.directory.policies:
            if policy.prefix == prefix:
                return tuple(Option(id=s.id, label=s.label) for s in policy.severities)
        return ()

    def contact(self, id: str) -> Option | None:
        try:
            return self._option(self.directory.contact(id))
        except Unlisted:
            return None

    def _option(self, contact: Contact) -> Option:
        organisation = self.directory.organisation(contact.organisation).name
        return Option(id=contact.id, label=f"{contact.name} ({organisation})"[:75])

    def contacts_like(self, query: str, limit: int = 20) -> tuple[Option, ...]:
        wanted = query.casefold().strip()
        found = []
        for contact in self.directory.contacts:
            option = self._option(contact)
            if wanted in option.label.casefold():
                found.append(option)
                if len(found) == limit:
                    break
        return tuple(found)

    def contact_id(self, channel: ChannelName, identity: str) -> str:
        contact = self.directory.contact_at(channel, identity)
        return contact.id if contact else ""

    def is_desk(self, channel: ChannelName, place: str) -> bool:
        return self.directory.desk_at(Address(channel=channel, place=place)) is not None
