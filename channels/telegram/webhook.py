"""Updates pushed by Telegram. The secret first; 200 only when the update is durable."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import weakref

from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from telegram.error import TelegramError

from bot.app.ports import Overloaded
from channels.adapter import World
from channels.telegram.client import ALLOWED_UPDATES, BotClient, scrub
from channels.telegram.errors import retry_after
from channels.telegram.intake import Intake
from channels.telegram.pause import Backoff, forever
from channels.telegram.payloads import Update

log = logging.getLogger(__name__)
PATH = "/telegram/webhook"
HEADER = "x-telegram-bot-api-secret-token"
MAX_CONNECTIONS = 40


class Webhook:
    """The route, and the task that tells Telegram of it."""

    def __init__(self, bot: BotClient, intake: Intake, world: World, secret: str) -> None:
        self._bot, self._intake, self._world, self._secret = bot, intake, world, secret
        self._turns: weakref.WeakValueDictionary[int, asyncio.Lock] = weakref.WeakValueDictionary()
        self.connected = False

    async def run(self) -> None:
        """Set the webhook, again and again until it is taken, then stay."""
        self.connected = False
        trouble = Backoff()
        while not self.connected:
            try:
                await self._bot.set_webhook(
                    self._world.public_url + PATH,
                    secret_token=self._secret,
                    allowed_updates=ALLOWED_UPDATES,
                    max_connections=MAX_CONNECTIONS,
                )
                self.connected = True
            except TelegramError as error:
                log.error("Telegram: the webhook was not set: %s", scrub(str(error), self._bot.token))
                await trouble.wait(at_least=retry_after(error) or 0.0)
        await forever()

    async def handle(self, request: Request) -> Response:
        """Anything with the secret that is no update gets its 200, or it would come again for ever."""
        if not self._trusted(request):
            self._world.count("refused", "telegram")
            return Response(status_code=401)
        try:
            update = Update.model_validate_json(readable(await request.body()))
        except ValidationError as error:
            self._intake.odd(error)
            return Response()
        except ClientDisconnect:
            return Response(status_code=400)
        async with self._turn(update.chat):
            return await self._take(update)

    def _trusted(self, request: Request) -> bool:
        given = request.headers.get(HEADER, "").encode("latin-1")
        return hmac.compare_digest(given, self._secret.encode())

    def _turn(self, chat: int) -> asyncio.Lock:
        """Calls overlap, but a chat's updates are received one after another, in the order in which they came.
        A lock lives as long as somebody waits for it."""
        return self._turns.setdefault(chat, asyncio.Lock())

    async def _take(self, update: Update) -> Response:
        try:
            await self._intake.take(update)
        except Overloaded:
            return Response(status_code=503, headers={"Retry-After": "1"})
        except Exception:
            log.exception("Telegram: an update could not be received; it comes again")
            return Response(status_code=503, headers={"Retry-After": "5"})
        return Response()


def readable(body: bytes) -> bytes:
    """The same JSON; half a character (a lone surrogate), which no text may hold, becomes a question mark."""
    if b"\\ud" not in body.lower():
        return body
    try:
        return json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")
    except ValueError:
        return body
