"""Calls that the bot places: back to a customer, and what it ends."""

from collections.abc import AsyncIterator

import pytest
from twilio.rest import Client

from playground import Playground
from playground.twilio.conversations import conversations
from playground.twilio.people import BY_HAND, answers
from tests.playground.test_twilio import OverHttpx
from tests.playground.test_twilio_hotline import LINE, THANDI, Desk, desk
from tests.playground.test_twilio_hotline_dial import ADA, pages

__all__ = ["desk", "pages"]


@pytest.fixture
async def twilio(play: Playground) -> AsyncIterator[Client]:
    http = OverHttpx(play.twilio_api_url)
    yield Client(play.twilio.account_sid, play.twilio.auth_token, http_client=http)
    await http.client.aclose()


async def test_a_call_back(play: Playground, desk: Desk, twilio: Client) -> None:
    twiml = f'<Response><Gather numDigits="1" action="{desk.url}/key"><Say>Press 1 to call</Say></Gather></Response>'
    desk.says("/key", f'<Dial callerId="{LINE}" action="/rung"><Number>{THANDI}</Number></Dial>')
    play.twilio.phones.script(ADA, answers("1", talks=75))
    play.twilio.phones.script(THANDI, answers(""))
    made = await twilio.calls.create_async(to=ADA, from_=LINE, twiml=twiml)
    await play.settle()
    rung = desk.one("/rung")
    assert (rung["CallSid"], rung["Direction"], rung["To"]) == (made.sid, "outbound-api", ADA)
    assert (rung["DialCallDuration"], rung["CallStatus"]) == ("75", "completed")
    (talk,) = conversations(play.journal)
    assert (talk.caller, talk.callee, talk.hung_up) == (ADA, THANDI, ADA)


async def test_the_bot_ends_a_call_while_it_rings_and_while_they_talk(
    play: Playground, desk: Desk, twilio: Client
) -> None:
    phones = play.twilio.phones
    phones.default = BY_HAND
    caller = await phones.call(THANDI)
    ada = await phones.ring(ADA)
    await twilio.calls(caller.sid).update_async(status="completed")
    await play.settle()
    assert (ada.status, desk.one("/rung")["DialCallStatus"]) == ("canceled", "canceled")
    desk.heard.clear()
    caller = await phones.call(THANDI)
    ada = await phones.ring(ADA)
    await phones.answer(ada)
    await phones.press(ada, "1")
    await twilio.calls(ada.sid).update_async(status="completed")
    await play.settle()
    assert desk.one("/rung")["DialCallStatus"] == "completed" and caller.over
    assert [t.hung_up for t in conversations(play.journal)] == ["bot"]
