"""The process is away for three hours in the middle of a page."""

from tests.fakes.line import line


async def test_the_page_goes_on_at_once_and_nothing_is_sent_twice() -> None:
    async with line(steps=(("schedule:standby", "5m"), ("person:grace", "5m")), repeat=9) as t:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
        await t.passes(minutes=1)
        t.paged("Ada", by=["sms"])
        await t.is_down(hours=3)
        t.looks_away("thread", "Thandi")
        t.paged("Grace", by=["slack", "sms"])
        t.paged("Ada", by=["sms"])
        t.not_paged("Lin")
        await t.passes(minutes=4, seconds=59)
        t.paged("Grace", by=["sms", "sms"])
        await t.passes(seconds=1)
        t.paged("Ada", by=["slack", "sms"])
        t.looks_away("thread")


async def test_what_may_have_arrived_is_sent_again_and_marked() -> None:
    async with line(steps=(("person:ada person:lin", "5m"),)) as t:
        t.play.twilio.receipts = False
        await t.customer.writes("Our mail server is down")
        t.bot.cut_power_at("out.after_send")
        await t.customer.answers("1")
        t.paged("Ada", by=["slack", "sms"])
        t.paged("Lin", by=["telegram"])
        t.looks_away("thread", "Thandi")
        await t.is_down(seconds=20)
        t.paged("Ada", by=["slack", "sms"], repeat=True)
        t.paged("Lin", by=["telegram"], repeat=True)
        t.looks_away("thread", "Thandi")
        await t.passes(seconds=39)


async def test_what_is_known_to_have_arrived_is_not_sent_again() -> None:
    async with line(steps=(("person:ada", "5m"),)) as t:
        await t.customer.writes("Our mail server is down")
        t.bot.cut_power_at("out.after_send")
        await t.customer.answers("1")
        t.paged("Ada", by=["slack", "sms"])
        t.looks_away("thread", "Thandi")
        await t.is_down(seconds=20)
        t.paged("Ada", by=["slack"], repeat=True)
        t.looks_away("thread", "Thandi")


async def test_what_was_missed_by_one_way_comes_once() -> None:
    async with line() as t:
        await t.emergency()
        t.looks_away()
        await t.is_down(minutes=4)
        t.paged("Ada", by=["sms"])
        await t.engineer("Ada").texts("ack")
        t.looks_away()
        await t.is_down(minutes=10)
        await t.passes(minutes=10)
