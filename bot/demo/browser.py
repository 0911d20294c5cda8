"""The playground's page in front of the demo: a server on a free port of this machine, and a door to the bot's board."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.demo.controls import Demo
from bot.demo.world import Log
from playground.server import Served
from playground.web import app

HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Page:
    """Where the page is, and what is behind it."""

    url: str
    demo: Demo


@contextlib.asynccontextmanager
async def shown(*, speed: float = 1.0, port: int = 0, log: Log | None = None) -> AsyncIterator[Page]:
    """The page can be opened inside the block; nothing is left behind it."""
    demo = Demo(speed=speed, log=log)
    await demo.begin()
    try:
        page = app.build(demo.current)
        page.router.routes.insert(0, Route("/board", _to_the_board(demo)))
        served = Served(page, HOST, port)
        await served.start()
        try:
            yield Page(url=f"http://{HOST}:{served.port}/", demo=demo)
        finally:
            await served.stop()
    finally:
        await demo.end()


def _to_the_board(demo: Demo) -> Callable[[Request], Awaitable[Response]]:
    """A fresh link each time, since each is good once."""

    async def go(request: Request) -> Response:
        try:
            return RedirectResponse(await demo.world.board_link(), 303)
        except ValueError as error:
            return PlainTextResponse(str(error), 409)

    return go
