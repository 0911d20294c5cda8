"""The configuration is read again while a page runs: its chain stays as it was, people and schedules are as they are."""

from tests.fakes.line import line
from tests.fakes.line_config import GRACE, LIN

STEPS = (("schedule:standby", "5m"), ("person:lin", "5m"))


async def test_whoever_has_left_is_paged_no_more() -> None:
    async with line(steps=STEPS, repeat=1) as t:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
        await t.reloads(people=(GRACE, LIN), rota=("grace",))
        await t.passes(minutes=5)
        t.not_paged("Ada")
        t.paged("Lin", by=["telegram"])
        await t.passes(minutes=5)
        t.paged("Lin", by=["telegram", "telegram"])
        t.paged("Grace", by=["slack", "sms"])
        t.thread_says("📟 Step 2/2: paging Lin (Telegram).", "📟 Step 1/2: paging Grace (Slack, SMS).")
        t.looks_away("desk", "Grace")


async def test_a_step_of_somebody_who_has_left_is_skipped() -> None:
    async with line(steps=(("person:lin", "5m"), ("person:ada", "5m"), ("person:grace", "5m"))) as t:
        await t.emergency()
        t.paged("Lin", by=["telegram"])
        await t.reloads(people=(GRACE, LIN), rota=("grace",), steps=STEPS)
        await t.passes(minutes=5)
        t.paged("Lin", by=["telegram", "telegram"])
        t.paged("Grace", by=["slack", "sms"])
        t.thread_says(
            "📟 Step 1/3: paging Lin (Telegram).",
            "⚠️ Step 2, ada: nobody to page. Going on.",
            "📟 Step 3/3: paging Grace (Slack, SMS).",
        )
        t.looks_away("desk", "Grace")


async def test_a_new_chain_is_for_new_pages() -> None:
    async with line(steps=STEPS) as t:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        await t.reloads(steps=(("person:grace", "1m"),))
        await t.passes(minutes=5)
        t.paged("Ada", by=["sms", "sms"])
        t.paged("Lin", by=["telegram"])
        t.not_paged("Grace")
        t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).", "📟 Step 2/2: paging Lin (Telegram).")
