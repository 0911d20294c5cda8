"""The Telegram world: people and groups to act as, and the Bot API that the bot talks to."""

import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from playground.courier import Delivered, Result, repeated
from playground.faults import Fault, Kind
from playground.gate import Gate, Incoming, Refused
from playground.stage import Stage
from playground.telegram.chats import Chat, Person, Server
from playground.telegram.markup import labels, refuse
from playground.telegram.methods import Messages
from playground.telegram.topics import Topics
from playground.telegram.updates import Updates

Json = dict[str, Any]
NESTED = ("reply_markup", "reply_parameters", "reaction", "commands", "allowed_updates", "entities", "scope")


def spoiled(fault: Fault) -> Refused:
    """Word an ordered fault as Telegram does."""
    if fault.kind is Kind.RATE_LIMITED:
        after = fault.retry_after
        parameters = {"retry_after": int(after) if after.isdigit() else after}
        body: Json = {"ok": False, "error_code": 429, "parameters": parameters}
        body["description"] = f"Too Many Requests: retry after {after}"
        return Refused("Too Many Requests", 429, body, {"Retry-After": after})
    if fault.kind is Kind.SERVER_ERROR:
        body = {"ok": False, "error_code": fault.status, "description": "Internal Server Error"}
        return Refused("Internal Server Error", fault.status, body)
    words = {"Bad Request": 400, "Unauthorized": 401, "Forbidden": 403, "Not Found": 404, "Conflict": 409}
    kind, _, rest = fault.code.partition(": ")
    return refuse(rest or kind, words[kind]) if kind in words else refuse(fault.code)


class TelegramWorld:
    """Telegram as the bot meets it."""

    def __init__(self, stage: Stage, *, token: str, secret: str, mode: str) -> None:
        self.token, self.secret = token, secret
        self._stage, self._server = stage, Server(stage, token)
        self._messages, self._updates = Messages(self._server), Updates(stage, secret, mode)
        topics = Topics(self._server)
        self._methods = self._messages.methods() | topics.methods() | self._updates.methods()
        self._by_name = {name.lower(): name for name in (*self._methods, "getUpdates")}
        self._gate = Gate(stage, "telegram", spoiled)

    def routes(self) -> list[BaseRoute]:
        """Return what is served under /telegram."""
        return [
            Route("/telegram/file/bot{token}/{path:path}", self._download),
            Route("/telegram/bot{token}/{method}", self._call, methods=["GET", "POST"]),
        ]

    # -- the server

    @property
    def bot_id(self) -> int:
        """The bot's own user id."""
        return int(self._server.me["id"])

    @property
    def chats(self) -> dict[int, Chat]:
        """Private chats and groups with their messages and topics."""
        return self._server.chats

    @property
    def pending(self) -> list[Json]:
        """Updates that the bot has not confirmed."""
        return list(self._updates.pending.values())

    def add_user(
        self, id: int, first_name: str, username: str | None = None, *, language_code: str = "en"
    ) -> Person:
        """Add a person, who has not started the bot yet."""
        person = Person(id, first_name, username, language_code)
        self._server.people[id] = person
        self._server.chats[id] = Chat(id, first_name, person=person, members={id})
        return person

    def add_group(
        self,
        id: int,
        title: str,
        forum: bool = True,
        members: Iterable[int] = (),
        *,
        bot_admin: bool = True,
    ) -> Chat:
        """Add a supergroup with the bot in it."""
        self._server.chats[id] = Chat(id, title, forum=forum, bot_admin=bot_admin, members=set(members))
        return self._server.chats[id]

    def block(self, user_id: int, blocked: bool = True) -> None:
        """Let a person block (or unblock) the bot."""
        self._server.person(user_id).blocked = blocked
        self._stage.tell("telegram", "blocked" if blocked else "unblocked", who=str(user_id))

    # -- what people do

    async def start(self, user_id: int, payload: str = "") -> Result:
        """Open the chat and press Start."""
        return await self.says(user_id, f"/start {payload}".strip())

    async def says(
        self,
        user_id: int,
        text: str,
        *,
        chat_id: int | None = None,
        thread_id: int | None = None,
        reply_to: int | None = None,
        times: int = 1,
    ) -> Result:
        """Write to the bot, or into a group or topic."""
        content: Json = {"text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return await self._write(user_id, content, text, chat_id, thread_id, reply_to, times)

    async def sends_file(
        self,
        user_id: int,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        mime_type: str = "application/octet-stream",
        chat_id: int | None = None,
        thread_id: int | None = None,
        times: int = 1,
    ) -> Result:
        """Send a document."""
        file = {**self._messages.keep_file(name, content), "file_name": name, "mime_type": mime_type}
        parts: Json = {"document": file, **({"caption": caption} if caption else {})}
        seen = f"[document: {name}] {caption}".strip()
        return await self._write(user_id, parts, seen, chat_id, thread_id, None, times)

    async def shares_contact(
        self, user_id: int, phone_number: str, *, of: int | None = None, times: int = 1
    ) -> Result:
        """Share a phone number with the bot: one's own, or that of another person (`of`)."""
        person = self._server.person(of or user_id)
        contact = {"phone_number": phone_number, "first_name": person.first_name, "user_id": person.id}
        seen = f"[contact: {phone_number}]"
        return await self._write(user_id, {"contact": contact}, seen, None, None, None, times)

    async def _write(
        self,
        user_id: int,
        content: Json,
        seen: str,
        chat_id: int | None,
        thread_id: int | None,
        reply_to: int | None,
        times: int,
    ) -> Result:
        person = self._server.person(user_id)
        chat = self._server.chat_of(user_id if chat_id is None else chat_id)
        if user_id not in chat.members:
            raise LookupError(f"{user_id} is not in chat {chat.id} and cannot write there")
        if chat.person is not None:
            person.started, person.blocked = True, False
        if thread_id is not None:
            if thread_id not in chat.topics:
                raise LookupError(f"chat {chat.id} has no topic {thread_id}; it has {sorted(chat.topics)}")
            content |= {"message_thread_id": thread_id, "is_topic_message": True}
        if reply_to is not None:
            content["reply_to_message"] = chat.messages[reply_to]
        message = self._server.put(chat, person.shown(), content)
        self._server.tell("said", chat, message, seen)
        return await self._send("message", message, times)

    async def press(
        self,
        user_id: int,
        chat_id: int,
        message_id: int,
        *,
        data: str | None = None,
        label: str | None = None,
        stale: bool = False,
        times: int = 1,
    ) -> Result:
        """Press a button, named by its data or label; `stale`: also one that an edit took away."""
        person, chat = self._server.person(user_id), self._server.chat_of(chat_id)
        message = chat.messages[message_id]
        versions = [message, *(reversed(chat.versions.get(message_id, [])) if stale else [])]
        button = next((b for m in versions if (b := _button(m, data, label))), None)
        if button is None:
            shown = labels(message.get("reply_markup"))
            raise LookupError(f"message {message_id} has no button {data or label!r}; it has {shown}")
        query: Json = {
            "id": str(self._server.next_id()),
            "from": person.shown(),
            "message": message,
            "chat_instance": str(chat.id),
            "data": button["callback_data"],
        }
        self._server.callbacks[query["id"]] = query
        self._server.tell("pressed", chat, message, button["text"], who=str(user_id), to="", raw=query)
        return await self._send("callback_query", query, times)

    async def raw(self, update: Json, *, times: int = 1) -> Result:
        """Deliver any update; without an update_id it gets the next one."""
        whole = {"update_id": self._server.next_id(), **update}
        return await repeated(times, lambda: self._updates.deliver(whole))

    async def _send(self, kind: str, content: Json, times: int) -> Result:
        return await self.raw({kind: json.loads(json.dumps(content))}, times=times)

    async def redeliver(self, update_id: int | None = None) -> Delivered:
        """Deliver an update again; without an id, the last one."""
        return await self._updates.deliver(self._updates.sent[update_id or self.last_update_id])

    @property
    def last_update_id(self) -> int:
        """The id of the last update."""
        return next(reversed(self._updates.sent))

    # -- what the bot calls

    async def _call(self, request: Request) -> Response:
        token, asked = request.path_params["token"], request.path_params["method"]
        name = self._by_name.get(asked.lower(), asked)
        return await self._gate.admit(
            request, path=f"/botTOKEN/{asked}", name=name, effect=self._effect(token, name)
        )

    def _effect(self, token: str, name: str) -> Callable[[Incoming], Awaitable[Response]]:
        async def effect(incoming: Incoming) -> Response:
            if token != self.token:
                raise refuse("Unauthorized", 401)
            arguments = {k: _parsed(v) if k in NESTED else v for k, v in incoming.arguments.items()}
            if name == "getUpdates":
                return _ok(await self._updates.poll(arguments))
            if name not in self._methods:
                raise refuse("Not Found", 404)
            return _ok(self._methods[name](arguments, incoming))

        return effect

    async def _download(self, request: Request) -> Response:
        file_id = request.path_params["path"].split("/")[1:2]
        known = file_id and file_id[0] in self._server.files
        if request.path_params["token"] != self.token or not known:
            body = {"ok": False, "error_code": 404, "description": "Not Found"}
            return JSONResponse(body, 404)
        return Response(self._server.files[file_id[0]][1], media_type="application/octet-stream")


def _ok(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def _parsed(value: Any) -> Any:
    """Forms carry nested values as JSON text."""
    if not isinstance(value, str) or not value:
        return value or None
    try:
        return json.loads(value)
    except ValueError:
        raise refuse("can't parse a parameter as JSON object") from None


def _button(message: Json, data: str | None, label: str | None) -> Json | None:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    for button in (b for row in rows for b in row):
        fits = data in (None, button.get("callback_data")) and label in (None, button["text"])
        if fits and "callback_data" in button:
            found: Json = button
            return found
    return None
