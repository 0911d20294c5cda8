"""Whoever calls again and again, from where nobody knows, and how many at once."""

from __future__ import annotations

import dataclasses

from bot.domain.hotline import End, Phase
from bot.domain.script import HangUp, Hear, Record
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import World
from tests.hotline.nights import STRANGER, SUNDAY_NIGHT, company

SCREENED = (
    "Sorry, too many calls have come from this number. Please write to us, or call again later. Goodbye.",
)


def a_world(at_once: int = 20) -> World:
    return World(
        at=SUNDAY_NIGHT, people=company(hotline=dataclasses.replace(company().hotline, at_once=at_once))
    )


async def rings(world: World, number: str = STRANGER) -> Caller:
    caller = Caller(world, number)
    await caller.calls()
    return caller


async def waits(world: World, number: str) -> Caller:
    caller = await rings(world, number)
    await caller.presses("2")
    return caller


async def calls_and_hangs_up(world: World, times: int, number: str = STRANGER) -> None:
    for _ in range(times):
        caller = await rings(world, number)
        await caller.hangs_up()
        await world.passes(minutes=1)
    world.look_away()


def said(caller: Caller) -> tuple[str, ...]:
    assert caller.script is not None
    return caller.script.say


# ---------------------------------------------------------------- again and again
async def test_the_sixth_call_of_somebody_unknown_is_taken() -> None:
    world = a_world()
    await calls_and_hangs_up(world, 5)
    caller = await rings(world)
    assert caller.script is not None and isinstance(caller.script.verb, Hear)


async def test_the_seventh_is_not_and_the_desk_is_told_once() -> None:
    world = a_world()
    await calls_and_hangs_up(world, 6)
    seventh, eighth = await rings(world), await rings(world)
    assert said(seventh) == said(eighth) == SCREENED
    assert seventh.script is not None and isinstance(seventh.script.verb, HangUp)
    assert world.texts("slack", b.DESK) == [
        f"☎️ Too many calls from {STRANGER}: for an hour they are not put through."
    ]
    assert (await seventh.stored()).end is End.SCREENED


async def test_it_makes_no_ticket_and_wakes_nobody() -> None:
    world = a_world()
    await calls_and_hangs_up(world, 7)
    assert await world.run(lambda uow: uow.tickets.every(0, 10)) == []
    assert world.seen("sms") == [] and world.seen("call") == []


async def test_an_hour_after_the_first_they_are_taken_again() -> None:
    world = a_world()
    await calls_and_hangs_up(world, 6)
    await world.passes(minutes=61)
    assert (await rings(world)).script != SCREENED
    assert said(await rings(world))[0] == "This is the support line."


async def test_for_an_hour_is_an_hour_also_for_one_who_keeps_trying() -> None:
    world = a_world()
    await calls_and_hangs_up(world, 6)
    for _ in range(11):
        await world.passes(minutes=6)
        caller = await rings(world)
    assert said(caller) != SCREENED


async def test_a_customer_leaves_a_message_and_everybody_is_paged() -> None:
    world = a_world()
    await calls_and_hangs_up(world, 6, b.THANDI)
    caller = await rings(world, b.THANDI)
    assert said(caller)[:2] == ("Many calls are coming in right now.", "We are going to wake everybody.")
    assert caller.script is not None and isinstance(caller.script.verb, Record)
    await caller.speaks(10)
    ticket = (await caller.stored()).ticket
    assert ticket is not None
    page = await world.run(lambda uow: uow.pages.open_of(ticket))
    assert page is not None and page.last_resort


async def test_a_stranger_whose_emergency_is_open_is_not_turned_away() -> None:
    """They gave up waiting six times; the page still runs, and they are on the line."""
    world = a_world()
    first = await waits(world, STRANGER)
    await first.hangs_up()
    await calls_and_hangs_up(world, 5)
    assert said(await rings(world)) != SCREENED


# ---------------------------------------------------------------- the same one twice
async def test_a_second_call_while_the_first_waits_is_about_the_same() -> None:
    world = a_world()
    first = await waits(world, b.THANDI)
    world.look_away()
    second = await rings(world, b.THANDI)
    assert said(second) == (
        "You are on the emergency line already.",
        "Your reference is M I T, 1 0 0 1.",
        "Please stay on the line, we are calling the engineer on standby.",
    )
    assert (first.ringing, second.ringing) == (b.ADA_PHONE, b.GRACE_PHONE)
    assert (await second.stored()).ticket == (await first.stored()).ticket
    assert len(await world.run(lambda uow: uow.tickets.every(0, 10))) == 1


async def test_they_let_go_of_the_first_and_stay_on_the_second() -> None:
    world = a_world()
    first = await waits(world, b.THANDI)
    second = await rings(world, b.THANDI)
    await first.hangs_up()
    await second.accepts()
    await second.no_answer(seconds=60)
    assert (await world.ticket()).answered is not None


async def test_nobody_is_asked_to_call_back_somebody_who_is_on_the_line() -> None:
    world = a_world()
    first = await waits(world, b.THANDI)
    await rings(world, b.THANDI)
    world.look_away()
    await first.hangs_up()
    assert [line for line in world.texts("slack", b.DESK) if "Call them back" in line] == []


async def test_a_second_call_while_the_first_talks_gets_the_menu() -> None:
    world = a_world()
    first = await waits(world, b.THANDI)
    await first.accepts()
    second = await rings(world, b.THANDI)
    assert (await second.stored()).phase is Phase.MENU
    assert said(second)[0] == "This is the support line."


# ---------------------------------------------------------------- many at once
async def crowd(world: World, n: int) -> None:
    for i in range(n):
        await rings(world, f"+2782555{i:04}")
    world.look_away()


async def test_over_so_many_at_once_a_customer_leaves_a_message() -> None:
    world = a_world(at_once=3)
    await crowd(world, 3)
    caller = await rings(world, b.THANDI)
    assert said(caller)[0] == "Many calls are coming in right now."
    await caller.speaks(15)
    assert any("left a message" in line for line in world.texts("slack", b.DESK))


async def test_and_is_put_through_again_once_there_is_room() -> None:
    world = a_world(at_once=3)
    await crowd(world, 3)
    await world.passes(minutes=10)
    assert said(await rings(world, b.THANDI))[0] == "This is the support line."


async def test_somebody_unknown_in_a_crowd_hears_the_truth() -> None:
    world = a_world(at_once=3)
    await crowd(world, 3)
    caller = await rings(world)
    assert "from this number" not in caller.text


async def test_and_the_desk_is_told_of_the_crowd_once() -> None:
    world = a_world(at_once=3)
    await crowd(world, 3)
    for i in range(5):
        await rings(world, f"+2783555{i:04}")
    assert len(world.texts("slack", b.DESK)) == 1
