"""What is to be said, to whom, as values. The words are chosen when it is sent, in the reader's language and zone.

A notice for the customer never holds anything internal; what it may hold is what its fields say.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.ids import Address, PageId, PersonId, TicketId
from bot.domain.message import Choice


@dataclasses.dataclass(frozen=True, kw_only=True)
class Notice:
    """Something to be said."""


# ---------------------------------------------------------------- to the customer
@dataclasses.dataclass(frozen=True, kw_only=True)
class SeverityOption:
    id: str
    label: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeverityAsked(Notice):
    ticket: TicketId
    proposed: str
    meaning: str
    options: tuple[SeverityOption, ...]
    until: dt.datetime
    """After this instant the proposal stands."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Promised(Notice):
    """A ticket has its severity, and this is by when a human answers (None: no promise of a time)."""

    ticket: TicketId
    severity: str
    due: dt.datetime | None
    paging: bool
    reopens: dt.datetime | None = None
    """Set when the desk is closed now and nobody is paged: when it opens again."""
    changed: bool = False
    by_silence: bool = False
    opened_by: str = ""
    """One of ours raised it for them, about `text`."""
    text: str = ""
    introduce: bool = False
    """We do not know who they are: ask for a name and an email, after the promise, never before."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class HasIt(Notice):
    """An engineer has the ticket."""

    ticket: TicketId
    person: str
    due: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Answer(Notice):
    """An engineer's words."""

    ticket: TicketId
    person: str
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class InfoNeeded(Notice):
    ticket: TicketId
    person: str
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResolvedForYou(Notice):
    ticket: TicketId
    person: str
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReopenedForYou(Notice):
    ticket: TicketId
    due: dt.datetime | None
    paging: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorseAsked(Notice):
    """What they wrote on an open ticket sounds worse than its severity."""

    ticket: TicketId
    severity: str
    id: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewAsked(Notice):
    """They want another ticket: what is it about?"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClosedForYou(Notice):
    ticket: TicketId


@dataclasses.dataclass(frozen=True, kw_only=True)
class ThanksForName(Notice):
    ticket: TicketId
    name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class StatusLine(Notice):
    ticket: TicketId
    severity: str
    status: str
    person: str
    due: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class StatusReport(Notice):
    """The answer to `status`: own tickets only."""

    lines: tuple[StatusLine, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerHelp(Notice):
    """What a customer can do here."""

    greeting: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeverityAlready(Notice):
    """A tap on an old question."""

    ticket: TicketId
    severity: str


# ---------------------------------------------------------------- to the desk (the ticket's thread)
@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerSaid(Notice):
    name: str
    text: str
    attachments: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ColleagueSaid(Notice):
    """An engineer wrote at another desk of the team."""

    name: str
    text: str
    internal: bool
    where: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeskLine(Notice):
    """One line about what happened, for engineers: `what` picks the words, the rest fills them."""

    what: str
    name: str = ""
    severity: str = ""
    due: dt.datetime | None = None
    text: str = ""
    people: tuple[str, ...] = ()
    mention: tuple[PersonId, ...] = ()


# ---------------------------------------------------------------- to a person of ours
@dataclasses.dataclass(frozen=True, kw_only=True)
class PageCall(Notice):
    """A human is needed now."""

    page: PageId
    ticket: TicketId
    severity: str
    organisation: str
    contact: str
    text: str
    due: dt.datetime | None
    code: str
    step: int
    last_resort: bool = False
    possible_repeat: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageOver(Notice):
    """What becomes of a page once somebody has it, or it is no longer needed."""

    ticket: TicketId
    person: str
    yours: bool = False
    organisation: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Told(Notice):
    """A short answer to an engineer's command: `what` picks the words."""

    what: str
    ticket: str = ""
    name: str = ""
    text: str = ""
    choices: tuple[Choice, ...] = ()


# ---------------------------------------------------------------- where it goes
@dataclasses.dataclass(frozen=True, kw_only=True)
class ToCustomer:
    """The place the ticket was raised from."""

    notice: Notice
    mark: tuple[Address, str] | None = None
    """The message (place, vendor's id) that gets the mark `sent` once the vendor has taken this."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ToDesk:
    """The ticket's thread, at every desk of its team but `except_at`."""

    notice: Notice
    except_at: Address | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Marked:
    """A reaction on a message, so that nobody has to guess who saw it."""

    at: Address
    message: str
    mark: str


Saying = ToCustomer | ToDesk | Marked

KINDS: dict[str, type[Notice]] = {kind.__name__: kind for kind in Notice.__subclasses__()}
