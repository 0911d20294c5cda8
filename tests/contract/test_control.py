"""How a command finds the running process, and what happens where there is none, another one, or a stubborn one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.control import PID, SOCKET, Hangups, NotRunning, Unreachable, ask, reachable


def silent(event: str, /, **fields: Any) -> None:
    raise AssertionError(f"{event}: {fields}")


async def echo(question: Any) -> dict[str, Any]:
    return {"heard": question}


async def asks(data: Path, question: Any = "?", patience: float = 5.0) -> Any:
    return await asyncio.to_thread(ask, data, question, patience)


async def test_a_question_is_answered(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with reachable(data, echo, silent):
        assert (data / PID).read_text("utf-8") == f"{os.getpid()}\n"
        assert (data / SOCKET).stat().st_mode & 0o777 == 0o600
        heard = await asyncio.gather(*(asks(data, {"reload": n}) for n in range(5)))
        assert heard == [{"heard": {"reload": n}} for n in range(5)]
    assert list(data.iterdir()) == []
    with pytest.raises(NotRunning):
        await asks(data)


async def test_what_a_dead_process_left_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / PID).write_text(f"{os.getppid()}\n", "utf-8")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / SOCKET))
    with pytest.raises(NotRunning):
        await asks(tmp_path)
    async with reachable(tmp_path, echo, silent):
        assert await asks(tmp_path) == {"heard": "?"}


async def test_a_second_process_leaves_it_to_the_first(tmp_path: Path) -> None:
    logged: list[str] = []
    async with reachable(tmp_path, echo, silent):
        async with reachable(tmp_path, echo, lambda event, /, **fields: logged.append(event)):
            assert await asks(tmp_path) == {"heard": "?"}
        assert await asks(tmp_path) == {"heard": "?"}
    assert logged == ["not_reachable"]


async def test_a_folder_too_deep_for_a_socket_keeps_nobody_from_running(tmp_path: Path) -> None:
    deep, logged = tmp_path / ("x" * 120), list[str]()
    async with reachable(deep, echo, lambda event, /, **fields: logged.append(event)):
        assert (deep / PID).read_text("utf-8") == f"{os.getpid()}\n"
        with pytest.raises(Unreachable, match="too long"):
            await asks(deep)
    assert logged == ["not_reachable"]


async def test_no_answer_in_time_or_ever(tmp_path: Path) -> None:
    never = asyncio.Event()

    async def stubborn(question: Any) -> dict[str, Any]:
        await never.wait()
        raise OSError

    async with reachable(tmp_path, stubborn, silent):
        with pytest.raises(Unreachable, match="no answer within 0 s"):
            await asks(tmp_path, patience=0.05)
        waiting = asyncio.create_task(asks(tmp_path))
        never.set()
        with pytest.raises(Unreachable, match="stopped before it answered"):
            await waiting


async def test_nonsense_is_not_answered(tmp_path: Path) -> None:
    async with reachable(tmp_path, echo, silent):
        for words in (b"reload!\n", b"\xff\n", b"x" * 100_000 + b"\n", b""):
            reader, writer = await asyncio.open_unix_connection(str(tmp_path / SOCKET))
            writer.write(words)
            writer.write_eof()
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
            writer.close()
        assert await asks(tmp_path) == {"heard": "?"}


@pytest.fixture
def _as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("_as_before")
async def test_sighup_at_any_time() -> None:
    reloads: asyncio.Queue[int] = asyncio.Queue()
    may_end = asyncio.Event()

    async def reload() -> None:
        reloads.put_nowait(1)
        await may_end.wait()

    hangups = Hangups()
    os.kill(os.getpid(), signal.SIGHUP)  # during the start: made up for
    async with hangups.answered(reload), asyncio.timeout(5):
        await reloads.get()
        for _ in range(3):  # during a reload: one more, since the file may have changed after it was read
            os.kill(os.getpid(), signal.SIGHUP)
        may_end.set()
        await reloads.get()
        may_end.clear()
        os.kill(os.getpid(), signal.SIGHUP)
        await reloads.get()
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    os.kill(os.getpid(), signal.SIGHUP)  # during the stop: nothing
    assert reloads.empty()
