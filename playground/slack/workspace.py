"""What a workspace holds: people, channels with their messages, views, trigger ids."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.gate import Refused
from playground.stage import Stage

Json = dict[str, Any]

TEAM = "T0PLAY"
DOMAIN = "playground"
APP = "A0STANDBY"
BOT = "B0STANDBY"
BOT_USER = "U0STANDBY"
TRIGGER_SECONDS = 3.0


def refuse(error: str, messages: list[str] | None = None, **extra: Any) -> Refused:
    """Slack says no with 200 and ok=false; validation errors carry their pointers."""
    body: Json = {"ok": False, "error": error, **extra}
    if messages:
        body["response_metadata"] = {"messages": messages}
    return Refused(error, 200, body)


@dataclass
class User:
    """A member of the workspace."""

    id: str
    name: str
    email: str | None = None
    is_bot: bool = False


@dataclass
class Channel:
    """A channel or a direct message; `versions` keeps what messages looked like before an edit."""

    id: str
    name: str
    members: set[str]
    user: str = ""
    is_private: bool = False
    messages: dict[str, Json] = field(default_factory=dict)
    ephemerals: dict[str, Json] = field(default_factory=dict)
    versions: dict[str, list[Json]] = field(default_factory=dict)

    @property
    def is_im(self) -> bool:
        """Whether this is a direct message with the bot."""
        return self.id.startswith("D")

    @property
    def kind(self) -> str:
        """The channel_type of events."""
        return "im" if self.is_im else ("group" if self.is_private else "channel")

    def message(self, ts: str) -> Json:
        """Return a stored message or refuse as Slack does."""
        if ts not in self.messages:
            raise refuse("message_not_found")
        return self.messages[ts]

    def keep_version(self, ts: str) -> Json:
        """Remember the message as it is before it changes, and return that copy."""
        old = copy.deepcopy(self.messages[ts])
        self.versions.setdefault(ts, []).append(old)
        return old

    def in_thread(self, thread_ts: str) -> list[Json]:
        """Return parent and replies, oldest first."""
        return [
            m for ts, m in sorted(self.messages.items()) if ts == thread_ts or m.get("thread_ts") == thread_ts
        ]


class Workspace:
    """The state that API and people share."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.users: dict[str, User] = {BOT_USER: User(BOT_USER, "standby", is_bot=True)}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, Json] = {}
        self.homes: dict[str, Json] = {}
        self.view_users: dict[str, str] = {}
        self.files: dict[str, Json] = {}
        self.contents: dict[str, bytes] = {}
        self.responses: dict[str, Json] = {}
        self._triggers: dict[str, tuple[float, str]] = {}
        self._used_triggers: set[str] = set()
        self._second, self._part, self._ids = 0, 0, stage.first_id * 10_000

    def next_ts(self) -> str:
        """Return a new message timestamp: unique, growing, in Slack's form."""
        second = max(self.stage.stamp(), self._second)
        self._part = self._part + 100 if second == self._second else 100
        self._second = second
        return f"{second}.{self._part:06d}"

    def next_id(self, prefix: str) -> str:
        """Return a new id such as Ev... or V...; ids of two runs differ."""
        self._ids += 1
        return f"{prefix}0{self._ids:010X}"

    def user(self, user_id: str) -> User:
        """Return a person that a test acts as; a wrong id is a mistake of the test."""
        if user_id not in self.users:
            raise LookupError(f"no Slack user {user_id}; there are {sorted(self.users)}")
        return self.users[user_id]

    def channel(self, channel_id: str) -> Channel:
        """Return a channel that the bot may see; a user id stands for the direct message with them."""
        if channel_id in self.users:
            return self.im(channel_id)
        channel = self.channels.get(channel_id)
        if channel is None or (channel.is_private and BOT_USER not in channel.members):
            raise refuse("channel_not_found")
        return channel

    def im(self, user_id: str) -> Channel:
        """Return the direct message between a person and the bot, made on first use."""
        if user_id not in self.users:
            raise refuse("user_not_found")
        channel_id = "D" + user_id.lstrip("UW")
        if channel_id not in self.channels:
            members = {user_id, BOT_USER}
            self.channels[channel_id] = Channel(channel_id, "directmessage", members, user=user_id)
        return self.channels[channel_id]

    def trigger(self, user_id: str) -> str:
        """Issue a trigger id for something that the person did just now."""
        trigger_id = f"{self.next_id('TR')}.{self.stage.first_id}.play"
        self._triggers[trigger_id] = (self.stage.monotonic(), user_id)
        return trigger_id

    def redeem(self, trigger_id: str) -> str:
        """Use a trigger id up and return whose it was; it lives 3 s and works once."""
        if trigger_id in self._used_triggers:
            raise refuse("exchanged_trigger_id")
        if trigger_id not in self._triggers:
            raise refuse("invalid_trigger_id")
        issued, user_id = self._triggers[trigger_id]
        if self.stage.monotonic() - issued > TRIGGER_SECONDS:
            raise refuse("expired_trigger_id")
        self._used_triggers.add(trigger_id)
        return user_id

    def response_url(self, channel_id: str, ts: str, user_id: str) -> str:
        """Issue a response_url: five uses, also for the message that was pressed."""
        name = self.next_id("R")
        self.responses[name] = {"channel": channel_id, "ts": ts, "user": user_id, "left": 5}
        return f"{self.stage.url}/slack/response/{name}"


def public(message: Json, *, metadata: bool = False) -> Json:
    """Return a message as the API shows it; metadata only where it was asked for."""
    return {k: v for k, v in message.items() if k != "metadata" or metadata}


def with_ids(blocks: list[Json], prefix: str) -> list[Json]:
    """Fill in the block and action ids that Slack makes up when they are left out."""
    filled: list[Json] = copy.deepcopy(blocks)
    for b, block in enumerate(filled):
        block.setdefault("block_id", f"{prefix}{b}")
        for e, element in enumerate(elements(block)):
            if element.get("type") not in ("image", "mrkdwn", "plain_text"):
                element.setdefault("action_id", f"{prefix}{b}{e}")
    return filled


def elements(block: Mapping[str, Any]) -> list[Json]:
    """Return the elements of a block that a person may act on."""
    inside = list(block.get("elements") or []) if block.get("type") == "actions" else []
    inside += [block[k] for k in ("accessory", "element") if isinstance(block.get(k), dict)]
    return inside
