"""internal-helpdesk, as time goes by: who is paged and told, what is late, and what waits for the customer."""

from __future__ import annotations

import pytest

from tests.builders import DESK
from tests.fakes.dialogue import Talk, talk

HEADSET = ("My headset has no microphone", "3")
"""A medium ticket: answered within an hour, solved within eight."""
OUTAGE = ("The network is down in the whole building", "1")
"""A critical ticket: answered within five minutes, solved within the hour."""
EVERYONE = (
    "🔴 The chain is spent and nobody has it. Paging everyone: "
    "Ada (Slack, SMS), Grace (Slack, SMS), Lin (Slack), Max (Slack)."
)


def desk_lines(t: Talk) -> list[str]:
    """What the thread shows that is new, to be searched."""
    return t.world.texts("slack", DESK)


# ---------------------------------------------------------------- nobody answers
async def test_nobody_acknowledges_then_everyone_is_paged_until_somebody_does() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T03:00") as t:
        await t.reports(*OUTAGE)
        await t.until("2026-11-23T03:04:59")
        t.looks_away()
        await t.until("2026-11-23T03:05")
        t.paged("Ada", "Grace", "Lin", "Max")
        t.card_shows(paging="Paging everyone: Ada, Grace, Lin, Max", urgency=2)
        t.looks_away()
        for minute in (10, 15, 20):
            await t.until(f"2026-11-23T03:{minute}")
            t.paged("Ada", "Grace", "Lin", "Max")
            t.looks_away()
        await t.types("Grace", "ack")
        t.sees("Grace has IHD-1001 now and is looking into it.")
        nothing_to_do = "✅ Grace has IHD-1001 (Acme Clinics). Nothing to do."
        t.told(
            Ada=nothing_to_do,
            Grace="✅ You have IHD-1001 (Acme Clinics).",
            Lin=nothing_to_do,
            Max=nothing_to_do,
        )
        t.card_shows(paging="", holder="Grace")
        t.looks_away()
        await t.passes(minutes=9)
        t.paged()
        t.looks_away()


async def test_an_unanswered_ticket_is_told_louder_each_time() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00", customer="sipho") as t:
        await t.reports(*HEADSET)
        await t.until("2026-11-23T10:30")
        t.desk_sees("@Ada @Grace ⏳ Answer: 50 % of the time is used up. Due by 11:00 (in 30 min).")
        t.card_shows(clock="30 min left, answer by 11:00", bar="▓▓▓▓▓░░░░░", urgency=0)
        await t.until("2026-11-23T10:45")
        t.desk_sees("@Ada @Grace ⏳ Answer: 75 % of the time is used up. Due by 11:00 (in 15 min).")
        t.card_shows(urgency=1)
        await t.until("2026-11-23T10:54")
        t.desk_sees("@Ada @Grace @Lin ⏳ Answer: 90 % of the time is used up. Due by 11:00 (in 6 min).")
        await t.until("2026-11-23T11:00:01")
        lines = desk_lines(t)
        assert any("ran out" in line and "@Lin" in line for line in lines)
        assert "@Lin ⬆️ Answer: the time is used up: this is with tier 2 now." in lines
        t.card_shows(urgency=3, bar="▓▓▓▓▓▓▓▓▓▓", facts=("Computers and devices", "tier 2"))
        t.sees()
        t.paged()
        t.looks_away()


async def test_the_owner_hears_of_half_the_time_then_the_tiers_and_the_leads() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T03:00") as t:
        await t.reports(*OUTAGE)
        await t.types("Ada", "ack")
        await t.answers("Ada", "A switch has no power, I am on my way")
        t.looks_away()
        await t.until("2026-11-23T03:30")
        t.desk_sees("@Ada ⏳ Solution: 50 % of the time is used up. Due by 04:00 (in 30 min).")
        await t.until("2026-11-23T03:45")
        t.desk_sees(
            "@Ada @Lin ⏳ Solution: 75 % of the time is used up. Due by 04:00 (in 15 min).",
            "@Lin ⬆️ Solution, 75 % of the time: this is with tier 2 now.",
        )
        await t.until("2026-11-23T03:54")
        t.desk_sees("@Ada @Lin ⏳ Solution: 90 % of the time is used up. Due by 04:00 (in 6 min).")
        await t.until("2026-11-23T04:00:01")
        lines = desk_lines(t)
        assert "@Max @Lin ⬆️ Solution: the time is used up: this is with tier 3 now." in lines
        assert any("ran out" in line and "@Ada" in line and "@Lin" in line for line in lines)
        assert await t.breaches() == [("resolution", "2026-11-23T04:00")]
        t.sees()
        t.looks_away()


async def test_a_medium_ticket_is_left_with_its_tier_until_the_promise_is_broken() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.types("Ada", "ack")
        t.looks_away()
        await t.until("2026-11-23T16:00")
        t.desk_sees(
            "@Ada ⏳ Solution: 50 % of the time is used up. Due by 18:00 (in 4 h).",
            "@Ada @Grace ⏳ Solution: 75 % of the time is used up. Due by 18:00 (in 2 h).",
        )
        t.card_shows(facts=("Computers and devices",))


async def test_a_promise_used_up_to_the_last_second_is_kept() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.until("2026-11-23T10:59:59")
        await t.types("Ada", "ack")
        await t.until("2026-11-23T17:59:59")
        await t.types("Ada", "resolve A new headset is on your desk.")
        assert await t.breaches() == []
        t.card_shows(clock="solved in time")
        t.looks_away()


@pytest.mark.parametrize("back", ["2026-11-23T11:30", "2026-11-24T09:00"])
async def test_a_breach_is_recorded_at_its_instant_also_after_downtime(back: str) -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.down_until(back)
        breaches = await t.breaches()
        assert breaches[0] == ("response", "2026-11-23T11:00")
        assert breaches[1:] == ([("resolution", "2026-11-23T18:00")] if back > "2026-11-23T18" else [])
        assert any("ran out" in line for line in desk_lines(t))
        t.sees()
        t.card_shows(urgency=3, bar="▓▓▓▓▓▓▓▓▓▓")
        t.looks_away()


async def test_after_downtime_the_page_goes_on() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T03:00") as t:
        await t.reports(*OUTAGE)
        await t.down_until("2026-11-23T03:20")
        t.paged("Ada", "Grace", "Lin", "Max")
        assert await t.breaches() == [("response", "2026-11-23T03:05")]
        t.looks_away()


# ---------------------------------------------------------------- waiting
async def test_waiting_for_the_customer_moves_the_solution_and_says_so() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.until("2026-11-23T10:30")
        t.looks_away()
        assert await t.types("Ada", "need Which model is it?") == "Done: IHD-1001 waits for the customer."
        t.sees(
            "Ada (IHD-1001) needs something from you:\nWhich model is it?\nAnswer here; we go on as soon as you do."
        )
        t.desk_sees("⏸ Ada asked the customer: Which model is it?")
        paused = "8 h left, paused: waiting for the customer"
        t.card_shows(status="waiting for the customer", clock=paused, holder="Ada")
        await t.until("2026-11-24T09:30")
        t.card_shows(clock=paused)
        t.desk_sees()
        await t.says("A Jabra 40")
        t.sees(
            "Thank you, we go on with IHD-1001. It is to be solved by 17:00: "
            "the time in which we waited for you does not count."
        )
        t.desk_sees("Thandi: A Jabra 40", "@Ada The customer answered: the wait is over.")
        t.card_shows(status="in work", clock="8 h left, resolution by 17:00")
        await t.until("2026-11-24T17:00:01")
        assert await t.breaches() == [("resolution", "2026-11-24T17:00")]
        t.looks_away()


async def test_that_everyone_is_paged_is_said_once() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T03:00") as t:
        await t.reports(*OUTAGE)
        await t.until("2026-11-23T03:21")
        everyone = [line for line in t.read("desk") if "everyone" in line]
        assert everyone == [EVERYONE]
        t.paged("Ada", "Grace", "Lin", "Max")
        t.looks_away()


async def test_what_is_overdue_is_due_as_soon_as_possible() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.until("2026-11-23T12:30")
        t.looks_away()
        await t.types("Ada", "severity low")
        t.desk_sees("Ada set the severity to Low. Answer as soon as possible.")
        t.looks_away()
        await t.says("status")
        (told,) = t.read()
        assert told.startswith(
            "IHD-1001 (Low): waiting for an engineer, "
            "the answer was due (12:00) and comes as soon as possible, solved by tomorrow 10:00\n"
        )
