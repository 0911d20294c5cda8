"""Whoever comes on call while a page looks for that schedule is called for it at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from escalation.chain import Chain, Step
from tests.builders import ADA, DESK, GRACE, GRACE_PHONE, LIN, THANDI
from tests.fakes.world import World
from tests.scenario.test_rota_overrides import schedule, staff

DOWN = "Our mail server is down, nobody can work"
CHAIN = Chain(
    name="standby",
    repeat=1,
    steps=(
        Step(targets=("schedule:standby",), wait=dt.timedelta(minutes=20)),
        Step(targets=("person:lin",), wait=dt.timedelta(minutes=20)),
    ),
)


async def paging(**changes: Any) -> World:
    """Ada is on call, and is being paged for MIT-1001."""
    fields = {"chains": (CHAIN,), **changes}
    desk = World(people=dataclasses.replace(staff(), **fields))
    await desk.says(THANDI, DOWN)
    await desk.says(THANDI, "1")
    desk.look_away()
    return desk


async def test_whoever_takes_the_shift_is_called_now_and_told_so() -> None:
    desk = await paging()
    answer = await desk.commands(GRACE, "take standby")
    assert answer.splitlines()[-1] == "📟 MIT-1001 is being paged: you are called for it now."
    assert len(desk.seen("sms", GRACE_PHONE)) == 1
    desk.look_away()
    assert "being paged" not in await desk.commands(GRACE, "take standby for 30m"), "she is already"
    page = await desk.run(lambda uow: next(iter(uow.pages.open())))
    assert page.step_people == ("ada", "grace")


async def test_an_override_in_force_says_whom_it_calls() -> None:
    desk = await paging()
    answer = await desk.commands(LIN, "override Grace instead of Ada for 3h")
    assert answer.splitlines()[-1] == "📟 MIT-1001 is being paged; called for it now: Grace."
    assert len(desk.seen("sms", GRACE_PHONE)) == 1
    assert not any("called for it" in text for text in desk.texts("slack", DESK)), "the thread says it"


async def test_several_tickets_are_in_one_line() -> None:
    desk = await paging()
    await desk.says(THANDI, f"new: {DOWN} again")
    await desk.says(THANDI, "1")
    assert await desk.run(lambda uow: len(list(uow.pages.open()))) == 2
    answer = await desk.commands(GRACE, "take standby")
    assert answer.splitlines()[-1] == "📟 MIT-1001, MIT-1002 are being paged: you are called for them now."


async def test_a_swap_for_the_shift_that_runs_does_too() -> None:
    desk = await paging()
    await desk.commands(ADA, "swap for 3h with Lin")
    answer = await desk.commands(LIN, "swap yes 1")
    assert answer.splitlines()[-1] == "📟 MIT-1001 is being paged: you are called for it now."


async def test_whoever_is_back_on_call_is_called() -> None:
    desk = World(people=dataclasses.replace(staff(), chains=(CHAIN,)))
    await desk.commands(GRACE, "take standby")
    await desk.says(THANDI, DOWN)
    await desk.says(THANDI, "1")
    answer = await desk.commands(ADA, "override cancel 1")
    assert answer.splitlines()[-1] == "📟 MIT-1001 is being paged: you are called for it now."


async def test_nobody_is_called_for_what_is_later_or_elsewhere() -> None:
    desk = await paging(schedules=(schedule(), schedule("nights", "ada")))
    assert "being paged" not in await desk.commands(LIN, "override standby Grace tue 12:00 to wed 12:00")
    assert "being paged" not in await desk.commands(LIN, "override nights Grace for 3h")
    await desk.passes(minutes=21)
    assert "being paged" not in await desk.commands(GRACE, "take standby"), "the page is at Lin's step"
    await desk.commands(ADA, "ack MIT-1001")
    assert "being paged" not in await desk.commands(LIN, "take standby")
    assert desk.texts("sms", GRACE_PHONE) == []
