"""Customers and their places over tables in memory."""

from __future__ import annotations

from bot.app.rows import Conversation
from bot.domain.ids import Address, ChannelName, ContactId
from bot.domain.people import Contact
from storage.codec import clean
from storage.memory_repositories import Repository
from storage.memory_tables import stored, stored_conversation


class Conversations(Repository):
    def get(self, address: Address, *, lock: bool = True) -> Conversation | None:
        return self._tables.conversations.get((clean(address.channel), clean(address.place)))

    def save(self, conversation: Conversation) -> None:
        conversation = stored_conversation(conversation)
        place = conversation.address
        self._tables.conversations.put((place.channel, place.place), conversation)


class Contacts(Repository):
    def at(self, channel: ChannelName, identity: str) -> Contact | None:
        id_ = self._tables.identities.get((clean(channel), clean(identity)))
        return None if id_ is None else self._tables.contacts.get(id_)

    def get(self, id: ContactId) -> Contact | None:
        return self._tables.contacts.get(clean(id))

    def save(self, contact: Contact) -> None:
        contact = stored(contact)
        self._tables.contacts.put(contact.id, contact)
        for place, id_ in list(self._tables.identities.rows.items()):
            if id_ == contact.id:
                self._tables.identities.drop(place)
        for channel, identity in contact.identities.items():
            self._tables.identities.put((channel, identity), contact.id)
