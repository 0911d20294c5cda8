"""What happened at the stand-ins, as lines that a stranger can read: time, who, what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Africa/Johannesburg")
TO = " → "
_PEOPLE = {
    "U0ADA": "Ada",
    "U0GRACE": "Grace",
    "U0LIN": "Lin",
    "U0THANDI": "Thandi",
    "+27115550001": "Ada",
    "+27115550002": "Grace",
    "+27115550100": "Thandi",
    "+27825550100": "Thandi",
    "+27825550200": "Bongani",
}


def line(entry: Any) -> str | None:
    """None for what no person sees (echoes, receipts)."""
    told = _told(entry)
    return None if told is None else written(entry.at, *told)


def lines(journal: Iterable[Any]) -> Iterator[str]:
    """Of what several people get at once, one line with all their names."""
    at: dict[tuple[str, str], dt.datetime] = {}
    readers: dict[tuple[str, str], list[str]] = {}
    for entry in journal:
        if (told := _told(entry)) is None:
            continue
        where, text = told
        place, _, reader = where.partition(TO)
        once = bool(reader) or where.endswith("(edited)")
        key = (place, text) if once else (f"{place}{entry.number}", text)
        if key not in readers:
            at[key], readers[key] = entry.at, [where]
        elif reader:
            readers[key].append(reader)
    for key, (where, *more) in readers.items():
        yield written(at[key], ", ".join((where, *dict.fromkeys(more))), key[1])


def written(at: dt.datetime, where: str, text: str) -> str:
    """A line of the transcript, or several: when, on which phone or where in Slack, and what."""
    first, *rest = [part for part in text.strip().split("\n") if part.strip()] or [""]
    indent = "\n" + " " * 36
    return f"{at.astimezone(ZONE):%H:%M:%S}  {where:<24}  {first}" + "".join(indent + more for more in rest)


def name(identity: str) -> str:
    return _PEOPLE.get(identity.removeprefix("whatsapp:"), identity)


def _told(entry: Any) -> tuple[str, str] | None:
    if entry.platform == "twilio":
        return _twilio(entry)
    if entry.platform == "slack":
        return _slack(entry)
    return None


def _twilio(entry: Any) -> tuple[str, str] | None:
    whatsapp = "whatsapp:" in (entry.to + entry.where + entry.who)
    how = "WhatsApp" if whatsapp else "SMS"
    if entry.kind == "said":
        return f"{how} {name(entry.who)} →", entry.text
    if entry.kind in _CALLS:
        return _call(entry)
    if entry.kind in ("message", "whatsapp", "sms"):
        return f"{how} → {name(entry.to)}", entry.text
    return None


_CALLS = {
    "call_rings": "(rings)",
    "call_heard": '"{text}"',
    "call_key": "[{text}]",
    "call_said": 'says: "{text}"',
    "bridged": "(put through to each other)",
    "unbridged": "(talked {length}; {who} hung up)",
    "recorded": "(recorded: {seconds} seconds)",
    "call_ended": "",
}
_ENDS = {"": "hung up", "completed": "hung up", "no-answer": "not answered", "canceled": "stops ringing"}


def _call(entry: Any) -> tuple[str, str]:
    """What is heard on a phone has `of`, what somebody does with theirs an arrow, a talk both names."""
    kind, who, to = entry.kind, name(entry.who), name(entry.to)
    if kind == "call_rings" and entry.who:
        return f"Phone {who} →", "(calls the support number)"
    if kind in ("bridged", "unbridged"):
        seconds = int(entry.raw.get("seconds", 0))
        other = {entry.who: who, entry.to: to}.get(entry.raw.get("hung_up", ""), "nobody")
        return f"Phone {who} ↔ {to}", _CALLS[kind].format(length=_length(seconds), who=other)
    if kind in ("call_key", "call_said", "recorded"):
        told = _CALLS[kind].format(text=entry.text, seconds=entry.raw.get("seconds", 0))
        return f"Phone {who} →", told
    if kind == "call_ended":
        return f"Phone of {to}", f"({_ENDS.get(entry.text, entry.text)})"
    return f"Phone of {to}", _CALLS[kind].format(text=entry.text)


def _length(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}:{rest:02}"


def _slack(entry: Any) -> tuple[str, str] | None:
    place = "Slack #desk" if entry.where == "C0DESK" else "Slack DM"
    if entry.where == "C0DESK" and entry.thread:
        place = "Slack thread"
    if entry.kind == "command":
        return f"Slack {name(entry.who)} →", entry.text
    if entry.kind == "dm":
        return f"Slack DM → {name(entry.to or entry.who)}", entry.text
    if entry.kind in ("message", "edited") and entry.where == "C0DESK" and entry.thread in ("", entry.id):
        _, _, card = entry.text.partition("\n")  # the first line is what a notification shows
        return ("Slack card (edited)" if entry.kind == "edited" else "Slack card"), card or entry.text
    if entry.kind in ("message", "said", "edited", "ephemeral"):
        if entry.kind == "ephemeral":
            return f"Slack, {name(entry.to)} alone", entry.text
        mark = {"said": f"{place} {name(entry.who)} →", "edited": f"{place} (edited)"}.get(entry.kind, place)
        return mark, entry.text
    if entry.kind == "reaction":
        return place, f"  :{entry.text}:"
    if entry.kind == "pressed":
        return f"{place} {name(entry.who)} →", f"[{entry.text}]"
    if entry.kind == "view_opened":
        return f"Slack form {name(entry.who)}", entry.text
    return None


def knows(zone: ZoneInfo, people: dict[str, str]) -> None:
    """Times are told in this zone from now on, and these identities by name."""
    global ZONE
    ZONE = zone
    _PEOPLE.update(people)
