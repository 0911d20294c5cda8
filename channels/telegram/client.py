"""The Bot API client: python-telegram-bot's Bot, with raw updates and without its token in anybody's log."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import os
from typing import Any

from telegram import Bot
from telegram.request import HTTPXRequest

from channels.telegram.settings import TelegramSettings

os.environ.setdefault("PTB_TIMEDELTA", "1")
"""Otherwise every RetryAfter is a deprecation warning: the library's switch is this variable and nothing else."""

ALLOWED_UPDATES = ("message", "callback_query")
"""Always said: Telegram keeps the list of the last call that said one."""


class BotClient(Bot):
    """A Bot that needs no `initialize` (it would ask getMe first, and fail the start with it)."""

    async def raw_updates(self, offset: int | None, wait: int) -> list[Any]:
        """getUpdates as it came. The library's own parses the whole batch and raises for one odd update.

        `wait`: seconds that Telegram may keep the question open."""
        found = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": wait, "allowed_updates": list(ALLOWED_UPDATES)},
            read_timeout=wait + 10,
        )
        return found if isinstance(found, list) else []

    async def aclose(self) -> None:
        """Close all connections."""
        await asyncio.gather(*(request.shutdown() for request in self._request))


def make_bot(settings: TelegramSettings, *, read_timeout: float = 15.0) -> BotClient:
    """`read_timeout` in seconds: longer than the library's 5, since a late answer means that nobody knows."""
    token = settings.token.get_secret_value()
    for name in ("httpx", "telegram.Bot"):
        logging.getLogger(name).addFilter(TokenFilter(token=token))
    return BotClient(
        token,
        base_url=settings.base_url,
        base_file_url=settings.base_file_url,
        request=HTTPXRequest(connection_pool_size=64, read_timeout=read_timeout, pool_timeout=5.0),
        get_updates_request=HTTPXRequest(connection_pool_size=8, read_timeout=read_timeout),
    )


def scrub(text: str, token: str) -> str:
    """The text without the token."""
    return text.replace(token, "<token>")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TokenFilter:
    """Both libraries log URLs, and Telegram's have the token in them."""

    token: str = dataclasses.field(repr=False)

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the record is cleaned."""
        text = record.getMessage()
        if self.token in text:
            record.msg, record.args = scrub(text, self.token), ()
        return True
