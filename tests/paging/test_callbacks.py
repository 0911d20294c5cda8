"""Twilio's reports come late, out of order, twice, or for something that is over."""

from tests.fakes.line import Line, line


async def _paged(t: Line) -> str:
    """The SMS whose fate is not known yet."""
    t.play.twilio.receipts = False
    await t.emergency()
    t.paged("Ada", by=["slack", "sms"])
    t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
    return t.last_page("Ada", "sms").id


async def test_delivered_after_the_acknowledgement() -> None:
    async with line() as t:
        sms = await _paged(t)
        await t.engineer("Ada").taps()
        t.looks_away()
        await t.does(t.play.twilio.status(sms, "delivered"))
        await t.passes(minutes=10)


async def test_undelivered_after_the_acknowledgement() -> None:
    async with line() as t:
        sms = await _paged(t)
        await t.engineer("Ada").taps()
        t.looks_away()
        await t.does(t.play.twilio.status(sms, "undelivered", 30003))
        await t.passes(minutes=10)


async def test_sent_comes_after_delivered() -> None:
    async with line() as t:
        sms = await _paged(t)
        await t.does(t.play.twilio.status(sms, "delivered"))
        await t.does(t.play.twilio.status(sms, "sent"))
        await t.does(t.play.twilio.status(sms, "delivered", times=3))
        await t.passes(seconds=59)


async def test_undelivered_twice_is_one_failure() -> None:
    async with line(rules={"ada": '[{ after = "0m", by = ["sms"] }, { after = "3m", by = ["slack"] }]'}) as t:
        t.play.twilio.receipts = False
        await t.emergency()
        t.paged("Ada", by=["sms"])
        await t.does(t.play.twilio.status(t.last_page("Ada", "sms").id, "undelivered", 30003, times=2))
        t.paged("Ada", by=["slack"])
        t.thread_says("📟 Step 1/2: paging Ada (SMS).", "⚠️ SMS to Ada failed.")


async def test_undelivered_of_a_step_that_is_over_starts_nothing() -> None:
    async with line() as t:
        sms = await _paged(t)
        await t.passes(minutes=5)
        t.paged("Ada", by=["sms", "sms"])
        t.paged("Grace", by=["slack", "sms"])
        t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).")
        await t.does(t.play.twilio.status(sms, "undelivered", 30003))
        t.thread_says("⚠️ SMS to Ada failed.")
        t.not_paged("Ada", "Grace")
        await t.passes(seconds=59)
