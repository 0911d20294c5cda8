"""Who is on call is arranged in chat: shown, changed, cancelled, and everybody whom it concerns hears of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import Address, ChannelName, PersonId, TeamName
from bot.domain.people import Directory
from escalation.rotation import Period, Rotation, Unit
from escalation.schedule import Schedule
from tests.builders import (
    ADA,
    ADA_PHONE,
    DESK,
    GRACE,
    GRACE_PHONE,
    LIN,
    THANDI,
    ZONE,
    directory,
    people,
    person,
)
from tests.fakes.world import World

EVE, OPAL = "U0EVE", "U0OPAL"
MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)  # 12:00 in Johannesburg


def schedule(name: str = "standby", *turn: str, **more: Any) -> Schedule:
    """In turn day by day, handing over at 09:00; the first is on from Monday on."""
    rotation = Rotation(
        people=turn or ("ada", "grace"),
        every=Period(count=1, unit=Unit.DAYS),
        handover=dt.datetime(2026, 11, 23, 9, 0),  # noqa: DTZ001
        zone=ZONE,
    )
    return Schedule(name=name, zone=ZONE, layers=(rotation,), **more)


def staff() -> Directory:
    """Eve is of another team, Opal an operator, Max has no way to be paged; Ada and Grace take turns."""
    eve = person("eve", "Eve", EVE, teams=frozenset({TeamName("other")}))
    opal = person("opal", "Opal", OPAL, roles=frozenset({"operator"}))
    max_ = person("max", "Max Lu", teams=frozenset({TeamName("desk")}))
    return directory(people=(*people(), eve, opal, max_), schedules=(schedule(),))


def world(**changes: Any) -> World:
    return World(people=dataclasses.replace(staff(), **changes))


async def test_who_is_on_until_when_and_who_is_next() -> None:
    desk = world()
    assert await desk.commands(GRACE, "oncall") == (
        "On call now\nstandby: Ada until Tue 09:00, then Grace\n"
        "Your next shift: Tue 09:00 to Wed 09:00 (standby)\nIn your calendar: oncall link"
    )
    assert await desk.commands(GRACE, "oncall standby wed 10:00") == (
        "Wed 10:00\nstandby: Ada until Thu 09:00, then Grace\nIn your calendar: oncall link"
    )


async def test_an_override_says_what_will_be_and_tells_everybody_concerned() -> None:
    desk = world()
    assert await desk.commands(LIN, "override Grace wed 18:00 to thu 09:00") == (
        "From Wed 18:00 to Thu 09:00: Grace instead of Ada (standby). Undo: override cancel 1"
    )
    assert desk.texts("slack") == [
        "🔁 Lin changed who is on call. From Wed 18:00 to Thu 09:00: Grace instead of Ada (standby).",
        "🔁 Lin changed who is on call.\n"
        "From Wed 18:00 to Thu 09:00 you are not on call (standby). On call then: Grace.",
        "🔁 Lin changed who is on call.\nFrom Wed 18:00 to Thu 09:00 you are on call (standby).",
    ]


async def test_whoever_is_on_now_is_paged() -> None:
    desk = world()
    await desk.commands(GRACE, "override standby Grace instead of Ada for 3h")
    desk.look_away()
    await desk.says(THANDI, "urgent everything is down")
    assert {s.place for s in desk.seen("sms")} == {GRACE_PHONE}


async def test_a_shift_is_taken_now_until_it_would_have_ended() -> None:
    desk = world()
    assert await desk.commands(GRACE, "take standby") == (
        "From Mon 12:00 to Tue 09:00: Grace instead of Ada (standby). Undo: override cancel 1"
    )
    assert [s.place for s in desk.seen("slack")] == [DESK, ADA]
    assert await desk.commands(LIN, "take shift until 18:00") == (
        "From Mon 12:00 to Mon 18:00: Lin instead of Grace (standby). Undo: override cancel 2"
    )
    assert await desk.commands(LIN, "take shift") == "You are on call for standby now already."


async def test_take_still_means_a_ticket_where_no_schedule_is_named() -> None:
    desk = world()
    await desk.says(THANDI, "The printer is slow")
    assert await desk.commands(ADA, "take MIT-1001") == "You have MIT-1001."
    assert "Which ticket?" in await desk.commands(ADA, "take")
    await desk.says(GRACE, "/take standby for 3h", via="slack", place=DESK, thread=desk.thread())
    assert (await desk.ticket()).owner == "ada", "in a ticket's thread it is the shift too"
    assert "standby: Grace until Mon 15:00, then Ada" in await desk.commands(ADA, "oncall")


async def test_a_gap_is_said_loudly() -> None:
    desk = world()
    assert await desk.commands(ADA, "override remove Ada wed 18:00 to wed 22:00") == (
        "🔴 From Wed 18:00 to Wed 22:00 nobody is on call (standby). Undo: override cancel 1"
    )
    assert "⚠️ Nobody is on call Wed 18:00 to 22:00" in await desk.commands(ADA, "oncall")


async def test_three_gaps_are_named_the_others_counted() -> None:
    desk = world()
    for day in ("wed", "fri", "sun", "1.12", "3.12"):
        await desk.commands(ADA, f"override remove Ada {day} 10:00 to 11:00")
    answer = await desk.commands(ADA, "oncall")
    assert answer.count("⚠️ Nobody is on call") == 3
    assert "and 2 more gaps" in answer


async def test_beside_and_only_while_somebody_would_be() -> None:
    desk = world()
    assert await desk.commands(ADA, "override add Lin fri 18:00 to 22:00") == (
        "From Fri 18:00 to Fri 22:00: Lin beside Ada (standby). Undo: override cancel 1"
    )
    assert await desk.commands(ADA, "override Lin instead of Grace tue 0:00 to thu 0:00") == (
        "From Tue 09:00 to Wed 09:00: Lin instead of Grace (standby). Undo: override cancel 2"
    )
    assert "Max Lu" not in await desk.commands(ADA, "override Lin for Grace thu 10:00 to 11:00")
    await desk.commands(ADA, "override cancel 3")
    assert await desk.commands(ADA, "override list") == (
        "2: Tue 00:00 to Wed 24:00, Lin instead of Grace (standby; Ada)\n"
        "1: Fri 18:00 to 22:00, Lin too (standby; Ada)"
    )


async def test_an_override_is_cancelled_and_what_was_stays() -> None:
    desk = world()
    await desk.commands(GRACE, "override Grace for 3h")
    await desk.passes(hours=1)
    desk.look_away()
    assert await desk.commands(LIN, "override cancel 1") == (
        "Override 1 is cancelled. From Mon 13:00 to Mon 15:00: Ada instead of Grace (standby)."
    )
    assert {s.place for s in desk.seen("slack")} == {DESK, ADA, GRACE}
    kept = await desk.run(lambda uow: uow.rota.override(1))
    assert kept is not None and kept.override.span.end == desk.clock.at
    assert "is over already" in await desk.commands(LIN, "override cancel 1")


async def test_one_that_has_not_begun_is_cancelled_once() -> None:
    desk = world()
    await desk.commands(GRACE, "override Grace fri")
    await desk.commands(GRACE, "override cancel #1")
    assert await desk.commands(GRACE, "override cancel 1") == "Override 1 is cancelled already."
    assert await desk.commands(GRACE, "override list") == "Nothing is arranged beside the schedules."


SAID = {
    "override": "Who, and when? Write it like this: override standby Grace fri 18:00 to sat 09:00.",
    "override bob fri": 'I know nobody called "bob"; write one of Ada, Grace, Lin, Max Lu.',
    "override grace": "When? Write it like this: override standby Grace fri 18:00 to sat 09:00.",
    "override grace whenever": '"whenever" is no time of a shift; write it like this: '
    "override standby Grace fri 18:00 to sat 09:00.",
    "override grace 2026-12-02 to 2026-12-01": '"2026-12-02 to 2026-12-01" ends before it begins; '
    "write the earlier time first, like this: override standby Grace fri 18:00 to sat 09:00.",
    "override grace 2026-11-01": '"2026-11-01" has passed; write a time that is still to come.',
    "override grace for 60 weeks": '"for 60 weeks" is longer than a year; write a shorter time.',
    "override eve fri": "Eve is no engineer of desk, whom standby pages; write the name of one who is.",
    "override max lu fri": "Max Lu has no phone and no chat that we could page; "
    "write the name of somebody who has.",
    "override lin instead of grace wed 10:00 to 12:00": "Grace is not on call for standby then, "
    "so can't be replaced; on call are Ada.",
    "override ada wed 10:00 to 12:00": "That changes nothing: it is who is on call then anyway; "
    "write another person or another time.",
    "override cancel": "Which one? Write its number, such as override cancel 12; override list has them.",
    "override cancel 12": "There is no override 12; override list has those that there are.",
    "oncall sometime": 'I know no schedule and no coming time "sometime"; write it like this: '
    "oncall standby fri 18:00.",
}


@pytest.mark.parametrize("words", SAID)
async def test_what_can_t_be_is_answered_with_what_can(words: str) -> None:
    desk = world()
    assert await desk.commands(ADA, words) == SAID[words]
    assert desk.seen("slack") == []


async def test_the_same_twice_is_once() -> None:
    desk = world()
    await desk.commands(ADA, "override grace wed 18:00 to thu 09:00")
    assert await desk.commands(LIN, "override grace wed 18:00 to thu 09:00") == (
        "That is arranged already; override cancel 1 undoes it."
    )


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        (EVE, "Only engineers of desk change who is on call for standby; ask one of them."),
        (OPAL, "Only engineers and leads change who is on call; ask one of them."),
    ],
)
async def test_only_engineers_of_the_team_change_it(who: str, answer: str) -> None:
    desk = world()
    assert await desk.commands(who, "override grace for 3h") == answer
    assert "standby: Ada until" in await desk.commands(who, "oncall")


async def test_of_several_schedules_the_one_of_my_team_is_meant() -> None:
    two = world(schedules=(schedule(), schedule("nights", "lin", "grace")))
    assert "(standby)" in await two.commands(GRACE, "override Grace for 1h"), "only standby pages the desk"
    both = tuple(
        dataclasses.replace(
            chain,
            steps=(*chain.steps, dataclasses.replace(chain.steps[0], targets=("schedule:nights",))),
        )
        for chain in staff().chains
    )
    unclear = world(schedules=(schedule(), schedule("nights", "lin", "grace")), chains=both)
    assert await unclear.commands(ADA, "override Grace for 1h") == (
        "Which schedule? Write its name behind the first word; there are standby, nights."
    )
    assert "Grace instead of Lin (nights)" in await unclear.commands(ADA, "override NIGHTS Grace for 1h")


async def test_a_name_of_several_people_is_asked_back() -> None:
    grace = dataclasses.replace(people()[1], name="Grace Hopper")
    other = person("gh2", "Grace Hill", "U0GH2")
    desk = world(people=(people()[0], dataclasses.replace(grace, id=PersonId("gh1")), other, people()[2]))
    assert await desk.commands(LIN, "override Grace tue 10:00 to 12:00") == (
        '"Grace" could be several people; write one of gh1, gh2.'
    )
    assert "Grace Hill instead of" in await desk.commands(LIN, "override grace hill tue 10:00 to 12:00")
    assert "Grace Hopper instead of" in await desk.commands(LIN, "override gh1 tue 12:00 to 14:00")
    assert 'nobody called "Greta"; write one of Ada' in await desk.commands(LIN, "override Greta tue")


async def test_times_are_in_the_asker_s_own_zone_and_everybody_reads_theirs() -> None:
    abroad = dataclasses.replace(people()[2], zone=ZoneInfo("Europe/London"))
    desk = world(people=(*people()[:2], abroad))
    assert await desk.commands(LIN, "override Grace wed 18:00 to wed 20:00") == (
        "From Wed 18:00 to Wed 20:00: Grace instead of Ada (standby). Undo: override cancel 1"
    )
    assert any("From Wed 20:00 to Wed 22:00 you are on call" in text for text in desk.texts("slack", GRACE))


async def test_the_links_of_a_calendar_come_in_private() -> None:
    desk = world()
    assert "public_url" in await desk.commands(ADA, "oncall link")
    desk.bus.setup = dataclasses.replace(desk.setup, public_url="https://desk.example")
    assert await desk.commands(ADA, "oncall link") == "The links are in your private messages."
    (sent,) = desk.seen("slack")
    assert sent.place == ADA
    assert "Everybody (standby): https://desk.example/oncall/standby.ics?key=" in sent.text
    assert "Your shifts (standby): https://desk.example/oncall/standby.ics?" in sent.text


async def test_in_polish() -> None:
    policy = dataclasses.replace(directory().policies[0], language="pl")
    desk = world(policies=(policy,))
    answer = await desk.commands(LIN, "override Grace zamiast Ada od środy 18:00 do czwartku 9:00")
    assert "override cancel 1" in answer
    assert "Grace" in answer and "Ada" in answer


async def test_somebody_with_a_phone_alone_hears_of_it_there() -> None:
    phone_only = dataclasses.replace(people()[0], identities={ChannelName("sms"): ADA_PHONE})
    desk = world(people=(phone_only, *people()[1:]))
    await desk.commands(GRACE, "take standby for 1h")
    assert desk.texts("sms", ADA_PHONE) == [
        "🔁 Grace changed who is on call.\n"
        "From Mon 12:00 to Mon 13:00 you are not on call (standby). On call then: Grace."
    ]


async def test_every_desk_of_the_team_is_told_once() -> None:
    two = dataclasses.replace(
        staff().teams[0],
        desks=(
            Address(channel=ChannelName("slack"), place=DESK),
            Address(channel=ChannelName("telegram"), place="-100"),
        ),
    )
    desk = world(teams=(two,))
    await desk.commands(ADA, "override Grace fri")
    assert len(desk.texts("slack", DESK)) == 1
    assert len(desk.texts("telegram", "-100")) == 1
