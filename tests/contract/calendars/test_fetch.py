"""A calendar's text over the network and from a file: bounded, and never where it should not be from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.calendars.fetch import Text, client, fetch, is_url, label_of
from bot.domain.calendar_faults import CalendarError
from tests.contract.calendars.server import serving


async def refused(source: str, seconds: float = 5.0) -> str:
    async with client() as http:
        with pytest.raises(CalendarError) as caught:
            await fetch(http, source, seconds=seconds)
    return str(caught.value)


async def test_a_url_is_fetched_and_asked_for_changes() -> None:
    async with serving() as server, client() as http:
        server.text, server.etag, server.modified = "\ufeffżółw", '"1"', "Mon, 23 Mar 2026 09:00:00 GMT"
        first = await fetch(http, server.url("once"))
        assert first == Text(text="żółw", etag='"1"', modified="Mon, 23 Mar 2026 09:00:00 GMT")
        assert await fetch(http, server.url(), first) is None
        server.etag = '"2"'
        again = await fetch(http, server.url(), first)
        assert again is not None and again.etag == '"2"'
        assert server.asked[-1]["if-modified-since"] == first.modified


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("around", "the server's answer can't be read (TooManyRedirects)"),
        ("file", "the server's answer can't be read (UnsupportedProtocol)"),
        ("huge", "it is larger than 1 MB"),
        ("slow", "the server takes too long to answer"),
        ("drip", "the server takes too long to answer"),
    ],
)
async def test_a_server_can_not_hold_us(path: str, why: str) -> None:
    async with serving() as server:
        seconds = 0.3 if path in ("slow", "drip") else 5.0
        assert await refused(server.url(path), seconds) == f"127.0.0.1: {why}"


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_a_server_that_refuses_is_named_without_its_secret(status: int) -> None:
    async with serving() as server:
        server.status = status
        said = await refused(server.url("private-0123456789/basic.ics?token=hush"))
    assert said == f"127.0.0.1: the server answers {status}"
    assert await refused(server.url()) == "127.0.0.1: the server can't be reached"


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with serving() as server, client() as http:
        server.text = "here"
        assert await fetch(http, server.url()) == Text(text="here")


async def test_a_file_is_read_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "rota.ics"
    assert await refused(str(path)) == "rota.ics: there is no such file"
    path.write_bytes(b"x" * 1_000_001)
    assert await refused(str(path)) == "rota.ics: it is larger than 1 MB"
    assert await refused(str(tmp_path)) == f"{tmp_path.name}: the file can't be opened (it is no file)"
    os.mkfifo(tmp_path / "pipe")
    assert await refused(str(tmp_path / "pipe")) == "pipe: the file can't be opened (it is no file)"


def test_what_a_calendar_is_called_gives_nothing_away() -> None:
    assert label_of("https://user:pass@calendar.example.com/private-hush/basic.ics") == "calendar.example.com"
    assert label_of("/etc/standby/rota.ics") == "rota.ics"
    assert is_url("HTTPS://calendar.example.com/x.ics") and not is_url("/etc/https/x.ics")
