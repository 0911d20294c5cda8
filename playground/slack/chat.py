"""chat.* and reactions.*: what the bot says."""

import copy
from typing import Any

from playground.slack.api import Method, truth
from playground.slack.blocks import message_errors
from playground.slack.delivery import Delivery
from playground.slack.payloads import changed_event, deleted_event, message_event
from playground.slack.text import has_url, seen
from playground.slack.workspace import APP, BOT, BOT_USER, DOMAIN, TEAM, Channel, Workspace, refuse, with_ids

Json = dict[str, Any]
TEXT_LIMIT = 40_000


class Chat:
    """Posts, edits and deletes messages, and lets the bot hear its own echo."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self._workspace, self._stage, self._delivery = workspace, workspace.stage, delivery

    def methods(self) -> dict[str, Method]:
        """Return the API methods by name."""
        return {
            "chat.postMessage": Method(("channel",), self.post),
            "chat.update": Method(("channel", "ts"), self.update),
            "chat.delete": Method(("channel", "ts"), self.delete),
            "chat.postEphemeral": Method(("channel", "user"), self.ephemeral),
            "chat.getPermalink": Method(("channel", "message_ts"), self.permalink),
            "reactions.add": Method(("channel", "timestamp", "name"), self.react),
            "reactions.remove": Method(("channel", "timestamp", "name"), self.unreact),
        }

    def post(self, arguments: Json) -> Json:
        """chat.postMessage."""
        channel = self._workspace.channel(str(arguments["channel"]))
        message = self._compose(arguments)
        thread_ts = arguments.get("thread_ts")
        if thread_ts and str(thread_ts) not in channel.messages:
            raise refuse("thread_not_found")
        if thread_ts:
            message |= self._threaded(channel, str(thread_ts))
        channel.messages[message["ts"]] = message
        self._tell("dm" if channel.is_im else "message", channel, message, raw=arguments)
        posted = copy.deepcopy(message)
        events = [message_event(channel, posted)]
        if truth(arguments.get("unfurl_links"), default=True) and has_url(message):
            events.append(self._unfurl(channel, message))
        self._delivery.echo(*events)
        return {"channel": channel.id, "ts": message["ts"], "message": posted}

    def _compose(self, arguments: Json) -> Json:
        """Return a new message of the bot, or refuse its content."""
        _check_content(arguments)
        ts = self._workspace.next_ts()
        message: Json = {
            "type": "message",
            "user": BOT_USER,
            "bot_id": BOT,
            "app_id": APP,
            "team": TEAM,
            "text": str(arguments.get("text") or ""),
            "ts": ts,
            "bot_profile": {"id": BOT, "app_id": APP, "name": "standby", "deleted": False, "team_id": TEAM},
        }
        if arguments.get("blocks"):
            message["blocks"] = with_ids(arguments["blocks"], f"b{ts[-6:]}")
        if arguments.get("attachments"):
            message["attachments"] = arguments["attachments"]
        if arguments.get("metadata"):
            message["metadata"] = _metadata(arguments["metadata"])
        return message

    def _threaded(self, channel: Channel, thread_ts: str) -> Json:
        parent = channel.messages[thread_ts]
        root = str(parent.get("thread_ts") or thread_ts)
        channel.messages[root]["thread_ts"] = root
        channel.messages[root]["reply_count"] = channel.messages[root].get("reply_count", 0) + 1
        return {"thread_ts": root, "parent_user_id": channel.messages[root]["user"]}

    def _unfurl(self, channel: Channel, message: Json) -> Json:
        """Slack changes a message by itself to show what is behind a link."""
        previous = channel.keep_version(message["ts"])
        message.setdefault("attachments", []).append({"id": 1, "from_url": seen(message), "fallback": "link"})
        return changed_event(channel, copy.deepcopy(message), previous, self._workspace.next_ts())

    def update(self, arguments: Json) -> Json:
        """chat.update: what is not given anew goes away, as on Slack."""
        channel = self._workspace.channel(str(arguments["channel"]))
        message = channel.message(str(arguments["ts"]))
        if message.get("bot_id") != BOT:
            raise refuse("cant_update_message")
        fresh = self._compose(arguments)
        previous = channel.keep_version(message["ts"])
        message["text"] = fresh["text"]
        for key in ("blocks", "attachments"):
            if key in fresh:
                message[key] = fresh[key]
            elif key == "blocks":
                message.pop(key, None)
        if "metadata" in fresh:
            message["metadata"] = fresh["metadata"]
        message["edited"] = {"user": BOT_USER, "ts": fresh["ts"]}
        self._tell("edited", channel, message, raw=arguments)
        self._delivery.echo(changed_event(channel, copy.deepcopy(message), previous, fresh["ts"]))
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}

    def delete(self, arguments: Json) -> Json:
        """chat.delete: only the bot's own messages."""
        channel = self._workspace.channel(str(arguments["channel"]))
        message = channel.message(str(arguments["ts"]))
        if message.get("bot_id") != BOT:
            raise refuse("cant_delete_message")
        previous = channel.keep_version(message["ts"])
        del channel.messages[message["ts"]]
        self._tell("deleted", channel, message, raw=arguments)
        self._delivery.echo(deleted_event(channel, previous, self._workspace.next_ts()))
        return {"channel": channel.id, "ts": message["ts"]}

    def ephemeral(self, arguments: Json) -> Json:
        """chat.postEphemeral: seen by one member only, never in the history, gone when they reload."""
        channel = self._workspace.channel(str(arguments["channel"]))
        if arguments["user"] not in channel.members:
            raise refuse("user_not_in_channel")
        message = self.whisper(channel, str(arguments["user"]), arguments)
        return {"message_ts": message["ts"]}

    def whisper(self, channel: Channel, user_id: str, arguments: Json) -> Json:
        """Show one person a message."""
        message = self._compose(arguments)
        if arguments.get("thread_ts"):
            message["thread_ts"] = arguments["thread_ts"]
        channel.ephemerals[message["ts"]] = message
        self._tell("ephemeral", channel, message, to=user_id, raw=arguments)
        return message

    def permalink(self, arguments: Json) -> Json:
        """chat.getPermalink."""
        channel = self._workspace.channel(str(arguments["channel"]))
        ts = str(channel.message(str(arguments["message_ts"]))["ts"])
        link = f"https://{DOMAIN}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def react(self, arguments: Json) -> Json:
        """reactions.add."""
        channel, message, name = self._reacted(arguments)
        if any(r["name"] == name and BOT_USER in r["users"] for r in message.get("reactions", [])):
            raise refuse("already_reacted")
        add_reaction(message, name, BOT_USER)
        self._tell_reaction("reaction", channel, message, name)
        return {}

    def unreact(self, arguments: Json) -> Json:
        """reactions.remove."""
        channel, message, name = self._reacted(arguments)
        for reaction in message.get("reactions", []):
            if reaction["name"] == name and BOT_USER in reaction["users"]:
                reaction["users"].remove(BOT_USER)
                reaction["count"] -= 1
                message["reactions"] = [r for r in message["reactions"] if r["count"]]
                self._tell_reaction("reaction_removed", channel, message, name)
                return {}
        raise refuse("no_reaction")

    def _reacted(self, arguments: Json) -> tuple[Channel, Json, str]:
        channel = self._workspace.channel(str(arguments["channel"]))
        message = channel.message(str(arguments["timestamp"]))
        name = str(arguments["name"])
        if not name.replace("_", "").replace("-", "").replace("+", "").replace("::", "").isalnum():
            raise refuse("invalid_name")
        return channel, message, name

    def _tell_reaction(self, kind: str, channel: Channel, message: Json, name: str) -> None:
        self._stage.tell(
            "slack",
            kind,
            who="bot",
            where=channel.id,
            thread=message.get("thread_ts", ""),
            id=message["ts"],
            text=name,
        )

    def _tell(self, kind: str, channel: Channel, message: Json, *, to: str = "", raw: Json) -> None:
        self._stage.tell(
            "slack",
            kind,
            who="bot",
            to=to or channel.user,
            where=channel.id,
            thread=message.get("thread_ts", ""),
            id=message["ts"],
            text=seen(message),
            raw={**message, "arguments": raw},
        )


def add_reaction(message: Json, name: str, user_id: str) -> None:
    """Put a reaction on a stored message."""
    reactions = message.setdefault("reactions", [])
    for reaction in reactions:
        if reaction["name"] == name:
            reaction["users"].append(user_id)
            reaction["count"] += 1
            return
    reactions.append({"name": name, "users": [user_id], "count": 1})


def _check_content(arguments: Json) -> None:
    if not any(arguments.get(k) for k in ("text", "blocks", "attachments")):
        raise refuse("no_text")
    if len(str(arguments.get("text") or "")) > TEXT_LIMIT:
        raise refuse("msg_too_long")
    if arguments.get("blocks") and (found := message_errors(arguments["blocks"])):
        raise refuse(*found)


def _metadata(metadata: Any) -> Json:
    if not isinstance(metadata, dict) or not {"event_type", "event_payload"} <= set(metadata):
        raise refuse("invalid_metadata_format")
    return metadata
