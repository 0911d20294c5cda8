"""What the Telegram server holds: people, chats, messages, topics."""

from dataclasses import dataclass, field
from typing import Any

from playground.stage import Stage
from playground.telegram.markup import refuse

Json = dict[str, Any]


@dataclass
class Person:
    """A user; `started`: the bot may write to them; `blocked`: no longer."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str = "en"
    started: bool = False
    blocked: bool = False

    def shown(self) -> Json:
        """Return the User object."""
        shown: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        shown["language_code"] = self.language_code
        return shown | ({"username": self.username} if self.username else {})


@dataclass
class Topic:
    """A forum topic; its id is the id of the message that made it."""

    id: int
    name: str
    closed: bool = False


@dataclass
class Chat:
    """A private chat (person set) or a group."""

    id: int
    title: str
    person: Person | None = None
    forum: bool = False
    bot_admin: bool = True
    members: set[int] = field(default_factory=set)
    messages: dict[int, Json] = field(default_factory=dict)
    versions: dict[int, list[Json]] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    last_message: int = 0

    def shown(self) -> Json:
        """Return the Chat object."""
        if self.person is not None:
            shown: Json = {"id": self.id, "type": "private", "first_name": self.person.first_name}
            return shown | ({"username": self.person.username} if self.person.username else {})
        shown = {"id": self.id, "title": self.title, "type": "supergroup"}
        return shown | ({"is_forum": True} if self.forum else {})

    def message(self, message_id: Any, what: str) -> Json:
        """Return a message, or refuse: "message to {what} not found"."""
        found = self.messages.get(number(message_id, "message_id"))
        if found is None:
            raise refuse(f"message to {what} not found")
        return found


def number(value: Any, name: str) -> int:
    """Read an integer argument, which forms spell as text."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise refuse(f'parameter "{name}" is required and must be an Integer') from None


class Server:
    """The state that methods and people share."""

    def __init__(self, stage: Stage, token: str) -> None:
        self.stage = stage
        self.token = token
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.callbacks: dict[str, Json] = {}
        self.me: Json = {
            "id": number(token.split(":")[0], "token"),
            "is_bot": True,
            "first_name": "Standby",
            "username": "standby_play_bot",
        }
        self._ids = stage.first_id * 1_000

    def next_id(self) -> int:
        """Return a new number for updates, callbacks and files; it grows by one."""
        self._ids += 1
        return self._ids

    def person(self, user_id: int) -> Person:
        """Return a person that a test acts as."""
        if user_id not in self.people:
            raise LookupError(f"no Telegram user {user_id}; there are {sorted(self.people)}")
        return self.people[user_id]

    def chat_of(self, chat_id: int) -> Chat:
        """Return a chat that a test names."""
        if chat_id not in self.chats:
            raise LookupError(f"no Telegram chat {chat_id}; there are {sorted(self.chats)}")
        return self.chats[chat_id]

    def chat(self, chat_id: Any) -> Chat:
        """Return a chat for the bot, or refuse as Telegram does."""
        if chat_id in (None, ""):
            raise refuse("chat_id is empty")
        try:
            chat = self.chats.get(int(chat_id))
        except (TypeError, ValueError):
            chat = None
        if chat is None:
            raise refuse("chat not found")
        return chat

    def writable(self, chat_id: Any) -> Chat:
        """Return a chat that the bot may write to."""
        chat = self.chat(chat_id)
        if chat.person is not None and chat.person.blocked:
            raise refuse("bot was blocked by the user", 403)
        if chat.person is not None and not chat.person.started:
            raise refuse("bot can't initiate conversation with a user", 403)
        return chat

    def put(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Store a message, whoever wrote it, and return it."""
        chat.last_message += 1
        message: Json = {
            "message_id": chat.last_message,
            "from": sender,
            "chat": chat.shown(),
            "date": self.stage.stamp(),
            **content,
        }
        chat.messages[chat.last_message] = message
        return message

    def threaded(self, chat: Chat, thread_id: Any) -> Json:
        """Return what a message in a topic carries; a topic that is not there is refused."""
        if thread_id in (None, "", 0):
            return {}
        topic = number(thread_id, "message_thread_id")
        if topic not in chat.topics:
            raise refuse("message thread not found")
        return {"message_thread_id": topic, "is_topic_message": True}

    def tell(self, kind: str, chat: Chat, message: Json, text: str, **data: Any) -> None:
        """Write down what happens to a message."""
        who = message["from"]
        entry: Json = {
            "who": "bot" if who["is_bot"] else str(who["id"]),
            "to": str(chat.person.id) if chat.person is not None and who["is_bot"] else "",
            "where": str(chat.id),
            "thread": str(message.get("message_thread_id", "")),
            "id": str(message["message_id"]),
            "text": text,
            "raw": message,
        }
        self.stage.tell("telegram", kind, **(entry | data))
