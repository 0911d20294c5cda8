"""Who is on call is asked anew at every step: a hand-over or an override in the middle of a page counts at once."""

from tests.fakes.line import line

THREE = (("schedule:standby", "5m"), ("person:lin", "5m"))


async def test_the_shift_is_handed_over_between_a_step_and_its_repeat() -> None:
    async with line(at="2026-11-23T08:53", rota=("ada", "grace"), steps=THREE, repeat=1) as t:
        await t.emergency()
        t.paged("Grace", by=["slack", "sms"])
        t.thread_says("📟 Step 1/2: paging Grace (Slack, SMS).")
        await t.passes(minutes=4, seconds=59)
        t.paged("Grace", by=["sms", "sms"])
        await t.passes(seconds=1)
        t.thread_says("📟 Step 2/2: paging Lin (Telegram).")
        t.paged("Lin", by=["telegram"])
        await t.passes(minutes=4, seconds=59)
        t.paged("Lin", by=["telegram", "telegram"])
        await t.passes(seconds=1)
        t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
        t.paged("Ada", by=["slack", "sms"])
        t.not_paged("Grace")
        await t.engineer("Grace").taps()
        t.thread_says("✅ Grace has it (Slack).")
        t.looks_away()
