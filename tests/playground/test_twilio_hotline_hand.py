"""Tests that hold every phone themselves, and what happens when two people do something in the same moment."""

import asyncio

import pytest

from playground import Playground
from playground.twilio.conversations import conversations, most_at_once, transcript
from playground.twilio.people import BY_HAND
from tests.playground.test_twilio_hotline import LINE, THANDI, Desk, desk
from tests.playground.test_twilio_hotline_dial import ADA, GRACE, OVER, pages, rings

__all__ = ["desk", "pages"]


async def test_by_hand(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    caller = await phones.call(THANDI)
    assert caller.dial is not None and not caller.waiting
    ada = await phones.ring(ADA)
    assert (ada.shown, ada.status) == (LINE, "ringing")
    with pytest.raises(ValueError, match="in-progress"):
        await phones.talk(caller, 5)
    await phones.answer(ada)
    assert ada.waiting
    await phones.press(ada, "1")
    assert ada.talk is caller.talk is not None
    assert play.journal.entries("twilio", "bridged")[0].text == f"{THANDI} and {ADA}"
    await phones.talk(caller, 40)
    await phones.talk(ada, 5)
    await phones.hang_up(ada)
    assert desk.one("/rung")["DialCallDuration"] == "45" and caller.over
    assert [t.hung_up for t in conversations(play.journal)] == [ADA]
    assert play.twilio.calls[ada.sid]["duration"] == "46"


async def test_by_hand_the_caller_hangs_up(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    ringing = await phones.call(THANDI)
    first = await phones.ring(ADA)
    await phones.hang_up(ringing)
    whispering = await phones.call(THANDI)
    second = await phones.ring(ADA)
    await phones.answer(second)
    await phones.hang_up(whispering)
    talking = await phones.call(THANDI)
    third = await phones.ring(ADA)
    await phones.answer(third)
    await phones.press(third, "1")
    await phones.hang_up(talking)
    assert [leg.status for leg in (first, second, third)] == ["canceled", "completed", "completed"]
    told = [(h.form["DialCallStatus"], h.form["CallStatus"]) for h in desk.at("/rung")]
    assert told == [("canceled", "completed"), ("completed", "completed"), ("completed", "completed")]
    assert len(conversations(play.journal)) == 1 and most_at_once(play.journal) == 1


async def test_by_hand_it_is_let_ring_or_declined(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    desk.says("/rung", rings(GRACE), OVER)
    caller = await phones.call(THANDI)
    await phones.lets_ring(await phones.ring(ADA))
    await phones.hang_up(await phones.ring(GRACE))
    assert [h.form["DialCallStatus"] for h in desk.at("/rung")] == ["no-answer", "busy"]
    assert caller.over and int(desk.one("/twilio/status")["CallDuration"]) >= 25


async def test_the_caller_hangs_up_in_the_moment_of_the_key(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    caller = await phones.call(THANDI)
    ada = await phones.ring(ADA)
    await phones.answer(ada)
    await asyncio.gather(phones.press(ada, "1"), phones.hang_up(caller))
    await play.settle()
    assert (caller.status, ada.status) == ("completed", "completed")
    assert conversations(play.journal) == [] and len(desk.at("/rung")) == 1
    assert desk.one("/twilio/status")["CallSid"] == caller.sid


async def test_both_hang_up_at_once(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    caller = await phones.call(THANDI)
    ada = await phones.ring(ADA)
    await phones.answer(ada)
    await phones.press(ada, "1")
    await asyncio.gather(phones.hang_up(ada), phones.hang_up(caller))
    await play.settle()
    assert len(desk.at("/rung")) == len(desk.at("/twilio/status")) == 1
    assert len(play.journal.entries("twilio", "unbridged")) == 1


async def test_two_callers_at_once(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    first, second = await phones.call(THANDI), await phones.call("+27115550101")
    for caller in (first, second):
        leg = await phones.ring(ADA)
        assert leg.of is caller.dial
        await phones.answer(leg)
        await phones.press(leg, "1")
    await phones.hang_up(second)
    await phones.hang_up(first)
    talks = conversations(play.journal)
    assert [(t.caller, t.call) for t in talks] == [(THANDI, first.sid), ("+27115550101", second.sid)]


async def test_a_transcript(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    desk.says("/rung", '<Say>Speak</Say><Record action="/recorded"/>')
    desk.says("/recorded", "<Hangup/>")
    caller = await phones.call(THANDI)
    ada = await phones.ring(ADA)
    await phones.answer(ada)
    await phones.press(ada, "1")
    await phones.talk(ada, 30)
    await phones.hang_up(ada)
    await phones.speak(caller, 5, "One more thing")
    await phones.silence(caller)
    assert transcript(play.journal, caller.sid) == [
        f"{THANDI} calls {LINE}",
        f"{THANDI} hears: We call",
        f"the phone of {ADA} rings",
        f"{ADA} hears: Thandi, server down. Press 1",
        f"{ADA} presses 1",
        f"{THANDI} and {ADA} talk",
        f"they talked 30 s, {ADA} hung up",
        f"the call of {ADA} is over: completed",
        f"{THANDI} hears: Speak",
        f"{THANDI} says: One more thing",
        "recorded, 5 s: One more thing",
        f"the call of {THANDI} is over: completed",
    ]
