"""An SMS that is refused, or taken and then reported undelivered: the next way at once."""

import pytest

from tests.fakes.line import Line, line
from tests.fakes.line_people import Engineer

SMS_FIRST = {"ada": '[{ after = "0m", by = ["sms"] }, { after = "3m", by = ["slack"] }]'}


@pytest.mark.parametrize("fails", [Engineer.sms_is_undelivered, Engineer.sms_is_refused])
async def test_slack_at_once_instead_of_three_minutes_later(fails: object) -> None:
    async with line(rules=SMS_FIRST) as t:
        fails(t.engineer("Ada"))  # type: ignore[operator]
        await t.emergency()
        t.paged("Ada", by=_lost(t, "slack"))
        t.thread_says("📟 Step 1/2: paging Ada (SMS).", "⚠️ SMS to Ada failed.")
        await t.passes(minutes=4, seconds=59)
        t.not_paged("Ada", "Grace")


def _lost(t: Line, way: str) -> list[str]:
    """What Twilio took and lost is seen nowhere but at Twilio; what it refused not even there."""
    return [way, "sms lost"] if t.play.journal.entries("twilio", "sms_lost") else [way]


async def test_reported_undelivered_after_two_minutes() -> None:
    async with line(rules={"ada": '[{ after = "0m", by = ["sms"] }, { after = "4m", by = ["slack"] }]'}) as t:
        t.play.twilio.receipts = False
        await t.emergency()
        t.paged("Ada", by=["sms"])
        t.thread_says("📟 Step 1/2: paging Ada (SMS).")
        await t.passes(minutes=2)
        await t.does(t.play.twilio.status(t.last_page("Ada", "sms").id, "undelivered", 30003))
        t.paged("Ada", by=["slack"])
        t.thread_says("⚠️ SMS to Ada failed.")
        await t.passes(minutes=2, seconds=59)
        t.not_paged("Ada", "Grace")
