"""Calls in the browser: it rings and is answered, keys, voicemail, who is put through to whom, and what is recorded."""

from __future__ import annotations

import re

import httpx
import pytest

from playground import Playground
from playground.twilio.people import BY_HAND, HIDDEN, UNANSWERED
from tests.playground.test_twilio_hotline import INCOMING, Desk, desk
from tests.playground.test_twilio_hotline_dial import ASKS, OVER, rings
from tests.playground.test_web_phones import ADA, GRACE, THANDI, VOICE, Page, page

__all__ = ["desk", "page"]

PAGED = (
    '<Response><Gather numDigits="1" action="{url}/key"><Say>MIT-1001 &lt;now&gt;. Press 1</Say></Gather>'
    "<Hangup/></Response>"
)
RECORD = '<Say>After the tone</Say><Record action="/recorded" finishOnKey="#" maxLength="60"/>'


@pytest.fixture(autouse=True)
def by_hand(play: Playground, desk: Desk) -> None:
    play.twilio.phones.default = BY_HAND
    desk.says("/whisper", ASKS)
    desk.says("/rung", OVER)
    desk.says("/key", "<Say>It is yours</Say><Hangup/>")


def call_of(shown: str) -> str:
    found = re.search(r'data-key="call-(CA\w+)"', shown)
    assert found is not None, shown
    return found.group(1)


async def rung(play: Playground, desk: Desk, number: str) -> None:
    """The bot calls somebody."""
    auth = (play.twilio.account_sid, play.twilio.auth_token)
    form = {"To": number, "From": VOICE, "Twiml": PAGED.format(url=desk.url)}
    async with httpx.AsyncClient(base_url=play.url, auth=auth, trust_env=False) as bot:
        path = f"/twilio/2010-04-01/Accounts/{play.twilio.account_sid}/Calls.json"
        assert (await bot.post(path, data=form)).status_code == 201
    await play.settle()


async def test_the_phone_rings_is_answered_and_a_key_is_pressed(
    play: Playground, desk: Desk, page: Page
) -> None:
    assert "data-rings" not in await page.pane("engineer")
    await rung(play, desk, GRACE)
    shown = await page.pane("engineer")
    assert "Write as Grace" in shown and "data-rings" in shown and "Standby is calling" in shown
    for words in ("Answer", "Let it ring", "Decline", "Voicemail"):
        assert f">{words}</button>" in shown
    assert 'class="badge red">rings' in await page.pane("engineer", **{"as": ADA})
    sid = call_of(shown)
    assert await page.does("call.answer", sid=sid) == ""
    shown = await page.pane("engineer")
    assert "MIT-1001 &lt;now&gt;. Press 1" in shown and shown.count("data-digit") == 12
    assert await page.does("call.press", sid=sid, digit="A") == "There is no such key."
    assert await page.does("call.press", sid=sid, digit="1") == ""
    assert desk.one("/key")["Digits"] == "1"
    shown = await page.pane("engineer", **{"as": GRACE})
    assert "Calls until now" in shown and "It is yours" in shown and "<kbd>1</kbd>" in shown
    assert await page.does("call.press", sid=sid, digit="1") == "That call is over."


@pytest.mark.parametrize(
    ("deed", "status", "said"),
    [
        ("call.rings", "no-answer", "not answered"),
        ("call.hangup", "busy", "declined"),
        ("call.machine", "completed", "MIT-1001"),
    ],
)
async def test_a_ringing_phone_is_not_answered(
    play: Playground, desk: Desk, page: Page, deed: str, status: str, said: str
) -> None:
    await rung(play, desk, ADA)
    sid = call_of(await page.pane("engineer"))
    assert await page.does(deed, sid=sid) == ""
    assert play.twilio.calls[sid]["status"] == status
    assert said in await page.pane("engineer") and not desk.at("/key")


async def test_voicemail_and_faults_act_by_themselves(play: Playground, desk: Desk, page: Page) -> None:
    assert await page.does("call.voicemail", number=ADA, picks="1") == ""
    assert 'aria-checked="true"' in await page.pane("engineer", **{"as": ADA})
    await rung(play, desk, ADA)
    assert "MIT-1001" in await page.pane("engineer", **{"as": ADA})
    assert await page.does("call.voicemail", number=ADA, picks="0") == ""
    assert 'aria-checked="false"' in await page.pane("engineer", **{"as": ADA})
    play.twilio.phones.default = UNANSWERED
    await rung(play, desk, ADA)
    assert "not answered" in await page.pane("engineer", **{"as": ADA})
    assert await page.does("call.voicemail", number=THANDI, picks="1") == "Nobody here has that phone."


async def test_a_scripted_call_can_t_be_taken_over(play: Playground, desk: Desk, page: Page) -> None:
    play.twilio.phones.default = UNANSWERED
    play.pace = 1.0
    auth = (play.twilio.account_sid, play.twilio.auth_token)
    async with httpx.AsyncClient(base_url=play.url, auth=auth, trust_env=False) as bot:
        form = {"To": ADA, "From": VOICE, "Twiml": "<Response/>"}
        await bot.post(f"/twilio/2010-04-01/Accounts/{play.twilio.account_sid}/Calls.json", data=form)
    await play.twilio.phones.ring(ADA)
    shown = await page.pane("engineer", **{"as": ADA})
    assert "acts by itself" in shown and ">Answer</button>" not in shown
    sid = call_of(shown)
    assert "goes on by itself" in await page.does("call.answer", sid=sid)
    assert await page.does("call.hangup", sid=sid) == ""


async def test_a_customer_is_put_through(play: Playground, desk: Desk, page: Page) -> None:
    desk.says(INCOMING, rings(ADA))
    assert f"{VOICE}, as Thandi" in await page.pane("telephone")
    assert await page.does("call.dial", number=THANDI) == ""
    assert "in a call already" in await page.does("call.dial", number=THANDI)
    await play.settle()
    shown = await page.pane("telephone")
    assert "Ringing… Ada&#39;s phone" in shown and "We call" in shown
    caller, hers = call_of(shown), call_of(await page.pane("engineer"))
    assert await page.does("call.answer", sid=hers) == ""
    assert "Ada has picked up" in await page.pane("telephone")
    assert await page.does("call.press", sid=hers, digit="1") == ""
    assert "Talking to Thandi" in await page.pane("engineer")
    shown = await page.pane("telephone")
    assert "Talking to Ada" in shown and "data-since" in shown and "data-digit" not in shown
    assert await page.does("call.silence", sid=caller) != ""
    assert await page.does("call.hangup", sid=hers) == ""
    assert "Ada hung up" in await page.pane("telephone")
    assert "you hung up" in await page.pane("engineer", **{"as": ADA})


async def test_a_message_after_the_tone(play: Playground, desk: Desk, page: Page) -> None:
    desk.says(INCOMING, RECORD)
    desk.says("/recorded", "<Say>Thank you</Say>")
    await page.does("call.dial", number=THANDI)
    shown = await page.pane("telephone")
    sid, words = call_of(shown), "The server room is under water, and it is <b>rising</b>"
    assert "You are being recorded" in shown
    assert await page.does("call.speak", sid=sid, text=" ") == "Write what you say first."
    assert await page.does("call.speak", sid=sid, text=words) == ""
    assert await page.does("call.press", sid=sid, digit="#") == ""
    told = desk.one("/recorded")
    assert (told["RecordingDuration"], told["Digits"]) == ("4", "#")
    shown = await page.pane("telephone", **{"as": THANDI})
    assert "Recorded, 4 s: The server room" in shown and "&lt;b&gt;rising&lt;/b&gt;" in shown


async def test_hidden_and_unknown_numbers(play: Playground, desk: Desk, page: Page) -> None:
    desk.says(INCOMING, "<Gather action='/key'><Say>Press 1</Say></Gather>")
    assert await page.does("call.dial", number=HIDDEN) == ""
    assert await page.does("call.dial", number="+27115550999") == ""
    assert [h.form["From"] for h in desk.at(INCOMING)] == [HIDDEN, "+27115550999"]
    assert await page.does("call.dial", number=ADA) == "Nobody here has that phone."
    sid = call_of(await page.pane("telephone", **{"as": HIDDEN}))
    assert await page.does("call.silence", sid=sid) == ""
    assert play.twilio.calls[sid]["status"] == "completed"


async def test_keys_pressed_while_words_are_spoken_are_kept(play: Playground, desk: Desk, page: Page) -> None:
    menu = '<Gather numDigits="2" action="/key"><Say>Your number</Say></Gather>'
    desk.says(INCOMING, menu)
    await page.does("call.dial", number=THANDI)
    sid = call_of(await page.pane("telephone"))
    leg = play.twilio.phones.legs[sid]
    leg.waiting = False
    assert "Listening" in await page.pane("telephone") and "data-again" in await page.pane("telephone")
    assert await page.does("call.press", sid=sid, digit="4") == "" and leg.presses == "4"
    leg.waiting = True
    assert await page.does("call.press", sid=sid, digit="2") == ""
    assert desk.one("/key")["Digits"] == "42"
