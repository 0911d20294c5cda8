"""Long polling, over real HTTP: an update is confirmed only when it is durable."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import pytest

from bot.app.inbound import Inbound
from bot.app.ports import Overloaded
from channels.telegram import plugin
from playground import Fault
from tests.contract.channels_telegram.rig import ADA, DESK, THANDI, TOKEN, Rig, ended, running, until, world


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running("polling") as rig:
        yield rig


async def confirmed(rig: Rig) -> None:
    await until(lambda: not rig.playground.telegram.pending)


async def test_updates_are_received_in_order_then_confirmed(rig: Rig) -> None:
    telegram = rig.playground.telegram
    await telegram.says(THANDI, "one")
    task = await rig.task()
    await telegram.says(THANDI, "two")
    await telegram.says(ADA, "three", chat_id=DESK)
    await rig.desk.has(3)
    await confirmed(rig)
    assert rig.desk.texts == ["one", "two", "three"]
    assert rig.adapter.connected()
    assert rig.calls("getUpdates")[-1]["allowed_updates"] == '["message", "callback_query"]'
    assert rig.adapter.routes == ()
    assert len(rig.calls("deleteWebhook")) == 1
    await ended(task)


@pytest.mark.parametrize("error", [Overloaded(), RuntimeError("database on fire")])
async def test_nothing_is_lost_when_receiving_fails_once(rig: Rig, error: Exception) -> None:
    def fails(inbound: Inbound) -> None:
        if len(rig.desk.tried) == 2:
            raise error

    rig.desk.before = fails
    for n in range(4):
        await rig.playground.telegram.says(THANDI, str(n))
    task = await rig.task()
    await rig.desk.has(4)
    await confirmed(rig)
    assert rig.desk.texts == ["0", "1", "2", "3"]
    await ended(task)


async def test_nothing_is_lost_when_we_die_before_confirming(rig: Rig) -> None:
    hanging = asyncio.Event()

    async def hangs(inbound: Inbound) -> None:
        if len(rig.desk.tried) == 2:
            hanging.set()
            await asyncio.Event().wait()

    rig.desk.before = hangs
    for n in range(3):
        await rig.playground.telegram.says(THANDI, str(n))
    task = await rig.task()
    await asyncio.wait_for(hanging.wait(), 5)
    await ended(task)
    assert len(rig.playground.telegram.pending) == 3
    async with another_process(rig):
        await rig.desk.has(4)
        await confirmed(rig)
    assert rig.desk.texts == ["0", "0", "1", "2"]  # the inbox knows the repeated one by its id
    assert len({i.external_id for i in rig.desk.received}) == 3


@contextlib.asynccontextmanager
async def another_process(rig: Rig) -> AsyncIterator[None]:
    """It knows of no offset."""
    settings = {"token": TOKEN, "api_url": rig.playground.telegram_api_url}
    adapter = plugin.build(plugin.settings.model_validate(settings), world(rig.desk, ""))
    task = asyncio.ensure_future(adapter.tasks["telegram"]())
    yield
    await ended(task)
    assert adapter.stop is not None
    await adapter.stop()


async def test_an_odd_update_is_counted_and_skipped(rig: Rig) -> None:
    telegram = rig.playground.telegram
    await telegram.says(THANDI, "before")
    await telegram.raw({"message": {"message_id": "no number", "text": "private words"}})
    await telegram.raw({"message": 5})
    await telegram.says(THANDI, "after")
    task = await rig.task()
    await rig.desk.has(2)
    await confirmed(rig)
    assert rig.desk.texts == ["before", "after"]
    assert rig.desk.counted == [("malformed", "telegram")] * 2
    await ended(task)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.server_error(502),
        Fault.reset(),
        Fault.refuse("Conflict: terminated by other getUpdates request"),
        Fault.rate_limited(1),
    ],
    ids=lambda fault: fault.kind.value,
)
async def test_trouble_passes(rig: Rig, fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    rig.playground.faults.add("telegram", "getUpdates", fault)
    await rig.playground.telegram.says(THANDI, "still here")
    task = await rig.task()
    await rig.desk.has(1)
    assert rig.desk.texts == ["still here"]
    assert rig.adapter.connected()
    assert any(r.name == "channels.telegram.polling" for r in caplog.records)
    assert TOKEN not in caplog.text
    await ended(task)


async def test_polling_begins_when_the_webhook_is_gone_at_last(rig: Rig) -> None:
    rig.playground.faults.add("telegram", "deleteWebhook", Fault.server_error(500))
    await rig.playground.telegram.says(THANDI, "hello")
    task = await rig.task()
    assert not rig.adapter.connected()
    await rig.desk.has(1)
    assert len(rig.calls("deleteWebhook")) == 2
    await ended(task)


async def test_the_menu_is_set_and_its_trouble_is_its_own(rig: Rig) -> None:
    rig.playground.faults.add("telegram", "setMyCommands", Fault.refuse("Bad Request: BOT_COMMAND_INVALID"))
    task = asyncio.ensure_future(rig.adapter.tasks["telegram-menu"]())
    await until(lambda: bool(rig.playground.telegram._messages.commands))
    words = [c["command"] for c in rig.playground.telegram._messages.commands]
    assert words == ["help", "status", "new", "urgent", "close", "reopen", "language"]
    await ended(task)
