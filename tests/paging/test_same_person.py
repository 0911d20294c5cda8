"""Whoever a step means twice is paged once; whoever the next step means too gets nothing old beside the new."""

from tests.fakes.line import line


async def test_meant_twice_in_one_step() -> None:
    async with line(steps=(("schedule:standby person:ada", "5m"),)) as t:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        t.thread_says("📟 Step 1/1: paging Ada (Slack, SMS).")


async def test_meant_in_one_step_and_the_next() -> None:
    async with line(steps=(("schedule:standby", "2m"), ("person:ada person:grace", "5m"))) as t:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        await t.passes(minutes=1)
        t.paged("Ada", by=["sms"])
        await t.passes(minutes=1)
        t.paged("Ada", by=["slack", "sms"])
        t.paged("Grace", by=["slack", "sms"])
        await t.passes(minutes=2, seconds=59)
        t.paged("Ada", by=["sms"])
        t.paged("Grace", by=["sms"])
        t.looks_away("thread")
