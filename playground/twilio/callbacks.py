"""What Twilio POSTs to the bot: signed forms, tried again as often as Twilio would."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from playground.courier import Delivered
from playground.twilio.account import Account, signature

Json = dict[str, Any]
RANK = ("queued", "sending", "sent", "delivered", "read")


class Callbacks:
    """Status callbacks and inbound webhooks. `retries`: how often a failed one is tried again; with 0 none is, whatever
    its URL asks for."""

    def __init__(self, account: Account) -> None:
        self._account, self._stage = account, account.stage
        self.retries = 1
        self.receipts = True

    def sign(self, url: str, params: Mapping[str, str]) -> str:
        """Return X-Twilio-Signature for a form POST."""
        return signature(self._account.token, url, params)

    async def post(self, url: str, params: Mapping[str, str], what: str) -> Delivered:
        """POST a form, retrying what is not 2xx; the fragment (#rc=...) is not sent."""
        return await self._post(url.split("#")[0], params, what, lambda _: self.retries)

    async def ask(self, url: str, params: Mapping[str, str], what: str) -> Delivered:
        """POST a form that TwiML is to answer, and retry it as its fragment asks (#rc=2&rp=5xx,ct)."""
        plain, _, fragment = url.partition("#")
        asked = dict(parse_qsl(fragment)) if self.retries else {}
        if "rc" not in asked:
            return await self.post(plain, params, what)
        count, policy = min(5, int(asked["rc"])), asked.get("rp", "ct").split(",")
        wanted = {"all", "4xx", "5xx", "ct", "rt"} if "all" in policy else set(policy)
        return await self._post(
            plain, params, what, lambda failed: count if _failure(failed) in wanted else 0
        )

    async def _post(
        self, url: str, params: Mapping[str, str], what: str, retries: Callable[[Delivered], int]
    ) -> Delivered:
        token = self._account.new_sid("IT")
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": self.sign(url, params),
            "I-Twilio-Idempotency-Token": token,
        }
        body, real, tried = urlencode(dict(params)).encode(), self._stage.reachable(url), 0
        while not (answer := await self._stage.courier.post(real, body, headers)).ok:
            self._failed(what, params, answer)
            if tried >= retries(answer):
                self._stage.tell("twilio", "gave_up", id=what, text=answer.body[:200], raw=dict(params))
                break
            tried += 1
            await self._stage.courier.pause(1.0)
        return answer

    def _failed(self, what: str, params: Mapping[str, str], answer: Delivered) -> None:
        text = f"{answer.status} {answer.body[:200]}"
        self._stage.tell("twilio", "delivery_failed", id=what, text=text, raw=dict(params))

    async def progress(self, sid: str, failure: str = "") -> None:
        """Let a message take its course: sent, delivered; or undelivered with a code."""
        await self._stage.courier.pause(0.2)
        if failure:
            await self.status(sid, "undelivered", failure)
            return
        await self.status(sid, "sent")
        await self._stage.courier.pause(0.5)
        await self.status(sid, "delivered")

    async def status(self, sid: str, status: str, error: int | str | None = None) -> Delivered:
        """Report a message's status, in whatever order a test likes; the stored one never goes back."""
        message = self._account.messages[sid]
        self._advance(message, status, error)
        self._stage.tell(
            "twilio",
            "status",
            who="twilio",
            to=message["to"],
            where=message["from"],
            id=sid,
            text=status + (f" {error}" if error else ""),
            raw=dict(message),
        )
        if not message["callback"]:
            return Delivered(204, "no StatusCallback was asked for")
        return await self.post(message["callback"], _status_params(message, status, error), f"{sid} {status}")

    def _advance(self, message: Json, status: str, error: int | str | None) -> None:
        now = message["status"]
        if now in RANK and (status not in RANK or RANK.index(status) > RANK.index(now)):
            message |= {"status": status, "date_updated": self._account.date()}
            message["error_code"] = int(error) if error else None


def _failure(answer: Delivered) -> str:
    """Return what Twilio's retry policy calls it."""
    if answer.status:
        return f"{answer.status // 100}xx"
    return "rt" if answer.body == "timeout" else "ct"


def _status_params(message: Json, status: str, error: int | str | None) -> dict[str, str]:
    params = {
        "AccountSid": message["account_sid"],
        "MessageSid": message["sid"],
        "SmsSid": message["sid"],
        "MessageStatus": status,
        "SmsStatus": status,
        "To": message["to"],
        "From": message["from"],
        "ApiVersion": "2010-04-01",
    }
    if message["to"].startswith("whatsapp:"):
        params |= {"ChannelPrefix": "whatsapp", "ChannelToAddress": message["to"].split(":")[1]}
    return params | ({"ErrorCode": str(error)} if error else {})
