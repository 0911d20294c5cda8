"""Calls as whoever holds the phone has them: what they hear, what they can do now, and what became of it.

By hand a call waits for the player; a scripted one (a fault, a voicemail) goes on by itself, and can only be watched.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playground.journal import Entry
from playground.twilio.legs import Leg
from playground.twilio.people import BY_HAND, HIDDEN, VOICEMAIL
from playground.twilio.walking import TALK
from playground.web.parts import Form, Seen
from playground.web.phone_people import callers, current, engineers, legs, names

Name = Callable[[str], str]

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
KEPT = 6
"""So many finished calls are drawn."""
OVER = "That call is over."
MOVED = "That can't be done at this moment: the call has moved on."
_ENDS = {
    "busy": "declined",
    "no-answer": "not answered",
    "failed": "could not be reached",
    "canceled": "stopped ringing before anybody answered",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """Something on a call: `heard` (words of ours), `key`, `said`, `note` (what happened) or `tape` (a recording)."""

    kind: str
    text: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call. `state`: `rings` (at this phone), `calling` (nobody picked up yet), `listens`, `key` (one is awaited),
    `tape` (what they say is recorded), `waits` (others' phones ring for them), `talks`, `over`. `now` says so in words.
    `by_hand`: the player does it; else it goes on by itself."""

    sid: str
    other: str
    shown: str
    inbound: bool
    state: str
    now: str
    lines: tuple[Line, ...]
    began: dt.datetime
    since: dt.datetime | None = None
    by_hand: bool = True
    end: str = ""


def call(seen: Seen, leg: Leg) -> Call:
    """A leg, as its phone shows it."""
    name, told = names(seen), _told(seen, leg)
    state = _state(leg)
    talk = leg.talk
    return Call(
        sid=leg.sid,
        other=name(leg.shown),
        shown=leg.shown,
        inbound=leg.inbound,
        state=state,
        now=_now(leg, state, name),
        lines=tuple(line for e in told if (line := _line(e, leg, name)) is not None),
        began=told[0].at if told else seen.state.now,
        since=talk.began if talk else leg.answered,
        by_hand=leg.person.by_hand,
        end=_ended(leg) if leg.over else "",
    )


def history(seen: Seen, number: str) -> list[Call]:
    """The finished calls of a phone, the newest first."""
    return [call(seen, leg) for leg in legs(seen, number) if leg.over][:KEPT]


def _told(seen: Seen, leg: Leg) -> list[Entry]:
    """What the journal has of this call."""
    return [
        e
        for e in seen.play.journal.entries("twilio")
        if e.id == leg.sid
        or (e.kind == "recorded" and e.where == leg.sid)
        or (e.kind in ("bridged", "unbridged") and e.thread == leg.sid)
        or (e.kind == "call_rings" and e.raw.get("parent") == leg.sid)
    ]


def _state(leg: Leg) -> str:
    if leg.over:
        return "over"
    if leg.talk is not None:
        return "talks"
    if leg.dial is not None:
        return "waits"
    if leg.status in ("queued", "ringing"):
        return "calling" if leg.inbound else "rings"
    if leg.tape is not None:
        return "tape"
    return "key" if leg.waiting else "listens"


def _now(leg: Leg, state: str, name: Name) -> str:
    """The state in words."""
    if state == "talks" and leg.talk is not None:
        other = leg.talk.picked if leg.talk.parent is leg else leg.talk.parent
        return f"Talking to {name(other.number) if other else name(leg.shown)}"
    if state == "waits" and leg.dial is not None:
        ringing = [name(other.number) for other in leg.dial.legs if other.status in ("queued", "ringing")]
        listening = leg.dial.picked
        if listening is not None:
            return f"Ringing… {name(listening.number)} has picked up and is told who calls"
        return "Ringing… " + ", ".join(f"{who}'s phone" for who in ringing)
    if not leg.person.by_hand:
        return _by_itself(leg, state)
    return {
        "rings": "Rings",
        "calling": "Calling…",
        "listens": "Listening…",
        "key": "Waits for a key",
        "tape": "You are being recorded",
        "over": "Call ended",
    }[state]


def _by_itself(leg: Leg, state: str) -> str:
    person = leg.person
    if state == "rings":
        return "Rings, and voicemail will pick up" if person.machine else "Rings by itself"
    return "Voicemail has picked up" if person.machine else "Goes on by itself"


def _ended(leg: Leg) -> str:
    """How it ended; for how long they were on the phone, where they were."""
    if leg.status in _ENDS:
        return _ENDS[leg.status]
    seconds = int(leg.call.get("duration") or 0)
    return f"{seconds // 60}:{seconds % 60:02d}"


def _line(e: Entry, leg: Leg, name: Name) -> Line | None:
    match e.kind:
        case "call_heard":
            return Line(kind="heard", text=e.text, at=e.at)
        case "call_key":
            return Line(kind="key", text=e.text, at=e.at)
        case "call_said":
            return Line(kind="said", text=e.text, at=e.at)
        case "recorded":
            seconds = e.raw["seconds"]
            return Line(kind="tape", text=f"Recorded, {seconds} s: {e.text or '(nothing said)'}", at=e.at)
        case "call_rings" if e.id != leg.sid:
            return Line(kind="note", text=f"{name(e.to)}'s phone rings", at=e.at)
        case "bridged":
            other = e.who if leg.number == e.to else e.to
            return Line(kind="note", text=f"Put through to {name(other)}", at=e.at)
        case "unbridged":
            who = e.raw["hung_up"]
            ends = "you hung up" if who == leg.number else f"{name(who)} hung up"
            return Line(kind="note", text=f"Talked for {e.raw['seconds']} s, {ends}", at=e.at)
    return None


# -- what people do


def _leg(seen: Seen, form: Form) -> Leg:
    leg = seen.play.twilio.phones.legs.get(form.get("sid", ""))
    if leg is None or leg.over:
        raise ValueError(OVER)
    if not leg.person.by_hand:
        raise ValueError(
            "This call goes on by itself, as the faults say. Switch the fault off to answer by hand."
        )
    return leg


async def _do(deed: Awaitable[None]) -> None:
    try:
        await deed
    except ValueError as error:
        raise ValueError(MOVED) from error


async def _typed(seen: Seen, leg: Leg) -> None:
    """Press the keys that were pressed while words were spoken."""
    while leg.presses and leg.waiting and not leg.over:
        key, leg.presses = leg.presses[0], leg.presses[1:]
        await _do(seen.play.twilio.phones.press(leg, key))
    if not leg.waiting:
        leg.presses = ""


async def dial(seen: Seen, form: Form) -> None:
    """Call the emergency line: `number`."""
    number = form.get("number", "")
    if number not in {owner.number for owner in callers(seen)}:
        raise ValueError("Nobody here has that phone.")
    if current(seen, number) is not None:
        raise ValueError("This phone is in a call already. Hang up first.")
    phones, ours = seen.play.twilio.phones, seen.state.cast.voice
    leg = await phones.call(None if number == HIDDEN else number, to=ours, person=BY_HAND)
    await _typed(seen, leg)


async def answer(seen: Seen, form: Form) -> None:
    """Pick up."""
    leg = _leg(seen, form)
    await _do(seen.play.twilio.phones.answer(leg))
    await _typed(seen, leg)


async def machine(seen: Seen, form: Form) -> None:
    """The voicemail picks up: it listens to all of it, and presses nothing."""
    leg, phones = _leg(seen, form), seen.play.twilio.phones
    await _do(phones.answer(leg, machine=True))
    while leg.waiting and not leg.over:
        await _do(phones.silence(leg))


async def lets_ring(seen: Seen, form: Form) -> None:
    """Nobody picks up, for as long as it rings."""
    await _do(seen.play.twilio.phones.lets_ring(_leg(seen, form)))


async def press(seen: Seen, form: Form) -> None:
    """Press a key: `digit`. While words are still spoken it is kept until they wait for it."""
    leg, key = _leg(seen, form), form.get("digit", "")
    if key not in KEYS:
        raise ValueError("There is no such key.")
    if leg.tape is not None:
        await _do(seen.play.twilio.phones.press(leg, key))
    elif _state(leg) in ("key", "listens"):
        leg.presses += key
    if leg.waiting:
        await _typed(seen, leg)


async def silence(seen: Seen, form: Form) -> None:
    """Press and say nothing."""
    leg = _leg(seen, form)
    await _do(seen.play.twilio.phones.silence(leg))
    await _typed(seen, leg)


async def speak(seen: Seen, form: Form) -> None:
    """Say `text` where it is recorded; how long it takes follows from its length."""
    leg, text = _leg(seen, form), form.get("text", "").strip()
    if not text:
        raise ValueError("Write what you say first.")
    seconds = max(2, round(len(text) / TALK))
    await _do(seen.play.twilio.phones.speak(leg, seconds, text[:1000]))


async def hang_up(seen: Seen, form: Form) -> None:
    """Put the phone down; while it rings there: decline. A scripted call can be ended too."""
    leg = seen.play.twilio.phones.legs.get(form.get("sid", ""))
    if leg is None or leg.over:
        raise ValueError(OVER)
    await _do(seen.play.twilio.phones.hang_up(leg))


def voicemails(seen: Seen) -> set[str]:
    """The phones whose voicemail picks up."""
    found: set[str] = seen.memory.setdefault("phones with voicemail", set())
    return found


async def voicemail(seen: Seen, form: Form) -> None:
    """Whether voicemail picks up at a phone from the next call on: `number`, `picks`."""
    number, phones = form.get("number", ""), seen.play.twilio.phones
    if number not in {owner.number for owner in engineers(seen)}:
        raise ValueError("Nobody here has that phone.")
    if form.get("picks") == "1":
        voicemails(seen).add(number)
        phones.script(number, VOICEMAIL)
    else:
        voicemails(seen).discard(number)
        phones.script(number)
