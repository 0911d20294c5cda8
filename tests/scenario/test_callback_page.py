"""Key 3 and the button on a page: whoever is paged for a customer who called talks to them at once."""

from __future__ import annotations

import dataclasses

from bot.domain import notices as no
from bot.domain.hotline import Phase
from bot.domain.script import Ring
from tests.builders import ADA, ADA_PHONE, DESK, GRACE, THANDI
from tests.fakes.world import Sent, World, tap
from tests.scenario.test_callback import calls, company, presses

T = "MIT-1001"


async def paged(*, callback: bool = True) -> tuple[World, Sent]:
    """Ada's phone rings for an emergency; `callback`: as one that came by phone."""
    world = World(people=company())
    await world.says(THANDI, "Our mail server is down, nobody can work")
    await world.says(THANDI, "1")
    while not (rung := world.seen("call", ADA_PHONE)):
        await world.passes(minutes=1)
    (call,) = rung
    item = await world.run(lambda uow: uow.outbox.by_token(call.token))
    assert item is not None and isinstance(item.notice, no.PageCall)
    as_called = dataclasses.replace(item, notice=dataclasses.replace(item.notice, callback=callback))
    await world.run(lambda uow: uow.outbox.save(as_called))
    world.look_away()
    return world, call


async def test_key_3_has_the_ticket_and_rings_the_customer_in_the_same_call() -> None:
    world, call = await paged()
    script = (await presses(world, call, "3")).script
    assert script is not None and script.call == "CA1"
    assert script.verb == Ring(number=THANDI, seconds=40, plain=True)
    assert (await world.ticket()).owner == "ada"
    assert "✅ Ada has it (Call)." in world.texts("slack", DESK)
    assert await world.run(lambda uow: list(uow.pages.open())) == []
    (row,) = await calls(world)
    assert (row.by, row.phase) == ("ada", Phase.TALKING)
    assert world.seen("call") == []  # nobody hangs up on her


async def test_without_a_caller_the_key_means_nothing() -> None:
    world, call = await paged(callback=False)
    outcome = await presses(world, call, "3")
    assert outcome.script is None and outcome.reply is not None
    assert [key for key, _ in outcome.reply.keys] == ["1", "2"]
    assert await calls(world) == []


async def test_the_other_keys_stay_what_they_were() -> None:
    world, call = await paged()
    again = (await presses(world, call, "7")).reply
    assert again is not None and [key for key, _ in again.keys] == ["1", "2", "3"]
    told = (await presses(world, call, "1")).reply
    assert told is not None and told.spoken == f"You have {T}."
    assert await calls(world) == []


async def test_where_a_colleague_has_it_by_now_the_customer_is_left_alone() -> None:
    world, call = await paged()
    await world.commands(GRACE, f"ack {T}")
    outcome = await presses(world, call, "3")
    assert outcome.script is None and outcome.reply is not None
    assert outcome.reply.spoken == f"Grace has {T} already."
    assert await calls(world) == []


async def test_the_button_of_a_page_calls_the_engineer_first() -> None:
    world, _ = await paged()
    await world.passes(seconds=45)  # two calls to one phone are so far apart
    world.look_away()
    await world.taps(ADA, tap("callback"), via="slack")
    (call,) = world.seen("call", ADA_PHONE)
    assert call.spoken.startswith("You are calling back Thandi, Acme Clinics. Emergency.")
    await presses(world, call, "1")
    assert (await world.ticket()).owner == "ada"
