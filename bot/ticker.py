"""The alarm clock: wakes us at the next due instant. It stores nothing; what is due stands in the timers table.

APScheduler's job is a date and a slow safety net. Runs in UTC, without a misfire limit: a late look is a look.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.bus import Bus, Log
from bot.app.ports import Clock
from bot.app.rows import StorageError

SAFETY = 30
"""Seconds between looks when nothing wakes us."""


@dataclasses.dataclass(kw_only=True)
class Ticker:
    """`wall` is this machine's time, which APScheduler runs on; `clock` may run faster (the demo)."""

    bus: Bus
    clock: Clock
    wall: Callable[[], dt.datetime]
    log: Log
    scheduler: AsyncIOScheduler = dataclasses.field(
        default_factory=lambda: AsyncIOScheduler(
            timezone=dt.UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
    )
    woken: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Something may be due earlier than we thought."""
        self.woken.set()

    async def forever(self) -> None:
        """Look whenever woken: by the alarm, by a change, by the safety net. Each look drains what is due."""
        self.scheduler.start()
        self.scheduler.add_job(self.wake, "interval", seconds=SAFETY, id="safety")
        try:
            while True:
                self.woken.clear()
                await self._look()
                await self.woken.wait()
        finally:
            self.scheduler.shutdown(wait=False)

    async def _look(self) -> None:
        try:
            at = await self.bus.run_due()
        except StorageError as error:
            self.log("storage_refused", task="ticker", error=str(error))
            at = self.clock.now() + dt.timedelta(seconds=2)
        if at is not None:
            self._alarm(at)

    def _alarm(self, at: dt.datetime) -> None:
        seconds = self.clock.real_seconds_until(at)
        run_date = self.wall() + dt.timedelta(seconds=seconds)
        self.scheduler.add_job(self.wake, "date", run_date=run_date, id="next", replace_existing=True)
