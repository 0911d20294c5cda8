"""The text of a calendar: from a URL, or from a file."""

from __future__ import annotations

import asyncio
import dataclasses
import stat
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bot.calendars.parse import LARGEST
from bot.domain.calendar_faults import CalendarError

TIMEOUT = 10.0
"""Seconds for the whole answer."""
_URLS = ("http", "https")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Text:
    """A calendar as it was given out. `etag` and `modified` are what to ask with whether there is another."""

    text: str
    etag: str = ""
    modified: str = ""


def is_url(source: str) -> bool:
    """Is it fetched over the network, rather than read from a file?"""
    return urlsplit(source).scheme.lower() in _URLS


def label_of(source: str) -> str:
    """What we call a calendar: its file's name, or its host, since the rest of a URL may be a secret."""
    return urlsplit(source).hostname or "?" if is_url(source) else Path(source).name


def client(seconds: float = TIMEOUT) -> httpx.AsyncClient:
    """Goes nowhere that the environment says, and not round in circles."""
    return httpx.AsyncClient(trust_env=False, timeout=seconds, follow_redirects=True, max_redirects=3)


async def fetch(
    http: httpx.AsyncClient, source: str, known: Text | None = None, seconds: float = TIMEOUT
) -> Text | None:
    """The text; None where it is still the `known` one. Raises CalendarError."""
    label = label_of(source)
    if not is_url(source):
        return Text(text=await asyncio.to_thread(_from_file, Path(source), label))
    try:
        async with asyncio.timeout(seconds):
            return await _from_server(http, source, known, label)
    except (TimeoutError, httpx.TimeoutException):
        raise CalendarError("slow_server", label=label) from None
    except httpx.ConnectError:
        raise CalendarError("unreachable", label=label) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise CalendarError("odd_server", label=label, text=type(error).__name__) from None


async def _from_server(http: httpx.AsyncClient, url: str, known: Text | None, label: str) -> Text | None:
    headers = {"accept": "text/calendar, */*;q=0.5", "accept-encoding": "identity"}
    if known is not None and known.etag:
        headers["if-none-match"] = known.etag
    if known is not None and known.modified:
        headers["if-modified-since"] = known.modified
    async with http.stream("GET", url, headers=headers) as response:
        if response.status_code == 304 and known is not None:
            return None
        if response.status_code != 200:
            raise CalendarError("refused", label=label, n=response.status_code)
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > LARGEST:
                raise CalendarError("too_large", label=label)
        etag, modified = response.headers.get("etag", ""), response.headers.get("last-modified", "")
    return Text(text=_decoded(bytes(body)), etag=etag, modified=modified)


def _from_file(path: Path, label: str) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise CalendarError("unreadable", label=label, text="it is no file")
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise CalendarError("missing", label=label) from None
    except OSError as error:
        raise CalendarError("unreadable", label=label, text=error.strerror or "?") from None
    if len(body) > LARGEST:
        raise CalendarError("too_large", label=label)
    return _decoded(body)


def _decoded(body: bytes) -> str:
    return body.decode("utf-8-sig", "replace")
