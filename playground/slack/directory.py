"""conversations.*, users.*, views.* and apps.*: the workspace as the bot reads it, and its modals."""

from typing import Any

from playground.slack.api import Method, truth
from playground.slack.blocks import view_errors
from playground.slack.sockets import Sockets
from playground.slack.text import seen_view
from playground.slack.workspace import (
    APP,
    BOT,
    BOT_USER,
    TEAM,
    Channel,
    User,
    Workspace,
    public,
    refuse,
    with_ids,
)

Json = dict[str, Any]


class Directory:
    """People, channels and histories."""

    def __init__(self, workspace: Workspace, sockets: Sockets) -> None:
        self._workspace, self._sockets = workspace, sockets

    def methods(self) -> dict[str, Method]:
        """Return the API methods by name."""
        return {
            "apps.connections.open": Method((), lambda _: {"url": self._sockets.new_url()}),
            "conversations.open": Method((), self.open),
            "conversations.info": Method(("channel",), self.info),
            "conversations.members": Method(("channel",), self.members),
            "conversations.join": Method(("channel",), self.join),
            "conversations.history": Method(("channel",), self.history),
            "conversations.replies": Method(("channel", "ts"), self.replies),
            "users.info": Method(("user",), self.user),
            "users.lookupByEmail": Method(("email",), self.by_email),
        }

    def open(self, arguments: Json) -> Json:
        """conversations.open, for one person."""
        users = [u for u in str(arguments.get("users") or "").split(",") if u]
        if arguments.get("channel") and not users:
            return {"channel": {"id": self._workspace.channel(str(arguments["channel"])).id}}
        if len(users) != 1:
            raise refuse("users_list_not_supplied" if not users else "not_enough_users")
        channel = self._workspace.im(users[0])
        shown = _channel(channel) if truth(arguments.get("return_im")) else {"id": channel.id}
        return {"no_op": False, "already_open": False, "channel": shown}

    def info(self, arguments: Json) -> Json:
        """conversations.info."""
        return {"channel": _channel(self._workspace.channel(str(arguments["channel"])))}

    def members(self, arguments: Json) -> Json:
        """conversations.members."""
        channel = self._workspace.channel(str(arguments["channel"]))
        page, cursor = _page(sorted(channel.members), arguments)
        return {"members": page, "response_metadata": {"next_cursor": cursor}}

    def join(self, arguments: Json) -> Json:
        """conversations.join: public channels only."""
        channel = self._workspace.channel(str(arguments["channel"]))
        if channel.is_im or channel.is_private:
            raise refuse("method_not_supported_for_channel_type")
        channel.members.add(BOT_USER)
        return {"channel": _channel(channel)}

    def history(self, arguments: Json) -> Json:
        """conversations.history: newest first, without replies."""
        channel = self._readable(arguments)
        top = [m for m in channel.messages.values() if m.get("thread_ts", m["ts"]) == m["ts"]]
        found = [m for m in sorted(top, key=lambda m: str(m["ts"]), reverse=True) if _within(m, arguments)]
        return self._messages(found, arguments)

    def replies(self, arguments: Json) -> Json:
        """conversations.replies: the parent first."""
        channel = self._readable(arguments)
        if str(arguments["ts"]) not in channel.messages:
            raise refuse("thread_not_found")
        thread = channel.in_thread(str(arguments["ts"]))
        found = thread[:1] + [m for m in thread[1:] if _within(m, arguments)]
        return self._messages(found, arguments)

    def _readable(self, arguments: Json) -> Channel:
        channel = self._workspace.channel(str(arguments["channel"]))
        if BOT_USER not in channel.members:
            raise refuse("not_in_channel")
        return channel

    def _messages(self, found: list[Json], arguments: Json) -> Json:
        metadata = truth(arguments.get("include_all_metadata"))
        page, cursor = _page(found, arguments)
        messages = [public(m, metadata=metadata) for m in page]
        return {
            "messages": messages,
            "has_more": bool(cursor),
            "response_metadata": {"next_cursor": cursor},
        }

    def user(self, arguments: Json) -> Json:
        """users.info."""
        user = self._workspace.users.get(str(arguments["user"]))
        if user is None:
            raise refuse("user_not_found")
        return {"user": _user(user)}

    def by_email(self, arguments: Json) -> Json:
        """users.lookupByEmail."""
        wanted = str(arguments["email"]).lower()
        for user in self._workspace.users.values():
            if (user.email or "").lower() == wanted:
                return {"user": _user(user)}
        raise refuse("users_not_found")


class Views:
    """Modals and home tabs."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def methods(self) -> dict[str, Method]:
        """Return the API methods by name."""
        return {
            "views.open": Method(("trigger_id", "view"), self.open),
            "views.update": Method(("view",), self.update),
            "views.publish": Method(("user_id", "view"), self.publish),
        }

    def open(self, arguments: Json) -> Json:
        """views.open: the trigger must be fresh and unused."""
        _check(arguments["view"], "modal")
        user_id = self._workspace.redeem(str(arguments["trigger_id"]))
        view = self.store(arguments["view"], self._workspace.next_id("V"))
        self._workspace.view_users[view["id"]] = user_id
        self.tell("view_opened", view, user_id)
        return {"view": view}

    def update(self, arguments: Json) -> Json:
        """views.update, guarded by the hash where one is given."""
        _check(arguments["view"], "modal")
        old = self._find(arguments)
        if arguments.get("hash") and arguments["hash"] != old["hash"]:
            raise refuse("hash_conflict")
        view = self.store(arguments["view"], old["id"])
        self.tell("view_updated", view, self._workspace.view_users[view["id"]])
        return {"view": view}

    def _find(self, arguments: Json) -> Json:
        if not (arguments.get("view_id") or arguments.get("external_id")):
            raise refuse("invalid_arguments", ["[ERROR] missing required field: view_id"])
        for view in self._workspace.views.values():
            if view["id"] == arguments.get("view_id") or (
                arguments.get("external_id") and view["external_id"] == arguments["external_id"]
            ):
                return view
        raise refuse("not_found")

    def publish(self, arguments: Json) -> Json:
        """views.publish: somebody's home tab."""
        _check(arguments["view"], "home")
        user_id = str(arguments["user_id"])
        if user_id not in self._workspace.users:
            raise refuse("user_not_found")
        old = self._workspace.homes.get(user_id)
        view = self.filled(arguments["view"], old["id"] if old else self._workspace.next_id("V"))
        self._workspace.homes[user_id] = view
        self.tell("home_published", view, user_id)
        return {"view": view}

    def store(self, view: Json, view_id: str) -> Json:
        """Keep an open modal."""
        self._workspace.views[view_id] = self.filled(view, view_id)
        return self._workspace.views[view_id]

    def filled(self, view: Json, view_id: str) -> Json:
        """Return a view with all that Slack adds to it."""
        return {
            "submit": None,
            "close": None,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "previous_view_id": None,
            **view,
            "id": view_id,
            "team_id": TEAM,
            "root_view_id": view_id,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
            "hash": f"{self._workspace.stage.stamp()}.{self._workspace.next_id('h')}",
            "state": {"values": {}},
            "blocks": with_ids(view["blocks"], "v"),
        }

    def tell(self, kind: str, view: Json, user_id: str, text: str | None = None) -> None:
        """Write down what somebody sees of a view."""
        self._workspace.stage.tell(
            "slack",
            kind,
            who="bot",
            to=user_id,
            id=view["id"],
            text=seen_view(view) if text is None else text,
            raw=view,
        )


def _check(view: Any, kind: str) -> None:
    if errors := view_errors(view):
        raise refuse("invalid_arguments", errors)
    if view["type"] != kind:
        raise refuse("invalid_arguments", [f"[ERROR] must be a {kind} view [json-pointer:/view/type]"])


def _within(message: Json, arguments: Json) -> bool:
    ts, oldest, latest = message["ts"], arguments.get("oldest"), arguments.get("latest")
    if truth(arguments.get("inclusive")) and ts in (oldest, latest):
        return True
    return not (oldest and float(ts) <= float(oldest)) and not (latest and float(ts) >= float(latest))


def _page(found: list[Any], arguments: Json) -> tuple[list[Any], str]:
    start, size = int(arguments.get("cursor") or 0), int(arguments.get("limit") or 100)
    page = found[start : start + size]
    return page, str(start + size) if len(found) > start + size else ""


def _channel(channel: Channel) -> Json:
    if channel.is_im:
        return {"id": channel.id, "is_im": True, "user": channel.user, "is_open": True, "is_archived": False}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_private": channel.is_private,
        "is_im": False,
        "is_archived": False,
        "is_member": BOT_USER in channel.members,
        "context_team_id": TEAM,
    }


def _user(user: User) -> Json:
    profile: Json = {"real_name": user.name, "display_name": user.name, "team": TEAM}
    if user.email:
        profile["email"] = user.email
    return {
        "id": user.id,
        "team_id": TEAM,
        "name": user.name.lower(),
        "real_name": user.name,
        "deleted": False,
        "tz": "Etc/UTC",
        "tz_label": "UTC",
        "tz_offset": 0,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_restricted": False,
        "profile": profile,
    }
