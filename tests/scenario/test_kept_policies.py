"""A ticket goes by the policy that it was opened under, whatever has become of the file since."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.events import ClockBreached
from bot.domain.people import Directory
from escalation.sla import ClockKind
from escalation.targets import parse_target
from tests.builders import ADA, THANDI, directory, policy
from tests.fakes.world import MONDAY_NOON, World

FIRST = policy(version="1")
LATER = policy(
    version="2",
    severities=(
        dataclasses.replace(FIRST.severities[0], label="Fire", respond=parse_target("4h")),
        *FIRST.severities[1:],
    ),
)
TEAM = directory().teams[0]


def put_in_force(world: World, people: Directory) -> None:
    """As a reload does it."""
    setup = dataclasses.replace(world.setup, directory=people)
    for reader in (world.bus, *world.lanes):
        reader.setup = setup


async def opened() -> World:
    world = World(people=directory(policies=(FIRST,)))
    await world.says(THANDI, "urgent Our mail server is down, nobody can work")
    return world


async def target(world: World, id: str) -> str:
    clock = (await world.ticket(id)).clock(ClockKind.RESPONSE)
    return clock.target if clock else ""


def clock_on_card(world: World, id: str) -> str:
    return next(card.clock for card in world.channels["slack"].cards.values() if card.ticket == id)


async def breach(world: World, id: str) -> list[dt.timedelta]:
    events = await world.events(id)
    return [e.at - MONDAY_NOON for e in events if isinstance(e, ClockBreached)]


async def test_an_old_ticket_keeps_its_promise_and_a_new_one_gets_the_new() -> None:
    world = await opened()
    put_in_force(world, directory(policies=(LATER,), kept=(FIRST,)))
    await world.says(THANDI, "new: urgent and now the internet is down")
    versions = [(await world.ticket(f"MIT-{n}")).policy_version for n in (1001, 1002)]
    assert versions == ["1", "2"]
    await world.passes(minutes=59)
    assert "by 13:00" in clock_on_card(world, "MIT-1001")
    assert "by 16:00" in clock_on_card(world, "MIT-1002")
    await world.passes(hours=2)
    (late,) = await breach(world, "MIT-1001")
    assert dt.timedelta(0) <= late - dt.timedelta(hours=1) < dt.timedelta(seconds=1)
    assert await breach(world, "MIT-1002") == []


async def test_a_severity_that_is_set_later_is_the_one_of_then() -> None:
    world = await opened()
    put_in_force(world, directory(policies=(LATER,), kept=(FIRST,)))
    assert await world.commands(ADA, "severity MIT-1001 high") == "Done: MIT-1001 is High."
    assert await world.commands(ADA, "severity MIT-1001 emergency") == "Done: MIT-1001 is Emergency."
    assert await target(world, "MIT-1001") == "1h"
    await world.says(THANDI, "new: urgent and now the internet is down")
    assert await target(world, "MIT-1002") == "4h"
    assert await world.commands(ADA, "severity MIT-1002 high") == "Done: MIT-1002 is High."
    assert await world.commands(ADA, "severity MIT-1002 emergency") == "Done: MIT-1002 is Fire."


async def test_a_policy_that_is_gone_still_serves_its_tickets() -> None:
    world = await opened()
    other = policy(name="other", prefix="OTH", version="9")
    team = dataclasses.replace(TEAM, policy="other")
    put_in_force(world, directory(policies=(other,), teams=(team,), kept=(FIRST,)))
    await world.says(THANDI, "new: urgent and now the internet is down")
    assert (await world.ticket("OTH-1001")).policy == "other"
    assert await world.commands(ADA, "severity MIT-1001 high") == "Done: MIT-1001 is High."
    await world.passes(hours=3)
    assert len(await breach(world, "MIT-1001")) == 1


async def test_where_the_version_was_not_kept_the_policy_of_today_serves() -> None:
    world = await opened()
    put_in_force(world, directory(policies=(LATER,)))
    assert await world.commands(ADA, "severity MIT-1001 high") == "Done: MIT-1001 is High."
    assert await world.commands(ADA, "severity MIT-1001 emergency") == "Done: MIT-1001 is Fire."
    assert await target(world, "MIT-1001") == "4h"


async def test_a_policy_that_is_gone_without_a_trace_pages_on_and_is_worked_under_another() -> None:
    world = await opened()
    other = policy(name="other", version="9", prefix="OTH")
    team = dataclasses.replace(TEAM, policy="other")
    put_in_force(world, directory(policies=(other,), teams=(team,)))
    world.look_away()
    await world.passes(minutes=2)
    assert any("MIT-1001" in text for text in world.texts("sms"))
    assert await world.commands(ADA, "ack MIT-1001") == "You have MIT-1001."
    assert not [event for event, _ in world.logged if event.endswith("_failed")]
