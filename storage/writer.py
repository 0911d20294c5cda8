"""The writer thread of the embedded database: units of work one after the other, those that wait together in one commit.

A commit costs a sync of the disk and a write of every page it touched. Under load several units of work share both;
each still is all or nothing, and nobody hears of success before the commit that holds it.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from bot.app.rows import StorageError, UnitOfWork
from storage.sqlite import Done, SqliteStore

T = TypeVar("T")
Work = Callable[[UnitOfWork], Any]

TOGETHER = 32
"""At most so many in one commit, so that the first of them does not wait long for the last."""


class Job:
    """A unit of work and whoever waits for it."""

    __slots__ = ("future", "loop", "work")

    def __init__(self, work: Work, loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any]) -> None:
        self.work, self.loop, self.future = work, loop, future


class Writer:
    """A Runner (bot/app/bus.py) over one SqliteStore."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._over = False
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    async def __call__(self, work: Callable[[UnitOfWork], T], /) -> T:
        if self._over:
            raise StorageError("the database is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(Job(work, loop, future))
        return await future

    def shutdown(self) -> None:
        """What is in line is still done."""
        self._over = True
        self._jobs.put(None)
        self._thread.join()

    def _write(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch = [first]
            try:
                done = self._store.transact_together(self._waiting(batch))
            except BaseException as error:
                failure = StorageError(f"{type(error).__name__}: {error}")
                done = [Done(error=failure)] * len(batch)
            self._tell(batch, done)

    def _waiting(self, batch: list[Job]) -> Iterator[Work]:
        """The first, then whatever has come meanwhile, without waiting for more."""
        yield batch[0].work
        while len(batch) < TOGETHER:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is None:
                self._jobs.put(None)
                return
            batch.append(job)
            yield job.work

    def _tell(self, batch: list[Job], done: list[Done]) -> None:
        """One wake of the loop for all of them. Whoever has no answer (no connection could be had) has failed too."""
        refused = done[-1].error if done and done[-1].error is not None else StorageError("not written")
        done = done + [Done(error=refused)] * (len(batch) - len(done))
        told = list(zip(batch, done, strict=True))
        for loop in {job.loop for job in batch}:
            mine = [(job.future, result) for job, result in told if job.loop is loop]
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle, mine)


def _settle(told: list[tuple[asyncio.Future[Any], Done]]) -> None:
    for future, done in told:
        if future.cancelled():
            continue
        if done.error is not None:
            future.set_exception(done.error)
        else:
            future.set_result(done.result)
