"""How things reach the app: signed HTTP or a socket, and Slack's retries of events."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from playground.courier import Delivered, Result, repeated
from playground.slack import payloads
from playground.slack.sockets import Sockets
from playground.slack.text import seen
from playground.slack.workspace import Workspace

Json = dict[str, Any]
RETRY_AFTER = (0.0, 60.0, 300.0)
PATIENCE = 3.0


class Delivery:
    """Events with retries, interactions and commands without."""

    def __init__(self, workspace: Workspace, sockets: Sockets, secret: str) -> None:
        self._workspace, self._stage, self._sockets = workspace, workspace.stage, sockets
        self._secret = secret
        self.envelopes: dict[str, Json] = {}

    @property
    def reachable(self) -> bool:
        """Whether there is anybody to deliver to."""
        return self._sockets.wanted or self._stage.bot_url is not None

    def sign(self, body: bytes, timestamp: int | str) -> dict[str, str]:
        """Return the headers of Slack's v0 signature."""
        base = b"v0:" + str(timestamp).encode() + b":" + body
        digest = hmac.new(self._secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}

    async def event(self, event: Json, *, times: int = 1) -> Result:
        """Deliver an event, several times under one event_id if asked."""
        envelope = payloads.envelope(self._workspace, event)
        self.envelopes[envelope["event_id"]] = envelope
        return await repeated(times, lambda: self._first(envelope))

    async def again(self, event_id: str) -> Delivered:
        """Deliver an event once more, as it was."""
        return await self._first(self.envelopes[event_id])

    def echo(self, *events: Json) -> None:
        """Deliver events one after another in the background, if there is anybody to hear them."""
        if self.reachable:
            self._stage.courier.later(self._all(events))

    async def _all(self, events: tuple[Json, ...]) -> None:
        for event in events:
            await self.event(event)

    async def interact(self, payload: Json, *, times: int = 1) -> Result:
        """Deliver an interaction; Slack never retries these."""
        form = urlencode({"payload": json.dumps(payload)}).encode()
        return await repeated(times, lambda: self._once("interactive", payload, form))

    async def command(self, fields: dict[str, str], *, times: int = 1) -> Result:
        """Deliver a slash command; Slack never retries these."""
        form = urlencode(fields).encode()
        return await repeated(times, lambda: self._once("slash_commands", dict(fields), form))

    async def _once(self, kind: str, payload: Json, form: bytes) -> Delivered:
        if self._sockets.wanted:
            answer = await self._sockets.send(kind, payload)
        else:
            answer = await self._post(form, "application/x-www-form-urlencoded", {})
        if not answer.ok:
            self._failed(kind, payload.get("type") or payload.get("command") or "", payload, answer)
        return answer

    async def _first(self, envelope: Json) -> Delivered:
        answer = await self._send(envelope, 0, "")
        if not answer.ok:
            self._failed("event", envelope["event_id"], envelope["event"], answer)
            self._stage.courier.later(self._retry(envelope, answer))
        return answer

    async def _send(self, envelope: Json, attempt: int, reason: str) -> Delivered:
        if self._sockets.wanted:
            return await self._sockets.send("events_api", envelope, retry=attempt, reason=reason)
        retry = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
        return await self._post(json.dumps(envelope).encode(), "application/json", retry)

    async def _post(self, body: bytes, kind: str, extra: dict[str, str]) -> Delivered:
        if self._stage.bot_url is None:
            return Delivered(0, "connection_failed: no bot_url and no socket")
        headers = {"Content-Type": kind, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        headers |= self.sign(body, self._stage.stamp()) | extra
        url = self._stage.bot_url.rstrip("/") + "/slack/events"
        return await self._stage.courier.post(url, body, headers, timeout=PATIENCE)

    async def _retry(self, envelope: Json, answer: Delivered) -> None:
        for attempt, seconds in enumerate(RETRY_AFTER, start=1):
            if answer.headers.get("x-slack-no-retry") == "1":
                return
            await self._stage.courier.pause(seconds)
            answer = await self._send(envelope, attempt, _reason(answer))
            if answer.ok:
                return
        self._stage.tell("slack", "gave_up", id=envelope["event_id"], text=answer.body, raw=envelope)

    def _failed(self, kind: str, name: str, payload: Json, answer: Delivered) -> None:
        text = f"{kind} {name}: {answer.status} {answer.body[:200]} {seen(payload)[:80]}"
        self._stage.tell("slack", "delivery_failed", id=name, text=text, raw=payload)


def _reason(answer: Delivered) -> str:
    if answer.status:
        return "http_error"
    return "http_timeout" if answer.body == "timeout" else "connection_failed"
