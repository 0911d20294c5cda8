"""The Twilio world: people with phones to act as, and the API that the bot talks to."""

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from playground.courier import Delivered, Result, repeated
from playground.gate import Gate, Incoming, Refused
from playground.stage import Stage
from playground.twilio.account import START, STOP, Account, refuse, spoiled
from playground.twilio.callbacks import Callbacks
from playground.twilio.calls import Calls
from playground.twilio.content import Contents
from playground.twilio.exchange import VOICE_NUMBER, Exchange
from playground.twilio.letters import Letters
from playground.twilio.messages import Messages
from playground.twilio.recordings import Recordings

Json = dict[str, Any]


class TwilioWorld:
    """Twilio as the bot meets it. `phones` is who picks up when the bot calls, and who calls it."""

    def __init__(self, stage: Stage, *, account_sid: str, auth_token: str) -> None:
        self.account_sid, self.auth_token = account_sid, auth_token
        self.whatsapp_number, self.sms_number = "+14155550100", "+14155550101"
        self.voice_number = VOICE_NUMBER
        self._stage, self._account = stage, Account(stage, account_sid, auth_token)
        self._callbacks = Callbacks(self._account)
        self._contents = Contents(self._account)
        self._messages = Messages(self._account, self._contents, self._callbacks)
        self._calls = Calls(self._account, self._callbacks)
        self._recordings = Recordings(self._account)
        self.phones = Exchange(self._account, self._calls, self._callbacks, self._recordings)
        self._gate = Gate(stage, "twilio", spoiled)
        self._letters = Letters(self._account, self._messages, self._callbacks)

    def routes(self) -> list[BaseRoute]:
        """Return what is served under /twilio."""
        media = "/twilio/2010-04-01/Accounts/{account}/Messages/{sid}/Media/{media}"
        return [
            Route(media, self._media),
            Route("/twilio/{path:path}", self._call, methods=["GET", "POST", "DELETE"]),
        ]

    # -- the account

    @property
    def messages(self) -> dict[str, Json]:
        """All messages by sid, with their present status."""
        return self._account.messages

    @property
    def calls(self) -> dict[str, Json]:
        """All calls by sid; "request" is what the bot asked for."""
        return self._account.calls

    @property
    def recordings(self) -> dict[str, Json]:
        """All recordings by sid, deleted ones left out; "words" is what is heard on them."""
        return self._account.recordings

    @property
    def contents(self) -> dict[str, Json]:
        """All contents by sid."""
        return self._account.contents

    @property
    def numbers(self) -> set[str]:
        """The senders that the account owns ("+1..." or "whatsapp:+1..."); while empty, any will do."""
        return self._messages.numbers

    @property
    def receipts(self) -> bool:
        """Whether messages report sent and delivered by themselves (failures always do)."""
        return self._callbacks.receipts

    @receipts.setter
    def receipts(self, wanted: bool) -> None:
        self._callbacks.receipts = wanted

    @property
    def retries(self) -> int:
        """How often a failed webhook is tried again."""
        return self._callbacks.retries

    @retries.setter
    def retries(self, count: int) -> None:
        self._callbacks.retries = count

    @property
    def window_errors(self) -> str:
        """How 63016 comes: "async" by status callback, "sync" as a 400."""
        return self._messages.window_errors

    @window_errors.setter
    def window_errors(self, how: str) -> None:
        if how not in ("async", "sync"):
            raise ValueError(f"window_errors {how!r} is neither async nor sync")
        self._messages.window_errors = how

    def add_template(self, sid: str, body: str, approved: bool = True, types: Json | None = None) -> Json:
        """Add a content template, approved for WhatsApp or not."""
        if approved:
            self._account.approved.add(sid)
        return self._contents.keep(sid, {"types": types or {"twilio/text": {"body": body}}})

    # -- what people do

    async def whatsapp_says(
        self,
        number: str,
        text: str,
        *,
        to: str | None = None,
        profile_name: str = "Thandi",
        button: tuple[str, str] | None = None,
        list_choice: tuple[str, str] | None = None,
        media: Iterable[tuple[str, bytes]] = (),
        times: int = 1,
        sid: str | None = None,
    ) -> Result:
        """Write on WhatsApp, or tap: button (payload, text), list_choice (id, title). Opens the 24 h window."""
        ours, theirs = f"whatsapp:{to or self.whatsapp_number}", f"whatsapp:{number}"
        extra = {"ProfileName": profile_name, "WaId": number.lstrip("+"), "ChannelMetadata": "{}"}
        extra["MessageType"] = "text"
        if button is not None:
            extra |= {"ButtonPayload": button[0], "ButtonText": button[1], "MessageType": "button"}
            text = text or button[1]
        if list_choice is not None:
            extra |= {"ListId": list_choice[0], "ListTitle": list_choice[1], "MessageType": "interactive"}
            text = text or list_choice[1]
        self._account.last_inbound[(ours, theirs)] = self._stage.now()
        return await self._letters.says(theirs, ours, text, extra, media, times, sid)

    async def sms_says(
        self,
        number: str,
        text: str,
        *,
        to: str | None = None,
        media: Iterable[tuple[str, bytes]] = (),
        times: int = 1,
        sid: str | None = None,
    ) -> Result:
        """Write an SMS. STOP opts out (21610 from then on), START opts in again."""
        word = text.strip().lower()
        if word in STOP:
            self._account.opted_out.add(number)
        elif word in START:
            self._account.opted_out.discard(number)
        extra = {"FromCountry": "ZA", "ToCountry": "US"}
        return await self._letters.says(number, to or self.sms_number, text, extra, media, times, sid)

    async def status(self, sid: str, status: str, error: int | str | None = None, times: int = 1) -> Result:
        """Report a status of one of the bot's messages, in any order."""
        return await repeated(times, lambda: self._callbacks.status(sid, status, error))

    async def call_status(self, sid: str, status: str, **extra: str) -> Delivered:
        """Move a call on: ringing, in-progress, completed, busy, no-answer, failed, canceled."""
        return await self._calls.status(sid, status, **extra)

    async def redeliver(self, sid: str | None = None) -> Delivered:
        """Deliver an inbound message again; without a sid, the last one."""
        return await self._letters.redeliver(sid)

    def sign(self, url: str, params: Mapping[str, str]) -> str:
        """Return X-Twilio-Signature for a form POST to the URL."""
        return self._callbacks.sign(url, params)

    # -- what the bot calls

    async def _call(self, request: Request) -> Response:
        path = "/" + request.path_params["path"]
        return await self._gate.admit(request, path=path, name=path, effect=self._effect)

    async def _effect(self, incoming: Incoming) -> Response:
        self._check_login(incoming.headers.get("authorization", ""))
        if (answer := self._recordings.answer(incoming)) is not None:
            return answer
        found = self._route(incoming)
        if found is None:
            raise refuse(404, 20404, f"The requested resource {incoming.path} was not found")
        status, run = found
        return JSONResponse(run(), status)

    def _route(self, incoming: Incoming) -> tuple[int, Callable[[], Json]] | None:
        """Return the success status and the work of a method and path, or None."""
        arguments = incoming.body if isinstance(incoming.body, dict) else {}
        prefix = f"/2010-04-01/Accounts/{self.account_sid}/"
        sid = incoming.path.rsplit("/", 1)[-1].removesuffix(".json")
        resource = incoming.path.removeprefix(prefix).removesuffix(".json").split("/")[0]
        whole = sid == resource
        if incoming.path.startswith("/v1/Content"):
            resource, whole = "Content", sid == "Content"
        match (resource, whole, incoming.method):
            case ("Messages", True, "POST"):
                return 201, lambda: self._messages.create(arguments, incoming.fault)
            case ("Messages", True, "GET"):
                return 200, lambda: self._messages.all(incoming.query)
            case ("Messages", False, "GET"):
                return 200, lambda: self._messages.get(sid)
            case ("Calls", True, "POST"):
                return 201, lambda: self._calls.create(arguments)
            case ("Calls", False, "GET"):
                return 200, lambda: self._calls.get(sid)
            case ("Calls", False, "POST"):
                return 200, lambda: self._calls.change(sid, arguments)
            case ("Content", True, "POST"):
                return 201, lambda: self._contents.create(arguments)
            case ("Content", True, "GET"):
                return 200, self._contents.all
            case ("Content", False, "GET"):
                return 200, lambda: self._contents.get(sid)
        return None

    def _check_login(self, header: str) -> None:
        wanted = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        if header != f"Basic {wanted}":
            raise refuse(401, 20003, "Authenticate")

    async def _media(self, request: Request) -> Response:
        try:
            self._check_login(request.headers.get("authorization", ""))
        except Refused as refused:
            return refused.answer()
        found = self._account.media.get(request.path_params["media"])
        return Response(found[1], media_type=found[0]) if found else Response(status_code=404)
