"""The desk can't be written to: people are paged all the same."""

from playground import Fault
from tests.fakes.line import line
from tests.fakes.line_config import DESK


async def test_the_channel_is_archived() -> None:
    async with line() as t:
        t.play.faults.add(
            "slack",
            "chat.postMessage",
            Fault.refuse("is_archived"),
            1000,
            when=lambda a: a["channel"] == DESK,
        )
        await t.customer.writes("Our mail server is down")
        await t.customer.answers("1")
        t.paged("Ada", by=["slack", "sms"])
        t.looks_away("Thandi")
        await t.passes(minutes=5)
        t.paged("Ada", by=["sms", "sms"])
        t.paged("Grace", by=["slack", "sms"])
        await t.engineer("Grace").taps()
        assert "✅ You have MIT-1001" in t.read("Grace")
        t.looks_away("Ada")
        t.customer_reads(
            "*Grace* has MIT-1001 now and is looking into it. You hear from Grace by 03:00 (in 55 min)."
        )
        await t.passes(minutes=10)
