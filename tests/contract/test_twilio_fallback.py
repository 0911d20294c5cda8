"""The documents that answer calls while Standby is down: what they do, and how they are read where the vendor has them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from xml.etree import ElementTree

import httpx
import pytest

from bot.app.fallback_check import Unreadable
from channels.twilio import fallback as twiml
from channels.twilio.settings import TwilioSettings
from channels.twilio.spoken import LIMIT
from tests.contract.channels_twilio.rig import twiml_checker
from tests.fakes.bins import ACCOUNT, TOKEN, Bins, serving

check = twiml_checker()
OURS = "+14155550102"
TEN = tuple(f"+2711555000{n}" for n in range(10))
SCREEN, OVER = (f"https://handler.example.com/twiml/EH{n * 16}" for n in ("a1", "b2"))


@pytest.fixture
def bins() -> Iterator[Bins]:
    with serving() as it:
        yield it


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with twiml.client() as it:
        yield it


# ---------------------------------------------------------------- written
def test_one_phone_after_another_and_a_message_at_the_end() -> None:
    text = twiml.fallback(TEN[:2], "en", "Polly.Amy", OURS, SCREEN, OVER)
    assert check(text) == []
    root = ElementTree.fromstring(text)
    assert [verb.tag for verb in root] == [
        *("Say", "Dial", "Say", "Pause"),
        *("Say", "Dial", "Say", "Pause"),
        *("Say", "Record"),
    ]
    assert [verb.text for verb in root.iter("Say")] == [
        "Please stay on the line, we are calling the engineer on standby.",
        "If you have talked to an engineer, hang up now.",
        "We are calling the next engineer.",
        "If you have talked to an engineer, hang up now.",
        "Please leave your name, your number and a message after the tone.",
    ]
    for dial, phone in zip(root.iter("Dial"), TEN, strict=False):
        (number,) = dial
        assert dial.attrib == {"timeout": "25", "callerId": OURS}
        assert (number.text, number.attrib) == (phone, {"url": SCREEN})
    record = root.find("Record")
    assert record is not None and (record.get("maxLength"), record.get("action")) == ("120", OVER)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_ten_phones_fit_and_those_that_would_not_are_left_out(language: str) -> None:
    text = twiml.fallback(TEN, language, "Polly.Amy", OURS, SCREEN, OVER)
    assert check(text) == [] and len(text) < LIMIT
    assert len(twiml.dials(text).numbers) >= 9
    long = twiml.fallback(TEN, language, "Polly.Amy", OURS, f"{SCREEN}?{'x' * 600}", OVER)
    assert len(long) < LIMIT
    assert twiml.dials(long).numbers == TEN[: len(twiml.dials(long).numbers)] != ()


def test_without_the_other_documents_it_works_all_the_same() -> None:
    text = twiml.fallback(TEN[:1], "en", "", OURS)
    assert check(text) == []
    assert twiml.dials(text).dials == ((TEN[0], ""),)
    assert "action" not in text


def test_whoever_picks_up_has_to_press_a_key() -> None:
    text = twiml.screen("en", "", OVER)
    assert check(text) == check(twiml.accept()) == []
    gather, hangup = ElementTree.fromstring(text)
    assert (gather.get("numDigits"), gather.get("timeout"), gather.get("action")) == ("1", "8", OVER)
    assert gather[0].text == "Somebody calls the emergency line. Press 1 to take the call."
    assert hangup.tag == "Hangup"
    assert len(ElementTree.fromstring(twiml.accept())) == 0


# ---------------------------------------------------------------- read
async def test_what_is_hosted_is_read_as_the_vendor_would(bins: Bins, http: httpx.AsyncClient) -> None:
    bins.documents = {
        "line": twiml.fallback(TEN[:2], "en", "", OURS, SCREEN),
        "screen": twiml.screen("en", "", OVER),
        "silent": twiml.accept(),
    }
    read = await twiml.hosted(http, bins.url("line"), ACCOUNT, TOKEN)
    assert read.dials == ((TEN[0], SCREEN), (TEN[1], SCREEN))
    assert (await twiml.hosted(http, bins.url("line?a=1"), ACCOUNT, TOKEN)).numbers == TEN[:2]
    assert await twiml.accept_url(http, bins.url("screen"), ACCOUNT, TOKEN) == OVER
    assert await twiml.accept_url(http, bins.url("silent"), ACCOUNT, TOKEN) == ""


def test_what_reads_it_comes_from_the_settings(bins: Bins) -> None:
    assert twiml.watched(None) == (None, "")
    bare = TwilioSettings.model_validate({"account_sid": ACCOUNT, "auth_token": TOKEN})
    assert twiml.watched(bare) == (None, "")
    given = {"voice_fallback_url": bins.url("line"), "voice_screen_url": bins.url("screen")}
    read, screen_url = twiml.watched(bare.model_copy(update=given))
    assert read is not None and screen_url == bins.url("screen")


@pytest.mark.parametrize(
    ("text", "dials"),
    [
        ("<Response><Dial> +27 11 555-0001 </Dial></Response>", (("+27115550001", ""),)),
        (
            "<Response><Dial><Number>+27115550001</Number><Number url='https://x'>+27115550002</Number></Dial></Response>",
            (("+27115550001", ""), ("+27115550002", "https://x")),
        ),
        (
            "<Response><Dial><Client>ada</Client></Dial><Dial><Queue/></Dial></Response>",
            (("ada", ""), ("Queue", "")),
        ),
        ("<?xml version='1.0' encoding='UTF-8'?>\n<Response/>", ()),
    ],
)
def test_what_somebody_else_wrote(text: str, dials: tuple[tuple[str, str], ...]) -> None:
    assert twiml.dials(text).dials == dials


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><Response><Say>&b;</Say></Response>"


@pytest.mark.parametrize("text", ["", "hello", "<Response>", "<html/>", BOMB, "<Response>&b;</Response>"])
def test_what_is_no_document_of_a_call(text: str) -> None:
    with pytest.raises(Unreadable, match="odd"):
        twiml.dials(text)


@pytest.mark.parametrize(
    ("path", "token", "why"),
    [
        ("line", "another-token", "refused 403"),
        ("gone", TOKEN, "refused 404"),
        ("huge", TOKEN, "odd"),
        ("binary", TOKEN, "odd"),
        ("around", TOKEN, "odd"),
        ("far", TOKEN, "odd"),
        ("file", TOKEN, "odd"),
        ("slow", TOKEN, "away"),
    ],
)
async def test_what_cannot_be_read(
    bins: Bins, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str, token: str, why: str
) -> None:
    monkeypatch.setattr(twiml, "TIMEOUT", 1.0)
    bins.documents = {
        "line": twiml.accept(),
        "huge": f"<Response>{' ' * twiml.LARGEST}</Response>",
        "binary": "\0",
    }
    far = bins.url("line").replace("127.0.0.1", "localhost")
    bins.moved = {"around": bins.url("around"), "far": far, "file": "file:///etc/passwd"}
    with pytest.raises(Unreadable, match=why):
        await twiml.hosted(http, bins.url(path), ACCOUNT, token)


async def test_a_redirect_on_the_same_server_is_followed(bins: Bins, http: httpx.AsyncClient) -> None:
    bins.documents["line"] = twiml.fallback(TEN[:1], "en", "", OURS)
    bins.moved["old"] = "/line"
    assert (await twiml.hosted(http, bins.url("old"), ACCOUNT, TOKEN)).numbers == TEN[:1]


async def test_a_server_that_is_not_there(http: httpx.AsyncClient) -> None:
    with serving() as gone:
        pass
    with pytest.raises(Unreadable, match="away"):
        await twiml.hosted(http, gone.url("line"), ACCOUNT, TOKEN)
