"""Where lanes, cards, files and locks meet: each of these once went wrong."""

from __future__ import annotations

import asyncio

from bot.app import card_delivery
from bot.app.rows import StorageError
from bot.app.saying import say
from bot.domain import notices as no
from bot.domain.status import Status
from storage.memory import MemoryStore
from tests.builders import ADA, SIPHO, THANDI
from tests.contract.test_lanes import Rig, until
from tests.contract.test_races_postgres import SLACK, WHATSAPP, Race, message, race  # noqa: F401
from tests.fakes.world import World


async def test_a_file_with_the_word_close_still_closes() -> None:
    """The files come first: the word ends the ticket."""
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "close", files=("fixed.jpg",))
    assert [e for e in world.logged if e[0] == "inbound_failed"] == []
    assert (await world.ticket()).status is Status.CLOSED


def test_two_lanes_that_look_at_once_do_not_lock_each_other_out(race: Race) -> None:  # noqa: F811
    """A look locks all tickets that it concerns in one order, the card's too."""
    world = race.world
    asyncio.run(world.says(THANDI, "The printer is slow"))
    asyncio.run(world.says(SIPHO, "The phone is slow"))
    lane = {each.name: each for each in world.lanes}

    def prepare(ctx):
        for id in ("MIT-1001", "MIT-1002"):
            say(ctx, ctx.ticket(id), (no.ToCustomer(notice=no.ClosedForYou(ticket=id)),))
        say(ctx, ctx.ticket("MIT-1002"), (no.ToDesk(notice=no.DeskLine(what="reopened")),))
        ctx.uow.cards.touch("MIT-1001", ctx.now, 20)

    race.does(prepare)
    race.stop_at(card_delivery, "begin")
    race.run(lambda ctx: lane["slack"]._look(ctx.uow), lambda ctx: lane["whatsapp"]._look(ctx.uow))


async def test_a_lane_that_is_woken_and_cancelled_at_once_ends() -> None:
    """asyncio.wait_for of Python 3.11 swallows a cancellation when what it waits for is done already."""
    rig = Rig(MemoryStore())
    (lane, *_) = rig.lanes
    task = asyncio.create_task(lane.forever())
    await asyncio.sleep(0.05)
    lane.wake()
    await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=0.5)
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.1)
    assert done


async def test_a_reply_under_a_card_that_is_not_recorded_yet_is_not_lost() -> None:
    """The card stands in Slack, its row does not say so yet (the database refused): a reply in its thread must not be
    taken for the team's own chatter."""
    rig = Rig(MemoryStore())
    refusing = [True]

    async with rig.running():
        real = rig.run

        async def run(work):
            if refusing[0] and "_put" in work.__qualname__:
                raise StorageError("disk full for a moment")
            return await real(work)

        for lane in rig.lanes:
            lane.run = run
        await rig.says(THANDI, "The printer is slow")
        await until(lambda: bool(rig.channels["slack"].cards))
        (thread,) = rig.channels["slack"].cards
        await rig.says(ADA, "On it", via="slack", thread=thread)
        refusing[0] = False
        await rig.bus.retry_failed()
        failed = list(rig.store._tables.inbox.rows.values())
    kept = any(f is not None for f in failed)
    assert kept or any("On it" in t for t in rig.texts("whatsapp"))
