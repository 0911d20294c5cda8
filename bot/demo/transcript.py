"""What happened at the stand-ins, as lines that a stranger can read: time, who, what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Africa/Johannesburg")
_PEOPLE = {
    "U0ADA": "Ada",
    "U0GRACE": "Grace",
    "U0LIN": "Lin",
    "U0THANDI": "Thandi",
    "+27115550001": "Ada",
    "+27115550002": "Grace",
    "+27115550100": "Thandi",
}


def line(entry: Any) -> str | None:
    """None for what no person sees (echoes, receipts)."""
    told = _told(entry)
    if told is None:
        return None
    where, text = told
    at: dt.datetime = entry.at.astimezone(ZONE)
    first, *rest = [part for part in text.strip().split("\n") if part.strip()] or [""]
    indent = "\n" + " " * 36
    return f"{at:%H:%M:%S}  {where:<24}  {first}" + "".join(indent + more for more in rest)


def lines(journal: Any) -> Iterator[str]:
    for entry in journal:
        if (told := line(entry)) is not None:
            yield told


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
        who = name(entry.who if entry.kind == "call_key" else entry.to)
        return _CALLS[entry.kind].format(name=who), _spoken(entry)
    if entry.kind in ("message", "whatsapp", "sms"):
        return f"{how} → {name(entry.to)}", entry.text
    return None


_CALLS = {
    "call_rings": "Phone of {name}",
    "call_heard": "Phone of {name}",
    "call_key": "Phone {name} →",
    "call_ended": "Phone of {name}",
}


def _spoken(entry: Any) -> str:
    if entry.kind == "call_rings":
        return "(rings)"
    if entry.kind == "call_ended":
        return "(hung up)" if entry.text in ("completed", "") else f"({entry.text})"
    return f"[{entry.text}]" if entry.kind == "call_key" else f'"{entry.text}"'


def _slack(entry: Any) -> tuple[str, str] | None:
    place = "Slack #desk" if entry.where == "C0DESK" else "Slack DM"
    if entry.where == "C0DESK" and entry.thread:
        place = "Slack thread"
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
