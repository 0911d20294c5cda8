"""What Twilio tells us: messages of customers and engineers, taps, and what became of our own messages."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.inbound import ActionIn, Inbound, MessageIn, ReceiptIn, Sender
from bot.domain.events import Attachment
from bot.domain.grammar import parse_action
from bot.domain.ids import Address, ChannelName
from channels.adapter import World
from channels.twilio.asked import Asked, clear
from channels.twilio.calls import ended
from channels.twilio.client import masked
from channels.twilio.door import Door, attempt, kept, query, twiml
from channels.twilio.errors import OUTSIDE_WINDOW, RETRY_LATER
from channels.twilio.hotline import over
from channels.twilio.settings import TwilioSettings
from channels.twilio.signature import Refused, checked, checked_call

WHATSAPP, SMS = ChannelName("whatsapp"), ChannelName("sms")
STATUS = {
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
"""Twilio's status -> ours; those that are missing here say nothing new."""
MAX_MEDIA = 10


class Inbox:
    """The routes of messages, and of what became of messages and calls."""

    def __init__(self, settings: TwilioSettings, world: World) -> None:
        self._door, self._world = Door(settings, world), world
        self._answers = settings.voice_from is not None
        self.routes = (
            Route("/twilio/messages", self.messages, methods=["POST"]),
            Route("/twilio/status", self.status, methods=["POST"]),
        )

    async def messages(self, request: Request) -> Response:
        """A message or a tap. 200 once it is kept."""
        return await self._answer(request, self._message)

    async def status(self, request: Request) -> Response:
        """What became of one of our messages or calls, or of a call to our number."""
        return await self._answer(request, self._receipt)

    async def _answer(
        self, request: Request, read: Callable[[Request, Mapping[str, str]], Inbound | None]
    ) -> Response:
        try:
            inbound = read(request, await self._door.signed(request))
        except Refused as refused:
            return self._door.refuse(request, refused)
        return twiml() if inbound is None else await kept(self._world.receive, inbound)

    def _message(self, request: Request, params: Mapping[str, str]) -> Inbound:
        checked(params, self._door.account)
        return message(params)

    def _receipt(self, request: Request, params: Mapping[str, str]) -> Inbound | None:
        if "CallSid" in params:
            if self._answers and not query(request) and params.get("Direction") == "inbound":
                clear(params, self._door.account)
                return over(Asked(path="status", params=params, own={}))
            checked_call(params, self._door.account)
            return ended(params, attempt(query(request)))
        checked(params, self._door.account)
        return receipt(params, attempt(query(request)))


def party(value: str) -> Address:
    """`whatsapp:+27115550100` -> that number on WhatsApp; without a prefix on SMS."""
    number = value.removeprefix("whatsapp:")
    return Address(channel=SMS if number == value else WHATSAPP, place=number)


def message(params: Mapping[str, str]) -> Inbound:
    """A checked message: a tap on one of our choices, else words and files."""
    address = party(params["From"])
    sid = params["MessageSid"]
    sender = Sender(id=address.place, name=_line(params.get("ProfileName", "")))
    for name in ("ButtonPayload", "ListId"):
        action = parse_action(params.get(name, ""))
        if action is not None:
            return ActionIn(
                channel=address.channel,
                external_id=sid,
                sender=sender,
                address=address,
                action=action,
                message=params.get("OriginalRepliedMessageSid", ""),
            )
    return MessageIn(
        channel=address.channel,
        external_id=sid,
        sender=sender,
        address=address,
        text=_text(params),
        message=sid,
        attachments=_attachments(params),
    )


def _line(name: str) -> str:
    """A display name: one short line."""
    return " ".join(name.replace("\0", "").split())[:80]


def _text(params: Mapping[str, str]) -> str:
    """What they said or tapped; a shared place is said as a geo: address."""
    text = params.get("ButtonText") or params.get("ListTitle") or params.get("Body", "")
    if not text and "Latitude" in params and "Longitude" in params:
        text = f"{_line(params.get('Address', ''))} geo:{params['Latitude']},{params['Longitude']}".strip()
    return text.replace("\0", "")


def _attachments(params: Mapping[str, str]) -> tuple[Attachment, ...]:
    count = min(int(params.get("NumMedia") or 0), MAX_MEDIA)
    found = (
        (n, params.get(f"MediaUrl{n}", ""), params.get(f"MediaContentType{n}", "")) for n in range(count)
    )
    return tuple(
        Attachment(name=f"file{n + 1}{mimetypes.guess_extension(mime) or ''}", mime=mime[:100], url=url)
        for n, url, mime in found
        if url.startswith(("https://", "http://"))
    )


def receipt(params: Mapping[str, str], token: str) -> ReceiptIn | None:
    """A checked status in our words; None where it says nothing new."""
    said = params.get("MessageStatus", "")
    status = STATUS.get(said)
    if status is None:
        return None
    address = party(params["To"])
    code = params.get("ErrorCode", "") if status == "failed" else ""
    number = int(code or 0)
    return ReceiptIn(
        channel=address.channel,
        external_id=f"{params['MessageSid']}:{said}",
        sender=Sender(id=address.place),
        address=address,
        token=token,
        status=status,
        code=code,
        error=masked(f"{said} {code} {_line(params.get('ErrorMessage', ''))}").strip()
        if status == "failed"
        else "",
        switch=number == OUTSIDE_WINDOW,
        retry=number in RETRY_LATER,
    )
