"""`board`: a link to the live board, in private."""

from __future__ import annotations

from collections.abc import Callable

from bot.app.asked import Asked
from bot.app.board_link import new_link
from bot.app.context import Context
from bot.app.places import privately
from bot.domain import board_notices as bn
from bot.domain import notices as no
from bot.domain.errors import NotPossible


def _board(ctx: Context, asked: Asked) -> no.Notice:
    """In private, wherever it was asked for."""
    url = new_link(ctx, asked.person)
    if not privately(ctx, asked.person, bn.BoardLinkForYou(url=url)):
        raise NotPossible("You have no chat and no phone that the link could go to")
    return bn.BoardLinkSent()


BOARD: dict[str, Callable[[Context, Asked], no.Notice]] = {"board": _board}
