"""Lanes as they run: their own loops, the real clock, a database that says no at the worst moment, vendors that hang."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import pytest

from bot.app import delivery
from bot.app.bus import Bus
from bot.app.context import Setup
from bot.app.delivery import Lane
from bot.app.inbound import MessageIn, Sender
from bot.app.ports import Outgoing, Overloaded, Receipt
from bot.app.rows import StorageError, Store, UnitOfWork
from bot.domain.ids import Address, ChannelName, TicketId
from bot.domain.message import CardView
from bot.wiring import SystemClock, SystemRandom
from storage.memory import MemoryStore
from tests.builders import ADA, DESK, SIPHO, THANDI, directory
from tests.fakes.world import CAPABILITIES, MONDAY_NOON, FakeChannel

T = TypeVar("T")
Work = Callable[[UnitOfWork], T]
REFERENCE = TicketId("MIT-1001")
SMS = ChannelName("sms")


class Channel(FakeChannel):
    """Hangs where it is told to, until it is let go."""

    def __init__(self, name: str, gap: float) -> None:
        capabilities = dataclasses.replace(CAPABILITIES[name], card_gap=dt.timedelta(seconds=gap))
        super().__init__(name, capabilities)
        self.sends, self.card_edits = asyncio.Event(), asyncio.Event()
        self.sends.set()
        self.card_edits.set()
        self.hanging = 0

    async def send(self, outgoing: Outgoing) -> Receipt:
        await self._wait(self.sends)
        return await super().send(outgoing)

    async def put_card(self, address: Address, card: CardView, message: str, token: str) -> Receipt:
        await self._wait(self.card_edits)
        return await super().put_card(address, card, message, token)

    async def _wait(self, event: asyncio.Event) -> None:
        self.hanging += not event.is_set()
        await event.wait()


class Rig:
    """The bot without its ticker and its web; `works` counts units of work, `refuse` says which the database refuses
    (before they begin, or when all is done and the commit fails)."""

    def __init__(self, store: Store, *, gap: float = 0.0, together: tuple[str, ...] = ()) -> None:
        self.store, self.works, self.late = store, 0, False
        self.refuse: Callable[[int], bool] = lambda n: False
        clock, wakes = SystemClock(start=MONDAY_NOON), []
        self.clock = clock
        self.channels = {name: Channel(name, gap) for name in CAPABILITIES}
        setup = Setup(
            directory=directory(),
            capabilities={ChannelName(n): c.capabilities for n, c in self.channels.items()},
            random=SystemRandom(),
        )
        self.log: list[tuple[str, dict[str, Any]]] = []

        def log(event: str, /, **fields: Any) -> None:
            self.log.append((event, fields))

        def wake() -> None:
            for lane in wakes:
                lane.wake()

        self.bus = Bus(run=self.run, setup=setup, clock=clock, wake=wake, log=log)
        alone = [(name,) for name in self.channels if name not in together]
        self.lanes = [
            Lane(
                name="+".join(names),
                channels={ChannelName(n): self.channels[n] for n in names},
                run=self.run,
                setup=setup,
                clock=clock,
                log=log,
                wake_all=wake,
            )
            for names in [*alone, *([together] if together else [])]
        ]
        wakes += self.lanes
        self.tasks: list[asyncio.Task[None]] = []
        self._ids = iter(range(10_000))

    async def run(self, work: Work[T], /) -> T:
        self.works += 1
        refused = self.refuse(self.works)
        if refused and not self.late:
            raise StorageError("database is locked")

        def whole(uow: UnitOfWork) -> T:
            result = work(uow)
            if refused:
                raise StorageError("disk full")
            return result

        await asyncio.sleep(0)
        return self.store.transact(whole)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Rig]:
        self.tasks = [asyncio.create_task(lane.forever()) for lane in self.lanes]
        try:
            yield self
            assert not any(task.done() for task in self.tasks), "no lane stops by itself"
        finally:
            await self._stop()

    async def _stop(self) -> None:
        left = set(self.tasks)
        while left:
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=0.1)

    async def says(self, who: str, text: str, *, via: str = "whatsapp", thread: str = "") -> None:
        """What we do not take comes again, as vendors do it."""
        message = MessageIn(
            channel=ChannelName(via),
            external_id=f"in-{next(self._ids)}",
            sender=Sender(id=who),
            address=Address(channel=ChannelName(via), place=DESK if thread else who, thread=thread),
            text=text,
            message=f"msg-{text}",
            direct=not thread,
        )
        for _ in range(3):
            with contextlib.suppress(Overloaded):
                await self.bus.receive(message)
                return
        raise AssertionError("never taken")

    def texts(self, channel: str) -> list[str]:
        return [s.text for s in self.channels[channel].sent]


async def until(true: Callable[[], bool], seconds: float = 3.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is asked again at once; the safety net (30 s) stays out of reach."""
    monkeypatch.setattr(delivery, "STORAGE_PAUSE", 0.01)


# ---------------------------------------------------------------- a database that says no
async def conversation(rig: Rig) -> None:
    """An emergency, a reply in its thread, and the mark that says that the customer has it."""
    slack = rig.channels["slack"]
    async with rig.running():
        await rig.says(THANDI, "urgent everything is down")
        await until(lambda: bool(slack.cards) and bool(rig.texts("sms")))
        await until(lambda: rig.store.transact(lambda uow: uow.cards.of(REFERENCE)[0].thread != ""))
        (thread,) = slack.cards
        await rig.says(ADA, "On it", via="slack", thread=thread)
        await until(lambda: ("msg-On it", "sent") in slack.marks)
        await until(lambda: slack.cards[thread].holder == "Ada")
        await until(lambda: any(s.edits for s in slack.sent))  # the page itself says now that it is over
        await until(lambda: rig.store.transact(lambda uow: list(uow.outbox.unsettled())) == [])


async def test_one_unit_of_work_that_fails_loses_nothing_and_stops_no_lane(hasty: None) -> None:
    plain = Rig(MemoryStore())
    await conversation(plain)
    assert plain.log == []

    async def failing(n: int, late: bool) -> str:
        rig = Rig(MemoryStore())
        rig.refuse, rig.late = (lambda work: work == n), late
        try:
            await conversation(rig)
        except (TimeoutError, AssertionError) as error:
            return f"work {n}, {'late' if late else 'early'}: {error!r} {rig.log}"
        answers = [t for t in rig.texts("whatsapp") if "On it" in t]
        pages = [s for s in rig.channels["sms"].sent if "ACK" in s.text]
        return "" if (len(answers), len(pages)) == (1, 1) else f"work {n}: {answers} {pages}"

    runs = [failing(n, late) for n in range(1, plain.works + 1) for late in (False, True)]
    found = await asyncio.gather(*runs)
    assert [problem for problem in found if problem] == []


async def test_a_database_that_is_away_for_a_while_loses_nothing(hasty: None) -> None:
    rig = Rig(MemoryStore())
    whatsapp = rig.channels["whatsapp"]
    whatsapp.sends.clear()
    async with rig.running():
        await rig.says(THANDI, "The printer is slow")
        await until(lambda: whatsapp.hanging == 1)
        away = asyncio.Event()
        rig.refuse = lambda n: not away.is_set()
        whatsapp.sends.set()
        await until(lambda: len([e for e, _ in rig.log if e == "storage_refused"]) > 5)
        away.set()
        await until(lambda: rig.store.transact(lambda uow: list(uow.outbox.unsettled())) == [])
        await rig.says(THANDI, "1")
        await until(lambda: len(rig.texts("whatsapp")) == 2)
    assert len([t for t in rig.texts("whatsapp") if "How urgent" in t or "Reply" in t]) == 1, "asked once"


# ---------------------------------------------------------------- vendors that hang
async def test_a_page_leaves_at_once_while_everything_else_hangs() -> None:
    rig = Rig(MemoryStore(), together=("sms", "whatsapp"))
    whatsapp = rig.channels["whatsapp"]
    whatsapp.sends.clear()
    async with rig.running():
        for n in range(12):
            await rig.says(f"+2788{n:04}", "server slow")
        await until(lambda: whatsapp.hanging == delivery.SLOTS - delivery.FOR_PAGES)
        await rig.says(THANDI, "urgent everything is down")
        await until(lambda: bool(rig.texts("sms")), seconds=1)
        assert rig.texts("whatsapp") == []
        whatsapp.sends.set()
        await until(lambda: len(rig.texts("whatsapp")) == 13)


async def test_nothing_spins_while_a_card_hangs_and_another_is_due() -> None:
    rig = Rig(MemoryStore(), gap=0.05)
    slack = rig.channels["slack"]
    async with rig.running():
        await rig.says(THANDI, "The printer is slow")
        await rig.says(SIPHO, "The phone is slow")
        await until(lambda: len(slack.cards) == 2)
        slack.card_edits.clear()
        await rig.says(THANDI, "1")
        await rig.says(SIPHO, "1")
        await until(lambda: slack.hanging == 1)
        before = rig.works
        await asyncio.sleep(1)
        assert rig.works - before < 50
        slack.card_edits.set()
        await until(lambda: {c.severity for c in slack.cards.values()} == {"Emergency"})


async def test_nothing_spins_while_a_message_hangs_and_others_stand_behind_it() -> None:
    rig = Rig(MemoryStore())
    whatsapp = rig.channels["whatsapp"]
    whatsapp.sends.clear()
    async with rig.running():
        await rig.says(THANDI, "The printer is slow")
        await until(lambda: whatsapp.hanging == 1)
        await rig.says(THANDI, "3")
        await rig.says(THANDI, "status")
        before = rig.works
        await asyncio.sleep(1)
        assert rig.works - before < 50
        whatsapp.sends.set()
        await until(lambda: len(rig.texts("whatsapp")) == 3)
