"""What is to be said, to whom, as values. The words are chosen when it is sent, in the reader's language and zone.

A notice for the customer never holds anything internal; what it may hold is what its fields say.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain import board_notices, call_notices, rota_notices, trust_notices, why_notices
from bot.domain.customer_notices import (
    Answer,
    BadEmail,
    CallOffered,
    CallSettled,
    CategoryAsked,
    ClosedAlready,
    ClosedForYou,
    ConsentQuestion,
    ConsentSettled,
    CustomerHelp,
    ExplainedClock,
    GoodToKnow,
    HasIt,
    InfoNeeded,
    LanguageChanged,
    MergedForYou,
    NewAsked,
    NotCovered,
    PlanForYou,
    Promised,
    RatingAsked,
    RatingThanks,
    ReopenedForYou,
    ResolvedForYou,
    SeverityAlready,
    SeverityAsked,
    SeverityOption,
    StatusLine,
    StatusReport,
    ThanksForName,
    TimeAnswered,
    TimeProposed,
    UrgentNoted,
    WaitOver,
    WorseAsked,
    YoureWelcome,
)
from bot.domain.ids import Address, PageId, PersonId, TicketId
from bot.domain.message import Choice
from bot.domain.notice import Notice


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
    reason: str = ""
    people: tuple[str, ...] = ()
    mention: tuple[PersonId, ...] = ()
    audience: tuple[str, ...] = ()
    """Who is to be alerted besides: `owner`, `tier` (the ticket's), or a target of a chain; found when it is said."""
    seconds: int = 0
    """How long a talk or a message was."""
    callback: TicketId | None = None
    """The ticket whose customer can be called back by a button under the line."""
    talked: TicketId | None = None
    """The ticket that whoever has reached its customer by themselves says so of, by a button."""


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
    handed_by: str = ""
    """The colleague who asks for them: by handing the ticket over, or for help."""
    owner: str = ""
    """Who has the ticket all the same, by name."""
    answered: bool = False
    """The customer has an answer already."""
    caller: str = ""
    """Where the caller is: `waits` on the line, or has `hung up`; empty where nobody called, or left a message."""
    message: str = ""
    """Where the message can be heard that the caller left."""
    callback: bool = False
    """It came by phone: whoever is paged can be put through to the customer by a button or a key."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class BundledPage:
    """A page in a bundle."""

    page: PageId
    ticket: TicketId
    severity: str
    organisation: str
    due: dt.datetime | None
    code: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageBundle(Notice):
    """Several pages that were held back, in one: whoever acknowledges it has all of them. `own` is what its row would
    have said alone."""

    pages: tuple[BundledPage, ...]
    own: PageCall | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageOver(Notice):
    """What becomes of a page once somebody has it, or it is no longer needed."""

    ticket: TicketId
    person: str
    yours: bool = False
    organisation: str = ""
    callback: bool = False
    """Whoever has it can call the customer back by a button."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Told(Notice):
    """A short answer to an engineer's command: `what` picks the words."""

    what: str
    ticket: str = ""
    name: str = ""
    text: str = ""
    due: dt.datetime | None = None
    choices: tuple[Choice, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenTicket:
    """One line of the desk's list."""

    ticket: TicketId
    severity: str
    organisation: str
    status: str
    person: str
    due: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenTickets(Notice):
    """The answer to an engineer's `status`."""

    lines: tuple[OpenTicket, ...]


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
"""Every kind there is, those of board_notices, call_notices, rota_notices, trust_notices and why_notices too."""

__all__ = [
    "KINDS",
    "Answer",
    "BadEmail",
    "CallOffered",
    "CallSettled",
    "CategoryAsked",
    "ClosedAlready",
    "ClosedForYou",
    "ColleagueSaid",
    "ConsentQuestion",
    "ConsentSettled",
    "CustomerHelp",
    "CustomerSaid",
    "DeskLine",
    "ExplainedClock",
    "GoodToKnow",
    "HasIt",
    "InfoNeeded",
    "LanguageChanged",
    "Marked",
    "MergedForYou",
    "NewAsked",
    "NotCovered",
    "Notice",
    "OpenTicket",
    "OpenTickets",
    "PageCall",
    "PageOver",
    "PlanForYou",
    "Promised",
    "RatingAsked",
    "RatingThanks",
    "ReopenedForYou",
    "ResolvedForYou",
    "Saying",
    "SeverityAlready",
    "SeverityAsked",
    "SeverityOption",
    "StatusLine",
    "StatusReport",
    "ThanksForName",
    "TimeAnswered",
    "TimeProposed",
    "ToCustomer",
    "ToDesk",
    "Told",
    "UrgentNoted",
    "WaitOver",
    "WorseAsked",
    "YoureWelcome",
    "board_notices",
    "call_notices",
    "rota_notices",
    "trust_notices",
    "why_notices",
]
