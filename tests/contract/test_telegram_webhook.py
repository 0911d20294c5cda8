"""Updates pushed by Telegram, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.app.inbound import ActionIn, Inbound, MessageIn
from bot.app.ports import Outcome, Outgoing, Overloaded
from bot.domain.ids import Address, ChannelName
from bot.domain.message import Choice, Message, Part
from playground import Fault
from tests.contract.channels_telegram.rig import ADA, DESK, SECRET, THANDI, Rig, ended, running, until

HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = (
    b'{"update_id":1,"message":{"message_id":1,"date":1,"text":"hi",'
    b'"chat":{"id":20001,"type":"private"},"from":{"id":20001,"is_bot":false,"first_name":"T"}}}'
)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running("webhook") as rig:
        task = await rig.task()
        await until(rig.adapter.connected)
        yield rig
        await ended(task)


async def post(rig: Rig, body: bytes, headers: dict[str, bytes]) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(rig.url + "/telegram/webhook", content=body, headers=headers)


async def test_the_webhook_is_set_with_its_secret_and_exactly_what_we_read(rig: Rig) -> None:
    (call,) = rig.calls("setWebhook")
    assert call["url"] == rig.url + "/telegram/webhook"
    assert call["secret_token"] == SECRET
    assert call["allowed_updates"] == '["message", "callback_query"]'
    assert call["max_connections"] == "40"


async def test_a_customer_writes(rig: Rig) -> None:
    answer = await rig.playground.telegram.says(THANDI, "our mail server is down")
    assert not isinstance(answer, list)
    assert answer.status == 200
    (said,) = rig.desk.received
    assert isinstance(said, MessageIn)
    assert (said.sender.id, said.text, said.direct) == ("20001", "our mail server is down", True)


async def test_without_the_secret_nothing_is_received(rig: Rig) -> None:
    wrong: list[dict[str, bytes]] = [
        {},
        {HEADER: b""},
        {HEADER: SECRET[:-1].encode()},
        {HEADER: (SECRET + "x").encode()},
        {HEADER: b"another-bot-s-long-secret"},
        {HEADER: "žluťoučký-kůň".encode()},
    ]
    assert [(await post(rig, UPDATE, headers)).status_code for headers in wrong] == [401] * len(wrong)
    assert rig.desk.tried == []
    assert rig.desk.counted == [("refused", "telegram")] * len(wrong)
    assert (await post(rig, UPDATE, {HEADER: SECRET.encode()})).status_code == 200
    assert rig.desk.texts == ["hi"]


async def test_what_is_no_update_is_counted_and_never_comes_again(rig: Rig) -> None:
    odd = [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"update_id":"x"}',
        b'{"update_id":1,"message":7}',
        b'{"update_id":1,"message":{"message_id":1}}',
        b'{"update_id":1,"callback_query":{"id":"1"}}',
        b"[" * 100_000,
    ]
    answers = [await post(rig, body, {HEADER: SECRET.encode()}) for body in odd]
    assert [answer.status_code for answer in answers] == [200] * len(odd)
    assert rig.desk.tried == []
    assert rig.desk.counted == [("malformed", "telegram")] * len(odd)


async def test_overload_asks_telegram_to_come_again(rig: Rig) -> None:
    def once(inbound: Inbound) -> None:
        if len(rig.desk.tried) == 1:
            raise Overloaded

    rig.desk.before = once
    answer = await rig.playground.telegram.says(THANDI, "help us")
    assert not isinstance(answer, list)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    await rig.playground.settle()
    assert rig.desk.texts == ["help us"]


async def test_a_handler_that_breaks_is_asked_again_too(rig: Rig) -> None:
    def once(inbound: Inbound) -> None:
        if len(rig.desk.tried) == 1:
            raise RuntimeError("bug")

    rig.desk.before = once
    await rig.playground.telegram.says(THANDI, "help us")
    await rig.playground.settle()
    assert rig.desk.texts == ["help us"]


async def test_a_chat_s_updates_are_received_one_after_another(rig: Rig) -> None:
    gate, running_now, most = asyncio.Event(), 0, 0

    async def slowly(inbound: Inbound) -> None:
        nonlocal running_now, most
        if inbound.address.place != str(THANDI):
            return
        running_now += 1
        most = max(most, running_now)
        await gate.wait()
        running_now -= 1

    rig.desk.before = slowly
    says = rig.playground.telegram.says
    first = asyncio.ensure_future(says(THANDI, "0"))
    calls = [first]
    for n in range(1, 5):
        await asyncio.sleep(0.02)
        calls.append(asyncio.ensure_future(says(THANDI, str(n))))
    await says(ADA, "another chat is not held up")
    gate.set()
    await asyncio.gather(*calls)
    assert most == 1
    assert rig.desk.texts == ["another chat is not held up", "0", "1", "2", "3", "4"]


async def asked(rig: Rig, place: int, data: str) -> int:
    """A message with a button stands in a chat."""
    await rig.playground.telegram.start(ADA)
    message = Message(parts=(Part(text="Take it?"),), choices=(Choice(id=data, label="Take"),))
    address = Address(channel=ChannelName("telegram"), place=str(place))
    sent = Outgoing(address=address, message=message, token="t", language="en")
    return int((await rig.channel.send(sent)).message)


async def test_a_button_is_received_and_answered_with_a_toast(rig: Rig) -> None:
    message = await asked(rig, DESK, "take|MIT-1042|")
    rig.desk.outcome = Outcome(reply=Message(parts=(Part(text="You have it. " + "x" * 300),)))
    await rig.playground.telegram.press(ADA, DESK, message, label="Take")
    toast = await rig.playground.journal.wait_for(lambda e: e.kind == "toast")
    assert toast.text.startswith("You have it. x")
    assert len(toast.text) == 200
    action = rig.desk.received[-1]
    assert isinstance(action, ActionIn)
    assert (action.action.verb, action.message, action.sender.id) == ("take", str(message), "10001")


async def test_a_toast_of_the_longest_answer_is_whole(rig: Rig) -> None:
    message = await asked(rig, DESK, "why|MIT-1042|")
    text = "Office hours: Monday to Friday. " * 5 + "x" * 30
    assert len(text) == rig.channel.capabilities.toast_limit
    rig.desk.outcome = Outcome(reply=Message(parts=(Part(text=text),)))
    await rig.playground.telegram.press(ADA, DESK, message, label="Take")
    toast = await rig.playground.journal.wait_for(lambda e: e.kind == "toast")
    assert toast.text == text


async def test_a_button_that_is_not_ours_is_answered_without_a_word(rig: Rig) -> None:
    message = await asked(rig, ADA, "whatever")
    before = len(rig.desk.received)
    await rig.playground.telegram.press(ADA, ADA, message, label="Take")
    toast = await rig.playground.journal.wait_for(lambda e: e.kind == "toast")
    assert (toast.text, len(rig.desk.received)) == ("", before)


async def test_a_button_s_slow_answer_holds_nothing_up(rig: Rig) -> None:
    message = await asked(rig, ADA, "take|MIT-1042|")
    rig.playground.faults.add("telegram", "answerCallbackQuery", Fault.accept_then_hang(1.0))
    async with asyncio.timeout(0.9):
        await rig.playground.telegram.press(ADA, ADA, message, label="Take")
        await rig.playground.telegram.says(ADA, "next")
    assert rig.desk.texts[-1] == "next"


async def test_a_second_try_after_a_failed_set_webhook() -> None:
    async with running("webhook") as rig:
        rig.playground.faults.add("telegram", "setWebhook", Fault.server_error(502))
        task = await rig.task()
        await until(rig.adapter.connected)
        assert len(rig.calls("setWebhook")) == 2
        await ended(task)
