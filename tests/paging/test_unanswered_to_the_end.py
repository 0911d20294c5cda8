"""Nobody answers: step 1, step 2, the chain again, then everyone every 5 minutes, for an hour, until somebody has it."""

from tests.fakes.line import Line, line


async def test_unanswered_to_the_very_end() -> None:
    async with line(repeat=1) as t:
        await t.emergency()
        for _ in range(2):
            await _walks_the_chain(t)
        t.thread_says(
            "🔴 The chain is spent and nobody has it. Paging everyone: Ada (Slack, SMS), Grace (Slack, SMS), Lin (Telegram)."
        )
        _everyone_is_paged(t)
        for _ in range(12):
            await _five_minutes(t)
        t.looks_away("thread", "Thandi")
        await t.engineer("Lin").taps_telegram()
        t.looks_away()
        await t.passes(seconds=119)


async def _walks_the_chain(t: Line) -> None:
    """Both steps, up to the first instant of what follows."""
    t.paged("Ada", by=["slack", "sms"])
    t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
    await t.passes(minutes=4, seconds=59)
    t.paged("Ada", by=["sms", "sms"])
    await t.passes(seconds=1)
    t.paged("Grace", by=["slack", "sms"])
    t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).")
    await t.passes(minutes=4, seconds=59)
    t.paged("Grace", by=["sms", "sms"])
    await t.passes(seconds=1)


async def _five_minutes(t: Line) -> None:
    """Of the last resort, up to everyone's next page."""
    await t.passes(minutes=4, seconds=59)
    t.paged("Ada", by=["sms", "sms"])
    t.paged("Grace", by=["sms", "sms"])
    t.paged("Lin", by=["telegram", "telegram"])
    await t.passes(seconds=1)
    _everyone_is_paged(t)


def _everyone_is_paged(t: Line) -> None:
    t.paged("Ada", by=["slack", "sms"])
    t.paged("Grace", by=["slack", "sms"])
    t.paged("Lin", by=["telegram"])
