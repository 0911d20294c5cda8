"""Somebody calls the bot's number: what the bot is asked, in which words, and what happens when it fails."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from playground import Playground
from playground.server import Served
from playground.twilio.people import HIDDEN, SILENT, calls, calls_and_leaves
from tests.playground.conftest import Heard

THANDI, LINE = "+27115550100", "+14155550102"
MENU = '<Gather numDigits="1" action="/menu"><Say>Press 1</Say></Gather><Say>Nothing</Say><Redirect>/silence</Redirect>'
INCOMING = "/twilio/voice/incoming"


@dataclass
class Desk:
    """A bot that answers each path with its TwiML (the last one from then on) or status; "" is an empty answer."""

    pages: dict[str, list[str | int]] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    url: str = ""

    def says(self, path: str, *twiml: str | int) -> None:
        self.pages[path] = list(twiml)

    def at(self, path: str) -> list[Heard]:
        return [h for h in self.heard if h.path.split("?")[0] == path]

    def one(self, path: str) -> dict[str, str]:
        (heard,) = self.at(path)
        return heard.form

    @property
    def paths(self) -> list[str]:
        return [h.path for h in self.heard]

    async def answer(self, request: Request) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        self.heard.append(Heard(path, dict(request.headers), await request.body()))
        pages = self.pages.get(request.url.path, [""])
        page = pages.pop(0) if len(pages) > 1 else pages[0]
        if isinstance(page, int):
            return Response(status_code=page)
        return Response(f"<Response>{page}</Response>", media_type="text/xml")


@pytest.fixture
async def desk(play: Playground) -> AsyncIterator[Desk]:
    desk = Desk()
    served = Served(Starlette(routes=[Route("/{path:path}", desk.answer, methods=["POST"])]), "127.0.0.1", 0)
    await served.start()
    desk.url = play.bot_url = f"http://127.0.0.1:{served.port}"
    yield desk
    await served.stop()


def spoken(play: Playground, to: str = THANDI) -> list[str]:
    return [e.text for e in play.journal.entries("twilio", "call_heard") if e.to == to]


async def test_the_bot_is_told_who_calls(play: Playground, desk: Desk) -> None:
    desk.says(INCOMING, "<Say>Hello</Say>")
    leg = await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    about = {
        "AccountSid": play.twilio.account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": leg.sid,
        "From": THANDI,
        "Caller": THANDI,
        "To": LINE,
        "Called": LINE,
        "Direction": "inbound",
    }
    (rang,) = desk.at(INCOMING)
    assert rang.form == about | {"CallStatus": "ringing"}
    validator = RequestValidator(play.twilio.auth_token)
    assert validator.validate(desk.url + INCOMING, rang.form, rang.headers["x-twilio-signature"])
    over = desk.one("/twilio/status")
    assert over | about == over and over["CallStatus"] == "completed" and over["CallDuration"] == "0"
    assert leg.heard == ["Hello"] and desk.paths == [INCOMING, "/twilio/status"]
    assert play.twilio.calls[leg.sid]["direction"] == "inbound"


async def test_a_hidden_number(play: Playground, desk: Desk) -> None:
    await play.twilio.phones.call(None, person=SILENT)
    await play.settle()
    assert desk.one(INCOMING)["From"] == HIDDEN == "+266696687"


async def test_keys_silence_and_the_call_s_length(play: Playground, desk: Desk) -> None:
    desk.says(INCOMING, MENU)
    desk.says("/menu", '<Gather action="/number"><Say>Your number</Say></Gather>')
    desk.says("/number", '<Pause length="7"/>')
    desk.says("/silence", "<Hangup/>")
    await play.twilio.phones.call(THANDI, person=calls("2115#"))
    await play.settle()
    menu, number = desk.one("/menu"), desk.one("/number")
    assert (menu["Digits"], menu["CallStatus"]) == ("2", "in-progress")
    assert (number["Digits"], number["FinishedOnKey"]) == ("115", "#")
    desk.heard.clear()
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert desk.paths == [INCOMING, "/silence", "/twilio/status"]
    assert int(desk.one("/twilio/status")["CallDuration"]) == 5


async def test_by_hand(play: Playground, desk: Desk) -> None:
    desk.says(INCOMING, MENU)
    desk.says("/menu", '<Gather action="/number"><Say>Your number</Say></Gather>')
    phones = play.twilio.phones
    leg = await phones.call(THANDI)
    assert (leg.waiting, leg.heard, leg.status, leg.number) == (True, ["Press 1"], "in-progress", THANDI)
    await phones.press(leg, "2")
    await phones.press(leg, "0115550100#")
    assert leg.over and desk.one("/number")["Digits"] == "0115550100"
    assert [e.text for e in play.journal.entries("twilio", "call_key")] == list("20115550100#")
    other = await phones.call(THANDI)
    await phones.hang_up(other)
    assert desk.paths[-2:] == [INCOMING, "/twilio/status"]
    with pytest.raises(ValueError, match="completed"):
        await phones.press(other, "1")


async def test_whoever_leaves_in_the_menu_is_told_of(play: Playground, desk: Desk) -> None:
    desk.says(INCOMING, MENU)
    await play.twilio.phones.call(THANDI, person=calls_and_leaves())
    await play.settle()
    assert desk.paths == [INCOMING, "/twilio/status"] and spoken(play) == ["Press 1"]
    ended = play.journal.entries("twilio", "call_ended")
    assert [(e.who, e.text) for e in ended] == [(THANDI, "completed")]


@pytest.mark.parametrize(
    ("twiml", "status"),
    [
        ("<Reject/>", "no-answer"),
        ('<Reject reason="busy"/>', "busy"),
        ('<Pause length="3"/><Reject reason="busy"/>', "busy"),
        ("<Say>Hello</Say><Reject/>", "completed"),
        ("<Hangup/>", "completed"),
    ],
)
async def test_a_rejected_call_was_never_answered(
    play: Playground, desk: Desk, twiml: str, status: str
) -> None:
    desk.says(INCOMING, twiml)
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert desk.one("/twilio/status")["CallStatus"] == status


async def test_the_settings_of_a_number(play: Playground, desk: Desk) -> None:
    line = play.twilio.phones.line("+14155550105")
    line.voice_url, line.status_callback = f"{desk.url}/hello?a=1", f"{desk.url}/ended"
    await play.twilio.phones.call(THANDI, to="+14155550105", person=SILENT)
    await play.settle()
    assert desk.paths == ["/hello?a=1", "/ended"] and desk.one("/hello")["To"] == "+14155550105"
    line.status_callback = ""
    await play.twilio.phones.call(THANDI, to="+14155550105", person=SILENT)
    await play.settle()
    assert desk.paths == ["/hello?a=1", "/ended", "/hello?a=1"]


@pytest.mark.parametrize(
    ("asked", "status", "tries"),
    [
        ("#rc=3&rp=5xx,ct,rt", 500, 4),
        ("#rc=3&rp=all", 403, 4),
        ("#rc=3&rp=5xx", 403, 1),
        ("#rc=3", 500, 1),
        ("", 500, 2),
    ],
)
async def test_it_is_tried_again_as_the_url_asks(
    play: Playground, desk: Desk, asked: str, status: int, tries: int
) -> None:
    play.twilio.phones.line().voice_url = f"{desk.url}{INCOMING}{asked}"
    desk.says(INCOMING, status)
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert desk.paths == [INCOMING] * tries + ["/twilio/status"]
    assert spoken(play) == ["We are sorry, an application error has occurred. Goodbye."]
    assert desk.one("/twilio/status")["CallStatus"] == "completed"


async def test_a_second_try_may_do(play: Playground, desk: Desk) -> None:
    play.twilio.phones.line().voice_url = f"{desk.url}{INCOMING}#rc=2&rp=5xx"
    desk.says(INCOMING, 500, 503, "<Say>Hello</Say>")
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    first, *_, third = desk.at(INCOMING)
    token = "i-twilio-idempotency-token"
    assert spoken(play) == ["Hello"] and first.headers[token] == third.headers[token]


async def test_a_fallback_that_is_twiml(play: Playground, desk: Desk) -> None:
    play.twilio.phones.line().fallback = "<Response><Say>Please wait</Say></Response>"
    desk.says(INCOMING, 500)
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert spoken(play) == ["Please wait"] and play.journal.entries("twilio", "fallback")


async def test_a_fallback_url_for_any_request_of_the_call(play: Playground, desk: Desk) -> None:
    play.twilio.phones.line().fallback = f"{desk.url}/fallback"
    desk.says(INCOMING, MENU)
    desk.says("/menu", "<Say>broken</Sai>")
    desk.says("/fallback", "<Say>Please wait</Say>")
    await play.twilio.phones.call(THANDI, person=calls("1"))
    await play.settle()
    told = desk.one("/fallback")
    assert (told["ErrorCode"], told["ErrorUrl"]) == ("12100", f"{desk.url}/menu")
    assert spoken(play) == ["Press 1", "Please wait"]


async def test_a_fallback_that_fails_as_well_ends(play: Playground, desk: Desk) -> None:
    line = play.twilio.phones.line()
    line.fallback = f"<Response><Redirect>{desk.url}/again</Redirect></Response>"
    desk.says(INCOMING, 500)
    desk.says("/again", 500)
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert spoken(play) == ["We are sorry, an application error has occurred. Goodbye."]
    line.fallback = f"{desk.url}/again"
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert spoken(play)[1:] == spoken(play)[:1]


async def test_nobody_there_at_all(play: Playground, desk: Desk) -> None:
    play.bot_url = "http://127.0.0.1:1"
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert spoken(play) == ["We are sorry, an application error has occurred. Goodbye."]
