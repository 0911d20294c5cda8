"""Messages that people write to the bot: what is told of them, and what its TwiML answers."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from typing import Any

from playground.courier import Delivered, Result, repeated
from playground.twilio.account import Account
from playground.twilio.callbacks import Callbacks
from playground.twilio.messages import Messages, record

Json = dict[str, Any]


class Letters:
    """What came in, by SID, and its webhook."""

    def __init__(self, account: Account, messages: Messages, callbacks: Callbacks) -> None:
        self._account, self._stage = account, account.stage
        self._messages, self._callbacks = messages, callbacks
        self._sent: dict[str, dict[str, str]] = {}

    async def says(
        self,
        sender: str,
        to: str,
        text: str,
        extra: dict[str, str],
        media: Iterable[tuple[str, bytes]],
        times: int,
        sid: str | None,
    ) -> Result:
        """A message comes in; the bot may answer with TwiML."""
        sid = sid or self._account.new_sid("SM")
        params = self._params(sid, sender, to, text) | extra | self._attach(sid, media)
        self._sent[sid] = params
        self._account.messages[sid] = record(self._account, sid, sender, to, text, "inbound")
        self._stage.tell(
            "twilio",
            "said",
            who=sender.removeprefix("whatsapp:"),
            to=to,
            where=to,
            id=sid,
            text=text,
            raw=dict(params),
        )
        return await repeated(times, lambda: self._post(sid))

    def _params(self, sid: str, sender: str, to: str, text: str) -> dict[str, str]:
        return {
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": text,
            "To": to,
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": self._account.sid,
            "From": sender,
            "ApiVersion": "2010-04-01",
        }

    def _attach(self, sid: str, media: Iterable[tuple[str, bytes]]) -> dict[str, str]:
        """Store attachments (content type, bytes) and return their parameters."""
        params: dict[str, str] = {}
        for i, (kind, content) in enumerate(media):
            media_sid = self._account.new_sid("ME")
            self._account.media[media_sid] = (kind, content)
            path = f"/twilio/2010-04-01/Accounts/{self._account.sid}/Messages/{sid}/Media/{media_sid}"
            params |= {f"MediaUrl{i}": self._stage.url + path, f"MediaContentType{i}": kind}
            params["NumMedia"] = str(i + 1)
        return params

    async def _post(self, sid: str) -> Delivered:
        params = self._sent[sid]
        if self._stage.bot_url is None:
            return Delivered(0, "connection_failed: no bot_url")
        answer = await self._callbacks.post(self._stage.bot("/twilio/messages"), params, sid)
        if answer.ok and answer.body.strip():
            self._obey(params, answer)
        return answer

    def _obey(self, params: Mapping[str, str], answer: Delivered) -> None:
        """Send the <Message>s of a TwiML answer, as Twilio would."""
        try:
            root = ET.fromstring(answer.body)
        except ET.ParseError as error:
            self._stage.tell("twilio", "twiml_error", id="12100", text=str(error), raw={"body": answer.body})
            return
        for verb in root:
            if verb.tag != "Message":
                self._stage.tell("twilio", "twiml_error", id="12200", text=verb.tag)
                continue
            text = "".join(verb.itertext()).strip()
            self._messages.create({"To": params["From"], "From": params["To"], "Body": text}, None)

    async def redeliver(self, sid: str | None = None) -> Delivered:
        """Deliver a message again; without a sid, the last one."""
        return await self._post(sid or next(reversed(self._sent)))
