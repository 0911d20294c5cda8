"""The emergency line without Standby: documents that the vendor keeps and runs by itself, as TwiML Bins.

A TwiML Bin can't branch: a document goes on with its next verb when a <Dial> without an `action` is over, whether nobody
answered or a talk has ended. So a caller who has talked and stays on the line would be put through to the next engineer.
Hence after each <Dial> they are told to hang up if they have talked, and have five seconds to do so; who hangs up ends
the document. An `action` would not help: it gets a whole other document, and a static one can't tell how the call went.
A <Record> without an `action` asks for the same document again, which would ring everybody once more: it is given the
empty one (accept) to end on, where that is known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any
from xml.etree import ElementTree

import httpx
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Dial, Gather, Number, VoiceResponse

from bot.app.fallback_check import Hosted, Unreadable
from bot.app.speech import Speech
from bot.domain.hotline import ACCEPT, LONGEST_MESSAGE, RING
from channels.twilio.settings import TwilioSettings
from channels.twilio.spoken import LIMIT, size, speak, speech_in

TO_HANG_UP = 5
"""Seconds for a caller who has talked to an engineer."""
END_OF_WORDS = 10
"""Seconds of silence that end a message."""
TIMEOUT = 10.0
"""Seconds for a whole document."""
LARGEST = 64 * 1024
"""Bytes: more than that Twilio would not run either."""
HOPS = 3


# ---------------------------------------------------------------- written
def fallback(
    numbers: Sequence[str], language: str, voice: str, number: str, screen_url: str = "", over_url: str = ""
) -> str:
    """Dial them one after another from `number`, then take a message. `screen_url` is where the document `screen` is,
    `over_url` the one `accept`. Those last in `numbers` are left out where it would be longer than Twilio takes."""
    for count in range(len(numbers), -1, -1):
        text = _line(numbers[:count], language, voice, number, screen_url, over_url)
        if size(text) < LIMIT:
            return text
    raise ValueError(f"not even the words fit into {LIMIT} characters")


def screen(language: str, voice: str, accept_url: str) -> str:
    """What whoever picks up hears. Without a key their phone is hung up: a voicemail presses none."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf", num_digits=1, timeout=ACCEPT, finish_on_key="", action=accept_url, method="POST"
    )
    speech: Speech = speech_in(language)
    words = speech.text("Somebody calls the emergency line. Press 1 to take the call.")
    speak(gather, words, language, voice)
    response.append(gather)
    response.hangup()
    return str(response)


def accept() -> str:
    """Nothing more: whoever pressed a key is put through. It also ends a call after a message."""
    return str(VoiceResponse())


def _line(
    numbers: Sequence[str], language: str, voice: str, number: str, screen_url: str, over_url: str
) -> str:
    response, speech = VoiceResponse(), speech_in(language)

    def say(words: str) -> None:
        speak(response, words, language, voice)

    for index, phone in enumerate(numbers):
        first = "Please stay on the line, we are calling the engineer on standby."
        say(speech.text("We are calling the next engineer." if index else first))
        dial = Dial(timeout=RING, caller_id=number)
        dial.append(Number(phone, url=screen_url or None))
        response.append(dial)
        say(speech.text("If you have talked to an engineer, hang up now."))
        response.pause(length=TO_HANG_UP)
    say(speech.text("Please leave your name, your number and a message after the tone."))
    response.record(
        action=over_url or None,
        max_length=LONGEST_MESSAGE,
        timeout=END_OF_WORDS,
        finish_on_key="#",
        play_beep=True,
    )
    return str(response)


# ---------------------------------------------------------------- read
def client() -> httpx.AsyncClient:
    """Goes nowhere that the environment or a redirect says."""
    return httpx.AsyncClient(trust_env=False, timeout=TIMEOUT, follow_redirects=False)


def reader(settings: TwilioSettings) -> Callable[[], Coroutine[Any, Any, Hosted]] | None:
    """What reads the document of the line, as it is configured; None where none is."""
    url, account, token = settings.voice_fallback_url, settings.account_sid, settings.tokens[0]
    if url is None:
        return None

    async def read() -> Hosted:
        async with client() as http:
            return await hosted(http, url, account, token)

    return read


def watched(settings: TwilioSettings | None) -> tuple[Callable[[], Coroutine[Any, Any, Hosted]] | None, str]:
    """For FallbackWatch, where the section may be missing: what reads the document, and where a key is asked for."""
    return (None, "") if settings is None else (reader(settings), settings.voice_screen_url or "")


async def hosted(http: httpx.AsyncClient, url: str, account: str, token: str) -> Hosted:
    """What the document of the line at `url` dials. A TwiML Bin answers only to who signs as Twilio does, with the
    account's token. Raises Unreadable."""
    return dials(await _document(http, url, account, token))


async def accept_url(http: httpx.AsyncClient, url: str, account: str, token: str) -> str:
    """Where the document `screen` at `url` goes when a key is pressed; empty where it asks for none. Raises
    Unreadable."""
    gather = _parsed(await _document(http, url, account, token)).find("Gather")
    return "" if gather is None else gather.get("action", "").strip()


def dials(text: str) -> Hosted:
    """What a document dials. Raises Unreadable where it is no TwiML."""
    found: list[tuple[str, str]] = []
    for dial in _parsed(text).iter("Dial"):
        if bare := (dial.text or "").strip():
            found.append((_plain(bare), ""))
        found += [
            (_plain((noun.text or "").strip() or noun.tag), noun.get("url", "").strip()) for noun in dial
        ]
    return Hosted(dials=tuple(found))


def _plain(number: str) -> str:
    """As it is dialled: people write numbers with blanks and dashes."""
    return number.translate(str.maketrans("", "", " -().")) if number.startswith("+") else number


def _parsed(text: str) -> ElementTree.Element:
    """Declarations are refused unread: what they could expand to is not bounded by the document's length."""
    if "<!doctype" in (low := text.casefold()) or "<!entity" in low:
        raise Unreadable("odd")
    try:
        root = ElementTree.fromstring(text.strip())
    except (ElementTree.ParseError, ValueError):
        raise Unreadable("odd") from None
    if root.tag != "Response":
        raise Unreadable("odd")
    return root


async def _document(http: httpx.AsyncClient, url: str, account: str, token: str) -> str:
    try:
        async with asyncio.timeout(TIMEOUT):
            return await _followed(http, httpx.URL(url), account, token)
    except (TimeoutError, httpx.TimeoutException, httpx.ConnectError):
        raise Unreadable("away") from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeDecodeError):
        raise Unreadable("odd") from None


async def _followed(http: httpx.AsyncClient, url: httpx.URL, account: str, token: str) -> str:
    """A redirect is followed on the same server only: what another one says is not what the vendor runs."""
    origin = (url.scheme, url.host, url.port)
    for _ in range(HOPS):
        signed = url.copy_merge_params({"AccountSid": account})
        signature = RequestValidator(token).compute_signature(str(signed), {})
        headers = {"x-twilio-signature": signature, "accept-encoding": "identity"}
        async with http.stream("GET", signed, headers=headers) as response:
            if not response.has_redirect_location:
                return await _body(response)
            url = url.join(response.headers["location"])
        if (url.scheme, url.host, url.port) != origin:
            break
    raise Unreadable("odd")


async def _body(response: httpx.Response) -> str:
    if response.status_code != 200:
        raise Unreadable("refused", str(response.status_code))
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST:
            raise Unreadable("odd")
    return bytes(body).decode("utf-8-sig")
