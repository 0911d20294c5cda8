"""Choices to tap on WhatsApp: a quick reply (up to 3) or a list (up to 10), sent as a Content within the session.

A Content is made once for every shape of message and kept: the lines of the text and the ticket's number in the
buttons' ids are its variables. (A variable must not hold a line break, error 21656, so each line has its own.)
It is a nicety: wherever it can't be, the text with its numbers says the same.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import re
from typing import Any

from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList

from bot.app.ports import Clock
from bot.domain.grammar import parse_action
from bot.domain.message import Choice
from channels.twilio.errors import FAILURES

MAX_BODY = 1024
MAX_LINES = 40
QUICK_REPLIES, LIST_ITEMS = 3, 10
PATIENCE = 3.0
"""Seconds that a Content may take to be made: somebody is waiting for the question."""
REST = dt.timedelta(minutes=10)
"""After a failure the text alone goes out for so long."""

_log = logging.getLogger(__name__)


class Contents:
    """Makes Contents through the API and remembers their SIDs."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client, self._clock = client, clock
        self._sids: dict[str, str] = {}
        self._resting_until: dt.datetime | None = None

    async def prepare(self, text: str, choices: tuple[Choice, ...], language: str) -> tuple[str, str] | None:
        """ContentSid and ContentVariables of a text with choices; None: send the text alone."""
        now = self._clock.now()
        if self._resting_until is not None and now < self._resting_until:
            return None
        shaped = shape(text, choices)
        if shaped is None:
            return None
        types, variables = shaped
        key = json.dumps([language, types], sort_keys=True)
        if key not in self._sids:
            try:
                async with asyncio.timeout(PATIENCE):
                    self._sids[key] = await self._create(types, variables, language)
            except FAILURES as error:
                _log.warning("no content for choices, sending text instead: %s", error)
                self._resting_until = now + REST
                return None
        return self._sids[key], json.dumps(variables, ensure_ascii=False)

    def forget(self, sid: str) -> None:
        """It was refused: make it anew after a while."""
        self._sids = {key: known for key, known in self._sids.items() if known != sid}
        self._resting_until = self._clock.now() + REST

    async def _create(self, types: dict[str, Any], variables: dict[str, str], language: str) -> str:
        request = ContentList.ContentCreateRequest(
            {
                "friendly_name": "standby_choices",
                "language": language[:2] or "en",
                "variables": dict.fromkeys(variables, "-"),
                "types": ContentList.Types(types),
            }
        )
        made = await self._client.content.v1.contents.create_async(request)
        if not made.sid:
            raise ValueError("a content without a sid")
        return str(made.sid)


def shape(text: str, choices: tuple[Choice, ...]) -> tuple[dict[str, Any], dict[str, str]] | None:
    """The Content's types, and the variables' values of this message; None where WhatsApp would refuse it."""
    lines = [re.sub(r"[\t ]{5,}|\t", "    ", line) for line in text.split("\n")]
    labels = [choice.label for choice in choices]
    too_big = len(text) > MAX_BODY or len(lines) > MAX_LINES or len(choices) > LIST_ITEMS
    if too_big or not text.strip() or not all(labels) or len({label[:20] for label in labels}) < len(labels):
        return None
    variables: dict[str, str] = {}
    body = "\n".join(_variable(variables, line) if line.strip() else "" for line in lines)
    ids = [_id(variables, choice.id) for choice in choices]
    if len(choices) <= QUICK_REPLIES:
        actions = [
            {"type": "QUICK_REPLY", "title": label[:20], "id": id}
            for label, id in zip(labels, ids, strict=True)
        ]
        return {"twilio/quick-reply": {"body": body, "actions": actions}}, variables
    items = [{"item": label[:24], "id": id} for label, id in zip(labels, ids, strict=True)]
    return {"twilio/list-picker": {"body": body, "button": f"1-{len(items)}", "items": items}}, variables


def _variable(variables: dict[str, str], value: str) -> str:
    name = next((name for name, known in variables.items() if known == value), str(len(variables) + 1))
    variables[name] = value
    return "{{" + name + "}}"


def _id(variables: dict[str, str], id: str) -> str:
    """The ticket's number in it becomes a variable."""
    action = parse_action(id)
    return id if action is None else f"{action.verb}|{_variable(variables, action.ticket)}|{action.value}"
