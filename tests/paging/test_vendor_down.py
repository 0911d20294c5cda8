"""A vendor is away: pages go another way, and come back to it once it answers."""

from playground import Fault
from tests.fakes.line import Line, line

SMS_FIRST = {"ada": '[{ after = "0m", by = ["sms"] }, { after = "4m", by = ["slack"] }]'}


def _twilio_is_away(t: Line, times: int) -> None:
    t.play.faults.add("twilio", "Messages.json", Fault.server_error(503), times, when=_is_sms)


def _is_sms(arguments: dict[str, object]) -> bool:
    return not str(arguments["To"]).startswith("whatsapp")


async def test_an_error_of_the_server_is_the_other_way_now_and_tried_again() -> None:
    async with line(rules=SMS_FIRST) as t:
        _twilio_is_away(t, 2)
        await t.emergency()
        t.paged("Ada", by=["slack"])
        t.thread_says(
            "📟 Step 1/2: paging Ada (SMS).",
            "⚠️ SMS to Ada is not getting through; it is tried again, and another way now.",
        )
        await t.passes(minutes=1)
        t.paged("Ada", by=["sms"])
        await t.passes(minutes=3, seconds=59)
        t.thread_says()
        t.not_paged("Ada", "Grace")


async def test_the_connection_breaks_and_nobody_knows() -> None:
    async with line(rules=SMS_FIRST) as t:
        t.play.faults.add("twilio", "Messages.json", Fault.reset(), when=_is_sms)
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"], repeat=True)
        t.thread_says(
            "📟 Step 1/2: paging Ada (SMS).",
            "⚠️ SMS to Ada is not getting through; it is tried again, and another way now.",
        )


async def test_slack_is_away_for_everybody() -> None:
    async with line() as t:
        t.play.faults.add("slack", "chat.postMessage", Fault.server_error(500), 1000)
        t.play.faults.add("slack", "chat.update", Fault.server_error(500), 1000)
        await t.customer.writes("Our mail server is down")
        await t.customer.answers("1")
        t.looks_away("Thandi")
        t.paged("Ada", by=["sms"])
        await t.passes(minutes=5)
        t.paged("Ada", by=["sms", "sms"])
        t.paged("Grace", by=["sms"])
        t.play.faults.clear()
        await t.passes(minutes=5)
        t.take_all()
        t.card_says("MIT-1001")
