"""What the use cases need from the world. Adapters implement these; nothing here knows who they are.

DeliveryError
 ├─ Temporary(retry_after)   the same thing may work later
 ├─ Permanent(code)          it never will
 ├─ NeedsTemplate            free text is not allowed here now; an approved template is
 └─ OutcomeUnknown           the vendor may or may not have taken it
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Protocol, runtime_checkable

from bot.app.inbound import Inbound
from bot.domain.ids import Address, ChannelName, PersonId
from bot.domain.message import CardView, Message
from bot.domain.script import Script


# ---------------------------------------------------------------- time and chance
class Clock(Protocol):
    """The only source of time."""

    def now(self) -> dt.datetime:
        """Aware, UTC."""

    def real_seconds_until(self, at: dt.datetime) -> float:
        """How long a waiter has to wait, in seconds of this machine; never negative."""


class Random(Protocol):
    """The only source of chance."""

    def token(self) -> str:
        """22 characters of [A-Za-z0-9_-], unguessable."""

    def below(self, n: int) -> int:
        """0 <= result < n, evenly."""


Probe = Callable[[str], None]
"""Called at named points of no return; a crash test dies there. Does nothing in production."""


# ---------------------------------------------------------------- channels
class DeliveryError(Exception):
    """Sending did not work; the message says why, for the log and for engineers. Raised `from` the vendor's error."""


class Temporary(DeliveryError):
    """Try again, after `retry_after` seconds where the vendor said so."""

    def __init__(self, why: str, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Permanent(DeliveryError):
    """Never try this again. `code` is the vendor's."""

    def __init__(self, why: str, code: str = "") -> None:
        super().__init__(why)
        self.code = code


class NeedsTemplate(DeliveryError):
    """Free text is refused here now (WhatsApp's 24-hour window): say it with an approved template."""


class OutcomeUnknown(DeliveryError):
    """No answer: it may have been taken."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a channel can do, as data: nobody asks which channel it is.

    `text_limit` characters a message; `session` is how long after the customer's last message free text is allowed
    (None: always); `pages` may it carry a page; `marks` reactions; `edits` a sent message can be changed.
    """

    text_limit: int
    label: str = ""
    """What people call it: `Slack`, `SMS`."""
    edits: bool = False
    cards: bool = False
    marks: bool = False
    pages: bool = False
    receipts: bool = False
    rings: bool = False
    """A message is a call: it goes on after the vendor took it, until a receipt ends it, and `edits` hangs up."""
    by_number: bool = False
    """People are known there by their phone number."""
    toast_limit: int = 0
    """Characters of an answer to a tap (Outcome.reply) that is shown at once, to the one who tapped; 0: no such thing.
    A longer answer is a message of its own."""
    session: dt.timedelta | None = None
    card_gap: dt.timedelta = dt.timedelta(seconds=1)
    """At least this much between two card edits of the whole channel, so that replies always have room."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message to send. `token` names this attempt: a late receipt finds its row by it.

    `edits` is the vendor's id of an own message to change instead of posting a new one; `only_for` is the identity
    of the one person who may see it, where the channel can do that; `again` marks a possible repeat;
    `templated`: free text is not allowed, use `message.template`.
    """

    address: Address
    message: Message
    token: str
    language: str
    edits: str = ""
    only_for: str = ""
    again: bool = False
    templated: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Receipt:
    """The vendor took it: its id of the message, and the place it really went to where that differs.

    For a card, `thread` is what addresses in its thread carry from then on (Slack: the card's own id; Telegram: the
    topic's id). `message` is the card's own id alone, never a composite.
    """

    message: str
    place: str = ""
    thread: str = ""


class Channel(Protocol):
    """A way to people. Each method raises DeliveryError and nothing else when it can't."""

    capabilities: Capabilities

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Post (or edit) one message."""

    async def put_card(self, address: Address, card: CardView, message: str, token: str) -> Receipt:
        """Post the card (`message` is empty) or change the one that is there. `address` carries the card's thread
        once it has one; the receipt names both."""

    async def mark(self, address: Address, message: str, mark: str) -> None:
        """Put a reaction on a message: `sent`, `internal` or `failed`. Done twice, it is done."""


@runtime_checkable
class Finder(Protocol):
    """A channel that can look whether an attempt of ours arrived after all."""

    async def find(self, address: Address, token: str) -> str | None:
        """The vendor's id of our message with this token, if it is there. Raises DeliveryError."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of something inbound: `reply` goes back in the same breath where the vendor allows it.

    `fresh` is false when this event had had its effect before.
    """

    fresh: bool = True
    reply: Message | None = None
    script: Script | None = None
    """What whoever is on the phone hears next."""


class Overloaded(Exception):
    """Too much is in flight, or the database can't take it now: ask the vendor to come again (503)."""


Receive = Callable[[Inbound], Awaitable[Outcome]]
"""Takes something in: when it returns, it is durable. Raises Overloaded and nothing else."""


class Wake(Protocol):
    """Tells the loops that there may be work."""

    def __call__(self) -> None: ...


# ---------------------------------------------------------------- what adapters may ask
@dataclasses.dataclass(frozen=True, kw_only=True)
class Option:
    """An entry of a menu."""

    id: str
    label: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewForm:
    """What the form for a new ticket asks of this user: a contact only of our own people. `language` is theirs."""

    severities: tuple[Option, ...]
    for_contact: bool
    known: bool
    """False: nobody of ours and no customer's contact."""
    categories: tuple[Option, ...] = ()
    language: str = "en"


class Facts(Protocol):
    """In-memory facts that an adapter may need at once (a modal has three seconds). No database behind it."""

    def identity_of(self, person: PersonId, channel: ChannelName) -> str | None:
        """Who our person is on a channel, for mentions."""

    def new_form(self, channel: ChannelName, identity: str) -> NewForm: ...

    def severities(self, ticket: str) -> tuple[Option, ...]:
        """Those of the ticket's policy, known by the reference's prefix; empty when unknown."""

    def categories(self, ticket: str) -> tuple[Option, ...]:
        """What a ticket of that policy can be about."""

    def exclusions(self, ticket: str) -> tuple[Option, ...]:
        """What that policy does not cover."""

    def language(self, ticket: str) -> str:
        """The one in which that policy's engineers work; `en` when unknown."""

    def contacts_like(self, query: str, limit: int = 20) -> tuple[Option, ...]:
        """Contacts whose name or organisation has `query` in it; label `Thandi (Acme Clinics)`."""

    def contact(self, id: str) -> Option | None:
        """The same for one contact by id."""

    def contact_id(self, channel: ChannelName, identity: str) -> str:
        """The contact with this identity, or an empty string."""

    def is_desk(self, channel: ChannelName, place: str) -> bool:
        """Is this place one of our teams' desks?"""

    def standby_numbers(self, now: dt.datetime) -> tuple[str, ...]:
        """The phones to dial one after another where we can't say whose turn it is: those on call at `now` (the clock's)
        by the configuration first, at most ten, E.164, each once, none that may not be dialled."""
