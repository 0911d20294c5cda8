"""Who looks at the board, and what each of them is told when a line changes.

Nobody asks the database over and over: the hub looks when it is woken, and when a line changes by itself. A change is
written once for all who read the same language and zone."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
from collections import deque
from collections.abc import Iterable

import jinja2

from bot.app.rows import StorageError
from bot.app.speech import Speech
from bot.board.lines import Filter, line_of, may_see, standing_of
from bot.board.open_tickets import FRESH, Change, Kept, Key, OpenTickets
from bot.board.viewer import House, Viewer
from bot.board.wire import beat, event, speed_of
from escalation.instants import from_local

BULK = 200
"""When more lines than this change at once (a desk opens), readers fetch the list anew."""
ROOM = 200
"""Events that wait for one reader; whoever is slower is cut off, and comes back."""
REMEMBERED = 500
"""Tickets that are gone, for readers who come back."""
DIGITS = 18
"""Of the number that a reader goes on from; longer ones are none of ours."""
PIECE = 50
"""Lines that are put into words at a stretch."""
IDLE = 300.0
"""Seconds without a reader after which nothing is kept."""
AGAIN = 2.0
"""Seconds until the next look when the database could not be read."""
JUMP = 2.0
"""Seconds by which the clock may differ from what was told before it is told again."""


@dataclasses.dataclass(kw_only=True, eq=False)
class Watcher:
    """Somebody whose browser is open. None in the queue ends it."""

    viewer: Viewer
    wanted: Filter
    queue: asyncio.Queue[bytes | None] = dataclasses.field(default_factory=asyncio.Queue)

    @property
    def key(self) -> Key:
        return self.viewer.language, self.viewer.zone

    def may_have(self, kept: Kept) -> bool:
        """May its page have shown this ticket before, when it was another severity?"""
        return self.wanted.ticket in ("", kept.ticket.id)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listing:
    """What a reader sees now, in order. `mine` is what they could see without their filter; `id` where the stream goes on
    from."""

    lines: tuple[Kept, ...]
    html: tuple[str, ...]
    mine: tuple[Kept, ...]
    id: str


@dataclasses.dataclass(kw_only=True, eq=False)
class Hub:
    """`forever` is to run beside; `wake` after each unit of work that may have changed something."""

    house: House
    templates: jinja2.Environment
    watchers: set[Watcher] = dataclasses.field(default_factory=set)

    def __post_init__(self) -> None:
        self.tickets = OpenTickets(house=self.house)
        self._line = self.templates.get_template("line.html")
        self._woken, self._turn = asyncio.Event(), asyncio.Lock()
        self._gone: deque[tuple[int, Kept]] = deque(maxlen=REMEMBERED)
        self._epoch, self._version, self._since = "", 0, 0
        self._midnights: dict[Key, dt.datetime] = {}
        self._told_time: tuple[float, float, float] | None = None
        self._asked = 0.0

    # ------------------------------------------------------------ running
    def wake(self) -> None:
        """Something may have changed."""
        self._woken.set()

    async def forever(self) -> None:
        """Look when woken and when a line changes by itself; while nobody watches, not at all."""
        loop = asyncio.get_running_loop()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience()):
                    await self._woken.wait()
            self._woken.clear()
            if self.watchers:
                try:
                    await self.look()
                except StorageError as error:
                    self.house.log("storage_refused", task="board", error=str(error))
                    loop.call_later(AGAIN, self.wake)
            elif self.tickets.kept and loop.time() > self._asked + IDLE:
                self.tickets.forget()

    def _patience(self) -> float | None:
        """Seconds until a line changes by itself, or a day ends somewhere."""
        if not self.watchers:
            return IDLE if self.tickets.kept else None
        ats = [at for at in (self.tickets.next_change(), *self._midnights.values()) if at is not None]
        return max(self.house.clock.real_seconds_until(min(ats)), 0.02) if ats else None

    async def look(self) -> None:
        """What is kept is as the database has it now, and everybody has been told. Raises StorageError."""
        async with self._turn:
            changes = await self.tickets.refresh()
            self._epoch = self._epoch or self.house.setup().random.token()
            if changes is None or len(changes) > BULK:
                self._start_over(self.watchers)
            else:
                self._tell(changes)
            self._days_end()
            self._tell_jumps()

    # ------------------------------------------------------------ readers
    async def join(self, viewer: Viewer, wanted: Filter, last: str) -> Watcher:
        """One more who is told; first what changed since `last`, or that the list is to be fetched anew."""
        await self.look()
        watcher = Watcher(viewer=viewer, wanted=wanted)
        self.watchers.add(watcher)
        self._catch_up(watcher, last)
        self.wake()
        return watcher

    def leave(self, watcher: Watcher) -> None:
        self.watchers.discard(watcher)
        self._asked = asyncio.get_running_loop().time()

    async def listing(self, viewer: Viewer, wanted: Filter) -> Listing:
        """The lines as they are now."""
        await self.look()
        self._asked = asyncio.get_running_loop().time()
        reader = Watcher(viewer=viewer, wanted=wanted)
        self._midnights.setdefault(reader.key, self._midnight(reader.key))
        directory = self.house.setup().directory
        kept = self.tickets.kept.values()
        mine = sorted((k for k in kept if may_see(viewer, k.ticket, directory)), key=_by_place)
        shown, id = [k for k in mine if wanted.fits(k.ticket)], self.id
        now = self.house.clock.now()
        missing = [k for k in shown if not k.written(reader.key, now)]
        for start in range(0, len(missing), PIECE):
            await asyncio.to_thread(self._write, missing[start : start + PIECE], reader.key)
        html = tuple(self._html(k, reader.key) for k in shown)
        return Listing(lines=tuple(shown), html=html, mine=tuple(mine), id=id)

    @property
    def id(self) -> str:
        """Where we are: which start, and how many changes ago that was."""
        return f"{self._epoch}-{self._version}"

    def _catch_up(self, watcher: Watcher, last: str) -> None:
        epoch, _, number = last.rpartition("-")
        version = int(number) if number.isdecimal() and len(number) <= DIGITS else -1
        oldest = self._gone[0][0] if len(self._gone) == REMEMBERED else 0
        missed = self._missed(watcher, version)
        if epoch != self._epoch or version < max(self._since, oldest) or len(missed) > ROOM // 2:
            self._put(watcher, event("reset", self.id, self.id))
            return
        for n, kept, shown in missed:
            self._put(watcher, self._news(kept, watcher.key, n) if shown else self._end(kept, n))

    def _missed(self, watcher: Watcher, version: int) -> list[tuple[int, Kept, bool]]:
        """What changed since, in order, and whether it is to be seen. What does not fit the filter may have fitted it
        before: that it is gone harms no page that never had it."""
        open_ = [(k.version, k, self.sees(watcher, k)) for k in self.tickets.kept.values()]
        all_ = [*open_, *((n, k, False) for n, k in self._gone)]
        directory, viewer = self.house.setup().directory, watcher.viewer
        found = [
            (n, k, shown)
            for n, k, shown in all_
            if n > version and watcher.may_have(k) and may_see(viewer, k.ticket, directory)
        ]
        return sorted(found, key=lambda it: it[0])

    def sees(self, watcher: Watcher, kept: Kept) -> bool:
        """Is it on their page?"""
        directory = self.house.setup().directory
        return watcher.wanted.fits(kept.ticket) and may_see(watcher.viewer, kept.ticket, directory)

    # ------------------------------------------------------------ telling
    def _tell(self, changes: Iterable[Change]) -> None:
        """One small event for each who sees it, written once a language and zone."""
        for old, new in changes:
            self._version += 1
            if new is not None:
                new.version = self._version
            elif old is not None:
                self._gone.append((self._version, old))
            written: dict[Key, bytes] = {}
            for watcher in tuple(self.watchers):
                if new is not None and self.sees(watcher, new):
                    if watcher.key not in written:
                        written[watcher.key] = self._news(new, watcher.key, self._version)
                    self._put(watcher, written[watcher.key])
                elif old is not None and self.sees(watcher, old):
                    self._put(watcher, self._end(old, self._version))

    def _start_over(self, watchers: Iterable[Watcher]) -> None:
        """Nobody can go on from what they have."""
        self._version += 1
        self._since = self._version
        self._gone.clear()
        for watcher in tuple(watchers):
            self._put(watcher, event("reset", self.id, self.id))

    def _news(self, kept: Kept, key: Key, version: int) -> bytes:
        if not kept.written(key, self.house.clock.now()):
            self._write([kept], key)
        return event("line", self._html(kept, key), f"{self._epoch}-{version}")

    def _html(self, kept: Kept, key: Key) -> str:
        """The line as it was written last."""
        if key not in kept.html:
            self._write([kept], key)
        return kept.html[key][1]

    def _end(self, kept: Kept, version: int) -> bytes:
        return event("gone", kept.ticket.id, f"{self._epoch}-{version}")

    def _put(self, watcher: Watcher, item: bytes) -> None:
        """Whoever does not keep up is cut off."""
        if watcher.queue.qsize() < ROOM:
            watcher.queue.put_nowait(item)
            return
        self.leave(watcher)
        while not watcher.queue.empty():
            watcher.queue.get_nowait()
        watcher.queue.put_nowait(None)

    def _write(self, several: Iterable[Kept], key: Key) -> None:
        language, zone = key
        speech = Speech(language=language, zone=zone, now=self.house.clock.now())
        setup = self.house.setup()
        for kept in several:
            fresh = abs(speech.now - kept.at) < FRESH
            standing = kept.standing if fresh else standing_of(setup, kept.ticket, speech.now)
            line = line_of(setup, kept.ticket, kept.page, standing, speech, kept.calls)
            kept.html[key] = speech.now, self._line.render(line=line, s=speech).strip()

    # ------------------------------------------------------------ time
    def _midnight(self, key: Key) -> dt.datetime:
        zone = key[1]
        return from_local(
            zone, self.house.clock.now().astimezone(zone).date() + dt.timedelta(days=1), dt.time()
        )

    def _days_end(self) -> None:
        """`tomorrow 10:30` is `10:30` after midnight: what was written for that zone is out of date."""
        now, read = self.house.clock.now(), {watcher.key for watcher in self.watchers}
        for key in read - self._midnights.keys():
            self._midnights[key] = self._midnight(key)
        for key in [key for key, at in self._midnights.items() if at <= now]:
            del self._midnights[key]
            if key in read:
                self._midnights[key] = self._midnight(key)
            self._start_over([w for w in self.watchers if w.key == key])

    def _tell_jumps(self) -> None:
        """A clock that was set, or runs at another speed, is told at once: browsers count for themselves."""
        now, real = self.house.clock.now().timestamp(), asyncio.get_running_loop().time()
        speed = speed_of(self.house.clock)
        if self._told_time is not None:
            was, at, before = self._told_time
            if speed != before or abs(was + (real - at) * before - now) > JUMP * max(before, 1.0):
                for watcher in tuple(self.watchers):
                    self._put(watcher, beat(self.house.clock))
        self._told_time = now, real, speed


def _by_place(kept: Kept) -> str:
    return kept.place
