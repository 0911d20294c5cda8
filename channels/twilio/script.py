"""What somebody on a call to our number hears next, as TwiML. Pure."""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from twilio.twiml.voice_response import Dial, Gather, Number, VoiceResponse

from bot.domain.script import Connect, HangUp, Hear, Record, Ring, Script
from channels.adapter import World
from channels.twilio.settings import TwilioSettings
from channels.twilio.signature import AGAIN
from channels.twilio.spoken import LIMIT, sentences, shortened, size, speak, speakable

LONGEST_TALK = 4 * 60 * 60
"""Seconds."""
END_OF_WORDS = 5
"""Seconds of silence that end a message."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class House:
    """Our side of every call: where Twilio comes back to, our number, and the voice that we speak with."""

    public_url: str
    number: str
    voice: str = ""

    def url(self, path: str, **query: str) -> str:
        """To be asked again where we fail."""
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.public_url}/twilio/voice/{path}{asked}{AGAIN}"


def house(settings: TwilioSettings, world: World) -> House:
    """As it is configured."""
    return House(public_url=world.public_url, number=settings.voice_from or "", voice=settings.voice or "")


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Page:
    """A document that is being written. `pressed`: how many keys were pressed on this leg before."""

    script: Script
    house: House
    response: VoiceResponse
    pressed: int

    def url(self, path: str, **more: str) -> str:
        script = self.script
        query = {"call": script.call, "turn": str(script.turn), "lang": script.language[:2].lower()}
        return self.house.url(path, **query, **more)

    def speak(self, verb: VoiceResponse | Gather, words: str) -> None:
        if words:
            speak(verb, words, self.script.language, self.house.voice)


def written(script: Script, house: House, pressed: int = 0) -> str:
    """The document; of words that are too long, the end of the longest is left out."""
    said = [words for words in map(speakable, script.say) if words]

    def build(length: int) -> str:
        return _written(script, house, [shortened(words, length) for words in said], pressed)

    longest = max(map(len, said), default=0)
    whole = build(longest)
    if size(whole) <= LIMIT:
        return whole
    fitting = bisect.bisect_right(range(longest), LIMIT, key=lambda length: size(build(length)))
    return build(max(fitting - 1, 0))


def _written(script: Script, house: House, said: Sequence[str], pressed: int) -> str:
    page = _Page(script=script, house=house, response=VoiceResponse(), pressed=pressed)
    write = _VERBS.get(type(script.verb))
    if write is None:
        raise TypeError(f"a phone can't do {type(script.verb).__name__}")
    write(page, script.verb, sentences(*said))
    return str(page.response)


def _hear(page: _Page, verb: Hear, words: str) -> None:
    """A key cuts the words short. A leg on which nobody presses one is hung up without asking us: while it is up and
    nobody has pressed 1, the caller must not be put through to it."""
    leg = page.script.leg
    more = {"pressed": str(page.pressed)} if leg and page.pressed else {}
    gather = Gather(
        input="dtmf",
        num_digits=None if verb.many else 1,
        finish_on_key="#" if verb.many else "",
        timeout=verb.seconds,
        action=page.url("accept" if leg else "heard", **more),
        method="POST",
        action_on_empty_result=None if leg else True,
    )
    page.speak(gather, words)
    page.response.append(gather)
    if leg:
        page.response.hangup()


def _ring(page: _Page, verb: Ring, words: str) -> None:
    """One phone, never several: the voicemail that picks up first would drop the others."""
    page.speak(page.response, words)
    dial = Dial(
        action=page.url("rung"),
        method="POST",
        timeout=verb.seconds,
        time_limit=LONGEST_TALK,
        caller_id=page.house.number,
        answer_on_bridge=False,
    )
    screen = {} if verb.plain else {"url": page.url("whisper"), "method": "POST"}
    dial.append(Number(verb.number, **screen))
    page.response.append(dial)


def _record(page: _Page, verb: Record, words: str) -> None:
    """Twilio goes on to the next verb where nothing was said."""
    page.speak(page.response, words)
    transcribe = {"transcribe": True, "transcribe_callback": page.url("transcribed")}
    page.response.record(
        action=page.url("recorded"),
        method="POST",
        timeout=END_OF_WORDS,
        finish_on_key="#",
        max_length=verb.seconds,
        play_beep=True,
        recording_status_callback=page.url("recording"),
        recording_status_callback_method="POST",
        recording_status_callback_event="completed absent",
        **(transcribe if verb.transcribe else {}),
    )
    page.response.redirect(page.url("recorded"), method="POST")


def _connect(page: _Page, verb: Connect, words: str) -> None:
    """Once the document of a leg is over, the two are put through."""
    page.speak(page.response, words)


def _hang_up(page: _Page, verb: HangUp, words: str) -> None:
    page.speak(page.response, words)
    page.response.hangup()


_VERBS: dict[type, Callable[..., None]] = {
    Hear: _hear,
    Ring: _ring,
    Record: _record,
    Connect: _connect,
    HangUp: _hang_up,
}
