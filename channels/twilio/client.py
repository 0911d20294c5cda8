"""The Twilio SDK over an httpx client of ours: timeouts that hold, no proxies from the environment, one pool."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import httpx
from twilio.base.exceptions import TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.twilio.settings import DEFAULT_API_URL, TwilioSettings

TIMEOUT = 10.0
"""Seconds for each of: a free connection, connecting, writing, reading."""

_VENDOR = re.compile(r"https://[a-z0-9.-]+\.twilio\.com(?=/)")
_LONG_NUMBER = re.compile(r"\+?[0-9]{5,}([0-9]{2})")


def masked(text: str) -> str:
    """Without the numbers of people: `+27115550100` -> `…00`."""
    return _LONG_NUMBER.sub(r"…\1", text)


class RestError(TwilioRestException):  # type: ignore[misc, unused-ignore]
    """Twilio's answer was no. Unlike the SDK's own, it keeps Retry-After and no phone number."""

    def __init__(self, response: httpx.Response) -> None:
        code, message = _reason(response)
        request = response.request
        super().__init__(
            response.status_code, request.url.path, masked(message)[:200], code, method=request.method
        )
        self.retry_after: str | None = response.headers.get("retry-after")


def _reason(response: httpx.Response) -> tuple[int, str]:
    """Twilio's error code (else the HTTP status) and its sentence, from the older or the RFC 9457 form."""
    try:
        said = json.loads(response.text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return response.status_code, "no reason given"
    code = said.get("code")
    message = said.get("message") or said.get("detail") or said.get("title") or "no reason given"
    return code if isinstance(code, int) else response.status_code, str(message)


class HttpxClient(AsyncHttpClient):  # type: ignore[misc, unused-ignore]
    """Sends the SDK's requests, to `api_url` where that is not Twilio's own. Raises RestError and httpx's errors."""

    def __init__(self, api_url: str = DEFAULT_API_URL, timeout: float = TIMEOUT) -> None:
        super().__init__(logging.getLogger(__name__), True, timeout)
        self._origin = None if api_url == DEFAULT_API_URL else api_url
        self._http = httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the SDK's signature
        allow_redirects: bool = False,
    ) -> Response:
        """What the SDK calls for every request; the last two arguments are ours to decide."""
        body: dict[str, Any] = {}
        if data:
            as_json = (headers or {}).get("Content-Type", "").startswith("application/json")
            body = {"json": data} if as_json else {"data": data}
        answer = await self._http.request(
            method, self._where(uri), params=params or None, headers=headers, auth=auth, **body
        )
        if not answer.is_success:
            raise RestError(answer)
        return Response(answer.status_code, answer.text, answer.headers)

    def _where(self, uri: str) -> str:
        return uri if self._origin is None else _VENDOR.sub(lambda _: str(self._origin), uri, count=1)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.aclose()


def build_client(settings: TwilioSettings, http: HttpxClient) -> Client:
    """The SDK's client for our account; nothing is read from the environment."""
    token = settings.auth_token.get_secret_value()
    return Client(settings.account_sid, token, http_client=http, environment={"-": ""})
