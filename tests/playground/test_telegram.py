"""The Bot API through python-telegram-bot: methods, refusals, polling and webhook."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.responses import Response
from telegram import Bot as TelegramBot
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReactionTypeEmoji
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from playground import Delivered, Fault, Playground
from tests.playground.conftest import Bot

THANDI, ADA, FORUM, FLAT = 20001, 10001, -1001, -1002


@pytest.fixture
async def telegram(play: Playground) -> AsyncIterator[TelegramBot]:
    url = play.telegram_api_url
    async with TelegramBot(
        play.telegram.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot"
    ) as bot:
        yield bot


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(t, callback_data=d) for t, d in buttons]])


async def test_a_private_chat_must_be_started_by_the_person(telegram: TelegramBot, play: Playground) -> None:
    with pytest.raises(Forbidden, match="initiate conversation"):
        await telegram.send_message(THANDI, "hello")
    await play.telegram.start(THANDI)
    sent = await telegram.send_message(THANDI, "<b>Ticket</b> 1 &amp; more", parse_mode="HTML")
    assert sent.text == "Ticket 1 & more"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [("bold", 0, 6)]
    play.telegram.block(THANDI)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await telegram.send_message(THANDI, "hello")
    assert [(e.kind, e.text) for e in play.journal.entries("telegram")][:2] == [
        ("refused", "Forbidden: bot can't initiate conversation with a user"),
        ("said", "/start"),
    ]


@pytest.mark.parametrize(
    ("text", "mode", "expected"),
    [
        (" ", None, "empty"),
        ("x" * 4097, None, "too long"),
        ("😀" * 2049, None, "too long"),
        ("<b>x", "HTML", "can't find end tag"),
        ("a < b", "HTML", "can't parse entities"),
        ("<table>x</table>", "HTML", "can't parse entities"),
        ("<b><i>x</b></i>", "HTML", "can't parse entities"),
        ("x", "Markdown", "models html only"),
    ],
)
async def test_texts_refused(
    telegram: TelegramBot, play: Playground, text: str, mode: Any, expected: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        await telegram.send_message(FORUM, text, parse_mode=mode)
    assert expected in str(caught.value).lower()
    assert play.journal.entries("telegram", "message") == []


async def test_other_refusals(telegram: TelegramBot, play: Playground) -> None:
    sent = await telegram.send_message(FORUM, "x", reply_markup=keyboard(("Take", "t:1")))
    cases: list[tuple[Any, str]] = [
        (telegram.send_message(-5, "x"), "Chat not found"),
        (telegram.send_message(FORUM, "x", message_thread_id=99), "thread not found"),
        (telegram.send_message(FLAT, "x", message_thread_id=1), "thread not found"),
        (telegram.send_message(FORUM, "x", reply_markup=keyboard(("T", "x" * 65))), "Button_data_invalid"),
        (
            telegram.edit_message_text("x", FORUM, sent.message_id, reply_markup=keyboard(("Take", "t:1"))),
            "not modified",
        ),
        (telegram.edit_message_text("x", FORUM, 99), "message to edit not found"),
        (telegram.delete_message(FORUM, 99), "message to delete not found"),
        (telegram.create_forum_topic(FLAT, "T-1"), "not a forum"),
        (telegram.create_forum_topic(FORUM, "x" * 129), "Topic_name_too_long"),
        (telegram.close_forum_topic(FORUM, 99), "Topic_id_invalid"),
        (telegram.set_message_reaction(FORUM, sent.message_id, ReactionTypeEmoji("✅")), "Reaction_invalid"),
        (telegram.answer_callback_query("1"), "query is too old"),
        (telegram.get_file("nope"), "invalid file_id"),
    ]
    for call, expected in cases:
        with pytest.raises(BadRequest, match=f"(?i){expected}"):
            await call
    await telegram.set_message_reaction(FORUM, sent.message_id, ReactionTypeEmoji("👀"))
    with pytest.raises(InvalidToken):
        async with TelegramBot("1:wrong", base_url=f"{play.telegram_api_url}/bot"):
            pass


async def test_topics_are_threads(telegram: TelegramBot, play: Playground) -> None:
    topic = await telegram.create_forum_topic(FORUM, "T-1 mail down")
    sent = await telegram.send_message(FORUM, "card", message_thread_id=topic.message_thread_id)
    await telegram.edit_forum_topic(FORUM, topic.message_thread_id, name="T-1 done")
    await telegram.close_forum_topic(FORUM, topic.message_thread_id)
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await telegram.close_forum_topic(FORUM, topic.message_thread_id)
    await telegram.reopen_forum_topic(FORUM, topic.message_thread_id)
    await telegram.pin_chat_message(FORUM, sent.message_id)
    assert sent.is_topic_message
    kinds = [e.kind for e in play.journal.entries("telegram") if e.kind != "refused"]
    assert kinds == ["topic_created", "message", "topic_edited", "topic_closed", "topic_reopened", "pinned"]
    assert (await telegram.get_chat(FORUM)).is_forum
    assert (await telegram.get_chat_member(FORUM, play.telegram.bot_id)).status == "administrator"
    await telegram.set_my_commands([("status", "What is open")])


async def test_polling_confirms_by_offset_and_waits(telegram: TelegramBot, play: Playground) -> None:
    answer = await play.telegram.says(THANDI, "one", times=1)
    assert isinstance(answer, Delivered) and answer.status == 202
    await play.telegram.says(THANDI, "two")
    first = await telegram.get_updates(limit=1)
    again = await telegram.get_updates()
    assert [u.message.text for u in again if u.message] == ["one", "two"]
    assert first[0].update_id + 1 == again[1].update_id
    waiting = asyncio.ensure_future(telegram.get_updates(offset=again[-1].update_id + 1, timeout=3))
    await asyncio.sleep(0.05)
    await play.telegram.says(THANDI, "three")
    assert [u.message.text for u in await waiting if u.message] == ["three"]


async def test_one_poller_and_no_webhook_beside_it(telegram: TelegramBot, play: Playground, bot: Bot) -> None:
    async with TelegramBot(play.telegram.token, base_url=f"{play.telegram_api_url}/bot") as second:
        waiting = asyncio.ensure_future(telegram.get_updates(timeout=3))
        await asyncio.sleep(0.05)
        await second.get_updates()
        with pytest.raises(Conflict, match="terminated by other"):
            await waiting
    await telegram.set_webhook(f"{bot.url}/hook", secret_token="s3cret")
    with pytest.raises(Conflict, match="webhook is active"):
        await telegram.get_updates()
    await play.telegram.says(THANDI, "hello")
    assert bot.heard[0].path == "/hook"
    assert bot.heard[0].headers["x-telegram-bot-api-secret-token"] == "s3cret"
    await telegram.delete_webhook()
    assert await telegram.get_updates() == ()


async def test_buttons_are_pressed_by_label_or_data(
    telegram: TelegramBot, play: Playground, bot: Bot
) -> None:
    await telegram.set_webhook(f"{bot.url}/hook", secret_token="s")
    sent = await telegram.send_message(FORUM, "card", reply_markup=keyboard(("Take", "t:1"), ("Drop", "d:1")))
    await play.telegram.press(ADA, FORUM, sent.message_id, label="Take", times=2)
    await play.telegram.press(ADA, FORUM, sent.message_id, data="d:1")
    with pytest.raises(LookupError, match=r"\[Take\] \[Drop\]"):
        await play.telegram.press(ADA, FORUM, sent.message_id, label="Close")
    first, again, other = (h.json for h in bot.heard)
    assert first == again and first["callback_query"]["data"] == "t:1"
    assert other["callback_query"]["data"] == "d:1"
    await telegram.answer_callback_query(first["callback_query"]["id"], "Yours")
    with pytest.raises(BadRequest, match="too old"):
        await telegram.answer_callback_query(first["callback_query"]["id"])
    assert play.journal.entries("telegram", "toast")[0].text == "Yours"
    await telegram.edit_message_text("card 2", FORUM, sent.message_id)
    await play.telegram.press(ADA, FORUM, sent.message_id, label="Take", stale=True)


async def test_a_failing_webhook_is_tried_again(play: Playground, bot: Bot) -> None:
    async with Playground(pace=0.0, bot_url=bot.url, telegram_mode="webhook") as other:
        other.telegram.add_user(1, "Thandi")
        bot.answers += [Response(status_code=500), Response(status_code=502)]
        await other.telegram.says(1, "hello")
        await other.settle()
        assert [h.path for h in bot.heard] == ["/telegram/webhook"] * 3
        assert len({h.json["update_id"] for h in bot.heard}) == 1
        assert bot.heard[0].headers["x-telegram-bot-api-secret-token"] == other.telegram.secret
        await other.telegram.redeliver()
        assert bot.heard[3].json == bot.heard[0].json


async def test_files_both_ways(telegram: TelegramBot, play: Playground) -> None:
    await play.telegram.sends_file(THANDI, "log.txt", b"boom", caption="see this")
    document = (await telegram.get_updates())[0].message.document  # type: ignore[union-attr]
    assert bytes(await (await document.get_file()).download_as_bytearray()) == b"boom"
    await telegram.send_document(THANDI, b"report", filename="report.csv", caption="May")
    assert play.journal.entries("telegram", "file")[0].text == "[document: report.csv] May"
    assert play.requests[-1]["files"] == {"document": "report.csv"}
    assert play.requests[-1]["path"] == "/botTOKEN/sendDocument"


async def test_faults(telegram: TelegramBot, play: Playground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await play.telegram.start(THANDI)
    add = play.faults.add
    add("telegram", "sendMessage", Fault.rate_limited(3))
    with pytest.raises(RetryAfter) as limited:
        await telegram.send_message(THANDI, "x")
    assert limited.value.retry_after == dt.timedelta(seconds=3)
    add("telegram", "sendMessage", Fault.server_error(502))
    with pytest.raises(NetworkError):
        await telegram.send_message(THANDI, "x")
    add("telegram", "sendMessage", Fault.refuse("Forbidden: bot was blocked by the user"))
    with pytest.raises(Forbidden):
        await telegram.send_message(THANDI, "x")
    add("telegram", "sendMessage", Fault.reset())
    with pytest.raises(NetworkError):
        await telegram.send_message(THANDI, "x")
    assert play.journal.entries("telegram", "message") == []
    add("telegram", "sendMessage", Fault.accept_then_hang(30), when=lambda a: a["text"] == "slow")
    await telegram.send_message(THANDI, "quick")
    with pytest.raises(TimedOut):
        await telegram.send_message(THANDI, "slow", read_timeout=0.1)
    assert [e.text for e in play.journal.entries("telegram", "message")] == ["quick", "slow"]


async def test_get_is_answered_too(play: Playground) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{play.telegram_api_url}/bot{play.telegram.token}/getMe")
    assert answer.json()["result"]["is_bot"] is True
