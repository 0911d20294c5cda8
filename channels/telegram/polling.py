"""Long polling of our own: the offset moves past an update only when it is durable.

python-telegram-bot's updater confirms updates when they are queued in memory; a crash would lose up to a hundred.
"""

from __future__ import annotations

import logging
from typing import Any

from pydantic import ValidationError
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.app.ports import Overloaded
from channels.telegram.client import BotClient, scrub
from channels.telegram.errors import retry_after
from channels.telegram.intake import Intake
from channels.telegram.pause import Backoff
from channels.telegram.payloads import Update

log = logging.getLogger(__name__)
LONG = 25
"""Seconds that Telegram may keep a poll open."""


class Polling:
    """Asks for updates until cancelled. `connected` is what the last question came to."""

    def __init__(self, bot: BotClient, intake: Intake) -> None:
        self._bot, self._intake = bot, intake
        self._offset: int | None = None
        self._trouble, self._busy = Backoff(), Backoff(first=0.2, most=5)
        self.connected = False

    async def run(self) -> None:
        """A task of the adapter. After a crash it may simply be run again: what was not confirmed comes again."""
        self.connected = False
        while not await self._free_the_way():
            continue
        while True:
            await self._round()

    async def _free_the_way(self) -> bool:
        """A webhook that is set excludes polling."""
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            await self._failed(error)
            return False
        self._trouble.reset()
        return True

    async def _round(self) -> None:
        """One question and what came of it. After trouble, a short one, to know soon that it is over."""
        try:
            batch = await self._bot.raw_updates(self._offset, LONG if self.connected else 0)
        except TelegramError as error:
            await self._failed(error)
            return
        self.connected = True
        self._trouble.reset()
        if await self._take_all(batch):
            self._busy.reset()
        else:
            await self._busy.wait()

    async def _failed(self, error: TelegramError) -> None:
        self.connected = False
        why = scrub(str(error), self._bot.token)
        if isinstance(error, Conflict):
            log.error("Telegram: only one process may poll with this token: %s", why)
        elif isinstance(error, InvalidToken):
            log.error("Telegram: the token is refused, ask @BotFather for it: %s", why)
        else:
            log.warning("Telegram: no updates: %s", why)
        await self._trouble.wait(at_least=retry_after(error) or 0.0)

    async def _take_all(self, batch: list[Any]) -> bool:
        """False: ask again from where we stand, a little later."""
        before = self._offset
        for raw in batch:
            if not await self._take(raw):
                return False
            update_id = raw.get("update_id") if isinstance(raw, dict) else None
            if isinstance(update_id, int):
                self._offset = update_id + 1
        return not batch or self._offset != before

    async def _take(self, raw: Any) -> bool:
        """True when the offset may move past it."""
        try:
            await self._intake.take(Update.model_validate(raw))
        except ValidationError as error:
            self._intake.odd(error)
        except Overloaded:
            log.info("Telegram: overloaded, asking again")
            return False
        except Exception:
            log.exception("Telegram: an update could not be received; it comes again")
            return False
        return True
