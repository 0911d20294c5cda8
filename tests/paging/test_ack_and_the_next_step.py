"""An acknowledgement in the very instant in which the next step is due."""

from tests.fakes.line import Line, line

OVER = "✅ Ada has MIT-1001 (Acme Clinics). Nothing to do."


async def _five_minutes_have_passed(t: Line) -> None:
    """Up to the instant of step 2, at which nobody has looked yet."""
    await t.emergency()
    t.paged("Ada", by=["slack", "sms"])
    await t.passes(minutes=4, seconds=59)
    t.paged("Ada", by=["sms", "sms"])
    t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
    t.comes(seconds=1)


async def test_the_acknowledgement_is_first() -> None:
    async with line() as t:
        await _five_minutes_have_passed(t)
        await t.engineer("Ada").taps()
        t.thread_says("✅ Ada has it (Slack).")
        t.reads("Ada", "slack changed: ✅ You have MIT-1001 (Acme Clinics).")
        t.not_paged("Grace")
        t.looks_away("Thandi")
        await t.passes(minutes=20)


async def test_the_step_is_first() -> None:
    async with line() as t:
        await _five_minutes_have_passed(t)
        await t.looks()
        await t.engineer("Ada").taps()
        t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).", "✅ Ada has it (Slack).")
        t.not_paged("Grace")
        t.reads("Ada", "slack changed: ✅ You have MIT-1001 (Acme Clinics).")
        t.looks_away("Thandi")
        await t.passes(minutes=20)


async def test_the_step_was_sent_already() -> None:
    async with line() as t:
        await _five_minutes_have_passed(t)
        await t.passes(seconds=0)
        t.paged("Grace", by=["slack", "sms"])
        await t.engineer("Ada").taps()
        t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).", "✅ Ada has it (Slack).")
        t.reads("Ada", "slack changed: ✅ You have MIT-1001 (Acme Clinics).")
        t.reads("Grace", f"slack changed: {OVER}", f"sms: {OVER}")
        t.looks_away("Thandi")
        await t.passes(minutes=20)


async def test_both_at_once() -> None:
    async with line() as t:
        await _five_minutes_have_passed(t)
        await t.at_once(t.looks(), t.engineer("Ada").taps())
        said = t.thread_lines()
        assert said in (
            ["✅ Ada has it (Slack)."],
            ["📟 Step 2/2: paging Grace (Slack, SMS).", "✅ Ada has it (Slack)."],
        )
        t.not_paged("Grace")
        t.reads("Ada", "slack changed: ✅ You have MIT-1001 (Acme Clinics).")
        t.looks_away("Thandi")
        await t.passes(minutes=20)
