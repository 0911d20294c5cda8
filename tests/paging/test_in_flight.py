"""Somebody acknowledges while a page is on its way to a vendor, and nobody knows yet whether it arrived."""

from tests.fakes.line import line

OVER = "✅ Ada has MIT-1001 (Acme Clinics). Nothing to do."
YOURS = "slack changed: ✅ You have MIT-1001 (Acme Clinics)."
TEAM = (("person:ada person:grace", "5m"),)


async def test_an_sms_that_was_on_its_way() -> None:
    async with line(steps=TEAM) as t:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        t.paged("Grace", by=["slack", "sms"])
        t.thread_lines()
        t.comes(minutes=1)
        async with t.while_twilio_is_slow(until="sms"):
            await t.engineer("Ada").taps()
        t.paged("Ada", by=["sms"])
        t.paged("Grace", by=["sms"])
        t.thread_says("✅ Ada has it (Slack).")
        t.reads("Ada", YOURS)
        over = t.read("Grace")
        assert over.count(f"sms: {OVER}") >= 1, "told after the SMS that she did not need"
        t.looks_away("Thandi")
        await t.passes(minutes=10)


async def test_a_call_that_was_being_placed_is_ended() -> None:
    async with line(calls=True) as t:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        t.thread_lines()
        t.comes(minutes=1)
        async with t.while_twilio_is_slow(until="call"):
            await t.engineer("Ada").taps()
        t.rings("Ada")
        assert not t.phone("Ada").is_on
        t.reads("Ada", YOURS, "call ended by us: completed")
        t.thread_says("✅ Ada has it (Slack).")
        t.looks_away("Thandi")
        await t.passes(minutes=10)


async def test_the_next_step_was_being_sent() -> None:
    async with line() as t:
        await t.emergency()
        await t.passes(minutes=4, seconds=59)
        t.take_all()
        t.comes(seconds=1)
        async with t.while_twilio_is_slow(until="sms"):
            await t.engineer("Ada").taps()
        t.paged("Grace", by=["slack", "sms"])
        t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).", "✅ Ada has it (Slack).")
        t.reads("Grace", f"slack changed: {OVER}", f"sms: {OVER}")
        t.reads("Ada", YOURS)
        t.looks_away("Thandi")
        await t.passes(minutes=10)
