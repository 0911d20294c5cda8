"""Who talked to whom, read from the journal: for transcripts, and to hold that nobody was put through twice."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playground.journal import Entry


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """`caller` is whoever the phones rang for, by number, `call` their call's SID. `hung_up` did so first: a number,
    bot or twilio; empty while they talk. `first` and `last` are the journal's entries of it, by number."""

    caller: str
    callee: str
    call: str
    leg: str
    began: dt.datetime
    first: int
    ended: dt.datetime | None = None
    last: int | None = None
    seconds: int = 0
    hung_up: str = ""


def conversations(journal: Iterable[Entry]) -> list[Conversation]:
    """All of them, in order."""
    found: dict[str, Conversation] = {}
    for e in journal:
        if e.kind not in ("bridged", "unbridged") or e.platform != "twilio":
            continue
        over, began = e.kind == "unbridged", dt.datetime.fromisoformat(e.raw["from"])
        found[e.id] = Conversation(
            caller=e.who,
            callee=e.to,
            call=e.thread,
            leg=e.id,
            began=began,
            first=found[e.id].first if over else e.number,
            ended=dt.datetime.fromisoformat(e.raw["to"]) if over else None,
            last=e.number if over else None,
            seconds=int(e.raw["seconds"]) if over else 0,
            hung_up=e.raw["hung_up"] if over else "",
        )
    return list(found.values())


def most_at_once(journal: Iterable[Entry]) -> int:
    """With how many people one caller was put through at the same time, at the most."""
    talking: dict[str, int] = {}
    most = 0
    for e in journal:
        if e.platform == "twilio" and e.kind in ("bridged", "unbridged"):
            talking[e.thread] = talking.get(e.thread, 0) + (1 if e.kind == "bridged" else -1)
            most = max(most, talking[e.thread])
    return most


def transcript(journal: Iterable[Entry], call: str) -> list[str]:
    """What happened on a call and on the phones that rang for it, a line each."""
    ours, lines = {call}, []
    for e in journal:
        if e.platform != "twilio" or e.kind not in _LINES:
            continue
        if e.kind == "call_rings" and e.raw.get("parent") == call:
            ours.add(e.id)
        if (e.where if e.kind == "recorded" else e.id) in ours:
            lines.append(_LINES[e.kind](e))
    return lines


_LINES: dict[str, Callable[[Entry], str]] = {
    "call_rings": lambda e: f"{e.who} calls {e.to}" if e.who else f"the phone of {e.to} rings",
    "call_heard": lambda e: f"{e.to} hears: {e.text}",
    "call_key": lambda e: f"{e.who} presses {e.text}",
    "call_said": lambda e: f"{e.who} says: {e.text}",
    "bridged": lambda e: f"{e.text} talk",
    "unbridged": lambda e: f"they talked {e.text}",
    "recorded": lambda e: f"recorded, {e.raw['seconds']} s: {e.text}",
    "call_ended": lambda e: f"the call of {e.to} is over: {e.text}",
}
