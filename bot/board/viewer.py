"""Who looks at the board."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.app.context import Context, Setup
from bot.app.ports import Clock
from bot.app.rows import UnitOfWork
from bot.app.running import Log, Runner
from bot.domain.ids import TeamName
from bot.domain.people import Person


@dataclasses.dataclass(frozen=True, kw_only=True)
class Viewer:
    """One of us, logged in: sees `teams`, in their language and zone. `session` is the digest of the cookie, `csrf` what
    each of their forms carries."""

    person: Person
    teams: frozenset[TeamName]
    language: str
    zone: ZoneInfo
    session: str
    csrf: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class House:
    """What the board works with. `setup` gives the one in force: it follows a reload."""

    run: Runner
    setup: Callable[[], Setup]
    clock: Clock
    log: Log
    wake: Callable[[], None]

    def context(self, uow: UnitOfWork) -> Context:
        """For one unit of work, now."""
        return Context(uow=uow, now=self.clock.now(), setup=self.setup())
