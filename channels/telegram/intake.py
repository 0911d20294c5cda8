"""What happens to each update, whichever way it came: translated, received, its button answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from pydantic import ValidationError
from telegram.error import TelegramError

from bot.app.inbound import ActionIn
from bot.domain.message import Message
from channels.adapter import World
from channels.telegram.client import BotClient, scrub
from channels.telegram.inbound import TELEGRAM, translate
from channels.telegram.payloads import Update
from channels.telegram.render import cut

log = logging.getLogger(__name__)
TOAST = 200


class Intake:
    """Takes updates in. Answers to buttons go out beside it, so a slow vendor holds nothing up."""

    def __init__(self, bot: BotClient, world: World) -> None:
        self._bot, self._world = bot, world
        self._answers: set[asyncio.Task[None]] = set()

    async def take(self, update: Update) -> None:
        """When this returns, the update is durable or not for us. Raises what `receive` raises."""
        self._note_migration(update)
        inbound = translate(update, lambda place: self._world.facts.is_desk(TELEGRAM, place))
        outcome = await self._world.receive(inbound) if inbound is not None else None
        if update.callback_query is not None:
            reply = outcome.reply if outcome is not None and isinstance(inbound, ActionIn) else None
            self._beside(self._answer(update.callback_query.id, reply))

    def odd(self, error: ValidationError) -> None:
        """Something that is no update as we know them: said and counted, its content kept out of the log."""
        self._world.count("malformed", "telegram")
        where = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False)[:5]]
        log.warning("Telegram: an update was skipped, odd in %s", where)

    def _note_migration(self, update: Update) -> None:
        if update.message is not None and update.message.migrate_to_chat_id is not None:
            old, new = update.message.chat.id, update.message.migrate_to_chat_id
            log.warning("Telegram: group %s is now %s: put the new id into telegram_chat", old, new)

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, query: str, reply: Message | None) -> None:
        """Until it is answered, the button shows a spinner."""
        try:
            await self._bot.answer_callback_query(query, text=cut(reply.text, TOAST) if reply else None)
        except TelegramError as error:
            log.info("Telegram: a button was not answered: %s", scrub(str(error), self._bot.token))

    async def stop(self) -> None:
        """Answers that are under way get a moment, then they end."""
        pending = tuple(self._answers)
        if pending:
            await asyncio.wait(pending, timeout=2)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
