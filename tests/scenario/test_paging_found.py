"""Nights that went wrong."""

from __future__ import annotations

import datetime as dt

from bot.app.ports import Temporary
from escalation.paging import Rule
from escalation.storm import Limits
from tests.builders import ADA, ADA_PHONE, GRACE, THANDI
from tests.fakes.world import World
from tests.scenario.test_paging_properties import bundle_of_three, pages_of, storm, ticket

MINUTE = dt.timedelta(minutes=1)


async def test_what_went_another_way_after_a_call_about_several_can_be_acknowledged() -> None:
    """Two calls are due while her phone rings; they become one, which fails; each of them goes another way."""
    world = storm((Rule(after=0 * MINUTE, by=("call",)),), limits=Limits(per_hour=9, bundle=5 * MINUTE))
    for n in (1, 2, 3):
        await ticket(world, n)
    world.channels["call"].broken = {ADA_PHONE}
    await world.passes(minutes=1)
    for n in (1, 2, 3):
        await world.commands(GRACE, f"ack MIT-100{n}")
    assert [(await world.ticket(f"MIT-100{n}")).owner for n in (1, 2, 3)] == ["grace", "grace", "grace"]


async def test_a_hang_up_that_fails_does_not_make_the_phone_ring_again_at_once() -> None:
    """Her phone rings for the first; it is over, and the vendor refuses to end the call; the second is due."""
    world = storm((Rule(after=0 * MINUTE, by=("call",)),), limits=Limits(per_hour=9, bundle=5 * MINUTE))
    await ticket(world, 1)
    world.channels["call"].fail = [Temporary("much too fast", 90.0)]
    await world.commands(GRACE, "ack MIT-1001")
    await ticket(world, 2)
    assert len([s for s in world.seen("call", ADA_PHONE) if not s.edits]) == 1


async def test_a_conversation_goes_on_when_the_clock_was_set_back() -> None:
    """A line waits for its next try when the clock is set back; what is said after it must not wait for an hour."""
    world = World()
    world.channels["whatsapp"].fail = [Temporary("slowly", 30.0)]
    await world.says(THANDI, "Our mail server is down, nobody can work")
    world.clock.at -= dt.timedelta(hours=1)
    await world.settle()
    await world.passes(minutes=6)
    assert world.texts("whatsapp", THANDI)


async def test_a_bundle_that_failed_is_not_tried_again_by_the_way_that_failed() -> None:
    """The row that carries the others."""
    world = storm((Rule(after=0 * MINUTE, by=("sms",)),))
    await bundle_of_three(world)
    world.channels["sms"].broken = {ADA_PHONE}
    await world.passes(minutes=5)
    page = next(p for p in await world.run(lambda uow: list(uow.pages.open())) if p.ticket == "MIT-1002")
    rows = await world.run(lambda uow: list(uow.outbox.of_page(page.id)))
    assert len([r for r in rows if r.method == "sms"]) == 1


async def test_what_is_held_back_waits_no_longer_than_a_bundle_does() -> None:
    """A text of the page before waits for its own rule: that is not when the next bundle goes out."""
    world = storm((Rule(after=0 * MINUTE, by=("slack",)), Rule(after=20 * MINUTE, by=("sms",))))
    await ticket(world, 1)
    await ticket(world, 2)
    await world.passes(minutes=6)
    world.look_away()
    held = await ticket(world, 3)
    await world.passes(minutes=6)
    assert pages_of(world, "slack", ADA, held)
