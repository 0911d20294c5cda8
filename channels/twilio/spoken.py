"""Our messages as TwiML that is spoken on a call. Pure."""

from __future__ import annotations

import bisect
import dataclasses
import datetime as dt
import unicodedata
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from bot.app.speech import Speech, locale_of
from bot.domain.message import Message
from channels.twilio.signature import AGAIN

LIMIT = 4000
"""Characters that the Twiml of a new call may have, markup and all."""
ROUNDS = 3
"""How often the whole is said, a silence after each; within a round it is said twice."""
KEY_TIMEOUT = 5
"""Seconds of silence after which nobody is going to press a key."""
WAITS = 3
"""How often somebody who pressed a key is asked for a moment, while we are too busy to take it."""

_ACCENTS = {
    "en": "en-GB",
    "pl": "pl-PL",
    "de": "de-DE",
    "es": "es-ES",
    "fr": "fr-FR",
    "it": "it-IT",
    "nl": "nl-NL",
    "pt": "pt-PT",
}
"""How a language is spoken; what is written in another one, or in one that we have no words in, in English."""
_UNSPEAKABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SYMBOLS = 0x2190
"""Arrows, boxes, emoji and the like begin here."""
_NO_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """A call of ours: whose attempt it is (`token`), in which language and voice we speak, and how many answers to keys
    were spoken before (`turn`). All of it is in the URLs that Twilio comes back to."""

    public_url: str
    token: str
    language: str = "en"
    voice: str = ""
    turn: int = 0

    def url(self, **more: str) -> str:
        """Where a pressed key goes."""
        query = {"attempt": self.token, "lang": self.language[:2].lower()}
        query |= {"turn": str(self.turn)} if self.turn else {}
        return f"{self.public_url}/twilio/voice/key?{urlencode(query | more)}"

    @property
    def speech(self) -> Speech:
        """What we say by ourselves."""
        return speech_in(self.language)


def speech_in(language: str) -> Speech:
    """What we say by ourselves names no time, so there is none in it."""
    return Speech(language=language[:2].lower(), zone=ZoneInfo("UTC"), now=_NO_TIME)


def call(line: Line, message: Message) -> str:
    """Say it until a key is pressed, three times over, or once where there is none to press. Never longer than Twilio
    takes."""
    words = words_of(message)
    keys = shortened(speakable(" ".join(words for _, words in message.keys)), LIMIT // 8)

    def build(length: int) -> str:
        return _said(line, shortened(words, length), keys)

    whole = build(len(words))
    if size(whole) <= LIMIT:
        return whole
    fitting = bisect.bisect_right(range(len(words)), LIMIT, key=lambda length: size(build(length)))
    return build(max(fitting - 1, 0))


def answer(line: Line, reply: Message | None) -> str:
    """What is said to a pressed key; the line stays open where there are more keys to press."""
    if reply is not None and reply.keys:
        return call(dataclasses.replace(line, turn=line.turn + 1), reply)
    response = VoiceResponse()
    if reply is not None and (words := words_of(reply)):
        _speak(response, line, words)
    return _goodbye(response, line)


def moment(line: Line, digits: str, waits: int) -> str:
    """We can't take the key now: come again with it in two seconds; after the last time, say where else to go."""
    if waits >= WAITS:
        response = VoiceResponse()
        _speak(response, line, line.speech.text("Sorry, that did not work. Please answer by chat or by SMS."))
        return _goodbye(response, line)
    return one_moment(line.url(digits=digits, wait=str(waits + 1)) + AGAIN, line.language, line.voice)


def one_moment(url: str, language: str, voice: str) -> str:
    """We can't take it now: `url` says again in two seconds what was sent."""
    response = VoiceResponse()
    speak(response, speech_in(language).text("One moment please."), language, voice)
    response.pause(length=2)
    response.redirect(url, method="POST")
    return str(response)


def sorry(language: str, voice: str) -> str:
    """It did not work, and there is nobody else to turn to on this line."""
    response, speech = VoiceResponse(), speech_in(language)
    speak(
        response, speech.text("Sorry, that did not work. Please try again in a few minutes."), language, voice
    )
    response.hangup()
    return str(response)


def words_of(message: Message) -> str:
    """What is said: the words for a call, or else the text."""
    return speakable(message.spoken or message.text)


def speakable(text: str) -> str:
    """On one line, and without what no voice can say and no XML can carry."""
    line = " ".join(text.split())
    kept = (
        character
        for character in line
        if (kind := unicodedata.category(character)) not in _UNSPEAKABLE
        and (kind != "So" or ord(character) < _SYMBOLS)
    )
    return " ".join("".join(kept).split())


def shortened(words: str, length: int) -> str:
    """At most so many characters, to the end of a word where there is one."""
    if len(words) <= length:
        return words
    cut = words[:length]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:-")


def size(xml: str) -> int:
    """As Twilio may count: UTF-16 units."""
    return len(xml) + sum(character > "\uffff" for character in xml)


def _said(line: Line, words: str, keys: str) -> str:
    response, whole = VoiceResponse(), sentences(words, keys)
    if not keys:
        _speak(response, line, whole, loop=2)
        return _goodbye(response, line)
    for _ in range(ROUNDS):
        gather = Gather(
            input="dtmf",
            num_digits=1,
            timeout=KEY_TIMEOUT,
            finish_on_key="",
            action=line.url() + AGAIN,
            method="POST",
        )
        _speak(gather, line, whole, loop=2)
        response.append(gather)
    return _goodbye(response, line)


def sentences(*texts: str) -> str:
    """One after another, each ended."""
    ended = (text if text[-1] in ".!?…" else text + "." for text in texts if text)
    return " ".join(ended)


def _goodbye(response: VoiceResponse, line: Line) -> str:
    _speak(response, line, line.speech.text("Goodbye."))
    response.hangup()
    return str(response)


def _speak(verb: VoiceResponse | Gather, line: Line, text: str, loop: int | None = None) -> None:
    speak(verb, text, line.language, line.voice, loop)


def speak(
    verb: VoiceResponse | Gather, text: str, language: str, voice: str = "", loop: int | None = None
) -> None:
    """With the accent of the language, unless there is a voice of our choice; said `loop` times."""
    accent = _ACCENTS.get(locale_of(language[:2].lower()).language, _ACCENTS["en"])
    verb.append(Say(text, language=accent, voice=voice or None, loop=loop))
