"""Each event delivered five times, at once and once more later, has one effect: through the real SDKs, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.demo import stage as st
from tests.smoke.conftest import Bot


def _seen(bot: Bot, kind: str, words: str) -> list[Any]:
    return [e for e in bot.playground.journal if e.kind == kind and words in e.text]


async def _sees(bot: Bot, kind: str, words: str) -> Any:
    return await bot.playground.journal.wait_for(lambda e: e.kind == kind and words in e.text, timeout=15)


def _ok(answers: Any) -> None:
    assert all(a.ok for a in answers), answers


async def test_whatsapp_and_slack_and_sms(bot: Bot) -> None:
    play = bot.playground
    await bot.start()
    _ok(await play.twilio.whatsapp_says(st.THANDI, "Our mail server is down", to=st.WHATSAPP, times=5))
    await _sees(bot, "whatsapp", "1 Emergency")
    _ok(await play.twilio.whatsapp_says(st.THANDI, "1", to=st.WHATSAPP, times=5))
    page = await _sees(bot, "dm", "MIT-1001")
    card = await play.journal.wait_for(
        lambda e: e.where == st.DESK and e.kind == "message" and not e.thread, timeout=15
    )
    action = next(a["action_id"] for b in page.raw["blocks"] if b["type"] == "actions" for a in b["elements"])
    _ok(await play.slack.press(st.ADA, page.where, page.id, action, times=5))
    await _sees(bot, "whatsapp", "has MIT-1001")
    _ok(await play.slack.message(st.DESK, st.ADA, "Working on it", card.id, times=5))
    await _sees(bot, "whatsapp", "Working on it")
    _ok(await play.slack.command(st.ADA, st.DESK, "/standby", "need MIT-1001 a photo of the error", times=5))
    await _sees(bot, "whatsapp", "a photo of the error")
    await play.slack.redeliver()
    await play.twilio.redeliver()
    await _quiet(bot)
    for kind, words in (
        ("whatsapp", "1 Emergency"),
        ("whatsapp", "has MIT-1001"),
        ("whatsapp", "Working on it"),
        ("whatsapp", "a photo of the error"),
        ("dm", "Reply ACK"),
    ):
        assert len(_seen(bot, kind, words)) == 1, (kind, words)
    assert not _seen(bot, "message", "MIT-1002")


async def test_telegram_and_forms(bot: Bot) -> None:
    play = bot.playground
    await bot.start()
    await play.telegram.start(20001)
    _ok(await play.telegram.says(20001, "The printer is slow", times=5))
    asked = await play.journal.wait_for(
        lambda e: e.platform == "telegram" and "How urgent" in e.text, timeout=15
    )
    _ok(await play.telegram.press(20001, 20001, int(asked.id), label="High", times=5))
    await play.journal.wait_for(lambda e: e.platform == "telegram" and "is set to High" in e.text, timeout=15)
    card = await play.journal.wait_for(
        lambda e: e.platform == "slack" and e.where == st.DESK and e.kind == "message" and not e.thread,
        timeout=15,
    )
    need = next(
        a["action_id"]
        for b in card.raw["blocks"]
        if b["type"] == "actions"
        for a in b["elements"]
        if a["text"]["text"] == "Need info"
    )
    await play.slack.press(st.ADA, st.DESK, card.id, need)
    opened = await play.journal.wait_for(lambda e: e.kind == "view_opened", timeout=15)
    view = play.slack.views[opened.id]
    block = next(b for b in view["blocks"] if b["type"] == "input")
    text = {block["block_id"]: {block["element"]["action_id"]: "Which printer?"}}
    _ok(await play.slack.submit(st.ADA, opened.id, text, times=5))
    await play.journal.wait_for(lambda e: e.platform == "telegram" and "Which printer?" in e.text, timeout=15)
    await play.telegram.redeliver()
    await _quiet(bot)
    for words in ("How urgent", "Which printer?"):
        found = [
            e for e in play.journal if e.platform == "telegram" and e.kind == "message" and words in e.text
        ]
        assert len(found) == 1, words


async def _quiet(bot: Bot) -> None:
    """Until nothing new is seen for a while: what would be a second effect has had its time."""
    play = bot.playground
    while True:
        before = len(play.journal)
        try:
            await play.journal.wait_for(lambda e: e.kind not in ("status",), timeout=1.5, after=before)
        except TimeoutError:
            return
        await asyncio.wait_for(play.settle(), 10)
