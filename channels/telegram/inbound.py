"""Telegram's updates in our words. Pure: an Update in, an Inbound (or nothing) out."""

from __future__ import annotations

from collections.abc import Callable

from bot.app.inbound import ActionIn, MessageIn, Sender
from bot.domain.events import Attachment
from bot.domain.grammar import parse_action
from bot.domain.ids import Address, ChannelName
from channels.telegram.payloads import CallbackQuery, File, Message, Update, User

TELEGRAM = ChannelName("telegram")
FILE_SCHEME = "telegram:"
"""`url` of an attachment is this and the file_id; a real link would have the bot's token in it."""
_KINDS = (
    ("document", "file", "application/octet-stream"),
    ("video", "video.mp4", "video/mp4"),
    ("audio", "audio.mp3", "audio/mpeg"),
    ("voice", "voice.ogg", "audio/ogg"),
    ("video_note", "video.mp4", "video/mp4"),
)


def translate(update: Update, is_desk: Callable[[str], bool]) -> MessageIn | ActionIn | None:
    """None for what is not for us: other groups, bots, service messages, buttons that are not ours."""
    if update.callback_query is not None:
        return _action(update.update_id, update.callback_query)
    if update.message is not None:
        return _message(update.update_id, update.message, is_desk)
    return None


def _action(update_id: int, query: CallbackQuery) -> ActionIn | None:
    action = parse_action(query.data)
    if action is None or query.message is None:
        return None
    return ActionIn(
        channel=TELEGRAM,
        external_id=str(update_id),
        sender=_sender(query.sender),
        address=_address(query.message),
        action=action,
        message=str(query.message.message_id),
    )


def _message(update_id: int, message: Message, is_desk: Callable[[str], bool]) -> MessageIn | None:
    direct = message.chat.type == "private"
    if message.sender is None or message.sender.is_bot or message.sender_chat is not None:
        return None
    if not direct and not is_desk(str(message.chat.id)):
        return None
    text, attachments = _text(message), _attachments(message)
    if not text and not attachments:
        return None
    return MessageIn(
        channel=TELEGRAM,
        external_id=str(update_id),
        sender=_sender(message.sender),
        address=_address(message),
        text=text,
        message=str(message.message_id),
        attachments=attachments,
        direct=direct,
    )


def _sender(user: User) -> Sender:
    """By the number: user names are given up and sold."""
    return Sender(id=str(user.id), name=f"{user.first_name} {user.last_name}".strip() or user.username)


def _address(message: Message) -> Address:
    return Address(channel=TELEGRAM, place=str(message.chat.id), thread=_thread(message))


def _thread(message: Message) -> str:
    """The topic; or, outside topics, `0.MESSAGE` of the message at the root of the replies (see outbound.py)."""
    if message.chat.type == "private":
        return ""
    if message.is_topic_message and message.message_thread_id is not None:
        return str(message.message_thread_id)
    root = message.reply_to_message.message_id if message.reply_to_message else None
    if not message.chat.is_forum:
        root = message.message_thread_id or root
    return f"0.{root}" if root else ""


def _text(message: Message) -> str:
    first = next((e for e in message.entities if e.type == "bot_command" and e.offset == 0), None)
    if first is not None:
        slash = "" if message.chat.type == "private" else "/"
        return slash + _command(message.text[: first.length], message.text[first.length :])
    if message.sticker is not None:
        return message.sticker.emoji
    if message.contact is not None:
        who = message.contact
        return " ".join(part for part in (who.first_name, who.last_name, who.phone_number) if part)
    if message.location is not None:
        return f"geo:{message.location.latitude},{message.location.longitude}"
    return message.text or message.caption


def _command(word: str, rest: str) -> str:
    """`/status@desk_bot x` -> `status x`. `/start` is what Telegram's Start button says: it asks for help.

    (At a desk the slash stays: it tells a command from words for the customer.)"""
    bare = word.removeprefix("/").partition("@")[0]
    return "help" if bare.lower() == "start" else (bare + rest).strip()


def _attachments(message: Message) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    if message.photo:
        found.append(_attachment(message.photo[-1], "photo.jpg", "image/jpeg"))
    for kind, name, mime in _KINDS:
        file: File | None = getattr(message, kind)
        if file is not None:
            found.append(_attachment(file, name, mime))
    return tuple(found)


def _attachment(file: File, name: str, mime: str) -> Attachment:
    return Attachment(
        name=file.file_name or name, mime=file.mime_type or mime, url=FILE_SCHEME + file.file_id
    )
