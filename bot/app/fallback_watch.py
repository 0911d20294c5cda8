"""The document that answers calls while Standby is down, read once a day and after each reload."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

from bot.app.context import Context, Setup
from bot.app.fallback_check import Hosted, Unreadable, looked
from bot.app.ports import Clock, Wake
from bot.app.running import Log, Runner

EVERY = dt.timedelta(days=1)
WHILE_WRONG = dt.timedelta(hours=1)
"""Somebody is mending it, and is told when it is right."""
SOON = dt.timedelta(minutes=10)
"""Until it is tried again where it could not be read, or what came of it not be written down."""

Read = Callable[[], Awaitable[Hosted]]
"""What the vendor has now. Raises Unreadable."""


class FallbackWatch:
    """`forever` looks at the start, once a day, and whenever `setup` is replaced. Without `read` there is nothing to
    look at. `screen_url` is where whoever picks up is asked for a key."""

    def __init__(
        self,
        *,
        read: Read | None,
        screen_url: str,
        setup: Setup,
        run: Runner,
        clock: Clock,
        wake: Wake,
        log: Log,
    ) -> None:
        self._read, self._screen_url = read, screen_url
        self._setup, self._run, self._clock, self._wake, self._log = setup, run, clock, wake, log
        self._changed = asyncio.Event()

    @property
    def setup(self) -> Setup:
        """What is in force. A new one has the document looked at again."""
        return self._setup

    @setup.setter
    def setup(self, setup: Setup) -> None:
        self._setup = setup
        self._changed.set()

    async def forever(self) -> None:
        """Look; sleep until the next look or a reload."""
        while True:
            self._changed.clear()
            await self._wait(await self.once())

    async def once(self) -> dt.datetime | None:
        """One look; returns when the next is due, None where there is nothing to look at. Whatever goes wrong, it is put
        off: Standby can page without it."""
        if self._read is None:
            return None
        try:
            return await self._look(self._read)
        except Exception as error:
            self._log("fallback_not_looked_at", error=f"{type(error).__name__}: {error}"[:200])
            return self._clock.now() + SOON

    async def _look(self, read: Read) -> dt.datetime:
        found: Hosted | Unreadable
        try:
            found = await read()
        except Unreadable as error:
            self._log("fallback_unread", why=str(error))
            found = error
        now, setup = self._clock.now(), self._setup
        right = await self._run(
            lambda uow: looked(Context(uow=uow, now=now, setup=setup), found, self._screen_url)
        )
        self._wake()
        if isinstance(found, Unreadable):
            return now + SOON
        return now + (EVERY if right else WHILE_WRONG)

    async def _wait(self, at: dt.datetime | None) -> None:
        if at is None:
            await self._changed.wait()
            return
        try:
            async with asyncio.timeout(max(self._clock.real_seconds_until(at), 0.001)):
                await self._changed.wait()
        except TimeoutError:
            return
