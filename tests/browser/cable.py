"""The network between a browser and a server: an address that stays, which can be cut, fall silent, and be mended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable


class Cable:
    """Listens on `port`; each connection is carried on to wherever `target` says that the server is by then."""

    def __init__(self) -> None:
        self.target: Callable[[], int] = lambda: 0
        self.port = 0
        self.is_cut = False
        self.ends: list[tuple[asyncio.Transport, asyncio.Transport]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Every connection breaks, and no new one is made."""
        self.is_cut = True
        for pair in self.ends:
            for end in pair:
                end.abort()
        self.ends.clear()

    def mend(self) -> None:
        self.is_cut = False

    def fall_silent(self) -> None:
        """What is connected stays so, and carries nothing any more: as behind a router that forgot. New ones work."""
        for pair in self.ends:
            for end in pair:
                end.pause_reading()
        self.ends.clear()


class _End(asyncio.Protocol):
    """One end of a connection; what it hears goes to `other`."""

    other: asyncio.Transport | None = None

    def __init__(self) -> None:
        self.early: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        if self.other is None:
            self.early.append(data)
        else:
            self.other.write(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self.other is not None:
            self.other.close()

    def joined(self, other: asyncio.Transport) -> None:
        self.other = other
        other.writelines(self.early)


class _Near(_End):
    """The browser's end."""

    def __init__(self, cable: Cable) -> None:
        super().__init__()
        self._cable = cable

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if self._cable.is_cut:
            transport.abort()
            return
        self._joining = asyncio.create_task(self._join(transport))

    async def _join(self, near: asyncio.Transport) -> None:
        loop = asyncio.get_running_loop()
        try:
            far, end = await loop.create_connection(_End, "127.0.0.1", self._cable.target())
        except OSError:
            near.abort()
            return
        end.other = near
        self.joined(far)
        self._cable.ends.append((near, far))
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
