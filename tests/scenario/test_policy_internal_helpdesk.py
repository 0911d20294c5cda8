"""A company's own people and their help desk, round the clock: acknowledged within minutes, then solved."""

from __future__ import annotations

import pytest

from bot.domain import events as ev
from bot.domain.events import How
from tests.builders import ADA, ADA_PHONE, DESK
from tests.fakes.dialogue import Talk, talk

MEANINGS = {
    "Critical": "A system is down for everybody",
    "High": "Something important is broken for many people",
    "Medium": "Something works only partly, and it holds up some people",
    "Low": "A small matter that hardly holds anybody up",
}
HEADSET = ("My headset has no microphone", "3")
"""A medium ticket: answered within an hour, solved within eight."""
OUTAGE = ("The network is down in the whole building", "1")
"""A critical ticket: answered within five minutes, solved within the hour."""
FIRST_STEPS = """What you can try meanwhile:
1. Unplug the device, wait ten seconds, plug it in again.
2. Try another port or cable.
3. Restart the computer.

To read: Set up your desk: screen, headset, phone (video): https://help.example/desk
Which headset buttons do what: https://help.example/headset"""


def question(severity: str, until: str) -> str:
    return (
        f"Ticket IHD-1001 is open. This looks like {severity} ({MEANINGS[severity]}).\n\n"
        "How urgent is it? Answer with a number:\n1 Critical\n2 High\n3 Medium\n4 Low\n\n"
        f"No answer by {until} (in 1 min): we treat it as {severity}."
    )


def desk_lines(t: Talk) -> list[str]:
    """What the thread shows that is new, to be searched."""
    return t.world.texts("slack", DESK)


# ---------------------------------------------------------------- opening
async def test_a_newcomer_by_day_is_promised_two_times_and_helped_meanwhile() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00", customer="sipho") as t:
        await t.says("My headset has no microphone")
        t.sees(question("Medium", "10:01"))
        t.card_shows(
            title="IHD-1001 · Acme Clinics",
            severity="Medium (proposed)",
            customer="Sipho, Acme Clinics",
            words="My headset has no microphone",
            status="new",
            holder="nobody yet",
            facts=("Computers and devices",),
        )
        await t.says("3")
        t.sees(
            "IHD-1001 is set to Medium. An engineer answers you here by 11:00 (in 1 h). "
            "It is to be solved by 18:00.",
            FIRST_STEPS,
        )
        t.desk_sees("The customer says Medium. Answer by 11:00 (in 1 h).")
        t.paged()
        t.card_shows(severity="Medium", bar="░░░░░░░░░░", clock="1 h left, answer by 11:00", urgency=0)


@pytest.mark.parametrize(
    ("at", "answer", "solved"),
    [
        ("2026-11-23T03:00", "by 03:05 (in 5 min)", "by 04:00 (in 1 h)"),  # Monday night
        ("2026-11-22T04:30", "by 04:35 (in 5 min)", "by 05:30 (in 1 h)"),  # Sunday
        ("2026-08-14T12:00", "by 12:05 (in 5 min)", "by 13:00 (in 1 h)"),  # a public holiday of Pakistan
        ("2026-12-31T23:58", "by tomorrow 00:03 (in 5 min)", "by tomorrow 00:58 (in 1 h)"),
    ],
)
async def test_critical_at_any_hour_pages_at_once_and_gives_no_homework(
    at: str, answer: str, solved: str
) -> None:
    async with talk("internal-helpdesk", at=at) as t:
        await t.says("The network is down in the whole building, nobody can work")
        t.paged()
        t.looks_away()
        await t.says("1")
        t.sees(
            "IHD-1001 is set to Critical. We are calling the engineer on standby now. "
            f"An engineer answers you here {answer}. It is to be solved {solved}."
        )
        t.paged("Ada")
        t.card_shows(severity="Critical", urgency=2, paging="Paging Ada (step 1 of 1)")
        assert any(line.startswith("📟") and "Ada (Slack, SMS)" in line for line in desk_lines(t))
        t.looks_away()


async def test_the_page_says_who_what_and_by_when() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T03:00") as t:
        await t.says("The network is down in the whole building")
        await t.says("critical")
        (sms,) = t.world.texts("sms", ADA_PHONE)
        code = sms.rsplit(" ", 1)[1]
        assert sms == (
            "🚨 Critical IHD-1001 Acme Clinics, Thandi: The network is down in the whole building\n"
            f"Answer by 03:05 (in 5 min). Reply ACK {code}"
        )
        t.looks_away()


async def test_high_pages_too_by_telegram_and_by_a_tap() -> None:
    async with talk("internal-helpdesk", at="2026-11-22T03:00", via="telegram") as t:
        await t.says("Our VPN does not connect, several agents can not work")
        t.sees(question("High", "03:01"))
        t.paged()
        await t.taps("sev", "high")
        t.sees(
            "IHD-1001 is set to High. We are calling the engineer on standby now. "
            "An engineer answers you here by 03:10 (in 10 min). It is to be solved by 07:00 (in 4 h)."
        )
        t.paged("Ada")
        assert "The customer says High. Answer by 03:10 (in 10 min)." in desk_lines(t)
        await t.types("Ada", "ack")
        t.sees("Ada has IHD-1001 now and is looking into it.")
        t.looks_away()


async def test_low_at_the_weekend_through_slack_wakes_nobody() -> None:
    async with talk("internal-helpdesk", at="2026-11-21T23:00", via="slack") as t:
        await t.says("Could I have a second screen?")
        t.sees(question("Low", "23:01"))
        await t.says("Low")
        t.sees(
            "IHD-1001 is set to Low. An engineer answers you here by tomorrow 01:00 (in 2 h). "
            "It is to be solved by tomorrow 23:00.",
            FIRST_STEPS,
        )
        t.desk_sees("The customer says Low. Answer by tomorrow 01:00 (in 2 h).")
        t.paged()
        t.card_shows(clock="2 h left, answer by tomorrow 01:00")


async def test_silence_lets_the_proposed_severity_stand_and_page() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T03:00") as t:
        await t.says("Nobody can sign in, the whole office is locked out")
        t.looks_away()
        await t.passes(seconds=59)
        t.paged()
        await t.passes(seconds=1)
        t.sees(
            "We treat IHD-1001 as Critical. We are calling the engineer on standby now. "
            "An engineer answers you here by 03:05 (in 4 min). It is to be solved by 04:00 (in 59 min)."
        )
        t.paged("Ada")
        assert "No word from the customer: Critical stands. Answer by 03:05 (in 4 min)." in desk_lines(t)
        t.looks_away()


async def test_urgent_makes_it_critical_at_any_time() -> None:
    async with talk("internal-helpdesk", at="2026-11-22T03:00") as t:
        await t.reports(*HEADSET)
        await t.says("urgent nobody on the floor has sound now")
        t.sees(
            "IHD-1001 is now Critical. We are calling the engineer on standby now. "
            "An engineer answers you here by 03:05 (in 5 min). It is to be solved by 04:00 (in 1 h)."
        )
        t.paged("Ada")
        lines = desk_lines(t)
        assert any("nobody on the floor has sound now" in line for line in lines)
        assert "Thandi set the severity to Critical. Answer by 03:05 (in 5 min)." in lines
        t.looks_away()


# ---------------------------------------------------------------- acknowledge is the answer
async def test_an_acknowledgement_alone_is_the_answer() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T03:00") as t:
        await t.reports(*OUTAGE)
        await t.passes(minutes=4)
        t.looks_away()
        await t.world.says(ADA_PHONE, "ack", via="sms")
        t.sees("Ada has IHD-1001 now and is looking into it.")
        t.desk_sees("✅ Ada has it (SMS).")
        t.told(Ada="You have IHD-1001.")
        t.card_shows(status="in work", holder="Ada", paging="", clock="1 h left, resolution by 04:00")
        await t.passes(minutes=14)
        await t.answers("Ada", "A switch has no power, I am on my way")
        t.sees("Ada (IHD-1001): A switch has no power, I am on my way")
        await t.passes(minutes=11)
        t.paged()
        assert await t.breaches() == []


async def test_so_is_a_reply_and_it_reaches_the_customer() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.answers("Ada", "Which colour is the light on it?")
        t.sees("Ada (IHD-1001): Which colour is the light on it?")
        t.desk_sees("✅ Ada has it (Slack).")
        t.card_shows(holder="Ada", clock="8 h left, resolution by 18:00")
        await t.passes(hours=2)
        assert await t.breaches() == []


async def test_a_work_note_is_no_answer() -> None:
    """On-site visits and remote sessions are written down as notes."""
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        assert (
            await t.types("Ada", "note On-site visit: the cable was loose") == "Done: IHD-1001 has your note."
        )
        t.desk_sees("🔒 Ada (internal, Slack): On-site visit: the cable was loose")
        await t.answers("Grace", "// Remote session at 10:20")
        t.sees()
        t.card_shows(status="new", holder="nobody yet", clock="1 h left, answer by 11:00")
        await t.passes(hours=1, seconds=1)
        assert await t.breaches() == [("response", "2026-11-23T11:00")]
        t.looks_away()


async def test_the_card_shows_the_clock_that_matters_next() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        t.card_shows(clock="1 h left, answer by 11:00", bar="░░░░░░░░░░", urgency=0)
        await t.passes(minutes=20)
        t.card_shows(clock="40 min left, answer by 11:00", bar="▓▓▓░░░░░░░")
        await t.types("Ada", "ack")
        t.card_shows(clock="8 h left, resolution by 18:00", bar="░░░░░░░░░░", holder="Ada")
        await t.until("2026-11-23T14:00")
        t.card_shows(clock="4 h left, resolution by 18:00", bar="▓▓▓▓▓░░░░░", urgency=0)
        await t.until("2026-11-23T16:00")
        t.card_shows(clock="2 h left, resolution by 18:00", bar="▓▓▓▓▓▓▓░░░", urgency=1)
        await t.until("2026-11-23T18:05")
        t.card_shows(clock="5 min over, resolution was due 18:00", bar="▓▓▓▓▓▓▓▓▓▓", urgency=3)
        t.looks_away()


async def test_why_tells_both_times() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T22:00") as t:
        await t.reports(*HEADSET)
        assert await t.types("Ada", "why") == (
            "Why IHD-1001 is due when it is:\n"
            "Answer\nMon 23 Nov 22:00-23:00: 1 h count\ndue: Mon 23 Nov 23:00 (1h)\n"
            "Solution\nMon 23 Nov 22:00-24:00: 2 h count\nTue 24 Nov 00:00-06:00: 6 h count\n"
            "due: Tue 24 Nov 06:00 (8h)\n\n"
            "Nobody was paged. The policy pages nobody for Medium at that hour (office hours).\n"
            "No after-hours rule is about it: the severity itself pages nobody."
        )


# ---------------------------------------------------------------- who else sets what
async def test_an_engineer_lowers_the_severity_and_the_page_stops() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T03:00") as t:
        await t.reports(*OUTAGE)
        t.world.look_away()
        assert await t.types("Ada", "severity medium") == "Done: IHD-1001 is Medium."
        (told, *advice) = t.world.texts("whatsapp")
        assert told == (
            "Ada set IHD-1001 to Medium. An engineer answers you here by 04:00 (in 1 h). "
            "It is to be solved by 11:00."
        )
        t.card_shows(severity="Medium", paging="", clock="1 h left, answer by 04:00")
        t.looks_away()
        await t.passes(minutes=20)
        t.paged()
        changed = [e for e in await t.world.events("IHD-1001") if isinstance(e, ev.SeveritySet)][-1]
        assert (changed.previous, changed.severity, changed.how) == ("critical", "medium", How.CHANGED)
        assert all("To read" in text or "try meanwhile" in text for text in advice)


async def test_status_tells_both_times_and_then_who_has_it() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.says("status")
        t.sees(
            "IHD-1001 (Medium): waiting for an engineer, answer by 11:00 (in 1 h), solved by 18:00",
        )
        await t.types("Ada", "ack")
        t.looks_away()
        await t.says("status")
        t.sees("IHD-1001 (Medium): Ada has it, solved by 18:00")


async def test_only_an_engineer_acknowledges() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T03:00") as t:
        await t.reports(*OUTAGE)
        await t.says("ack")
        t.card_shows(holder="nobody yet", status="new")
        t.desk_sees("Thandi: ack")
        await t.world.says("U0STRANGER", "ack", via="slack", place=DESK, thread=t.world.thread())
        t.card_shows(holder="nobody yet")
        await t.world.says(ADA, "ack", via="slack", place=DESK, thread=t.world.thread())
        t.card_shows(holder="Ada")
        t.looks_away()
