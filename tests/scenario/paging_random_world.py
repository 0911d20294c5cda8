"""A night goes by: what people, vendors, clocks and processes do to a world, and a record of each attempt to page."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from bot.app.ports import (
    Capabilities,
    DeliveryError,
    OutcomeUnknown,
    Outgoing,
    Permanent,
    Receipt,
    Temporary,
)
from bot.app.rows import OutboxItem
from bot.domain import notices as no
from bot.domain.ids import Address
from bot.domain.message import CardView
from bot.domain.page import Page
from bot.domain.people import Directory, Person
from storage.memory import MemoryStore
from tests.builders import SIPHO, THANDI
from tests.fakes.world import MONDAY_NOON, FakeChannel, World
from tests.scenario.paging_random_nights import Night

CUSTOMERS = (THANDI, SIPHO, *(f"+2782000000{n}" for n in range(6)))
ERRORS: tuple[Callable[[], DeliveryError], ...] = (
    lambda: Temporary("away"),
    lambda: Temporary("slowly", retry_after=5),
    lambda: Temporary("much too fast", retry_after=90),
    lambda: OutcomeUnknown("timeout"),
    lambda: Permanent("gone"),
)
LENGTHS = (0.1, 0.5, 1, 1, 2, 5, 5, 6, 10, 31, 60)
"""Minutes."""
SECRET = "xinsidex"


class Died(Exception):
    """The process ended in the middle of something."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Try:
    """A vendor was asked to do something. `real` and `up`: seconds of the night, and of those with a process."""

    n: int
    at: dt.datetime
    real: float
    up: float
    channel: str
    item: OutboxItem | None
    outgoing: Outgoing
    error: DeliveryError | None
    message: str = ""
    over: tuple[str, ...] = ()
    """Which pages of it had ended before it was sent."""
    start: int = 0
    """How often the process was started, or its clock set back, before."""


def pages_in(item: OutboxItem | None) -> list[str]:
    """The pages that a row tells of."""
    if item is not None and isinstance(item.notice, no.PageBundle):
        return [b.page for b in item.notice.pages]
    return [item.notice.page] if item is not None and isinstance(item.notice, no.PageCall) else []


class Watched:
    """A channel whose vendor can be down for a while; it tells `night` of each try."""

    def __init__(self, inner: FakeChannel, night: RandomWorld) -> None:
        self.inner, self.night = inner, night
        self.down: tuple[dt.datetime, Callable[[], DeliveryError]] | None = None

    @property
    def capabilities(self) -> Capabilities:
        return self.inner.capabilities

    def error(self) -> DeliveryError | None:
        """What the vendor says now, where it is down. (Its end is in real time.)"""
        if self.down is None or self.night.real_now >= self.down[0]:
            return None
        return self.down[1]()

    async def send(self, outgoing: Outgoing) -> Receipt:
        error, receipt = self.error(), Receipt(message="")
        try:
            if error is not None:
                raise error
            receipt = await self.inner.send(outgoing)
        except DeliveryError as caught:
            error = caught
        self.night.tried(self.inner.name, outgoing, error, receipt.message)
        if error is not None:
            raise error
        return receipt

    async def put_card(self, address: Address, card: CardView, message: str, token: str) -> Receipt:
        if (error := self.error()) is not None:
            raise error
        return await self.inner.put_card(address, card, message, token)

    async def mark(self, address: Address, message: str, mark: str) -> None:
        if (error := self.error()) is not None:
            raise error
        await self.inner.mark(address, message, mark)


class RandomWorld(World):
    """`trace` says what was done, for whoever has to find out why."""

    def __init__(self, night: Night) -> None:
        self.night, self.tables_store = night, MemoryStore()
        self.tries: list[Try] = []
        self.trace: list[str] = []
        self.skew = dt.timedelta()
        self.off = dt.timedelta()
        """How long no process ran so far."""
        self.dying = False
        self.reloaded = 0.0
        self.watch: Callable[[], None] = lambda: None
        self.reloads = 0
        self.starts = 0
        self.commands_said: set[str] = set()
        self.acked: list[tuple[str, Page]] = []
        """Who acknowledged which page while it was open."""
        self.pressed: set[str] = set()
        """The tokens of calls on which a key was pressed."""
        self.by_hand: list[tuple[float, str]] = []
        """When an engineer changed how a ticket is paged."""
        at = MONDAY_NOON + dt.timedelta(minutes=night.start)
        super().__init__(at=at, people=night.directory(), store=self.tables_store)
        self.begun = at
        self.replace_setup(night.directory())
        self.watched = {name: Watched(channel, self) for name, channel in self.channels.items()}
        for lane in self.lanes:
            lane.channels = {name: self.watched[name] for name in lane.channels}  # type: ignore[misc]

    # ------------------------------------------------------------ time
    @property
    def real_now(self) -> dt.datetime:
        """The time of the night, whatever the machine's clock says."""
        return self.clock.at + self.skew

    @property
    def real(self) -> float:
        return (self.real_now - self.begun).total_seconds()

    @property
    def up(self) -> float:
        return self.real - self.off.total_seconds()

    @property
    def tables(self) -> Any:
        return self.tables_store._tables

    async def settle(self) -> None:
        await super().settle()
        self.watch()

    def tried(self, channel: str, outgoing: Outgoing, error: DeliveryError | None, message: str) -> None:
        item = self.store.transact(lambda uow: uow.outbox.by_token(outgoing.token))
        over = [p for p in pages_in(item) if not self.tables.pages.rows[p][1].is_open]
        self.tries.append(
            Try(
                n=len(self.tries),
                at=self.clock.at,
                real=self.real,
                up=self.up,
                channel=channel,
                item=item,
                outgoing=outgoing,
                error=error,
                message=message,
                over=tuple(over),
                start=self.starts,
            )
        )

    def replace_setup(self, directory: Directory) -> None:
        self.directory = directory
        self.setup = dataclasses.replace(self.setup, directory=directory, probe=self._probe)
        self.bus.setup = self.setup
        for lane in self.lanes:
            lane.setup = self.setup

    def _probe(self, point: str) -> None:
        if self.dying and point == "out.after_send":
            raise Died

    # ------------------------------------------------------------ what happens
    async def live(self) -> None:
        for name, a, b, c, d in self.night.deeds:
            self.trace.append(f"{self.clock.at:%a %H:%M:%S} {name} {a} {b} {c} {d}")
            deed: Callable[[int, int, int, int], Awaitable[None]] = getattr(self, f"do_{name}")
            await deed(a, b, c, d)

    def did(self, what: str) -> None:
        self.trace[-1] += f": {what}"

    def ticket_ids(self) -> list[str]:
        return list(self.tables.tickets.rows)

    def a_ticket(self, n: int) -> str:
        """Rather one that is being paged for."""
        open_ones = [p.ticket for _, p in self.tables.pages.rows.values() if p.is_open]
        known = self.ticket_ids() or ["MIT-1001"]
        return open_ones[n % len(open_ones)] if open_ones and n % 3 else known[n % len(known)]

    def an_engineer(self, n: int) -> Person:
        return self.directory.people[n % len(self.directory.people)]

    async def acts(self, person: Person, words: str, n: int) -> None:
        """A command, by one of their ways."""
        ways = [w for w in person.identities if w != "call"]
        if not ways:
            self.did(f"{person.id} has no way to say {words}")
            return
        way = ways[n % len(ways)]
        self.did(f"{person.id} {way} {words!r}")
        self.by_hand.append((self.real, words))
        if way == "slack":
            await self.commands(person.identities[way], words)
        else:
            await self.says(person.identities[way], words, via=way)
