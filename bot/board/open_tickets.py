"""All open tickets, read once and then kept true by the end of the event log. Read in small units of work: pages come
first, and the embedded database has one writer."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.app.context import Setup
from bot.app.rows import UnitOfWork
from bot.board.lines import Standing, place_of, standing_of
from bot.board.tail import Tail
from bot.board.viewer import House
from bot.domain.events import Recorded
from bot.domain.hotline import Call
from bot.domain.ids import TicketId
from bot.domain.page import Page
from bot.domain.ticket import Ticket

BATCH = 200
"""Tickets in one unit of work."""
EVENTS = 100
"""Of the log in one unit of work, each with its ticket."""

FRESH = dt.timedelta(seconds=5)
"""For so long words for a time are good: many pages that are loaded at once are written once."""

Key: TypeAlias = tuple[str, ZoneInfo]
"""A language and a zone: readers who share them share what is written."""
Calls: TypeAlias = tuple[Call, ...]
"""Those that have not ended."""
Read: TypeAlias = dict[TicketId, tuple[Ticket | None, Page | None, Calls]]


@dataclasses.dataclass(kw_only=True, eq=False)
class Kept:
    """An open ticket as it was read; `standing` is as of `at`. `html` is its line and when it was written, by reader: words
    for a time go out of date. `version` counts the hub's changes."""

    ticket: Ticket
    page: Page | None
    standing: Standing
    at: dt.datetime
    place: str
    calls: Calls = ()
    version: int = 0
    html: dict[Key, tuple[dt.datetime, str]] = dataclasses.field(default_factory=dict)

    def written(self, key: Key, now: dt.datetime) -> bool:
        """Are there words that are still true?"""
        at, _ = self.html.get(key, (None, ""))
        if at is None or abs(now - at) >= FRESH:
            return False
        return at.astimezone(key[1]).date() == now.astimezone(key[1]).date()


Change: TypeAlias = tuple[Kept | None, Kept | None]
"""What was kept, and what is now; None is a ticket that is not open."""


@dataclasses.dataclass(kw_only=True)
class OpenTickets:
    """`setup` is the one that all of it was made with."""

    house: House
    kept: dict[TicketId, Kept] = dataclasses.field(default_factory=dict)
    setup: Setup | None = None
    _tail: Tail | None = None

    async def refresh(self) -> list[Change] | None:
        """As the database and the clock have it now; None: everything may be different. Raises StorageError."""
        setup = self.house.setup()
        anew = self._tail is None or setup is not self.setup
        tail, self._tail = self._tail, None  # should anything fail, all is read again
        if tail is None or anew:
            tail = await self._load(setup)
        read = await self._news(tail)
        self._tail = tail
        changes = self._put_in_place(setup, read)
        return None if anew else changes

    def forget(self) -> None:
        """Nobody looks: the next reader has it read again."""
        self.kept, self._tail = {}, None

    def next_change(self) -> dt.datetime | None:
        """When the first of them changes by itself."""
        ats = (k.standing.changes for k in self.kept.values() if k.standing.changes is not None)
        return min(ats, default=None)

    async def _load(self, setup: Setup) -> Tail:
        def start(uow: UnitOfWork) -> tuple[int, dict[TicketId, Page], Sequence[Call]]:
            return uow.log.latest(), {page.ticket: page for page in uow.pages.open()}, uow.calls.live()

        seq, pages, live = await self.house.run(start)
        fresh: dict[TicketId, Kept] = {}
        last: tuple[int, Ticket] | None = None
        while batch := await self._batch(last):
            for _, ticket in batch:
                calls = tuple(call for call in live if call.ticket == ticket.id)
                fresh[ticket.id] = self._made(setup, ticket, pages.get(ticket.id), calls)
            last = batch[-1]
        self.kept, self.setup = fresh, setup
        return Tail(seq=seq)

    async def _batch(self, last: tuple[int, Ticket] | None) -> Sequence[tuple[int, Ticket]]:
        return await self.house.run(lambda uow: uow.tickets.open(last, BATCH))

    async def _news(self, tail: Tail) -> Read:
        """Every ticket of which something is in the log that was not seen before."""
        now, read = self.house.clock.now(), Read()
        behind = tail.floor(now)
        while True:
            found, states = await self.house.run(lambda uow, b=behind: _read(uow, tail, b))  # type: ignore[misc]
            tail.take(found, now)
            read |= states
            if len(found) < EVENTS:
                return read
            behind = found[-1].seq

    def _put_in_place(self, setup: Setup, read: Read) -> list[Change]:
        now = self.house.clock.now()
        due = [k for k in self.kept.values() if (at := k.standing.changes) is not None and at <= now]
        states: Read = {k.ticket.id: (k.ticket, k.page, k.calls) for k in due} | read
        changes: list[Change] = []
        for id, (ticket, page, calls) in states.items():
            old, new = self.kept.pop(id, None), None
            if ticket is not None and ticket.status.is_open:
                new = self.kept[id] = self._made(setup, ticket, page, calls)
            if old is not None or new is not None:
                changes.append((old, new))
        return changes

    def _made(self, setup: Setup, ticket: Ticket, page: Page | None, calls: Calls) -> Kept:
        now = self.house.clock.now()
        standing = standing_of(setup, ticket, now)
        place = place_of(setup, ticket, standing)
        return Kept(ticket=ticket, page=page, standing=standing, at=now, place=place, calls=calls)


def _read(uow: UnitOfWork, tail: Tail, behind: int) -> tuple[Sequence[Recorded], Read]:
    found = uow.log.after(behind, EVENTS)
    return found, {
        id: (uow.tickets.peek(id), uow.pages.latest_of(id), live_calls(uow, id)) for id in tail.fresh(found)
    }


def live_calls(uow: UnitOfWork, ticket: TicketId) -> Calls:
    """Who of a ticket's callers is on the line."""
    return tuple(call for call in uow.calls.of(ticket) if call.ended is None)
