"""Places of open pages: never the webhooks', ten a session, and free again however a page ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator

import pytest

from bot.board import streaming
from bot.board.streaming import Streams
from tests.board.browser import Browser, logged_in
from tests.fakes.line import Line, line

HEAD = "GET {path} HTTP/1.1\r\nhost: desk.example.com\r\ncookie: {cookie}\r\n\r\n"


@contextlib.asynccontextmanager
async def connected(
    t: Line, ada: Browser, path: str = "/board/events"
) -> AsyncIterator[asyncio.StreamReader]:
    """A path as it is written, with Ada's cookie."""
    reader, writer = await asyncio.open_connection("127.0.0.1", t.bot.standby.port)
    writer.write(_head(ada, path))
    try:
        yield reader
    finally:
        writer.close()


def _head(ada: Browser, path: str) -> bytes:
    cookie = "; ".join(f"{name}={value}" for name, value in ada.jar.items())
    return HEAD.format(path=path, cookie=cookie).encode()


async def status(reader: asyncio.StreamReader) -> int:
    async with asyncio.timeout(5):
        return int((await reader.readuntil(b"\r\n")).split()[1])


@pytest.mark.parametrize(
    "path", ["/board/events%0A", "/board/events%0D%0A", "/board%00", "/board/ticket/%07"]
)
async def test_a_path_with_control_characters_is_nothing(path: str) -> None:
    async with line() as t, logged_in(t) as ada:
        async with connected(t, ada, path) as reader:
            assert await status(reader) == 404
        t.looks_away()


async def test_ten_pages_a_session_however_fast_they_come() -> None:
    async with line() as t, logged_in(t) as ada:
        board = t.bot.standby.board
        async with contextlib.AsyncExitStack() as stack:
            readers = [await stack.enter_async_context(connected(t, ada)) for _ in range(30)]
            answers = await asyncio.gather(*(status(reader) for reader in readers))
            assert sorted(answers) == [200] * 10 + [429] * 20
            await asyncio.gather(
                *(reader.readuntil(b"beat") for n, reader in zip(answers, readers, strict=True) if n == 200)
            )
            reading = [one for several in board.streams.open.values() for one in several]
        await asyncio.wait(reading, timeout=5)
        assert (board.streams.seats, board.streams.open) == ({}, {})
        async with connected(t, ada) as reader:
            assert await status(reader) == 200
        t.looks_away()


@contextlib.asynccontextmanager
async def takes_nothing(t: Line, ada: Browser) -> AsyncIterator[socket.socket]:
    """Somebody who asks for events and reads none, until no more fits in between."""
    loop = asyncio.get_running_loop()
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        await loop.sock_connect(sock, ("127.0.0.1", t.bot.standby.port))
        await loop.sock_sendall(sock, _head(ada, "/board/events"))
        hub = t.bot.standby.board.hub
        async with asyncio.timeout(10):
            while b"beat" not in await loop.sock_recv(sock, 4096):
                pass
            (watcher,) = hub.watchers
            while watcher in hub.watchers:
                hub._put(watcher, b"event: line\ndata: " + b"x" * 60_000 + b"\n\n")
                await asyncio.to_thread(lambda: None)  # the server's turn
        yield sock


async def ended(sock: socket.socket) -> bytes:
    """The last of what still comes until the connection ends."""
    loop, last = asyncio.get_running_loop(), b""
    async with asyncio.timeout(10):
        while got := await loop.sock_recv(sock, 65536):
            last = (last + got)[-10:]
    return last


async def left_alone(streams: Streams) -> bool:
    """Nothing is open any more, before anybody has read a byte."""
    reading = [one for several in streams.open.values() for one in several]
    if reading:
        await asyncio.wait(reading, timeout=5)
    async with asyncio.timeout(5):
        while streams.seats:
            await asyncio.to_thread(lambda: None)
    return not streams.open


async def test_who_takes_nothing_is_cut_off_when_they_leave(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(streaming, "LAST_WORD", 0.01)
    async with line() as t, logged_in(t) as ada:
        streams = t.bot.standby.board.streams
        async with takes_nothing(t, ada) as sock:
            assert streams.seats
            await ada.posts("/board/leave", csrf=await ada.csrf())
            assert await left_alone(streams)
            assert not (await ended(sock)).endswith(b"0\r\n\r\n"), "it was cut, and did not end in order"
        t.looks_away()
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_who_takes_nothing_for_long_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "STALLED", 0.2)
    async with line() as t, logged_in(t) as ada:
        streams = t.bot.standby.board.streams
        async with takes_nothing(t, ada) as sock:
            assert await left_alone(streams)
            assert not (await ended(sock)).endswith(b"0\r\n\r\n")
        t.looks_away()
