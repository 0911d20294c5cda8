"""The Slack world: a workspace to set up, people to act as, and the API that the bot talks to."""

import copy
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from playground.courier import Delivered, Result
from playground.gate import Gate, Incoming
from playground.slack import payloads
from playground.slack.api import SlackApi, spoiled, truth
from playground.slack.chat import Chat, add_reaction
from playground.slack.delivery import Delivery
from playground.slack.directory import Directory, Views
from playground.slack.hands import Hands
from playground.slack.sockets import Sockets
from playground.slack.text import typed
from playground.slack.workspace import BOT_USER, TEAM, Channel, User, Workspace
from playground.stage import Stage

Json = dict[str, Any]


class SlackWorld(Hands):
    """Slack as the bot meets it. Events take the socket once the bot asked for one, HTTP otherwise."""

    bot_user_id = BOT_USER

    def __init__(self, stage: Stage, *, signing_secret: str, bot_token: str, app_token: str) -> None:
        workspace = Workspace(stage)
        self.sockets = Sockets(workspace)
        delivery = Delivery(workspace, self.sockets, signing_secret)
        views = Views(workspace)
        super().__init__(workspace, delivery, views)
        self._chat = Chat(workspace, delivery)
        directory = Directory(workspace, self.sockets)
        methods = self._chat.methods() | directory.methods() | views.methods()
        self._api = SlackApi(workspace, methods, bot_token, app_token)
        self._gate = Gate(stage, "slack", spoiled)
        self.signing_secret, self.bot_token, self.app_token = signing_secret, bot_token, app_token

    def routes(self) -> list[BaseRoute]:
        """Return what is served under /slack."""
        return [
            Route("/slack/api/{method}", self._api.answer, methods=["GET", "POST"]),
            Route("/slack/response/{name}", self._respond_url, methods=["POST"]),
            Route("/slack/files/{file_id}/{name}", self._file),
            WebSocketRoute("/slack/link", self.sockets.serve),
        ]

    # -- the workspace

    @property
    def views(self) -> dict[str, Json]:
        """The open modals by id."""
        return self._workspace.views

    @property
    def homes(self) -> dict[str, Json]:
        """The published home tabs by user."""
        return self._workspace.homes

    @property
    def channels(self) -> dict[str, Channel]:
        """Channels and direct messages by id, with their messages by ts."""
        return self._workspace.channels

    @property
    def users(self) -> dict[str, User]:
        """The members of the workspace."""
        return self._workspace.users

    def add_user(self, id: str, name: str, email: str | None = None, is_bot: bool = False) -> User:
        """Add a member."""
        self._workspace.users[id] = User(id, name, email, is_bot)
        return self._workspace.users[id]

    def add_channel(
        self, id: str, name: str, members: Any = (), *, private: bool = False, bot: bool = True
    ) -> Channel:
        """Add a channel; the bot is in it unless `bot` is False."""
        inside = {*members, BOT_USER} if bot else set(members)
        self._workspace.channels[id] = Channel(id, name, inside, is_private=private)
        return self._workspace.channels[id]

    def im(self, user: str) -> str:
        """Return the id of the direct message between a person and the bot."""
        return self._workspace.im(user).id

    def message_at(self, channel: str, ts: str) -> Json:
        """Return a message as it is now."""
        return self._place(channel).messages[ts]

    # -- what people do

    async def dm(
        self,
        user: str,
        text: str,
        *,
        client_msg_id: str | None = None,
        thread_ts: str | None = None,
        files: list[Json] | None = None,
        times: int = 1,
    ) -> Result:
        """Write to the bot directly."""
        return await self.message(
            self.im(user),
            user,
            text,
            thread_ts,
            files=files,
            client_msg_id=client_msg_id,
            times=times,
        )

    async def message(
        self,
        channel: str,
        user: str,
        text: str,
        thread_ts: str | None = None,
        files: list[Json] | None = None,
        subtype: str | None = None,
        *,
        client_msg_id: str | None = None,
        times: int = 1,
    ) -> Result:
        """Write into a channel or thread. A file: {"name", "mimetype", "content": bytes}."""
        place = self._place(channel)
        self._enter(place, self._workspace.user(user))
        message = self._typed(place, user, text, thread_ts, client_msg_id)
        if files:
            message["files"] = [self._upload(user, file) for file in files]
            subtype = subtype or "file_share"
        if subtype:
            message["subtype"] = subtype
        place.messages[message["ts"]] = message
        self._stage.tell(
            "slack",
            "said",
            who=user,
            where=place.id,
            thread=message.get("thread_ts", ""),
            id=message["ts"],
            text=text,
            raw=message,
        )
        if BOT_USER not in place.members:
            return Delivered(204, "the bot is not in this channel and hears nothing")
        event = payloads.message_event(place, copy.deepcopy(message))
        answer = await self._delivery.event(event, times=times)
        if f"<@{BOT_USER}>" in message["text"] and not place.is_im:
            await self._delivery.event({**event, "type": "app_mention"})
        return answer

    def _typed(
        self, place: Channel, user: str, text: str, thread_ts: str | None, client_msg_id: str | None
    ) -> Json:
        message: Json = {
            "type": "message",
            "user": user,
            "team": TEAM,
            "text": typed(text),
            "ts": self._workspace.next_ts(),
            "client_msg_id": client_msg_id or self._workspace.next_id("cm"),
            "blocks": payloads.rich_text(text),
        }
        if thread_ts:
            parent = place.messages[thread_ts]
            parent["thread_ts"] = parent.get("thread_ts") or thread_ts
            message |= {"thread_ts": parent["thread_ts"], "parent_user_id": parent["user"]}
        return message

    def _enter(self, place: Channel, user: User) -> None:
        """Anybody may walk into a public channel; a private one has a door."""
        if user.id not in place.members and (place.is_private or place.is_im):
            raise LookupError(f"{user.id} is not in {place.id} and cannot write there")
        place.members.add(user.id)

    def _upload(self, user: str, file: Json) -> Json:
        content = file.get("content", b"")
        file_id = self._workspace.next_id("F")
        name = file.get("name", "file.bin")
        shown: Json = {
            "id": file_id,
            "name": name,
            "title": name,
            "mimetype": file.get("mimetype", "application/octet-stream"),
            "size": len(content),
            "user": user,
            "mode": "hosted",
            "is_external": False,
            "url_private": f"{self._stage.url}/slack/files/{file_id}/{name}",
            "url_private_download": f"{self._stage.url}/slack/files/{file_id}/{name}",
        }
        self._workspace.files[file_id] = shown
        self._workspace.contents[file_id] = content
        return shown

    async def edit(self, user: str, channel: str, ts: str, text: str, *, times: int = 1) -> Result:
        """Change one's own message."""
        place = self._place(channel)
        message = place.messages[ts]
        if message["user"] != user:
            raise LookupError(f"{ts} is not a message of {user}")
        previous = place.keep_version(ts)
        now = self._workspace.next_ts()
        message |= {"text": typed(text), "blocks": payloads.rich_text(text)}
        message["edited"] = {"user": user, "ts": now}
        self._stage.tell("slack", "said_edited", who=user, where=place.id, id=ts, text=text, raw=message)
        event = payloads.changed_event(place, copy.deepcopy(message), previous, now)
        return await self._delivery.event(event, times=times)

    async def react(self, user: str, channel: str, ts: str, name: str, *, times: int = 1) -> Result:
        """Put an emoji on a message."""
        place = self._place(channel)
        add_reaction(place.messages[ts], name, self._workspace.user(user).id)
        self._stage.tell("slack", "reacted", who=user, where=place.id, id=ts, text=name)
        event: Json = {
            "type": "reaction_added",
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": place.id, "ts": ts},
            "item_user": place.messages[ts]["user"],
            "event_ts": self._workspace.next_ts(),
        }
        return await self._delivery.event(event, times=times)

    async def command(
        self, user: str, channel: str, command: str = "/standby", text: str = "", *, times: int = 1
    ) -> Result:
        """Use a slash command; what the bot answers in the body is shown to that person."""
        who, place = self._workspace.user(user), self._place(channel)
        fields = payloads.slash(self._workspace, who, place, command, text)
        said = f"{command} {text}".strip()
        self._stage.tell("slack", "command", who=user, where=place.id, text=said, raw=dict(fields))
        answer = await self._delivery.command(fields, times=times)
        for one in answer if isinstance(answer, list) else [answer]:
            self._show_answer(place, user, one)
        return answer

    def _show_answer(self, place: Channel, user: str, answer: Delivered) -> None:
        """A command's 200 may carry a message."""
        if not answer.ok or not answer.body.strip():
            return
        said = _said(answer.body)
        if said.get("response_type") == "in_channel":
            self._chat.post({**said, "channel": place.id})
        elif said.get("text") or said.get("blocks"):
            self._chat.whisper(place, user, said)

    async def home(self, user: str, *, times: int = 1) -> Result:
        """Open the app's home tab."""
        event: Json = {
            "type": "app_home_opened",
            "user": self._workspace.user(user).id,
            "channel": self.im(user),
            "tab": "home",
            "event_ts": self._workspace.next_ts(),
        }
        if user in self.homes:
            event["view"] = self.homes[user]
        self._stage.tell("slack", "home_opened", who=user)
        return await self._delivery.event(event, times=times)

    async def raw(self, event: Json, *, times: int = 1) -> Result:
        """Deliver any event callback."""
        return await self._delivery.event(event, times=times)

    async def raw_interaction(self, payload: Json, *, times: int = 1) -> Result:
        """Deliver any interaction payload."""
        return await self._delivery.interact(payload, times=times)

    async def redeliver(self, event_id: str | None = None) -> Delivered:
        """Deliver an event again under its old event_id; without one, the last event."""
        return await self._delivery.again(event_id or next(reversed(self._delivery.envelopes)))

    @property
    def last_event_id(self) -> str:
        """The event_id of the last event."""
        return next(reversed(self._delivery.envelopes))

    def sign(self, body: bytes, timestamp: int | str | None = None) -> dict[str, str]:
        """Return signature headers for a body, by default as of now."""
        return self._delivery.sign(body, self._stage.stamp() if timestamp is None else timestamp)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the bot's sockets to reconnect."""
        await self.sockets.disconnect(reason)

    async def close(self) -> None:
        """Close all sockets."""
        await self.sockets.drop()

    # -- what else the bot may reach

    async def _respond_url(self, request: Request) -> Response:
        name = request.path_params["name"]

        async def effect(incoming: Incoming) -> Response:
            return self._use_response(name, incoming.arguments)

        return await self._gate.admit(request, path=f"/response/{name}", name="response_url", effect=effect)

    def _use_response(self, name: str, said: Json) -> Response:
        target = self._workspace.responses.get(name)
        if target is None or target["left"] <= 0:
            return PlainTextResponse("used_url" if target else "no_such_url", 404)
        target["left"] -= 1
        place = self._workspace.channels[target["channel"]]
        own = target["ts"] in place.messages and "bot_id" in place.messages[target["ts"]]
        if truth(said.get("delete_original")):
            place.ephemerals.pop(target["ts"], None)
            if own:
                self._chat.delete({"channel": place.id, "ts": target["ts"]})
        elif truth(said.get("replace_original")) and own:
            self._chat.update({**said, "channel": place.id, "ts": target["ts"]})
        elif said.get("response_type") == "in_channel":
            self._chat.post({**said, "channel": place.id})
        else:
            self._chat.whisper(place, target["user"], said)
        return PlainTextResponse("ok")

    async def _file(self, request: Request) -> Response:
        file_id = request.path_params["file_id"]
        if request.headers.get("authorization") != f"Bearer {self.bot_token}":
            return PlainTextResponse("<html>Sign in to Slack</html>", 200, {"Content-Type": "text/html"})
        if file_id not in self._workspace.contents:
            return PlainTextResponse("not found", 404)
        kind = self._workspace.files[file_id]["mimetype"]
        return Response(self._workspace.contents[file_id], media_type=kind)


def _said(body: str) -> Json:
    """Read a command's answer: a JSON object, or bare text."""
    try:
        found = json.loads(body)
    except ValueError:
        return {"text": body}
    return found if isinstance(found, dict) else {"text": body}
