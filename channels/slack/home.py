"""The Home tab: our page as a view, published beside the acknowledgement. It is a look, not a message: one that fails is
logged, and made again when somebody looks again."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Coroutine
from typing import Any

from bot.app.inbound import HomeIn, Sender
from bot.app.ports import DeliveryError, Facts, Overloaded, Receive
from bot.domain.ids import Address
from bot.domain.message import Message, Part
from channels.slack import blocks
from channels.slack.payload import SLACK, Json
from channels.slack.workspace import Workspace

MOST_BLOCKS = 100
"""Slack's limit of a view."""
_PARAGRAPH = "\n\n"
_log = logging.getLogger(__name__)


def view_of(message: Message, facts: Facts) -> Json:
    """A part of the page for each paragraph, with a line between them; the buttons stand at the end."""
    shown: list[Json] = []
    for paragraph in _paragraphs(message.parts):
        part = blocks.of_message(Message(parts=paragraph), facts).blocks
        shown += [{"type": "divider"}, *part] if shown and part else part
    buttons = blocks.of_message(Message(parts=(), choices=message.choices), facts).blocks
    return {"type": "home", "blocks": [*shown[: MOST_BLOCKS - len(buttons)], *buttons]}


def _paragraphs(parts: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """Split where an empty line stands."""
    found: list[list[Part]] = [[]]
    for part in parts:
        first, *others = part.text.split(_PARAGRAPH)
        found[-1].append(dataclasses.replace(part, text=first))
        found += [[dataclasses.replace(part, text=text)] for text in others]
    return [tuple(p for p in paragraph if p.text) for paragraph in found if any(p.text for p in paragraph)]


def home_of(user: str, external_id: str) -> HomeIn:
    """Somebody looks at the page."""
    return HomeIn(
        channel=SLACK,
        external_id=external_id,
        sender=Sender(id=user),
        address=Address(channel=SLACK, place=user),
    )


class HomeTab:
    """Publishes in tasks of its own, so that nobody waits for it; `stop` sees them end."""

    def __init__(self, workspace: Workspace, facts: Facts) -> None:
        self._workspace, self._facts = workspace, facts
        self._running: set[asyncio.Task[None]] = set()

    def show(self, user: str, message: Message) -> None:
        """Put this on the person's page, soon."""
        self._begin(self._publish(user, message))

    def refresh(self, user: str, external_id: str, receive: Receive) -> None:
        """What is on the person's page has just changed by a button there."""
        self._begin(self._look_again(home_of(user, external_id), receive))

    async def settle(self) -> None:
        """All that was begun is done."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await self.settle()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _look_again(self, looked: HomeIn, receive: Receive) -> None:
        try:
            outcome = await receive(looked)
        except Overloaded:
            return
        if outcome.reply is not None:
            await self._publish(looked.sender.id, outcome.reply)

    async def _publish(self, user: str, message: Message) -> None:
        publishing = self._workspace.client.views_publish(user_id=user, view=view_of(message, self._facts))
        try:
            await self._workspace.call("views.publish", publishing, repeatable=True)
        except DeliveryError as error:
            _log.warning("a home page was not shown: %s", error)
