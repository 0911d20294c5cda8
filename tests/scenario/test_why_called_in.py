"""`why` of a page into which colleagues were called: they stand within the step that ran, as called in."""

from __future__ import annotations

from tests.builders import ADA, GRACE, LIN
from tests.fakes.desks import MAX
from tests.fakes.nights import night, reported
from tests.fakes.world import World

STEP = "Step 2, 22:30, schedule standby"
GRACES = "   Grace 22:30 Slack: accepted; 22:30 SMS: accepted; 22:31 SMS: accepted; "


async def told(world: World, who: str = ADA) -> list[str]:
    """The lines about the last page's steps."""
    said = (await world.commands(who, "why MIT-1001")).rpartition("📟")[2].splitlines()
    return [line for line in said[1:] if not line.startswith("Step 1, 22:30: skipped")]


async def test_somebody_else_is_called_in() -> None:
    world = night()
    await reported(world)
    await world.passes(minutes=2)
    await world.commands(GRACE, "page MIT-1001 max")
    assert (await told(world))[:3] == [
        STEP,
        f"{GRACES}22:33 SMS: to come, then 13 more",
        "   Max, called in by Grace at 22:32: 22:32 Slack: accepted; 22:33 Slack: to come, then 13 more",
    ]
    assert not [line for line in await told(world, MAX) if line.startswith("You")], "he was paged"
    await world.passes(minutes=30)
    steps = [line for line in await told(world) if not line.startswith("   ")]
    assert steps[:2] == [STEP, "Step 3, 23:00, Lin"]


async def test_whoever_is_in_the_step_already_is_called_in_too() -> None:
    world = night()
    await reported(world)
    await world.passes(minutes=2)
    await world.commands(LIN, "page MIT-1001 grace")
    assert (await told(world))[:3] == [
        STEP,
        f"{GRACES}14 × SMS: not sent, no longer needed",
        "   Grace, called in by Lin at 22:32: 22:32 Slack: accepted; 22:32 SMS: accepted; "
        "22:33 SMS: to come, then 13 more",
    ]


async def test_at_the_same_instant_as_the_step() -> None:
    world = night()
    await reported(world)
    await world.commands(GRACE, "page MIT-1001 grace")
    graces = [line for line in await told(world) if line.startswith("   Grace")]
    assert graces[0].startswith("   Grace 22:30 Slack: accepted; 22:30 SMS: accepted; ")
    assert graces[1].startswith("   Grace, called in by Grace at 22:30: 22:30 Slack: accepted; ")
    assert len(graces) == 2


async def test_while_everyone_is_paged_each_round_is_one() -> None:
    world = night()
    await reported(world)
    await world.passes(minutes=57)
    await world.commands(ADA, "page MIT-1001 max")
    await world.passes(minutes=5)
    said = await told(world)
    heads = [line for line in said if line.startswith(("Everyone", "   Max"))]
    assert [line.partition(";")[0] for line in heads] == [
        "Everyone, 23:25",
        "   Max 23:25 Slack: accepted",
        "   Max, called in by Ada at 23:27: 23:27 Slack: accepted",
        "Everyone, 23:30",
        "   Max 23:30 Slack: accepted",
    ]


async def test_a_colleague_who_asks_begins_a_page_and_calls_nobody_in() -> None:
    world = night()
    await reported(world)
    await world.commands(GRACE, "ack MIT-1001")
    await world.passes(minutes=1)
    await world.commands(GRACE, "page MIT-1001 max")
    assert (await told(world))[:2] == [
        "Step 1, 22:31, Max",
        "   Max 22:31 Slack: accepted; 22:32 Slack: to come, then 1 more",
    ]
