"""The rows that carry all work, and the repositories that keep them. Storage implements these; `storage/memory.py` is
the twin for tests."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from bot.app.call_rows import Calls
from bot.app.doors import BoardLinks, BoardSessions
from bot.app.duty import Chores, Drills, Rota, Secrets
from bot.app.inbound import Failed
from bot.domain.events import Event, Recorded
from bot.domain.ids import Address, ChannelName, ContactId, PageId, PersonId, TicketId
from bot.domain.notices import Notice
from bot.domain.page import Page
from bot.domain.people import Contact
from bot.domain.ticket import Ticket
from bot.domain.timers import Timer, TimerKind

T = TypeVar("T")


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
    `page`, `person` and `method` are set for an attempt of a page; `person` and `method` without a page for a drill.
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
    held: bool = False
    """The person has had many pages this hour: this one waits for the next bundle."""

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
class PagedLately:
    """A page that one of us was paged by. `held`: all of it was held back; `waits` until when it still is; `tried`: some of
    it was sent, or tried to be."""

    page: PageId
    ticket: TicketId
    first: dt.datetime
    held: bool
    tried: bool
    waits: dt.datetime | None = None


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
    language: str = ""
    """The one that the customer asked for here; empty is the organisation's."""
    rating: TicketId | None = None
    """The ticket that they were asked to rate."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptPolicy:
    """The text of a policy's file at one version. `label` is what the file was called, `kept` when it was first seen."""

    name: str
    version: str
    label: str
    text: str
    kept: dt.datetime


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

    def peek(self, id: TicketId) -> Ticket | None:
        """The same to look at only: not locked, so never to be saved."""

    def save(self, ticket: Ticket) -> None: ...

    def at(self, place: Address, limit: int = 10) -> Sequence[Ticket]:
        """Tickets raised from this place that are not closed, newest first."""

    def of_contact(self, contact: ContactId, limit: int = 10) -> Sequence[Ticket]:
        """This contact's tickets that are not closed, wherever they were raised, the one that changed last first."""

    def unfinished(self, team: str, limit: int = 50) -> Sequence[Ticket]:
        """A team's open tickets, oldest first."""

    def open_by_severity(self, team: str) -> Mapping[str, int]:
        """How many tickets of a team are open, by severity; none of those that have none."""

    def had_service(self, organisation: str, service: str) -> bool:
        """Has this organisation a resolved or closed ticket for that service?"""

    def open(self, behind: tuple[int, Ticket] | None, limit: int) -> Sequence[tuple[int, Ticket]]:
        """All open tickets with their numbers, team by team, oldest first, from the one behind `behind` (None: the
        first). Not locked."""

    def every(self, after: int, limit: int) -> Sequence[tuple[int, Ticket]]:
        """All tickets in the order of their numbers, oldest first, from the one behind number `after` (0: the first)."""


class EventLog(Protocol):
    def append(self, ticket: TicketId, events: Sequence[Event], at: dt.datetime) -> None: ...

    def of(self, ticket: TicketId) -> Sequence[Recorded]: ...

    def last_of(self, ticket: TicketId, limit: int) -> Sequence[Recorded]:
        """The last `limit` of a ticket, oldest first."""

    def after(self, seq: int, limit: int) -> Sequence[Recorded]:
        """The first `limit` behind number `seq`. Where there are several writers, a smaller number than those seen may
        still come to light, once its transaction ends."""

    def latest(self) -> int:
        """The highest number so far; 0 of an empty log."""

    def between(self, since: dt.datetime, until: dt.datetime) -> Sequence[tuple[TicketId, Recorded]]:
        """What happened in [since, until), in the order of the log."""

    def piece(
        self, since: dt.datetime, until: dt.datetime, after: Recorded | None, limit: int
    ) -> Sequence[Recorded]:
        """What happened in [since, until) behind `after` (None: from the first), by instant, then in the order of the
        log; at most `limit`. For what may be much: each piece can be a unit of work of its own."""


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

    def of_person(self, person: PersonId, since: dt.datetime) -> Sequence[OutboxItem]:
        """The attempts of pages to one of us (`page` is set) that were made into rows at `since` or later, and those
        from before that are still pending; in the order of their ids."""

    def paged_lately(self, person: PersonId, since: dt.datetime) -> Sequence[PagedLately]:
        """The pages of which an attempt to one of us was made into a row at `since` or later."""

    def hurry(self, after: dt.datetime, by: dt.timedelta) -> None:
        """Pending rows, but for attempts of pages, that are due later than `after` are due so much earlier."""

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

    def between(self, since: dt.datetime, until: dt.datetime) -> Sequence[Page]:
        """Those started in [since, until), in that order."""


class Conversations(Protocol):
    def get(self, address: Address, *, lock: bool = True) -> Conversation | None:
        """Locked until the unit of work ends, where the database has several writers (unless `lock` is false)."""

    def save(self, conversation: Conversation) -> None: ...


class Contacts(Protocol):
    """Customers who came to us without being in the configuration."""

    def at(self, channel: ChannelName, identity: str) -> Contact | None: ...

    def get(self, id: ContactId) -> Contact | None: ...

    def save(self, contact: Contact) -> None: ...


class Policies(Protocol):
    """The versions of policies that were ever in force."""

    def keep(self, policy: KeptPolicy) -> None:
        """Once a version: what is kept already stays as it is."""

    def get(self, name: str, version: str) -> KeptPolicy | None: ...

    def in_use(self) -> Sequence[tuple[str, str]]:
        """Name and version of each that a ticket that is not closed was opened under, kept or not, in order."""


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
    @property
    def policies(self) -> Policies: ...
    @property
    def rota(self) -> Rota: ...
    @property
    def chores(self) -> Chores: ...
    @property
    def drills(self) -> Drills: ...
    @property
    def secrets(self) -> Secrets: ...
    @property
    def calls(self) -> Calls: ...
    @property
    def links(self) -> BoardLinks: ...
    @property
    def sessions(self) -> BoardSessions: ...


class StorageError(Exception):
    """The database can't take it now (locked, full, gone). Nothing was written."""


class Store(Protocol):
    """Where rows live."""

    def transact(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run `work` in one transaction, in the calling thread. Commits when it returns; rolls back when it raises.
        Raises StorageError where the database is the trouble, and what `work` raised otherwise."""

    def close(self) -> None: ...
