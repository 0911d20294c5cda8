"""managed-it: what a customer says while a ticket is open, and how urgent it is then."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain import events as ev
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
WORSE = (
    "This sounds worse. Should MIT-1001 be Emergency now? With yes or urgent we call the engineer on standby."
)


# ---------------------------------------------------------------- a number
async def test_a_bare_number_is_a_severity_while_nobody_has_the_ticket() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(PRINTER, "3")
        await t.says("1")
        t.sees(f"MIT-1001 is now Emergency. {CALLING}An engineer answers you here by 11:00 (in 1 h).")
        t.paged("Ada")
        t.looks_away()


@pytest.mark.parametrize("number", ["1", "2", "1."])
async def test_a_bare_number_is_an_answer_to_the_engineer_who_has_the_ticket(number: str) -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(PRINTER, "3")
        await t.answers("Ada", "How many of you are affected?")
        t.looks_away()
        await t.says(number)
        t.sees()
        t.desk_sees(f"Naledi: {number}")
        t.paged()
        t.card_shows(severity="Normal", holder="Ada")


# ---------------------------------------------------------------- it got worse
@pytest.mark.parametrize("answer", ["yes", "Yes, please", "1", "urgent"])
async def test_what_sounds_worse_is_asked_about_and_raised_with_a_yes(answer: str) -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(PRINTER, "3")
        await t.answers("Ada", "Is it switched on?")
        t.looks_away()
        await t.says("Now the server is down and nobody can work")
        t.sees(WORSE)
        t.desk_sees("Naledi: Now the server is down and nobody can work")
        t.card_shows(severity="Normal")
        t.paged()

        await t.says(answer)
        t.sees(f"MIT-1001 is now Emergency. {CALLING}An engineer answers you here by 11:00 (in 1 h).")
        t.paged("Ada")
        t.card_shows(severity="Emergency", urgency=2)
        t.looks_away()


async def test_what_only_sounds_worse_stays_as_it_is_with_a_no() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(PRINTER, "3")
        await t.says("The print server is down, I think")
        t.sees(WORSE)
        await t.says("No, wait")
        t.paged()
        t.card_shows(severity="Normal")
        t.looks_away()


async def test_urgent_on_an_emergency_that_somebody_has_reaches_that_engineer() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(SERVER, "1")
        await t.types("Ada", "ack")
        t.looks_away()
        await t.says("urgent")
        t.sees("The team knows that MIT-1001 is urgent for you.")
        t.desk_sees("Naledi: urgent", "@Ada @Grace 🟠 The customer says that it is urgent.")
        t.paged()
        await t.says("urgent the shop is closed now")
        t.sees("The team knows that MIT-1001 is urgent for you.")
        t.desk_sees("Naledi: the shop is closed now", "@Ada @Grace 🟠 The customer says that it is urgent.")


async def test_urgent_on_a_resolved_emergency_opens_it_again_and_pages() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(SERVER, "1")
        await t.types("Ada", "resolve It runs again.")
        t.looks_away()
        await t.passes(minutes=30)
        await t.says("urgent it is down again")
        t.paged("Ada")
        t.card_shows(status="new", over=False, severity="Emergency")
        assert any(text.startswith("MIT-1001 is open again. " + CALLING) for text in t.read())
        t.looks_away()


async def test_urgent_on_a_resolved_request_opens_it_again_as_an_emergency() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(PRINTER, "3")
        await t.types("Ada", "resolve It prints.")
        t.looks_away()
        await t.says("urgent")
        t.paged("Ada")
        t.card_shows(status="new", over=False, severity="Emergency", urgency=2)
        assert (
            f"MIT-1001 is now Emergency. {CALLING}An engineer answers you here by 11:00 (in 1 h)." in t.read()
        )
        t.looks_away()


# ---------------------------------------------------------------- a VIP
async def test_a_vip_who_says_low_gets_high() -> None:
    async with talk(POLICY, at="2026-11-23T10:00") as t:
        await t.says("A quote for a new laptop, please")
        t.looks_away()
        await t.says("4")
        t.sees("MIT-1001 is set to High. An engineer answers you here by 12:00 (in 2 h).")
        t.desk_sees("The customer says High. Answer by 12:00 (in 2 h).")
        t.card_shows(severity="High")


async def test_an_engineer_does_not_lower_a_vip() -> None:
    async with talk(POLICY, at="2026-11-23T10:00") as t:
        await t.reports(PRINTER, "2")
        assert await t.types("Ada", "severity normal") == "MIT-1001 is of a VIP: it is at least High."
        t.sees()
        t.desk_sees()
        t.card_shows(severity="High")
        assert await t.types("Ada", "severity emergency") == "Done: MIT-1001 is Emergency."
        assert await t.types("Ada", "severity high") == "Done: MIT-1001 is High."
        t.looks_away()


# ---------------------------------------------------------------- two tickets that are one
async def test_two_tickets_become_one() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(PRINTER, "3")
        await t.reports("new: The printer on the second floor too", "3")
        said = await t.types("Ada", "merge into MIT-1001")
        assert said == "Done: MIT-1002 goes on as MIT-1001."
        t.sees("MIT-1002 and MIT-1001 are the same thing, so we go on with MIT-1001 for both.")
        t.looks_away()
        await t.passes(hours=8)
        assert await t.breaches() == [], "its clocks ended with the merge"
        t.looks_away()


async def test_the_more_urgent_ticket_is_the_one_that_is_kept() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(PRINTER, "3")
        await t.reports(f"new: {SERVER}", "1")
        before = await written(t)
        said = await t.types("Ada", "merge into MIT-1001")
        assert said == "MIT-1002 is more urgent: merge MIT-1001 into it."
        t.sees()
        t.desk_sees()
        assert await written(t) == before
        t.card_shows(paging="Paging Ada (step 1 of 1)")
        assert await t.world.commands("U0ADA", "merge MIT-1001 into MIT-1002") == (
            "Done: MIT-1001 goes on as MIT-1002."
        )
        t.looks_away()


@pytest.mark.parametrize(
    ("closed", "told"),
    [
        ("MIT-1001", "MIT-1001 is not open: merge into one that is."),
        ("MIT-1002", "MIT-1002 is closed; it can't be merged."),
    ],
)
async def test_what_is_closed_is_not_merged_and_nothing_is_written(closed: str, told: str) -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(PRINTER, "3")
        await t.reports("new: The printer on the second floor too", "3")
        await t.world.commands("U0ADA", f"close {closed}")
        t.looks_away()
        before = await written(t)
        assert await t.types("Ada", "merge into MIT-1001") == told
        t.sees()
        t.desk_sees()
        assert await written(t) == before


async def written(t: Talk) -> list[ev.Event]:
    """What the log holds of both tickets."""
    return [e for id in ("MIT-1001", "MIT-1002") for e in await t.world.events(id)]


# ---------------------------------------------------------------- an email address
async def test_an_email_that_was_told_once_is_remembered() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", customer="sipho") as t:
        await t.reports(PRINTER, "3")
        await t.says("sipho@acme.example")
        await t.types("Ada", "resolve It prints.")
        await t.says("close")
        t.looks_away()
        await t.says("My screen stays dark")
        await t.says("3")
        assert not any("email" in text for text in t.read())
        assert not any("email" in line for line in t.read("desk"))
        t.card_shows(customer="Sipho, Acme Clinics")
