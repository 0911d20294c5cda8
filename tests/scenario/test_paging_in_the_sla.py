"""Steps of a chain that are placed in the ticket's SLA: the clock drives the pager. And a machine's clock that is set back."""

from __future__ import annotations

import datetime as dt

from escalation.chain import Chain, Step
from escalation.escalate import parse_trigger
from tests.builders import ADA, GRACE, LIN, THANDI, directory
from tests.fakes.world import World

FIVE = dt.timedelta(minutes=5)
T = "MIT-1001"


def placed(*steps: Step, repeat: int = 0) -> World:
    return World(people=directory(chains=(Chain(name="standby", steps=steps, repeat=repeat),)))


def step(target: str, at: str = "", wait: dt.timedelta = FIVE) -> Step:
    return Step(targets=(target,), wait=wait, at=parse_trigger(at) if at else None)


async def emergency(world: World) -> None:
    """Answered within an hour."""
    await world.says(THANDI, "Our mail server is down, nobody can work")
    await world.says(THANDI, "1")


def paged(world: World) -> list[str]:
    names = {ADA: "Ada", GRACE: "Grace", LIN: "Lin"}
    found = [
        names[s.place] for s in world.seen("slack") if s.place in names and "ACK" in s.text and not s.edits
    ]
    return list(dict.fromkeys(found))


async def test_a_step_begins_when_that_share_of_the_time_is_used_up() -> None:
    world = placed(
        step("person:ada"), step("person:grace", "50% of response"), step("person:lin", "75% of response")
    )
    await emergency(world)
    assert paged(world) == ["Ada"]
    await world.passes(minutes=29, seconds=59)
    assert paged(world) == []
    await world.passes(seconds=1)
    assert paged(world) == ["Grace"]
    await world.passes(minutes=15)
    assert paged(world) == ["Lin"]


async def test_a_chain_may_begin_with_one_and_says_when() -> None:
    world = placed(step("person:ada", "25% of response"), step("person:grace"))
    await emergency(world)
    sent = world.seen("slack")
    assert [s.text for s in sent if "📟" in s.text] == [
        "📟 Step 1 pages 12:15, unless somebody has it before."
    ]
    assert [s for s in sent if s.place == ADA] == []
    await world.passes(minutes=15)
    assert paged(world) == ["Ada"]


async def test_whoever_takes_it_before_is_the_end_of_it() -> None:
    world = placed(step("person:ada", "25% of response"))
    await emergency(world)
    await world.commands(LIN, f"ack {T}")
    world.look_away()
    await world.passes(minutes=29)
    assert paged(world) == []


async def test_a_share_that_has_passed_gives_the_step_before_a_minute() -> None:
    world = placed(step("person:ada", wait=dt.timedelta(minutes=40)), step("person:grace", "50% of response"))
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "3")
    await world.passes(minutes=40)
    world.look_away()
    await world.commands(ADA, f"severity {T} emergency")
    assert paged(world) == ["Ada"]
    await world.passes(minutes=1)
    assert "Grace" in paged(world)


async def test_a_second_round_goes_by_its_waits() -> None:
    world = placed(step("person:ada"), step("person:grace", "50% of response"), repeat=1)
    await emergency(world)
    await world.passes(minutes=35)
    assert paged(world) == ["Ada", "Grace"]
    await world.passes(minutes=5)
    assert "Grace" in paged(world)


async def test_a_step_that_failed_does_not_wait_for_the_clock() -> None:
    world = placed(step("person:ada"), step("person:grace", "50% of response"))
    world.channels["slack"].broken = {ADA}
    for name in ("sms", "telegram"):
        world.channels[name].broken = {"+27115550001", "10001"}
    await emergency(world)
    assert paged(world) == ["Grace"]


async def test_a_clock_that_is_set_back_makes_nobody_wait_longer() -> None:
    world = placed(step("person:ada"), step("person:grace"))
    await emergency(world)
    await world.passes(minutes=3)
    world.look_away()
    world.clock.at -= dt.timedelta(hours=1)
    await world.settle()
    await world.passes(minutes=2, seconds=1)
    assert paged(world) == ["Grace"]
    page = (await world.run(lambda uow: list(uow.pages.open())))[0]
    assert page.until is not None and page.until <= world.clock.at + FIVE
