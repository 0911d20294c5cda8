"""How updates reach the bot: a webhook with retries, or a queue for long polling."""

import asyncio
import json
from typing import Any

from playground.courier import Delivered
from playground.gate import Incoming
from playground.stage import Stage
from playground.telegram.markup import refuse
from playground.telegram.methods import Method

Json = dict[str, Any]
RETRY_AFTER = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
OPT_IN = ("chat_member", "message_reaction", "message_reaction_count")


class Updates:
    """One queue; webhook and polling exclude each other. Mode "webhook": the bot's own URL, always."""

    def __init__(self, stage: Stage, secret: str, mode: str) -> None:
        if mode not in ("auto", "webhook", "polling"):
            raise ValueError(f"telegram_mode {mode!r} is none of auto, webhook, polling")
        self._stage, self._secret, self._mode = stage, secret, mode
        self._webhook: Json = {}
        self._allowed: list[str] = []
        self._news = asyncio.Event()
        self._polls = 0
        self._last_error: Json = {}
        self.pending: dict[int, Json] = {}
        self.sent: dict[int, Json] = {}

    def methods(self) -> dict[str, Method]:
        """Return the methods by name, getUpdates aside: it waits."""
        return {
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": lambda _a, _i: self.info(),
        }

    def _target(self) -> str:
        """Return the webhook's URL, or nothing while the bot polls."""
        if self._webhook:
            return str(self._webhook["url"])
        return self._stage.bot("/telegram/webhook") if self._mode == "webhook" else ""

    async def deliver(self, update: Json) -> Delivered:
        """Hand an update over: to the webhook at once, or to the queue (202)."""
        self.sent[update["update_id"]] = update
        kind = next(k for k in update if k != "update_id")
        if kind not in self._allowed if self._allowed else kind in OPT_IN:
            return Delivered(204, f"{kind} is not in allowed_updates")
        if not self._target():
            self.pending[update["update_id"]] = update
            self._wake()
            return Delivered(202, "queued for getUpdates")
        return await self._push(update)

    async def _push(self, update: Json) -> Delivered:
        self.pending[update["update_id"]] = update
        answer = await self._post(update)
        if not answer.ok:
            self._failed(update, answer)
            self._stage.courier.later(self._retry(update))
        return answer

    async def _post(self, update: Json) -> Delivered:
        secret = self._webhook.get("secret_token", "") if self._webhook else self._secret
        headers = {"Content-Type": "application/json"}
        if secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        url, body = self._stage.reachable(self._target()), json.dumps(update).encode()
        answer = await self._stage.courier.post(url, body, headers, timeout=60.0)
        if answer.ok:
            self.pending.pop(update["update_id"], None)
        else:
            message = f"Wrong response from the webhook: {answer.status}" if answer.status else answer.body
            self._last_error = {"last_error_date": self._stage.stamp(), "last_error_message": message}
        return answer

    async def _retry(self, update: Json) -> None:
        for seconds in RETRY_AFTER:
            await self._stage.courier.pause(seconds)
            if update["update_id"] not in self.pending or not self._target():
                return
            if (await self._post(update)).ok:
                return
        self.pending.pop(update["update_id"], None)
        self._stage.tell("telegram", "gave_up", id=str(update["update_id"]), raw=update)

    def _failed(self, update: Json, answer: Delivered) -> None:
        text = f"{answer.status} {answer.body[:200]}"
        name = str(update["update_id"])
        self._stage.tell("telegram", "delivery_failed", id=name, text=text, raw=update)

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def poll(self, arguments: Json) -> list[Json]:
        """getUpdates: waits up to `timeout` real seconds; a newer poll ends this one with 409."""
        if self._target():
            raise refuse(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete it first",
                409,
            )
        self._polls += 1
        mine = self._polls
        self._wake()
        offset = int(arguments.get("offset") or 0)
        self._confirm(offset)
        if "allowed_updates" in arguments:
            self._allowed = list(arguments["allowed_updates"] or [])
        limit = int(arguments.get("limit") or 100)
        try:
            async with asyncio.timeout(float(arguments.get("timeout") or 0)):
                while not self.pending and not self._stage.closing.is_set():
                    await self._changed()
                    self._check_alone(mine)
        except TimeoutError:
            pass
        return [update for _, update in sorted(self.pending.items())][:limit]

    async def _changed(self) -> None:
        """Wait for news or the end of the playground."""
        waits = [asyncio.ensure_future(e.wait()) for e in (self._news, self._stage.closing)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    def _check_alone(self, mine: int) -> None:
        if self._polls != mine:
            raise refuse(
                "terminated by other getUpdates request; make sure that only one bot instance is running", 409
            )

    def _confirm(self, offset: int) -> None:
        """A positive offset confirms what is older; a negative one keeps only the last updates."""
        ordered = sorted(self.pending)
        gone = ordered[:offset] if offset < 0 else [n for n in ordered if n < offset]
        for update_id in gone:
            del self.pending[update_id]

    def set_webhook(self, arguments: Json, _: Incoming) -> bool:
        """setWebhook; an empty URL takes it away. Waiting updates are pushed."""
        url, secret = str(arguments.get("url") or ""), str(arguments.get("secret_token") or "")
        if not url:
            return self.delete_webhook(arguments, _)
        if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise refuse("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > 256 or (not secret.replace("_", "").replace("-", "").isalnum() and secret):
            raise refuse("secret token contains unallowed characters")
        self._webhook = {"url": url, "secret_token": secret}
        self._webhook["max_connections"] = int(arguments.get("max_connections") or 40)
        if "allowed_updates" in arguments:
            self._allowed = list(arguments["allowed_updates"] or [])
        self._drop_or_push(arguments)
        return True

    def _drop_or_push(self, arguments: Json) -> None:
        if str(arguments.get("drop_pending_updates", "")).lower() == "true":
            self.pending.clear()
        elif self.pending and self._target():
            self._stage.courier.later(self._push_all())

    async def _push_all(self) -> None:
        for _, update in sorted(self.pending.items()):
            await self._push(update)

    def delete_webhook(self, arguments: Json, _: Incoming) -> bool:
        """deleteWebhook."""
        self._webhook = {}
        self._drop_or_push(arguments)
        return True

    def info(self) -> Json:
        """getWebhookInfo."""
        return {
            "url": self._target(),
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
            "max_connections": self._webhook.get("max_connections", 40),
            **self._last_error,
        }
