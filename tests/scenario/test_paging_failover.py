"""An attempt that does not get through: the next way at once, and what is down is gone around."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.app.ports import OutcomeUnknown, Permanent, Temporary
from tests.builders import ADA, ADA_PHONE, DESK, GRACE, GRACE_PHONE, LIN, THANDI, directory, person
from tests.fakes.world import World

SECOND_PHONE = "+27115550009"


def people(**changes: object) -> World:
    ada = person(
        "ada", "Ada", ADA, ADA_PHONE, calls=True, others={"call": (SECOND_PHONE,), "sms": (SECOND_PHONE,)}
    )
    grace = person("grace", "Grace", GRACE, GRACE_PHONE, calls=True)
    lin = person("lin", "Lin", LIN, tier=2, roles=frozenset({"lead"}))
    return World(people=directory(people=(ada, grace, lin), **changes))


async def emergency(world: World, via: str = "whatsapp") -> None:
    who = THANDI if via == "whatsapp" else "20001"
    await world.says(who, "Our mail server is down, nobody can work", via=via)
    await world.says(who, "1", via=via)


def rings(world: World) -> list[str]:
    """Where phones rang since the last look; hanging up is not ringing."""
    return [s.place for s in world.seen("call") if not s.edits]


def lines(world: World) -> list[str]:
    return [t for t in world.texts("slack", DESK) if t.startswith(("📟", "⚠️", "🔴"))]


async def test_a_call_after_a_minute_and_again_every_two() -> None:
    world = people()
    await emergency(world)
    assert rings(world) == []
    await world.passes(minutes=1)
    assert rings(world) == [ADA_PHONE]
    await world.passes(minutes=2)
    assert rings(world) == [ADA_PHONE]
    await world.passes(minutes=1, seconds=59)
    assert rings(world) == []
    await world.passes(seconds=1)  # Grace's turn
    assert (rings(world), [s.place for s in world.seen("sms")]) == ([], [ADA_PHONE, GRACE_PHONE])


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("busy", "the line is busy"),
        ("no-answer", "nobody picks up"),
        ("failed", "the phone can't be reached"),
        ("machine", "an answering machine"),
        ("no key", "no key was pressed"),
    ],
)
async def test_a_call_that_nobody_answers_rings_the_other_phone_at_once(code: str, why: str) -> None:
    world = people()
    await emergency(world)
    await world.passes(minutes=1)
    (call,) = world.seen("call")
    await world.receipt("call", call.token, "failed", code=code)
    assert rings(world) == [SECOND_PHONE]
    assert lines(world)[-1] == f"⚠️ Call to Ada: {why}."


async def test_a_text_that_is_not_delivered_makes_the_phone_ring_at_once() -> None:
    world = people()
    await emergency(world)
    (text,) = world.seen("sms")
    await world.receipt("sms", text.token, "failed", code="30005")
    assert rings(world) == [ADA_PHONE]


async def test_a_vendor_that_is_away_is_tried_on_and_gone_around_at_once() -> None:
    world = people()
    world.channels["slack"].fail = [Temporary("away")] * 2  # the card, then the page
    await emergency(world)
    assert [s.place for s in world.seen("sms")][-1] == ADA_PHONE
    world.channels["sms"].fail = []
    await world.passes(seconds=25)
    assert ADA in [s.place for s in world.seen("slack")]


async def test_a_vendor_that_asks_for_a_minute_is_gone_around_and_for_ten_seconds_is_not() -> None:
    for wait, rang in ((60.0, [ADA_PHONE]), (10.0, [])):
        world = people()
        world.channels["sms"].fail = [Temporary("too fast", wait)]
        await emergency(world)
        assert rings(world) == rang, wait
        await world.passes(seconds=60)
        assert ADA_PHONE in [s.place for s in world.seen("sms")]


async def test_when_every_way_of_everybody_fails_the_next_step_begins_at_once() -> None:
    world = people()
    world.channels["slack"].broken = {ADA}
    world.channels["sms"].broken = {ADA_PHONE, SECOND_PHONE}
    world.channels["call"].broken = {ADA_PHONE, SECOND_PHONE}
    await emergency(world)
    assert [s.place for s in world.seen("sms")] == [GRACE_PHONE]
    assert "📟 Step 2/2: paging Grace (Slack, SMS)." in lines(world)


@pytest.mark.parametrize("error", [Permanent("gone"), Temporary("away"), OutcomeUnknown("no answer")])
async def test_everything_is_down_for_ten_minutes_and_everybody_is_paged_when_it_is_back(
    error: Exception,
) -> None:
    world = people()
    await emergency(world)
    world.look_away()
    for name in ("slack", "sms", "call"):
        world.channels[name].fail = [error] * 100_000  # type: ignore[list-item]
    await world.passes(minutes=31)
    for name in ("slack", "sms", "call"):
        world.channels[name].fail = []
    await world.passes(minutes=5)
    reached = {s.place for name in ("slack", "sms") for s in world.seen(name)}
    assert {ADA, GRACE, LIN, ADA_PHONE, GRACE_PHONE} <= reached
    page = await world.run(lambda uow: uow.pages.open())
    assert len(page) == 1 and page[0].last_resort


async def test_a_vendor_that_failed_three_times_is_left_out_while_there_is_another_way() -> None:
    world = people()
    for _ in range(3):
        world.breakers["twilio"].failed(world.clock.now())
    await emergency(world, via="telegram")
    assert [s.text for s in world.seen("slack", DESK) if "paging" in s.text] == [
        "📟 Step 1/2: paging Ada (Slack)."
    ]
    assert world.seen("sms") == []


async def test_whoever_has_no_other_way_is_tried_by_it_all_the_same() -> None:
    ada = person("ada", "Ada", "", ADA_PHONE)
    world = World(people=directory(people=(ada, person("grace", "Grace", GRACE))))
    for _ in range(3):
        world.breakers["twilio"].failed(world.clock.now())
    await emergency(world, via="telegram")
    assert [s.place for s in world.seen("sms")] == [ADA_PHONE]


async def test_it_is_asked_again_after_a_minute_and_trusted_once_it_answers() -> None:
    world = people()
    for _ in range(3):
        world.breakers["twilio"].failed(world.clock.now())
    assert world.setup.down("sms")  # type: ignore[arg-type]
    world.clock.at += dt.timedelta(seconds=60)
    assert not world.setup.down("sms")  # type: ignore[arg-type]
    world.breakers["twilio"].failed(world.clock.now())
    assert world.setup.down("sms")  # type: ignore[arg-type]
    world.breakers["twilio"].worked()
    assert not world.setup.down("sms")  # type: ignore[arg-type]


async def test_a_phone_rings_once_for_all_that_is_due() -> None:
    world = people()
    for who in (THANDI, "+27820000001", "+27820000002"):
        await world.says(who, "Our mail server is down, nobody can work")
        await world.says(who, "1")
    await world.passes(minutes=1)
    (call,) = [s for s in world.seen("call") if not s.edits]
    assert call.spoken.startswith("3 tickets wait for you:") and call.keys == ("1",)


async def test_another_call_to_the_same_phone_waits_until_the_first_is_over() -> None:
    world = people()
    await emergency(world)
    await world.passes(seconds=20)
    await world.says("+27820000001", "Our mail server is down, nobody can work")
    await world.says("+27820000001", "1")
    await world.passes(seconds=40)
    assert rings(world) == [ADA_PHONE]
    await world.passes(seconds=44)
    assert rings(world) == []
    await world.passes(seconds=1)
    assert rings(world) == [ADA_PHONE]


async def test_a_vendor_that_is_down_is_asked_now_and_then_and_gets_all_of_it_when_it_is_back() -> None:
    ada = person("ada", "Ada", "", ADA_PHONE)
    world = World(people=directory(people=(ada, person("grace", "Grace", "", GRACE_PHONE))))
    tries = world.channels["sms"].fail = [Temporary("away")] * 1000
    await emergency(world, via="telegram")
    await world.passes(minutes=4)
    assert 1000 - len(tries) < 25
    world.channels["sms"].fail = []
    await world.passes(minutes=1)
    assert {s.place for s in world.seen("sms")} == {ADA_PHONE, GRACE_PHONE}
