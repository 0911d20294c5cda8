"""The Twilio API through its SDK over httpx: refusals, the 24 h window, receipts, signatures."""

import datetime as dt
import json
import logging
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.responses import Response
from twilio.base.exceptions import TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response as TwilioResponse
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from playground import Delivered, Fault, Playground
from playground.twilio.people import BY_HAND
from tests.playground.conftest import Bot

THANDI, WHATSAPP, SMS = "+27115550100", "whatsapp:+14155550100", "+14155550101"


class OverHttpx(AsyncHttpClient):
    """Sends what the SDK makes to the stand-in instead of *.twilio.com."""

    def __init__(self, origin: str) -> None:
        super().__init__(logging.getLogger("twilio.test"), is_async=True)
        self.origin, self.client = origin, httpx.AsyncClient(trust_env=False, timeout=2)

    async def request(
        self, method: str, uri: str, params: Any = None, data: Any = None, headers: Any = None,
        auth: Any = None, timeout: Any = None, allow_redirects: bool = False,  # noqa: ASYNC109
    ) -> TwilioResponse:  # fmt: skip
        is_json = (headers or {}).get("Content-Type") == "application/json"
        body: dict[str, Any] = {"json": data} if is_json else {"data": data}
        url = self.origin + urlsplit(uri).path
        answer = await self.client.request(method, url, params=params, headers=headers, auth=auth, **body)
        return TwilioResponse(answer.status_code, answer.text, dict(answer.headers))


@pytest.fixture
async def twilio(play: Playground, bot: Bot) -> AsyncIterator[Client]:
    play.bot_url = bot.url
    http = OverHttpx(play.twilio_api_url)
    yield Client(play.twilio.account_sid, play.twilio.auth_token, http_client=http)
    await http.client.aclose()


async def code(call: Any) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as caught:
        await call
    return caught.value.status, caught.value.code


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"to": "", "from_": SMS, "body": "x"}, 21604),
        ({"to": THANDI, "body": "x"}, 21603),
        ({"to": THANDI, "from_": SMS}, 21619),
        ({"to": "0115550100", "from_": SMS, "body": "x"}, 21211),
        ({"to": THANDI, "from_": SMS, "body": "x" * 1601}, 21617),
        ({"to": f"whatsapp:{THANDI}", "from_": SMS, "body": "x"}, 63007),
        ({"to": THANDI, "from_": SMS, "content_sid": "HX" + "1" * 32}, 20404),
    ],
)
async def test_messages_refused(twilio: Client, arguments: Any, expected: int) -> None:
    assert (await code(twilio.messages.create_async(**arguments)))[1] == expected


async def test_a_wrong_password_is_refused(twilio: Client, play: Playground) -> None:
    wrong = Client(play.twilio.account_sid, "wrong", http_client=twilio.http_client)
    assert await code(wrong.messages.create_async(to=THANDI, from_=SMS, body="x")) == (401, 20003)


async def test_an_sms_is_reported_sent_and_delivered(twilio: Client, play: Playground, bot: Bot) -> None:
    callback = f"{bot.url}/twilio/status?attempt=7"
    sent = await twilio.messages.create_async(to=THANDI, from_=SMS, body="paged", status_callback=callback)
    assert sent.sid.startswith("SM") and sent.status == "queued"
    await play.settle()
    assert [h.form["MessageStatus"] for h in bot.heard] == ["sent", "delivered"]
    validator = RequestValidator(play.twilio.auth_token)
    heard = bot.heard[0]
    assert heard.path == "/twilio/status?attempt=7"
    assert validator.validate(callback, heard.form, heard.headers["x-twilio-signature"])
    assert not validator.validate(callback + "8", heard.form, heard.headers["x-twilio-signature"])
    assert heard.headers["i-twilio-idempotency-token"]
    listed = await twilio.messages.list_async(to=THANDI, from_=SMS, limit=5)
    assert [(m.sid, m.status) for m in listed] == [(sent.sid, "delivered")]
    assert (await twilio.messages(sent.sid).fetch_async()).body == "paged"
    seen = play.journal.entries("twilio", "sms")[0]
    assert (seen.to, seen.text, seen.id) == (THANDI, "paged", sent.sid)


async def test_whatsapp_outside_the_window(twilio: Client, play: Playground, bot: Bot) -> None:
    target = {"to": f"whatsapp:{THANDI}", "from_": WHATSAPP, "status_callback": f"{bot.url}/s"}
    lost = await twilio.messages.create_async(body="hello", **target)
    await play.settle()
    assert (bot.heard[-1].form["MessageStatus"], bot.heard[-1].form["ErrorCode"]) == ("undelivered", "63016")
    assert play.twilio.messages[lost.sid]["error_code"] == 63016
    assert [e.kind for e in play.journal.entries("twilio")][:1] == ["whatsapp_lost"]

    play.twilio.window_errors = "sync"
    assert await code(twilio.messages.create_async(body="hello", **target)) == (400, 63016)
    template = "HX" + "a" * 32
    play.twilio.add_template(template, "Ticket {{1}}: {{2}}")
    variables = json.dumps({"1": "T-1", "2": "we answer by 10:30"})
    await twilio.messages.create_async(content_sid=template, content_variables=variables, **target)
    assert play.journal.entries("twilio", "whatsapp")[0].text == "Ticket T-1: we answer by 10:30"
    bad = twilio.messages.create_async(content_sid=template, content_variables="{", **target)
    assert (await code(bad))[1] == 21656

    await play.twilio.whatsapp_says(THANDI, "help")
    await twilio.messages.create_async(body="hello", **target)
    assert play.journal.entries("twilio", "whatsapp")[-1].text == "hello"


async def test_the_window_closes_after_a_day() -> None:
    clock = [dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)]
    async with Playground(now=lambda: clock[0], pace=0.0) as play:
        play.twilio.window_errors = "sync"
        http = OverHttpx(play.twilio_api_url)
        client = Client(play.twilio.account_sid, play.twilio.auth_token, http_client=http)
        await play.twilio.whatsapp_says(THANDI, "help")
        target = {"to": f"whatsapp:{THANDI}", "from_": WHATSAPP, "body": "hello"}
        clock[0] += dt.timedelta(hours=23, minutes=59)
        await client.messages.create_async(**target)
        clock[0] += dt.timedelta(minutes=1)
        assert (await code(client.messages.create_async(**target)))[1] == 63016
        await http.client.aclose()


async def test_contents(twilio: Client, play: Playground) -> None:
    async with httpx.AsyncClient(
        base_url=play.twilio_api_url, auth=(play.twilio.account_sid, play.twilio.auth_token), trust_env=False
    ) as client:
        items = [{"item": "Emergency", "id": "1"}, {"item": "High", "id": "2"}]
        types = {"twilio/list-picker": {"body": "How bad, {{1}}?", "button": "Choose", "items": items}}
        made = await client.post("/v1/Content", json={"language": "en", "types": types})
        long = [{"title": "x" * 21, "id": "1"}]
        wrong = {"twilio/quick-reply": {"body": "x", "actions": long}}
        refused = await client.post("/v1/Content", json={"language": "en", "types": wrong})
        empty = await client.post("/v1/Content", json={"language": "en", "types": {}})
    sid = made.json()["sid"]
    assert made.status_code == 201 and sid.startswith("HX")
    assert (refused.status_code, empty.status_code) == (400, 400)
    target = {"to": f"whatsapp:{THANDI}", "from_": WHATSAPP, "content_sid": sid}
    play.twilio.window_errors = "sync"
    assert (await code(twilio.messages.create_async(**target)))[1] == 63016
    await play.twilio.whatsapp_says(THANDI, "help")
    await twilio.messages.create_async(content_variables='{"1": "Thandi"}', **target)
    assert play.journal.entries("twilio", "whatsapp")[0].text == "How bad, Thandi?\n[Emergency]\n[High]"
    assert (await code(twilio.messages.create_async(body="x", **target)))[0] == 400
    assert (await twilio.content.v1.contents(sid).fetch_async()).sid == sid


async def test_inbound_is_signed_for_the_public_url(twilio: Client, play: Playground, bot: Bot) -> None:
    play.public_url = "https://desk.example.com"
    await play.twilio.whatsapp_says(THANDI, "", button=("sev:1", "Emergency"), times=2)
    await play.twilio.whatsapp_says(THANDI, "", list_choice=("2", "High"), sid="SM" + "f" * 32)
    await play.twilio.redeliver()
    tap, again, choice, replay = bot.heard
    assert tap.form == again.form and choice.form == replay.form
    assert (tap.form["ButtonPayload"], tap.form["Body"]) == ("sev:1", "Emergency")
    assert (choice.form["ListId"], choice.form["MessageSid"]) == ("2", "SM" + "f" * 32)
    assert tap.form["WaId"] == THANDI.lstrip("+") and tap.form["SmsStatus"] == "received"
    validator, url = RequestValidator(play.twilio.auth_token), "https://desk.example.com/twilio/messages"
    assert validator.validate(url, tap.form, tap.headers["x-twilio-signature"])


async def test_a_failed_inbound_is_tried_once_more(twilio: Client, play: Playground, bot: Bot) -> None:
    bot.answers += [Response(status_code=500)]
    answer = await play.twilio.sms_says(THANDI, "help")
    assert isinstance(answer, Delivered) and answer.ok
    assert (
        bot.heard[0].headers["i-twilio-idempotency-token"]
        == bot.heard[1].headers["i-twilio-idempotency-token"]
    )
    bot.answers += [Response(status_code=500)] * 2
    await play.twilio.sms_says(THANDI, "help")
    assert len(bot.heard) == 4 and play.journal.entries("twilio", "gave_up")


async def test_a_twiml_answer_and_media(twilio: Client, play: Playground, bot: Bot) -> None:
    answer = "<Response><Message>We have it</Message></Response>"
    bot.answers += [Response(answer, media_type="text/xml")]
    await play.twilio.sms_says(THANDI, "photo", media=[("image/png", b"png")])
    assert play.journal.entries("twilio", "sms")[0].text == "We have it"
    url = bot.heard[0].form["MediaUrl0"]
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(url)).status_code == 401
        auth = (play.twilio.account_sid, play.twilio.auth_token)
        assert (await client.get(url, auth=auth)).content == b"png"


async def test_statuses_by_hand_in_any_order(twilio: Client, play: Playground, bot: Bot) -> None:
    play.twilio.receipts = False
    target = {"to": THANDI, "from_": SMS, "status_callback": f"{bot.url}/s"}
    sid = (await twilio.messages.create_async(body="x", **target)).sid
    await play.settle()
    assert bot.heard == []
    await play.twilio.status(sid, "delivered", times=2)
    await play.twilio.status(sid, "sent")
    assert [h.form["MessageStatus"] for h in bot.heard] == ["delivered", "delivered", "sent"]
    assert play.twilio.messages[sid]["status"] == "delivered"


async def test_stop_opts_out(twilio: Client, play: Playground) -> None:
    await play.twilio.sms_says(THANDI, "STOP")
    assert (await code(twilio.messages.create_async(to=THANDI, from_=SMS, body="x")))[1] == 21610
    await play.twilio.sms_says(THANDI, "start")
    await twilio.messages.create_async(to=THANDI, from_=SMS, body="x")


async def test_faults(twilio: Client, play: Playground, bot: Bot) -> None:
    target = {"to": THANDI, "from_": SMS, "body": "x", "status_callback": f"{bot.url}/s"}
    add = play.faults.add
    add("twilio", "Messages.json", Fault.rate_limited(1))
    assert await code(twilio.messages.create_async(**target)) == (429, 20429)
    add("twilio", "Messages.json", Fault.server_error(503))
    assert (await code(twilio.messages.create_async(**target)))[0] == 503
    add("twilio", "Messages.json", Fault.refuse(21610))
    assert await code(twilio.messages.create_async(**target)) == (400, 21610)
    add("twilio", "Messages.json", Fault.reset())
    with pytest.raises(httpx.TransportError):
        await twilio.messages.create_async(**target)
    add("twilio", "Messages.json", Fault.undelivered(30003))
    sent = await twilio.messages.create_async(**target)
    await play.settle()
    assert bot.heard[-1].form["ErrorCode"] == "30003"
    assert play.twilio.messages[sent.sid]["status"] == "undelivered"
    with pytest.raises(ValueError, match="only Twilio"):
        add("slack", "chat.postMessage", Fault.undelivered(1))


async def test_calls_are_recorded_and_moved_by_hand(twilio: Client, play: Playground, bot: Bot) -> None:
    play.twilio.phones.default = BY_HAND
    target = {"to": THANDI, "from_": "+14155550102"}
    assert (await code(twilio.calls.create_async(**target)))[1] == 21205
    twiml = "<Response><Say>Press 1</Say></Response>"
    events = ["answered", "completed"]
    call = await twilio.calls.create_async(
        twiml=twiml, status_callback=f"{bot.url}/c", status_callback_event=events, **target
    )
    assert play.journal.entries("twilio", "call")[0].text == twiml
    for status in ("ringing", "in-progress"):
        await play.twilio.call_status(call.sid, status)
    assert [h.form["CallStatus"] for h in bot.heard] == ["in-progress"]
    ended = await twilio.calls(call.sid).update_async(status="completed")
    assert ended.status == "completed"
    assert (await code(twilio.calls(call.sid).update_async(twiml=twiml)))[1] == 21220
    assert (await code(twilio.calls("CA" + "9" * 32).update_async(status="completed")))[1] == 20404
