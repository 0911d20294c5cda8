"""When every way to everyone in the step has failed the next step begins at once; the last resort tries every 5 minutes
and never faster."""

from playground import Fault
from tests.fakes.line import Line, line


def _no_way_to_anybody(t: Line, times: int) -> None:
    """Vendors take nothing, for so many requests each."""
    t.play.faults.add("slack", "chat.postMessage", Fault.refuse("user_not_found"), times, when=_is_dm)
    t.play.faults.add("telegram", "sendMessage", Fault.refuse("Forbidden: bot was blocked"), times)
    t.play.faults.add("twilio", "Messages.json", Fault.refuse(21610), times, when=_is_sms)


def _is_dm(arguments: dict[str, object]) -> bool:
    return str(arguments["channel"]).startswith("D")


def _is_sms(arguments: dict[str, object]) -> bool:
    return not str(arguments["To"]).startswith("whatsapp")


async def test_the_next_step_begins_at_once() -> None:
    async with line() as t:
        t.engineer("Ada").has_left_slack()
        t.engineer("Ada").sms_is_refused()
        await t.emergency()
        t.vendor_refused("user_not_found")
        t.not_paged("Ada")
        t.paged("Grace", by=["slack", "sms"])
        t.thread_says(
            "📟 Step 1/2: paging Ada (Slack, SMS).",
            "⚠️ Slack to Ada failed.",
            "⚠️ SMS to Ada failed.",
            "📟 Step 2/2: paging Grace (Slack, SMS).",
        )
        await t.passes(minutes=4, seconds=59)
        t.paged("Grace", by=["sms", "sms"])
        t.paged("Ada", by=["sms", "sms"])


async def test_the_last_resort_waits_five_minutes_between_its_tries() -> None:
    async with line() as t:
        _no_way_to_anybody(t, times=100)
        await t.emergency()
        t.not_paged("Ada", "Grace", "Lin")
        t.looks_away("thread")
        tried = len(t.play.requests)
        await t.passes(minutes=4, seconds=59)
        assert _page_requests(t, tried) == 6, "what their rules say for one minute and for three"
        await t.passes(seconds=1)
        assert _page_requests(t, tried) == 6 + 5, "two by Slack, two by SMS, one by Telegram"
        await t.passes(minutes=4, seconds=59)
        assert _page_requests(t, tried) == 6 + 5 + 6
        t.looks_away("thread")
        t.play.faults.clear()
        await t.passes(seconds=1)
        t.paged("Ada", by=["slack", "sms"])
        t.paged("Grace", by=["slack", "sms"])
        t.paged("Lin", by=["telegram"])
        t.thread_says()


def _page_requests(t: Line, since: int) -> int:
    """Pages that the bot tried to send."""
    return sum("🔴 Still" in str(r["body"]) for r in t.play.requests[since:])
