"""The writer thread of the embedded database: what waits together shares a commit, and nobody else's trouble."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from bot.app.rows import SendState, StorageError, UnitOfWork
from bot.domain.ids import ChannelName, TicketId
from storage.engine import open_store
from storage.memory import MemoryStore
from storage.sqlite import SqliteStore
from storage.writer import Writer
from tests.builders import ADA, THANDI
from tests.contract.test_lanes import Rig, until
from tests.fakes.world import MONDAY_NOON

T = TypeVar("T")
Work = Callable[[UnitOfWork], T]
REFERENCE = TicketId("MIT-1001")
SMS = ChannelName("sms")


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[SqliteStore]:
    store = open_store(sqlite_url)
    assert isinstance(store, SqliteStore)
    yield store
    store.close()


@pytest.fixture
def writer(sqlite: SqliteStore) -> Iterator[Writer]:
    writer = Writer(sqlite)
    yield writer
    writer.shutdown()


def writes(id: str) -> Work[bool]:
    return lambda uow: uow.inbox.add(SMS, id, MONDAY_NOON)


def fails(id: str) -> Work[None]:
    def work(uow: UnitOfWork) -> None:
        uow.inbox.add(SMS, id, MONDAY_NOON)
        raise ValueError(id)

    return work


def breaks_the_commit(uow: UnitOfWork) -> None:
    """A foreign key that is looked at only when all is done."""
    execute = uow._session._driver.execute  # type: ignore[attr-defined]
    execute("CREATE TEMP TABLE parents (id INTEGER PRIMARY KEY)")
    execute("CREATE TEMP TABLE children (of INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)")
    execute("INSERT INTO children VALUES (7)")


class Batch:
    """Holds the writer in a first unit of work until others wait behind it: they share its commit."""

    def __init__(self, writer: Writer) -> None:
        self._writer, self._go, self._held = writer, threading.Event(), asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.first = asyncio.create_task(self._call(self._hold))

    async def _call(self, work: Work[Any]) -> Any:
        return await self._writer(work)

    def _hold(self, uow: UnitOfWork) -> str:
        self._loop.call_soon_threadsafe(self._held.set)
        assert self._go.wait(5)
        return "held"

    async def results(self, *works: Work[Any]) -> list[Any]:
        """Of the first and of these; an exception where one came."""
        await asyncio.wait_for(self._held.wait(), 5)
        behind = [asyncio.create_task(self._call(work)) for work in works]
        await asyncio.sleep(0)
        self._go.set()
        return await asyncio.wait_for(asyncio.gather(self.first, *behind, return_exceptions=True), 5)


async def is_new(writer: Writer, *ids: str) -> list[bool]:
    """Which of these were never written (asked in one unit of work that is undone)."""
    found: list[bool] = []

    def look(uow: UnitOfWork) -> None:
        found.extend(uow.inbox.add(SMS, id, MONDAY_NOON) for id in ids)
        raise LookupError

    with pytest.raises(LookupError):
        await writer(look)
    return found


async def test_a_unit_of_work_that_raises_spoils_no_other_of_its_commit(writer: Writer) -> None:
    said = await Batch(writer).results(writes("a"), fails("b"), writes("c"), fails("d"))
    assert [type(r) if isinstance(r, Exception) else r for r in said] == [
        "held",
        True,
        ValueError,
        True,
        ValueError,
    ]
    assert await is_new(writer, "a", "b", "c", "d") == [False, True, False, True]


async def test_a_commit_that_fails_fails_all_that_were_in_it(writer: Writer) -> None:
    said = await Batch(writer).results(writes("a"), breaks_the_commit, writes("b"))
    assert [type(r) for r in said] == [StorageError] * 4
    assert await is_new(writer, "a", "b") == [True, True]
    assert await writer(writes("a")), "and the next goes through"


async def test_a_reconnect_that_fails_answers_everyone_and_the_next_goes_through(
    sqlite: SqliteStore, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> Any:
        raise StorageError("unable to open database file")

    with monkeypatch.context() as patch:
        sqlite._drop()
        patch.setattr(sqlite, "_opened", refused)
        works = [writer(writes(str(n))) for n in range(5)]
        said = await asyncio.wait_for(asyncio.gather(*works, return_exceptions=True), 5)
        assert [type(r) for r in said] == [StorageError] * 5
    assert await asyncio.wait_for(writer(writes("0")), 5)


async def test_whoever_gave_up_waiting_keeps_nobody_from_an_answer(writer: Writer) -> None:
    batch = Batch(writer)
    await asyncio.wait_for(batch._held.wait(), 5)
    gone = asyncio.create_task(batch._call(writes("a")))
    await asyncio.sleep(0)
    gone.cancel()
    assert await batch.results(writes("b")) == ["held", True]


async def test_a_shutdown_ends_what_is_in_line_and_takes_nothing_more(sqlite: SqliteStore) -> None:
    writer = Writer(sqlite)
    batch = Batch(writer)
    await asyncio.wait_for(batch._held.wait(), 5)
    behind = [asyncio.create_task(batch._call(writes(str(n)))) for n in range(40)]
    await asyncio.sleep(0)
    ending = asyncio.get_running_loop().run_in_executor(None, writer.shutdown)
    batch._go.set()
    assert await asyncio.wait_for(asyncio.gather(*behind), 5) == [True] * 40
    await asyncio.wait_for(ending, 5)
    with pytest.raises(StorageError, match="closed"):
        await writer(writes("more"))


async def test_a_lane_over_sqlite_and_its_writer_sends_and_settles(
    sqlite: SqliteStore, writer: Writer
) -> None:
    rig = Rig(MemoryStore())
    rig.bus.run = writer
    for lane in rig.lanes:
        lane.run = writer
    async with rig.running():
        await rig.says(THANDI, "urgent everything is down")
        await until(lambda: bool(rig.texts("sms")) and bool(rig.channels["slack"].cards))
        await rig.says(ADA, f"ack {REFERENCE}", via="slack")
        await until(lambda: any("have" in t for t in rig.texts("slack")))
        page = await writer(lambda uow: uow.pages.latest_of(REFERENCE))
        assert page is not None and not page.is_open
        over = {SendState.ACCEPTED, SendState.CANCELLED}
        async with asyncio.timeout(3):
            while not await writer(lambda uow: {i.state for i in uow.outbox.of_page(page.id)} <= over):  # noqa: ASYNC110
                await asyncio.sleep(0.002)
