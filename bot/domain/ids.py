"""Names of things. Each is a string with one meaning, so that two of them can't be mixed up."""

from __future__ import annotations

import dataclasses
from typing import NewType

TicketId = NewType("TicketId", str)
"""A ticket's reference, such as `MIT-1042`: unique, shown to people, and the key everywhere."""
PersonId = NewType("PersonId", str)
"""A member of the support company (engineer, lead, operator)."""
ContactId = NewType("ContactId", str)
"""A customer's person."""
OrganisationId = NewType("OrganisationId", str)
TeamName = NewType("TeamName", str)
PageId = NewType("PageId", str)
ChannelName = NewType("ChannelName", str)
"""`slack`, `telegram`, `whatsapp`, `sms`, `console`: what an adapter registers itself as."""


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A place where something can be said: a DM, a channel, a phone number; `thread` where it has threads."""

    channel: ChannelName
    place: str
    thread: str = ""

    def __str__(self) -> str:
        return ":".join(p for p in (self.channel, self.place, self.thread) if p)

    def root(self) -> Address:
        """The same place without its thread."""
        return dataclasses.replace(self, thread="") if self.thread else self
