"""The console over real HTTP: a customer at a terminal, and who is not let in."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import sys
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest
from starlette.applications import Starlette

from bot.app.inbound import ActionIn, Inbound, MessageIn
from bot.app.ports import Facts, Outcome, Outgoing, Overloaded
from bot.domain.ids import Address, ChannelName
from bot.domain.message import Choice, Message, Part
from channels.adapter import World
from channels.console import plugin
from channels.console.client import chat
from playground.server import Served
from tests.fakes.world import MONDAY_NOON, FakeClock, FakeRandom

TOKEN = "console-token-of-the-tests"
ASK = Message(
    parts=(Part(text="This looks like an Emergency."),),
    choices=(
        Choice(id="severity|MIT-1042|emergency", label="Emergency"),
        Choice(id="severity|MIT-1042|normal", label="Normal"),
    ),
)
DONE = Message(parts=(Part(text="Normal it is."),))


class Bot:
    """Asks for the severity of whatever it is told; says thanks for an answer."""

    def __init__(self, url: str) -> None:
        self.received: list[Inbound] = []
        self.counted: list[tuple[str, str]] = []
        self.busy = False
        world = World(
            receive=self.receive,
            facts=cast(Facts, None),
            clock=FakeClock(MONDAY_NOON),
            random=FakeRandom(),
            public_url=url,
            count=lambda name, label: self.counted.append((name, label)),
        )
        self.adapter = plugin.build(plugin.settings.model_validate({"token": TOKEN}), world)

    async def receive(self, inbound: Inbound) -> Outcome:
        if self.busy:
            raise Overloaded
        self.received.append(inbound)
        if isinstance(inbound, MessageIn):
            sent = Outgoing(address=inbound.address, message=ASK, token="t", language="en")
            await self.adapter.channels[ChannelName("console")].send(sent)
        return Outcome(reply=DONE if isinstance(inbound, ActionIn) else None)


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[tuple[Bot, str]]:
    app = Starlette()
    server = Served(app, "127.0.0.1", 0)
    bot = Bot(url := f"http://127.0.0.1:{server.port}")
    app.router.routes.extend(bot.adapter.routes)
    await server.start()
    try:
        yield bot, url
    finally:
        await server.stop()


class Terminal:
    """Types each line when the screen shows what it waits for; leaves after the last."""

    def __init__(self, *script: tuple[str, str]) -> None:
        self.script, self.screen, self._changed = script, list[str](), asyncio.Event()

    def write(self, text: str) -> None:
        self.screen.append(text)
        self._changed.set()

    async def lines(self) -> AsyncIterator[str]:
        for wanted, line in self.script:
            async with asyncio.timeout(5):
                while wanted not in "\n".join(self.screen):
                    self._changed.clear()
                    await self._changed.wait()
            yield line


async def test_a_customer_at_the_terminal() -> None:
    terminal = Terminal(("", "mail is down"), ("  2 Normal", "2"), ("Normal it is.", ""))
    async with running() as (bot, url):
        await chat(url, TOKEN, "thandi", terminal.lines(), terminal.write)
    assert terminal.screen == [
        "This looks like an Emergency.\n  1 Emergency\n  2 Normal",
        "Normal it is.",
    ]
    said, picked = bot.received
    assert isinstance(said, MessageIn)
    assert isinstance(picked, ActionIn)
    assert said.address == Address(channel=ChannelName("console"), place="thandi")
    assert (said.sender.id, said.text, said.direct) == ("thandi", "mail is down", True)
    assert str(picked.action) == "severity|MIT-1042|normal"
    assert said.external_id != picked.external_id


async def test_choices_that_the_text_numbers_are_not_numbered_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "How urgent is it?\n1 Emergency\n2 Normal"
    numbered = dataclasses.replace(ASK, parts=(Part(text=text),), digits=True)
    monkeypatch.setattr(sys.modules[__name__], "ASK", numbered)
    terminal = Terminal(("", "mail is down"), ("2 Normal", "2"), ("Normal it is.", ""))
    async with running() as (bot, url):
        await chat(url, TOKEN, "thandi", terminal.lines(), terminal.write)
    assert terminal.screen == [text, "Normal it is."]
    picked = bot.received[-1]
    assert isinstance(picked, ActionIn) and str(picked.action) == "severity|MIT-1042|normal"


async def test_who_is_not_let_in_and_what_is_not_understood() -> None:
    line: dict[str, Any] = {"id": "1", "who": "thandi", "text": "hello"}
    async with running() as (bot, url), httpx.AsyncClient(base_url=url, trust_env=False) as http:
        for value in (b"", TOKEN.encode(), f"Bearer {TOKEN}x".encode(), b"Bearer", b"Bearer \xff"):
            for method in ("POST", "GET"):
                wrong = {"Authorization": value}
                answer = await http.request(
                    method, "/console/messages", json=line, params={"who": "thandi"}, headers=wrong
                )
                assert answer.status_code == 401
        assert (bot.received, set(bot.counted)) == ([], {("refused", "console")})

        http.headers["Authorization"] = f"Bearer {TOKEN}"
        odd = ({}, [], line | {"who": "a/b"}, line | {"text": " "}, line | {"action": "x"}, line | {"id": 1})
        for body in odd:
            assert (await http.post("/console/messages", json=body)).status_code == 400
        assert (await http.get("/console/messages", params={"who": "thandi", "wait": 99})).status_code == 400
        assert bot.received == []

        bot.busy = True
        assert (await http.post("/console/messages", json=line)).status_code == 503
        bot.busy = False
        assert (await http.post("/console/messages", json=line)).json() == {"reply": None}
        assert [i.external_id for i in bot.received] == ["thandi:1"]  # by which the inbox knows a repeat
        first = (await http.get("/console/messages", params={"who": "thandi"})).json()["messages"]
        rest = {"who": "thandi", "after": first[-1]["number"], "wait": 0}
        assert [m["text"] for m in first] == ["This looks like an Emergency."]
        assert (await http.get("/console/messages", params=rest)).json()["messages"] == []

        for token in ("", "wrong", "žluť", "a\nb"):
            screen: list[str] = []
            await chat(url, token, "thandi", Terminal().lines(), screen.append)
            assert screen == ["(the bot refuses this token)"]
