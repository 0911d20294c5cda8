"""Forum topics: the threads of a Telegram supergroup."""

from typing import Any

from playground.gate import Incoming
from playground.telegram.chats import Chat, Server, Topic, number
from playground.telegram.markup import refuse
from playground.telegram.methods import Method

Json = dict[str, Any]


class Topics:
    """Create, rename, close and reopen topics."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def methods(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "createForumTopic": self.create,
            "editForumTopic": self.edit,
            "closeForumTopic": lambda a, _: self._set_closed(a, True),
            "reopenForumTopic": lambda a, _: self._set_closed(a, False),
        }

    def _forum(self, arguments: Json) -> Chat:
        chat = self._server.writable(arguments.get("chat_id"))
        if not chat.forum:
            raise refuse("the chat is not a forum")
        if not chat.bot_admin:
            raise refuse("not enough rights to manage topics")
        return chat

    def _topic(self, arguments: Json) -> tuple[Chat, Topic]:
        chat = self._forum(arguments)
        topic = chat.topics.get(number(arguments.get("message_thread_id"), "message_thread_id"))
        if topic is None:
            raise refuse("TOPIC_ID_INVALID")
        return chat, topic

    def create(self, arguments: Json, _: Incoming) -> Json:
        """createForumTopic; the service message that it makes is the topic's id."""
        chat = self._forum(arguments)
        name = str(arguments.get("name") or "")
        _check_name(name)
        created = {"name": name, "icon_color": 7322096}
        topic = Topic(chat.last_message + 1, name)
        chat.topics[topic.id] = topic
        self._service(chat, topic, "topic_created", {"forum_topic_created": created})
        return {"message_thread_id": topic.id, **created}

    def edit(self, arguments: Json, _: Incoming) -> bool:
        """editForumTopic."""
        chat, topic = self._topic(arguments)
        name = str(arguments.get("name") or topic.name)
        _check_name(name)
        if name == topic.name and not arguments.get("icon_custom_emoji_id"):
            raise refuse("TOPIC_NOT_MODIFIED")
        topic.name = name
        self._service(chat, topic, "topic_edited", {"forum_topic_edited": {"name": name}})
        return True

    def _set_closed(self, arguments: Json, closed: bool) -> bool:
        chat, topic = self._topic(arguments)
        if topic.closed == closed:
            raise refuse("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        word = "closed" if closed else "reopened"
        self._service(chat, topic, f"topic_{word}", {f"forum_topic_{word}": {}})
        return True

    def _service(self, chat: Chat, topic: Topic, kind: str, content: Json) -> None:
        thread = {"message_thread_id": topic.id, "is_topic_message": True}
        message = self._server.put(chat, self._server.me, {**content, **thread})
        self._server.tell(kind, chat, message, topic.name)


def _check_name(name: str) -> None:
    if not name.strip():
        raise refuse("TOPIC_NAME_EMPTY")
    if len(name) > 128:
        raise refuse("TOPIC_NAME_TOO_LONG")
