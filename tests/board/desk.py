"""A board over the whole bot on memory storage, and somebody who looks at it."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

from bot.board.hub import Hub
from bot.board.pages import Pages
from bot.board.stream import Stream
from bot.board.templating import environment
from bot.board.viewer import House, Viewer
from bot.domain.ids import TeamName
from tests.builders import THANDI
from tests.fakes.world import World

HARM = "<script>alert(1)</script>"


class Desk:
    """`world` is what happens, `hub` and the pages what is seen of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ran = 0
        templates = environment()
        self.house = House(
            run=self._run,
            setup=lambda: self.world.setup,
            clock=world.clock,
            log=lambda event, /, **fields: None,
            wake=lambda: None,
        )
        self.hub = Hub(house=self.house, templates=templates)
        self.pages = Pages(house=self.house, templates=templates, hub=self.hub)
        self.stream = Stream(house=self.house, templates=templates, hub=self.hub)

    async def _run(self, work: Any) -> Any:
        self.ran += 1
        return await self.world.run(work)

    def viewer(self, *teams: str, language: str = "en", zone: str = "Africa/Johannesburg") -> Viewer:
        return Viewer(
            person=self.world.directory.person("ada"),
            teams=frozenset(TeamName(t) for t in teams or ("desk",)),
            language=language,
            zone=ZoneInfo(zone),
            session="s",
            csrf="csrf-1",
        )

    async def asks(self, text: str = "our mail server is down", severity: str = "1") -> None:
        """A customer's ticket, with its severity said."""
        await self.world.says(THANDI, f"new: {text}")
        await self.world.says(THANDI, severity)

    @contextlib.asynccontextmanager
    async def watching(
        self, viewer: Viewer | None = None, last: str = "", **query: str
    ) -> AsyncIterator[Browser]:
        events = self.stream.events(viewer or self.viewer(), query, last)
        browser = Browser(events=events)
        try:
            await browser.hears()
            yield browser
        finally:
            await events.aclose()  # type: ignore[attr-defined]


@dataclasses.dataclass
class Browser:
    """What arrives over the wire, as a browser takes it apart."""

    events: AsyncIterator[bytes]

    async def hears(self) -> list[tuple[str, str, str]]:
        """The events of the next chunk: kind, data, id."""
        async with asyncio.timeout(5):
            chunk = (await anext(self.events)).decode()
        return [_event(block) for block in chunk.split("\n\n") if "event: " in block]

    async def hears_of(self, kind: str, words: str = "") -> list[tuple[str, str, str]]:
        """All events up to one of that kind with those words in it."""
        seen: list[tuple[str, str, str]] = []
        async with asyncio.timeout(5):
            while not any(k == kind and words in data for k, data, _ in seen):
                seen += await self.hears()
        return seen


def _event(block: str) -> tuple[str, str, str]:
    fields: dict[str, list[str]] = {}
    for line in block.splitlines():
        name, _, value = line.partition(": ")
        fields.setdefault(name, []).append(value)
    return fields["event"][0], "\n".join(fields.get("data", [])), "".join(fields.get("id", []))
