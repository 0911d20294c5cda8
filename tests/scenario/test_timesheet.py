"""The timesheet: who was called out, and how long it took."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app.context import Context
from bot.app.timesheet import CallOut, call_outs, period, sums
from bot.domain.ids import PersonId
from tests.builders import ADA, GRACE, GRACE_PHONE, LIN, THANDI
from tests.fakes.nights import night, reported
from tests.fakes.world import World

SINCE, UNTIL = dt.date(2026, 11, 1), dt.date(2026, 12, 1)


def sheet(world: World, since: dt.date = SINCE, until: dt.date = UNTIL, person: str = "") -> list[CallOut]:
    who = PersonId(person) if person else None
    return list(
        world.store.transact(
            lambda uow: call_outs(
                Context(uow=uow, now=world.clock.at, setup=world.bus.setup), since, until, who
            )
        )
    )


def shown(row: CallOut) -> tuple[Any, ...]:
    """The person, by what, until when and how it ended, in local times."""
    zone = ZoneInfo("Africa/Johannesburg")
    wall = [f"{t.astimezone(zone):%H:%M}" if t else "" for t in (row.paged, row.acknowledged, row.ended)]
    return (row.name, *wall, row.via, row.minutes_to_acknowledge, row.minutes_worked, row.ending, row.outcome)


async def acknowledged(**more: Any) -> World:
    """Grace has it after two and a half minutes, by a reply to an SMS."""
    world = night(**more)
    await reported(world)
    await world.passes(minutes=2, seconds=30)
    code = world.store.transact(lambda uow: uow.pages.open()[0].code)
    await world.says(GRACE_PHONE, f"ack {code}", via="sms")
    return world


async def test_a_call_out_from_the_page_to_the_end() -> None:
    world = await acknowledged()
    await world.says(GRACE, "On it", via="slack", place="C0DESK", thread=world.thread())
    await world.passes(minutes=40)
    (row,) = sheet(world)
    assert shown(row) == ("Grace", "22:30", "22:32", "", "SMS", 3, None, "", "acknowledged")
    await world.commands(GRACE, "resolve MIT-1001 done")
    (row,) = sheet(world)
    assert shown(row) == ("Grace", "22:30", "22:32", "23:12", "SMS", 3, 40, "resolved", "acknowledged")
    assert (row.date, row.ticket, row.organisation, row.severity, row.methods) == (
        dt.date(2026, 11, 21),
        "MIT-1001",
        "Acme Clinics",
        "Emergency",
        ("Slack", "SMS"),
    )
    assert (row.hours, row.after_hours, row.charge) == ("after hours", True, "")


@pytest.mark.parametrize(
    ("who", "words", "ending"),
    [
        (LIN, "take MIT-1001", "taken by somebody else"),
        (GRACE, "need MIT-1001 which server?", "waiting for the customer"),
        (GRACE, "close MIT-1001", "closed"),
        (GRACE, "handover MIT-1001 ada", "handed over"),
    ],
)
async def test_how_work_ends(who: str, words: str, ending: str) -> None:
    world = await acknowledged()
    await world.passes(minutes=5)
    await world.commands(who, words)
    row = sheet(world, person="grace")[0]
    assert (row.ending, row.minutes_worked) == (ending, 5)


async def test_an_acknowledgement_that_lapses_ends_one_call_out_and_begins_another() -> None:
    world = await acknowledged()
    await world.passes(minutes=60)
    first, second = sheet(world, person="grace")
    assert (first.ending, first.outcome, first.minutes_worked) == ("lapsed", "acknowledged", 29)
    assert (second.ending, second.outcome) == ("", "nobody yet")


async def test_whoever_was_paged_in_vain_and_whoever_had_it_unasked() -> None:
    world = night()
    await reported(world)
    await world.passes(minutes=3)
    await world.commands(ADA, "ack MIT-1001")
    await world.passes(minutes=9)
    await world.commands(ADA, "resolve MIT-1001 done")
    assert [shown(row) for row in sheet(world)] == [
        ("Ada", "", "22:33", "22:42", "Slack", None, 9, "resolved", "acknowledged"),
        ("Grace", "22:30", "", "22:33", "", None, None, "taken by somebody else", "somebody else did"),
    ]


async def test_a_page_that_nobody_had() -> None:
    world = night(plan="standard")
    await reported(world)
    await world.says(THANDI, "1")
    await world.passes(minutes=1)
    await world.says(THANDI, "close")
    (row,) = sheet(world)
    assert shown(row) == ("Grace", "22:30", "", "22:31", "", None, None, "not needed", "nobody")
    assert row.charge == "agreed"


async def test_dates_are_those_of_the_person() -> None:
    """Half past midnight there is the evening before in UTC."""
    world = night("2026-11-22T00:30")
    await reported(world)
    (row,) = sheet(world, dt.date(2026, 11, 22), dt.date(2026, 11, 23))
    assert row.date == dt.date(2026, 11, 22)
    assert sheet(world, dt.date(2026, 11, 21), dt.date(2026, 11, 22)) == []


async def test_sums() -> None:
    world = await acknowledged()
    await world.passes(minutes=10)
    await world.commands(LIN, "take MIT-1001")
    await world.says(THANDI, "new: the server is down again, nobody can work")
    await world.says(THANDI, "1")
    (grace,) = sums(sheet(world))
    assert (grace.call_outs, grace.after_hours, grace.acknowledged, grace.minutes_worked) == (2, 2, 1, 10)


def test_the_usual_period_is_this_month_so_far_or_the_whole_one_before() -> None:
    assert period(dt.date(2026, 11, 22)) == (dt.date(2026, 11, 1), dt.date(2026, 11, 23))
    assert period(dt.date(2026, 12, 1)) == (dt.date(2026, 11, 1), dt.date(2026, 12, 1))
    assert period(dt.date(2027, 1, 1)) == (dt.date(2026, 12, 1), dt.date(2027, 1, 1))
