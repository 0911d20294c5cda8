"""Only an engineer of the team acknowledges: anybody else is refused, and paging goes on."""

from tests.fakes.line import Line, line
from tests.fakes.line_config import DESK, NOBODY

REFUSED = (
    "You are not listed as an engineer of this team, so that was not done and nothing went to the customer."
)

UNKNOWN = "There is no ticket MIT-1001 here."


async def _paged(t: Line) -> None:
    await t.emergency()
    t.paged("Ada", by=["slack", "sms"])
    t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")


async def _and_on_it_goes(t: Line) -> None:
    t.thread_says()
    await t.passes(minutes=4, seconds=59)
    t.paged("Ada", by=["sms", "sms"])
    t.thread_lines()  # of the ticket that a stranger's words have become
    await t.passes(seconds=1)
    t.paged("Grace", by=["slack", "sms"])
    t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).")


async def test_the_customer_writes_the_code() -> None:
    async with line() as t:
        await _paged(t)
        code = t.code("Ada")
        await t.customer.writes(f"ack {code}")
        t.customer_reads()
        t.thread_says(f"Thandi: ack {code}")
        await _and_on_it_goes(t)


async def test_somebody_unknown_presses_the_buttons_of_the_card() -> None:
    async with line() as t:
        await _paged(t)
        await t.does(t.play.slack.press(NOBODY, DESK, t.card, t.button("Acknowledge")))
        t.reads("Nobody", f"slack only them: {REFUSED}")
        await _and_on_it_goes(t)


async def test_the_words_of_somebody_unknown_are_a_report_of_theirs() -> None:
    async with line() as t:
        await _paged(t)
        await t.does(t.play.slack.command(NOBODY, DESK, "/standby", "ack MIT-1001"))
        assert "Ticket MIT-1002 is open" in t.read("Nobody")
        await _and_on_it_goes(t)
        assert "We treat MIT-1002 as Normal" in t.read("Nobody")


async def test_an_engineer_of_another_team() -> None:
    async with line() as t:
        await _paged(t)
        mark, code = t.engineer("Mark"), t.code("Ada")
        await mark.types("ack MIT-1001")
        t.reads("Mark", f"slack only them: {UNKNOWN}")
        await mark.taps_card()
        t.reads("Mark", f"slack only them: {UNKNOWN}")
        await mark.texts(f"ack {code}")
        t.reads("Mark", f"sms: {code} is not the code of an open page.")
        await mark.texts("ack")
        t.reads("Mark", "sms: No page is open for you.")
        await _and_on_it_goes(t)


async def test_the_code_from_a_phone_that_nobody_knows() -> None:
    async with line() as t:
        await _paged(t)
        await t.does(t.play.twilio.sms_says("+27119998888", f"ACK {t.code('Ada')}"))
        assert "Ticket MIT-1002 is open" in t.read("+27119998888")
        await _and_on_it_goes(t)
        assert "We treat MIT-1002 as Normal" in t.read("+27119998888")


async def test_a_wrong_code() -> None:
    async with line() as t:
        await _paged(t)
        wrong = "1234" if t.code("Ada") != "1234" else "4321"
        await t.engineer("Ada").texts(f"ack {wrong}")
        t.reads("Ada", f"sms: {wrong} is not the code of an open page.")
        await _and_on_it_goes(t)
