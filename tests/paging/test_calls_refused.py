"""Twilio does not place the call: refused, or away."""

from playground import Fault
from tests.fakes.line import line

CALL_FIRST = {"ada": '[{ after = "0m", by = ["call"] }, { after = "4m", by = ["sms"] }]'}


async def test_refused_is_the_next_way_at_once() -> None:
    async with line(calls=True, rules=CALL_FIRST) as t:
        t.play.faults.add("twilio", "Calls.json", Fault.refuse(21215))
        await t.emergency()
        t.paged("Ada", by=["sms"])
        t.thread_says("📟 Step 1/2: paging Ada (Call).", "⚠️ Call to Ada failed.")
        await t.passes(minutes=4, seconds=59)
        t.not_paged("Ada", "Grace")


async def test_away_is_the_next_way_at_once_and_it_rings_when_twilio_is_back() -> None:
    async with line(calls=True, rules=CALL_FIRST) as t:
        t.play.faults.add("twilio", "Calls.json", Fault.server_error(503), 2)
        await t.emergency()
        t.paged("Ada", by=["sms"])
        t.thread_says(
            "📟 Step 1/2: paging Ada (Call).",
            "⚠️ Call to Ada is not getting through; it is tried again, and another way now.",
        )
        await t.passes(minutes=1)
        t.rings("Ada")
        await t.phone("Ada").answers_and_presses("1")
        t.heard("Ada")
        t.thread_says("✅ Ada has it (Call).")
        t.looks_away("Ada", "Thandi")
        await t.passes(minutes=10)


async def test_the_call_can_not_be_ended() -> None:
    """Nobody has to wait for that: whoever picks up and presses 1 hears who has it."""
    async with line(calls=True, rules=CALL_FIRST) as t:
        await t.emergency()
        t.rings("Ada")
        sid = t.phone("Ada").calls[0].sid
        t.play.faults.add("twilio", f"{sid}.json", Fault.refuse(20008), 100)
        await t.engineer("Grace").taps_card()
        assert t.phone("Ada").is_on
        await t.phone("Ada").answers_and_presses("1")
        assert t.heard("Ada")[-2:] == ["Grace has MIT-1001 already.", "Goodbye."]
        t.looks_away("Thandi")
        assert "✅ Grace has it (Slack)." in t.thread_lines()
        await t.passes(minutes=10)
