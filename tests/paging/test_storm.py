"""More pages an hour than one person is to get: what is held back goes out as one, and what is new is never held back."""

from tests.fakes.line import Line, line

LIMIT = '[paging]\nper_hour = 1\nbundle = "5m"\n'
CHAT_AND_SMS = {"ada": '[{ after = "0m", by = ["chat", "sms"] }]'}
HELD = "📟 Ada has been paged a lot this hour: this one waits for the others and goes out with them {}."


async def _two_emergencies(t: Line) -> None:
    await t.emergency()
    t.paged("Ada", by=["slack", "sms"])
    await t.emergency("Our server is down too", by=t.other_customer, thinks=10)
    t.paged("Ada", by=["slack", "sms"])
    t.thread_says(*["📟 Step 1/1: paging Ada (Slack, SMS)."] * 2)


async def test_the_first_page_of_each_emergency_is_sent_and_its_repeats_wait_for_each_other() -> None:
    async with line(settings=LIMIT, rules=CHAT_AND_SMS, steps=(("schedule:standby", "10m"),), repeat=5) as t:
        await _two_emergencies(t)
        await t.passes(minutes=10)
        t.not_paged("Ada")
        t.looks_away("thread")
        await t.passes(minutes=5)
        for text in t.paged("Ada", by=["slack", "sms"]):
            assert text.startswith("🚨 2 tickets wait for you:")
            assert "MIT-1001" in text and "MIT-1002" in text and "ACK ALL" in text
        await t.engineer("Ada").texts("ack all")
        t.looks_away("thread", "Thandi", "Peter")
        told = t.read("Ada")
        assert "sms: You have MIT-1001, MIT-1002." in told
        assert "slack changed: ✅ Nothing of this waits for you any more." in told
        await t.passes(minutes=10)


async def test_a_step_as_long_as_the_bundle_waits_is_not_held_back_for_ever() -> None:
    async with line(settings=LIMIT, rules=CHAT_AND_SMS, steps=(("schedule:standby", "5m"),), repeat=50) as t:
        await _two_emergencies(t)
        await t.passes(minutes=16)
        t.looks_away("thread")
        assert len(t.read_pages("Ada")) == 4, "every five minutes from 02:10 on, by both ways"
