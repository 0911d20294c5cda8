"""The process itself, against the stand-ins over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.demo import stage as st
from playground import Playground

ROOT = Path(__file__).parents[2]
PUBLIC = "https://desk.example.com"


@dataclass
class Bot:
    """`standby run` as a process that can be killed and started again on the same files."""

    folder: Path
    playground: Playground
    storage: str = ""
    process: asyncio.subprocess.Process | None = None
    url: str = ""
    errors: list[str] = field(default_factory=list)

    async def start(self, crash_at: str = "") -> None:
        config = self.folder / "config.toml"
        if not config.exists():
            st.write_config(self.folder, self.playground, storage=self.storage)
            policy = st.POLICY.read_text("utf-8").replace('patience = "60s"', 'patience = "2s"')
            (self.folder / "policy.toml").write_text(policy, "utf-8")
            config.write_text(config.read_text("utf-8").replace(str(st.POLICY), "policy.toml"), "utf-8")
        env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        env |= st.environ(self.playground) | {"STANDBY_CRASH_AT": crash_at, "PYTHONPATH": str(ROOT)}
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", "--config", str(config),
                cwd=self.folder, env=env, stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
        assert self.process.stdout is not None
        line = (await asyncio.wait_for(self.process.stdout.readline(), 20)).decode()
        assert "listens on" in line, line + (self.folder / "bot.log").read_text("utf-8")
        self.url = line.split()[-1]
        self.playground.bot_url, self.playground.public_url = self.url, PUBLIC

    async def died(self) -> int:
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), 20)

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await self.died()

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(self.url + path)

    def log(self) -> str:
        return (self.folder / "bot.log").read_text("utf-8")


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    play = Playground(pace=0.01)
    await play.start()
    st.furnish(play)
    yield play
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(play.settle(), 5)
    await play.stop()
    assert violations(play) == [], "every request has to keep to the vendor's own description"


def violations(play: Playground) -> list[str]:
    """What ../shared/specs, where it is there, says against the requests that the bot sent."""
    path = ROOT.parent / "shared" / "specs" / "check.py"
    if not path.exists():
        return []
    spec = importlib.util.spec_from_file_location("vendor_check", path)
    assert spec is not None and spec.loader is not None
    checker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checker)
    sent = [r for r in play.requests if not r["path"].startswith("/response/")]
    return [f"{r['platform']} {r['path']}: {e}" for r in sent for e in checker.check(r["platform"], r)]


@pytest.fixture
async def bot(tmp_path: Path, playground: Playground) -> AsyncIterator[Bot]:
    it = Bot(tmp_path, playground)
    yield it
    await it.kill()


def seen(play: Playground, kind: str, *words: str, to: str = "") -> list[Any]:
    return [
        e
        for e in play.journal
        if e.kind == kind and (not to or e.to == to) and all(w in e.text for w in words)
    ]
