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


async def test_once_the_chain_is_spent_everyone_reads_who_has_it() -> None:
    async with line(steps=(("person:ada", "5m"),)) as t:
        await t.emergency()
        await t.engineer("Grace").taps_card()
        t.take_all()
        await t.passes(minutes=30)
        t.take_all()
        await t.passes(minutes=10)
        assert (
            "🔴 The chain is spent. Grace has it, and the customer still has no answer. "
            "Paging everyone: Ada (Slack, SMS), Grace (Slack, SMS), Lin (Telegram)."
        ) in t.thread_lines()
        for text in t.paged("Lin", by=["telegram"]):
            assert text.startswith("🔴 Still no answer for the customer; Grace has it: Emergency MIT-1001")
        t.take_all()
