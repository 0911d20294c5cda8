"""Who would be paged and why, and what became of a page, as values."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum

from bot.domain.customer_notices import ExplainedClock
from bot.domain.hotline import Choice, End, Phase
from bot.domain.ids import PageId, PersonId, TicketId
from bot.domain.notice import Notice
from escalation.office import AfterHours, Hours


# ---------------------------------------------------------------- who would be paged
@dataclasses.dataclass(frozen=True, kw_only=True)
class Through:
    """What has somebody on call: a layer of a schedule (1 is the lowest), or an override. `kept` is the number of one
    made in chat, `instead_of` a name (empty: of everybody)."""

    schedule: str
    layer: int | None = None
    override: str = ""
    """What the override does: `instead`, `add` or `remove` (of somebody else); empty for a layer."""
    kept: int = 0
    instead_of: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Way:
    """What goes out to somebody at once; again `every` so often while the step lasts."""

    at: dt.datetime
    methods: tuple[str, ...]
    every: dt.timedelta | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reached:
    """One of us in a step, `able` to be reached at all. `lacks`: methods of the rules that they have not; `down`: those
    that they have and whose vendor is down now. Without `ways` nothing more goes out than earlier steps bring."""

    person: PersonId
    name: str
    through: Through | None = None
    able: bool = True
    ways: tuple[Way, ...] = ()
    own_rules: bool = False
    lacks: tuple[str, ...] = ()
    down: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepForecast:
    """`round` and `step` count from 1; `at` is the trigger that places it, as the chain has it."""

    round: int
    step: int
    targets: tuple[str, ...]
    begins: dt.datetime
    until: dt.datetime
    """When the next one begins, unless somebody acknowledges or nobody can be reached by any way."""
    wait: dt.timedelta
    at: str = ""
    people: tuple[Reached, ...] = ()

    @property
    def reaches(self) -> bool:
        return any(person.able for person in self.people)


class ChainFrom(enum.StrEnum):
    """Who names the chain."""

    RULE = "rule"
    TEAM = "team"
    NOBODY = "nobody"  # then everyone is paged


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the policy says to a severity at an instant: `rule` is the after-hours rule that decides, `number` its place
    in the policy from 0; without one, the severity itself does. `queued`: when the desk opens, for what is paged then."""

    at: dt.datetime
    hours: Hours
    pages: bool
    rule: AfterHours | None = None
    number: int = 0
    queued: dt.datetime | None = None
    opens: dt.datetime | None = None
    """When the desk opens, where it is closed for this severity."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Forecast(Notice):
    """Whom a ticket of this customer and severity would page at an instant. `zone` is the policy's."""

    organisation: str
    contact: str
    team: str
    policy: str
    zone: str
    severity: str
    for_vip: bool
    """The severity is the one that a VIP gets at least."""
    plan: str
    verdict: Verdict
    asks_charge: dt.timedelta | None
    """The customer is asked about the charge first, so long at most."""
    chain: str
    chain_from: ChainFrom
    rounds: int
    steps: tuple[StepForecast, ...]
    everyone: tuple[str, ...]
    everyone_from: dt.datetime | None

    @property
    def pages(self) -> bool:
        return self.verdict.pages or self.verdict.queued is not None

    @property
    def in_vain(self) -> bool:
        """It pages, and no step of the chain reaches anybody."""
        return self.pages and not any(step.reaches for step in self.steps)


# ---------------------------------------------------------------- what became of it
class Fate(enum.StrEnum):
    """What became of an attempt."""

    TO_COME = "to come"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    HELD = "held"
    CANCELLED = "cancelled"
    WAITS = "waits"  # a call, while a caller is on the line
    ON_THE_LINE = "on the line"  # a call that was not made since a caller was


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tried:
    """An attempt: when it was made (or is to be). `again`: it may have arrived twice."""

    person: PersonId
    name: str
    method: str
    at: dt.datetime
    fate: Fate
    error: str = ""
    again: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class EmptyTarget:
    """Why a target came to nobody who can be reached; without `people` nobody was on."""

    target: str
    people: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class CalledIn:
    """People whom a colleague called in while the page was being sent; `by` is the colleague's name, where it is known."""

    at: dt.datetime
    people: tuple[str, ...]
    by: str = ""
    tried: tuple[Tried, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepStory:
    """A step that was begun; without `people` it was skipped, `empty` says why."""

    round: int
    step: int
    at: dt.datetime
    last_resort: bool
    targets: tuple[str, ...]
    people: tuple[str, ...]
    tried: tuple[Tried, ...] = ()
    empty: tuple[EmptyTarget, ...] = ()
    called_in: tuple[CalledIn, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Coming:
    """What an open page does next, unless somebody acknowledges: a step (from 1), or everyone."""

    at: dt.datetime
    step: int = 0
    people: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageStory:
    """`via` is by what it was acknowledged; `reason` is why it ended otherwise, as the log has it."""

    page: PageId
    started: dt.datetime
    severity: str
    chain: str
    steps: tuple[StepStory, ...]
    ended: dt.datetime | None = None
    acknowledged_by: str = ""
    via: str = ""
    reason: str = ""
    coming: Coming | None = None


class Rung(enum.StrEnum):
    """What came of a phone that rang."""

    TOOK = "took"
    LOST = "lost"  # they took it, and the line broke
    PASSED = "passed"
    NO_ANSWER = "no answer"
    GONE = "gone"  # the caller hung up meanwhile
    RINGS = "rings"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Phone:
    """A phone of `person` that rang for a caller; in a call back the customer's, for them."""

    person: PersonId
    name: str
    at: dt.datetime
    came: Rung


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallStory:
    """A call about the ticket; with `by`, one of ours that calls back (without `call`, they were not put through).
    `seconds` are those of the talk or of the message (0: none was left), `recording` is the link, where it may be told."""

    call: str
    at: dt.datetime
    by: PersonId | None = None
    name: str = ""
    lines: tuple[Choice, ...] = ()
    phones: tuple[Phone, ...] = ()
    phase: Phase
    ended: dt.datetime | None = None
    end: End | None = None
    seconds: int = 0
    recording: str = ""


class Unpaged(enum.StrEnum):
    """Why nobody was ever paged for a ticket."""

    ASKED = "asked"  # the customer is asked how urgent it is
    CHARGE_ASKED = "charge asked"
    DECLINED = "declined"
    HAD_IT = "had it"  # one of us had it before
    POLICY = "policy"  # the after-hours rule, or the severity
    OVER = "over"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Never:
    """`until` is when the question or the wait ends, `name` who had it."""

    why: Unpaged
    severity: str
    verdict: Verdict
    until: dt.datetime | None = None
    name: str = ""


class You(enum.StrEnum):
    """Why whoever asks was not paged."""

    TO_COME = "to come"  # a step that the page has not reached yet
    LATER = "later"  # a step that was not reached
    NO_WAY = "no way"
    NOT_YOU = "not you"
    RANG = "rang"  # but their phone rang for a caller


@dataclasses.dataclass(frozen=True, kw_only=True)
class WhyTicket(Notice):
    """Why a ticket's times are what they are, and what became of its pages and its calls; `zone` is the policy's."""

    ticket: TicketId
    zone: str
    clocks: tuple[ExplainedClock, ...]
    pages: tuple[PageStory, ...] = ()
    calls: tuple[CallStory, ...] = ()
    never: Never | None = None
    you: You | None = None
    your_step: int = 0
    your_phone: dt.datetime | None = None  # when it rang for a caller
