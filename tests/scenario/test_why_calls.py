"""`why REF` tells of the calls: who called on which line, whose phones rang, how it ended, who called back."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain.hotline import Heard
from tests import builders as b
from tests.builders import ADA, GRACE, LIN
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World
from tests.hotline.nights import SUNDAY_NIGHT, company
from tests.hotline.test_message import world_with_links
from tests.scenario.test_callback import T, happens, presses, put_through, with_ticket


async def calls_at_night(world: World | None = None, number: str = b.THANDI) -> Caller:
    caller = Caller(world or World(at=SUNDAY_NIGHT, people=company()), number)
    await caller.calls()
    await caller.presses("2")
    return caller


async def rings(caller: Caller, seconds: int = 25) -> None:
    """And nobody answers."""
    await caller.world.passes(seconds=seconds)
    await caller.no_answer()


async def blocks(world: World, who: str = ADA) -> list[str]:
    """What is told behind the clocks, in its order."""
    said = await world.commands(who, f"why {T}")
    return [part for part in said.split("\n\n") if part.startswith(("☎️", "📟", "*Nobody", "Nobody"))]


async def test_whose_phone_rang_and_how_long_they_talked() -> None:
    caller = await calls_at_night()
    await rings(caller)
    await caller.picked_up()
    await caller.engineer_presses("2")
    await rings(caller, 10)
    await caller.world.passes(seconds=25)
    await caller.accepts()
    await caller.world.passes(minutes=4)
    await caller.no_answer(seconds=240)
    call, page = await blocks(caller.world)
    assert call == (
        "☎️ Called 02:00: the emergency line\n"
        "   02:00 Ada: no answer\n"
        "   02:00 Grace: passed it on\n"
        "   02:00 Ada: pressed 1\n"
        "Ada talked to the caller for 4 minutes, until 02:05."
    )
    assert page.startswith("📟 Paged 02:00: Emergency, chain standby\n")


async def test_while_they_are_on_the_line() -> None:
    caller = await calls_at_night()
    await rings(caller)
    assert (await blocks(caller.world))[0].splitlines()[2:] == [
        "   02:00 Grace: rings now",
        "The caller is on the line.",
    ]
    await caller.accepts()
    assert (await blocks(caller.world))[0].splitlines()[2:] == [
        "   02:00 Grace: pressed 1",
        "Grace is talking to the caller.",
    ]


async def test_a_message_and_where_it_can_be_heard() -> None:
    caller = await calls_at_night(world_with_links(), "+27825550100")
    while caller.ringing:
        await rings(caller)
    assert (await blocks(caller.world))[0].endswith("\nThe caller is asked for a message.")
    await caller.speaks(20)
    last = (await blocks(caller.world))[0].splitlines()[-1]
    assert last.startswith("The caller left a message (20 seconds), 02:01: https://standby.example/twilio/")


async def test_no_message() -> None:
    caller = await calls_at_night()
    while caller.ringing:
        await rings(caller)
    await caller.speaks(0)
    assert (await blocks(caller.world))[0].endswith("\nThe caller left no message, 02:01.")


async def test_hung_up_while_a_phone_rang() -> None:
    caller = await calls_at_night()
    await caller.world.passes(seconds=10)
    await caller.hangs_up()
    assert (await blocks(caller.world))[0] == (
        "☎️ Called 02:00: the emergency line\n"
        "   02:00 Ada: the caller hung up while it rang\n"
        "The caller hung up, 02:00."
    )


async def test_the_line_that_broke() -> None:
    caller = await calls_at_night()
    await caller.accepts()
    await caller.no_answer(seconds=0)
    await caller.accepts()
    await caller.no_answer(seconds=90)
    assert (await blocks(caller.world))[0].splitlines()[1:] == [
        "   02:00 Ada: pressed 1, then the line broke",
        "   02:00 Ada: pressed 1",
        "Ada talked to the caller for 2 minutes, until 02:01.",
    ]


async def test_the_charge_is_declined() -> None:
    caller = await calls_at_night(number=b.SIPHO)
    await caller.presses("2")
    call, never = await blocks(caller.world)
    assert call == "☎️ Called 02:00: the emergency line\nThe caller declined the charge, 02:00."
    assert never.startswith("Nobody was paged. The customer declined the call-out.")


async def test_the_desk_and_then_the_emergency_line() -> None:
    caller = Caller(World(at=MONDAY_NOON, people=company()))
    await caller.calls()
    await caller.presses("1")
    while caller.ringing:
        await rings(caller)
    desk = (await blocks(caller.world))[0]
    assert desk.startswith("☎️ Called 12:00: the desk\n   12:00 Ada: no answer\n")
    await caller.presses("2")
    both = (await blocks(caller.world))[0]
    assert both.startswith("☎️ Called 12:00: the desk, then the emergency line\n")
    assert both.endswith(": rings now\nThe caller is on the line.")


async def test_two_calls_in_order_of_time_among_the_pages() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    first = await calls_at_night(world)
    await first.hangs_up()
    await world.passes(minutes=3)
    second = Caller(world)
    await second.calls()
    await second.presses("2")
    await second.presses("1")
    await second.accepts()
    await second.no_answer(seconds=60)
    told = await blocks(world)
    assert [part.split(":")[0] + part.split(":")[1][:2] for part in told] == [
        "☎️ Called 0200",
        "📟 Paged 0200",
        "☎️ Called 0203",
    ]


# ---------------------------------------------------------------- what the page held back
async def tried(world: World, name: str) -> str:
    lines = (await world.commands(ADA, f"why {T}")).splitlines()
    return next(line for line in lines if line.startswith(f"   {name} 0") and "Slack" in line)


async def test_the_pages_own_calls_wait_for_the_caller() -> None:
    caller = await calls_at_night()
    await rings(caller)
    assert (await tried(caller.world, "Ada")).endswith(
        "02:01 Call: waits, the caller is on the line; 02:03 Call: to come"
    )
    await caller.accepts()
    assert (await tried(caller.world, "Ada")).endswith("2 × Call: not sent, the caller was on the line")


async def test_what_was_not_sent_after_the_caller_had_gone_was_not_needed() -> None:
    caller = await calls_at_night()
    await caller.hangs_up()
    await caller.world.passes(seconds=20)
    await caller.world.commands(ADA, f"ack {T}")
    assert "the caller was on the line" not in await tried(caller.world, "Ada")
    assert "Call: not sent, no longer needed" in await tried(caller.world, "Ada")


# ---------------------------------------------------------------- why not you
async def test_a_phone_that_rang_for_the_caller_counts() -> None:
    caller = await calls_at_night()
    await rings(caller)
    await caller.accepts()
    why = f"why {T} was I not called?"
    assert (await caller.world.commands(GRACE, why)).endswith(
        "\nNo page went to you, but your phone rang for the caller, 02:00."
    )
    assert (await caller.world.commands(LIN, why)).splitlines()[-1].startswith("You were not paged")
    assert "not paged" not in (await caller.world.commands(ADA, why))


# ---------------------------------------------------------------- calling back
async def test_called_back_at_the_second_try() -> None:
    world = await with_ticket()
    end = await happens(world, Heard.LEG_OVER, await put_through(world), seconds=0)
    assert (await blocks(world))[0] == "☎️ Ada called back 12:00: not reached"
    again = await happens(world, Heard.KEYS, end, digits="1")
    assert (await blocks(world))[0] == "☎️ Ada called back 12:00: not reached; 12:00 on the phone now"
    await world.passes(minutes=2)
    await happens(world, Heard.LEG_OVER, again, seconds=120)
    assert (await blocks(world))[0] == "☎️ Ada called back 12:00: not reached; 12:00 talked for 2 minutes"


async def test_asked_for_and_not_put_through() -> None:
    world = await with_ticket()
    await world.commands(ADA, f"call {T}")
    assert (await blocks(world))[0] == "☎️ Ada asked to call back 12:00: their phone is being called"
    (call,) = world.seen("call")
    await world.receipt("call", call.token, "failed", code="machine", error="an answering machine")
    nobody = "☎️ Ada asked to call back 12:00: nobody pressed 1 on their phone"
    assert (await blocks(world))[0] == nobody
    await world.passes(minutes=5)
    await world.commands(ADA, f"call {T}")
    await presses(world, world.seen("call")[-1], "1")
    assert (await blocks(world))[:2] == [nobody, "☎️ Ada called back 12:05: on the phone now"]


@pytest.mark.parametrize("minutes", [3, 60])
async def test_of_a_phone_of_which_nothing_was_heard_nothing_is_expected(minutes: int) -> None:
    world = await with_ticket()
    await world.commands(ADA, f"call {T}")
    world.clock.at += dt.timedelta(minutes=minutes)
    assert "nobody pressed 1" in (await blocks(world))[0]
