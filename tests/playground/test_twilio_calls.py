"""The phones: what people hear, press and do when the bot calls them, and what the bot is told."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.responses import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from playground import Playground
from playground.twilio.people import (
    BUSY,
    BY_HAND,
    MACHINE,
    SILENT,
    UNANSWERED,
    UNREACHABLE,
    Person,
    answers,
    hangs_up,
)
from tests.playground.conftest import Bot
from tests.playground.test_twilio import THANDI, twilio

__all__ = ["twilio"]

EVENTS = ["initiated", "ringing", "answered", "completed"]
BYE = Response("<Response><Say>Thanks</Say></Response>", media_type="text/xml")


@pytest.fixture(autouse=True)
async def bot_url(play: Playground, bot: Bot) -> AsyncIterator[None]:
    play.bot_url = bot.url
    yield


async def call(client: Client, bot: Bot, **changes: Any) -> str:
    twiml = (
        f'<Response><Gather numDigits="1" action="{bot.url}/key?a=1"><Say loop="2">Press 1</Say></Gather>'
        "<Say>Bye</Say></Response>"
    )
    asked: dict[str, Any] = {
        "twiml": twiml,
        "timeout": 25,
        "status_callback": f"{bot.url}/status",
        "status_callback_event": EVENTS,
    }
    made = await client.calls.create_async(to=THANDI, from_="+14155550102", **asked | changes)
    return str(made.sid)


def told(bot: Bot) -> list[str]:
    return [h.form["CallStatus"] for h in bot.heard if h.path == "/status"]


def spoken(play: Playground) -> list[str]:
    return [e.text for e in play.journal.entries("twilio", "call_heard")]


@pytest.mark.parametrize(
    ("person", "statuses", "words"),
    [
        (UNANSWERED, ["ringing", "no-answer"], []),
        (BUSY, ["ringing", "busy"], []),
        (UNREACHABLE, ["ringing", "failed"], []),
        (SILENT, ["ringing", "in-progress", "completed"], ["Press 1", "Press 1", "Bye"]),
        (MACHINE, ["ringing", "in-progress", "completed"], ["Press 1", "Press 1", "Bye"]),
        (hangs_up(), ["ringing", "in-progress", "completed"], ["Press 1"]),
    ],
)
async def test_what_people_do(
    twilio: Client, play: Playground, bot: Bot, person: Person, statuses: list[str], words: list[str]
) -> None:
    play.twilio.phones.script(THANDI, person)
    sid = await call(twilio, bot)
    await play.settle()
    assert told(bot) == statuses
    assert [h.form["SequenceNumber"] for h in bot.heard] == [str(n) for n in range(len(statuses))]
    assert spoken(play) == words
    assert (await twilio.calls(sid).fetch_async()).status == statuses[-1]


async def test_a_key_is_told_and_its_answer_is_heard(twilio: Client, play: Playground, bot: Bot) -> None:
    play.twilio.phones.script(THANDI, answers("1", after=2))
    bot.answers += [Response(), Response(), BYE]
    sid = await call(twilio, bot)
    await play.settle()
    (key,) = [h for h in bot.heard if h.path == "/key?a=1"]
    assert (key.form["CallSid"], key.form["Digits"], key.form["To"]) == (sid, "1", THANDI)
    validator = RequestValidator(play.twilio.auth_token)
    assert validator.validate(f"{bot.url}/key?a=1", key.form, key.headers["x-twilio-signature"])
    assert spoken(play) == ["Press 1", "Press 1", "Thanks"]
    assert [e.text for e in play.journal.entries("twilio", "call_key")] == ["1"]


async def test_each_time_something_else(twilio: Client, play: Playground, bot: Bot) -> None:
    play.twilio.phones.script(THANDI, UNANSWERED, BUSY)
    for _ in range(3):
        await call(twilio, bot, status_callback_event=["completed"])
        await play.settle()
    assert told(bot) == ["no-answer", "busy", "busy"]


@pytest.mark.parametrize(("person", "by"), [(SILENT, "human"), (MACHINE, "machine_start")])
async def test_who_picked_up_is_told(
    twilio: Client, play: Playground, bot: Bot, person: Person, by: str
) -> None:
    play.twilio.phones.default = person
    sid = await call(
        twilio,
        bot,
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=f"{bot.url}/machine",
    )
    await play.settle()
    (machine,) = [h.form for h in bot.heard if h.path == "/machine"]
    assert machine == {
        "AccountSid": play.twilio.account_sid,
        "CallSid": sid,
        "AnsweredBy": by,
        "MachineDetectionDuration": "2450",
    }
    assert play.twilio.calls[sid]["answered_by"] == by


async def test_by_hand(twilio: Client, play: Playground, bot: Bot) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    first, second = await call(twilio, bot), await call(twilio, bot)
    leg, other = await phones.ring(THANDI), await phones.ring(THANDI)
    assert (leg.sid, other.sid) == (first, second)
    await play.settle()
    assert (leg.status, leg.heard) == ("ringing", [])
    await phones.answer(leg)
    assert (leg.status, leg.heard) == ("in-progress", ["Press 1", "Press 1"])
    with pytest.raises(ValueError, match="in-progress"):
        await phones.answer(leg)
    bot.answers += [BYE]
    await phones.press(leg, "1")
    assert (leg.status, leg.heard[-1]) == ("completed", "Thanks")
    with pytest.raises(ValueError, match="completed"):
        await phones.press(leg, "1")
    await phones.answer(other)
    await phones.silence(other)
    assert (other.status, other.heard[-1]) == ("completed", "Bye")


async def test_by_hand_it_is_rejected_left_or_hung_up(twilio: Client, play: Playground, bot: Bot) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    legs = []
    for _ in range(3):
        await call(twilio, bot)
        legs.append(await phones.ring(THANDI))
    await phones.lets_ring(legs[0])
    await phones.hang_up(legs[1])
    await phones.answer(legs[2], machine=True)
    await phones.hang_up(legs[2])
    assert [leg.status for leg in legs] == ["no-answer", "busy", "completed"]


async def test_the_bot_ends_a_call(twilio: Client, play: Playground, bot: Bot) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    sid = await call(twilio, bot, status_callback_event=["completed"])
    leg = await phones.ring(THANDI)
    await phones.answer(leg)
    await twilio.calls(sid).update_async(status="completed")
    assert leg.over
    await play.settle()
    assert told(bot) == ["completed"]


async def test_a_url_that_does_not_answer(twilio: Client, play: Playground, bot: Bot) -> None:
    play.twilio.phones.script(THANDI, answers())
    bot.answers += [Response()] * 2 + [Response(status_code=500)] * 2
    await call(twilio, bot)
    await play.settle()
    assert spoken(play)[-1] == "We are sorry, an application error has occurred. Goodbye."
    assert told(bot)[-1] == "completed"
    assert play.journal.entries("twilio", "twiml_error")


async def test_twiml_with_a_mistake(twilio: Client, play: Playground, bot: Bot) -> None:
    play.twilio.phones.default = SILENT
    await call(twilio, bot, twiml="<Response><Say>a</Response>")
    await play.settle()
    assert [e.id for e in play.journal.entries("twilio", "twiml_error")] == ["12100"]
    assert told(bot)[-1] == "completed"
