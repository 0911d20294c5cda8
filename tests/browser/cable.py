"""The network between a browser and a server: an address that stays, which can be cut, fall silent, and be mended."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator, Callable


class Cable:
    """Listens on `port`; each connection is carried on to wherever `target` says that the server is by then."""

    def __init__(self) -> None:
        self.target: Callable[[], int] = lambda: 0
        self.port = 0
        self.is_cut = False
        self.ends: list[_Pair] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Every connection breaks, and no new one is made."""
        self.is_cut = True
        for pair in self.ends:
            pair.near.abort()
            pair.far.abort()
        self.ends.clear()

    def mend(self) -> None:
        self.is_cut = False

    def fall_silent(self, path: str) -> None:
        """What asked for `path` stays connected, and carries nothing any more: as behind a router that forgot it. New
        connections work."""
        for pair in self.ends:
            if pair.asked.startswith(f"GET {path}".encode()):
                pair.near.pause_reading()
                pair.far.pause_reading()


@dataclasses.dataclass(eq=False)
class _Pair:
    """Both ends of a connection, and what the browser sent last."""

    near: asyncio.Transport
    far: asyncio.Transport
    asked: bytes


class _End(asyncio.Protocol):
    """One end of a connection; what it hears goes to the other."""

    other: asyncio.Transport | None = None

    def data_received(self, data: bytes) -> None:
        if self.other is not None:
            self.other.write(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self.other is not None:
            self.other.close()


class _Near(_End):
    """The browser's end. What comes before the server's end is there waits."""

    def __init__(self, cable: Cable) -> None:
        self._cable, self._early = cable, b""
        self._pair: _Pair | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if self._cable.is_cut:
            transport.abort()
        else:
            self._joining = asyncio.create_task(self._join(transport))

    def data_received(self, data: bytes) -> None:
        if self._pair is None:
            self._early += data
        else:
            self._pair.asked = data
        super().data_received(data)

    async def _join(self, near: asyncio.Transport) -> None:
        loop = asyncio.get_running_loop()
        try:
            far, end = await loop.create_connection(_End, "127.0.0.1", self._cable.target())
        except OSError:
            near.abort()
            return
        end.other, self.other = near, far
        far.write(self._early)
        self._pair = _Pair(near, far, self._early)
        self._cable.ends.append(self._pair)
        if near.is_closing():
            far.close()


@contextlib.asynccontextmanager
async def laid() -> AsyncIterator[Cable]:
    """A cable; nothing is connected behind the block."""
    cable = Cable()
    server = await asyncio.get_running_loop().create_server(lambda: _Near(cable), "127.0.0.1", 0)
    cable.port = server.sockets[0].getsockname()[1]
    try:
        yield cable
    finally:
        server.close()
        cable.cut()
