"""The database is locked for a while: nobody who is on the phone is left with nothing."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable

import pytest

from tests.fakes.line import Line, line
from tests.fakes.line_caller import Caller, calls
from tests.hotline_real.words import MENU, ONE_MOMENT, REFERENCE, WAIT, WHISPER

FALLBACK = "Please stay on the line, we are calling the engineer on standby."
HANG_UP_NOW = "If you have talked to an engineer, hang up now."


@contextlib.asynccontextmanager
async def locked(t: Line) -> AsyncIterator[sqlite3.Connection]:
    """Somebody else has the database, and the bot waits for nobody; `rollback` lets go of it."""
    opened = t.bot.standby.store._opened()  # type: ignore[attr-defined]
    opened.connection.driver_connection.execute("PRAGMA busy_timeout = 0")
    holder = sqlite3.connect(t.bot.folder / "standby.db", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    t._holding = True
    try:
        yield holder
    finally:
        t._holding = False
        if holder.in_transaction:
            holder.rollback()
        holder.close()
        t.bot.logged = [(event, more) for event, more in t.bot.logged if event != "storage_refused"]
    await t.bot.settle()


async def let_go_after(t: Line, moments: int, holder: sqlite3.Connection, doing: Awaitable[object]) -> None:
    """Once they have been asked for so many moments."""

    async def lets_go() -> None:
        after = len(t.play.journal)
        for _ in range(moments):
            heard = await t.play.journal.wait_for(
                lambda e: e.kind == "call_heard" and e.text == ONE_MOMENT, after=after
            )
            after = heard.number + 1
        holder.rollback()

    await asyncio.gather(lets_go(), doing)


@pytest.mark.parametrize("moments", [1, 2, 3])
async def test_while_they_choose(moments: int) -> None:
    async with line(calls=True) as t:
        caller = await calls(t)
        async with locked(t) as holder:
            await let_go_after(t, moments, holder, caller.presses("2"))
        caller.hears(MENU, *[ONE_MOMENT] * moments, f"{REFERENCE} {WAIT}")
        await t.phone("Ada").answers_and_presses("1")
        assert caller.is_talking
        await caller.talks(60)
        await caller.hangs_up()
        assert len(t.cards) == 1
        t.looks_away()


async def test_when_it_rings_at_ours() -> None:
    async with line(calls=True) as t:
        caller = Caller(t, t.customer.number)
        async with locked(t) as holder:
            await let_go_after(t, 2, holder, caller.rings())
        caller.hears(ONE_MOMENT, ONE_MOMENT, MENU)
        await caller.hangs_up()
        t.looks_away()


async def test_while_an_engineer_presses_1() -> None:
    """The key is not lost: both are asked to wait, and then they talk."""
    async with line(calls=True) as t:
        caller = await calls(t)
        await caller.presses("2")
        await t.phone("Ada").answers()
        async with locked(t) as holder:
            await let_go_after(t, 1, holder, t.phone("Ada").presses("1"))
        t.hears("Ada", WHISPER, ONE_MOMENT)
        assert caller.is_talking
        assert "✅ Ada has it (Call)." in t.thread_lines()
        await caller.talks(60)
        await caller.hangs_up()
        t.looks_away()


async def test_an_engineer_is_never_put_through_without_our_knowing_of_it() -> None:
    """It does not come back: that phone is hung up, and in the end the caller is put through without us, to Ada again."""
    async with line(calls=True) as t:
        caller = await calls(t)
        await caller.presses("2")
        await t.phone("Ada").answers()
        async with locked(t):
            await t.phone("Ada").presses("1")
            assert not caller.is_talking
        t.hears("Ada", WHISPER, ONE_MOMENT, "Sorry, that did not work. Please try again in a few minutes.")
        caller.hears(MENU, f"{REFERENCE} {WAIT}", *[ONE_MOMENT] * 3, FALLBACK)
        await t.phone("Ada").answers()
        assert caller.is_talking
        await caller.hangs_up()
        assert t.thread_lines()[-1].startswith("☎️ Thandi has hung up. Call them back, please.")
        t.looks_away()


async def test_it_does_not_come_back_and_they_are_put_through_without_us() -> None:
    """After three moments we dial from memory: Ada picks up and they talk; once we are back the call is looked after."""
    async with line(calls=True) as t:
        caller = await calls(t)
        async with locked(t):
            await caller.presses("2")
        caller.hears(MENU, *[ONE_MOMENT] * 3, FALLBACK)
        await t.phone("Ada").answers()
        assert caller.is_talking
        await caller.talks(60)
        await caller.hangs_up()
        assert len(t.cards) == 1
        t.looks_away()


async def test_it_does_not_come_back_and_nobody_answers() -> None:
    """The fallback's message is on the ticket of the call, and somebody is paged."""
    async with line(calls=True) as t:
        caller = await calls(t)
        async with locked(t):
            await caller.presses("2")
        for name in ("Ada", "Grace", "Mark"):
            await t.phone(name).rings_in_vain()
        await caller.says("The server room is under water")
        assert caller.is_over
        lines = t.thread_lines()
        assert any("has left a message (20 seconds)" in said for said in lines)
        assert t.read_pages("Ada")
        t.looks_away()


async def test_from_the_first_ring_on_and_the_message_is_heard_of() -> None:
    """We know of that call from its message only."""
    async with line(calls=True) as t:
        caller = Caller(t, t.customer.number)
        async with locked(t):
            await caller.rings()
        caller.hears(*[ONE_MOMENT] * 3, FALLBACK)
        for name in ("Ada", "Grace", "Mark"):
            await t.phone(name).rings_in_vain()
        await caller.says("The server room is under water")
        assert caller.is_over
        assert any("has left a message (20 seconds)" in said for said in t.thread_lines())
        t.looks_away()
