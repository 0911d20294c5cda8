"""TwiML of a call, walked verb by verb. Pure: it says what happens next and is told what came of it.

A walk yields steps; each is answered by a string: the key that a person pressed meanwhile (or nothing), for Asked the
TwiML that the URL answered. One more verb is one more function in VERBS.
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
    """A URL is asked for new TwiML, with these parameters beside those of the call."""

    url: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Odd:
    """A mistake in the TwiML: Twilio's code, and what it met."""

    code: str
    text: str


Step = Said | Quiet | Asked | Odd
Steps = Generator[Step, str, str | None]
"""Returns None to go on with the next verb, else the TwiML to go on with; "" ends the call."""


def walk(xml: str) -> Generator[Step, str, None]:
    """Walk a document, and whatever follows it, until the call is hung up."""
    document: str | None = xml
    while document:
        document = yield from _document(document)


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


def _hangup(verb: ET.Element) -> Steps:
    yield from ()
    return ""


VERBS: dict[str, Callable[[ET.Element], Steps]] = {
    "Say": _prompt,
    "Pause": _prompt,
    "Gather": _gather,
    "Redirect": _redirect,
    "Hangup": _hangup,
}
