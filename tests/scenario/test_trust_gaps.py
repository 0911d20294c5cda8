"""Gaps: told when they are new and on Mondays while they last, never twice, and never where there are none."""

from __future__ import annotations

import datetime as dt

from bot.app import duty
from escalation.instants import Span
from escalation.schedule import Roster, Shift
from tests.builders import DESK
from tests.fakes.before_night import WEEKDAYS, Night, company, rota, team_of_three, turns

ALWAYS = company(rota(turns("ada", "grace")), people=team_of_three())
WEEKENDS_OFF = company(rota(turns("ada", "grace", restrictions=WEEKDAYS)), people=team_of_three())
FIRST = (
    "⚠️ standby: nobody is on call\n"
    "• Sat 00:00 to Sun 24:00\n"
    "• Sat 5 Dec 00:00 to Sun 6 Dec 24:00\n"
    "• Sat 12 Dec 00:00 to Sun 13 Dec 24:00\n"
    "and 1 more gap\n"
    "Fill the first: override standby ada 2026-11-28 00:00 to 2026-11-30 00:00"
)


def told(night: Night) -> list[str]:
    return [t for t in night.texts("slack", DESK) if "nobody is on call\n" in t]


async def test_at_the_start_once_then_on_mondays() -> None:
    night = await Night.begins("2026-11-24T10:00", WEEKENDS_OFF)
    assert told(night) == [FIRST]
    await night.goes_on_until("2026-11-30T08:59")
    assert told(night) == []
    await night.goes_on_until("2026-11-30T09:01")
    (again,) = told(night)
    assert again.startswith("⚠️ standby: nobody is on call\n• Sat 00:00 to Sun 24:00\n• Sat 12 Dec 00:00")
    await night.goes_on_until("2026-12-07T08:00")
    assert told(night) == []


async def test_after_a_reload_at_once_but_the_same_only_once() -> None:
    night = await Night.begins("2026-11-24T10:00", ALWAYS)
    await night.passes(days=2)
    assert told(night) == []
    await night.reloads(WEEKENDS_OFF)
    assert len(told(night)) == 1
    await night.reloads(WEEKENDS_OFF)
    await night.passes(days=1)
    assert told(night) == []


async def test_what_fills_the_first_is_what_it_says() -> None:
    night = await Night.begins("2026-11-24T10:00", WEEKENDS_OFF)
    (line,) = told(night)
    await night.commands("U0GRACE", line.partition("Fill the first: ")[2])
    await night.passes(days=1)
    (after,) = told(night)
    assert after.startswith("⚠️ standby: nobody is on call\n• Sat 5 Dec 00:00")
    await night.passes(days=2)
    assert told(night) == []


async def test_silent_again_when_there_are_none_and_loud_when_they_are_back() -> None:
    night = await Night.begins("2026-11-24T10:00", WEEKENDS_OFF)
    assert len(told(night)) == 1
    await night.reloads(ALWAYS)
    await night.passes(days=14)
    assert told(night) == []
    await night.reloads(WEEKENDS_OFF)
    assert len(told(night)) == 1


async def test_a_monday_that_was_missed_is_made_up_for_once() -> None:
    night = await Night.begins("2026-11-24T10:00", WEEKENDS_OFF)
    night.look_away()
    await night.sleeps_until("2026-12-02T15:00")
    assert len(told(night)) == 1
    await night.goes_on_until("2026-12-06T15:00")
    assert told(night) == []


async def test_a_start_early_on_monday_does_not_say_it_twice() -> None:
    night = await Night.begins("2026-11-30T07:00", WEEKENDS_OFF)
    assert len(told(night)) == 1
    await night.sleeps_until("2026-11-30T07:30")
    assert told(night) == []
    await night.passes(hours=4)
    assert told(night) == []
    await night.goes_on_until("2026-12-07T09:00")
    assert len(told(night)) == 1


async def test_nobody_is_on_call_at_all() -> None:
    nobody = company(rota(turns()), people=team_of_three())
    night = await Night.begins("2026-11-24T10:00", nobody)
    (line,) = told(night)
    assert line == (
        "⚠️ standby: nobody is on call\n"
        "• now and for at least 30 days\n"
        "Fill the first: override standby ada 2026-11-24 10:00 to 2026-12-24 10:00"
    )
    night.look_away()
    await night.goes_on_until("2026-11-29T12:00")
    assert told(night) == []


async def test_nobody_knows_before_the_calendar_was_read() -> None:
    schedule = rota(Roster(source="https://calendar.example/standby.ics"), drill=dt.timedelta(hours=2))
    night = await Night.begins("2026-11-24T10:00", company(schedule, people=team_of_three()))
    await night.passes(hours=1)
    assert night.seen("slack") == []
    week = Span(start=night.clock.at - dt.timedelta(days=1), end=night.clock.at + dt.timedelta(days=6))
    read = duty.Roster(
        source="https://calendar.example/standby.ics",
        shifts=(Shift(person="ada", span=week),),
        fetched=night.clock.at,
    )
    await night.run(lambda uow: uow.rota.save_roster(read))
    await night.passes(minutes=6)
    (line,) = told(night)
    assert "• from Mon 11:00 on, for as far as can be seen" in line
