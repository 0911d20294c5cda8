"""How the operator's commands reach the running process: its id in the data folder, and a socket that answers.

A connection is the proof that somebody runs: a file that a killed process left behind answers nobody, and no signal
goes to a process that has taken over its number.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.app.bus import Log

PID, SOCKET = "standby.pid", "standby.sock"
READ = 5.0
"""Seconds for a question to arrive whole."""

Answer = Callable[[Any], Awaitable[Mapping[str, Any]]]


def among(questions: Mapping[str, Answer]) -> Answer:
    """The answer to each kind of question; a question has its kind among its keys."""

    async def answer(question: Any) -> Mapping[str, Any]:
        for kind, of in questions.items():
            if isinstance(question, dict) and kind in question:
                return await of(question)
        return {"done": False, "lines": ["The Standby that runs here does not know this question."]}

    return answer


class NotRunning(Exception):
    """No Standby runs on this data folder."""


class Unreachable(Exception):
    """Something runs there, or may; but it can't be asked."""


# ---------------------------------------------------------------- the running process
class Hangups:
    """SIGHUP asks for a reload from the first moment of a process to its last: at no time does it end it.

    One that comes during the start is answered when Standby runs; one that comes during the stop is not.
    """

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        signal.signal(signal.SIGHUP, lambda *_: self.asked.set())

    @contextlib.asynccontextmanager
    async def answered(self, reload: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
        """Inside the block, and a reload that was asked for before is made up for."""
        loop = asyncio.get_running_loop()
        signal.signal(signal.SIGHUP, lambda *_: loop.call_soon_threadsafe(self.asked.set))
        task = loop.create_task(self._each(reload))
        try:
            yield
        finally:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _each(self, reload: Callable[[], Awaitable[object]]) -> None:
        while True:
            await self.asked.wait()
            self.asked.clear()
            await reload()


@contextlib.asynccontextmanager
async def reachable(data: Path, answer: Answer, log: Log) -> AsyncIterator[None]:
    """Commands find this process inside the block. A folder that does not let them is logged; we page all the same."""
    async with contextlib.AsyncExitStack() as held:
        try:
            held.enter_context(_named(data / PID))
            await held.enter_async_context(_listening(data / SOCKET, answer))
        except OSError as error:
            log("not_reachable", folder=str(data), error=f"{type(error).__name__}: {error}")
        yield


@contextlib.contextmanager
def _named(file: Path) -> Iterator[None]:
    """Our id in the file, locked while we live: the kernel lets go of it however we die. BlockingIOError where another
    Standby has it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.truncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        try:
            yield
        finally:
            file.unlink(missing_ok=True)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _bound(place: Path) -> Iterator[socket.socket]:
    """A socket for the user that we run as. Whoever holds the lock may take away what a dead process left."""
    place.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(place))
        place.chmod(0o600)  # nobody can connect before it listens
        try:
            yield listener
        finally:
            place.unlink(missing_ok=True)


@contextlib.asynccontextmanager
async def _listening(place: Path, answer: Answer) -> AsyncIterator[None]:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _answered(reader, writer, answer)

    with _bound(place) as listener:
        server = await asyncio.start_unix_server(connected, sock=listener)
        try:
            yield
        finally:
            server.close()


async def _answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> None:
    """One question, one answer, a line of JSON each. Who asks nonsense, or has gone, hears nothing."""
    with contextlib.suppress(OSError, ValueError, TimeoutError):
        async with asyncio.timeout(READ):
            question = json.loads(await reader.readline())
        writer.write(json.dumps(await answer(question)).encode() + b"\n")
        await writer.drain()
    writer.close()


# ---------------------------------------------------------------- whoever asks it
def ask(data: Path, question: Mapping[str, Any], patience: float) -> dict[str, Any]:
    """What the running Standby answers. Raises NotRunning, or Unreachable where it gives none in `patience` seconds."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(patience)
        try:
            line.connect(str(data / SOCKET))
            line.sendall(json.dumps(question).encode() + b"\n")
            with line.makefile() as reading:
                said = reading.readline()
        except (FileNotFoundError, ConnectionRefusedError):
            raise NotRunning from None
        except TimeoutError:
            raise Unreachable(f"no answer within {patience:.0f} s") from None
        except OSError as error:
            raise Unreachable(str(error)) from error
    if not said.endswith("\n"):
        raise Unreachable("it stopped before it answered")
    answer: dict[str, Any] = json.loads(said)
    return answer
