"""tiered-support: what is not covered, and how it was."""

from __future__ import annotations

from tests.fakes.dialogue import talk

POLICY = "tiered-support"
BATTERY = "The battery of my laptop does not hold any more"
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


# ---------------------------------------------------------------- what is not covered
async def test_what_sounds_excluded_is_said_and_an_engineer_decides() -> None:
    async with talk(POLICY, at="2026-12-01T09:00", plan="standard") as t:
        await t.says(BATTERY)
        question, notice = t.read()
        assert question.startswith("Ticket TSP-1001 is open.")
        assert notice == (
            "This may be something that our support does not cover: Hardware. "
            "Please ask the maker or the shop about the repair. Hardware can be added to your plan. "
            "An engineer looks at it and tells you for sure."
        )
        t.desk_sees("This sounds like something that the support does not cover: Hardware.")
        t.card_shows(facts=("Technical", "maybe not covered: Hardware"))
        t.looks_away()
        await t.says("3")
        t.sees("TSP-1001 is set to Medium. An engineer answers you here by tomorrow 09:00.", STEPS)
        t.looks_away()

        await t.answers("Ada", "I look it up")
        t.looks_away()
        await t.clicks("Ada", "exclude")
        t.told(Ada="What of TSP-1001 is not covered? third-party, customisation, hardware")
        await t.clicks("Ada", "exclude", "hardware")
        t.sees(
            "Our support does not cover this (TSP-1001): Hardware. "
            "Please ask the maker or the shop about the repair. Hardware can be added to your plan.\n"
            "If you see it differently, just answer here."
        )
        (line,) = [s.text for s in t.world.seen("slack") if "🚫" in s.text]
        assert line.startswith("🚫 Ada: not covered by the support (Hardware).")
        t.card_shows(facts=("Technical", "not covered: Hardware"))
        t.looks_away()
        await t.passes(days=2)
        assert await t.breaches() == []

        await t.says("But the laptop is yours, we only rent it")
        t.desk_sees("Thandi: But the laptop is yours, we only rent it")
        await t.clicks("Ada", "exclude", "-")
        t.sees("TSP-1001 is covered after all, Ada goes on with it.")
        t.desk_sees("Ada: covered after all.")
        assert "not covered: Hardware" not in t.card.facts


async def test_hardware_is_covered_where_it_is_booked() -> None:
    async with talk(POLICY, at="2026-12-01T09:00", plan="hardware") as t:
        await t.says(BATTERY)
        t.sees(ASKED.format(severity="Medium", meaning="Important, but the work goes on", until="09:01"))
        t.desk_sees()
        t.card_shows(facts=("Technical",))


async def test_software_of_others_is_not_covered_whatever_is_booked() -> None:
    async with talk(POLICY, at="2026-12-01T09:00", plan="hardware") as t:
        await t.says("Photoshop shows an error message")
        t.desk_sees("This sounds like something that the support does not cover: Software of other makers.")
        t.card_shows(facts=("Technical", "maybe not covered: Software of other makers"))
        t.looks_away()


async def test_that_it_is_not_covered_is_an_answer() -> None:
    async with talk(POLICY, at="2026-12-01T09:00", plan="standard") as t:
        await t.reports(BATTERY, "3")
        t.card_shows(clock="1 d left, answer by tomorrow 09:00")
        await t.clicks("Ada", "exclude", "hardware")
        t.read()
        assert t.read("desk")[-1] == "🚫 Ada: not covered by the support (Hardware)."
        t.card_shows(clock="answered in time", holder="Ada")
        await t.says("status")
        t.sees("TSP-1001 (Medium): not covered by our support")
        await t.passes(days=5)
        assert await t.breaches() == []
        t.desk_sees()


# ---------------------------------------------------------------- the end
async def test_the_customer_is_asked_how_it_was() -> None:
    async with talk(POLICY, at="2026-12-01T09:00") as t:
        await t.reports("How do I change the language?", "4")
        await t.types("Ada", "resolve Settings, then Language.")
        t.sees(
            "Ada says TSP-1001 is resolved.\nSettings, then Language.\n"
            "If it is not, just answer here and it is open again."
        )
        t.looks_away()
        await t.taps("works")
        t.sees(
            "TSP-1001 is closed. Thank you. Write here whenever you need us.",
            "How was it with TSP-1001? Answer with a number, 1 (bad) to 5 (very good).",
        )
        t.desk_sees("Thandi closed it.")
        await t.says("5")
        t.sees("Thank you. That helps us to get better.")
        t.desk_sees("⭐ The customer gives it 5 of 5.")


async def test_it_is_open_again_when_the_customer_says_so_and_rated_at_its_end() -> None:
    async with talk(POLICY, at="2026-12-01T09:00", via="slack") as t:
        await t.says("How do I change the language?")
        await t.taps("sev", "low")
        await t.types("Ada", "resolve Settings, then Language.")
        t.looks_away()
        await t.says("There is no such menu here")
        t.card_shows(status="new", over=False)
        t.looks_away()
        await t.types("Ada", "resolve You need to be an administrator.")
        t.looks_away()
        await t.taps("works")
        t.looks_away()
        await t.taps("rate", "2")
        t.sees("Thank you. That helps us to get better.")
        t.desk_sees("⭐ The customer gives it 2 of 5.")


async def test_it_works_closes_it_and_asks_how_it_was() -> None:
    async with talk(POLICY, at="2026-12-01T09:00") as t:
        await t.reports("How do I change the language?", "4")
        await t.types("Ada", "resolve Settings, then Language.")
        t.looks_away()
        await t.says("It works")
        t.sees(
            "TSP-1001 is closed. Thank you. Write here whenever you need us.",
            "How was it with TSP-1001? Answer with a number, 1 (bad) to 5 (very good).",
        )
        t.desk_sees("Thandi closed it.")
