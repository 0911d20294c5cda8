"""What is said to customers, as values. A notice for the customer never holds anything internal; what it may hold is
what its fields say."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.ids import TicketId
from bot.domain.notice import Notice
from escalation.targets import Step


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
class CategoryAsked(Notice):
    """What is it about? `proposed` is empty where the words say nothing."""

    ticket: TicketId
    proposed: str
    options: tuple[SeverityOption, ...]
    until: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class Promised(Notice):
    """A ticket has its severity, and this is by when a human answers (None: no promise of a time)."""

    ticket: TicketId
    severity: str
    """Empty where the policy has only one."""
    due: dt.datetime | None
    paging: bool
    category: str = ""
    """Told where the category decides what is promised."""
    solved: dt.datetime | None = None
    """By when it is solved, where the policy promises that."""
    negotiated: bool = False
    """The time for the solution is agreed on with the customer."""
    arranged: bool = False
    """A service: when it is done is arranged with the customer."""
    with_plan: bool = False
    """The answer is a solution or a plan for one."""
    reopens: dt.datetime | None = None
    """Set when the desk is closed now and nobody is paged: when it opens again."""
    tell: str = ""
    """The policy's own words about this hour."""
    can_raise: bool = True
    """A more urgent severity would be paged at once."""
    changed: bool = False
    changed_by: str = ""
    """Whoever of ours changed it; empty when the customer did."""
    by_silence: bool = False
    opened_by: str = ""
    """One of ours raised it for them, about `text`."""
    text: str = ""
    introduce: bool = False
    """We do not know who they are: ask for a name and an email, after the promise, never before."""
    missing: tuple[str, ...] = ()
    """What else has to be known of them: name, email, phone."""
    called: bool = False
    """They have just called us."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class GoodToKnow(Notice):
    """What the policy has to say about a request besides the promise; only what applies is filled."""

    ticket: TicketId
    service: str = ""
    entitled: str = ""
    """A value of escalation.entitlement.Entitled."""
    until: dt.date | None = None
    note: str = ""
    excluded: str = ""
    instead: str = ""
    version: int | None = None
    """A version that is out of support; `supported` are those that are not."""
    product: str = ""
    supported: tuple[int, ...] = ()
    steps: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsentQuestion(Notice):
    """Calling an engineer out now is charged. `until`: after it we call without an answer."""

    ticket: TicketId
    until: dt.datetime | None
    reopens: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsentSettled(Notice):
    """`agreed` None: they did not answer. `reopens` is when the desk looks at it, for one who declined."""

    ticket: TicketId
    agreed: bool | None
    paging: bool
    due: dt.datetime | None
    reopens: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class WaitOver(Notice):
    """The customer answered what we waited for; a solution that was promised moved on by the wait."""

    ticket: TicketId
    solved: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanForYou(Notice):
    ticket: TicketId
    person: str
    ours: str
    theirs: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimeProposed(Notice):
    ticket: TicketId
    person: str
    due: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimeAnswered(Notice):
    ticket: TicketId
    accepted: bool
    due: dt.datetime
    person: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallOffered(Notice):
    ticket: TicketId


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallSettled(Notice):
    ticket: TicketId
    wanted: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class NotCovered(Notice):
    """An engineer says that the support does not cover it; `label` is empty when that is taken back."""

    ticket: TicketId
    person: str
    label: str
    instead: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class MergedForYou(Notice):
    ticket: TicketId
    into: TicketId


@dataclasses.dataclass(frozen=True, kw_only=True)
class YoureWelcome(Notice):
    """They said thanks, and nothing is open."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClosedAlready(Notice):
    """They want to reopen what has been closed."""

    ticket: TicketId


@dataclasses.dataclass(frozen=True, kw_only=True)
class UrgentNoted(Notice):
    """There is no severity to raise: the desk knows that it is urgent."""

    ticket: TicketId


@dataclasses.dataclass(frozen=True, kw_only=True)
class BadEmail(Notice):
    """They sent an email address that is none."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class LanguageChanged(Notice):
    """Said in the new language; `known` is false when there is none such."""

    known: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingAsked(Notice):
    ticket: TicketId


@dataclasses.dataclass(frozen=True, kw_only=True)
class RatingThanks(Notice):
    ticket: TicketId
    score: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExplainedClock:
    """Why a clock is due when it is."""

    kind: str
    steps: tuple[Step, ...]


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
    solved: dt.datetime | None = None


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
    solved: dt.datetime | None = None
    why: tuple[ExplainedClock, ...] = ()
    zone: str = "UTC"
    """The policy's: the hours that count are in it."""


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
