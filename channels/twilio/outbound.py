"""Sending: WhatsApp and SMS through the Messages resource."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import json
from typing import Any
from urllib.parse import quote

from twilio.rest import Client

from bot.app.ports import (
    Capabilities,
    Clock,
    DeliveryError,
    NeedsTemplate,
    OutcomeUnknown,
    Outgoing,
    Permanent,
    Receipt,
    Temporary,
)
from bot.domain.ids import Address
from bot.domain.message import CardView
from channels.twilio.choices import Contents
from channels.twilio.client import masked
from channels.twilio.errors import FAILURES, OUTSIDE_WINDOW, refusal, translate
from channels.twilio.render import flat, sms_text, split, whatsapp_text

WHATSAPP = Capabilities(
    label="WhatsApp", text_limit=1500, receipts=True, session=dt.timedelta(hours=24), by_number=True
)
SMS = Capabilities(label="SMS", text_limit=1500, receipts=True, pages=True, by_number=True)

DEADLINE = 25.0
"""Seconds for one request in all, against an answer that drips."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sender:
    """Our side of a channel: `prefix` is `whatsapp:` or nothing, `number` our number."""

    capabilities: Capabilities
    number: str
    prefix: str = ""
    templates: dict[str, str] = dataclasses.field(default_factory=dict)


class TwilioChannel:
    """The port Channel for one of our numbers. `contents` where choices can be tapped."""

    def __init__(
        self, client: Client, clock: Clock, public_url: str, sender: Sender, contents: Contents | None = None
    ) -> None:
        self.capabilities = sender.capabilities
        self._client, self._clock, self._public_url = client, clock, public_url
        self._sender, self._contents = sender, contents

    async def send(self, outgoing: Outgoing) -> Receipt:
        """One message, or several in order where it is too long; the receipt is the first one's."""
        if outgoing.edits:
            raise Permanent("Twilio can't change a message that was sent")
        if outgoing.templated and self.capabilities.session is not None:
            return Receipt(message=await self._create(outgoing, **self._template(outgoing)))
        render = whatsapp_text if self._sender.prefix else sms_text
        text = render(outgoing.message, outgoing.again)
        if not text.strip():
            raise Permanent("there is nothing to say")
        return Receipt(message=await self._tappable(outgoing, text) or await self._text(outgoing, text))

    async def put_card(self, address: Address, card: CardView, message: str, token: str) -> Receipt:
        """There are no cards here."""
        raise Permanent("Twilio has no cards")

    async def mark(self, address: Address, message: str, mark: str) -> None:
        """There are no reactions here; nothing is lost by leaving one out."""

    def _template(self, outgoing: Outgoing) -> dict[str, str]:
        templates = self._sender.templates
        sid = templates.get(outgoing.message.template) or templates.get("update")
        if sid is None:
            raise Permanent(
                "the 24 hours for free text are over, and no approved template is set up",
                str(OUTSIDE_WINDOW),
            )
        text = flat(outgoing.message, outgoing.again)
        if not text:
            raise Permanent("there is nothing to say")
        return {"content_sid": sid, "content_variables": json.dumps({"1": text}, ensure_ascii=False)}

    async def _tappable(self, outgoing: Outgoing, text: str) -> str | None:
        """Send it with choices to tap; None where that can't be: then the text alone has to do."""
        choices = outgoing.message.choices
        if self._contents is None or not choices:
            return None
        content = await self._contents.prepare(text, choices, outgoing.language)
        if content is None:
            return None
        sid, variables = content
        try:
            return await self._create(outgoing, content_sid=sid, content_variables=variables)
        except Permanent:
            self._contents.forget(sid)
        except NeedsTemplate:
            pass  # the text alone will be refused too, or it gets through
        return None

    async def _text(self, outgoing: Outgoing, text: str) -> str:
        first, *others = split(text)
        sid = await self._create(outgoing, body=first)
        for number, body in enumerate(others, start=2):
            try:
                await self._create(outgoing, body=body)
            except Temporary as error:
                raise OutcomeUnknown(f"part {number} of {len(others) + 1} was not taken: {error}") from error
        return sid

    async def _create(self, outgoing: Outgoing, **content: Any) -> str:
        """POST one message; its SID."""
        token = quote(outgoing.token, safe="")
        try:
            async with asyncio.timeout(DEADLINE):
                made = await self._client.messages.create_async(
                    to=self._sender.prefix + outgoing.address.place,
                    from_=self._sender.prefix + self._sender.number,
                    status_callback=f"{self._public_url}/twilio/status?attempt={token}",
                    **content,
                )
        except FAILURES as error:
            raise translate(error, self._clock.now()) from error
        if made.status == "failed":
            raise _failed_at_once(made)
        if not made.sid:
            raise OutcomeUnknown("Twilio took a message and gave it no SID")
        return str(made.sid)


def _failed_at_once(made: Any) -> DeliveryError:
    """There is no status callback for a message that has failed when it is made."""
    said = str(made.error_code or "")
    code = int(said) if said.isdecimal() else 0
    error = refusal(400, code, masked(str(made.error_message or "failed at once")))
    return error if isinstance(error, NeedsTemplate | Temporary) else Permanent(str(error), str(code))
