"""tiered-support: Monday to Friday 08:00-18:00 in Phnom Penh, weekend mornings for what is critical or high, three tiers."""

from __future__ import annotations

import pytest

from tests.fakes.dialogue import talk

POLICY = "tiered-support"
CONNECTION = "The connection drops every few minutes, we are all blocked"
INVOICE = "An invoice has the wrong address"
DATABASE = "The database server crashed and does not come back"
CALLING = "We are calling the engineer on standby now. "
NOT_NOW = "The desk is closed for this kind of request now. It is in the queue and its time counts on business days."
STEPS = (
    "What you can try meanwhile:\n1. Close the program and open it again.\n"
    "2. Restart the device, and the router where the connection is bad.\n"
    "3. Write down the error message and what you did just before it.\n\n"
    "To read: What to tell us about an error: https://help.example/report-an-error"
)
ASKED = (
    "Ticket TSP-1001 is open. This looks like {severity} ({meaning}).\n\n"
    "How urgent is it? Answer with a number:\n1 Critical\n2 High\n3 Medium\n4 Low\n\n"
    "No answer by {until} (in 1 min): we treat it as {severity}."
)


# ---------------------------------------------------------------- opening
async def test_a_high_request_in_office_hours_rings_nobody_and_comes_with_advice() -> None:
    async with talk(POLICY, at="2026-12-01T09:00") as t:
        await t.says(CONNECTION)
        t.sees(
            ASKED.format(severity="High", meaning="Urgent, and much of the work is disrupted", until="09:01")
        )
        await t.says("2")
        t.sees("TSP-1001 is set to High. An engineer answers you here by 13:00 (in 4 h).", STEPS)
        t.desk_sees("The customer says High. Answer by 13:00 (in 4 h).")
        t.card_shows(clock="4 h left, answer by 13:00", facts=("Technical",), urgency=0)
        t.paged()
        await t.answers("Ada", "We look at the line")
        t.sees("Ada (TSP-1001): We look at the line")
        t.desk_sees("✅ Ada has it (Slack).")
        t.card_shows(clock="answered in time")


async def test_what_is_critical_at_night_rings_and_comes_without_advice() -> None:
    async with talk(POLICY, at="2026-12-01T02:00", via="slack") as t:
        await t.says("Somebody hacked our accounts")
        t.sees(
            ASKED.format(
                severity="Critical",
                meaning="A breach of security, or of rules that must be kept",
                until="02:01",
            )
        )
        await t.taps("sev", "critical")
        t.sees(f"TSP-1001 is set to Critical. {CALLING}An engineer answers you here by 03:00 (in 1 h).")
        t.paged("Ada")
        t.card_shows(urgency=2, clock="1 h left, answer by 03:00", facts=("Security and compliance",))
        t.looks_away()


async def test_what_is_high_at_night_rings_because_its_hours_run_on() -> None:
    async with talk(POLICY, at="2026-12-01T22:00") as t:
        await t.says(CONNECTION)
        t.looks_away()
        await t.says("2")
        t.sees(f"TSP-1001 is set to High. {CALLING}An engineer answers you here by tomorrow 02:00 (in 4 h).")
        t.paged("Ada")
        t.card_shows(clock="4 h left, answer by tomorrow 02:00")
        t.looks_away()


async def test_what_is_medium_at_night_is_queued() -> None:
    async with talk(POLICY, at="2026-12-01T22:00", via="telegram") as t:
        await t.says(INVOICE)
        t.looks_away()
        await t.taps("sev", "medium")
        t.sees(
            "TSP-1001 is set to Medium. An engineer answers you here by tomorrow 22:00. "
            f"The desk opens again tomorrow 08:00. If it gets worse before, write urgent.\n{NOT_NOW}"
        )
        t.desk_sees("The customer says Medium. Answer by tomorrow 22:00.")
        t.paged()
        t.card_shows(clock="1 d left, answer by tomorrow 22:00")


async def test_at_the_water_festival_medium_stands_still_until_it_is_over() -> None:
    async with talk(POLICY, at="2026-11-23T10:00") as t:
        await t.says(INVOICE)
        t.looks_away()
        await t.says("3")
        (told,) = [s.text for s in t.world.seen("whatsapp")][-1:]
        assert "The desk opens again Thursday 08:00." in told and NOT_NOW in told
        t.card_shows(
            clock="1 d left, answer by Thursday 24:00; stands still, counts again Thursday 00:00",
            bar="░░░░░░░░░░",
        )
        t.paged()
        t.looks_away()
        await t.until("2026-11-25T23:59")
        t.card_shows(clock="1 d left, answer by tomorrow 24:00; stands still, counts again tomorrow 00:00")
        await t.until("2026-11-26T08:00")
        t.card_shows(clock="16 h left, answer by 24:00", bar="▓▓▓░░░░░░░")


async def test_on_peace_day_what_is_high_rings() -> None:
    async with talk(POLICY, at="2026-12-29T10:00") as t:
        await t.says(CONNECTION)
        t.looks_away()
        await t.says("2")
        t.sees(f"TSP-1001 is set to High. {CALLING}An engineer answers you here by 14:00 (in 4 h).")
        t.paged("Ada")
        t.looks_away()


# ---------------------------------------------------------------- the weekend
@pytest.mark.parametrize("hour", ["10:00", "15:00"])
@pytest.mark.parametrize(("answer", "label", "length"), [("1", "Critical", 1), ("2", "High", 4)])
async def test_on_saturday_what_is_critical_or_high_rings(
    hour: str, answer: str, label: str, length: int
) -> None:
    async with talk(POLICY, at=f"2026-12-05T{hour}") as t:
        due = f"{int(hour[:2]) + length}:00"
        await t.says(DATABASE)
        t.looks_away()
        await t.says(answer)
        t.sees(f"TSP-1001 is set to {label}. {CALLING}An engineer answers you here by {due} (in {length} h).")
        t.paged("Ada")
        t.card_shows(clock=f"{length} h left, answer by {due}", urgency=2)
        t.looks_away()


@pytest.mark.parametrize("hour", ["10:00", "15:00"])
async def test_on_saturday_what_is_medium_waits_for_monday(hour: str) -> None:
    async with talk(POLICY, at=f"2026-12-05T{hour}") as t:
        await t.says(INVOICE)
        t.looks_away()
        await t.says("3")
        (told,) = [s.text for s in t.world.seen("whatsapp")][-1:]
        assert told.startswith("TSP-1001 is set to Medium.")
        assert "The desk opens again Monday 08:00. If it gets worse before, write urgent." in told
        assert told.endswith(NOT_NOW)
        t.paged()
        t.looks_away()
        t.card_shows(
            clock="1 d left, answer by Monday 24:00; stands still, counts again Monday 00:00", urgency=0
        )
        await t.until("2026-12-06T10:00")
        t.card_shows(clock="1 d left, answer by tomorrow 24:00; stands still, counts again tomorrow 00:00")
        await t.until("2026-12-07T08:00")
        t.card_shows(clock="16 h left, answer by 24:00")


async def test_a_queued_request_that_gets_worse_rings_on_saturday() -> None:
    async with talk(POLICY, at="2026-12-05T15:00") as t:
        await t.reports(INVOICE, "3")
        await t.says("urgent We lose orders by the minute")
        t.sees(f"TSP-1001 is now Critical. {CALLING}An engineer answers you here by 16:00 (in 1 h).")
        t.paged("Ada")
        t.looks_away()


# ---------------------------------------------------------------- the tiers
async def test_what_is_left_unanswered_goes_up_tier_by_tier() -> None:
    async with talk(POLICY, at="2026-12-01T09:00") as t:
        await t.reports(CONNECTION, "2")
        await t.until("2026-12-01T11:00")
        t.desk_sees("@Ada @Grace ⏳ Answer: 50 % of the time is used up. Due by 13:00 (in 2 h).")
        t.card_shows(clock="2 h left, answer by 13:00", bar="▓▓▓▓▓░░░░░", facts=("Technical",))
        await t.until("2026-12-01T12:00")
        t.desk_sees("@Ada @Grace ⏳ Answer: 75 % of the time is used up. Due by 13:00 (in 1 h).")
        t.card_shows(urgency=1)
        await t.until("2026-12-01T12:36")
        t.desk_sees("@Ada @Grace @Lin ⏳ Answer: 90 % of the time is used up. Due by 13:00 (in 24 min).")

        await t.until("2026-12-01T13:01")
        t.desk_sees(
            "@Lin ⬆️ Answer: the time is used up: this is with tier 2 now.",
            "@Lin 🔴 Answer: the time ran out (13:00).",
        )
        t.card_shows(
            clock="1 min over, answer was due 13:00", facts=("Technical", "tier 2"), urgency=3, bar="▓" * 10
        )
        await t.until("2026-12-01T16:59")
        t.desk_sees()
        await t.until("2026-12-01T17:00")
        t.desk_sees("@Max ⬆️ Answer, 200 % of the time: this is with tier 3 now.")
        t.card_shows(facts=("Technical", "tier 3"), clock="4 h over, answer was due 13:00")
        assert await t.breaches() == [("response", "2026-12-01T13:00")]
        t.sees()
        await t.passes(days=2)  # nobody is above tier 3


async def test_an_answer_keeps_it_in_its_tier() -> None:
    async with talk(POLICY, at="2026-12-01T09:00") as t:
        await t.reports(CONNECTION, "2")
        await t.until("2026-12-01T12:59")
        t.looks_away()
        await t.answers("Grace", "We are on it")
        t.sees("Grace (TSP-1001): We are on it")
        t.desk_sees("✅ Grace has it (Slack).")
        await t.passes(days=2)
        t.card_shows(facts=("Technical",), clock="answered in time")
        assert await t.breaches() == []


async def test_tiers_that_came_due_while_the_bot_was_down() -> None:
    async with talk(POLICY, at="2026-12-01T09:00") as t:
        await t.reports(CONNECTION, "2")
        await t.down_until("2026-12-01T18:00")
        lines = [s.text for s in t.world.seen("slack")]
        assert "@Max ⬆️ Answer, 200 % of the time: this is with tier 3 now." in lines
        assert not any("%" in line and "⏳" in line for line in lines), "what is over needs no warning"
        t.card_shows(facts=("Technical", "tier 3"), clock="5 h over, answer was due 13:00")
        assert await t.breaches() == [("response", "2026-12-01T13:00")]
        t.looks_away()


# ---------------------------------------------------------------- what it is about
@pytest.mark.parametrize(
    ("words", "severity", "meaning", "category"),
    [
        ("We were charged twice on this invoice", "High", "A billing matter that is urgent", "Billing"),
        (INVOICE, "Medium", "A billing matter that can wait a day", "Billing"),
        (
            DATABASE,
            "Critical",
            "A failure of infrastructure hits services",
            "Infrastructure and maintenance",
        ),
        (
            "Is there a security patch for the vulnerability of last week?",
            "High",
            "A security patch or an assessment of risk that is urgent",
            "Security and compliance",
        ),
        ("The app shows an error message", "Medium", "Important, but the work goes on", "Technical"),
    ],
)
async def test_a_severity_means_what_its_category_says(
    words: str, severity: str, meaning: str, category: str
) -> None:
    async with talk(POLICY, at="2026-12-01T09:00") as t:
        await t.says(words)
        t.sees(ASKED.format(severity=severity, meaning=meaning, until="09:01"))
        t.card_shows(severity=f"{severity} (proposed)", facts=(category,))


async def test_an_engineer_changes_what_it_is_about() -> None:
    async with talk(POLICY, at="2026-12-01T09:00") as t:
        await t.reports("We were charged twice on this invoice", "2")
        await t.clicks("Ada", "category")
        t.told(Ada="What is TSP-1001 about? technical, billing, infrastructure, security")
        await t.clicks("Ada", "category", "technical")
        t.desk_sees("Ada set the category to Technical. Due by 13:00 (in 4 h).")
        t.card_shows(facts=("Technical",), clock="4 h left, answer by 13:00")
        t.sees()  # nothing changes for the customer
