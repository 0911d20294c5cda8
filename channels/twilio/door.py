"""The guard in front of every route: only what Twilio signed comes in. And the short answers that go out."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.app.inbound import Inbound
from bot.app.ports import Overloaded
from channels.adapter import World
from channels.twilio.settings import TwilioSettings
from channels.twilio.signature import FRAGMENTS, Refused, parse_form, verify

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_log = logging.getLogger(__name__)


class Door:
    """Checks signatures against the public URL; whoever is refused learns nothing about why."""

    def __init__(self, settings: TwilioSettings, world: World) -> None:
        self.account = settings.account_sid
        self._tokens, self._world = settings.tokens, world

    async def signed(self, request: Request) -> dict[str, str]:
        """The parameters, once it is known that Twilio sent them. Raises Refused."""
        body = await request.body()
        params = parse_form(request.headers.get("content-type", ""), body)
        signatures = request.headers.getlist("x-twilio-signature")
        header = signatures[0] if len(signatures) == 1 else None
        path, asked = request.scope["path"], query(request)
        for fragment in FRAGMENTS:
            if verify(self._world.public_url, path, asked, params, header, self._tokens, fragment):
                return params
        raise Refused(403, "no valid signature")

    def refuse(self, request: Request, refused: Refused) -> Response:
        """Counted and logged, without what was in it."""
        self._world.count("refused", "twilio")
        _log.warning("refused a request to %s: %s", request.scope["path"], refused)
        return PlainTextResponse("refused", refused.status)


def query(request: Request) -> str:
    """The raw query, as it was signed."""
    raw: bytes = request.scope.get("query_string", b"")
    return raw.decode("latin-1")


def attempt(query: str) -> str:
    """The token of the attempt that a request is about."""
    values = [value for name, value in parse_qsl(query, max_num_fields=20) if name == "attempt"]
    if len(values) != 1 or not _TOKEN.fullmatch(values[0]):
        raise Refused(403, "no attempt named")
    return values[0]


_NOTHING = Response("<Response/>", media_type="text/xml")


def twiml() -> Response:
    """Twilio is to do nothing. (One answer for all: 4 us to make, and nothing changes it on its way out.)"""
    return _NOTHING


async def kept(receive: Callable[[Inbound], Awaitable[object]], inbound: Inbound) -> Response:
    """200 after it is durable; 503 when Twilio should come again."""
    try:
        await receive(inbound)
    except Overloaded:
        return PlainTextResponse("busy", 503, {"Retry-After": "1"})
    return twiml()
