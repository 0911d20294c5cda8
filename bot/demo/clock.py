"""The demo's time: it stands, walks or runs, and can be sent forward. Everything of the demo lives by it."""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import datetime as dt
from collections.abc import Callable

from bot.wiring import SystemClock

PAUSED = 365 * 86400.0
"""Real seconds that a waiter waits while the clock stands: it is woken when that changes."""
SHORT = 15.0
"""Seconds. What a vendor models to last shorter (words that are spoken, a receipt) takes BRIEF at most, so that nobody
has to wait for it at the speed of life; what lasts longer (a phone that rings, a webhook tried again) passes with the
clock."""
BRIEF = 0.02
"""Real seconds."""


class PlayClock:
    """A Clock that starts at `start` (UTC). `speed` is seconds of it in a real second; 0: it stands. Whoever waits in
    real seconds is woken by `woken` when those are no longer right."""

    def __init__(self, start: dt.datetime, speed: float = 1.0) -> None:
        self._real = SystemClock(start=start)
        self._base, self._began, self._speed = start, self._real.now(), speed
        self._changed = asyncio.Event()
        self._alarms: list[dt.datetime] = []
        self.woken: Callable[[], None] = lambda: None

    @property
    def speed(self) -> float:
        return self._speed

    def now(self) -> dt.datetime:
        """Aware, UTC."""
        return self._base + (self._real.now() - self._began) * self._speed

    def real_seconds_until(self, at: dt.datetime) -> float:
        """As the speed is now; PAUSED while it stands."""
        left = (at - self.now()).total_seconds()
        if left <= 0:
            return 0.0
        return min(left / self._speed, PAUSED) if self._speed else PAUSED

    def run(self, speed: float) -> None:
        """From now on so fast."""
        self._base, self._began, self._speed = self.now(), self._real.now(), speed
        self._wake()

    def to(self, at: dt.datetime) -> None:
        """It is `at` at once; never earlier than it is."""
        self._base, self._began = max(at, self.now()), self._real.now()
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
        self.woken()

    async def until(self, at: dt.datetime) -> None:
        """Returns when it is `at`, however the clock gets there."""
        bisect.insort(self._alarms, at)
        try:
            while self.now() < at:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(self.real_seconds_until(at), 0.001)):
                        await self._changed.wait()
        finally:
            self._alarms.remove(at)

    async def stirred(self, at: dt.datetime | None) -> None:
        """Returns when it is `at`, or as soon as the clock was set."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.real_seconds_until(at) + 0.001 if at else PAUSED):
                await self._changed.wait()

    async def pause(self, seconds: float) -> None:
        """A delay that a vendor's stand-in models."""
        if seconds < SHORT:
            await moment(min(seconds / self._speed, BRIEF) if self._speed else BRIEF)
        else:
            await self.until(self.now() + dt.timedelta(seconds=seconds))

    def next_alarm(self) -> dt.datetime | None:
        """When the first of those who wait by `until` goes on."""
        return self._alarms[0] if self._alarms else None


async def moment(seconds: float) -> None:
    """So many seconds of this machine."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.Event().wait()
