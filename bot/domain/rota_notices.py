"""What is said about who is on call, as values."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.ids import TicketId
from bot.domain.notice import Notice


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScheduleLine:
    """`people` (nobody is a gap) are on call until `until`, then `following`; None is: nothing changes any more.

    `gaps` are the first to come (one without an end in sight ends in None), `more` how many there are besides."""

    schedule: str
    people: tuple[str, ...]
    until: dt.datetime | None
    following: tuple[str, ...]
    gaps: tuple[tuple[dt.datetime, dt.datetime | None], ...] = ()
    more: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class SwapLine:
    """An open swap; `asked_of` is empty where anyone may take it."""

    id: int
    schedule: str
    asker: str
    asked_of: str
    start: dt.datetime
    end: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShiftLine:
    """A shift of whoever reads it; `end` is None where none is in sight."""

    schedule: str
    start: dt.datetime
    end: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class WhoIsOnCall(Notice):
    """The answer to `oncall`; `at` is None for now."""

    lines: tuple[ScheduleLine, ...]
    at: dt.datetime | None = None
    mine: ShiftLine | None = None
    swaps: tuple[SwapLine, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """From `start` to `end`, `people` are on call: `on` are new, `off` are gone."""

    start: dt.datetime
    end: dt.datetime
    people: tuple[str, ...]
    on: tuple[str, ...]
    off: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CalledIn:
    """These people are on call now, and `ticket` is being paged: they are called for it too. `yours`: whoever reads it
    is the only one."""

    ticket: TicketId
    people: tuple[str, ...]
    yours: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class RotaChanged(Notice):
    """Who is on call was changed, for whoever changed it (`by` is empty) and for the desk. `undone`: an override was
    cancelled; `id` is the override's."""

    id: int
    schedule: str
    by: str
    lines: tuple[ChangeLine, ...]
    undone: bool = False
    called: tuple[CalledIn, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class YourShiftChanged(Notice):
    """The same for somebody whom it puts on call, or takes off."""

    schedule: str
    by: str
    on: tuple[tuple[dt.datetime, dt.datetime], ...]
    off: tuple[ChangeLine, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class OverrideLine:
    """What was arranged. `id` 0 is one of the configuration, `replaces` is empty where everybody is replaced."""

    id: int
    schedule: str
    person: str
    change: str
    replaces: str
    start: dt.datetime
    end: dt.datetime
    by: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OverrideList(Notice):
    """The answer to `override list`."""

    lines: tuple[OverrideLine, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SwapAsked(Notice):
    """Somebody asks to be replaced: said to the one who is asked, or (`asked_of` is empty) to everybody at the desk.

    `parts` are the parts of the span in which the asker is on call, where they are not on for all of it."""

    swap: SwapLine
    parts: tuple[tuple[dt.datetime, dt.datetime], ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class SwapTold(Notice):
    """What becomes of a swap: `what` picks the words, `name` is the other person. `parts` are the parts of the span in
    which the asker is on call, where they are not on for all of it; `override` is what a swap that was taken became."""

    what: str
    swap: SwapLine
    name: str = ""
    parts: tuple[tuple[dt.datetime, dt.datetime], ...] = ()
    override: int = 0
    called: tuple[CalledIn, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class SwapList(Notice):
    """The answer to `swap list`."""

    lines: tuple[SwapLine, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CalendarLink:
    """A private address of a calendar: a whole schedule, or the reader's own shifts in it (`mine`)."""

    schedule: str
    url: str
    mine: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class CalendarLinks(Notice):
    """For one person alone: whoever has the link sees the calendar."""

    links: tuple[CalendarLink, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CalendarLinksSent(Notice):
    """Said where they were asked for, which others may read."""


# ---------------------------------------------------------------- to a desk, about a calendar that a schedule is read from
@dataclasses.dataclass(frozen=True, kw_only=True)
class CalendarFailing(Notice):
    """It can't be read since `since`. `fetched`: when the copy that counts was read; None: there is none.

    `why`, `text` and `n` are of calendar_faults.REASONS."""

    schedule: str
    calendar: str
    since: dt.datetime
    fetched: dt.datetime | None
    why: str
    text: str = ""
    n: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class CalendarBack(Notice):
    """It can be read again."""

    schedule: str
    calendar: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CalendarStrangers(Notice):
    """It has names that nobody here has."""

    schedule: str
    calendar: str
    names: tuple[str, ...]
