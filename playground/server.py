"""One uvicorn server inside the running loop, with a way to break a connection on purpose."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

STOP_SECONDS = 2.0


class _BreakableProtocol(H11Protocol):
    """Lets the application abort its connection: scope["playground.abort"]()."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner: Any = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope["playground.abort"] = self.transport.abort
            await inner(scope, receive, send)

        self.app = app


class _Server(uvicorn.Server):
    """Leaves the process's signals alone, says when it listens, and stops without polling."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready, self.leave = asyncio.Event(), asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        await self.leave.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(10):
            await asyncio.sleep(0)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._wait_tasks_to_complete()
        except TimeoutError:
            await self._break_off()

    async def _break_off(self) -> None:
        """Whoever listens without an end (a browser to a stream of events) loses the line, as on a network that fails."""
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._wait_tasks_to_complete()
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()


class Served:
    """A running server; `port` is the real one also when 0 was asked for."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._socket = socket.socket(
            socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
        )  # else Nagle stays on
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            http=_BreakableProtocol,
            ws="websockets-sansio",
            date_header=False,
            server_header=False,
        )
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen; return when connections are taken."""
        self._task = asyncio.ensure_future(self._server.serve([self._socket]))
        ready = asyncio.ensure_future(self._server.ready.wait())
        await asyncio.wait([self._task, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        await asyncio.gather(ready, return_exceptions=True)
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Close all connections and wait until they are gone."""
        self._server.leave.set()
        if self._task is not None:
            await self._task
        self._socket.close()
