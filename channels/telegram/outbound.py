"""Sending through the Bot API.

Threads. In a forum group a ticket has a topic, and the thread is the topic's id. Where there are no topics people
reply to its card, and the thread is `0.MESSAGE`, with the card's id. Both are what inbound addresses carry too.
(`TOPIC.MESSAGE` is taken wherever a thread or a message is asked for.)
"""

from __future__ import annotations

import collections
import datetime as dt
import logging
from typing import Any

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.app.ports import Capabilities, Facts, Outgoing, Permanent, Receipt
from bot.domain.ids import Address, PersonId
from bot.domain.message import CardView
from channels.telegram import render
from channels.telegram.client import BotClient
from channels.telegram.errors import delivery_errors
from channels.telegram.inbound import TELEGRAM
from channels.telegram.render import Piece

log = logging.getLogger(__name__)
MARKS = {"sent": "👌", "internal": "🙈", "failed": "💔"}
"""Only emoji of Telegram's fixed list may be reactions."""
REMEMBERED = 10_000
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_NO_TOPICS = ("not a forum", "not enough rights")
_NO_TOPIC = ("message thread not found", "topic_id_invalid", "topic_deleted")
_SAME = ("message is not modified",)
_MARKUP = ("can't parse entities",)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramChannel:
    """bot.app.ports.Channel over the Bot API."""

    capabilities = Capabilities(
        label="Telegram",
        text_limit=3500,
        edits=True,
        cards=True,
        marks=True,
        pages=True,
        receipts=False,
        toast_limit=190,
        card_gap=dt.timedelta(seconds=3.2),
    )

    def __init__(self, bot: BotClient, facts: Facts) -> None:
        self._bot, self._facts = bot, facts
        self._empty_topics: dict[tuple[str, str], str] = {}
        """(place, ticket) -> a topic that was made but has no card yet: the next try takes it."""
        self._threads: collections.OrderedDict[tuple[str, str], str] = collections.OrderedDict()
        """(place, card's message) -> thread, of the last cards: Telegram does not say it with every answer."""

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Post one message, in several pieces if it is long (the receipt names the last, which has the buttons)."""
        place = outgoing.address.place
        buttons = render.keyboard(outgoing.message.choices)
        message = (
            render.repeated(outgoing.message) if outgoing.again and not outgoing.edits else outgoing.message
        )
        if outgoing.edits:
            piece = render.single(message, self._who)
            if await self._edit(place, outgoing.edits, piece, buttons):
                return Receipt(message=outgoing.edits)
        *first, last = render.pieces(message, self._who)
        with delivery_errors(self._bot.token):
            where = _reply_in(outgoing.address.thread)
            for piece in first:
                await self._post(place, piece, None, where)
            posted = await self._post(place, last, buttons, where)
            return Receipt(message=str(posted.message_id))

    async def put_card(self, address: Address, card: CardView, message: str, token: str) -> Receipt:
        """Change the card, or post it: as the first message of a topic of its own where the chat has topics."""
        place, piece, buttons = address.place, render.card(card), render.keyboard(card.choices)
        thread = address.thread or self._threads.get((place, message), "")
        if message and (edited := await self._edit(place, message, piece, buttons)):
            return self._stands(place, message, thread or _thread_of(edited))
        thread = thread or self._empty_topics.get((place, card.ticket), "")
        with delivery_errors(self._bot.token):
            posted = await self._post_again(place, thread, piece, buttons) if thread else None
            if posted is None:
                topic = await self._new_topic(place, card)
                posted = await self._post(place, piece, buttons, _reply_in(topic))
        self._empty_topics.pop((place, card.ticket), None)
        return self._stands(place, str(posted.message_id), _thread_of(posted))

    async def mark(self, address: Address, message: str, mark: str) -> None:
        """Set the reaction; setting it again changes nothing."""
        if mark not in MARKS:
            raise Permanent(f"Telegram: no such mark: {mark}")
        with delivery_errors(self._bot.token, harmless=True):
            number = _number(message.rpartition(".")[2])
            await self._bot.set_message_reaction(_chat(address.place), number, MARKS[mark])

    def _who(self, person: PersonId) -> str | None:
        return self._facts.identity_of(person, TELEGRAM)

    def _stands(self, place: str, message: str, thread: str) -> Receipt:
        if thread:
            self._threads[(place, message)] = thread
            self._threads.move_to_end((place, message))
        while len(self._threads) > REMEMBERED:
            self._threads.popitem(last=False)
        return Receipt(message=message, thread=thread)

    async def _post_again(
        self, place: str, thread: str, piece: Piece, buttons: InlineKeyboardMarkup | None
    ) -> Message | None:
        """Into the topic that there was, if it is still there."""
        with _Tolerating(_NO_TOPIC):
            return await self._post(place, piece, buttons, _reply_in(thread))
        return None

    async def _new_topic(self, place: str, card: CardView) -> str:
        """Empty where the chat has no topics, or we may not make any: the card matters more than its place."""
        with _Tolerating(_NO_TOPICS):
            made = await self._bot.create_forum_topic(_chat(place), render.topic_name(card))
            self._empty_topics[(place, card.ticket)] = str(made.message_thread_id)
            return str(made.message_thread_id)
        log.warning("Telegram: chat %s gives us no topics; its cards stand without", place)
        return ""

    async def _post(
        self, place: str, piece: Piece, buttons: InlineKeyboardMarkup | None, where: dict[str, Any]
    ) -> Message:
        """Refused markup must not lose the message: then it goes without."""
        chat = _chat(place)
        more: dict[str, Any] = {"reply_markup": buttons, "link_preview_options": _NO_PREVIEW, **where}
        with _Tolerating(_MARKUP):
            return await self._bot.send_message(chat, piece.html, parse_mode=ParseMode.HTML, **more)
        log.warning("Telegram: markup was refused, sending it plain")
        return await self._bot.send_message(chat, piece.text, **more)

    async def _edit(
        self, place: str, message: str, piece: Piece, buttons: InlineKeyboardMarkup | None
    ) -> Message | bool:
        """False when there is nothing to edit any more. A repeat does no harm: "not modified" is done."""
        more: dict[str, Any] = {"reply_markup": buttons, "link_preview_options": _NO_PREVIEW}
        with delivery_errors(self._bot.token, harmless=True):
            more |= {"chat_id": _chat(place), "message_id": _number(message.rpartition(".")[2])}
            with _Tolerating(_GONE), _Tolerating(_SAME) as same:
                with _Tolerating(_MARKUP):
                    return await self._bot.edit_message_text(piece.html, parse_mode=ParseMode.HTML, **more)
                return await self._bot.edit_message_text(piece.text, **more)
            return same.happened


class _Tolerating:
    """Swallows a BadRequest with one of these words: what follows is the other way. `happened` says so."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words
        self.happened = False

    def __enter__(self) -> _Tolerating:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        self.happened = isinstance(error, BadRequest) and any(w in error.message.lower() for w in self._words)
        return self.happened


def _chat(place: str) -> int | str:
    return int(place) if place.lstrip("-").isdigit() else place


def _reply_in(thread: str) -> dict[str, Any]:
    """The arguments that put a message into a thread."""
    topic, _, root = thread.partition(".")
    if _number(topic or "0"):
        return {"message_thread_id": int(topic)}
    if not _number(root or "0"):
        return {}
    return {"reply_parameters": ReplyParameters(int(root), allow_sending_without_reply=True)}


def _thread_of(card: Message | bool) -> str:
    """Of a card as Telegram shows it."""
    if not isinstance(card, Message):
        return ""
    if card.is_topic_message and card.message_thread_id:
        return str(card.message_thread_id)
    return f"0.{card.message_id}"


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise Permanent(f"Telegram: no such message or thread: {text[:20]!r}")
    return int(text)
