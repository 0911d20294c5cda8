"""Slack does not know the engineer: the next way at once."""

from tests.fakes.line import line


async def test_slack_does_not_know_them() -> None:
    async with line(rules={"ada": '[{ after = "0m", by = ["slack"] }, { after = "3m", by = ["sms"] }]'}) as t:
        t.engineer("Ada").has_left_slack()
        await t.emergency()
        t.vendor_refused("user_not_found")
        t.paged("Ada", by=["sms"])
        t.thread_says("📟 Step 1/2: paging Ada (Slack).", "⚠️ Slack to Ada failed.")
        await t.passes(minutes=4, seconds=59)
        await t.passes(seconds=1)
        t.paged("Grace", by=["slack", "sms"])
        t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).")


async def test_the_other_way_is_on_its_way_already() -> None:
    async with line() as t:
        t.engineer("Ada").has_left_slack()
        await t.emergency()
        t.vendor_refused("user_not_found")
        t.paged("Ada", by=["sms"])
        t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).", "⚠️ Slack to Ada failed.")
