"""A customer's phone with Telegram on it: the chat with the bot, its keyboards, and the desk's topics where there are any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from playground.courier import Result
from playground.telegram.chats import Chat
from playground.web.parts import Deed, Form, Seen

Json = dict[str, Any]

MOST = 100
_TAGS = {
    "bold": "strong", "italic": "em", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "expandable_blockquote": "blockquote", "spoiler": "span", "bot_command": "span",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whose phone can be looked at."""

    id: int
    name: str
    note: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class Room:
    """A chat, or a topic of one."""

    key: str
    chat: int
    name: str
    topic: int = 0
    on: bool = False


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key under a message: `data` goes to the bot, `url` opens."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """A message as it is drawn."""

    id: int
    who: str
    mine: bool
    at: dt.datetime
    body: Markup
    edited: bool
    reply_to: str
    file: str
    reaction: str
    rows: tuple[tuple[Key, ...], ...]


def draw(seen: Seen) -> tuple[str, Mapping[str, Any]]:
    """The chosen person's Telegram."""
    people = people_of(seen)
    me = next((person for person in people if person.on), None)
    if me is None:
        return "telegram.html", {"me": None}
    rooms = _rooms(seen, me.id)
    room = next(r for r in rooms if r.on)
    chat = seen.play.telegram.chats[room.chat]
    return "telegram.html", {
        "me": me,
        "people": people,
        "rooms": rooms,
        "title": room.name,
        "here": chat.id,
        "topic": room.topic,
        "messages": _bubbles(seen, chat, room.topic, me.id),
        "toast": _toast(seen, me.id, chat.id),
        "started": chat.person is None or (chat.person.started and not chat.person.blocked),
    }


def people_of(seen: Seen) -> list[Person]:
    """The customers who have Telegram, then whoever sits in a group of the desk."""
    chats = seen.play.telegram.chats
    found = [(c.telegram, c.name, c.organisation) for c in seen.state.cast.customers if c.telegram in chats]
    inside = {id for chat in chats.values() if chat.person is None for id in chat.members}
    known = {row[0] for row in found}
    found += [
        (c.id, c.title, "desk") for c in chats.values() if c.person and c.id in inside and c.id not in known
    ]
    chosen = seen.query.get("as", "")
    ids = [str(row[0]) for row in found]
    chosen = chosen if chosen in ids else next(iter(ids), "")
    return [Person(id=id, name=name, note=note, on=str(id) == chosen) for id, name, note in found]


def me_of(seen: Seen) -> int:
    """The id of whoever looks; a ValueError where nobody has Telegram."""
    for person in people_of(seen):
        if person.on:
            return person.id
    raise ValueError("Nobody of these people uses Telegram. Choose another policy to see it.")


def _rooms(seen: Seen, me: int) -> list[Room]:
    chats = seen.play.telegram.chats
    found = [Room(key=str(me), chat=me, name="Standby")]
    for chat in chats.values():
        if chat.person is None and me in chat.members:
            found.append(Room(key=str(chat.id), chat=chat.id, name=chat.title))
            found += [
                Room(key=f"{chat.id}/{t.id}", chat=chat.id, topic=t.id, name=f"{chat.title}: {t.name}")
                for t in chat.topics.values()
            ]
    chosen = (seen.query.get("chat", ""), seen.query.get("topic", "") or "0")
    at = next((i for i, r in enumerate(found) if (str(r.chat), str(r.topic)) == chosen), 0)
    return [Room(**{**r.__dict__, "on": i == at}) for i, r in enumerate(found)]


def _bubbles(seen: Seen, chat: Chat, topic: int, me: int) -> list[Bubble]:
    reactions = _reactions(seen, chat)
    found = [m for m in chat.messages.values() if int(m.get("message_thread_id") or 0) == topic]
    return [_bubble(seen, m, me, reactions.get(m["message_id"], "")) for m in found[-MOST:]]


def _bubble(seen: Seen, message: Json, me: int, reaction: str) -> Bubble:
    said = str(message.get("text") or message.get("caption") or "")
    file = message.get("document") or {}
    photo = "Photo" if message.get("photo") else ""
    contact = message.get("contact") or {}
    return Bubble(
        id=message["message_id"],
        who=str(message["from"].get("first_name", "")),
        mine=message["from"]["id"] == me,
        at=dt.datetime.fromtimestamp(message["date"], seen.state.zone),
        body=formatted(said, message.get("entities") or message.get("caption_entities") or []),
        edited="edit_date" in message,
        reply_to=str((message.get("reply_to_message") or {}).get("text") or "")[:80],
        file=str(file.get("file_name") or contact.get("phone_number") or photo),
        reaction=reaction,
        rows=tuple(_keys(message)),
    )


def _keys(message: Json) -> Iterable[tuple[Key, ...]]:
    for row in message.get("reply_markup", {}).get("inline_keyboard") or []:
        yield tuple(
            Key(
                label=key["text"],
                data=str(key.get("callback_data", "")),
                url=url if (url := str(key.get("url", ""))).startswith(("https://", "http://")) else "",
            )
            for key in row
        )


def _reactions(seen: Seen, chat: Chat) -> dict[int, str]:
    """The bot's last reaction to each message."""
    found = {}
    for entry in seen.play.journal.entries("telegram"):
        if entry.kind in ("reaction", "reaction_removed") and entry.where == str(chat.id):
            found[int(entry.id)] = entry.text
    return found


def _toast(seen: Seen, me: int, chat: int) -> str:
    """What the bot answered to the last key, until something else happens in the chat."""
    here = [e for e in seen.play.journal.entries("telegram") if e.where == str(chat)]
    last = here[-1] if here else None
    return last.text if last is not None and last.kind == "toast" and last.to == str(me) else ""


def formatted(text: str, entities: Iterable[Json]) -> Markup:
    """Text with its entities, whose offsets count UTF-16 units, as HTML."""
    units = text.encode("utf-16-le")
    marks: dict[int, list[tuple[int, int, int, str]]] = {}
    for i, entity in enumerate(entities):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        opened, closed = _marks(entity)
        marks.setdefault(start, []).append((1, -end, i, opened))
        marks.setdefault(end, []).append((0, -start, -i, closed))
    parts: list[Markup] = []
    at = 0
    for place in sorted(marks):
        parts.append(escape(units[at * 2 : place * 2].decode("utf-16-le", "replace")))
        parts += [Markup(mark) for *_, mark in sorted(marks[place]) if mark]
        at = place
    parts.append(escape(units[at * 2 :].decode("utf-16-le", "replace")))
    return Markup(str(Markup("").join(parts)).replace("\n", "<br>"))


def _marks(entity: Json) -> tuple[str, str]:
    if entity["type"] == "text_link":
        url = str(entity.get("url", ""))
        if url.startswith(("https://", "http://")):
            return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">', "</a>"
    tag = _TAGS.get(entity["type"], "")
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")


# ---------------------------------------------------------------- what they do
async def start(seen: Seen, _: Form) -> None:
    """Open the chat with the bot."""
    _answered(await seen.play.telegram.start(me_of(seen)))


async def say(seen: Seen, form: Form) -> None:
    """Write to the bot, or into a group or topic."""
    text = form.get("text", "").strip()
    if not text:
        raise ValueError("Write something first.")
    me, chat, topic = me_of(seen), int(form.get("to") or 0), int(form.get("topic_of") or 0)
    chat = chat or me
    place = None if chat == me else chat
    _answered(await seen.play.telegram.says(me, text, chat_id=place, thread_id=topic or None))


async def press(seen: Seen, form: Form) -> None:
    """Tap a key under a message."""
    chat, message = int(form["chat_of"]), int(form["message"])
    _answered(await seen.play.telegram.press(me_of(seen), chat, message, data=form["data"]))


def _answered(answer: Result) -> None:
    """Telegram keeps what could not be delivered and tries again; the player is told that it waits."""
    last = answer[-1] if isinstance(answer, list) else answer
    if not last.ok:
        raise ValueError(
            "The bot gave no answer. Telegram keeps the message and delivers it as soon as it does."
        )


DEEDS: dict[str, Deed] = {"telegram.start": start, "telegram.say": say, "telegram.press": press}
