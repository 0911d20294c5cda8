"""Where units of work run in production: on threads, so that no transaction holds up the event loop."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable
from typing import TypeVar

from bot.app.bus import Runner
from bot.app.rows import Store, UnitOfWork
from storage.sqlite import SqliteStore
from storage.writer import Writer

T = TypeVar("T")

WORKERS = 4
"""Threads for PostgreSQL, a transaction each. SQLite has one writer."""


def threaded(store: Store) -> tuple[Runner, Callable[[], None]]:
    """Units of work on threads of their own, and how to end them."""
    if isinstance(store, SqliteStore):
        writer = Writer(store)
        return writer, writer.shutdown
    pool = concurrent.futures.ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="storage")

    async def run(work: Callable[[UnitOfWork], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, store.transact, work)

    return run, pool.shutdown
