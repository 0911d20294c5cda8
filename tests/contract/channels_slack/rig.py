"""A Slack workspace over real HTTP with our adapter plugged in; what we sent is held against Slack's own description."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import httpx
import pytest
from starlette.applications import Starlette

from bot.app.inbound import Inbound
from bot.app.ports import Outgoing
from bot.domain.ids import Address, ChannelName
from bot.domain.message import Choice, Message, Part
from channels.adapter import Adapter
from channels.slack import SlackSettings, plugin
from channels.slack.outbound import SlackChannel
from playground import Playground
from playground.courier import Delivered
from playground.server import Served
from playground.slack.world import SlackWorld
from tests.contract.channels_slack.fakes import ADA, DESK, GUEST, THANDI, FakeWorld, checker

T = TypeVar("T", bound=Inbound)
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy")


@dataclasses.dataclass(kw_only=True)
class Rig:
    """`slack` is what people do and see there, `desk` what came in and what is answered."""

    play: Playground
    desk: FakeWorld
    adapter: Adapter
    url: str = ""

    @property
    def slack(self) -> SlackWorld:
        return self.play.slack

    @property
    def channel(self) -> SlackChannel:
        channel = self.adapter.channels[ChannelName("slack")]
        assert isinstance(channel, SlackChannel)
        return channel

    def calls(self, method: str) -> list[dict[str, Any]]:
        """What we asked of Slack, by method."""
        return [r["body"] for r in self.play.requests if r["path"] == f"/api/{method}"]

    async def post(self, body: bytes, headers: dict[str, str] | list[tuple[str, str]]) -> httpx.Response:
        """Straight at our door."""
        async with httpx.AsyncClient(trust_env=False, verify=False) as client:
            return await client.post(f"{self.url}/slack/events", content=body, headers=headers)


@contextlib.asynccontextmanager
async def rig(monkeypatch: pytest.MonkeyPatch, mode: str = "http", **more: Any) -> AsyncIterator[Rig]:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    desk = FakeWorld()
    async with Playground(now=desk.clock.now, pace=0.0) as play:
        _people(play.slack)
        settings = SlackSettings.model_validate(
            {
                "mode": mode,
                "bot_token": play.slack.bot_token,
                "app_token": play.slack.app_token,
                "signing_secret": play.slack.signing_secret,
                "api_url": play.slack_api_url,
                **more,
            }
        )
        made = Rig(play=play, desk=desk, adapter=plugin.build(settings, desk.world()))
        async with _running(made):
            yield made
            await play.settle()
    check = checker()
    wrong = [check("slack", r) for r in play.requests if r["platform"] == "slack"] if check else []
    assert [found for found in wrong if found] == []


def _people(slack: SlackWorld) -> None:
    for id, name in ((ADA, "Ada"), (THANDI, "Thandi"), (GUEST, "Guest")):
        slack.add_user(id, name)
    slack.add_channel(DESK, "desk", members=[ADA])
    slack.add_channel("C0GENERAL", "general", members=[ADA, THANDI], bot=False)


@contextlib.asynccontextmanager
async def _running(made: Rig) -> AsyncIterator[None]:
    """As the process does it: start, routes and tasks, and in the end all of it in reverse."""
    served = Served(Starlette(routes=list(made.adapter.routes)), "127.0.0.1", 0)
    await served.start()
    made.url = f"http://127.0.0.1:{served.port}"
    if made.adapter.routes:
        made.play.bot_url = made.url
    assert made.adapter.start is not None and made.adapter.stop is not None
    await made.adapter.start()
    tasks = [asyncio.ensure_future(run()) for run in made.adapter.tasks.values()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await made.adapter.stop()
        await served.stop()


# ---------------------------------------------------------------- short words for tests
def at(place: str, thread: str = "") -> Address:
    return Address(channel=ChannelName("slack"), place=place, thread=thread)


def outgoing(text: str, to: Address, *choices: Choice, **more: Any) -> Outgoing:
    message = Message(parts=(Part(text=text),), choices=choices)
    return Outgoing(address=to, message=message, language="en", **{"token": "attempt-1", **more})


def once(answer: Delivered | list[Delivered]) -> Delivered:
    assert isinstance(answer, Delivered)
    return answer


def only(here: Rig, kind: type[T]) -> T:
    """The one thing that came in."""
    assert [type(i) for i in here.desk.received] == [kind]
    found = here.desk.received[0]
    assert isinstance(found, kind)
    return found
