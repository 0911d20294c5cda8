"""Calling: pages that ring, through the Calls resource."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from urllib.parse import quote

from twilio.rest import Client

from bot.app.ports import Capabilities, Clock, OutcomeUnknown, Outgoing, Permanent, Receipt
from bot.domain.dialling import FOREIGN, INVALID, OWN, PREMIUM
from bot.domain.ids import Address
from bot.domain.message import CardView
from channels.twilio.client import RestError
from channels.twilio.errors import FAILURES, translate
from channels.twilio.outbound import DEADLINE
from channels.twilio.signature import AGAIN
from channels.twilio.spoken import Line, call, words_of

CALL = Capabilities(label="Call", text_limit=600, receipts=True, pages=True, rings=True, edits=True)
RING = 25
"""Seconds that a phone rings: shorter than most voicemail waits."""
OVER = 21220
"""Twilio's code for a call that has ended already."""
_REFUSED = {
    OWN: "it is our own number",
    PREMIUM: "it is a premium-rate or shared-cost number",
    FOREIGN: "its country is not among the [voice] countries",
    INVALID: "it is not the number of a phone",
}


class CallChannel:
    """The port Channel for our voice number. To edit a call is to end it. Nothing is asked of Twilio for a number of
    which `may_dial` says why it must not be called."""

    def __init__(
        self,
        client: Client,
        clock: Clock,
        public_url: str,
        number: str,
        voice: str = "",
        may_dial: Callable[[str], str] = lambda number: "",
    ) -> None:
        self.capabilities = CALL
        self._client, self._clock, self._public_url = client, clock, public_url
        self._number, self._voice, self._may_dial = number, voice, may_dial

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Call them, or end that call; the receipt is the call's SID."""
        if outgoing.edits:
            await self._end(outgoing.edits)
            return Receipt(message=outgoing.edits)
        if not words_of(outgoing.message):
            raise Permanent("there is nothing to say")
        if why := self._may_dial(outgoing.address.place):
            raise Permanent(f"not dialled: {_REFUSED.get(why, why)}", why)
        return Receipt(message=await self._create(outgoing))

    async def put_card(self, address: Address, card: CardView, message: str, token: str) -> Receipt:
        """There are no cards on a phone."""
        raise Permanent("a call has no cards")

    async def mark(self, address: Address, message: str, mark: str) -> None:
        """There are no reactions on a phone; nothing is lost by leaving one out."""

    async def _create(self, outgoing: Outgoing) -> str:
        """POST one call; its SID."""
        line = Line(
            public_url=self._public_url,
            token=outgoing.token,
            language=outgoing.language,
            voice=self._voice,
        )
        query = f"?attempt={quote(outgoing.token, safe='')}{AGAIN}"
        try:
            async with asyncio.timeout(DEADLINE):
                made = await self._client.calls.create_async(
                    to=outgoing.address.place,
                    from_=self._number,
                    twiml=call(line, outgoing.message),
                    timeout=RING,
                    status_callback=f"{self._public_url}/twilio/status{query}",
                    status_callback_event=["completed"],
                    status_callback_method="POST",
                    machine_detection="Enable",
                    async_amd="true",
                    async_amd_status_callback=f"{self._public_url}/twilio/voice/machine{query}",
                    async_amd_status_callback_method="POST",
                )
        except FAILURES as error:
            raise translate(error, self._clock.now()) from error
        if not made.sid:
            raise OutcomeUnknown("Twilio took a call and gave it no SID")
        return str(made.sid)

    async def _end(self, sid: str) -> None:
        """Hang up, also while it rings. One that is over, or that Twilio does not know, is over."""
        try:
            async with asyncio.timeout(DEADLINE):
                await self._client.calls(sid).update_async(status="completed")
        except FAILURES as error:
            if isinstance(error, RestError) and (error.code == OVER or error.status == 404):
                return
            raise translate(error, self._clock.now()) from error
