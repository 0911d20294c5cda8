"""The process itself, killed (kill -9) and started again where a call is, and who answers the vendor meanwhile."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.demo import stage as st
from channels.twilio.fallback import accept, fallback, screen
from channels.twilio.signature import AGAIN
from playground import Playground
from playground.courier import Delivered
from playground.server import Served
from playground.twilio.people import UNANSWERED
from storage.schema import upgrade
from tests.fakes.line_vendors import twiml_heard, violations
from tests.smoke.conftest import PUBLIC, Bot
from tests.smoke.nursery import Nursery

INCOMING = f"{PUBLIC}/twilio/voice/incoming"


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    """In which nobody waits for anything."""
    play = Playground(pace=0.0)
    await play.start()
    st.furnish(play)
    heard = twiml_heard(play)
    yield play
    await asyncio.wait_for(play.settle(), 5)
    await play.stop()
    assert violations(play, heard) == []


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    it = Nursery()
    yield it
    it.close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which nothing is."""
    path = tmp_path_factory.mktemp("empty") / "standby.db"
    upgrade(f"sqlite:///{path}")
    return path


def write(folder: Path, play: Playground, storage: str) -> None:
    """The demo's configuration, of a desk that is closed today and tomorrow."""
    config = st.write_config(folder, play, storage=storage)
    today = dt.datetime.now(ZoneInfo("Africa/Johannesburg")).date()
    closed = "".join(f"{today + dt.timedelta(days=n)} = []\n" for n in (0, 1))
    policy = st.POLICY.read_text("utf-8")
    assert "\n[overrides]" in policy
    head, _, tail = policy.partition("\n[overrides]")
    rest = tail.partition("\n")[2]
    (folder / "policy.toml").write_text(f"{head}\n[overrides]\n{closed}{rest}", "utf-8")
    config.write_text(config.read_text("utf-8").replace(str(st.POLICY), "policy.toml"), "utf-8")


class Forked(Bot):
    """As Bot, from the nursery; killed and started again where a call is."""

    nursery: Nursery
    pid = 0
    answered = 0
    kill_after: frozenset[int] = frozenset()
    """Behind the answers to which requests of the call it is killed."""
    kills, lives_from = 0, 1000
    leaves = False
    """The test is over, and nobody starts it again."""
    crash_again = ""
    """Where it dies when it has been started again, until it was so often (`lives_from`)."""

    async def start(self, crash_at: str = "") -> None:
        config = self.folder / "config.toml"
        if not config.exists():
            write(self.folder, self.playground, self.storage)
        environ = st.environ(self.playground) | {"STANDBY_CRASH_AT": crash_at}
        log = self.folder / "bot.log"
        self.nursery.bear(config=str(config), cwd=str(self.folder), log=str(log), environ=environ)
        self.pid = int((await self.nursery.line()).removeprefix("pid "))
        line = await self.nursery.line()
        assert "listens on" in line, line + self.log()
        self.url = line.split()[-1]
        self.playground.bot_url, self.playground.public_url = self.url, PUBLIC

    async def died(self) -> int:
        self.pid = 0
        return int((await self.nursery.line()).removeprefix("died "))

    async def kill(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            await self.died()

    async def stop(self) -> int:
        os.kill(self.pid, signal.SIGTERM)
        return await self.died()

    def watch(self) -> None:
        """Whatever Twilio asks from now on finds the bot where it is then; who finds it dead sees it start again."""
        courier = self.playground.twilio._account.stage.courier
        post, one_at_a_time = courier.post, asyncio.Lock()

        async def watched(url: str, body: bytes, headers: Mapping[str, str], **more: Any) -> Delivered:
            if b"CallSid" not in body or "/twilio/" not in url or self.leaves:
                return await post(url, body, headers, **more)
            async with one_at_a_time:
                answer = await post(re.sub(r"^http://[^/]+", self.url, url), body, headers, **more)
                if answer.status == 0 and not self.leaves:
                    assert await self.died() == -9, answer.body
                    await self._again()
                    return answer
                self.answered += 1
                if self.answered in self.kill_after:
                    await self.kill()
                    await self._again()
            return answer

        courier.post = watched  # type: ignore[method-assign]

    async def _again(self) -> None:
        self.kills += 1
        await self.start(self.crash_again if self.kills < self.lives_from else "")


@pytest.fixture
async def bot(tmp_path: Path, playground: Playground, nursery: Nursery, empty: Path) -> AsyncIterator[Forked]:
    shutil.copyfile(empty, tmp_path / "standby.db")
    it = Forked(tmp_path, playground)
    it.nursery = nursery
    twilio = playground.twilio
    twilio.receipts = False
    twilio.phones.line().voice_url = INCOMING + AGAIN
    twilio.phones.script(st.ADA_PHONE, UNANSWERED)
    twilio.phones.script(st.GRACE_PHONE, UNANSWERED)
    it.watch()
    yield it
    it.leaves = True
    await it.kill()


class Bins:
    """The vendor's host of the fallback's documents."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.server = Served(
            Starlette(routes=[Route("/{name}", self._document, methods=["POST"])]), "127.0.0.1", 0
        )

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server.port}/{name}"

    async def _document(self, request: Request) -> Response:
        name = request.path_params["name"]
        self.asked.append(name)
        numbers = (st.ADA_PHONE, st.GRACE_PHONE)
        documents = {
            "line": fallback(numbers, "en", "", st.VOICE, self.url("screen"), self.url("accept")),
            "screen": screen("en", "", self.url("accept")),
            "accept": accept(),
        }
        return Response(documents[name], media_type="text/xml")


@pytest.fixture
async def bins(bot: Forked) -> AsyncIterator[Bins]:
    """Twilio asks nothing twice, and the number has its fallback."""
    it = Bins()
    await it.server.start()
    twilio = bot.playground.twilio
    twilio.retries = 0
    twilio.phones.line().fallback = it.url("line")
    yield it
    await it.server.stop()
