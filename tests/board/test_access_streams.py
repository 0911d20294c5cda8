"""An open page is somebody who is there; it hears nothing more once its session is over."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from bot.app.board_link import new_link
from bot.app.bus import inline
from bot.app.context import Setup
from bot.board import streaming
from bot.board.access import Access
from bot.board.streaming import Streams
from bot.board.viewer import House, Viewer
from bot.domain.ids import TeamName
from storage.memory import MemoryStore
from tests.builders import directory, people
from tests.fakes.world import MONDAY_NOON, FakeClock, FakeRandom

IDLE, ABSOLUTE = dt.timedelta(minutes=30), dt.timedelta(hours=12)


class Events:
    """A stream of what a test puts in."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.over = 0

    async def events(self, viewer: Viewer, query: Mapping[str, str], last: str) -> AsyncIterator[bytes]:
        try:
            while True:
                yield await self.queue.get()
        finally:
            self.over += 1


class Desk:
    """Ada is logged in, with a page open."""

    def __init__(self) -> None:
        self.clock = FakeClock(MONDAY_NOON)
        self.setup = Setup(
            directory=directory(), capabilities={}, random=FakeRandom(), public_url="https://desk.example.com"
        )
        self.house = House(
            run=inline(MemoryStore()),
            setup=lambda: self.setup,
            clock=self.clock,
            log=lambda event, /, **fields: None,
            wake=lambda: None,
        )
        self.access = Access(house=self.house, idle=IDLE, absolute=ABSOLUTE)
        self.source = Events()
        self.streams = Streams(stream=self.source, access=self.access)  # type: ignore[arg-type]
        self.cookie = ""

    async def opens(self) -> AsyncIterator[bytes]:
        ada = self.setup.directory.person("ada")
        link = await self.house.run(lambda uow: new_link(self.house.context(uow), ada))
        entered = await self.access.enter(link.partition("#")[2], "")
        assert entered is not None
        self.cookie = entered.cookie
        viewer = await self.access.viewer(self.cookie)
        assert viewer is not None
        return self.streams.events(viewer, self.cookie, {}, "")

    async def hears(self, page: AsyncIterator[bytes], after: dt.timedelta) -> bytes | None:
        """What comes next, so much later; None is the end."""
        self.clock.at += after
        self.source.queue.put_nowait(b"data: x\n\n")
        return await asyncio.wait_for(anext(page, None), 5)

    def changes(self, **ada: Any) -> None:
        """The configuration says something else of Ada."""
        first, *others = people()
        changed = directory(people=(dataclasses.replace(first, **ada), *others))
        self.setup = dataclasses.replace(self.setup, directory=changed)


async def test_an_open_page_is_somebody_who_is_there() -> None:
    desk = Desk()
    page = await desk.opens()
    assert await desk.hears(page, dt.timedelta())
    for _ in range(6):
        assert await desk.hears(page, dt.timedelta(minutes=20)) == b"data: x\n\n"
    assert await desk.access.viewer(desk.cookie) is not None
    await page.aclose()  # type: ignore[attr-defined]
    desk.clock.at += IDLE
    assert await desk.access.viewer(desk.cookie) is None


async def test_it_ends_with_the_session() -> None:
    desk = Desk()
    page = await desk.opens()
    assert await desk.hears(page, dt.timedelta())
    for _ in range(35):
        assert await desk.hears(page, dt.timedelta(minutes=20))
    assert await desk.hears(page, dt.timedelta(minutes=20)) is None
    assert desk.streams.open == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"roles": frozenset({"operator"})},
        {"teams": frozenset()},
        {"teams": frozenset({TeamName("another")})},
    ],
    ids=str,
)
async def test_it_ends_with_the_persons_work(changed: dict[str, Any]) -> None:
    desk = Desk()
    page = await desk.opens()
    assert await desk.hears(page, dt.timedelta(seconds=1))
    desk.changes(**changed)
    assert await desk.hears(page, dt.timedelta(seconds=30)) is None
    assert await desk.access.viewer(desk.cookie) is None


async def test_silence_is_broken_so_that_nobody_cuts_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "QUIET", 0.01)
    desk = Desk()
    page = await desk.opens()
    assert await asyncio.wait_for(anext(page), 5) == b": still here\n\n"
    assert await desk.hears(page, dt.timedelta()) == b"data: x\n\n"


async def test_the_source_is_closed_with_the_page() -> None:
    desk = Desk()
    page = await desk.opens()
    assert await desk.hears(page, dt.timedelta())
    (reading,) = next(iter(desk.streams.open.values()))
    await page.aclose()  # type: ignore[attr-defined]
    await asyncio.wait([reading])
    assert (desk.source.over, desk.streams.open) == (1, {})


async def test_nothing_is_opened_while_the_process_ends() -> None:
    desk = Desk()
    page = await desk.opens()
    desk.streams.close()
    assert [event async for event in page] == []
