"""A playground, and a bot that only records what it is sent."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground import Playground
from playground.server import Served


@dataclass
class Heard:
    """One webhook call as the bot got it."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw.decode(), keep_blank_values=True))

    @property
    def payload(self) -> Any:
        return json.loads(self.form["payload"])


@dataclass
class Bot:
    """Answers 200 with nothing unless `answers` holds something for the next calls."""

    heard: list[Heard] = field(default_factory=list)
    answers: list[Response | Callable[[], Any]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def answer(self, request: Request) -> Response:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        self.heard.append(Heard(path, dict(request.headers), await request.body()))
        self.news.set()
        self.news = asyncio.Event()
        answer = self.answers.pop(0) if self.answers else Response()
        return answer if isinstance(answer, Response) else await answer()

    async def hears(self, count: int) -> list[Heard]:
        async with asyncio.timeout(3):
            while len(self.heard) < count:
                await self.news.wait()
        return self.heard


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    bot = Bot()
    app = Starlette(routes=[Route("/{path:path}", bot.answer, methods=["POST"])])
    served = Served(app, "127.0.0.1", 0)
    await served.start()
    bot.url = f"http://127.0.0.1:{served.port}"
    yield bot
    await served.stop()


@dataclass
class Times:
    """A monotonic clock that a test moves."""

    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def ticks() -> Times:
    return Times()


@pytest.fixture
async def play(ticks: Times) -> AsyncIterator[Playground]:
    async with Playground(pace=0.0, monotonic=ticks) as play:
        play.slack.add_user("U0ADA", "Ada", "ada@desk.example")
        play.slack.add_user("U0THANDI", "Thandi", "thandi@acme.example")
        play.slack.add_channel("C0DESK", "desk", ["U0ADA"])
        play.telegram.add_user(20001, "Thandi", "thandi")
        play.telegram.add_user(10001, "Ada")
        play.telegram.add_group(-1001, "Desk", members=[10001])
        play.telegram.add_group(-1002, "Flat", forum=False, members=[10001])
        yield play
