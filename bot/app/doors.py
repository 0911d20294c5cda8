"""Rows of who may look at the board: one-time links and the sessions that they begin. Secrets are kept as digests only."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Protocol

from bot.domain.ids import PersonId


@dataclasses.dataclass(frozen=True, kw_only=True)
class BoardLink:
    """A link that lets one of us in once, until `until`. `digest` is that of its code."""

    digest: str
    person: PersonId
    made: dt.datetime
    until: dt.datetime
    used: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class BoardSession:
    """Somebody is logged in. `digest` is that of the cookie, `seen` when they last did something, to the minute."""

    digest: str
    person: PersonId
    began: dt.datetime
    seen: dt.datetime


class BoardLinks(Protocol):
    def get(self, digest: str) -> BoardLink | None:
        """Locked until the unit of work ends, where the database has several writers: a link is used once."""

    def save(self, link: BoardLink) -> None: ...

    def open_of(self, person: PersonId, now: dt.datetime) -> int:
        """How many of theirs still let somebody in: neither used nor too old."""

    def drop(self, before: dt.datetime) -> None:
        """Those that ended before then, used or not."""


class BoardSessions(Protocol):
    def get(self, digest: str) -> BoardSession | None: ...

    def save(self, session: BoardSession) -> None: ...

    def seen(self, digest: str, at: dt.datetime) -> None:
        """They did something at `at`. One that has ended meanwhile stays ended."""

    def end(self, digest: str) -> None: ...

    def end_all(self, person: PersonId | None = None) -> int:
        """Everybody's, or one person's; how many there were."""

    def drop(self, before: dt.datetime) -> None:
        """Those that began before then."""
