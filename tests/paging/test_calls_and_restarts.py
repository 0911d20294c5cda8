"""Calls that ring while the process ends, dies, or is away."""

from tests.fakes.line import line
from tests.paging.test_calls import paged_and_ringing


async def test_key_1_after_a_restart() -> None:
    async with line(calls=True) as t:
        await paged_and_ringing(t)
        await t.is_down(seconds=5)
        await t.phone("Ada").answers_and_presses("1")
        t.heard("Ada")
        t.thread_says("✅ Ada has it (Call).")
        t.looks_away("Ada", "Thandi")
        await t.passes(minutes=10)


async def test_the_power_went_while_the_call_was_placed() -> None:
    """Whether it rings nobody knows: it is called again, and key 1 of the first call counts too."""
    async with line(calls=True) as t:
        await t.emergency()
        t.take_all()
        t.bot.cut_power_at("out.after_send")
        await t.passes(minutes=1)
        t.rings("Ada")
        await t.is_down(seconds=5)
        t.paged("Ada", by=["call"], repeat=False)
        await t.phone("Ada").answers_the_first_and_presses("1")
        t.looks_away("Ada", "Thandi")
        t.thread_says("✅ Ada has it (Call).")
        assert not t.phone("Ada").is_on
        await t.passes(minutes=10)


async def test_calls_that_were_missed_come_as_one() -> None:
    """Down over two calls' times: the phone rings once, not twice at a time."""
    async with line(calls=True) as t:
        await t.emergency()
        t.take_all()
        await t.is_down(minutes=4)
        t.rings("Ada")


async def test_twilio_reports_a_call_while_the_process_is_away() -> None:
    async with line(calls=True) as t:
        await paged_and_ringing(t)
        await t.bot.stop()
        await t.play.twilio.phones.lets_ring(t.phone("Ada").calls[0])
        await t.bot.start()
        await t.passes(minutes=2)
        t.vendor_refused(*["delivery_failed"] * 2, "gave_up")
        t.rings("Ada")
