"""The engineer has blocked the bot on Telegram: the next way at once."""

import dataclasses

from tests.fakes.line import line
from tests.fakes.line_config import ADA, GRACE, LIN

BOTH = dataclasses.replace(LIN, phones=("+27115550003",))


async def test_telegram_is_blocked() -> None:
    rules = {"lin": '[{ after = "0m", by = ["telegram"] }, { after = "3m", by = ["sms"] }]'}
    async with line(people=(ADA, GRACE, BOTH), steps=(("person:lin", "5m"),), rules=rules) as t:
        t.engineer("Lin").blocks_telegram()
        await t.emergency()
        t.vendor_refused("bot was blocked by the user")
        t.paged("Lin", by=["sms"])
        t.thread_says("📟 Step 1/1: paging Lin (Telegram).", "⚠️ Telegram to Lin failed.")


async def test_it_was_the_only_way_so_the_next_step_begins() -> None:
    async with line(steps=(("person:lin", "5m"), ("person:grace", "5m"))) as t:
        t.engineer("Lin").blocks_telegram()
        await t.emergency()
        t.vendor_refused("bot was blocked by the user")
        t.thread_says(
            "📟 Step 1/2: paging Lin (Telegram).",
            "⚠️ Telegram to Lin failed.",
            "📟 Step 2/2: paging Grace (Slack, SMS).",
        )
        t.paged("Grace", by=["slack", "sms"])
