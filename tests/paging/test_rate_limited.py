"""Twilio asks for a minute's patience: the other way now."""

from playground import Fault
from tests.fakes.line import line


async def test_an_sms_is_put_off_for_a_minute() -> None:
    async with line(rules={"ada": '[{ after = "0m", by = ["sms"] }, { after = "4m", by = ["slack"] }]'}) as t:
        t.engineer("Ada").sms_is_rate_limited(60)
        await t.emergency()
        t.paged("Ada", by=["slack"])
        t.thread_says(
            "📟 Step 1/2: paging Ada (SMS).",
            "⚠️ SMS to Ada is not getting through; it is tried again, and another way now.",
        )
        await t.passes(seconds=60)
        t.paged("Ada", by=["sms"])
        await t.passes(minutes=3, seconds=59)
        t.not_paged("Ada", "Grace")


async def test_a_few_seconds_are_waited_for() -> None:
    async with line(rules={"ada": '[{ after = "0m", by = ["sms"] }, { after = "4m", by = ["slack"] }]'}) as t:
        t.engineer("Ada").sms_is_rate_limited(3)
        await t.emergency()
        t.not_paged("Ada")
        t.thread_says("📟 Step 1/2: paging Ada (SMS).")
        await t.passes(seconds=3)
        t.paged("Ada", by=["sms"])


async def test_slack_asks_for_half_a_minute() -> None:
    async with line(rules={"ada": '[{ after = "0m", by = ["slack"] }, { after = "4m", by = ["sms"] }]'}) as t:
        t.play.faults.add(
            "slack",
            "chat.postMessage",
            Fault.rate_limited(30),
            when=lambda a: str(a["channel"]).startswith("D"),
        )
        await t.emergency()
        t.paged("Ada", by=["sms"])
        t.thread_says(
            "📟 Step 1/2: paging Ada (Slack).",
            "⚠️ Slack to Ada is not getting through; it is tried again, and another way now.",
        )
        await t.passes(seconds=30)
        t.paged("Ada", by=["slack"])
