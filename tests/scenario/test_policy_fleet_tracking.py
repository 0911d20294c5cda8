"""fleet-tracking: a desk in Qatar, Sunday to Thursday 08:00-17:00, that answers with a solution or a plan."""

from __future__ import annotations

import pytest

from tests.fakes.dialogue import Talk, talk

POLICY = "fleet-tracking"
NO_ALERTS = "The geofence alerts don't come any more"


# ---------------------------------------------------------------- opening
async def test_a_critical_report_in_office_hours_rings_a_phone() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.says("The whole fleet is offline, no vehicle shows on the map")
        t.sees(
            "Ticket FLT-1001 is open. This looks like Critical (No useful work can be done).\n\n"
            "How urgent is it? Answer with a number:\n"
            "1 Critical\n2 High\n3 Medium\n4 Low\n5 Enhancement\n\n"
            "No answer by 09:01 (in 1 min): we treat it as Critical."
        )
        t.card_shows(severity="Critical (proposed)", status="new", holder="nobody yet")

        await t.says("1")
        t.sees(
            "FLT-1001 is set to Critical. We are calling the engineer on standby now. "
            "An engineer answers you here with a solution or a plan by 10:00 (in 1 h)."
        )
        t.paged("Ada")
        t.card_shows(
            severity="Critical",
            clock="1 h left, answer by 10:00",
            bar="░░░░░░░░░░",
            paging="Paging Ada (step 1 of 1)",
            urgency=2,
        )
        t.looks_away()  # the desk's lines are those of any page


async def test_a_high_report_rings_nobody() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.says(NO_ALERTS)
        t.sees(
            "Ticket FLT-1001 is open. This looks like High (A function is missing, or the system fails again "
            "and again).\n\nHow urgent is it? Answer with a number:\n"
            "1 Critical\n2 High\n3 Medium\n4 Low\n5 Enhancement\n\n"
            "No answer by 09:01 (in 1 min): we treat it as High."
        )
        await t.passes(minutes=1)
        t.sees(
            "We treat FLT-1001 as High. "
            "An engineer answers you here with a solution or a plan by 13:00 (in 3 h 59 min)."
        )
        t.desk_sees("No word from the customer: High stands. Answer by 13:00 (in 3 h 59 min).")
        t.paged()


async def test_after_hours_nobody_is_called_and_the_time_counts_from_the_opening() -> None:
    async with talk(POLICY, at="2026-11-23T22:00") as t:
        await t.says("The platform is down, nobody can log in")
        t.card_shows(urgency=0)
        t.looks_away()
        await t.says("1")
        t.sees(
            "FLT-1001 is set to Critical. "
            "An engineer answers you here with a solution or a plan by tomorrow 09:00. "
            "The desk opens again tomorrow 08:00.\n"
            "Our office is closed now. Your report is kept, and its response time counts from when we open."
        )
        t.desk_sees("The customer says Critical. Answer by tomorrow 09:00.")
        t.card_shows(
            clock="1 h left, answer by tomorrow 09:00; stands still, opens again tomorrow 08:00", paging=""
        )
        await t.until("2026-11-24T07:59")
        t.card_shows(clock="1 h left, answer by 09:00; stands still, opens again 08:00")
        t.paged()


async def test_friday_is_weekend_and_sunday_is_not() -> None:
    async with talk(POLICY, at="2026-11-27T10:00") as t:
        await opened_and_promised(t, "by Sunday 12:00", "Sunday 08:00")
    async with talk(POLICY, at="2026-11-29T08:00") as t:
        await t.says(NO_ALERTS)
        t.looks_away()
        await t.says("2")
        t.sees(
            "FLT-1001 is set to High. "
            "An engineer answers you here with a solution or a plan by 12:00 (in 4 h)."
        )
        t.desk_sees("The customer says High. Answer by 12:00 (in 4 h).")


async def opened_and_promised(t: Talk, by: str, reopens: str) -> None:
    await t.says(NO_ALERTS)
    t.looks_away()
    await t.taps("sev", "high")
    t.sees(
        f"FLT-1001 is set to High. An engineer answers you here with a solution or a plan {by}. "
        f"The desk opens again {reopens}.\n"
        "Our office is closed now. Your report is kept, and its response time counts from when we open."
    )
    t.desk_sees(f"The customer says High. Answer {by}.")
    t.card_shows(clock=f"4 h left, answer {by}; stands still, opens again {reopens}")


@pytest.mark.parametrize(
    ("at", "answer", "by"),
    [
        ("2026-11-26T10:00", "3", "by Sunday 10:00"),  # a Thursday: Medium is one business day
        ("2026-11-26T10:00", "4", "by Monday 10:00"),  # Low is two
        ("2026-11-26T16:30", "2", "by Sunday 11:30"),  # High is four office hours
    ],
)
async def test_business_days_skip_the_weekend(at: str, answer: str, by: str) -> None:
    async with talk(POLICY, at=at) as t:
        await t.says("The label on the settings page is wrong")
        t.looks_away()
        await t.says(answer)
        label = {"2": "High", "3": "Medium", "4": "Low"}[answer]
        t.sees(f"FLT-1001 is set to {label}. An engineer answers you here with a solution or a plan {by}.")
        t.desk_sees(f"The customer says {label}. Answer {by}.")


async def test_national_sports_day_is_a_holiday_on_telegram() -> None:
    async with talk(POLICY, at="2027-02-09T10:00", via="telegram") as t:
        await opened_and_promised(t, "by tomorrow 12:00", "tomorrow 08:00")


async def test_eid_closes_the_desk_for_days() -> None:
    async with talk(POLICY, at="2027-03-08T15:00") as t:
        await t.says(NO_ALERTS)
        t.looks_away()
        await t.says("2")
        t.sees(
            "FLT-1001 is set to High. An engineer answers you here with a solution or a plan by Sunday 10:00."
        )
        t.desk_sees("The customer says High. Answer by Sunday 10:00.")


# ---------------------------------------------------------------- the answer is a plan
async def test_neither_an_acknowledgement_nor_a_reply_is_an_answer_but_a_plan_is() -> None:
    async with talk(POLICY, at="2026-11-23T09:00", via="slack") as t:
        await t.says("Nobody can log in, the platform is down")
        await t.taps("sev", "critical")
        t.looks_away()

        await t.clicks("Ada", "ack")
        t.sees("Ada has FLT-1001 now and is looking into it. You hear from Ada by 10:00 (in 1 h).")
        t.told(Ada="✅ You have FLT-1001 (Acme Clinics).")
        t.card_shows(clock="1 h left, answer by 10:00", holder="Ada", status="in work")

        await t.answers("Ada", "We see it here as well")
        t.sees("Ada (FLT-1001): We see it here as well")
        await t.passes(minutes=15)
        t.card_shows(clock="45 min left, answer by 10:00")

        await t.fills("Ada", "plan", text="We restart the gateway now", more="Keep the trackers powered")
        t.sees(
            "Ada (FLT-1001) has a plan:\nWe restart the gateway now\n\n"
            "What we need from you:\nKeep the trackers powered"
        )
        t.desk_sees(
            "✅ Ada has it (Slack).",
            "📋 Ada gave the customer a plan: We restart the gateway now\nKeep the trackers powered",
        )
        t.card_shows(clock="answered in time")
        await t.passes(hours=2)
        assert await t.breaches() == []


async def test_a_plan_as_a_command_says_both_sides() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.reports(NO_ALERTS, "2")
        said = await t.types("Ada", "plan we: reinstall the geofences today; you: send us their list")
        assert said == "Done: FLT-1001 has a plan, and the customer knows it."
        t.sees(
            "Ada (FLT-1001) has a plan:\nreinstall the geofences today\n\n"
            "What we need from you:\nsend us their list"
        )
        t.card_shows(clock="answered in time", holder="Ada")
        t.looks_away()


async def test_a_resolution_is_an_answer() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.reports(NO_ALERTS, "2")
        await t.passes(minutes=90)
        assert await t.types("Ada", "resolve The rules are back.") == "Done: FLT-1001 is resolved."
        t.sees(
            "Ada says FLT-1001 is resolved.\nThe rules are back.\n"
            "If it is not, just answer here and it is open again."
        )
        t.desk_sees("✅ Ada resolved it. The rules are back.")
        t.card_shows(clock="answered in time", status="resolved", over=True)
        await t.taps("works")
        t.sees("FLT-1001 is closed. Thank you. Write here whenever you need us.")
        t.desk_sees("Thandi closed it.")


# ---------------------------------------------------------------- versions
async def test_a_version_out_of_support_is_told_to_both_sides_by_the_words() -> None:
    async with talk(POLICY, at="2026-11-23T09:00", version="6.1") as t:
        await t.says(f"We still have version 4.2 in one branch. {NO_ALERTS}")
        question, notice = t.read()
        assert question.startswith("Ticket FLT-1001 is open.")
        assert notice == (
            "Version 4 of Tracking platform is out of support: errors are corrected in versions 6, 5 only. "
            "An engineer looks at it all the same."
        )
        t.desk_sees("The customer runs version 4, which is out of support.")
        t.card_shows(facts=("version 4, out of support",))
        t.looks_away()
        await t.says("2")
        t.sees(
            "FLT-1001 is set to High. "
            "An engineer answers you here with a solution or a plan by 13:00 (in 4 h)."
        )
        t.looks_away()


async def test_a_version_out_of_support_is_told_to_both_sides_by_the_organisation() -> None:
    async with talk(POLICY, at="2026-11-23T09:00", version="4.9") as t:
        await t.says(NO_ALERTS)
        said = [s.text for s in t.world.channels["whatsapp"].sent]
        assert any(text.startswith("Version 4 of Tracking platform is out of support") for text in said)
        t.desk_sees("The customer runs version 4, which is out of support.")
        t.card_shows(facts=("version 4, out of support",))
        t.looks_away()


async def test_a_supported_version_is_only_shown_to_the_engineer() -> None:
    for version, fact in (
        ("5.3", ("version 5",)),
        ("6.0", ("version 6",)),
        ("7.0", ("version 7",)),
        ("", ()),
    ):
        async with talk(POLICY, at="2026-11-23T09:00", version=version) as t:
            await t.says(NO_ALERTS)
            t.card_shows(facts=fact)
            t.desk_sees()
            assert len(t.world.channels["whatsapp"].sent) == 1, "the question only"
            t.looks_away()
