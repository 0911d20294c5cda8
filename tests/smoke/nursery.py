"""Bots that are born quickly: one process has everything imported, and each bot is a fork of it. To be killed, a bot is a
process like any other.

As a script it takes one line of JSON a bot and says on standard output what becomes of it: `pid N`, the bot's own
lines, `died CODE`.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import queue
import signal
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import holidays
import phonenumbers

LATER = ("alembic.command", "alembic.context", "httpcore", "anyio._backends._asyncio", "uvicorn", "uvloop")
"""What a bot imports only when it needs it."""
ROOT = Path(__file__).parents[2]


class Nursery:
    """One bot at a time. All waiting ends after 20 seconds."""

    def __init__(self) -> None:
        env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()} | {"PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-u", __file__],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.strip())

    async def line(self) -> str:
        """The next thing that is said."""
        return await asyncio.to_thread(self._lines.get, timeout=20)

    def bear(self, **bot: Any) -> None:
        """A bot: `config`, `cwd`, `log` (paths), `environ`."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(bot) + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """With whatever bot still lives."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(20)
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _live(bot: dict[str, Any]) -> None:
    """The child: as `standby run`."""
    from bot.cli import app

    os.chdir(bot["cwd"])
    os.environ.update(bot["environ"])
    log = os.open(bot["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    app(["run", "--config", bot["config"]])


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Until standard input ends. No bot reads the world's certificates: all of it is 127.0.0.1 in the clear."""
    for name in ("bot.cli", *LATER):
        importlib.import_module(name)
    holidays.country_holidays("ZA", years=2026)
    phonenumbers.is_valid_number(phonenumbers.parse("+27115550001"))
    ssl.SSLContext.load_verify_locations = lambda *_, **__: None  # type: ignore[method-assign]

    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _live(json.loads(line))
            os._exit(0)
        _say(f"pid {pid}")
        _say(f"died {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}")


if __name__ == "__main__":
    main()
