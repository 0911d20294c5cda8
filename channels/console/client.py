"""The terminal's side: be a customer. Lines go to the bot; what it says is written; a number picks a choice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx

from channels.console.inbound import PATH

Write = Callable[[str], None]
LINGER = 1.5
"""Seconds for the last answers after the last line."""
PAUSE = 1.0
"""Seconds between two tries while the bot is away."""


class Refused(Exception):
    """The bot does not take our token (401), or our words."""

    def __init__(self, status: int) -> None:
        super().__init__(
            "the bot refuses this token" if status == 401 else "the bot does not understand that"
        )
        self.status = status


async def chat(url: str, token: str, who: str, lines_in: AsyncIterator[str], write: Write) -> bool:
    """Until `lines_in` ends and what comes of it has had a moment to arrive, or the token is refused (then False).
    `write` gets whole blocks of text without a last newline."""
    headers = {b"authorization": f"Bearer {token}".strip().encode()}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as http:
        talk, fine = Talk(http, who, write), True
        try:
            await talk.begin()
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(talk.listen())
                async for line in lines_in:
                    await talk.say(line.strip())
                await _pause(LINGER)
                listening.cancel()
        except* Refused as refusals:
            write(f"({refusals.exceptions[0]})")
            fine = False
    return fine


class Talk:
    """One person's conversation."""

    def __init__(self, http: httpx.AsyncClient, who: str, write: Write) -> None:
        self._http, self._who, self._write = http, who, write
        self._choices: list[dict[str, str]] = []
        self._session, self._said, self._after = "", 0, 0

    async def begin(self) -> None:
        """Get a session, and what was said while nobody was here."""
        await self._fetch(wait=0)

    async def listen(self) -> None:
        """Write what comes, for ever."""
        while True:
            await self._fetch(wait=10)

    async def say(self, line: str) -> None:
        """Send a line, under an id that stays the same however often it has to be tried."""
        if not line:
            return
        self._said += 1
        picked = self._choices[int(line) - 1] if self._is_choice(line) else None
        what = {"action": picked["id"]} if picked else {"text": line}
        body = {"id": f"{self._session}-{self._said}", "who": self._who, **what}
        if picked:
            self._choices = []
        try:
            answer = await self._ask("POST", json=body)
        except Refused as refused:
            if refused.status == 401:
                raise
            self._write(f"({refused})")
            return
        if answer["reply"]:
            self._show(answer["reply"])

    def _is_choice(self, line: str) -> bool:
        return line.isdecimal() and 1 <= int(line) <= len(self._choices)

    async def _fetch(self, wait: int) -> None:
        query = {"who": self._who, "after": self._after, "wait": wait}
        answer = await self._ask("GET", params=query)
        self._session = self._session or answer["session"]
        for message in answer["messages"]:
            self._after = message["number"]
            self._show(message)

    async def _ask(self, method: str, **request: Any) -> dict[str, Any]:
        """Again until the bot answers; only a refusal ends it."""
        away = False
        while True:
            try:
                answer = await self._http.request(method, PATH, **request)
            except httpx.LocalProtocolError:
                raise Refused(401) from None  # no header can carry such a token
            except httpx.TransportError:
                if not away:
                    self._write("(the bot is away; trying again)")
                away = True
            else:
                if answer.is_success:
                    found: dict[str, Any] = answer.json()
                    return found
                if answer.status_code < 500:
                    raise Refused(answer.status_code)
            await _pause(PAUSE)

    def _show(self, message: dict[str, Any]) -> None:
        """The text, and its choices numbered unless the text has the numbers already."""
        choices = message["choices"]
        numbered = [f"  {n} {choice['label']}" for n, choice in enumerate(choices, 1)]
        self._choices = choices or self._choices
        self._write("\n".join([message["text"], *([] if message["digits"] else numbered)]))


async def _pause(seconds: float) -> None:
    """An event that never comes, with a deadline."""
    try:
        await asyncio.wait_for(asyncio.Event().wait(), seconds)
    except TimeoutError:
        return
