"""TwiML of a call, walked verb by verb. Pure: it says what happens next and is told what came of it.

A walk yields steps; each is answered by a string: the key that a person pressed meanwhile (or nothing); for Asked,
Dialled and Recorded the TwiML that the URL answered, or nothing to go on with the next verb. One more verb is one more
function in VERBS.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """Words that a person hears; while `listening`, a key cuts them short."""

    text: str
    language: str = ""
    listening: bool = False


@dataclass(frozen=True)
class Quiet:
    """Nothing is heard for so many seconds; `listening`: for a key. `last`: the prompts are over, only a key is
    awaited."""

    seconds: float
    listening: bool = False
    last: bool = False


@dataclass(frozen=True)
class Asked:
    """A URL is asked for new TwiML, with these parameters beside those of the call; an empty URL is the present
    document's own."""

    url: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rung:
    """A phone to be rung; `url` is what whoever picks up hears before they are put through."""

    number: str
    url: str = ""
    status_callback: str = ""
    events: str = "completed"


@dataclass(frozen=True, kw_only=True)
class Dialled:
    """Phones ring, all at once, for so many seconds. What came of it goes to `action`, if there is one."""

    phones: tuple[Rung, ...]
    action: str | None = None
    caller_id: str = ""
    timeout: float = 30
    time_limit: float = 14400
    answer_on_bridge: bool = False


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What they say is recorded, until a silence of `timeout` seconds, a key of `finish`, or `longest` seconds."""

    action: str
    timeout: float = 5
    longest: float = 3600
    finish: str = "1234567890*#"
    beep: bool = True
    callback: str = ""
    events: str = "completed"
    transcribe: bool = False
    transcript_callback: str = ""


@dataclass(frozen=True)
class Ended:
    """The call is over: hung up (completed) or never taken (busy, no-answer)."""

    status: str


@dataclass(frozen=True)
class Odd:
    """A mistake in the TwiML: Twilio's code, and what it met."""

    code: str
    text: str


Step = Said | Quiet | Asked | Dialled | Recorded | Ended | Odd
Steps = Generator[Step, str, str | None]
"""Returns None to go on with the next verb, else the TwiML to go on with; "" ends the call."""


def walk(xml: str) -> Generator[Step, str, None]:
    """Walk a document, and whatever follows it, until there is nothing more."""
    document: str | None = xml
    while document:
        document = yield from _document(document)


def fetched(url: str) -> Generator[Step, str, None]:
    """Walk what a URL answers."""
    yield from walk((yield Asked(url)))


def mistake(xml: str) -> str:
    """Return what is wrong with a document that can't be read; nothing, if it can."""
    try:
        ET.fromstring(xml)
    except ET.ParseError as error:
        return str(error)
    return ""


def _document(xml: str) -> Steps:
    try:
        root = ET.fromstring(xml)
    except ET.ParseError as error:
        yield Odd("12100", str(error))
        return ""
    for verb in root:
        handle = VERBS.get(verb.tag)
        if handle is None:
            yield Odd("12200", verb.tag)
            continue
        following = yield from handle(verb)
        if following is not None:
            return following
    return ""


def _prompts(verb: ET.Element, listening: bool) -> Iterator[Step]:
    """What a <Say> or <Pause> comes to."""
    if verb.tag == "Say":
        words = " ".join("".join(verb.itertext()).split())
        for _ in range(int(verb.get("loop", "1"))):
            yield Said(words, verb.get("language", ""), listening)
    elif verb.tag == "Pause":
        yield Quiet(float(verb.get("length", "1")), listening)
    else:
        yield Odd("12200", verb.tag)


def _prompt(verb: ET.Element) -> Steps:
    yield from _prompts(verb, listening=False)
    return None


def _gather(verb: ET.Element) -> Steps:
    """Digits, until there are enough, the finishing key or a silence; without any, the next verb."""
    wanted, finish = int(verb.get("numDigits", "99")), verb.get("finishOnKey", "#")
    key = ""
    for prompt in verb:
        for step in _prompts(prompt, listening=True):
            key = key or (yield step)
            if key:
                break
    digits = ""
    while len(digits) < wanted:
        key = key or (yield Quiet(float(verb.get("timeout", "5")), listening=True, last=True))
        if key in ("", finish):
            break
        digits, key = digits + key, ""
    if not digits and verb.get("actionOnEmptyResult") != "true":
        return None
    finished = finish if key else ""
    said = {"Digits": digits, "FinishedOnKey": finished, "msg": "Gather End"}
    return (yield Asked(verb.get("action", ""), said))


def _redirect(verb: ET.Element) -> Steps:
    return (yield Asked((verb.text or "").strip()))


def _dial(verb: ET.Element) -> Steps:
    """Numbers as nouns, or one as bare text; after it, the action's TwiML or the next verb."""
    phones = []
    for noun in verb:
        if noun.tag != "Number":
            yield Odd("12200", noun.tag)
            continue
        callback, events = noun.get("statusCallback", ""), noun.get("statusCallbackEvent", "completed")
        phones.append(Rung((noun.text or "").strip(), noun.get("url", ""), callback, events))
    if bare := (verb.text or "").strip():
        phones.append(Rung(bare))
    step = Dialled(
        phones=tuple(phones),
        action=verb.get("action"),
        caller_id=verb.get("callerId", ""),
        timeout=float(verb.get("timeout", "30")),
        time_limit=float(verb.get("timeLimit", "14400")),
        answer_on_bridge=verb.get("answerOnBridge") == "true",
    )
    return (yield step) or None


def _record(verb: ET.Element) -> Steps:
    """After a recording its action's TwiML; if nothing was said, the next verb."""
    step = Recorded(
        action=verb.get("action", ""),
        timeout=float(verb.get("timeout", "5")),
        longest=float(verb.get("maxLength", "3600")),
        finish=verb.get("finishOnKey", "1234567890*#"),
        beep=verb.get("playBeep") != "false",
        callback=verb.get("recordingStatusCallback", ""),
        events=verb.get("recordingStatusCallbackEvent", "completed"),
        transcribe=verb.get("transcribe") == "true" or bool(verb.get("transcribeCallback")),
        transcript_callback=verb.get("transcribeCallback", ""),
    )
    return (yield step) or None


def _hangup(verb: ET.Element) -> Steps:
    yield Ended("completed")
    return ""


def _reject(verb: ET.Element) -> Steps:
    yield Ended("busy" if verb.get("reason") == "busy" else "no-answer")
    return ""


VERBS: dict[str, Callable[[ET.Element], Steps]] = {
    "Say": _prompt,
    "Pause": _prompt,
    "Gather": _gather,
    "Redirect": _redirect,
    "Dial": _dial,
    "Record": _record,
    "Hangup": _hangup,
    "Reject": _reject,
}
