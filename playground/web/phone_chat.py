"""A phone's threads with our numbers, WhatsApp and SMS: what is read there, what can be tapped, and what is written."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from playground.journal import Entry
from playground.web.parts import Form, Seen
from playground.web.phone_people import customers, engineers, names

Json = dict[str, Any]

CHANNELS = {"whatsapp": "WhatsApp", "sms": "SMS"}
CODE = re.compile(r"\b(ACK|OK) (\d{3,6})\b")
"""How a page is answered by SMS."""
SHOWN = 80
"""So many messages of a thread are drawn."""
LONGEST = 1600
_MARKS = (
    (re.compile(r"```(.+?)```", re.S), "code"),
    (re.compile(r"(?<!\w)\*(?=\S)([^*\n]*\S)\*(?!\w)"), "strong"),
    (re.compile(r"(?<!\w)_(?=\S)([^_\n]*\S)_(?!\w)"), "em"),
    (re.compile(r"(?<!\w)~(?=\S)([^~\n]*\S)~(?!\w)"), "s"),
)
_ITEMS = {"twilio/quick-reply": ("actions", "title"), "twilio/list-picker": ("items", "item")}


@dataclass(frozen=True, kw_only=True)
class Tap:
    """A button under a message; `kind` is `button` or `list`."""

    id: str
    title: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """One message. `day` is set where another day begins. `state`: of one's own `taken` or `refused`; of ours
    `lost`, with its error in `error`, which nobody sees on a real phone; else empty."""

    sid: str
    at: dt.datetime
    text: Markup
    mine: bool
    day: str = ""
    state: str = ""
    error: str = ""
    taps: tuple[Tap, ...] = ()


def channels(seen: Seen) -> dict[str, str]:
    """The channels that there are, and our number on each."""
    cast = seen.state.cast
    return {name: ours for name, ours in (("whatsapp", cast.whatsapp), ("sms", cast.sms)) if ours}


def came(seen: Seen, number: str, channel: str) -> list[Entry]:
    """What arrived at a phone."""
    return [e for e in seen.play.journal.entries("twilio", channel) if e.to == number]


def entries(seen: Seen, number: str, channel: str) -> list[Entry]:
    """All that was written on both sides, in order."""
    prefix = "whatsapp:" if channel == "whatsapp" else ""
    return [
        e
        for e in seen.play.journal.entries("twilio")
        if (e.kind in (channel, f"{channel}_lost") and e.to == number)
        or (e.kind == "said" and e.who == number and e.to.startswith("whatsapp:") == bool(prefix))
    ]


def thread(seen: Seen, number: str, channel: str) -> list[Bubble]:
    """The end of a thread, as the phone shows it."""
    found = entries(seen, number, channel)[-SHOWN:]
    given_up = {e.id for e in seen.play.journal.entries("twilio", "gave_up")}
    bubbles, day = [], seen.state.now.astimezone(seen.state.zone).date()
    for entry in found:
        local = entry.at.astimezone(seen.state.zone)
        new = local.date() != day
        day = local.date()
        bubbles.append(_bubble(seen, entry, channel, f"{local:%a} {local.day} {local:%b}" * new, given_up))
    return bubbles


def _bubble(seen: Seen, entry: Entry, channel: str, day: str, given_up: set[str]) -> Bubble:
    mine, lost = entry.kind == "said", entry.kind.endswith("_lost")
    state = ("refused" if entry.id in given_up else "taken") if mine else "lost" * lost
    message = seen.play.twilio.messages.get(entry.id, {})
    taps, text = ((), entry.text) if mine or lost else _tappable(seen, entry)
    return Bubble(
        sid=entry.id,
        at=entry.at,
        text=marked(text) if channel == "whatsapp" else Markup(escape(text)),
        mine=mine,
        day=day,
        state=state,
        error=str(message.get("error_code") or "") if lost else "",
        taps=taps,
    )


def _tappable(seen: Seen, entry: Entry) -> tuple[tuple[Tap, ...], str]:
    """The buttons of a message, and its text without them."""
    content = seen.play.twilio.contents.get(str(entry.raw.get("ContentSid") or ""))
    if content is None:
        return (), entry.text
    kind, shown = next(iter(content["types"].items()))
    if kind not in _ITEMS:
        return (), entry.text
    key, title = _ITEMS[kind]
    values = {**content["variables"], **json.loads(str(entry.raw.get("ContentVariables") or "{}"))}
    taps = tuple(
        Tap(
            id=_filled(str(item.get("id", "")), values),
            title=_filled(str(item[title]), values),
            kind="list" if key == "items" else "button",
        )
        for item in shown.get(key) or []
    )
    lines = entry.text.split("\n")
    return taps, "\n".join(lines[: len(lines) - len(taps)])


def _filled(text: str, values: Json) -> str:
    return re.sub(r"\{\{\s*([\w.]+)\s*\}\}", lambda m: str(values.get(m.group(1), m.group())), text)


def marked(text: str) -> Markup:
    """WhatsApp's bold, italic, struck and code; everything else stays what it is."""
    safe = str(escape(text))
    for pattern, tag in _MARKS:
        safe = pattern.sub(rf"<{tag}>\1</{tag}>", safe)
    return Markup(safe)


def answers(bubbles: Sequence[Bubble]) -> list[str]:
    """What the pages that came last can be answered with, the newest first; nothing once other news came behind them."""
    said = {str(bubble.text).upper() for bubble in bubbles if bubble.mine}
    found: list[str] = []
    for bubble in reversed([b for b in bubbles if not b.mine and b.state != "lost"]):
        codes = [" ".join(match) for match in CODE.findall(str(bubble.text))]
        if not codes:
            break
        found += codes
    return [code for code in dict.fromkeys(found) if code not in said][:2]


# -- what people do


async def say(seen: Seen, form: Form) -> None:
    """Somebody writes: `number`, `channel`, `text`."""
    text = form.get("text", "").strip()
    if not text:
        raise ValueError("Write something first.")
    await _write(seen, form.get("number", ""), form.get("channel", ""), text[:LONGEST])


async def _write(seen: Seen, number: str, channel: str, text: str) -> None:
    ours, world = channels(seen), seen.play.twilio
    if channel not in ours or number not in {owner.number for owner in (*customers(seen), *engineers(seen))}:
        raise ValueError("Nobody here has that phone.")
    if channel == "whatsapp":
        name = names(seen)(number)
        await world.whatsapp_says(number, text, to=ours[channel], profile_name=name)
    else:
        await world.sms_says(number, text, to=ours[channel])


async def tap(seen: Seen, form: Form) -> None:
    """Somebody taps a button of a WhatsApp message: `number`, `sid`, `id`."""
    number, sid, id = form.get("number", ""), form.get("sid", ""), form.get("id", "")
    entry = next((e for e in came(seen, number, "whatsapp") if e.id == sid), None)
    found = next((t for t in _tappable(seen, entry)[0] if t.id == id), None) if entry else None
    if entry is None or found is None:
        raise ValueError("That button is no longer there.")
    choice = {"list_choice" if found.kind == "list" else "button": (found.id, found.title)}
    ours = entry.where.removeprefix("whatsapp:")
    await seen.play.twilio.whatsapp_says(
        number, "", to=ours, profile_name=names(seen)(number), button=choice.get("button"),
        list_choice=choice.get("list_choice"),
    )  # fmt: skip
