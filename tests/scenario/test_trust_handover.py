"""A hand-over: the desk hears who is on call now, and whoever goes on call what they find."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from tests.builders import ADA, ADA_PHONE, DESK, GRACE, SIPHO, THANDI
from tests.fakes.before_night import WEEKDAYS, Night, at, company, rota, team_of_three, turns

EMERGENCY = "urgent: the server is down"


async def week(start: str = "2026-11-27T12:00", *people: str, **rotation: str) -> Night:
    """Ada's week ends on Monday 30 November at 09:00, then it is Grace's."""
    people = people or ("ada", "grace")
    return await Night.begins(start, company(rota(turns(*people, **rotation)), people=team_of_three()))


def desk(night: Night) -> list[str]:
    return night.texts("slack", DESK)


async def test_the_desk_and_the_incoming_person_hear_of_it() -> None:
    night = await week()
    await night.goes_on_until("2026-11-30T08:59")
    assert night.seen("slack") == []
    await night.goes_on_until("2026-11-30T09:00")
    line, summary, *_ = night.seen("slack")
    assert (line.place, line.text) == (DESK, "📟 standby: Grace on call until Mon 7 Dec 09:00. Before: Ada.")
    assert (summary.place, summary.text) == (
        GRACE,
        "📟 You are on call until Mon 7 Dec 09:00 (standby). Nothing is open.",
    )


async def test_the_summary_says_what_is_open_and_what_was_paged() -> None:
    night = await week("2026-11-30T08:00")
    await night.says(THANDI, EMERGENCY)
    await night.passes(minutes=2)
    await night.says(ADA_PHONE, "ack", via="sms")
    await night.passes(minutes=8)
    await night.says(ADA, "On it.", via="slack", place=DESK, thread=night.thread())
    await night.says(SIPHO, "the printer is slow")
    await night.says(ADA, "need MIT-1002 its model", via="slack")
    await night.says(THANDI, "new: urgent the internet is down")
    await night.passes(minutes=39)
    night.look_away()
    await night.goes_on_until("2026-11-30T09:00")
    (summary,) = [t for t in night.texts("slack", GRACE) if t.startswith("📟 You are on call")]
    assert summary.splitlines() == [
        "📟 You are on call until Mon 7 Dec 09:00 (standby).",
        "• MIT-1001 Emergency, Acme Clinics: Ada",
        "• MIT-1002 Normal, Other Shop: Ada, we wait for the customer",
        "• MIT-1003 Emergency, Acme Clinics: nobody yet, 10 min left, the customer waits for us, being paged now",
        "Paged in the last shift:",
        "• MIT-1001, 08:00: Ada after 2 min",
    ]


async def test_it_keeps_its_local_time_on_the_weekend_when_the_clock_changes() -> None:
    """Warsaw, Sunday 25 October 2026: 09:00 is at 08:00 UTC, the day before it was at 07:00."""
    warsaw = ZoneInfo("Europe/Warsaw")
    days = turns("ada", "grace", every="1 days", first="2026-10-23T09:00", zone=warsaw)
    night = Night(
        at=at("2026-10-23T12:00", warsaw), people=company(rota(days, zone=warsaw), people=team_of_three())
    )
    await night.plans()
    told: list[dt.datetime] = []
    while night.clock.at < at("2026-10-26T12:00", warsaw):
        await night.passes(minutes=30)
        told += [night.clock.at] * len([line for line in desk(night) if "on call until" in line])
    assert [instant.strftime("%a %H:%M") for instant in told] == ["Sat 07:00", "Sun 08:00", "Mon 08:00"]


async def test_down_over_several_hand_overs_it_is_one_late() -> None:
    """Grace's week, then Lin's, of which nobody heard, then Ada's."""
    night = await week("2026-11-27T12:00", "ada", "grace", "lin")
    await night.sleeps_until("2026-12-08T10:00")
    assert "📟 standby: Ada on call until Mon 09:00. Before: Grace." in desk(night)
    assert not [t for t in night.texts("slack") if "Lin" in t]


async def test_down_and_back_with_the_same_person_there_is_nothing_to_say() -> None:
    night = await week("2026-11-27T12:00")
    await night.sleeps_until("2026-11-29T10:00")
    assert desk(night) == []


async def test_short_turns_are_no_news_unless_something_is_open() -> None:
    night = await week("2026-11-30T09:30", every="2 hours", first="2026-11-30T09:00")
    await night.goes_on_until("2026-11-30T12:30")
    assert night.seen("slack") == []
    await night.says(THANDI, EMERGENCY)
    night.look_away()
    await night.goes_on_until("2026-11-30T13:00")
    assert [t for t in night.texts("slack", ADA) if t.startswith("📟 You are on call until")]
    assert not [line for line in desk(night) if "Before" in line]


async def test_into_a_gap_and_out_of_it() -> None:
    people = company(rota(turns("ada", restrictions=WEEKDAYS)), people=team_of_three())
    night = await Night.begins("2026-11-27T12:00", people)
    night.look_away()
    await night.goes_on_until("2026-11-28T08:00")
    assert desk(night) == ["⚠️ standby: nobody is on call until Sun 24:00. Before: Ada."]
    await night.goes_on_until("2026-11-30T00:01")
    assert desk(night) == ["📟 standby: Ada on call until Fri 24:00."]


async def test_what_was_arranged_before_is_said_at_its_time() -> None:
    night = await week()
    await night.arranges("grace", "2026-11-28T10:00", "2026-11-29T10:00")
    await night.goes_on_until("2026-11-28T10:00")
    assert desk(night) == ["📟 standby: Grace on call until Sun 10:00. Before: Ada."]
    await night.goes_on_until("2026-11-29T10:00")
    assert desk(night) == ["📟 standby: Ada on call until Mon 09:00. Before: Grace."]


async def test_what_the_desk_has_just_heard_is_not_said_again() -> None:
    night = await week()
    await night.commands(GRACE, "take standby for 5h")
    assert len(desk(night)) == 1
    night.look_away()
    await night.passes(hours=2)
    assert desk(night) == []


async def test_a_schedule_that_pages_nobodys_tickets_is_nobodys_news() -> None:
    spare = company(rota(turns("ada", "grace")), chains=(), people=team_of_three())
    night = await Night.begins("2026-11-27T12:00", spare)
    await night.goes_on_until("2026-11-30T10:00")
    assert night.seen("slack") == []
