"""Recordings of messages: GET /twilio/voice/recording/{SID}?key=...

Twilio gives them to the account only, so we fetch them; the key in our link is the permission (bot/app/recording_key.py).
What it does not open is not there (404). Nothing is kept here.
"""

from __future__ import annotations

import asyncio
import logging
import re

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app.rows import StorageError
from channels.adapter import World
from channels.twilio.client import TIMEOUT
from channels.twilio.settings import TwilioSettings

LARGEST = 20_000_000
"""Bytes; two minutes are one million."""
AT_ONCE = 4
DEADLINE = 60.0
"""Seconds for all of it."""
REDIRECTS = 2
_SID = re.compile(r"RE[0-9a-f]{32}")
_RANGE = re.compile(r"bytes=([0-9]{0,9})-([0-9]{0,9})")
_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, noarchive",
}
_log = logging.getLogger(__name__)


class NotNow(Exception):
    """It can't be heard now. `status` is ours, the text is for whoever wants to listen."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Recordings:
    """The route, and a pool of connections of its own."""

    def __init__(self, settings: TwilioSettings, world: World) -> None:
        self._world, self._api, self._account = world, settings.api_url, settings.account_sid
        self._auth = httpx.BasicAuth(settings.account_sid, settings.auth_token.get_secret_value())
        self._http = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self.route = Route("/twilio/voice/recording/{recording}", self.serve, methods=["GET"])

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.aclose()

    async def serve(self, request: Request) -> Response:
        """The recording, or a sentence that says why not."""
        recording, key = request.path_params["recording"], request.query_params.get("key", "")
        try:
            if not _SID.fullmatch(recording) or not await self._world.opens_recording(key, recording):
                return PlainTextResponse("not found", 404, _HEADERS)
            sound = await self._fetched(recording)
        except StorageError:
            return _later(503, "We are busy. Please try again in a minute.")
        except NotNow as why:
            return _later(why.status, str(why))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            _log.warning("a recording can't be fetched: %s", type(error).__name__)
            return _later(503, "The recording can't be fetched now. Please try again in a minute.")
        return _heard(sound, recording, request.headers.get("range", ""))

    async def _fetched(self, recording: str) -> bytes:
        url = f"{self._api}/2010-04-01/Accounts/{self._account}/Recordings/{recording}.mp3"
        async with self._turns, asyncio.timeout(DEADLINE):
            for hop in range(1 + REDIRECTS):
                request = self._http.build_request("GET", url)
                answer = await self._http.send(request, auth=self._auth if hop == 0 else None, stream=True)
                try:
                    if not answer.is_redirect:
                        return await _sound(answer)
                    url = self._next(answer)
                finally:
                    await answer.aclose()
        raise NotNow(503, "The recording can't be fetched now. Please try again in a minute.")

    def _next(self, answer: httpx.Response) -> str:
        """Where it really lies; it is asked without our credentials."""
        url = answer.url.join(answer.headers["location"])
        if url.scheme != "https" and not str(url).startswith(f"{self._api}/"):
            raise NotNow(503, "The recording can't be fetched now. Please try again in a minute.")
        return str(url)


async def _sound(answer: httpx.Response) -> bytes:
    """Raises NotNow."""
    if answer.status_code == 404:
        raise NotNow(404, "The recording is not ready yet, or was deleted. Please try again in a minute.")
    if answer.status_code != 200:
        _log.warning("Twilio answered %s to a request for a recording", answer.status_code)
        raise NotNow(503, "The recording can't be fetched now. Please try again in a minute.")
    sound = bytearray()
    async for piece in answer.aiter_bytes():
        sound += piece
        if len(sound) > LARGEST:
            raise NotNow(
                502, "The recording is too long to be played here. Listen to it in the Twilio console."
            )
    return bytes(sound)


def _later(status: int, why: str) -> Response:
    return PlainTextResponse(why, status, _HEADERS | {"retry-after": "60"})


def _heard(sound: bytes, recording: str, asked: str) -> Response:
    """Whole, or the part that was asked for: a phone plays nothing that can't be had in parts."""
    headers = _HEADERS | {
        "content-disposition": f'inline; filename="{recording}.mp3"',
        "accept-ranges": "bytes",
    }
    part = _part(asked, len(sound))
    if part is None:
        return Response(sound, media_type="audio/mpeg", headers=headers)
    if not part:
        return Response(status_code=416, headers=headers | {"content-range": f"bytes */{len(sound)}"})
    headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{len(sound)}"
    return Response(sound[part.start : part.stop], 206, media_type="audio/mpeg", headers=headers)


def _part(asked: str, length: int) -> range | None:
    """None: all of it, also where we don't understand what is asked. Empty: there is no such part."""
    found = _RANGE.fullmatch(asked)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return range(max(length - int(found[2]), 0), length) if int(found[2]) else range(0)
    return range(int(found[1]), min(int(found[2] or length) + 1, length))
