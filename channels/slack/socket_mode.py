"""Socket mode: one websocket to Slack, watched, closed cleanly. Bolt acknowledges only what was answered with 200."""

from __future__ import annotations

import asyncio
from typing import NoReturn

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from channels.slack.workspace import Workspace

CONNECT, LOOK, DOWN = 30.0, 5.0, 30.0
"""Real seconds: to get connected, between two looks, and down before everything is begun anew (the SDK tries an
address that no longer works again and again)."""


class SocketMode:
    """`run` is the task; it ends only by being cancelled, or raises for its supervisor to start it again."""

    def __init__(self, app: AsyncApp, app_token: str, workspace: Workspace) -> None:
        self._app, self._app_token, self._workspace = app, app_token, workspace
        self._client: SocketModeClient | None = None

    def connected(self) -> bool:
        """As SocketModeClient.is_connected, without its ping: a silent socket turns stale within its own watch."""
        client = self._client
        if client is None or client.closed or client.stale or client.current_session is None:
            return False
        return not client.current_session.closed

    async def run(self) -> NoReturn:
        handler = AsyncSocketModeHandler(self._app, self._app_token, web_client=self._workspace.client)
        self._client = handler.client
        try:
            async with asyncio.timeout(CONNECT):
                await handler.connect_async()  # type: ignore[no-untyped-call]
            await self._watch(handler.client)
        finally:
            self._client = None
            await _close(handler.client)
        raise ConnectionError("the socket to Slack stayed down")

    async def _watch(self, client: SocketModeClient) -> None:
        """Return when the socket has been down for too long."""
        looks_down = 0.0
        while looks_down < DOWN:
            await _pause(LOOK)
            looks_down = 0.0 if await client.is_connected() else looks_down + LOOK


async def _pause(seconds: float) -> None:
    """Let real time pass: a socket's health has nothing to do with the bot's clock."""
    never = asyncio.Event()
    try:
        async with asyncio.timeout(seconds):
            await never.wait()
    except TimeoutError:
        return


async def _close(client: SocketModeClient) -> None:
    """Close the socket and see the SDK's own tasks end."""
    tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
    try:
        async with asyncio.timeout(3):
            await client.close()  # type: ignore[no-untyped-call]
    except Exception:  # a dead network must not keep us from ending
        await client.aiohttp_client_session.close()
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
