"""kill -9 at each named point, then a start: nothing that was answered 2xx is lost, and every page is sent."""

from __future__ import annotations

from typing import Any

import pytest

from bot.demo import stage as st
from tests.smoke.conftest import Bot, seen

POINTS = [
    "in.before_commit:1",
    "in.after_commit:1",
    "in.before_commit:2",
    "in.after_commit:2",
    "out.before_send:1",
    "out.after_send:1",
    "out.before_send:3",
    "out.after_send:3",
    "out.after_send:4",
    "card.after_put:1",
    "card.after_put:2",
    "timer.mid:1",
]


async def _says(bot: Bot, text: str, sid: str) -> bool:
    """As a vendor does it: what was not answered 2xx is delivered again, once the bot is back. True if it crashed."""
    answer: Any = await bot.playground.twilio.whatsapp_says(st.THANDI, text, to=st.WHATSAPP, sid=sid)
    if answer.ok:
        return False
    assert await bot.died() == -9
    await bot.start()
    assert (await bot.playground.twilio.redeliver(sid)).ok
    return True


@pytest.mark.parametrize("point", POINTS)
async def test_killed_at(bot: Bot, point: str) -> None:
    play = bot.playground
    play.twilio.retries = 0
    await bot.start(crash_at=point)
    crashed = await _says(bot, "Our mail server is down, nobody can work", "SM" + "1" * 32)
    if not point.startswith("timer"):
        crashed |= await _says(bot, "1", "SM" + "2" * 32)
    if not crashed:
        assert await bot.died() == -9, "the crash point was never reached"
        await bot.start()
    for kind, to in (("sms", st.ADA_PHONE), ("dm", st.ADA)):
        await play.journal.wait_for(
            lambda e, k=kind, t=to: e.kind == k and e.to == t and "MIT-1001" in e.text, timeout=15
        )
    await play.journal.wait_for(
        lambda e: e.kind == "whatsapp" and "An engineer answers you here" in e.text, timeout=15
    )
    card = await play.journal.wait_for(
        lambda e: (
            e.platform == "slack"
            and e.where == st.DESK
            and "Paging Ada" in e.text
            and not e.text.startswith("📟")
        ),
        timeout=15,
    )
    assert "MIT-1001" in card.text
    assert not seen(play, "message", "MIT-1002"), "one message, one ticket"
    pages = seen(play, "sms", "MIT-1001", to=st.ADA_PHONE)
    assert len(pages) <= 2
    assert all("possible repeat" in p.text for p in pages[1:])
    cards = [e for e in play.journal if e.kind == "message" and e.where == st.DESK and not e.thread]
    assert len(cards) == 1, "a card whose outcome was unknown is looked for, not posted twice"
    assert await bot.stop() == 0


async def test_stops_gracefully_and_answers_health(bot: Bot) -> None:
    await bot.start()
    assert (await bot.get("/healthz")).status_code == 200
    assert (await bot.get("/readyz")).json()["ready"] is True
    await bot.playground.twilio.whatsapp_says(st.THANDI, "The printer is slow", to=st.WHATSAPP)
    metrics = (await bot.get("/metrics")).text
    assert "standby_received_total" in metrics
    assert await bot.stop() == 0
    log = bot.log()
    assert "printer" not in log and st.THANDI not in log, "no words and no numbers of people in the log"
