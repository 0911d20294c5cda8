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
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from bot.app.inbound import Failed, Inbound
from bot.domain.events import Event, Recorded
from bot.domain.ids import Address, ChannelName, ContactId, PageId, PersonId, TicketId
from bot.domain.message import CardView, Message
from bot.domain.notices import Notice
from bot.domain.page import Page
from bot.domain.people import Contact
from bot.domain.ticket import Ticket
from bot.domain.timers import Timer, TimerKind

T = TypeVar("T")


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
    toasts: bool = False
    """The answer to a tap (Outcome.reply) is shown at once, to the one who tapped."""
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


class Overloaded(Exception):
    """Too much is in flight, or the database can't take it now: ask the vendor to come again (503)."""


Receive = Callable[[Inbound], Awaitable[Outcome]]
"""Takes something in: when it returns, it is durable. Raises Overloaded and nothing else."""


# ---------------------------------------------------------------- rows
class Priority:
    """Smaller goes first."""

    PAGE = 0
    CUSTOMER = 10
    DESK = 20
    MARK = 30


class SendState:
    """pending -> sending -> accepted -> delivered, or failed, or cancelled. `sending` at a start means unknown."""

    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutboxItem:
    """Something that must be said once. Rows of one `lane_key` are sent in the order of their ids.

    `card_of`: the place is the thread of that ticket's card at `address`, known when the card stands.
    `mark_at`/`mark_message`: the message that gets a mark when this is accepted (or has failed).
    `reaction` is the mark that this row itself puts on `edits` (then it has no notice to say).
    `page`, `person` and `method` are set for an attempt of a page.
    """

    id: int = 0
    channel: ChannelName
    address: Address
    notice: Notice | None
    language: str
    zone: str
    priority: int
    lane_key: str
    created: dt.datetime
    due: dt.datetime
    state: str = SendState.PENDING
    ticket: TicketId | None = None
    card_of: TicketId | None = None
    attempts: int = 0
    token: str = ""
    provider_id: str = ""
    provider_place: str = ""
    error: str = ""
    again: bool = False
    templated: bool = False
    edits: str = ""
    only_for: str = ""
    reaction: str = ""
    mark_at: Address | None = None
    mark_message: str = ""
    page: PageId | None = None
    person: str = ""
    method: str = ""

    def afresh(self, now: dt.datetime) -> OutboxItem:
        """The same to be said anew: a row of its own, never tried."""
        return dataclasses.replace(
            self,
            id=0,
            created=now,
            due=now,
            state=SendState.PENDING,
            attempts=0,
            token="",
            provider_id="",
            provider_place="",
            error="",
            again=False,
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Card:
    """A ticket's card at one desk. `message` is the vendor's id once it stands, `thread` what addresses in its thread
    carry; `next_render` None means never again."""

    ticket: TicketId
    address: Address
    message: str = ""
    thread: str = ""
    next_render: dt.datetime | None = None
    priority: int = Priority.DESK
    shown: str = ""
    """A digest of what it shows, so that an edit that would change nothing is not sent."""
    attempts: int = 0
    sending: str = ""
    """The token of an attempt whose outcome is not known yet."""


ANOTHER = TicketId("")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Conversation:
    """A customer's place, and what we last knew there. `ticket`: what the next message is about, where the customer
    said so; None is whatever was last spoken of, ANOTHER a ticket yet to be opened."""

    address: Address
    contact: ContactId | None = None
    ticket: TicketId | None = None
    last_inbound: dt.datetime | None = None
    introducing: bool = False
    """We asked for a name and an email and have not seen them."""


class Inbox(Protocol):
    def add(self, channel: ChannelName, external_id: str, at: dt.datetime) -> bool:
        """True when it is new; false when it has been here, handled or failed."""

    def fail(self, failed: Failed) -> None:
        """Keep what could not be handled (tries counts up), due again at `failed.at`."""

    def failed(self, now: dt.datetime, limit: int) -> Sequence[Failed]:
        """Those due by `now`, oldest first."""

    def next_failed(self) -> dt.datetime | None: ...

    def settle(self, channel: ChannelName, external_id: str) -> None:
        """It was handled after all, or put aside."""


class Tickets(Protocol):
    def next_reference(self, prefix: str) -> TicketId:
        """`MIT-1042`: unique, rising, without gaps worth naming."""

    def get(self, id: TicketId) -> Ticket | None:
        """Locked until the unit of work ends, where the database has several writers."""

    def save(self, ticket: Ticket) -> None: ...

    def at(self, place: Address, limit: int = 10) -> Sequence[Ticket]:
        """Tickets raised from this place that are not closed, newest first."""

    def unfinished(self, team: str, limit: int = 50) -> Sequence[Ticket]:
        """A team's open tickets, oldest first."""


class EventLog(Protocol):
    def append(self, ticket: TicketId, events: Sequence[Event], at: dt.datetime) -> None: ...

    def of(self, ticket: TicketId) -> Sequence[Recorded]: ...


class Outbox(Protocol):
    def add(self, items: Sequence[OutboxItem]) -> None: ...

    def claim(self, channels: Sequence[ChannelName], now: dt.datetime, limit: int) -> Sequence[OutboxItem]:
        """Due pending rows, by priority then id, at most one a lane_key and none whose lane_key has an earlier row
        that is pending or sending, and none whose card (`card_of`) does not stand yet. Nothing is changed."""

    def get(self, id: int) -> OutboxItem | None:
        """Lock the row's ticket before a row that is to be changed is read, where there are several writers."""

    def by_token(self, token: str) -> OutboxItem | None: ...

    def save(self, item: OutboxItem) -> None: ...

    def of_page(self, page: PageId) -> Sequence[OutboxItem]: ...

    def unsettled(self) -> Sequence[OutboxItem]:
        """Rows in `sending`: at a start, attempts whose outcome nobody knows."""

    def next_due(self, channels: Sequence[ChannelName], after: dt.datetime) -> dt.datetime | None:
        """The earliest due instant later than `after` of a pending row; what is due by then is for `claim`."""


class Timers(Protocol):
    def replace(self, ticket: TicketId, kinds: Sequence[TimerKind], timers: Sequence[Timer]) -> None:
        """These are the ticket's timers of these kinds now."""

    def due(self, now: dt.datetime, limit: int) -> Sequence[Timer]:
        """Oldest first; on PostgreSQL, skipping those that another replica has in hand."""

    def done(self, timer: Timer) -> None: ...

    def next_due(self) -> dt.datetime | None: ...


class Cards(Protocol):
    def get(self, ticket: TicketId, address: Address) -> Card | None: ...

    def of(self, ticket: TicketId) -> Sequence[Card]: ...

    def by_thread(self, address: Address) -> Card | None:
        """The card whose thread this address (place and thread) is."""

    def save(self, card: Card) -> None: ...

    def touch(self, ticket: TicketId, now: dt.datetime, priority: int) -> None:
        """All cards of the ticket are to be rendered at `now` at the latest."""

    def due(self, channels: Sequence[ChannelName], now: dt.datetime, limit: int) -> Sequence[Card]: ...

    def next_due(self, channels: Sequence[ChannelName]) -> dt.datetime | None: ...

    def unsettled(self) -> Sequence[Card]:
        """Cards with an attempt whose outcome nobody knows (`sending` is set)."""


class Pages(Protocol):
    def get(self, id: PageId) -> Page | None: ...

    def open_of(self, ticket: TicketId) -> Page | None: ...

    def open(self) -> Sequence[Page]: ...

    def latest_of(self, ticket: TicketId) -> Page | None: ...

    def by_code(self, code: str) -> Page | None:
        """The page that had this code last, open or not."""

    def save(self, page: Page) -> None: ...


class Conversations(Protocol):
    def get(self, address: Address, *, lock: bool = True) -> Conversation | None:
        """Locked until the unit of work ends, where the database has several writers (unless `lock` is false)."""

    def save(self, conversation: Conversation) -> None: ...


class Contacts(Protocol):
    """Customers who came to us without being in the configuration."""

    def at(self, channel: ChannelName, identity: str) -> Contact | None: ...

    def get(self, id: ContactId) -> Contact | None: ...

    def save(self, contact: Contact) -> None: ...


class UnitOfWork(Protocol):
    """One transaction. Everything in it happens, or none of it."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def log(self) -> EventLog: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def pages(self) -> Pages: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def contacts(self) -> Contacts: ...


class StorageError(Exception):
    """The database can't take it now (locked, full, gone). Nothing was written."""


class Store(Protocol):
    """Where rows live."""

    def transact(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work` in one transaction, in the calling thread. Commits when it returns; rolls back when it raises.
        Raises StorageError where the database is the trouble, and what `work` raised otherwise."""

    def close(self) -> None: ...


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
    """What the form for a new ticket asks of this user: a contact only of our own people."""

    severities: tuple[Option, ...]
    for_contact: bool
    known: bool
    """False: nobody of ours and no customer's contact."""


class Facts(Protocol):
    """In-memory facts that an adapter may need at once (a modal has three seconds). No database behind it."""

    def identity_of(self, person: PersonId, channel: ChannelName) -> str | None:
        """Who our person is on a channel, for mentions."""

    def new_form(self, channel: ChannelName, identity: str) -> NewForm: ...

    def severities(self, ticket: str) -> tuple[Option, ...]:
        """Those of the ticket's policy, known by the reference's prefix; empty when unknown."""

    def contacts_like(self, query: str, limit: int = 20) -> tuple[Option, ...]:
        """Contacts whose name or organisation has `query` in it; label `Thandi (Acme Clinics)`."""

    def contact(self, id: str) -> Option | None:
        """The same for one contact by id."""

    def contact_id(self, channel: ChannelName, identity: str) -> str:
        """The contact with this identity, or an empty string."""

    def is_desk(self, channel: ChannelName, place: str) -> bool:
        """Is this place one of our teams' desks?"""
