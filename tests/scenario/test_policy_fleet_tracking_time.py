"""fleet-tracking, as time goes by: what is used up, what stands still, what is left lying."""

from __future__ import annotations

from bot.domain.status import Status
from tests.fakes.dialogue import talk

POLICY = "fleet-tracking"
NO_ALERTS = "The geofence alerts don't come any more"
OFFERED = (
    "FLT-1001 takes longer than we want it to. Shall one of our engineers call you about it?\n1 Yes\n2 No"
)


# ---------------------------------------------------------------- time
async def test_the_team_is_told_of_the_time_that_is_used_up_louder_each_time() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.reports(NO_ALERTS, "2")
        await t.until("2026-11-23T10:59")
        t.desk_sees()
        await t.until("2026-11-23T11:00")
        t.desk_sees("@Ada @Grace ⏳ Answer: 50 % of the time is used up. Due by 13:00 (in 2 h).")
        t.card_shows(clock="2 h left, answer by 13:00", bar="▓▓▓▓▓░░░░░", urgency=0)

        assert await t.types("Ada", "take") == "You have FLT-1001."
        t.looks_away()
        await t.until("2026-11-23T12:00")
        t.desk_sees("@Ada @Grace ⏳ Answer: 75 % of the time is used up. Due by 13:00 (in 1 h).")
        t.card_shows(clock="1 h left, answer by 13:00", bar="▓▓▓▓▓▓▓░░░", urgency=1)
        await t.until("2026-11-23T12:36")
        t.desk_sees("@Ada @Grace @Lin ⏳ Answer: 90 % of the time is used up. Due by 13:00 (in 24 min).")

        await t.until("2026-11-23T13:00")
        assert await t.breaches() == [], "due is not over"
        await t.until("2026-11-23T13:01")
        t.desk_sees("@Ada @Grace @Lin 🔴 Answer: the time ran out (13:00).")
        t.card_shows(clock="1 min over, answer was due 13:00", bar="▓▓▓▓▓▓▓▓▓▓", urgency=3)
        assert await t.breaches() == [("response", "2026-11-23T13:00")]
        t.sees()


async def test_the_time_stands_still_over_night() -> None:
    async with talk(POLICY, at="2026-11-23T16:00") as t:
        await t.reports(NO_ALERTS, "2")
        t.card_shows(clock="4 h left, answer by tomorrow 11:00")
        await t.until("2026-11-23T23:00")
        t.card_shows(
            clock="3 h left, answer by tomorrow 11:00; stands still, opens again tomorrow 08:00",
            bar="▓▓░░░░░░░░",
        )
        await t.until("2026-11-24T08:00")
        t.card_shows(clock="3 h left, answer by 11:00")
        t.desk_sees()


async def test_a_breach_while_the_bot_was_down_is_recorded_at_its_instant() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.reports(NO_ALERTS, "2")
        await t.down_until("2026-11-23T15:30")
        t.desk_sees("@Ada @Grace @Lin 🔴 Answer: the time ran out (13:00).")
        t.card_shows(clock="2 h 30 min over, answer was due 13:00")
        assert await t.breaches() == [("response", "2026-11-23T13:00")]
        await t.types("Ada", "resolve The rules are back.")
        t.card_shows(clock="answered late, by 2 h 30 min")
        t.looks_away()


async def test_waiting_for_the_customer_holds_back_what_counts_the_hours_since_the_report() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.reports(NO_ALERTS, "2")
        await t.types("Ada", "plan we look at the rules of your geofences")
        t.looks_away()

        said = await t.types("Ada", "need Which vehicles are these?")
        assert said == "Done: FLT-1001 waits for the customer."
        t.sees(
            "Ada (FLT-1001) needs something from you:\nWhich vehicles are these?\n"
            "Answer here; we go on as soon as you do."
        )
        t.desk_sees("⏸ Ada asked the customer: Which vehicles are these?")
        t.card_shows(status="waiting for the customer")

        await t.until("2026-11-24T15:00")  # 30 h, all of them waiting
        await t.says("The three with plates from Al Khor")
        t.sees()
        t.desk_sees(
            "Thandi: The three with plates from Al Khor", "@Ada The customer answered: the wait is over."
        )
        t.card_shows(status="in work")

        await t.until("2026-11-25T14:59")
        t.sees()
        await t.until("2026-11-25T15:00")
        t.sees(OFFERED)
        t.desk_sees("@Ada ☎️ not solved for 1 d: the customer is offered a call.")


# ---------------------------------------------------------------- left lying
async def test_after_a_day_without_an_answer_senior_staff_is_told() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.reports(NO_ALERTS, "2")
        await t.answers("Ada", "We have seen it")  # no plan: no answer
        await t.until("2026-11-24T08:59")
        t.looks_away()
        await t.until("2026-11-24T09:00")
        t.desk_sees(
            "@Max @Lin ⬆️ no answer for 1 d: this is with tier 3 now.",
            "@Ada ☎️ not solved for 1 d: the customer is offered a call.",
        )
        t.card_shows(facts=("tier 3",))
        t.sees(OFFERED)
        await t.passes(days=3)  # once a ticket


async def test_with_a_plan_only_the_call_is_offered_and_wanted() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.reports(NO_ALERTS, "2")
        await t.types("Ada", "plan we look at the rules of your geofences")
        t.looks_away()
        await t.until("2026-11-24T09:00")
        t.desk_sees("@Ada ☎️ not solved for 1 d: the customer is offered a call.")
        t.sees(OFFERED)

        await t.says("yes please")
        t.sees("An engineer calls you about FLT-1001. Write here if a time suits you best.")
        t.desk_sees("@Ada ☎️ The customer wants to be called.")
        await t.says("After 14:00, please")
        t.desk_sees("Thandi: After 14:00, please")


async def test_the_call_is_not_wanted() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.reports(NO_ALERTS, "2")
        await t.types("Ada", "plan we look at the rules of your geofences")
        t.looks_away()
        await t.until("2026-11-24T09:00")
        t.looks_away()
        await t.taps("call", "no")
        t.sees("All right, we go on here in writing.")
        t.desk_sees("@Ada The customer does not want a call.")
        await t.passes(days=3)


async def test_what_is_resolved_within_a_day_is_left_alone() -> None:
    async with talk(POLICY, at="2026-11-23T09:00") as t:
        await t.reports(NO_ALERTS, "2")
        await t.types("Ada", "resolve The rules are back.")
        t.looks_away()
        await t.passes(hours=71)
        assert (await t.ticket()).status is Status.RESOLVED


async def test_a_wish_has_no_clock_and_nobody_is_told_that_it_lies() -> None:
    async with talk(POLICY, at="2026-11-23T10:00") as t:
        await t.says("Could you add a link to our planning system? It would be great")
        t.sees(
            "Ticket FLT-1001 is open. This looks like Enhancement (A wish for something new).\n\n"
            "How urgent is it? Answer with a number:\n"
            "1 Critical\n2 High\n3 Medium\n4 Low\n5 Enhancement\n\n"
            "No answer by 10:01 (in 1 min): we treat it as Enhancement."
        )
        await t.says("5")
        t.sees("FLT-1001 is set to Enhancement. An engineer answers you here.")
        t.card_shows(clock="no promise of a time", bar="", urgency=0)
        t.looks_away()
        await t.passes(days=30)


# ---------------------------------------------------------------- the desk opens
async def test_what_is_critical_at_night_is_paged_for_when_the_desk_opens() -> None:
    async with talk(POLICY, at="2026-11-23T22:00") as t:
        await t.reports("The platform is down, nobody can log in", "1")
        await t.until("2026-11-24T07:59")
        t.paged()
        t.desk_sees()
        await t.until("2026-11-24T08:00")
        t.paged("Ada")
        assert t.read("desk")[0] == (
            "@Ada @Grace 🟠 The desk is open, and this customer has waited for it. Answer by 09:00 (in 1 h)."
        )
        t.card_shows(clock="1 h left, answer by 09:00", paging="Paging Ada (step 1 of 1)", urgency=2)
        t.looks_away()


async def test_what_becomes_critical_at_night_too() -> None:
    async with talk(POLICY, at="2026-11-26T22:00") as t:  # a Thursday: the weekend comes
        await t.reports(NO_ALERTS, "2")
        await t.says("urgent no vehicle shows on the map now")
        t.looks_away()
        await t.until("2026-11-29T07:59")
        t.paged()
        await t.until("2026-11-29T08:00")
        t.paged("Ada")
        t.looks_away()


async def test_who_has_it_before_the_desk_opens_is_not_paged() -> None:
    async with talk(POLICY, at="2026-11-23T22:00") as t:
        await t.reports("The platform is down, nobody can log in", "1")
        await t.types("Ada", "ack")
        t.looks_away()
        await t.until("2026-11-24T08:05")
        t.paged()
        t.desk_sees()


async def test_what_is_high_at_night_is_not_paged_for_in_the_morning() -> None:
    async with talk(POLICY, at="2026-11-23T22:00") as t:
        await t.reports(NO_ALERTS, "2")
        await t.until("2026-11-24T09:00")
        t.paged()
        t.desk_sees()
