"""Socket mode: the same understanding over one websocket; nothing is acknowledged that was not taken in."""

import asyncio
import json

import pytest

from bot.app.inbound import CommandIn, FormIn, MessageIn
from bot.app.ports import Outcome, Overloaded
from bot.domain.message import Message, Part
from tests.contract.channels_slack.fakes import ADA, DESK, THANDI
from tests.contract.channels_slack.rig import once, rig


async def test_a_round_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, "socket") as here:
        await here.slack.sockets.connected()
        assert once(await here.slack.dm(THANDI, "mail is down")).ok
        here.desk.answer = Outcome(reply=Message(parts=(Part(text="One ticket"),)))
        answer = once(await here.slack.command(ADA, DESK, text="status"))
        assert json.loads(answer.body)["text"] == "One ticket"
        await here.slack.global_shortcut(THANDI, "new_ticket")
        opened = next(iter(here.slack.views))
        assert json.loads(once(await here.slack.submit(THANDI, opened, {"text": {"text": "help"}})).body) == {
            "response_action": "clear"
        }
        assert [type(i) for i in here.desk.received] == [MessageIn, CommandIn, FormIn]
        assert here.adapter.connected() and not here.adapter.routes


async def test_what_was_not_taken_in_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.slack.sockets.ACK_SECONDS", 0.2)
    async with rig(monkeypatch, "socket") as here:
        await here.slack.sockets.connected()
        here.desk.trouble = Overloaded()
        assert once(await here.slack.dm(THANDI, "help")).status == 0
        here.desk.trouble = None
        await here.play.settle()
        assert [type(i) for i in here.desk.received] == [MessageIn]


async def test_another_workspace_s_envelopes_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.slack.sockets.ACK_SECONDS", 0.1)
    async with rig(monkeypatch, "socket", team_id="T0OTHER") as here:
        await here.slack.sockets.connected()
        assert once(await here.slack.command(THANDI, here.slack.im(THANDI), text="status")).status == 0
        assert here.desk.received == []


async def test_a_new_socket_after_a_refresh(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, "socket") as here:
        await here.slack.sockets.connected()
        await here.slack.disconnect()
        await here.slack.sockets.connected()
        assert once(await here.slack.dm(THANDI, "still there?")).ok
        assert len([r for r in here.play.requests if r["path"] == "/api/apps.connections.open"]) == 2


async def test_a_socket_that_stays_down_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.slack.socket_mode.LOOK", 0.02)
    monkeypatch.setattr("channels.slack.socket_mode.DOWN", 0.06)
    async with rig(monkeypatch, "socket") as here:
        await here.slack.sockets.connected()
        monkeypatch.setattr("slack_sdk.socket_mode.aiohttp.SocketModeClient.is_connected", _never)
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(here.adapter.tasks["slack socket"](), 5)


async def test_it_is_not_connected_before_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, "socket") as here:
        assert not here.adapter.connected()
        await here.slack.sockets.connected()


async def _never(_: object) -> bool:
    return False
