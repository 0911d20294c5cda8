"""managed-it: office hours in Johannesburg, Monday to Friday 08:30-17:00, and an engineer on standby for emergencies."""

from __future__ import annotations

from typing import Any

from tests.builders import contact
from tests.fakes.dialogue import Talk, talk

POLICY = "managed-it"
NALEDI: dict[str, Any] = {
    "customer": "naledi",
    "contacts": (contact("naledi", "Naledi", "+27115550300", identities={"slack": "U0NALEDI"}),),
}
"""A customer with an email, who is no VIP."""

SERVER = "Our mail server is down, nobody can work"
PRINTER = "My printer does nothing"

CALLING = "We are calling the engineer on standby now. "
CHARGED = (
    "The desk is closed now, and in your plan calling an engineer out is charged. "
    "Shall we call the engineer on standby?\n1 Yes, call now\n2 No, wait until tomorrow 08:30\n\n"
)


# ---------------------------------------------------------------- opening
async def test_an_emergency_in_office_hours_is_not_charged_and_rings_a_phone() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", plan="standard") as t:
        await t.says(SERVER)
        t.sees(
            "Ticket MIT-1001 is open. This looks like Emergency "
            "(Many people can't work and the business itself is at a standstill).\n\n"
            "How urgent is it? Answer with a number:\n1 Emergency\n2 High\n3 Normal\n4 Low\n\n"
            "No answer by 10:01 (in 1 min): we treat it as Emergency."
        )
        await t.says("1")
        t.sees(f"MIT-1001 is set to Emergency. {CALLING}An engineer answers you here by 11:00 (in 1 h).")
        t.paged("Ada")
        t.card_shows(clock="1 h left, answer by 11:00", urgency=2, customer="Thandi, Acme Clinics · VIP")
        t.looks_away()

        await t.answers("Ada", "We restart it, ten minutes")
        t.sees("Ada (MIT-1001): We restart it, ten minutes")
        t.desk_sees("✅ Ada has it (Slack).")
        t.told(Ada="✅ You have MIT-1001 (Acme Clinics).")
        t.card_shows(clock="answered in time", paging="", holder="Ada")


async def test_a_request_after_hours_is_queued_and_rings_nobody() -> None:
    async with talk(POLICY, at="2026-11-23T20:00", plan="standard", **NALEDI) as t:
        await opened_when_closed(t, "by tomorrow 10:30", "tomorrow 08:30")
        t.card_shows(
            clock="2 h left, answer by tomorrow 10:30; stands still, opens again tomorrow 08:30", urgency=0
        )
        await t.until("2026-11-24T08:29")
        t.paged()


async def opened_when_closed(t: Talk, by: str, reopens: str) -> None:
    await t.says("Several of us have no VPN")
    t.looks_away()
    await t.taps("sev", "high")
    t.sees(
        f"MIT-1001 is set to High. An engineer answers you here {by}. "
        f"The desk opens again {reopens}. If it gets worse before, write urgent.\n"
        "The desk is closed now and answers when it opens. If many people can't work, say that it is an "
        "emergency: then an engineer is called."
    )
    t.desk_sees(f"The customer says High. Answer {by}.")


async def test_reconciliation_day_is_a_holiday_on_telegram() -> None:
    async with talk(POLICY, at="2026-12-16T10:00", plan="standard", via="telegram") as t:
        await opened_when_closed(t, "by tomorrow 10:30", "tomorrow 08:30")


async def test_a_holiday_that_falls_on_a_sunday_is_kept_on_monday() -> None:
    async with talk(POLICY, at="2027-03-19T18:00", plan="standard", **NALEDI) as t:
        await opened_when_closed(t, "by Tuesday 10:30", "Tuesday 08:30")


async def test_an_emergency_on_a_holiday_is_charged_too() -> None:
    async with talk(POLICY, at="2026-12-16T10:00", plan="standard", via="slack") as t:
        await t.says(SERVER)
        t.looks_away()
        await t.taps("sev", "emergency")
        t.sees(
            "MIT-1001 is set to Emergency. An engineer answers you here by 11:00 (in 1 h).",
            f"{CHARGED}No answer by 10:01 (in 1 min): we call, to be on the safe side.",
        )
        t.paged()
        await t.taps("consent", "yes")
        t.paged("Ada")
        t.looks_away()


# ---------------------------------------------------------------- who writes
async def test_a_known_contact_without_an_email_is_asked_after_the_promise() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", plan="standard", customer="sipho") as t:
        await t.says(PRINTER)
        t.desk_sees("Of this contact we have no email; they are asked for it.")
        t.sees(
            "Ticket MIT-1001 is open. This looks like Normal "
            "(One person, or only a few, can't work as they should).\n\n"
            "How urgent is it? Answer with a number:\n1 Emergency\n2 High\n3 Normal\n4 Low\n\n"
            "No answer by 10:01 (in 1 min): we treat it as Normal."
        )
        await t.says("3")
        t.sees(
            "MIT-1001 is set to Normal. An engineer answers you here by 14:00 (in 4 h).\n\n"
            "We have no email address of yours. Please send it here."
        )
        t.desk_sees("The customer says Normal. Answer by 14:00 (in 4 h).")

        await t.says("sipho@acme")
        t.sees("That is no email address. Please write it as name@example.com.")
        t.desk_sees()
        await t.says("sipho@acme.example")
        t.sees("Thank you, Sipho. It is noted on MIT-1001.")
        t.desk_sees("The customer is Sipho, sipho@acme.example (as they say).")


async def test_an_emergency_is_not_held_up_by_a_missing_email() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", plan="premium", customer="sipho") as t:
        await t.says(SERVER)
        t.looks_away()
        await t.says("1")
        t.sees(
            f"MIT-1001 is set to Emergency. {CALLING}An engineer answers you here by 11:00 (in 1 h).\n\n"
            "We have no email address of yours. Please send it here."
        )
        t.paged("Ada")
        t.looks_away()


async def test_what_a_vip_reports_looks_at_least_high() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", plan="standard") as t:
        await t.says(PRINTER)
        t.card_shows(severity="High (proposed)", customer="Thandi, Acme Clinics · VIP")
        t.looks_away()
        await t.passes(minutes=1)
        t.sees("We treat MIT-1001 as High. An engineer answers you here by 12:00 (in 1 h 59 min).")
        t.desk_sees("No word from the customer: High stands. Answer by 12:00 (in 1 h 59 min).")
    async with talk(POLICY, at="2026-11-23T10:00", plan="standard", **NALEDI) as t:
        await t.says(PRINTER)
        t.card_shows(severity="Normal (proposed)", customer="Naledi, Acme Clinics")
        t.looks_away()


# ---------------------------------------------------------------- the aim and the promise
async def test_the_aim_warns_the_team_and_the_promise_is_told_to_the_customer() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", plan="standard", **NALEDI) as t:
        await t.says(PRINTER)
        t.looks_away()
        await t.says("3")
        t.sees("MIT-1001 is set to Normal. An engineer answers you here by 14:00 (in 4 h).")
        t.desk_sees("The customer says Normal. Answer by 14:00 (in 4 h).")

        await t.until("2026-11-23T12:00")
        t.desk_sees("@Ada @Grace 🟡 Answer: the aim has passed. Promised by 14:00 (in 2 h).")
        await t.until("2026-11-23T13:00")
        t.desk_sees("@Ada @Grace ⏳ Answer: 75 % of the time is used up. Due by 14:00 (in 1 h).")
        await t.until("2026-11-23T13:36")
        t.desk_sees("@Ada @Grace @Lin ⏳ Answer: 90 % of the time is used up. Due by 14:00 (in 24 min).")
        await t.until("2026-11-23T14:10")
        t.desk_sees("@Ada @Grace @Lin 🔴 Answer: the time ran out (14:00).")
        t.card_shows(clock="10 min over, answer was due 14:00", urgency=3, bar="▓▓▓▓▓▓▓▓▓▓")
        assert await t.breaches() == [("response", "2026-11-23T14:00")]
        t.sees()


async def test_a_request_late_in_the_day_is_answered_the_next_morning() -> None:
    async with talk(POLICY, at="2026-11-27T16:00", plan="standard", **NALEDI) as t:
        await t.says(PRINTER)
        t.looks_away()
        await t.says("3")
        t.sees("MIT-1001 is set to Normal. An engineer answers you here by Monday 11:30.")
        t.desk_sees("The customer says Normal. Answer by Monday 11:30.")
        t.card_shows(clock="4 h left, answer by Monday 11:30")
        await t.until("2026-11-28T12:00")
        t.card_shows(clock="3 h left, answer by Monday 11:30; stands still, opens again Monday 08:30")


async def test_a_breach_while_the_bot_was_down_is_recorded_at_its_instant() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", plan="standard", **NALEDI) as t:
        await t.reports(PRINTER, "3")
        await t.down_until("2026-11-24T09:00")
        t.desk_sees("@Ada @Grace @Lin 🔴 Answer: the time ran out (yesterday 14:00).")
        assert await t.breaches() == [("response", "2026-11-23T14:00")]
        t.card_shows(clock="3 h 30 min over, answer was due yesterday 14:00")
