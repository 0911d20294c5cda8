"""What `why` promises is what comes: random rules and chains, forecast and then lived through."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator

import pytest

from bot.app.context import Context
from bot.app.why import would_page
from bot.domain import events as ev
from bot.domain.ids import ChannelName, TicketId
from bot.domain.people import Person
from bot.domain.why_notices import Forecast
from escalation.chain import Chain, Step
from escalation.escalate import parse_trigger
from escalation.paging import Rule
from escalation.storm import Limits
from tests.builders import ADA, ADA_PHONE
from tests.fakes.nights import MINUTE, night, reported
from tests.fakes.world import World

Attempt = tuple[dt.datetime, str, str]
TARGETS = ("schedule:standby", "schedule:empty", "person:ada", "person:lin", "tier:3", "leads", "everyone")
WAYS = ("slack", "sms", "call", "telegram", "chat")


def rules(r: random.Random) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            after=r.choice([0, 0, 1, 2, 5, 7, 10, 20, 45]) * MINUTE,
            by=tuple(r.sample(WAYS, r.randint(1, 2))),
            every=r.choice([None, None, 2 * MINUTE, 3 * MINUTE]),
        )
        for _ in range(r.randint(1, 3))
    )


def chain(r: random.Random) -> Chain:
    steps = tuple(
        Step(
            targets=tuple(r.sample(TARGETS, r.randint(1, 2))),
            wait=r.choice([1, 5, 10, 30]) * MINUTE,
            at=parse_trigger(r.choice(["10% of response", "60% of response"])) if r.random() < 0.3 else None,
        )
        for _ in range(r.randint(1, 4))
    )
    return Chain(name="standby", repeat=r.randint(0, 2), steps=steps)


def random_night(r: random.Random) -> World:
    def changed(person: Person) -> Person:
        known = dict(person.identities)
        if "sms" in known and r.random() < 0.6:
            known[ChannelName("call")] = known[ChannelName("sms")]
        own = {"emergency": rules(r)} if r.random() < 0.7 else {}
        return dataclasses.replace(person, identities=known, rules=own)

    people = tuple(changed(person) for person in night().directory.people)
    return night(chains=(chain(r),), people=people, limits=Limits(per_hour=10_000))


def promised(found: Forecast) -> Iterator[Attempt]:
    for step in found.steps:
        for person in step.people:
            for way in person.ways:
                times = [way.at]
                while way.every and times[-1] + way.every < step.until:
                    times.append(times[-1] + way.every)
                yield from ((at, person.person, method) for at in times for method in way.methods)


async def came(world: World) -> tuple[set[Attempt], dt.datetime]:
    """Every attempt; and when everyone's turn came."""
    log = await world.run(lambda uow: list(uow.log.of(TicketId("MIT-1001"))))
    tried = [(r.at, r.event) for r in log if isinstance(r.event, ev.PageAttempted)]
    spent = next(r.at for r in log if isinstance(r.event, ev.PageStepped) and r.event.last_resort)
    return {(at, e.person, world.setup.label(e.method)) for at, e in tried}, spent


@pytest.mark.parametrize("seed", range(40))
async def test_what_is_promised_comes_and_nothing_else(seed: int) -> None:
    world = random_night(random.Random(seed))
    began = world.clock.at
    found = await world.run(
        lambda uow: would_page(
            Context(uow=uow, now=began, setup=world.setup),
            world.directory.organisation("acme"),
            "emergency",
            began,
        )
    )
    await reported(world)
    assert found.everyone_from is not None
    await world.passes(seconds=(found.everyone_from + 50 * MINUTE - began).total_seconds())
    attempts, spent = await came(world)
    wanted = set(promised(found))
    assert spent == found.everyone_from
    assert wanted - attempts == set()
    assert {attempt for attempt in attempts - wanted if attempt[0] < spent} == set()


async def test_a_late_call_is_told_where_it_is_from_and_again_where_it_was_made() -> None:
    ada = night().directory.people[0]
    known = {**ada.identities, ChannelName("call"): ADA_PHONE}
    late = (Rule(after=0 * MINUTE, by=("slack",)), Rule(after=10 * MINUTE, by=("call",), every=2 * MINUTE))
    ada = dataclasses.replace(ada, identities=known, rules={"emergency": late})
    steps = tuple(Step(targets=(target,), wait=5 * MINUTE) for target in ("person:ada", "person:lin"))
    world = night(
        chains=(Chain(name="standby", steps=steps, repeat=1),),
        people=(ada, *night().directory.people[1:]),
    )
    assert "   Ada: 22:30 Slack · 22:40 Call · own rules" in await world.commands(ADA, "why acme")
    await reported(world)
    await world.passes(minutes=12)
    assert len(world.seen("call")) == 1
    said = (await world.commands(ADA, "why MIT-1001")).splitlines()
    assert [line for line in said if line.startswith("   Ada")] == [
        "   Ada 22:30 Slack: accepted",
        "   Ada 22:40 Slack: accepted; 22:40 Call: accepted",
    ]
