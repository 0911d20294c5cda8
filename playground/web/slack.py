"""The Slack workspace on the page, as one of its members sees it. Drawn from the messages and views as the bot sent them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from playground.slack.workspace import BOT_USER, Channel
from playground.web import mrkdwn
from playground.web.parts import Seen

Json = dict[str, Any]

HOME = "home"
MOST = 100
"""How many messages of a channel are shown, the newest."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody whose Slack can be looked at."""

    id: str
    name: str
    note: str
    on: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """A line of the sidebar: `kind` is channel, dm or home."""

    id: str
    name: str
    kind: str
    on: bool
    unread: int = 0


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """An emoji under a message, and who put it there."""

    emoji: Markup
    count: int
    who: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message as it is drawn. `day` is set where a new day begins; `replies` counts its thread."""

    ts: str
    who: str
    bot: bool
    at: dt.datetime
    body: Markup
    blocks: tuple[Json, ...]
    day: str = ""
    edited: bool = False
    only_you: bool = False
    replies: int = 0
    last_reply: dt.datetime | None = None
    reactions: tuple[Reaction, ...] = ()
    files: tuple[str, ...] = ()


def draw(seen: Seen) -> tuple[str, Mapping[str, Any]]:
    """The workspace as the chosen member sees it."""
    members = members_of(seen)
    me = next((m for m in members if m.on), None)
    if me is None:
        return "slack.html", {"me": None}
    reader = reader_of(seen)
    here = place_of(seen, me.id)
    channel = seen.play.slack.channels.get(here)
    thread = seen.query.get("thread", "") if channel is not None else ""
    top = _messages(seen, channel, me.id, reader) if channel is not None else []
    inside = _thread(seen, channel, thread, me.id, reader) if channel is not None and thread else []
    _read(seen, me.id, here, top)
    return "slack.html", {
        "me": me,
        "members": members,
        "places": _places(seen, me.id, here),
        "here": here,
        "title": _title(channel),
        "is_channel": channel is not None and not channel.is_im,
        "messages": top,
        "thread": thread if inside else "",
        "inside": inside,
        "home": seen.play.slack.homes.get(me.id) if here == HOME else None,
        "modal": modal_of(seen, me.id),
        "errors": seen.memory.get("slack.errors", {}),
        "suggested": seen.memory.get("slack.suggested", {}),
        "say": lambda value: mrkdwn.text_object(value, reader),
        "rich": lambda elements: mrkdwn.rich_text(elements or [], reader),
    }


# ---------------------------------------------------------------- who and where
def members_of(seen: Seen) -> list[Member]:
    """Engineers first, then the customers who have Slack; one of them is chosen."""
    cast = seen.state.cast
    found = [(e.slack, e.name, e.note or "engineer") for e in cast.engineers if e.slack]
    found += [(c.slack, c.name, c.organisation) for c in cast.customers if c.slack]
    found = [row for row in found if row[0] in seen.play.slack.users]
    ids = [row[0] for row in found]
    chosen = seen.query.get("as", "")
    chosen = chosen if chosen in ids else next(iter(ids), "")
    return [Member(id=id, name=name, note=note, on=id == chosen) for id, name, note in found]


def me_of(seen: Seen) -> str:
    """The id of whoever looks; a ValueError where nobody has Slack."""
    for member in members_of(seen):
        if member.on:
            return member.id
    raise ValueError("Nobody of these people uses Slack. Choose another policy to see it.")


def place_of(seen: Seen, me: str) -> str:
    """Where they are: what was chosen if they may see it, otherwise the desk's channel, otherwise the first."""
    mine = [channel.id for channel in _channels(seen, me)] + [seen.play.slack.im(me), HOME]
    chosen = seen.query.get("channel", "")
    return chosen if chosen in mine else mine[0]


def _channels(seen: Seen, me: str) -> list[Channel]:
    desk = seen.state.cast.desk
    inside = [c for c in seen.play.slack.channels.values() if me in c.members and not c.is_im]
    return sorted(inside, key=lambda c: (desk not in (c.id, c.name), c.name))


def _places(seen: Seen, me: str, here: str) -> list[Place]:
    im = seen.play.slack.channels[seen.play.slack.im(me)]
    rows = [(c, c.name, "channel") for c in _channels(seen, me)] + [(im, "Standby", "dm")]
    found = [
        Place(id=c.id, name=name, kind=kind, on=c.id == here, unread=_unread(seen, me, c))
        for c, name, kind in rows
    ]
    return [*found, Place(id=HOME, name="Standby's home", kind=HOME, on=here == HOME)]


def _title(channel: Channel | None) -> str:
    if channel is None:
        return "Standby's home"
    return "Standby" if channel.is_im else f"#{channel.name}"


def _read(seen: Seen, me: str, here: str, messages: list[Shown]) -> None:
    if messages:
        seen.memory.setdefault("slack.read", {})[me, here] = messages[-1].ts


def _unread(seen: Seen, me: str, channel: Channel) -> int:
    read = seen.memory.get("slack.read", {}).get((me, channel.id), "")
    return sum(ts > read and m["user"] != me for ts, m in channel.messages.items() if _top(m))


def reader_of(seen: Seen) -> mrkdwn.Reader:
    """Names instead of ids, the desk's zone, and links to the bot where it really is."""
    slack, play = seen.play.slack, seen.play

    def reachable(url: str) -> str:
        if play.public_url and play.bot_url and url.startswith(play.public_url.rstrip("/") + "/"):
            return play.bot_url.rstrip("/") + url[len(play.public_url.rstrip("/")) :]
        return url

    return mrkdwn.Reader(
        zone=seen.state.zone,
        people={user.id: user.name for user in slack.users.values()},
        channels={channel.id: channel.name for channel in slack.channels.values()},
        reachable=reachable,
    )


# ---------------------------------------------------------------- messages
def _top(message: Json) -> bool:
    return bool(message.get("thread_ts", message["ts"]) == message["ts"])


def _messages(seen: Seen, channel: Channel, me: str, reader: mrkdwn.Reader) -> list[Shown]:
    own = [m for m in _whispers(seen, channel, me) if _top(m)]
    found = sorted([*filter(_top, channel.messages.values()), *own], key=lambda m: str(m["ts"]))[-MOST:]
    return _with_days([_shown(seen, channel, m, reader) for m in found])


def _thread(seen: Seen, channel: Channel, thread: str, me: str, reader: mrkdwn.Reader) -> list[Shown]:
    if thread not in channel.messages:
        return []
    own = [m for m in _whispers(seen, channel, me) if m.get("thread_ts") == thread]
    found = sorted([*channel.in_thread(thread), *own], key=lambda m: str(m["ts"]))
    return _with_days([_shown(seen, channel, m, reader) for m in found])


def _whispers(seen: Seen, channel: Channel, me: str) -> Iterable[Json]:
    """What only this member sees, until they put it away."""
    told, away = owners(seen), seen.memory.get("slack.away", set())
    for ts, message in channel.ephemerals.items():
        if told.get(("ephemeral", ts)) == me and ts not in away:
            yield {**message, "only_you": True}


def owners(seen: Seen) -> dict[tuple[str, str], str]:
    """Whom a modal was opened for and a whisper meant, by what it is and its id; read from the journal once."""
    known: Json = seen.memory.setdefault("slack.owners", {"upto": 0, "found": {}})
    found: dict[tuple[str, str], str] = known["found"]
    entries = seen.play.journal.entries("slack", after=known["upto"])
    for entry in entries:
        if entry.kind in ("ephemeral", "view_opened"):
            found[entry.kind, entry.id] = entry.to
    if entries:
        known["upto"] = entries[-1].number + 1
    return found


def modal_of(seen: Seen, me: str) -> Json | None:
    """The modal on top of this member's screen."""
    opened = owners(seen)
    views = seen.play.slack.views
    mine = [view for id, view in views.items() if opened.get(("view_opened", id)) == me]
    return mine[-1] if mine else None


def _shown(seen: Seen, channel: Channel, message: Json, reader: mrkdwn.Reader) -> Shown:
    bot = message.get("user") == BOT_USER
    replies = [m for m in channel.messages.values() if m.get("thread_ts") == message["ts"] != m["ts"]]
    return Shown(
        ts=message["ts"],
        who="Standby" if bot else reader.people.get(message.get("user", ""), "Somebody"),
        bot=bot,
        at=_when(message["ts"], seen),
        body=mrkdwn.mrkdwn(str(message.get("text") or ""), reader),
        blocks=_blocks(message) if bot else (),
        edited="edited" in message,
        only_you=bool(message.get("only_you")),
        replies=len(replies),
        last_reply=_when(max(str(m["ts"]) for m in replies), seen) if replies else None,
        reactions=tuple(_reactions(message, reader)),
        files=tuple(str(file.get("name", "a file")) for file in message.get("files") or []),
    )


def _blocks(message: Json) -> tuple[Json, ...]:
    attached = [b for a in message.get("attachments") or [] for b in a.get("blocks") or []]
    return (*(message.get("blocks") or []), *attached)


def _reactions(message: Json, reader: mrkdwn.Reader) -> Iterable[Reaction]:
    for reaction in message.get("reactions") or []:
        who = ", ".join("Standby" if u == BOT_USER else reader.people.get(u, u) for u in reaction["users"])
        yield Reaction(emoji=mrkdwn.emoji(reaction["name"]), count=reaction["count"], who=who)


def _when(ts: str, seen: Seen) -> dt.datetime:
    return dt.datetime.fromtimestamp(float(ts), seen.state.zone)


def _with_days(found: list[Shown]) -> list[Shown]:
    dated: list[Shown] = []
    last = ""
    for message in found:
        day = f"{message.at:%A} {message.at.day} {message.at:%B}"
        dated.append(message if day == last else Shown(**{**message.__dict__, "day": day}))
        last = day
    return dated
