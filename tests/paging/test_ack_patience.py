"""Acknowledging is no answer: with nothing written to the customer, whoever has it is paged again."""

from tests.fakes.line import line

AGAIN = "@Ada ⏰ Acknowledged, and the customer has heard nothing: paging again. Answer by 03:00 (in 30 min)."


async def test_nothing_is_written_to_the_customer() -> None:
    async with line() as t:
        await t.emergency()
        await t.engineer("Grace").taps_card()
        t.take_all()
        await t.passes(minutes=29, seconds=59)
        await t.passes(seconds=1)
        t.paged("Grace", by=["slack", "sms"])
        t.not_paged("Ada")
        said = t.thread_lines()
        assert AGAIN.replace("Ada", "Grace") in said
        assert "📟 Step 1/3: paging Grace (Slack, SMS)." in said


async def test_a_word_to_the_customer_is_enough() -> None:
    async with line() as t:
        await t.emergency()
        await t.engineer("Ada").taps()
        await t.passes(minutes=20)
        await t.engineer("Ada").replies("The disk is full; we are making room.")
        t.take_all()
        await t.passes(hours=2)
        t.not_paged("Ada", "Grace", "Lin")
        t.looks_away("thread")
