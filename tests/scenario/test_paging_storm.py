"""Many tickets at once: the first pages ring, the rest goes out bundled, and each that waits is written in its thread."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.app.rows import SendState
from escalation.paging import Rule
from escalation.storm import Limits
from tests.builders import ADA, ADA_PHONE, DESK, directory, person, policy
from tests.fakes.world import World, tap


def storm(per_hour: int = 2) -> World:
    """Emergency and High page; Ada alone is on call."""
    it = policy()
    severities = tuple(dataclasses.replace(s, pages=True) if s.id == "high" else s for s in it.severities)
    paging = dataclasses.replace(it, severities=severities)
    loud = (
        Rule(after=dt.timedelta(), by=("slack", "sms")),
        Rule(after=dt.timedelta(minutes=1), by=("call",)),
    )
    rules = {"high": loud, "emergency": loud}
    people = (person("ada", "Ada", ADA, ADA_PHONE, calls=True, rules=rules),)
    where = directory(
        people=people, policies=(paging,), limits=Limits(per_hour=per_hour, bundle=dt.timedelta(minutes=5))
    )
    (team,) = where.teams
    teams = (dataclasses.replace(team, chains={"emergency": "standby", "high": "standby"}),)
    return World(people=dataclasses.replace(where, teams=teams))


async def ticket(world: World, n: int, severity: str) -> None:
    who = f"+2782000000{n}"
    await world.says(who, "Something is broken here")
    await world.taps(who, tap("sev", f"MIT-{1000 + n}", severity))


def pages_of(world: World, channel: str, place: str) -> list[str]:
    return [s.text for s in world.seen(channel, place) if "ACK" in s.text and not s.edits]


async def test_what_is_too_much_waits_and_goes_out_as_one() -> None:
    world = storm()
    for n in (1, 2):
        await ticket(world, n, "high")
    assert len(pages_of(world, "sms", ADA_PHONE)) == 2
    world.look_away()
    for n in (3, 4, 5):
        await ticket(world, n, "high")
    assert pages_of(world, "sms", ADA_PHONE) == []
    lines = [t for t in world.texts("slack", DESK) if "waits for the others" in t]
    assert (
        lines
        == [
            "📟 Ada has been paged a lot this hour: this one waits for the others and goes out with them 12:05."
        ]
        * 3
    )
    world.look_away()
    await world.passes(minutes=5)
    (bundle,) = [t for t in pages_of(world, "sms", ADA_PHONE) if "wait for you" in t]
    assert bundle.startswith("🚨 3 tickets wait for you:\nHigh MIT-1003")
    assert bundle.endswith("Reply ACK ALL for all of them, or the code of one.")


async def test_the_first_page_of_an_emergency_is_never_held_back_and_its_repeat_is() -> None:
    world = storm()
    for n in (1, 2, 3):
        await ticket(world, n, "high")
    world.look_away()
    await ticket(world, 4, "emergency")
    (text,) = pages_of(world, "sms", ADA_PHONE)
    assert "Emergency MIT-1004" in text
    world.look_away()
    await world.passes(minutes=5)
    held = await world.run(lambda uow: [i for i in uow.outbox.of_person("ada", world.clock.now()) if i.held])  # type: ignore[arg-type]
    assert held or pages_of(world, "sms", ADA_PHONE)


async def test_one_word_acknowledges_all_of_them() -> None:
    world = storm()
    for n in (1, 2, 3, 4):
        await ticket(world, n, "high")
    await world.passes(minutes=5)
    world.look_away()
    await world.says(ADA_PHONE, "ack all", via="sms")
    assert world.texts("sms", ADA_PHONE) == ["You have MIT-1001, MIT-1002, MIT-1003, MIT-1004."]
    assert await world.run(lambda uow: list(uow.pages.open())) == []
    for n in (1, 2, 3, 4):
        assert (await world.ticket(f"MIT-{1000 + n}")).owner == "ada"


async def test_the_button_does_too_and_the_message_says_what_is_left() -> None:
    world = storm()
    for n in (1, 2, 3, 4):
        await ticket(world, n, "high")
    await world.passes(minutes=5)
    bundle = next(s for s in world.seen("slack", ADA) if "wait for you" in s.text)
    await world.commands(ADA, "ack MIT-1003")
    edits = [s for s in world.seen("slack", ADA) if s.edits == bundle.id]
    assert edits and "1 ticket waits for you" in edits[-1].text and "MIT-1003" not in edits[-1].text
    await world.taps(ADA, bundle.choices[0], via="slack")
    assert await world.run(lambda uow: list(uow.pages.open())) == []


async def test_what_was_answered_before_the_bundle_goes_out_is_not_in_it() -> None:
    world = storm()
    for n in (1, 2, 3, 4):
        await ticket(world, n, "high")
    await world.commands(ADA, "ack MIT-1003")
    await world.commands(ADA, "ack MIT-1004")
    world.look_away()
    await world.passes(minutes=5)
    assert not [t for t in pages_of(world, "sms", ADA_PHONE) if "MIT-1003" in t or "MIT-1004" in t]


async def test_a_bundle_that_is_not_delivered_makes_each_of_its_pages_go_another_way() -> None:
    world = storm()
    for n in (1, 2, 3, 4):
        await ticket(world, n, "high")
    await world.passes(minutes=5)
    bundle = next(s for s in world.seen("sms", ADA_PHONE) if "wait for you" in s.text)
    await world.receipt("sms", bundle.token, "failed", code="30005")
    failed = await world.run(
        lambda uow: [
            i for p in uow.pages.open() for i in uow.outbox.of_page(p.id) if i.state == SendState.FAILED
        ]
    )
    assert {i.ticket for i in failed} == {"MIT-1003", "MIT-1004"}


async def test_a_key_on_the_call_acknowledges_all_of_them() -> None:
    world = storm()
    for n in (1, 2, 3, 4):
        await ticket(world, n, "high")
    await world.passes(minutes=6)
    call = next(s for s in world.seen("call") if "tickets wait" in s.spoken)
    assert call.keys == ("1",)
    said = await world.presses(call, "1")
    assert said == "You have MIT-1001, MIT-1002, MIT-1003, MIT-1004."
