"""SlackChannel: our messages, cards and marks as calls to Slack's Web API."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.app.ports import Capabilities, Facts, OutcomeUnknown, Outgoing, Permanent, Receipt
from bot.domain.ids import Address
from bot.domain.message import CardView
from channels.slack import blocks
from channels.slack.payload import Json, rows, word
from channels.slack.workspace import Workspace

MARKS = {"sent": "white_check_mark", "internal": "lock", "failed": "warning"}
_DONE_ALREADY = ("already_reacted", "no_reaction")
_GONE = ("message_not_found", "cant_update_message", "edit_window_closed")
_LOOK_BACK = 100
"""Messages that are searched for a token: an unknown post is seconds old."""


class SlackChannel:
    """The Channel port. Each method raises DeliveryError and nothing else."""

    capabilities = Capabilities(
        label="Slack",
        text_limit=11_000,
        edits=True,
        cards=True,
        marks=True,
        pages=True,
        receipts=False,
        card_gap=dt.timedelta(seconds=1.2),
    )

    def __init__(self, workspace: Workspace, facts: Facts) -> None:
        self._workspace, self._client, self._facts = workspace, workspace.client, facts

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Post, edit, or whisper. A person's id as the place means the direct message with them."""
        said = blocks.of_message(outgoing.message, self._facts, again=outgoing.again and not outgoing.edits)
        address = outgoing.address
        if outgoing.edits:
            return await self._edit(address, said, outgoing.edits, outgoing.token)
        if outgoing.only_for:
            return await self._whisper(address, said, outgoing.only_for)
        return await self._post(address, said, outgoing.token)

    async def put_card(self, address: Address, card: CardView, message: str, token: str) -> Receipt:
        """Post the card, or change the one that stands; one that was deleted is posted anew. It heads its thread."""
        said = blocks.of_card(card)
        if message:
            try:
                return _heading(await self._edit(address, said, message, token))
            except Permanent as refused:
                if refused.code not in _GONE:
                    raise
        return _heading(await self._post(address, said, token))

    async def mark(self, address: Address, message: str, mark: str) -> None:
        """React; a reaction that is there already is what was wanted."""
        if mark not in MARKS:
            raise Permanent(f"there is no mark {mark!r}", "no_such_mark")
        place = await self._workspace.place(address.place)
        reacting = self._client.reactions_add(channel=place, timestamp=message, name=MARKS[mark])
        try:
            await self._workspace.call("reactions.add", reacting, repeatable=True)
        except Permanent as refused:
            if refused.code not in _DONE_ALREADY:
                raise

    async def find(self, address: Address, token: str) -> str | None:
        """The id of an own message that was sent with this token, among the newest of the place or thread."""
        place = await self._workspace.place(address.place)
        asked: dict[str, Any] = {"channel": place, "include_all_metadata": True, "limit": _LOOK_BACK}
        if address.thread:
            looking = self._client.conversations_replies(ts=address.thread, **asked)
        else:
            looking = self._client.conversations_history(**asked)
        answer = await self._workspace.call("conversations.history", looking, repeatable=True)
        for message in rows(answer.data, "messages"):
            if word(message, "metadata", "event_payload", "token") == token:
                return word(message, "ts") or None
        return None

    async def _whisper(self, address: Address, said: blocks.Said, person: str) -> Receipt:
        """Show something to one person only; it is gone when they reload, and can't be edited."""
        place = await self._workspace.place(address.place)
        content = self._content(place, said) | self._thread(address)
        answer = await self._workspace.call(
            "chat.postEphemeral", self._client.chat_postEphemeral(user=person, **content)
        )
        return Receipt(message=_ts("chat.postEphemeral", answer, "message_ts"), place=place)

    async def _post(self, address: Address, said: blocks.Said, token: str) -> Receipt:
        place = await self._workspace.place(address.place)
        content = self._content(place, said) | self._thread(address) | {"metadata": _metadata(token)}
        posting = self._client.chat_postMessage(unfurl_links=False, unfurl_media=False, **content)
        answer = await self._workspace.call("chat.postMessage", posting)
        return Receipt(message=_ts("chat.postMessage", answer), place=word(answer.data, "channel") or place)

    async def _edit(self, address: Address, said: blocks.Said, message: str, token: str) -> Receipt:
        place = await self._workspace.place(address.place)
        content = self._content(place, said) | {"ts": message, "metadata": _metadata(token)}
        await self._workspace.call("chat.update", self._client.chat_update(**content))
        return Receipt(message=message, place=place)

    @staticmethod
    def _content(place: str, said: blocks.Said) -> dict[str, Any]:
        return {"channel": place, "text": said.text, "blocks": said.blocks}

    @staticmethod
    def _thread(address: Address) -> dict[str, str]:
        return {"thread_ts": address.thread} if address.thread else {}


def _heading(receipt: Receipt) -> Receipt:
    return dataclasses.replace(receipt, thread=receipt.message)


def _metadata(token: str) -> Json:
    """Survives with the message, unseen: an uncertain post is found by it."""
    return {"event_type": "standby", "event_payload": {"token": token}}


def _ts(what: str, answer: AsyncSlackResponse, key: str = "ts") -> str:
    found = word(answer.data, key)
    if not found:
        raise OutcomeUnknown(f"{what}: the answer names no message")
    return found
