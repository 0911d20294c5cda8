"""The list of commands that Telegram shows to customers."""

from __future__ import annotations

import logging

from telegram.error import TelegramError

from channels.telegram.client import BotClient, scrub
from channels.telegram.errors import retry_after
from channels.telegram.pause import Backoff, forever

log = logging.getLogger(__name__)
COMMANDS = (
    ("help", "What I can do for you"),
    ("status", "Where your tickets stand"),
    ("new", "Report a new problem"),
    ("urgent", "It got worse: say so"),
    ("close", "It is solved: close the ticket"),
    ("reopen", "It came back: open it again"),
    ("language", "Another language: /language pl"),
)


async def keep_menu(bot: BotClient) -> None:
    """A task of the adapter: until it is taken, then stay. Nothing else waits for it."""
    trouble = Backoff(first=1)
    while True:
        try:
            await bot.set_my_commands(COMMANDS)
            break
        except TelegramError as error:
            log.warning("Telegram: the menu was not set: %s", scrub(str(error), bot.token))
            await trouble.wait(at_least=retry_after(error) or 0.0)
    await forever()
