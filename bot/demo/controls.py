"""The real bot behind the playground's page: what `playground.web.controls` asks of whoever runs it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

from bot.demo import passing
from bot.demo.casts import COMPANIES, MANAGED_IT, Company, cast
from bot.demo.clock import moment
from bot.demo.coming import Ahead, Coming
from bot.demo.faults import KILLED, TROUBLES
from bot.demo.moments import Moment, beginning, moments
from bot.demo.tour_teller import Story, Teller
from bot.demo.tours import STORIES
from bot.demo.world import Log, World
from escalation.calendar import BusinessCalendar
from playground import Playground
from playground.web.controls import Choice, State

SPEEDS = (0.0, 1.0, 60.0, 600.0)
ONE_AT_A_TIME = "One moment: what was asked for last is still happening."
BREATH = 0.1
"""Real seconds between two looks at what comes next."""


class Demo:
    """One company at a time, on a page that stays. `begin` first, `end` last."""

    def __init__(self, *, speed: float = 1.0, log: Log | None = None) -> None:
        self._speed, self._log = speed, log
        self.world: World
        self._calendar: BusinessCalendar
        self._ahead, self._number, self._news = Ahead(), 1, asyncio.Event()
        self._lock, self._trouble = asyncio.Lock(), ""
        self._teller: Teller | None = None
        self._looking: asyncio.Task[None] | None = None

    def current(self) -> tuple[Playground, Demo]:
        """What the page asks for."""
        return self.world.playground, self

    async def begin(self) -> None:
        await self._anew(MANAGED_IT, beginning(MANAGED_IT.zone))

    async def end(self) -> None:
        """Nothing is left."""
        await self._quiet()
        await self.world.end()

    async def _anew(self, company: Company, start: dt.datetime) -> None:
        """The new one is up before the old one goes, so that the page always has one."""
        world = World(company, start, 0.0, self._log)
        await world.begin()
        assert world.standby is not None
        old = getattr(self, "world", None)
        await self._quiet()
        self.world, self._trouble, self._ahead = world, "", Ahead()
        self._calendar = world.standby.config.directory.policy(company.policy).calendar
        self._ahead = await passing.look_ahead(world)
        world.clock.run(self._speed)
        self._looking = asyncio.create_task(self._look_on(world), name="demo:ahead")
        self._bump()
        if old is not None:
            await old.end()

    async def _quiet(self) -> None:
        if self._teller is not None:
            await self._teller.end()
            self._teller = None
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    # ------------------------------------------------------------ what is shown
    def state(self) -> State:
        world = self.world
        now, zone = world.clock.now(), world.company.zone
        coming = next((c for c in self._ahead.coming if c.at > now), None)
        return State(
            now=now,
            zone=zone,
            speed=world.clock.speed,
            cast=cast(world.company, self._ahead.on_call),
            bot=world.bot,
            board="/board" if world.bot == "up" else "",
            next_at=coming.at if coming else None,
            next_what=_with_day(coming, now.astimezone(zone).date(), zone) if coming else "",
            speeds=tuple(self._speeds()),
            jumps=tuple(Choice(id=m.id, label=m.label) for m in self._moments()),
            policies=tuple(
                Choice(id=c.policy, label=c.label, watch=c.watch, on=c is world.company)
                for c in COMPANIES.values()
            ),
            faults=tuple(
                Choice(id=t.id, label=t.label, watch=t.watch, on=self._is_on(t.id)) for t in TROUBLES
            ),
            stories=tuple(
                Choice(
                    id=s.id,
                    label=s.title,
                    watch=s.about,
                    on=self._teller is not None and self._teller.story is s,
                )
                for s in STORIES
            ),
            tour=self._teller.shown() if self._teller else None,
            trouble=self._trouble,
        )

    def _speeds(self) -> list[Choice]:
        known = sorted({*SPEEDS, self._speed})
        return [Choice(id=f"{s:g}", label=f"×{s:g}" if s else "Pause", on=s == self._speed) for s in known]

    def _moments(self) -> tuple[Moment, ...]:
        return moments(self._calendar, self.world.company.zone, self.world.clock.now())

    def _is_on(self, id: str) -> bool:
        return self.world.bot == "down" if id == KILLED else id in self.world.troubles.on

    async def changed(self, after: int) -> int:
        while self._number <= after:
            await self._news.wait()
        return self._number

    def _bump(self) -> None:
        self._number += 1
        self._news.set()
        self._news = asyncio.Event()

    async def _look_on(self, world: World) -> None:
        """Whenever something happened, or its time has come, look what comes next."""
        while True:
            seen = len(world.playground.journal)
            with contextlib.suppress(Exception):  # the bot may be going down just now
                found = await passing.look_ahead(world)
                if not world.clock.speed and not self._lock.locked():
                    await passing.creep(world)
                if found != self._ahead:
                    self._ahead = found
                    self._bump()
            now = world.clock.now()
            due = next((c.at for c in self._ahead.coming if c.at > now), None)
            waits = (
                asyncio.ensure_future(
                    world.playground.journal.wait_for(lambda e: True, timeout=10**8, after=seen)
                ),
                asyncio.ensure_future(world.clock.stirred(due)),
            )
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
                await asyncio.gather(*waits, return_exceptions=True)
            await moment(BREATH)

    # ------------------------------------------------------------ deeds
    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One deed at a time; what goes wrong is shown until the next one."""
        if self._lock.locked():
            raise ValueError(ONE_AT_A_TIME)
        async with self._lock:
            self._trouble = ""
            try:
                yield
            except ValueError as error:
                self._trouble = str(error)
                raise
            finally:
                self._bump()

    @contextlib.asynccontextmanager
    async def _standing(self) -> AsyncIterator[None]:
        """Alone, while the clock moves only from one thing to the next."""
        async with self._alone():
            self.world.clock.run(0.0)
            try:
                yield
            finally:
                self.world.clock.run(self._speed)

    async def speed(self, id: str) -> None:
        found = next((c for c in self._speeds() if c.id == id), None)
        if found is None:
            raise ValueError("There is no such speed.")
        self._speed, self._trouble = float(id), ""
        if not self._lock.locked():
            self.world.clock.run(self._speed)
        self._bump()

    async def step(self) -> None:
        async with self._standing():
            await passing.step(self.world)

    async def jump(self, id: str) -> None:
        async with self._standing():
            moment = next((m for m in self._moments() if m.id == id), None)
            if moment is None:
                raise ValueError("There is no such moment to jump to.")
            await passing.pass_until(self.world, moment.at)

    async def policy(self, id: str) -> None:
        async with self._alone():
            company = COMPANIES.get(id)
            if company is None:
                raise ValueError("There is no such policy.")
            await self._anew(company, beginning(company.zone))

    async def fault(self, id: str, on: bool) -> None:
        async with self._alone():
            if id != KILLED:
                self.world.troubles.set(id, on)
            elif on:
                await self.world.stop_bot(killed=True)
            else:
                await self.world.start_bot()

    async def story(self, id: str) -> None:
        async with self._alone():
            if not id:
                if self._teller is not None:
                    await self._teller.end()
                self._teller = None
                return
            story = next((s for s in STORIES if s.id == id), None)
            if story is None:
                raise ValueError("There is no such story.")
            await self._tell(story)

    async def _tell(self, story: Story) -> None:
        company = COMPANIES[story.policy]
        await self._anew(company, beginning(company.zone, story.day, story.time))
        self._teller = Teller(story, self.world, self._bump)

    async def next(self) -> None:
        if self._teller is None:
            raise ValueError("Choose a story first.")
        async with self._standing():
            await self._teller.next()


def _with_day(coming: Coming, today: dt.date, zone: ZoneInfo) -> str:
    """The page shows the time; another day than today is said."""
    day = coming.at.astimezone(zone)
    return coming.what if day.date() == today else f"{coming.what}, {day:%a} {day.day} {day:%b}"
