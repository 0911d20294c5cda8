"""The whole bot with its board in front of real browsers; the vendors are the stand-ins, time is the test's."""

from __future__ import annotations

import asyncio
import contextlib
import re
import weakref
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.cable import Cable, laid
from tests.browser.visitor import Opens, Visitor
from tests.fakes import line_bot, line_config
from tests.fakes.line import Line, line

STREAM = "/board/events"


class Desk:
    """`t` is the dialogue of the stand-ins, `cable` lies between the browsers and the bot."""

    def __init__(self, t: Line, cable: Cable, opens: Opens) -> None:
        self.t, self.cable, self._opens = t, cable, opens
        self._visitors: list[Visitor] = []
        self._hub: asyncio.Task[None] | None = None
        self.up()

    def up(self) -> None:
        """The board's own loop runs, as it does beside the bot's others in real life."""
        standby = self.t.bot.standby
        self._hub = asyncio.create_task(standby.board.hub.forever())
        self.t.bot._idle.add(self._hub)

    async def down(self) -> None:
        if self._hub is not None:
            self._hub.cancel()
            await asyncio.gather(self._hub, return_exceptions=True)

    async def starts_again(self, **after: float) -> None:
        """The process ends, and starts again so much later."""
        await self.down()
        await self.t.is_down(**after)
        self.up()

    async def passes(self, **length: float) -> None:
        """Time goes by; open pages hear of it."""
        await self.t.passes(**length)
        self.t.bot.standby.board.hub.wake()

    # ------------------------------------------------------------ people at browsers
    async def link(self, name: str = "Ada") -> str:
        """`/standby board` at the desk; the link that comes in private."""
        await self.t.engineer(name).types("board")
        found = re.search(re.escape(self.cable.url) + r"/board/enter#\w+", self.t.read(name))
        assert found, "no link came"
        return found[0]

    async def opens(self, **how: Any) -> Visitor:
        """A browser that nobody has logged in with."""
        self._visitors.append(await self._opens(**how))
        return self._visitors[-1]

    async def logs_in(self, name: str = "Ada", **how: Any) -> Visitor:
        """By the link, as people do; they look at the board, and it is live."""
        visitor = await self.opens(**how)
        await self.enters(visitor, name)
        return visitor

    async def enters(self, visitor: Visitor, name: str = "Ada") -> None:
        await visitor.page.goto(await self.link(name))
        await visitor.page.get_by_role("button", name="Open the board").click()
        await self.is_live(visitor)

    async def is_live(self, visitor: Visitor) -> None:
        await expect(visitor("#live")).to_have_attribute("data-state", "live")

    async def everybody_leaves(self) -> None:
        """Their pages are closed before the server is: it would be missed."""
        await asyncio.gather(*(one.page.close() for one in self._visitors))

    async def goes(self, visitor: Visitor, path: str) -> None:
        await visitor.page.goto(self.cable.url + path)

    async def emergency(self, words: str = "Our mail server is down") -> None:
        await self.t.customer.writes(words)
        await self.t.customer.answers("1")


@contextlib.asynccontextmanager
async def desk(opens: Opens, **layout: Any) -> AsyncIterator[Desk]:
    """As tests.fakes.line; what is read in chat is not what these tests are about."""
    async with laid() as cable:
        with pytest.MonkeyPatch.context() as patch:
            for module in (line_config, line_bot):
                patch.setattr(module, "PUBLIC", cable.url)
            async with line(**layout) as t:
                cable.target = lambda: t.bot.standby.port
                with _open_pages_are_no_work(t.bot):
                    it = Desk(t, cable, opens)
                    try:
                        yield it
                    finally:
                        await it.everybody_leaves()
                        await it.down()
                    t.looks_away()


@contextlib.contextmanager
def _open_pages_are_no_work(bot: line_bot.RealBot) -> Iterator[None]:
    """Whoever waits until the bot has nothing under way does not wait for streams, which stay open."""
    loop = asyncio.get_running_loop()
    before, streams = loop.get_task_factory(), weakref.WeakSet[Any]()

    def made(loop: asyncio.AbstractEventLoop, work: Any, **more: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(work, loop=loop, **more)
        if _is_stream(work) or asyncio.current_task() in streams:
            streams.add(task)
            bot._idle.add(task)
        return task

    loop.set_task_factory(made)
    try:
        yield
    finally:
        loop.set_task_factory(before)


def _is_stream(work: Any) -> bool:
    """Is it the server's answer to a page that wants to hear what happens?"""
    server = work.cr_frame.f_locals.get("self") if hasattr(work, "cr_frame") else None
    scope = getattr(server, "scope", None)
    return isinstance(scope, dict) and scope.get("path") == STREAM
