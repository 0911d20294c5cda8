"""A hidden number: where can they be called back? What is typed is for the team, and is never written to."""

from __future__ import annotations

import pytest

from bot.domain.script import Hear
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World
from tests.hotline.nights import HIDDEN, SUNDAY_NIGHT, company


async def rings(world: World) -> Caller:
    caller = Caller(world, HIDDEN)
    await caller.calls()
    return caller


async def waits() -> Caller:
    caller = await rings(World(at=SUNDAY_NIGHT, people=company()))
    await caller.presses("2")
    return caller


def said(caller: Caller) -> tuple[str, ...]:
    assert caller.script is not None
    return caller.script.say


async def asked_for_a_number() -> Caller:
    caller = await waits()
    assert said(caller) == (
        "Your number is hidden.",
        "Please enter a number where we can call you back, then press the hash key.",
    )
    assert caller.script is not None and caller.script.verb == Hear(seconds=8, many=True)
    return caller


@pytest.mark.parametrize("typed", ["0115550177", "0115550177#", "0027115550177", "00442079460177"])
async def test_a_number_that_is_typed_is_for_the_team(typed: str) -> None:
    caller = await asked_for_a_number()
    await caller.presses(typed)
    number = "+442079460177" if typed.startswith("0044") else "+27115550177"
    assert caller.ringing == b.ADA_PHONE and (await caller.stored()).callback == number
    line = f"☎️ The caller can be called back on {number} (as they typed it)."
    assert line in caller.world.texts("slack", b.DESK)


async def test_nobody_writes_to_a_number_that_was_typed() -> None:
    caller = await asked_for_a_number()
    await caller.presses("0825550177")
    await caller.accepts()
    await caller.no_answer(seconds=60)
    sent = [s for channel in caller.world.channels.values() for s in channel.sent]
    assert not [s for s in sent if s.place == "+27825550177"]


@pytest.mark.parametrize("wrong", ["123", "0862345678", "0014155550100", "10111"])
async def test_a_number_that_cant_be_called_is_asked_for_once_more(wrong: str) -> None:
    """Too short, one that costs extra, another country's, the police's."""
    caller = await asked_for_a_number()
    await caller.presses(wrong)
    assert said(caller) == (
        "Sorry, that number can't be called.",
        "Please enter a number where we can call you back, then press the hash key.",
    )
    await caller.presses("0115550177")
    assert (await caller.stored()).callback == "+27115550177"


async def test_wrong_twice_and_it_goes_on_without() -> None:
    caller = await asked_for_a_number()
    await caller.presses("123")
    await caller.presses("456")
    assert caller.ringing == b.ADA_PHONE and (await caller.stored()).reach == ""


async def test_silence_goes_on_without() -> None:
    caller = await asked_for_a_number()
    for _ in range(3):
        await caller.is_silent()
    assert caller.ringing == b.ADA_PHONE


async def test_the_ticket_and_the_page_are_there_before_the_question() -> None:
    caller = await asked_for_a_number()
    ticket = await caller.world.ticket()
    assert await caller.world.run(lambda uow: uow.pages.open_of(ticket.id)) is not None


async def test_who_hung_up_after_typing_is_called_back_there() -> None:
    caller = await asked_for_a_number()
    await caller.presses("0115550177")
    caller.world.look_away()
    await caller.hangs_up()
    (line,) = caller.world.seen("slack", b.DESK)
    assert line.choices == ("callback|MIT-1001|", "talked|MIT-1001|")
    assert "Calling you now" in await caller.world.commands(b.GRACE, "call MIT-1001")


async def test_at_the_desk_a_hidden_number_is_not_asked_for_one() -> None:
    """The engineer who picks up asks them."""
    world = World(at=MONDAY_NOON, people=company())
    caller = await rings(world)
    await caller.presses("1")
    assert caller.ringing == b.ADA_PHONE


async def test_two_hidden_callers_are_two_people() -> None:
    first = await waits()
    second = await rings(first.world)
    assert said(second)[0] == "This is the support line."


async def test_the_team_reads_that_the_number_is_hidden() -> None:
    caller = await waits()
    lines = caller.world.texts("slack", b.DESK)
    assert any("a hidden number" in line for line in lines)
    assert not any("hidden-" in line for line in lines)
