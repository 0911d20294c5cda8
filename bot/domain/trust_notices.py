"""What is said so that paging can be trusted before the night: test pages, gaps, hand-overs, as values."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.ids import TicketId
from bot.domain.notice import Notice
from bot.domain.rota_notices import SwapLine
from escalation.instants import Span


# ---------------------------------------------------------------- test pages
@dataclasses.dataclass(frozen=True, kw_only=True)
class TestPage(Notice):
    """One way of a person is tried. `way` is its number among the drill's tries; `shift` when the shift begins that it
    is for; `by` the name of whoever asked for it; `taps` whether there are buttons where it goes."""

    drill: str
    code: str
    way: int
    shift: dt.datetime | None = None
    by: str = ""
    taps: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class TestBegun(Notice):
    """The answer to `page test`: `name` is empty for whoever asked, `ways` is what people call them."""

    name: str
    ways: tuple[str, ...]
    until: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class TestAnswered(Notice):
    """This way works; `left` are those that have not been answered; `clean` says that this was the last and all work."""

    way: str
    left: tuple[str, ...] = ()
    clean: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class MissedWay:
    """`error` is what the vendor says; empty where it seems to have arrived."""

    way: str
    error: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TestOver(Notice):
    """What came of a test page. `yours`: it is said to whoever was tested. No ways at all: nobody could be tried."""

    drill: str
    name: str
    yours: bool
    ways: tuple[str, ...]
    missed: tuple[MissedWay, ...] = ()
    schedule: str = ""
    shift: Span | None = None


# ---------------------------------------------------------------- who is on call
@dataclasses.dataclass(frozen=True, kw_only=True)
class GapsAhead(Notice):
    """Nobody is on call then. `person` could be, as an example; `until` is how far was looked."""

    schedule: str
    gaps: tuple[Span, ...]
    until: dt.datetime
    person: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShiftBegan(Notice):
    """Names of who is on call now and of who was; `until` None: nothing changes for a long time."""

    schedule: str
    now: tuple[str, ...]
    before: tuple[str, ...]
    until: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenWork:
    """A ticket as the next on call finds it. `waits`: `us` the customer waits for us, `them` we wait for the customer."""

    ticket: TicketId
    severity: str
    organisation: str
    holder: str
    due: dt.datetime | None
    waits: str = ""
    paging: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class PagedBefore:
    """A page of the last shift; `name` acknowledged it `after`."""

    ticket: TicketId
    at: dt.datetime
    name: str = ""
    after: dt.timedelta | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShiftSummary(Notice):
    """For whoever goes on call: what is open, what is being paged, what was. `more` tickets are not listed."""

    schedule: str
    until: dt.datetime | None
    work: tuple[OpenWork, ...] = ()
    more: int = 0
    paged: tuple[PagedBefore, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class SwapWanted(Notice):
    """A lead asked for a swap in the name of whose shift it is. `by` is the lead, for that person; empty for the lead."""

    swap: SwapLine
    by: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SwapUntaken(Notice):
    """Nobody has taken a shift that somebody asked to be replaced in; `over`: it has begun, and they stay on."""

    swap: SwapLine
    over: bool = False
    yours: bool = False


# ---------------------------------------------------------------- who can be reached
@dataclasses.dataclass(frozen=True, kw_only=True)
class FailedWay:
    """So many pages or tests by this way came to nothing, the last one for this reason."""

    way: str
    times: int
    error: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Doubt:
    """Why one of us may not be reached. `ways` is what they have; `alone`: there is only one, and others could be had;
    `unanswered`: by which ways test pages seem to have arrived; `untested`: there was none within 30 days."""

    id: str
    name: str
    ways: tuple[str, ...]
    alone: bool = False
    failed: tuple[FailedWay, ...] = ()
    unanswered: tuple[str, ...] = ()
    untested: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class HardToReach(Notice):
    """Those of a team's chains whom a page might not reach."""

    team: str
    doubts: tuple[Doubt, ...]
