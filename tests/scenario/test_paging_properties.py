"""Paging over random nights: whatever people, vendors, clocks and processes do, what `Checks` says stays true."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings

from bot.app.ports import Temporary
from escalation.chain import Chain, Step
from escalation.paging import Rule
from escalation.storm import Limits
from tests.builders import ADA, ADA_PHONE, GRACE, GRACE_PHONE, directory, person, policy
from tests.fakes.world import Sent, World, tap
from tests.scenario.paging_random_checks import Checks
from tests.scenario.paging_random_deeds import RandomNight
from tests.scenario.paging_random_nights import Night, nights

MINUTE = dt.timedelta(minutes=1)
SECOND_PHONE = "+27115550009"


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(night=nights())
def test_whatever_happens_in_the_night(night: Night) -> None:
    world = RandomNight(night)
    Checks(world)
    try:
        asyncio.run(world.live())
    except Exception as error:
        error.add_note("\n".join(world.trace))
        raise


# ---------------------------------------------------------------- nights that went wrong once
def storm(rule: tuple[Rule, ...] | None = None, **changes: object) -> World:
    """Emergency and High page; Ada has all ways, and one page an hour is enough for her."""
    it = policy()
    severities = tuple(dataclasses.replace(s, pages=s.id in ("emergency", "high")) for s in it.severities)
    loud = rule or (
        Rule(after=0 * MINUTE, by=("slack", "sms")),
        Rule(after=MINUTE, by=("call",)),
    )
    rules = {"high": loud, "emergency": loud}
    ada = person("ada", "Ada", ADA, ADA_PHONE, calls=True, rules=rules)
    given: dict[str, object] = {
        "people": (ada, person("grace", "Grace", GRACE)),
        "policies": (dataclasses.replace(it, severities=severities),),
        "limits": Limits(per_hour=1, bundle=5 * MINUTE),
        "chains": (Chain(name="standby", steps=(Step(targets=("person:ada",), wait=30 * MINUTE),)),),
    }
    where = directory(**(given | changes))
    (team,) = where.teams
    teams = (dataclasses.replace(team, chains={"emergency": "standby", "high": "standby"}),)
    return World(people=dataclasses.replace(where, teams=teams))


async def ticket(world: World, n: int, severity: str = "high") -> str:
    who, id = f"+2782000000{n}", f"MIT-{1000 + n}"
    await world.says(who, "Something is broken here")
    await world.taps(who, tap("sev", id, severity))
    return id


def pages_of(world: World, channel: str, place: str, id: str = "") -> list[Sent]:
    found = [s for s in world.seen(channel, place) if not s.edits]
    return [s for s in found if ("ACK" in s.text or s.keys) and id in (s.text + s.spoken)]


async def test_what_was_held_back_and_becomes_an_emergency_goes_out_at_once() -> None:
    world = storm()
    await ticket(world, 1)
    held = await ticket(world, 2)
    assert pages_of(world, "sms", ADA_PHONE, held) == []
    await world.commands(GRACE, f"severity {held} emergency")
    assert pages_of(world, "sms", ADA_PHONE, held)


async def bundle_of_three(world: World) -> None:
    for n in (1, 2, 3, 4):
        await ticket(world, n)
    world.look_away()


async def test_a_bundle_that_waits_for_its_vendor_is_not_lost_when_its_first_page_ends() -> None:
    """MIT-1002 carries MIT-1003 and MIT-1004; the vendor asks for a few seconds; MIT-1002 is acknowledged meanwhile."""
    world = storm()
    await bundle_of_three(world)
    world.channels["sms"].fail = [Temporary("slowly", 10.0)]
    await world.passes(minutes=5)
    await world.commands(GRACE, "ack MIT-1002")
    await world.passes(minutes=1)
    (text,) = pages_of(world, "sms", ADA_PHONE)
    assert "MIT-1003" in text.text and "MIT-1004" in text.text and "MIT-1002" not in text.text


async def test_a_bundle_that_is_tried_again_has_what_is_open_by_then() -> None:
    world = storm()
    await bundle_of_three(world)
    world.channels["sms"].fail = [Temporary("slowly", 10.0)]
    await world.passes(minutes=5)
    await world.commands(GRACE, "ack MIT-1003")
    await world.passes(minutes=1)
    (text,) = pages_of(world, "sms", ADA_PHONE)
    assert "MIT-1003" not in text.text and "MIT-1004" in text.text


async def test_a_bundle_that_is_tried_again_keeps_all_that_it_carries() -> None:
    """Another page is held back between the two tries."""
    world = storm()
    await bundle_of_three(world)
    world.channels["sms"].fail = [Temporary("slowly", 10.0)]
    await world.passes(minutes=5)
    await ticket(world, 5)
    await world.passes(minutes=6)
    said = " ".join(s.text for s in pages_of(world, "sms", ADA_PHONE))
    assert [n for n in (2, 3, 4, 5) if f"MIT-100{n}" not in said] == []


@pytest.mark.parametrize("id", ["MIT-1002", "MIT-1003", "MIT-1004"])
async def test_a_bundle_that_fails_makes_each_of_its_pages_go_another_way_at_once(id: str) -> None:
    """The page whose row carries the others too."""
    world = storm((Rule(after=0 * MINUTE, by=("sms",)),))
    await bundle_of_three(world)
    world.channels["sms"].broken = {ADA_PHONE}
    await world.passes(minutes=5)
    assert pages_of(world, "slack", ADA, id) or pages_of(world, "call", ADA_PHONE, id)


async def test_a_bundle_whose_vendor_is_away_goes_another_way_at_once() -> None:
    world = storm((Rule(after=0 * MINUTE, by=("sms",)),))
    await bundle_of_three(world)
    world.channels["sms"].fail = [Temporary("away")] * 50
    await world.passes(minutes=5)
    assert pages_of(world, "slack", ADA) or pages_of(world, "call", ADA_PHONE)


async def test_a_call_about_several_tickets_is_hung_up_when_all_of_them_are_over() -> None:
    world = storm((Rule(after=0 * MINUTE, by=("call",)),))
    await bundle_of_three(world)
    await world.passes(minutes=5)
    (call,) = [s for s in world.seen("call", ADA_PHONE) if "3 tickets" in s.spoken]
    for n in (2, 3, 4):
        await world.commands(GRACE, f"ack MIT-100{n}")
    assert call.id in [s.edits for s in world.seen("call")]


async def test_whoever_was_woken_by_a_bundled_text_is_told_that_it_is_over() -> None:
    world = storm((Rule(after=0 * MINUTE, by=("sms",)),))
    await bundle_of_three(world)
    await world.passes(minutes=5)
    world.look_away()
    for n in (2, 3, 4):
        await world.commands(GRACE, f"ack MIT-100{n}")
    assert world.texts("sms", ADA_PHONE)


async def test_key_1_has_all_that_are_open_though_one_of_them_is_over() -> None:
    world = storm((Rule(after=0 * MINUTE, by=("call",)),))
    await bundle_of_three(world)
    await world.passes(minutes=5)
    (call,) = [s for s in world.seen("call", ADA_PHONE) if "3 tickets" in s.spoken]
    await world.commands(GRACE, "close MIT-1002")
    await world.presses(call, "1")
    assert [(await world.ticket(f"MIT-100{n}")).owner for n in (3, 4)] == ["ada", "ada"]


async def test_a_vendor_that_goes_away_after_it_asked_for_a_moment_is_gone_around() -> None:
    ada = person(
        "ada", "Ada", "", ADA_PHONE, calls=True, rules={"emergency": (Rule(after=0 * MINUTE, by=("sms",)),)}
    )
    world = World(people=directory(people=(ada, person("grace", "Grace", GRACE))))
    world.channels["sms"].fail = [Temporary("slowly", 5.0), *[Temporary("away")] * 50]
    await world.says("20001", "Our mail server is down, nobody can work", via="telegram")
    await world.says("20001", "1", via="telegram")
    await world.passes(seconds=6)
    assert [s.place for s in world.seen("call")] == [ADA_PHONE]


async def test_a_way_that_was_not_tried_comes_before_one_that_is_tried_again() -> None:
    """Slack got through and comes again in two minutes; the text fails; her phone has not rung yet."""
    own = {
        "emergency": (
            Rule(after=0 * MINUTE, by=("slack",), every=2 * MINUTE),
            Rule(after=0 * MINUTE, by=("sms",)),
        )
    }
    ada = person("ada", "Ada", ADA, ADA_PHONE, calls=True, rules=own)
    world = World(people=directory(people=(ada, person("grace", "Grace", GRACE))))
    world.channels["sms"].broken = {ADA_PHONE}
    await world.says("20001", "Our mail server is down, nobody can work", via="telegram")
    await world.says("20001", "1", via="telegram")
    assert [s.place for s in world.seen("call")] == [ADA_PHONE]


async def test_the_clock_was_set_back_while_no_process_ran_and_nobody_waits_longer() -> None:
    world = World()
    await world.says("20001", "Our mail server is down, nobody can work", via="telegram")
    await world.says("20001", "1", via="telegram")
    world.look_away()
    world.clock.at -= dt.timedelta(hours=1)
    world.bus.latest = None
    for lane in world.lanes:
        lane.swept = None
    await world.restarts()
    await world.passes(minutes=6)
    assert GRACE_PHONE in [s.place for s in world.seen("sms")]


async def test_cards_go_on_when_the_clock_was_set_back() -> None:
    """A desk's lines stand in the thread of the card: without it nobody at the desk reads of a new ticket."""
    world = World()
    slack = world.channels["slack"]
    slack.capabilities = dataclasses.replace(slack.capabilities, card_gap=dt.timedelta(seconds=1))
    await world.says("20001", "Our mail server is down, nobody can work", via="telegram")
    world.clock.at -= dt.timedelta(hours=1)
    await world.settle()
    await world.says("20002", "Nobody can work here either", via="telegram")
    await world.passes(seconds=5)
    assert len(slack.cards) == 2


async def test_who_left_is_not_called_any_more() -> None:
    """The configuration was read anew while her phone was to ring every minute."""
    own = {"emergency": (Rule(after=0 * MINUTE, by=("call",), every=MINUTE),)}
    ada = person("ada", "Ada", ADA, ADA_PHONE, calls=True, rules=own)
    world = World(people=directory(people=(ada, person("grace", "Grace", GRACE))))
    await world.says("20001", "Our mail server is down, nobody can work", via="telegram")
    await world.says("20001", "1", via="telegram")
    world.setup = dataclasses.replace(
        world.setup, directory=directory(people=(person("grace", "Grace", GRACE),))
    )
    world.bus.setup = world.setup
    for lane in world.lanes:
        lane.setup = world.setup
    world.look_away()
    await world.passes(minutes=3)
    assert world.seen("call", ADA_PHONE) == []


@pytest.mark.parametrize("after", [2, 4, 5])
async def test_whoever_is_paged_later_by_their_own_rules_is_paged_all_the_same(after: int) -> None:
    """Each step and each round begins before their first rule comes."""
    own = {"emergency": (Rule(after=after * MINUTE, by=("sms",)),)}
    chain = Chain(name="standby", repeat=2, steps=(Step(targets=("person:ada",), wait=2 * MINUTE),))
    people = (person("ada", "Ada", "", ADA_PHONE, rules=own),)
    world = World(people=directory(people=people, chains=(chain,)))
    await world.says("20001", "Our mail server is down, nobody can work", via="telegram")
    await world.says("20001", "1", via="telegram")
    await world.passes(minutes=20)
    assert pages_of(world, "sms", ADA_PHONE)


@pytest.mark.parametrize("after", [0, 2, 4])
async def test_what_is_held_back_is_not_put_off_again_and_again(after: int) -> None:
    """Six tickets, each paging everybody every five minutes, at different minutes."""
    chain = Chain(name="standby", steps=(Step(targets=("person:ghost",), wait=5 * MINUTE),))
    slowly = (Rule(after=after * MINUTE, by=("slack",)),)
    world = storm(slowly, chains=(chain,))
    for n in range(1, 7):
        await ticket(world, n)
        await world.passes(minutes=1)
    world.look_away()
    await world.passes(minutes=20)
    said = " ".join(s.text for s in pages_of(world, "slack", ADA))
    assert [n for n in range(1, 7) if f"MIT-100{n}" not in said] == []


async def test_paging_somebody_without_any_way_says_so() -> None:
    nobody = dataclasses.replace(person("noah", "Noah"), identities={})
    world = World(people=directory(people=(person("ada", "Ada", ADA, ADA_PHONE), nobody)))
    await world.says("20001", "Our mail server is down, nobody can work", via="telegram")
    await world.says("20001", "1", via="telegram")
    said = await world.commands(ADA, "page MIT-1001 noah")
    assert not said.startswith("Done"), said
