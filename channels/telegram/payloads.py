"""The parts of Telegram's Update that we read; everything else in it is ignored, so new fields do no harm."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Payload(BaseModel):
    """Errors about people's words do not quote them."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class User(Payload):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str = ""


class Chat(Payload):
    id: int
    type: str
    is_forum: bool = False


class Entity(Payload):
    """`offset` and `length` in UTF-16 units."""

    type: str
    offset: int
    length: int


class File(Payload):
    file_id: str
    file_name: str = ""
    mime_type: str = ""


class Sticker(Payload):
    emoji: str = ""


class Contact(Payload):
    phone_number: str
    first_name: str = ""
    last_name: str = ""


class Location(Payload):
    latitude: float
    longitude: float


class Quoted(Payload):
    """The message that this one replies to."""

    message_id: int


class Message(Payload):
    message_id: int
    chat: Chat
    sender: User | None = Field(default=None, alias="from")
    sender_chat: Chat | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    reply_to_message: Quoted | None = None
    text: str = ""
    caption: str = ""
    entities: tuple[Entity, ...] = ()
    photo: tuple[File, ...] = ()
    document: File | None = None
    audio: File | None = None
    voice: File | None = None
    video: File | None = None
    video_note: File | None = None
    sticker: Sticker | None = None
    contact: Contact | None = None
    location: Location | None = None
    migrate_to_chat_id: int | None = None


class CallbackQuery(Payload):
    id: str
    sender: User = Field(alias="from")
    message: Message | None = None
    data: str = ""


class Update(Payload):
    update_id: int
    message: Message | None = None
    callback_query: CallbackQuery | None = None

    @property
    def chat(self) -> int:
        """Where it happened, for the order; 0 where it has no place."""
        message = self.message or (self.callback_query.message if self.callback_query else None)
        return message.chat.id if message else 0
