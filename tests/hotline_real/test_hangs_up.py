"""The caller hangs up, wherever they are: the thread says so, and somebody is paged until they are called back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.fakes.line import Line, line
from tests.fakes.line_caller import Caller, calls
from tests.fakes.line_config import DESK
from tests.hotline_real.words import CALL_BACK

Way = Callable[[Line, Caller], Awaitable[None]]


async def in_the_menu(t: Line, caller: Caller) -> None:
    """Nothing was pressed."""


async def while_it_rings(t: Line, caller: Caller) -> None:
    await caller.presses("2")


async def in_the_whisper(t: Line, caller: Caller) -> None:
    await caller.presses("2")
    await t.phone("Ada").answers()


async def while_the_second_rings(t: Line, caller: Caller) -> None:
    await caller.presses("2")
    await t.phone("Ada").rings_in_vain()


STAGES: tuple[Way, ...] = (in_the_menu, while_it_rings, in_the_whisper, while_the_second_rings)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.__name__)
async def test_they_are_called_back(stage: Way) -> None:
    async with line(calls=True) as t:
        phones, caller = t.play.twilio.phones, await calls(t)
        await stage(t, caller)
        await caller.hangs_up()
        assert all(leg.over for leg in phones.legs.values() if leg.of)
        assert CALL_BACK in t.thread_lines()
        await t.phone("Ada").answers_and_presses("1")
        assert "✅ Ada has it (Call)." in t.thread_lines()
        line_of_it = [e for e in t.play.journal.entries("slack", "message") if e.text == CALL_BACK][-1]
        await t.engineer("Ada").taps_on(DESK, line_of_it.id, "Call back")
        await t.passes(seconds=45)
        await t.phone("Ada").answers_and_presses("1")
        assert [leg.number for leg in phones.legs.values() if leg.of and not leg.over] == [t.customer.number]
        t.looks_away()


async def test_nobody_takes_that_page_and_the_next_one_is_paged() -> None:
    async with line(calls=True) as t:
        caller = await calls(t)
        await caller.presses("2")
        await caller.hangs_up()
        t.looks_away()
        await t.phone("Ada").rings_in_vain()
        await t.passes(minutes=6)
        assert t.read_pages("Grace")
        await t.phone("Grace").answers_and_presses("1")
        assert "✅ Grace has it (Call)." in t.thread_lines()
        t.looks_away()


async def test_one_who_takes_it_a_moment_too_late_has_the_ticket() -> None:
    """The whisper is still heard while the caller hangs up, and 1 is pressed: it is acknowledged, and nobody is paged."""
    async with line(calls=True) as t:
        caller = await calls(t)
        await caller.presses("2")
        await t.phone("Ada").answers()
        await t.at_once(t.phone("Ada").presses("1"), caller.hangs_up())
        assert "✅ Ada has it (Call)." in t.thread_lines()
        t.looks_away()


async def test_during_the_talk_is_talked() -> None:
    async with line(calls=True) as t:
        caller = await calls(t)
        await caller.presses("2")
        await t.phone("Ada").answers_and_presses("1")
        await t.passes(seconds=30)
        await caller.hangs_up()
        lines = t.thread_lines()
        assert lines[-1].startswith("☎️ Ada talked to Thandi")
        assert CALL_BACK not in lines
        t.looks_away()


async def test_a_stranger_who_pressed_nothing_is_noted_and_nobody_wakes() -> None:
    async with line(calls=True) as t:
        caller = await calls(t, "+27825550300")
        await caller.hangs_up()
        t.desk_says("☎️ +27825550300 called, chose nothing and hung up.")
        caller.heard()
        await t.passes(hours=1)
        assert len(t.cards) == 1
