"""The words about links to the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.app.board_link import GOOD_FOR
from bot.app.speech import Speech
from bot.domain import board_notices as bn
from bot.domain import notices as no
from bot.domain.ids import PersonId
from bot.domain.message import Message


def _link(n: bn.BoardLinkForYou, s: Speech, name_of: Callable[[PersonId], str]) -> Message:
    text = "The board, for you alone: {url}\nThe link works once, within {minutes}."
    return Message(parts=s.say(text, url=n.url, minutes=s.span(GOOD_FOR)))


def _sent(n: bn.BoardLinkSent, s: Speech, name_of: Callable[[PersonId], str]) -> Message:
    return Message(parts=s.say("The link to the board is in your private messages."))


BOARD_WORDS: dict[type[no.Notice], Callable[[Any, Speech, Callable[[PersonId], str]], Message]] = {
    bn.BoardLinkForYou: _link,
    bn.BoardLinkSent: _sent,
}
