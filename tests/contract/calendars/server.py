"""A server of calendars that does what a test tells it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from channels.web import serve


class Server:
    """Gives out `text` at every path but these: /away and /far redirect, /slow never answers, /drip gives a byte at a time
    for ever, /huge has no end."""

    def __init__(self) -> None:
        self.text, self.status, self.etag, self.modified = "", 200, "", ""
        self.asked: list[dict[str, str]] = []
        self.on_ask: Callable[[], None] = lambda: None
        self.port = 0
        self.stopping = asyncio.Event()

    def url(self, path: str = "rota.ics") -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    async def _answer(self, request: Request) -> Response:
        self.asked.append(dict(request.headers))
        self.on_ask()
        match request.path_params["path"].split("/")[0]:
            case "around":
                return Response(status_code=302, headers={"location": "/around"})
            case "once":
                return Response(status_code=302, headers={"location": "/rota.ics"})
            case "file":
                return Response(status_code=302, headers={"location": "file:///etc/passwd"})
            case "slow":
                await self.stopping.wait()
            case "huge":
                return StreamingResponse(self._endless(b"x" * 65_536, 200))
            case "drip":
                return StreamingResponse(self._endless(b"x", 2))
        given = {"etag": self.etag, "last-modified": self.modified}
        headers = {name: value for name, value in given.items() if value}
        if self.status == 200 and self.etag and request.headers.get("if-none-match") == self.etag:
            return Response(status_code=304, headers=headers)
        return Response(self.text, self.status, headers)

    async def _endless(self, chunk: bytes, times: int) -> AsyncIterator[bytes]:
        for _ in range(times):
            yield chunk
        await self.stopping.wait()


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    server = Server()
    app = Starlette(routes=[Route("/{path:path}", server._answer)])
    async with serve(app, "127.0.0.1", 0) as web:
        server.port = web.port
        try:
            yield server
        finally:
            server.stopping.set()
