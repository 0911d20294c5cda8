"""The board's live events: what one reader's browser is sent while it is open."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Mapping

import jinja2

from bot.board.hub import Hub, Watcher
from bot.board.lines import Filter
from bot.board.viewer import House, Viewer
from bot.board.wire import beat

BEAT = 15.0
"""Seconds between signs of life."""
RETRY = b"retry: 2000\n\n"
"""Milliseconds after which a browser that lost us comes back."""


@dataclasses.dataclass(kw_only=True)
class Stream:
    """Ends when its reader is too slow, or leaves."""

    house: House
    templates: jinja2.Environment
    hub: Hub

    async def events(self, viewer: Viewer, query: Mapping[str, str], last: str) -> AsyncIterator[bytes]:
        """`last` is the browser's Last-Event-ID, empty at first: then `since` of the query says what its page shows."""
        watcher = await self.hub.join(viewer, Filter.of(query), last or query.get("since", ""))
        loop = asyncio.get_running_loop()
        try:
            yield RETRY + beat(self.house.clock)
            next_beat = loop.time() + BEAT
            while True:
                item = await _until(watcher, next_beat)
                if item is None:
                    return
                if loop.time() >= next_beat:
                    item, next_beat = item + beat(self.house.clock), loop.time() + BEAT
                yield item
        finally:
            self.hub.leave(watcher)


async def _until(watcher: Watcher, at: float) -> bytes | None:
    """All that waits, or nothing by then; None is the end."""
    try:
        async with asyncio.timeout_at(at):
            item = await watcher.queue.get()
    except TimeoutError:
        return b""
    several = [item]
    while not watcher.queue.empty():
        several.append(watcher.queue.get_nowait())
    return None if None in several else b"".join(it for it in several if it is not None)
