"""What we ask of Telegram, over real HTTP, and what its refusals mean."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram.error import ChatMigrated

from bot.app.ports import DeliveryError, OutcomeUnknown, Outgoing, Permanent, Temporary
from bot.domain.ids import Address, ChannelName, PersonId
from bot.domain.message import CardView, Choice, Message, Part, Style
from channels.telegram.client import make_bot
from channels.telegram.outbound import TelegramChannel
from channels.telegram.settings import TelegramSettings
from playground import Fault
from tests.contract.channels_telegram.rig import ADA, DESK, PLAIN_DESK, THANDI, TOKEN, Desk, Rig, running

CARD = CardView(
    ticket="MIT-1042",
    title="MIT-1042 · Acme",
    severity="Emergency",
    urgency=2,
    customer="Thandi, Acme",
    words="mail is down",
    status="new",
    holder="nobody yet",
    bar="▓▓▓░░░░░░░",
    clock="42 min left",
    choices=(Choice(id="take|MIT-1042|", label="Take"),),
)
LATER = dataclasses.replace(CARD, clock="41 min left")


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running("polling") as rig:
        await rig.playground.telegram.start(THANDI)
        yield rig


@pytest.fixture
async def impatient(rig: Rig) -> AsyncIterator[TelegramChannel]:
    """The same channel, but it waits only 0.3 s for an answer."""
    settings = {"token": TOKEN, "api_url": rig.playground.telegram_api_url}
    bot = make_bot(TelegramSettings.model_validate(settings), read_timeout=0.3)
    yield TelegramChannel(bot, rig.desk)
    await bot.aclose()


def at(place: int, thread: str = "") -> Address:
    return Address(channel=ChannelName("telegram"), place=str(place), thread=thread)


def out(*parts: Part | str, to: Address | None = None, **more: Any) -> Outgoing:
    whole = tuple(Part(text=p) if isinstance(p, str) else p for p in parts)
    message = Message(parts=whole, choices=more.pop("choices", ()))
    return Outgoing(address=to or at(THANDI), message=message, token="t", language="en", **more)


def shown(rig: Rig, place: int) -> list[str]:
    return [m["text"] for m in rig.playground.telegram.chats[place].messages.values() if "text" in m]


async def test_a_message_with_markup_and_buttons(rig: Rig) -> None:
    who = Part(text="Ada", style=Style.MENTION, person=PersonId("ada"))
    choices = [Choice(id=f"severity|MIT-1042|{n}", label=str(n)) for n in range(3)]
    receipt = await rig.channel.send(out("<Hello> & ", who, choices=tuple(choices)))
    (call,) = rig.calls("sendMessage")
    assert call["text"] == '&lt;Hello&gt; &amp; <a href="tg://user?id=10001">Ada</a>'
    assert call["parse_mode"] == "HTML"
    message = rig.playground.telegram.chats[THANDI].messages[int(receipt.message)]
    assert message["text"] == "<Hello> & Ada"
    assert [len(row) for row in message["reply_markup"]["inline_keyboard"]] == [3]


async def test_a_long_message_goes_in_pieces_with_the_buttons_on_the_last(rig: Rig) -> None:
    words = Part(text="🔥 down " * 1500, style=Style.QUOTE)
    receipt = await rig.channel.send(out(words, choices=(Choice(id="ack|MIT-1|", label="Ack"),)))
    calls = rig.calls("sendMessage")
    assert ["reply_markup" in call for call in calls] == [False] * (len(calls) - 1) + [True]
    assert len(calls) > 1
    assert "reply_markup" in rig.playground.telegram.chats[THANDI].messages[int(receipt.message)]


async def test_refused_markup_does_not_lose_the_message(rig: Rig) -> None:
    refusal = Fault.refuse("Bad Request: can't parse entities: Unsupported start tag")
    rig.playground.faults.add("telegram", "sendMessage", refusal)
    await rig.channel.send(out(Part(text="a < b", style=Style.BOLD)))
    assert shown(rig, THANDI)[-1] == "a < b"
    assert "parse_mode" not in rig.calls("sendMessage")[-1]


async def test_an_edit(rig: Rig) -> None:
    first = await rig.channel.send(out("Sev?", choices=(Choice(id="ack|MIT-1|", label="Ack"),)))
    same = await rig.channel.send(out("Emergency.", edits=first.message))
    again = await rig.channel.send(out("Emergency.", edits=first.message))
    assert first == same == again
    assert shown(rig, THANDI)[-1] == "Emergency."
    assert len(rig.calls("sendMessage")) == 1


async def test_an_edit_of_a_message_that_is_gone_is_sent_anew(rig: Rig) -> None:
    receipt = await rig.channel.send(out("Now.", edits="999"))
    assert receipt.message != "999"
    assert shown(rig, THANDI)[-1] == "Now."


async def test_a_card_has_a_topic_and_the_topic_is_its_thread(rig: Rig) -> None:
    card = await rig.channel.put_card(at(DESK), CARD, "", "t")
    desk = rig.playground.telegram.chats[DESK]
    assert desk.topics[int(card.thread)].name == "MIT-1042 · Acme: mail is down"
    assert desk.messages[int(card.message)]["message_thread_id"] == int(card.thread)
    await rig.channel.send(out("We have it.", to=at(DESK, card.thread)))
    assert desk.messages[desk.last_message]["message_thread_id"] == int(card.thread)
    edited = await rig.channel.put_card(at(DESK), LATER, card.message, "t")
    unchanged = await rig.channel.put_card(at(DESK), LATER, card.message, "t")
    assert card == edited == unchanged
    assert "41 min left" in desk.messages[int(card.message)]["text"]
    assert len(rig.calls("createForumTopic")) == 1


async def test_another_process_finds_the_thread_of_a_card_too(rig: Rig, impatient: TelegramChannel) -> None:
    card = await rig.channel.put_card(at(DESK), CARD, "", "t")
    assert await impatient.put_card(at(DESK), LATER, card.message, "t") == card


async def test_a_deleted_card_is_posted_again_into_its_topic(rig: Rig) -> None:
    card = await rig.channel.put_card(at(DESK), CARD, "", "t")
    del rig.playground.telegram.chats[DESK].messages[int(card.message)]
    again = await rig.channel.put_card(at(DESK), LATER, card.message, "t")
    assert (again.thread, again.message != card.message) == (card.thread, True)


async def test_a_deleted_topic_is_made_again(rig: Rig) -> None:
    card = await rig.channel.put_card(at(DESK), CARD, "", "t")
    desk = rig.playground.telegram.chats[DESK]
    del desk.messages[int(card.message)], desk.topics[int(card.thread)]
    again = await rig.channel.put_card(at(DESK), LATER, card.message, "t")
    assert again.thread != card.thread
    assert int(again.thread) in desk.topics


async def test_a_topic_whose_card_failed_is_used_the_next_time(rig: Rig) -> None:
    rig.playground.faults.add("telegram", "sendMessage", Fault.rate_limited(1))
    with pytest.raises(Temporary):
        await rig.channel.put_card(at(DESK), CARD, "", "t")
    card = await rig.channel.put_card(at(DESK), CARD, "", "t2")
    assert list(rig.playground.telegram.chats[DESK].topics) == [int(card.thread)]


async def test_without_topics_people_reply_to_the_card(rig: Rig) -> None:
    card = await rig.channel.put_card(at(PLAIN_DESK), CARD, "", "t")
    assert card.thread == f"0.{card.message}"
    await rig.channel.send(out("We have it.", to=at(PLAIN_DESK, card.thread)))
    desk = rig.playground.telegram.chats[PLAIN_DESK]
    assert desk.messages[desk.last_message]["reply_to_message"]["message_id"] == int(card.message)
    assert await rig.channel.put_card(at(PLAIN_DESK), LATER, card.message, "t") == card
    task = await rig.task()
    await rig.playground.telegram.says(ADA, "on it", chat_id=PLAIN_DESK, reply_to=int(card.message))
    received = (await rig.desk.has(2))[-1]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert received.address == at(PLAIN_DESK, card.thread)


@pytest.mark.parametrize(("mark", "emoji"), [("sent", "👌"), ("internal", "🙈"), ("failed", "💔")])
async def test_marks(rig: Rig, mark: str, emoji: str) -> None:
    message = str(rig.playground.telegram.chats[THANDI].last_message)
    await rig.channel.mark(at(THANDI), message, mark)
    assert [e.text for e in rig.playground.journal.entries("telegram", "reaction")] == [emoji]


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        (Fault.rate_limited(7), Temporary, "7"),
        (Fault.server_error(500), Temporary, "Internal Server Error"),
        (Fault.server_error(502), Temporary, ""),
        (Fault.reset(), OutcomeUnknown, "RemoteProtocolError"),
        (Fault.refuse("Forbidden: bot was blocked by the user"), Permanent, "blocked"),
        (Fault.refuse("Bad Request: chat not found"), Permanent, "Chat not found"),
        (Fault.refuse("Unauthorized"), Permanent, ""),
        (Fault.refuse("Conflict: x"), Temporary, ""),
    ],
    ids=lambda value: value.kind.value + value.code if isinstance(value, Fault) else "",
)
async def test_refusals(rig: Rig, fault: Fault, error: type[DeliveryError], says: str) -> None:
    rig.playground.faults.add("telegram", "sendMessage", fault)
    with pytest.raises(error) as caught:
        await rig.channel.send(out("hello"))
    assert says in str(caught.value)
    assert TOKEN not in repr(caught.value)
    if fault.retry_after:
        assert caught.value.retry_after == 7.0
    if isinstance(caught.value, Permanent):
        assert caught.value.code


async def test_no_answer_means_that_nobody_knows(rig: Rig, impatient: TelegramChannel) -> None:
    rig.playground.faults.add("telegram", "sendMessage", Fault.accept_then_hang(2))
    with pytest.raises(OutcomeUnknown):
        await impatient.send(out("hello"))
    assert shown(rig, THANDI)[-1] == "hello"


async def test_no_answer_to_what_may_be_repeated_means_try_again(
    rig: Rig, impatient: TelegramChannel
) -> None:
    card = await rig.channel.put_card(at(DESK), CARD, "", "t")
    for method in ("editMessageText", "setMessageReaction"):
        rig.playground.faults.add("telegram", method, Fault.accept_then_hang(2))
    with pytest.raises(Temporary):
        await impatient.put_card(at(DESK), LATER, card.message, "t")
    with pytest.raises(Temporary):
        await impatient.mark(at(DESK), card.message, "sent")


async def test_nobody_there_is_temporary_and_the_token_stays_ours(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    bot = make_bot(TelegramSettings.model_validate({"token": TOKEN, "api_url": url}))
    with pytest.raises(Temporary) as caught:
        await TelegramChannel(bot, Desk()).send(out("hello"))
    await bot.aclose()
    assert TOKEN not in str(caught.value) + caplog.text


async def test_a_migrated_group_is_named(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    async def migrated(*_: object, **__: object) -> None:
        raise ChatMigrated(-100777)

    monkeypatch.setattr(type(rig.channel._bot), "send_message", migrated)
    with pytest.raises(Permanent, match="-100777") as caught:
        await rig.channel.send(out("hello", to=at(DESK)))
    assert caught.value.code == "-100777"


@pytest.mark.parametrize("thread", ["topic", "-3", "²"])
async def test_a_thread_that_is_none_is_refused_for_good(rig: Rig, thread: str) -> None:
    with pytest.raises(Permanent):
        await rig.channel.send(out("hello", to=at(DESK, thread)))


async def test_the_token_is_in_no_log(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await rig.channel.send(out("hello"))
    assert "/bot<token>/sendMessage" in caplog.text
    assert TOKEN not in caplog.text
