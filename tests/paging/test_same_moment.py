"""Two things in one instant: whichever is first, nothing is skipped and nothing is done twice."""

from tests.fakes.line import Line, line
from tests.paging.test_passed_on import THREE

SMS_ONLY = {"ada": '[{ after = "0m", by = ["sms"] }]'}


async def _sms_of_unknown_fate(t: Line) -> str:
    t.play.twilio.receipts = False
    await t.emergency()
    t.paged("Ada", by=["sms"])
    t.thread_says("📟 Step 1/3: paging Ada (SMS).")
    await t.passes(minutes=4, seconds=59)
    t.comes(seconds=1)
    return t.last_page("Ada", "sms").id


async def test_the_last_way_fails_just_before_the_step_is_over() -> None:
    async with line(steps=THREE, rules=SMS_ONLY) as t:
        sms = await _sms_of_unknown_fate(t)
        await t.does(t.play.twilio.status(sms, "undelivered", 30003))
        t.paged("Ada", by=["slack"])
        t.paged("Grace", by=["slack", "sms"])
        said = t.thread_lines()
        assert "⚠️ SMS to Ada failed." in said
        assert "📟 Step 2/3: paging Grace (Slack, SMS)." in said
        t.not_paged("Lin")
        await t.passes(seconds=59)


async def test_the_last_way_fails_just_after_the_step_is_over() -> None:
    async with line(steps=THREE, rules=SMS_ONLY) as t:
        sms = await _sms_of_unknown_fate(t)
        await t.passes(seconds=0)
        t.paged("Grace", by=["slack", "sms"])
        await t.does(t.play.twilio.status(sms, "undelivered", 30003))
        t.thread_says("📟 Step 2/3: paging Grace (Slack, SMS).", "⚠️ SMS to Ada failed.")
        t.not_paged("Ada", "Grace", "Lin")
        await t.passes(seconds=59)


async def test_passed_on_with_a_double_tap() -> None:
    async with line(steps=THREE) as t:
        await t.emergency()
        t.take_all()
        ada = t.engineer("Ada")
        await t.at_once(ada.taps("Pass it on"), ada.taps("Pass it on"))
        t.thread_says("📟 Step 2/3: paging Grace (Slack, SMS).")
        t.paged("Grace", by=["slack", "sms"])
        t.not_paged("Lin")
        t.reads(
            "Ada",
            "slack: Done: MIT-1001 goes on to the next.",
            "slack: MIT-1001 has moved on since; nothing was changed.",
        )


async def test_passed_on_and_acknowledged() -> None:
    """Either order is fine; what counts is that somebody has it and paging ends."""
    async with line(steps=THREE) as t:
        await t.emergency()
        t.take_all()
        await t.at_once(t.engineer("Ada").taps("Pass it on"), t.engineer("Grace").taps_card())
        assert "✅ Grace has it (Slack)." in t.thread_lines()
        t.take_all()
        await t.passes(minutes=10)


async def test_two_phones_at_once() -> None:
    """Ada and Grace both press 1: one of them has it, and the other hears who."""
    async with line(calls=True, steps=(("person:ada person:grace", "5m"),)) as t:
        await t.emergency()
        await t.passes(minutes=1)
        t.take_all()
        ada, grace = t.phone("Ada"), t.phone("Grace")
        await ada.answers()
        await grace.answers()
        await t.at_once(ada.presses("1"), grace.presses("1"))
        (line_,) = t.thread_lines()
        has_it = line_.split()[1]
        other = "Grace" if has_it == "Ada" else "Ada"
        assert "You have MIT-1001." in t.heard(has_it)
        assert f"{has_it} has MIT-1001 already." in t.heard(other)
        assert not ada.is_on
        assert not grace.is_on
        t.take_all()
        await t.passes(minutes=10)
