"""The adapter behind a real port, and the stand-in for Twilio that talks to it."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx

from bot.app.ports import Channel
from bot.domain.ids import ChannelName
from channels.adapter import Adapter
from channels.twilio import plugin
from channels.web import build_web, serve
from playground import Playground
from tests.contract.channels_twilio.fakes import PUBLIC, TOKEN, Desk, config, form, sign

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs" / "check.py"


class Rig:
    """All that a test needs."""

    def __init__(self, playground: Playground, desk: Desk, adapter: Adapter, url: str) -> None:
        self.playground, self.desk, self.adapter, self.url = playground, desk, adapter, url
        self.http = httpx.AsyncClient(trust_env=False, timeout=5)

    @property
    def whatsapp(self) -> Channel:
        return self.adapter.channels[ChannelName("whatsapp")]

    @property
    def sms(self) -> Channel:
        return self.adapter.channels[ChannelName("sms")]

    @property
    def call(self) -> Channel:
        return self.adapter.channels[ChannelName("call")]

    async def post(
        self,
        params: dict[str, str],
        path: str = "/twilio/messages",
        *,
        token: str = TOKEN,
        signed: str | None = None,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> httpx.Response:
        """As Twilio would: signed for the public URL, sent to where we are."""
        given = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": sign(PUBLIC + path, params, token) if signed is None else signed,
        } | (headers or {})
        content = form(params) if body is None else body
        return await self.http.post(self.url + path, content=content, headers=given)

    def sent(self) -> list[dict[str, Any]]:
        """What was asked of the Messages resource."""
        return [r["body"] for r in self.playground.requests if r["path"].endswith("/Messages.json")]


@contextlib.asynccontextmanager
async def running(**changes: Any) -> AsyncIterator[Rig]:
    """The adapter, a server for its routes, and the playground, together and closed in the end."""
    desk = Desk()
    async with Playground(public_url=PUBLIC, pace=0.0) as playground:
        settings = plugin.settings(**config(api_url=playground.twilio_api_url) | changes)
        adapter = plugin.build(settings, desk.world())
        web = build_web(
            adapter.routes, health=lambda: {"alive": True}, ready=lambda: (True, {}), metrics=lambda: b""
        )
        async with serve(web, "127.0.0.1", 0) as served:
            url = f"http://127.0.0.1:{served.port}"
            playground.bot_url = url
            rig = Rig(playground, desk, adapter, url)
            try:
                yield rig
            finally:
                await rig.http.aclose()
                if adapter.stop is not None:
                    await adapter.stop()
        check = checker()
        for request in playground.requests:
            assert check("twilio", request) == [], request


def checker() -> Callable[[str, dict[str, Any]], list[str]]:
    """The vendors' own descriptions, where this repository has them beside it."""
    found: Callable[[str, dict[str, Any]], list[str]] = _spec("check")
    return found


def twiml_checker() -> Callable[[str], list[str]]:
    """The same for what we let them speak."""
    found: Callable[[str], list[str]] = _spec("check_twiml")
    return found


def _spec(name: str) -> Any:
    if not SPECS.exists():
        return lambda *_: []
    spec = importlib.util.spec_from_file_location("specs_check", SPECS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)
