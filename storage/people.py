"""Customers who came by themselves, and what we last knew at their places."""

from __future__ import annotations

import sqlalchemy as sa

from bot.app.rows import Conversation
from bot.domain.ids import Address, ChannelName, ContactId
from bot.domain.people import Contact
from storage import rows
from storage.codec import dumped, loaded
from storage.statement import Session, Statement, param, upserting
from storage.tables import contact_identities, contacts, conversations

_AT_PLACE = sa.select(conversations).where(
    conversations.c.channel == param("channel"), conversations.c.place == param("place")
)
_PEEK = Statement(_AT_PLACE)
_CONVERSATION = Statement(_AT_PLACE.with_for_update())
_LOCK_PLACE = Statement(
    sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(param("key"), sa.literal_column("0"))))
)
_SAVE_CONVERSATION = upserting(conversations, "channel", "place")

_AT = Statement(
    sa.select(contacts.c.data)
    .join_from(contact_identities, contacts, contacts.c.id == contact_identities.c.contact)
    .where(
        contact_identities.c.channel == param("channel"), contact_identities.c.identity == param("identity")
    )
)
_GET = Statement(sa.select(contacts.c.data).where(contacts.c.id == param("id")))
_SAVE = upserting(contacts, "id")
_FORGET_IDENTITIES = Statement(
    sa.delete(contact_identities).where(contact_identities.c.contact == param("of_contact"))
)
_SAVE_IDENTITY = upserting(contact_identities, "channel", "identity")


class Conversations:
    """One a place, whatever the thread."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, address: Address, *, lock: bool = True) -> Conversation | None:
        """Where several may write, a place without a row is locked too: two first messages are one conversation."""
        values = {"channel": address.channel, "place": address.place}
        if not lock:
            row = self._session.row(_PEEK, values)
            return None if row is None else rows.conversation_of(row)
        row = self._session.row(_CONVERSATION, values)
        if row is None and self._session.dialect == "postgresql":
            self._session.row(_LOCK_PLACE, {"key": f"{address.channel}:{address.place}"})
            row = self._session.row(_CONVERSATION, values)
        return None if row is None else rows.conversation_of(row)

    def save(self, conversation: Conversation) -> None:
        self._session.run(_SAVE_CONVERSATION, rows.conversation_columns(conversation))


class Contacts:
    """An identity belongs to the contact that was saved with it last."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def at(self, channel: ChannelName, identity: str) -> Contact | None:
        return self._one(_AT, {"channel": channel, "identity": identity})

    def get(self, id: ContactId) -> Contact | None:
        return self._one(_GET, {"id": id})

    def save(self, contact: Contact) -> None:
        self._session.run(_SAVE, {"id": contact.id, "data": dumped(contact)})
        self._session.run(_FORGET_IDENTITIES, {"of_contact": contact.id})
        self._session.run_many(
            _SAVE_IDENTITY,
            [
                {"channel": channel, "identity": identity, "contact": contact.id}
                for channel, identity in contact.identities.items()
            ],
        )

    def _one(self, statement: Statement, values: dict[str, object]) -> Contact | None:
        data = self._session.value(statement, values)
        return None if data is None else loaded(Contact, data)
