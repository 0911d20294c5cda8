"""A step that means nobody is skipped at once, and said."""

from tests.fakes.line import line

NIGHTS = """
[[schedules]]
name = "nights"
timezone = "Africa/Johannesburg"
[[schedules.layers]]
people = ["ada"]
every = "1 week"
handover = "2026-01-05T09:00"
restrictions = [{ days = ["sat"], from = "09:00", to = "10:00" }]
"""
"""Nobody is on call but on Saturday morning."""


async def test_a_step_of_nobody_is_skipped() -> None:
    async with line(steps=(("schedule:nights", "5m"), ("person:grace", "5m")), settings=NIGHTS) as t:
        await t.emergency()
        t.looks_away("desk")
        t.thread_says(
            "⚠️ Step 1, schedule nights: nobody is on call. Going on.",
            "📟 Step 2/2: paging Grace (Slack, SMS).",
        )
        t.paged("Grace", by=["slack", "sms"])


async def test_a_chain_of_nobody_is_everyone_at_once() -> None:
    async with line(steps=(("schedule:nights", "5m"),), repeat=1, settings=NIGHTS) as t:
        await t.emergency()
        t.looks_away("desk")
        t.thread_says(
            "⚠️ Step 1, schedule nights: nobody is on call. Going on.",
            "⚠️ Step 1, schedule nights: nobody is on call. Going on.",
            "🔴 The chain is spent and nobody has it. Paging everyone: Ada (Slack, SMS), Grace (Slack, SMS), Lin (Telegram).",
        )
        t.paged("Ada", by=["slack", "sms"])
        t.paged("Grace", by=["slack", "sms"])
        t.paged("Lin", by=["telegram"])
