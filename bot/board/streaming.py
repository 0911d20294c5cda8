"""Streams to open pages: so many a session, each for as long as the session is good, none that outlives the process."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import cast

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from bot.board.access import Access
from bot.board.stream import Stream
from bot.board.viewer import Viewer

MOST = 10
"""Pages that one log-in keeps open: beyond that they are forgotten tabs."""
QUIET = 20.0
"""Seconds of this machine without an event after which a line goes out all the same: proxies cut what is silent, and a
page that hears nothing for longer is stale."""
STALLED = 30.0
"""Seconds for which a page may take nothing of what it is sent; then its connection is cut."""
LAST_WORD = 0.5
"""The same once its session is over."""
HEADERS = {"content-type": "text/event-stream", "x-accel-buffering": "no"}
CHECKED = dt.timedelta(seconds=30)
"""So often it is asked whether the session is still good; that also notes that somebody is there."""


@dataclasses.dataclass(kw_only=True, eq=False)
class Seat:
    """One page of a session's: taken before anything is awaited, so that many at once are counted, too. `sending` is how
    long what is under way may take."""

    session: str
    ended: bool = False
    sending: asyncio.Timeout | None = None

    def end(self) -> None:
        """Whoever takes nothing holds nothing up."""
        self.ended = True
        if self.sending is not None and not self.sending.expired():
            self.sending.reschedule(asyncio.get_running_loop().time() + LAST_WORD)


@dataclasses.dataclass(kw_only=True)
class Streams:
    """What is open, by session."""

    stream: Stream
    access: Access
    open: dict[str, list[asyncio.Task[None]]] = dataclasses.field(default_factory=dict)
    seats: dict[str, list[Seat]] = dataclasses.field(default_factory=dict)
    closed: bool = False

    def told(self, viewer: Viewer, cookie: str, query: Mapping[str, str], last: str) -> Told | None:
        """The answer to one page; None where its session has as many as it may."""
        taken = self.seats.setdefault(viewer.session, [])
        if len(taken) >= MOST:
            return None
        taken.append(seat := Seat(session=viewer.session))
        return Told(self, seat, self.events(viewer, cookie, query, last))

    def free(self, seat: Seat) -> None:
        """Its page is closed."""
        self.seats[seat.session].remove(seat)
        if not self.seats[seat.session]:
            del self.seats[seat.session]

    def end(self, viewer: Viewer) -> None:
        """All of a session's, at once."""
        for reading in self.open.get(viewer.session, ()):
            reading.cancel()
        for seat in self.seats.get(viewer.session, ()):
            seat.end()

    def close(self) -> None:
        """The process ends. A page that comes back finds the next one."""
        self.closed = True
        self.end_all()

    def end_all(self) -> None:
        """Everybody's, at once; pages of sessions that are still good come back."""
        for reading in [one for several in self.open.values() for one in several]:
            reading.cancel()
        for seat in [one for several in self.seats.values() for one in several]:
            seat.end()

    async def events(
        self, viewer: Viewer, cookie: str, query: Mapping[str, str], last: str
    ) -> AsyncIterator[bytes]:
        """What the page hears, until it is closed, or its person may not look any more."""
        if self.closed:
            return
        heard: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)
        reading = asyncio.create_task(_read(self.stream.events(viewer, query, last), heard))
        self.open.setdefault(viewer.session, []).append(reading)
        try:
            checked = self.access.house.clock.now()
            while (event := await _next(heard)) is not None:
                now = self.access.house.clock.now()
                if now - checked >= CHECKED:
                    checked = now
                    if not await self._still(viewer, cookie):
                        return
                yield event
        finally:  # without any await: whoever has gone away has cancelled them all
            reading.cancel()
            self.open[viewer.session].remove(reading)
            if not self.open[viewer.session]:
                del self.open[viewer.session]

    async def _still(self, viewer: Viewer, cookie: str) -> bool:
        """The same person, of the same teams: another is another page."""
        now = await self.access.viewer(cookie)
        return now is not None and now.teams == viewer.teams


class Told(StreamingResponse):
    """Server-sent events. Raises ConnectionAbortedError where nobody takes them; the connection is to be cut then."""

    def __init__(self, streams: Streams, seat: Seat, events: AsyncIterator[bytes]) -> None:
        super().__init__(events, headers=HEADERS)
        self._streams, self._seat = streams, seat
        self._events = cast("AsyncGenerator[bytes, None]", events)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Until it ends; however it does, its seat is free."""

        async def bounded(message: Message) -> None:
            try:
                limit = LAST_WORD if self._seat.ended else STALLED
                async with asyncio.timeout(limit) as self._seat.sending:
                    await send(message)
            except TimeoutError:
                raise ConnectionAbortedError("nobody takes what is sent") from None
            finally:
                self._seat.sending = None

        try:
            await super().__call__(scope, receive, bounded)
        finally:
            self._streams.free(self._seat)
            await self._events.aclose()


async def _read(source: AsyncIterator[bytes], heard: asyncio.Queue[bytes | None]) -> None:
    """In a task of its own, so that the source is closed whatever becomes of the page. No faster than the page takes it."""
    try:
        async with contextlib.aclosing(cast("AsyncGenerator[bytes, None]", source)) as events:
            async for event in events:
                await heard.put(event)
    finally:
        while not heard.empty():
            heard.get_nowait()
        heard.put_nowait(None)


async def _next(heard: asyncio.Queue[bytes | None]) -> bytes | None:
    """The next event, a line without meaning where there is none for a while, None at the end."""
    try:
        async with asyncio.timeout(QUIET):
            return await heard.get()
    except TimeoutError:
        return b": still here\n\n"
