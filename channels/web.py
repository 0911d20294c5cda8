"""The ASGI app: routes of every channel, health, metrics; and the server that runs it inside our loop.

Every request passes one guard: its body is read whole first, within a limit and a time, so that a slow sender holds
no place; then a bounded number is handled at once, with room kept for calls; an exception is an answer, never silence.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CALLS = "/twilio/voice"
"""Calls ring somewhere while we think: they have places of their own."""
STREAMS = "/board/events"
"""Streams stay open while somebody looks at the board: they have places of their own, and take none of the others'."""
MOST_STREAMS = 200
ALWAYS = frozenset({"/healthz", "/readyz", "/metrics"})
BODY_SECONDS = 10.0
DRAINED = 8_000_000
"""Bytes past the limit that are read and dropped, so that the client sees the 413 and not a reset."""

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
_log = logging.getLogger(__name__)


def build_web(
    routes: Sequence[BaseRoute],
    *,
    health: Callable[[], dict[str, Any]],
    ready: Callable[[], tuple[bool, dict[str, Any]]],
    metrics: Callable[[], bytes],
    max_in_flight: int = 256,
    max_body: int = 1_000_000,
) -> ASGIApp:
    """`ready` says whether we can page, and what is wrong (no secrets: everybody may read it)."""

    async def healthz(request: Request) -> Response:
        return _json(200, health())

    async def readyz(request: Request) -> Response:
        fine, what = ready()
        return _json(200 if fine else 503, what)

    async def show_metrics(request: Request) -> Response:
        return Response(metrics(), headers={"content-type": CONTENT_TYPE_LATEST})

    own = (Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", show_metrics))
    router = Router([*own, *routes], redirect_slashes=False)
    return Guard(router, max_in_flight=max_in_flight, max_body=max_body)


def _json(status: int, value: object) -> Response:
    return Response(json.dumps(value, default=str), status, media_type="application/json")


class Guard:
    """Limits around an app; see the top of this file."""

    def __init__(self, app: ASGIApp, *, max_in_flight: int, max_body: int) -> None:
        self._app, self._max_body = app, max_body
        kept = max(1, max_in_flight // 8)
        self._room = max(1, max_in_flight - kept)
        self._room_for_calls = self._room + kept
        self._max_reading = 4 * max_in_flight
        self._in_flight = self._reading = self._streaming = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self._limited(scope, receive, answer)
        except _TurnedAway as away:
            await answer.instead(scope, receive, away.status, str(away), away.headers)
        except HTTPException as error:
            await answer.instead(scope, receive, error.status_code, "refused", dict(error.headers or {}))
        except asyncio.CancelledError:
            if not answer.started:
                await answer.instead(scope, receive, 503, "stopping", {"retry-after": "1"})
            raise
        except Exception as error:
            if isinstance(error, ConnectionAbortedError) and answer.started and await _cut(send, receive):
                return
            _log.exception("the answer to %s %.200r failed", scope["method"], scope["path"])
            if answer.started:
                raise
            await answer.instead(scope, receive, 500, "internal error", {})

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if not path.isprintable():  # routes take a path with a line break at its end for the one without
            raise _TurnedAway(404, "not found", {})
        body = await self._body(scope, receive)
        if body is None:
            return
        if path == STREAMS:
            await self._stream(scope, _replay(body, receive), send)
            return
        room = self._room_for_calls if path.startswith(CALLS) else self._room
        if self._in_flight >= room and path not in ALWAYS:
            raise _TurnedAway(503, "busy", {"retry-after": "1"})
        self._in_flight += 1
        try:
            await self._app(scope, _replay(body, receive), send)
        finally:
            self._in_flight -= 1

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._streaming >= MOST_STREAMS:
            raise _TurnedAway(503, "busy", {"retry-after": "5"})
        self._streaming += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._streaming -= 1

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """All of it; None when the client has gone."""
        if _announced(scope) > self._max_body + DRAINED:
            raise _TurnedAway(413, "too large", {"connection": "close"})
        if self._reading >= self._max_reading and not scope["path"].startswith(CALLS):
            raise _TurnedAway(503, "busy", {"retry-after": "1", "connection": "close"})
        self._reading += 1
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await self._read(receive)
        except TimeoutError:
            raise _TurnedAway(408, "too slow", {"connection": "close"}) from None
        finally:
            self._reading -= 1

    async def _read(self, receive: Receive) -> bytes | None:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunk = message.get("body", b"")
            size += len(chunk)
            more = message.get("more_body", False)
            if size <= self._max_body:
                chunks.append(chunk)
            elif not more or size > self._max_body + DRAINED:
                raise _TurnedAway(413, "too large", {"connection": "close"})
            if not more:
                return b"".join(chunks)


class _TurnedAway(Exception):
    """The guard's own answer."""

    def __init__(self, status: int, why: str, headers: dict[str, str]) -> None:
        super().__init__(why)
        self.status, self.headers = status, headers


class _Answer:
    """The way out: puts the security headers on, and knows whether anything went out."""

    def __init__(self, send: Send) -> None:
        self._send, self.started = send, False

    async def __call__(self, message: Message) -> None:
        """ASGI's send."""
        if message["type"] == "http.response.start":
            self.started = True
            headers = list(message.get("headers", ()))
            there = {name for name, _ in headers}
            message["headers"] = headers + [pair for pair in _HEADERS if pair[0] not in there]
        await self._send(message)

    async def instead(
        self, scope: Scope, receive: Receive, status: int, why: str, headers: dict[str, str]
    ) -> None:
        """A plain answer in place of the app's."""
        answer = _json(status, {"error": why})
        answer.headers.update(headers)
        await answer(scope, receive, self)


async def _cut(send: Send, receive: Receive) -> bool:
    """Drop the connection with all that waits in it, for a client that takes nothing. False: it is not uvicorn's."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        return False
    transport.abort()
    await receive()  # uvicorn has seen it before we return, and does not wonder
    return True


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body that was read already, then whatever comes (a disconnect)."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


class _Server(uvicorn.Server):
    """Leaves the process's signals alone, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None are captured."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Uvicorn's own, and then the word."""
        await super().startup(sockets)
        self.listening.set()


class Serving:
    """The app behind a port. The port is bound at once, so that a taken one is an OSError here and now."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # named TCP, or asyncio leaves Nagle's algorithm on: 40 ms for an answer on a kept connection
        self._socket = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        self._config = uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=30,
        )
        self._server = _Server(self._config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen; returns when connections are taken."""
        self._task = asyncio.create_task(self._server.serve([self._socket]), name="web")
        listening = asyncio.create_task(self._server.listening.wait())
        await asyncio.wait([self._task, listening], return_when=asyncio.FIRST_COMPLETED)
        if not listening.done():
            listening.cancel()
            await self._task

    async def wait(self) -> None:
        """Until it ends, for a supervisor."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def stop(self, grace: float = 10.0) -> None:
        """Take nothing new, let what is in flight end for `grace` seconds, then cut it off. Twice is fine."""
        self._config.timeout_graceful_shutdown = grace  # type: ignore[assignment]  # asyncio takes a float
        self._server.should_exit = True
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        for connection in list(self._server.server_state.connections):
            if (transport := getattr(connection, "transport", None)) is not None:
                transport.abort()
        self._socket.close()

    async def __aenter__(self) -> Serving:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()


def serve(app: ASGIApp, host: str, port: int) -> Serving:
    """A server for `async with`, or for start() and stop(); port 0 takes a free one."""
    return Serving(app, host, port)
