"""Rows about who is on call and about trying the pager out, and the repositories that keep them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from bot.domain.ids import PersonId
from escalation.instants import Span
from escalation.schedule import Override, Shift


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeptOverride:
    """A change of who is on call, made in chat. `id` is short enough to be typed; `swap` is the swap it came from."""

    id: int = 0
    schedule: str
    override: Override
    by: PersonId
    made: dt.datetime
    cancelled: dt.datetime | None = None
    swap: int = 0


class SwapState:
    """open -> accepted, or declined, or withdrawn, or expired (nobody took it before it began: the asker stays on)."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Swap:
    """`asker` asks to be replaced during `span`: by `asked_of`, or by anyone who may (None)."""

    id: int = 0
    schedule: str
    asker: PersonId
    span: Span
    asked_of: PersonId | None = None
    state: str = SwapState.OPEN
    made: dt.datetime
    answered: dt.datetime | None = None
    answered_by: PersonId | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Roster:
    """The last good copy of a calendar that a schedule's layer is read from. `source` is its URL or path as configured.

    `shifts` is what was in it when it was last read well (`fetched`); `failing` is since when it can't be, with why.
    """

    source: str
    shifts: tuple[Shift, ...] = ()
    fetched: dt.datetime | None = None
    failing: dt.datetime | None = None
    error: str = ""
    told: bool = False
    """The team has been told that it fails."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chore:
    """Work that comes again: `name` is its kind and whom it is for (`gaps:standby`), `due` when to do it next, `note` what
    it keeps in mind from one time to the next."""

    name: str
    due: dt.datetime
    note: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class DrillTry:
    """One way of a person, tried: `place` is the identity there, `token` that of the attempt. `error` is why it did
    not arrive, `answered` when the person answered by it."""

    method: str
    place: str
    token: str = ""
    error: str = ""
    answered: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drill:
    """A test page: each way of one person, to be answered by `until`. `schedule` and `shift` are set where it was made
    because a shift begins; `by` is who asked for it otherwise. `code` is what a written answer carries."""

    id: str
    person: PersonId
    code: str
    began: dt.datetime
    until: dt.datetime
    tries: tuple[DrillTry, ...]
    by: PersonId | None = None
    schedule: str = ""
    shift: Span | None = None
    ended: dt.datetime | None = None


class Rota(Protocol):
    """What was arranged in chat about who is on call, and what calendars say."""

    def overrides(self, schedule: str, after: dt.datetime) -> Sequence[KeptOverride]:
        """Those that end after `after` and are not cancelled, in the order in which they were made."""

    def override(self, id: int) -> KeptOverride | None: ...

    def add_override(self, override: KeptOverride) -> KeptOverride:
        """The same with its id: 1, 2, 3 and so on."""

    def save_override(self, override: KeptOverride) -> None: ...

    def swap(self, id: int) -> Swap | None: ...

    def swaps(self, after: dt.datetime) -> Sequence[Swap]:
        """Open ones whose span ends after `after`, in the order in which they were asked for."""

    def add_swap(self, swap: Swap) -> Swap:
        """The same with its id: 1, 2, 3 and so on."""

    def save_swap(self, swap: Swap) -> None: ...

    def roster(self, source: str) -> Roster | None: ...

    def save_roster(self, roster: Roster) -> None: ...


class Chores(Protocol):
    """At most one row a name."""

    def get(self, name: str) -> Chore | None: ...

    def all(self) -> Sequence[Chore]:
        """By name."""

    def due(self, now: dt.datetime, limit: int) -> Sequence[Chore]:
        """Oldest first."""

    def save(self, chore: Chore) -> None: ...

    def hurry(self, name: str, at: dt.datetime) -> None:
        """Due at `at` at the latest, if there is such a chore; what it keeps in mind stays."""

    def drop(self, name: str) -> None: ...

    def next_due(self) -> dt.datetime | None: ...


class Drills(Protocol):
    def get(self, id: str) -> Drill | None: ...

    def running(self) -> Sequence[Drill]:
        """Those that have not ended, oldest first."""

    def of(self, person: PersonId, since: dt.datetime) -> Sequence[Drill]:
        """Those of one of us that began at `since` or later, oldest first."""

    def save(self, drill: Drill) -> None: ...


class Secrets(Protocol):
    """Random strings of this installation, made once."""

    def get(self, name: str) -> str | None: ...

    def keep(self, name: str, value: str) -> str:
        """The one that is kept: `value`, unless there was one."""
