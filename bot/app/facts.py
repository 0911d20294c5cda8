"""What adapters may ask at once: answered from the configuration alone, in memory."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from bot.app import fallback_numbers
from bot.app.ports import NewForm, Option
from bot.domain.ids import Address, ChannelName, PersonId
from bot.domain.people import Contact, Directory, Unlisted
from escalation.entitlement import Exclusion
from escalation.policy import Category, Policy, Severity


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
        return NewForm(
            severities=_options(policy.severities),
            categories=_options(policy.categories),
            for_contact=person is not None,
            known=bool(person or contact),
            language=self._language_of(contact, policy),
        )

    def _policy_for(self, contact: Contact | None) -> Policy:
        team = self.directory.teams[0].name
        if contact is not None:
            team = self.directory.organisation(contact.organisation).team
        return self.directory.policy(self.directory.team(team).policy)

    def _language_of(self, contact: Contact | None, policy: Policy) -> str:
        return self.directory.organisation(contact.organisation).language if contact else policy.language

    def severities(self, ticket: str) -> tuple[Option, ...]:
        policy = self._policy_by(ticket)
        return _options(policy.severities) if policy else ()

    def categories(self, ticket: str) -> tuple[Option, ...]:
        policy = self._policy_by(ticket)
        return _options(policy.categories) if policy else ()

    def exclusions(self, ticket: str) -> tuple[Option, ...]:
        policy = self._policy_by(ticket)
        return _options(policy.exclusions) if policy else ()

    def language(self, ticket: str) -> str:
        policy = self._policy_by(ticket)
        return policy.language if policy else "en"

    def _policy_by(self, ticket: str) -> Policy | None:
        """As it is now; of one that is gone, as it was last. (A ticket's own version may differ: then what is chosen is
        refused with what there is.)"""
        prefix = ticket.partition("-")[0]
        known = (*self.directory.policies, *reversed(self.directory.kept))
        return next((policy for policy in known if policy.prefix == prefix), None)

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

    def standby_numbers(self, now: dt.datetime) -> tuple[str, ...]:
        return fallback_numbers.numbers(self.directory, now)


def _options(known: Iterable[Severity | Category | Exclusion]) -> tuple[Option, ...]:
    return tuple(Option(id=one.id, label=one.label) for one in known)
