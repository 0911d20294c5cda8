"""Who may look: a link from chat lets one of us in once, a cookie keeps them in, the directory in force says whether they
still may. Of codes and cookies only digests are kept."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hmac
from collections.abc import Callable
from hashlib import sha256

from bot.app.board_link import digest_of
from bot.app.context import Context
from bot.app.doors import BoardSession
from bot.app.rows import UnitOfWork
from bot.board.viewer import House, Viewer
from bot.domain.ids import TeamName
from bot.domain.people import Person

KEPT = dt.timedelta(days=1)
"""A link that has ended is kept so long, then forgotten."""
NOTED = dt.timedelta(minutes=1)
"""`seen` is written down at most so often."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entered:
    """The right link was used: `cookie` is the session's secret, told once."""

    cookie: str
    person: Person


@dataclasses.dataclass(kw_only=True)
class Access:
    """`idle` is how long a session lives without its person, `absolute` how long at all."""

    house: House
    idle: dt.timedelta
    absolute: dt.timedelta

    async def enter(self, code: str, before: str) -> Entered | None:
        """Use a link up; None where it is none of ours, used, too old, or for somebody who is not one of us any more.
        The session that the browser had `before` ends, so that a cookie never lives through a log-in."""
        return await self.house.run(lambda uow: self._enter(uow, code, before))

    def _enter(self, uow: UnitOfWork, code: str, before: str) -> Entered | None:
        ctx = self.house.context(uow)
        link = uow.links.get(digest_of(code))
        if link is None or link.used is not None or link.until <= ctx.now:
            return None
        uow.links.save(dataclasses.replace(link, used=ctx.now))
        person = ctx.directory.listed(link.person)
        if person is None or not teams_of(ctx, person):
            return None
        uow.links.drop(ctx.now - KEPT)
        uow.sessions.drop(ctx.now - self.absolute)
        if before:
            uow.sessions.end(digest_of(before))
        cookie = ctx.setup.random.token() + ctx.setup.random.token()
        uow.sessions.save(
            BoardSession(digest=digest_of(cookie), person=person.id, began=ctx.now, seen=ctx.now)
        )
        return Entered(cookie=cookie, person=person)

    async def viewer(self, cookie: str) -> Viewer | None:
        """Who it is, if they may still look. That they are there is noted."""
        if not cookie:
            return None
        return await self.house.run(lambda uow: self._viewer(uow, cookie))

    def _viewer(self, uow: UnitOfWork, cookie: str) -> Viewer | None:
        ctx, digest = self.house.context(uow), digest_of(cookie)
        session = uow.sessions.get(digest)
        if session is None:
            return None
        person = ctx.directory.listed(session.person)
        teams = teams_of(ctx, person) if person else frozenset()
        if person is None or not teams or self._is_over(session, ctx.now):
            uow.sessions.end(digest)
            return None
        if ctx.now - session.seen >= NOTED:
            uow.sessions.seen(digest, ctx.now)
        return Viewer(
            person=person,
            teams=teams,
            language=ctx.language_of(person),
            zone=person.zone,
            session=digest,
            csrf=csrf_of(cookie),
        )

    def _is_over(self, session: BoardSession, now: dt.datetime) -> bool:
        return now - session.began >= self.absolute or now - session.seen >= self.idle

    async def leave(self, viewer: Viewer) -> None:
        """Their session ends; others of theirs, in other browsers, go on."""
        await self.house.run(lambda uow: uow.sessions.end(viewer.session))


def teams_of(ctx: Context, person: Person) -> frozenset[TeamName]:
    """Those whose tickets they work, of the teams that there are."""
    return frozenset(team.name for team in ctx.directory.teams if person.is_engineer_of(team.name))


def csrf_of(cookie: str) -> str:
    """What each form of a session carries: made from its secret, so that nobody who reads the database can make it."""
    return hmac.new(cookie.encode(), b"csrf", sha256).hexdigest()


def is_csrf(given: str, viewer: Viewer) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), viewer.csrf.encode())


@dataclasses.dataclass(kw_only=True)
class Tries:
    """How many wrong codes came from an address lately. Kept in memory: a start forgets them."""

    now: Callable[[], dt.datetime]
    most: int = 30
    window: dt.timedelta = dt.timedelta(minutes=1)
    wrong: dict[str, list[dt.datetime]] = dataclasses.field(default_factory=dict)

    def too_many(self, address: str) -> bool:
        """May this address try no more for now?"""
        return len(self._lately(address)) >= self.most

    def note(self, address: str) -> None:
        """One more. Who has not tried lately is forgotten, so that this does not grow."""
        lately = [*self._lately(address), self.now()]
        self.wrong = {a: tries for a in self.wrong if a != address and (tries := self._lately(a))}
        self.wrong[address] = lately

    def _lately(self, address: str) -> list[dt.datetime]:
        return [at for at in self.wrong.get(address, ()) if self.now() - at < self.window]
