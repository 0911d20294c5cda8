"""The Bot API's methods on messages, reactions and chats."""

import copy
from collections.abc import Callable
from typing import Any

from playground.gate import Incoming
from playground.telegram.chats import Chat, Server, number
from playground.telegram.markup import REACTIONS, check_keyboard, check_text, labels, parse, refuse, units

Json = dict[str, Any]
Method = Callable[[Json, Incoming], Any]
DELETE_SECONDS = 48 * 3600


class Messages:
    """sendMessage and what may happen to a message afterwards."""

    def __init__(self, server: Server) -> None:
        self._server, self._stage = server, server.stage
        self.commands: list[Json] = []

    def methods(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "sendMessage": self.send,
            "sendDocument": lambda a, i: self.send_file(a, i, "document"),
            "sendPhoto": lambda a, i: self.send_file(a, i, "photo"),
            "editMessageText": self.edit,
            "editMessageReplyMarkup": self.edit_markup,
            "deleteMessage": self.delete,
            "pinChatMessage": self.pin,
            "setMessageReaction": self.react,
            "answerCallbackQuery": self.answer,
            "sendChatAction": lambda a, _: bool(self._server.writable(a.get("chat_id"))),
            "getMe": lambda _a, _i: self.me(),
            "setMyCommands": self.set_commands,
            "getMyCommands": lambda _a, _i: self.commands,
            "getChat": self.chat,
            "getChatMember": self.member,
            "getFile": self.file,
        }

    def me(self) -> Json:
        """getMe."""
        return {
            **self._server.me,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def send(self, arguments: Json, _: Incoming) -> Json:
        """sendMessage."""
        chat = self._server.writable(arguments.get("chat_id"))
        text, entities = parse(str(arguments.get("text") or ""), arguments.get("parse_mode"))
        check_text(text)
        content: Json = {"text": text, **({"entities": entities} if entities else {})}
        message = self._post(chat, content, arguments)
        self._server.tell("message", chat, message, self._seen(message))
        return message

    def send_file(self, arguments: Json, incoming: Incoming, kind: str) -> Json:
        """sendDocument and sendPhoto, uploaded or by file_id."""
        chat = self._server.writable(arguments.get("chat_id"))
        given = str(arguments.get(kind) or "").removeprefix("attach://")
        name, content = incoming.files.get(kind) or incoming.files.get(given) or (given, b"")
        if not content and given not in self._server.files:
            raise refuse(f"there is no {kind} in the request")
        caption, entities = parse(str(arguments.get("caption") or ""), arguments.get("parse_mode"))
        if units(caption) > 1024:
            raise refuse("message caption is too long")
        file = self.keep_file(name, content) if content else {"file_id": given, "file_unique_id": given}
        shown = [{**file, "width": 1, "height": 1}] if kind == "photo" else {**file, "file_name": name}
        parts: Json = {kind: shown, "caption": caption, "caption_entities": entities}
        message = self._post(chat, {k: v for k, v in parts.items() if v}, arguments)
        self._server.tell("file", chat, message, f"[{kind}: {name}] {caption}".strip())
        return message

    def keep_file(self, name: str, content: bytes) -> Json:
        """Store a file and return its ids."""
        file_id = f"FILE{self._server.next_id()}"
        self._server.files[file_id] = (name, content)
        return {"file_id": file_id, "file_unique_id": f"U{file_id}", "file_size": len(content)}

    def _post(self, chat: Chat, content: Json, arguments: Json) -> Json:
        check_keyboard(arguments.get("reply_markup"))
        content |= self._server.threaded(chat, arguments.get("message_thread_id"))
        reply = arguments.get("reply_parameters") or {}
        if reply_to := arguments.get("reply_to_message_id") or reply.get("message_id"):
            if int(reply_to) in chat.messages:
                content["reply_to_message"] = _without_reply(chat.messages[int(reply_to)])
            elif not reply.get("allow_sending_without_reply"):
                raise refuse("message to be replied not found")
        if markup := _inline(arguments.get("reply_markup")):
            content["reply_markup"] = markup
        return self._server.put(chat, self._server.me, content)

    def _seen(self, message: Json) -> str:
        parts = (message.get("text") or message.get("caption") or "", labels(message.get("reply_markup")))
        return "\n".join(part for part in parts if part)

    def _own(self, arguments: Json) -> tuple[Chat, Json]:
        chat = self._server.writable(arguments.get("chat_id"))
        message = chat.message(arguments.get("message_id"), "edit")
        if not message["from"]["is_bot"]:
            raise refuse("message can't be edited")
        return chat, message

    def edit(self, arguments: Json, _: Incoming) -> Json:
        """editMessageText: the same text and keyboard again is refused."""
        chat, message = self._own(arguments)
        text, entities = parse(str(arguments.get("text") or ""), arguments.get("parse_mode"))
        check_text(text)
        check_keyboard(arguments.get("reply_markup"))
        wanted = (text, entities, _inline(arguments.get("reply_markup")))
        return self._changed(chat, message, wanted)

    def edit_markup(self, arguments: Json, _: Incoming) -> Json:
        """editMessageReplyMarkup: without a keyboard it takes the old one away."""
        chat, message = self._own(arguments)
        check_keyboard(arguments.get("reply_markup"))
        markup = _inline(arguments.get("reply_markup"))
        return self._changed(chat, message, (message.get("text", ""), message.get("entities", []), markup))

    def _changed(self, chat: Chat, message: Json, wanted: tuple[str, list[Json], Json | None]) -> Json:
        text, entities, markup = wanted
        now = (message.get("text", ""), message.get("entities", []), message.get("reply_markup"))
        if now == wanted:
            raise refuse(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        chat.versions.setdefault(message["message_id"], []).append(copy.deepcopy(message))
        fresh: Json = {"text": text, "entities": entities, "reply_markup": markup}
        for key, value in fresh.items():
            message.pop(key, None)
            if value:
                message[key] = value
        message["edit_date"] = self._stage.stamp()
        self._server.tell("edited", chat, message, self._seen(message))
        return message

    def delete(self, arguments: Json, _: Incoming) -> bool:
        """deleteMessage: not after 48 h."""
        chat = self._server.writable(arguments.get("chat_id"))
        message = chat.message(arguments.get("message_id"), "delete")
        if self._stage.stamp() - message["date"] > DELETE_SECONDS:
            raise refuse("message can't be deleted for everyone")
        if not message["from"]["is_bot"] and chat.person is None and not chat.bot_admin:
            raise refuse("message can't be deleted")
        del chat.messages[message["message_id"]]
        self._server.tell("deleted", chat, message, self._seen(message), who="bot")
        return True

    def pin(self, arguments: Json, _: Incoming) -> bool:
        """pinChatMessage."""
        chat = self._server.writable(arguments.get("chat_id"))
        message = chat.message(arguments.get("message_id"), "pin")
        if chat.person is None and not chat.bot_admin:
            raise refuse("not enough rights to manage pinned messages in the chat")
        chat.pinned.append(message["message_id"])
        self._server.tell("pinned", chat, message, self._seen(message), who="bot")
        return True

    def react(self, arguments: Json, _: Incoming) -> bool:
        """setMessageReaction: one emoji of the fixed list, or none."""
        chat = self._server.writable(arguments.get("chat_id"))
        message = chat.message(arguments.get("message_id"), "react")
        reactions = arguments.get("reaction") or []
        wanted = [str(r.get("emoji", "")).replace("\ufe0f", "") for r in reactions]
        if len(wanted) > 1:
            raise refuse("REACTIONS_TOO_MANY")
        if any(emoji not in REACTIONS for emoji in wanted):
            raise refuse("REACTION_INVALID")
        kind = "reaction" if wanted else "reaction_removed"
        self._server.tell(kind, chat, message, "".join(wanted), who="bot", raw={"reaction": reactions})
        return True

    def answer(self, arguments: Json, _: Incoming) -> bool:
        """answerCallbackQuery: once a query, with at most 200 characters."""
        query = self._server.callbacks.pop(str(arguments.get("callback_query_id")), None)
        if query is None:
            raise refuse("query is too old and response timeout expired or query ID is invalid")
        text = str(arguments.get("text") or "")
        if len(text) > 200:
            raise refuse("MESSAGE_TOO_LONG")
        self._stage.tell(
            "telegram",
            "toast",
            who="bot",
            to=str(query["from"]["id"]),
            where=str(query["message"]["chat"]["id"]),
            id=str(query["id"]),
            text=text,
            raw=arguments,
        )
        return True

    def set_commands(self, arguments: Json, _: Incoming) -> bool:
        """setMyCommands."""
        commands = arguments.get("commands") or []
        for command in commands:
            name = str(command.get("command", ""))
            if not (1 <= len(name) <= 32 and name.replace("_", "").isalnum() and name == name.lower()):
                raise refuse("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise refuse("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands = commands
        return True

    def chat(self, arguments: Json, _: Incoming) -> Json:
        """getChat."""
        chat = self._server.chat(arguments.get("chat_id"))
        gifts = dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            True,
        )
        return {
            **chat.shown(),
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": gifts,
        }

    def member(self, arguments: Json, _: Incoming) -> Json:
        """getChatMember: the bot itself or a member."""
        chat = self._server.chat(arguments.get("chat_id"))
        user_id = number(arguments.get("user_id"), "user_id")
        if user_id == self._server.me["id"]:
            return _bot_member(self._server.me, chat)
        if user_id not in self._server.people:
            raise refuse("member not found")
        status = "member" if user_id in chat.members else "left"
        return {"user": self._server.people[user_id].shown(), "status": status}

    def file(self, arguments: Json, _: Incoming) -> Json:
        """getFile: the path under /file/bot<token>/."""
        file_id = str(arguments.get("file_id") or "")
        if file_id not in self._server.files:
            raise refuse("invalid file_id")
        name, content = self._server.files[file_id]
        return {
            "file_id": file_id,
            "file_unique_id": f"U{file_id}",
            "file_size": len(content),
            "file_path": f"documents/{file_id}/{name}",
        }


def _bot_member(me: Json, chat: Chat) -> Json:
    if not chat.bot_admin:
        return {"user": me, "status": "member"}
    rights = (
        "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
        "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
        "can_delete_stories", "can_pin_messages", "can_manage_topics",
    )  # fmt: skip
    base = {"user": me, "status": "administrator", "can_be_edited": False, "is_anonymous": False}
    return base | dict.fromkeys(rights, True)


def _inline(markup: Any) -> Json | None:
    """A message keeps only an inline keyboard; an empty one is none."""
    if isinstance(markup, dict) and any(markup.get("inline_keyboard") or []):
        return {"inline_keyboard": markup["inline_keyboard"]}
    return None


def _without_reply(message: Json) -> Json:
    return {k: v for k, v in message.items() if k != "reply_to_message"}
