"""The Telegram adapter against the playground, with the rest of the bot as small fakes."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import functools
import importlib.util
import itertools
import pathlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette

from bot.app.inbound import Inbound
from bot.app.ports import NewForm, Option, Outcome
from bot.domain.ids import ChannelName, PersonId
from channels.adapter import Adapter, Plugin, World
from channels.telegram import plugin
from playground import Playground
from playground.server import Served

TOKEN = "123456:playground-telegram-token"
SECRET = "playground-telegram-secret"
THANDI, ADA, DESK, PLAIN_DESK = 20001, 10001, -1001234567890, -1009876543210
NOW = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)


class FixedClock:
    def now(self) -> dt.datetime:
        return NOW

    def real_seconds_until(self, at: dt.datetime) -> float:
        return max(0.0, (at - NOW).total_seconds())


class Counted:
    """Chance without chance."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def token(self) -> str:
        return f"token{next(self._numbers):017d}"

    def below(self, n: int) -> int:
        return 0


class Desk:
    """World.receive, facts and counters. `before` is called first with each inbound: it may raise or wait."""

    def __init__(self) -> None:
        self.received: list[Inbound] = []
        self.tried: list[str] = []
        self.counted: list[tuple[str, str]] = []
        self.outcome = Outcome()
        self.before: Callable[[Inbound], Any] = lambda inbound: None
        self._news = asyncio.Event()

    async def receive(self, inbound: Inbound) -> Outcome:
        self.tried.append(inbound.external_id)
        waited = self.before(inbound)
        if asyncio.iscoroutine(waited):
            await waited
        self.received.append(inbound)
        self._news.set()
        return self.outcome

    async def has(self, n: int) -> list[Any]:
        async with asyncio.timeout(5):
            while len(self.received) < n:
                self._news.clear()
                await self._news.wait()
        return self.received

    @property
    def texts(self) -> list[str]:
        return [getattr(inbound, "text", "") for inbound in self.received]

    def count(self, name: str, label: str) -> None:
        self.counted.append((name, label))

    def identity_of(self, person: PersonId, channel: ChannelName) -> str | None:
        return {"ada": str(ADA)}.get(person)

    def is_desk(self, channel: ChannelName, place: str) -> bool:
        return channel == "telegram" and place in (str(DESK), str(PLAIN_DESK))

    def new_form(self, channel: ChannelName, identity: str) -> NewForm:
        return NewForm(severities=(), for_contact=False, known=False)

    def severities(self, ticket: str) -> tuple[Option, ...]:
        return ()

    def categories(self, ticket: str) -> tuple[Option, ...]:
        return ()

    def exclusions(self, ticket: str) -> tuple[Option, ...]:
        return ()

    def language(self, ticket: str) -> str:
        return "en"

    def contacts_like(self, query: str, limit: int = 20) -> tuple[Option, ...]:
        return ()

    def contact(self, id: str) -> Option | None:
        return None

    def contact_id(self, channel: ChannelName, identity: str) -> str:
        return ""


@dataclasses.dataclass(kw_only=True)
class Rig:
    playground: Playground
    desk: Desk
    adapter: Adapter
    url: str

    @property
    def channel(self) -> Any:
        return self.adapter.channels[ChannelName("telegram")]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """What we asked of Telegram, oldest first."""
        return [r["body"] or {} for r in self.playground.requests if r["path"].endswith("/" + method)]

    async def task(self) -> asyncio.Task[None]:
        """The adapter's main task, started; the caller ends it (see `ended`)."""
        return asyncio.ensure_future(self.adapter.tasks["telegram"]())


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    """For what tells nobody when it changes."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def world(desk: Desk, url: str) -> World:
    return World(
        receive=desk.receive,
        facts=desk,
        clock=FixedClock(),
        random=Counted(),
        public_url=url,
        count=desk.count,
    )


@contextlib.asynccontextmanager
async def served(plugin: Plugin, desk: Desk, settings: dict[str, Any]) -> AsyncIterator[tuple[Adapter, str]]:
    """The adapter with its routes on a port of its own."""
    app = Starlette()
    server = Served(app, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.port}"
    adapter = plugin.build(plugin.settings.model_validate(settings), world(desk, url))
    app.router.routes.extend(adapter.routes)
    await server.start()
    try:
        yield adapter, url
    finally:
        await server.stop()
        if adapter.stop is not None:
            await adapter.stop()


@contextlib.asynccontextmanager
async def running(mode: str) -> AsyncIterator[Rig]:
    """Everything up; at the end, every request that was made is held against Telegram's own description."""
    async with Playground(telegram_token=TOKEN, telegram_secret=SECRET, pace=0.0) as playground:
        telegram = playground.telegram
        telegram.add_user(THANDI, "Thandi")
        telegram.add_user(ADA, "Ada")
        telegram.add_group(DESK, "Desk", members=[ADA])
        telegram.add_group(PLAIN_DESK, "Plain desk", forum=False, members=[ADA])
        settings = {"mode": mode, "token": TOKEN, "api_url": playground.telegram_api_url}
        settings |= {"webhook_secret": SECRET} if mode == "webhook" else {}
        async with served(plugin, desk := Desk(), settings) as (adapter, url):
            playground.bot_url = url
            yield Rig(playground=playground, desk=desk, adapter=adapter, url=url)
        assert violations(playground) == []


def violations(playground: Playground) -> list[str]:
    """What Telegram's own description has against our requests; nothing where it is not at hand."""
    check = checker()
    return [f"{r['path']}: {v}" for r in playground.requests for v in check("telegram", r)]


@functools.cache
def checker() -> Callable[[str, dict[str, Any]], list[str]]:
    path = pathlib.Path(__file__).parents[4] / "shared" / "specs" / "check.py"
    if not path.exists():
        return lambda platform, request: []
    spec = importlib.util.spec_from_file_location("vendor_check", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    check: Callable[[str, dict[str, Any]], list[str]] = module.check
    return check
