"""Our line to one Slack workspace: the client with its one HTTP session, and who we are there."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.app.ports import DeliveryError, Permanent
from channels.slack.errors import translated
from channels.slack.payload import dig, word

PATIENCE = 10
"""Seconds for a call in all; five of them to connect, so that a late connection is told from a late answer."""
_TIMEOUT = aiohttp.ClientTimeout(total=PATIENCE, connect=5, sock_connect=5)
_PEOPLE = ("U", "W")
_log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Identity:
    """Who the token is, as far as Slack has told."""

    user: str = ""
    bot: str = ""
    team: str = ""


class Workspace:
    """Used by everything that talks to Slack. Works before `start` too, one connection a call."""

    def __init__(self, token: str, api_url: str) -> None:
        self.client = AsyncWebClient(token, base_url=api_url, timeout=PATIENCE, retry_handlers=[])
        self.identity = Identity()
        self._direct: dict[str, str] = {}

    async def start(self) -> None:
        """Open the session and ask once who we are; Slack being down is no reason not to start."""
        self.client.session = aiohttp.ClientSession(timeout=_TIMEOUT)
        try:
            async with asyncio.timeout(3):
                answer = await self.call("auth.test", self.client.auth_test(), repeatable=True)
        except (DeliveryError, TimeoutError) as error:
            _log.warning("Slack did not say who we are: %s", error)
            return
        self.identity = Identity(
            user=word(answer.data, "user_id"),
            bot=word(answer.data, "bot_id"),
            team=word(answer.data, "team_id"),
        )

    async def stop(self) -> None:
        session, self.client.session = self.client.session, None
        if session is not None:
            await session.close()

    async def call(
        self, what: str, request: Awaitable[AsyncSlackResponse], *, repeatable: bool = False
    ) -> AsyncSlackResponse:
        """Await an API call; raises DeliveryError."""
        with translated(what, repeatable=repeatable):
            return await request

    async def place(self, place: str) -> str:
        """A conversation's id: a person's id stands for the direct message with them. Raises DeliveryError."""
        if not place.startswith(_PEOPLE):
            return place
        if place not in self._direct:
            opening = self.client.conversations_open(users=place)
            answer = await self.call("conversations.open", opening, repeatable=True)
            found = word(dig(answer.data, "channel"), "id")
            if not found:
                raise Permanent("conversations.open: no channel in the answer", "no_channel")
            self._direct[place] = found
        return self._direct[place]
