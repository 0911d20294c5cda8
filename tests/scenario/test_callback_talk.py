"""A call back from the key that puts an engineer through to its end, and when their own phone can't be called."""

from __future__ import annotations

import dataclasses

import pytest

from bot.app import callback, callback_asked
from bot.app.inbound import KeyIn, Sender
from bot.app.rows import OutboxItem
from bot.domain import events as ev
from bot.domain.hotline import End, Heard, Phase
from bot.domain.ids import Address, ChannelName
from bot.domain.script import HangUp, Hear, Ring, Script
from tests.builders import ADA, ADA_PHONE, DESK, GRACE, THANDI
from tests.fakes.world import World, tap
from tests.scenario.test_callback import (
    CALLING,
    TOLD,
    T,
    calls,
    happens,
    presses,
    put_through,
    with_ticket,
)


# ---------------------------------------------------------------- pressing 1
async def test_whoever_presses_1_has_the_ticket_and_hears_the_customers_phone_ring() -> None:
    world = await with_ticket()
    script = await put_through(world)
    assert script == Script(
        call="CA1",
        turn=1,
        language="en",
        say=("Calling Thandi now.",),
        verb=Ring(number=THANDI, seconds=40, plain=True),
    )
    ticket = await world.ticket()
    assert (ticket.owner, ticket.acknowledged) == ("ada", world.clock.now())
    (call,) = await calls(world)
    assert (call.by, call.number, call.phase, call.turn) == ("ada", THANDI, Phase.TALKING, 1)
    assert call.leg is not None and call.leg.accepted == world.clock.now()
    assert await world.commands(ADA, f"call {T}") == "You are being called already."


async def test_any_other_key_hears_it_again_and_a_voicemail_leads_nowhere() -> None:
    world = await with_ticket()
    await world.commands(ADA, f"call {T}")
    (call,) = world.seen("call")
    for digits in ("2", "7"):
        reply = (await presses(world, call, digits)).reply
        assert reply is not None and reply.spoken == call.spoken and len(reply.keys) == 1
    await world.receipt("call", call.token, "failed", code="machine", error="an answering machine")
    world.look_away()
    await world.passes(minutes=3)
    assert await calls(world) == [] and (await world.ticket()).owner is None
    assert world.texts("slack", DESK) == [] and world.seen("call") == []


async def test_a_key_in_a_call_that_goes_on_is_answered_with_the_same() -> None:
    world = await with_ticket()
    await world.commands(ADA, f"call {T}")
    (call,) = world.seen("call")
    first = await presses(world, call, "1")
    assert (await presses(world, call, "1")).script == first.script
    assert len(await calls(world)) == 1


async def test_a_ticket_that_a_colleague_has_stays_theirs() -> None:
    world = await with_ticket()
    await world.commands(GRACE, f"take {T}")
    await put_through(world)
    assert (await world.ticket()).owner == "grace"


# ---------------------------------------------------------------- the end
async def test_a_talk_is_an_answer() -> None:
    world = await with_ticket()
    script = await put_through(world)
    world.look_away()
    await world.passes(minutes=4)
    end = await happens(world, Heard.LEG_OVER, script, seconds=236)
    assert (end.say, end.verb, end.turn) == (("The call is over.",), HangUp(), 2)
    assert world.texts("slack", DESK) == ["☎️ Ada talked to Thandi for 4 minutes."]
    assert world.texts("whatsapp", THANDI) == []
    ticket = await world.ticket()
    assert ticket.answered == world.clock.now() and ticket.answer_by is None
    (call,) = await calls(world)
    assert (call.end, call.seconds, call.phase) == (End.TALKED, 236, Phase.OVER)
    assert call.ended == world.clock.now() and call.leg is None
    assert await world.commands(ADA, f"call {T}") == TOLD


async def test_whoever_is_not_reached_can_be_called_again_at_once_or_later() -> None:
    world = await with_ticket()
    script = await put_through(world)
    world.look_away()
    end = await happens(world, Heard.LEG_OVER, script, seconds=0)
    assert end.say == ("They did not answer. Press 1 to try again.",) and end.verb == Hear(seconds=8)
    (line,) = world.seen("slack", DESK)
    assert line.text == "☎️ Ada called Thandi and did not reach them."
    assert line.choices == (tap("callback"), tap("talked"))
    (call,) = await calls(world)
    assert (call.end, call.ended) == (End.HUNG_UP, world.clock.now())
    assert (await world.ticket()).answered is None
    again = await happens(world, Heard.KEYS, end, digits="1")
    assert again.verb == Ring(number=THANDI, seconds=40, plain=True) and again.turn == 3
    await happens(world, Heard.LEG_OVER, again, seconds=61)
    assert world.texts("slack", DESK) == ["☎️ Ada talked to Thandi for 1 minute."]
    (call,) = await calls(world)
    assert [leg.turn for leg in call.legs] == [1, 3]
    await world.passes(seconds=45)  # two calls to one phone are so far apart
    await world.taps(ADA, line.choices[0], via="slack", place=DESK, thread=world.thread())
    assert len(world.seen("call")) == 1


async def test_silence_then_is_the_end_and_another_key_is_asked_again() -> None:
    world = await with_ticket()
    end = await happens(world, Heard.LEG_OVER, await put_through(world))
    assert (await happens(world, Heard.KEYS, end, digits="5")).say == end.say
    assert (await happens(world, Heard.KEYS, end)).verb == HangUp()


async def test_what_comes_twice_changes_nothing() -> None:
    world = await with_ticket()
    script = await put_through(world)
    await happens(world, Heard.LEG_OVER, script, seconds=236)
    world.look_away()
    late = await happens(world, Heard.LEG_OVER, script, seconds=236)
    assert late.verb == HangUp() and world.texts("slack", DESK) == []
    assert [type(e) for e in await world.events()].count(ev.Talked) == 1


async def test_a_talk_that_outlasts_its_ticket() -> None:
    world = await with_ticket()
    script = await put_through(world)
    await world.commands(GRACE, f"close {T}")
    world.look_away()
    await happens(world, Heard.LEG_OVER, script, seconds=236)
    assert world.texts("slack", DESK) == ["☎️ Ada talked to Thandi for 4 minutes."]
    assert (await world.ticket()).status == "closed"


async def test_of_a_ticket_that_went_on_as_another_the_other_is_answered() -> None:
    world = await with_ticket()
    script = await put_through(world)
    await world.says(THANDI, "new: the scanner is slow too")
    await world.says(THANDI, "3")
    await world.commands(GRACE, f"merge {T} into MIT-1002")
    await happens(world, Heard.LEG_OVER, script, seconds=236)
    assert (await world.ticket("MIT-1002")).answered == world.clock.now()


# ---------------------------------------------------------------- the engineer's phone
@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("busy the line was busy", "the line is busy"),
        ("the vendor says no", "the vendor says no"),
        ("machine an answering machine", ""),
        ("no key no key was pressed", ""),
    ],
)
async def test_a_phone_that_could_not_be_called_is_told_of(error: str, said: str) -> None:
    world = await with_ticket()
    item = await asked(world)
    await world.run(lambda uow: callback_asked.not_called(world.bus.context(uow), item, error))
    await world.settle()
    lines = world.seen("slack", DESK)
    told = f"☎️ Ada could not be called: {said}. Thandi is still to be called back."
    assert [line.text for line in lines] == [CALLING, *([told] if said else [])]
    assert [line.choices for line in lines[1:]] == [(tap("callback"), tap("talked"))] * len(lines[1:])
    assert await world.commands(ADA, f"call {T}") == TOLD


async def test_a_call_that_could_not_be_made_in_time_is_not_made_any_more() -> None:
    world = await with_ticket()
    item = await asked(world)

    async def wanted() -> bool:
        return await world.run(lambda uow: callback_asked.still_wanted(world.bus.context(uow), item))

    assert await wanted()
    await world.passes(minutes=5)
    assert not await wanted()
    await world.settle()
    assert world.texts("slack", DESK)[-1].startswith("☎️ Ada could not be called: the phone can't be reached.")


async def asked(world: World) -> OutboxItem:
    """Ada has asked; the row that calls her."""
    await world.commands(ADA, f"call {T}")
    (call,) = world.seen("call", ADA_PHONE)
    item = await world.run(lambda uow: uow.outbox.by_token(call.token))
    assert item is not None
    return item


async def test_a_key_that_comes_twice_is_answered_with_what_is_to_be_heard_now() -> None:
    world = await with_ticket()
    script = await put_through(world)
    key = KeyIn(
        channel=ChannelName("call"),
        external_id="twice",
        sender=Sender(id=ADA_PHONE),
        address=Address(channel=ChannelName("call"), place=ADA_PHONE),
        token="gone",
        digits="1",
        call=script.call,
    )
    again = await world.run(lambda uow: callback.said_again(world.bus.context(uow), key))
    assert again.script == script
    other = dataclasses.replace(key, call="CA9")
    assert (await world.run(lambda uow: callback.said_again(world.bus.context(uow), other))).script is None
