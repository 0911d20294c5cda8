"""Beside the tickets: who is on call, gaps, pages and calls, as they are now."""

from __future__ import annotations

import dataclasses
import datetime as dt

import jinja2

from bot.app.duty import KeptOverride
from bot.app.speech import Speech
from bot.board.panels import Panels, panels
from bot.board.templating import environment
from bot.board.viewer import Viewer
from bot.domain.ids import PersonId, TeamName
from bot.domain.people import Team
from escalation.instants import Span
from escalation.rotation import Period, Rotation, Unit
from escalation.schedule import Change, Override, Roster, Schedule
from tests.board.house import house_of, viewer
from tests.builders import ADA, ADA_PHONE, GRACE, THANDI, ZONE, directory, people, person
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World, tap

HOUR = dt.timedelta(hours=1)


async def look(world: World, who: Viewer | None = None) -> Panels:
    return await panels(house_of(world), who or viewer())


def html(found: Panels, world: World) -> str:
    template: jinja2.Template = environment().from_string(
        '{% from "panels.html" import panels with context %}{{ panels(found) }}'
    )
    return template.render(found=found, s=Speech(language="en", zone=ZONE, now=world.clock.now()))


async def emergency(world: World) -> None:
    await world.says(THANDI, "The mail server is down, nobody can work")
    await world.says(THANDI, "1")


# ---------------------------------------------------------------- on call
def turns(name: str = "standby", *who: str, **more: object) -> Schedule:
    """In turn day by day, from 09:00."""
    rotation = Rotation(
        people=who or ("ada", "grace"),
        every=Period(count=1, unit=Unit.DAYS),
        handover=dt.datetime(2026, 11, 23, 9, 0),  # noqa: DTZ001
        zone=ZONE,
    )
    return Schedule(name=name, zone=ZONE, layers=(rotation,), **more)  # type: ignore[arg-type]


def override(start: int, end: int, person: str, change: Change = Change.INSTEAD) -> Override:
    """So many hours from now."""
    span = Span(start=MONDAY_NOON + start * HOUR, end=MONDAY_NOON + end * HOUR)
    return Override(person=person, span=span, change=change)


async def test_who_is_on_and_who_is_next() -> None:
    world = World(people=directory(schedules=(turns(),)))
    (team,) = (await look(world)).teams
    (it,) = team.on_call
    assert (it.schedule, it.people, it.hand_over) == ("standby", "Ada", "until Tue 09:00, then Grace")
    assert (it.nobody, it.mine, it.gaps, it.doubt) == (False, True, (), False)


async def test_what_was_arranged_in_chat_counts() -> None:
    world = World(people=directory(schedules=(turns(),)))
    arranged = KeptOverride(
        schedule="standby", override=override(-1, 3, "lin"), by=PersonId("lin"), made=world.clock.at
    )
    world.store.transact(lambda uow: uow.rota.add_override(arranged))
    (it,) = (await look(world)).teams[0].on_call
    assert (it.people, it.hand_over, it.mine) == ("Lin", "until Mon 15:00, then Ada", False)


async def test_gaps_of_the_next_two_weeks() -> None:
    off = [
        override(24 * n, 24 * n + 2, person, Change.REMOVE)
        for n in (1, 3, 5, 7, 20)
        for person in ("ada", "grace")
    ]
    world = World(people=directory(schedules=(turns(overrides=tuple(off)),)))
    (it,) = (await look(world)).teams[0].on_call
    assert it.gaps == (
        "Nobody is on call Tue 12:00 to 14:00",
        "Nobody is on call Thu 12:00 to 14:00",
        "Nobody is on call Sat 12:00 to 14:00",
        "and 1 more gap",
    )


async def test_nobody_now() -> None:
    for hours, told in (
        (2, "Nobody is on call now, until Mon 14:00"),
        (24 * 500, "Nobody is on call from now on"),
    ):
        off = tuple(override(-1, hours, person, Change.REMOVE) for person in ("ada", "grace"))
        world = World(people=directory(schedules=(turns(overrides=off),)))
        found = await look(world)
        (it,) = found.teams[0].on_call
        assert (it.nobody, it.people, it.gaps) == (True, "nobody", (told,))
        assert "is-gap" in html(found, world)


async def test_a_calendar_that_was_never_read() -> None:
    unread = Schedule(name="standby", zone=ZONE, layers=(Roster(source="https://calendar.example/x.ics"),))
    world = World(people=directory(schedules=(unread,)))
    found = await look(world)
    (it,) = found.teams[0].on_call
    assert (it.doubt, it.gaps) == (True, ())
    shown = html(found, world)
    assert "Its calendar has not been read yet." in shown
    assert "is-gap" not in shown


async def test_only_own_teams() -> None:
    other = Team(name=TeamName("other"), policy="managed-it", desks=(), chains={})
    world = World(people=directory(teams=(*directory().teams, other)))
    await emergency(world)
    found = await look(world, viewer("other"))
    assert [(t.team, t.on_call, t.pages, t.calls) for t in found.teams] == [("other", (), (), ())]
    assert "No schedule pages this team." in html(found, world)
    assert [t.team for t in (await look(world, viewer("other", "desk"))).teams] == ["desk", "other"]


# ---------------------------------------------------------------- pages
async def test_nothing_rings() -> None:
    world = World()
    found = await look(world)
    shown = html(found, world)
    assert "Nobody is being paged." in shown
    assert "Nobody is on the line." in shown


async def test_a_page_along_its_chain() -> None:
    world = World()
    await emergency(world)
    await world.passes(minutes=2)
    (it,) = (await look(world)).teams[0].pages
    assert (it.ticket, it.what, it.step, it.tried, it.next) == (
        "MIT-1001",
        "Emergency · Acme Clinics",
        "step 1 of 2",
        "Ada",
        "next 12:05",
    )
    assert it.began.words == "2 min"
    await world.passes(minutes=4)
    (it,) = (await look(world)).teams[0].pages
    assert (it.step, it.tried, it.began.words) == ("step 2 of 2", "Grace", "6 min")
    assert it.step_began is not None
    assert it.step_began.words == "1 min"
    await world.passes(minutes=5)
    assert (await look(world)).teams[0].pages[0].step == "step 1 of 2, round 2"
    await world.passes(minutes=15)
    found = await look(world)
    assert found.teams[0].pages[0].step == "everyone, again and again"
    shown = html(found, world)
    assert 'href="/board/ticket/MIT-1001"' in shown
    assert f'data-since="{int(MONDAY_NOON.timestamp() * 1000)}"' in shown
    await world.taps(GRACE, tap("ack"), via="slack", place=GRACE)
    assert (await look(world)).teams[0].pages == ()


async def test_names_are_text() -> None:
    evil = '<b onclick="x">'
    staff = tuple(dataclasses.replace(p, name=evil) for p in people())
    world = World(people=directory(people=staff))
    await emergency(world)
    shown = html(await look(world), world)
    assert "<b onclick" not in shown
    assert "&lt;b onclick" in shown


# ---------------------------------------------------------------- calls
async def test_a_call_from_the_menu_to_the_talk() -> None:
    staff = (person("ada", "Ada", ADA, ADA_PHONE, calls=True), *people()[1:])
    world = World(people=directory(people=staff))
    caller = Caller(world)
    await caller.calls()
    (it,) = (await look(world)).teams[0].calls
    assert (it.who, it.what, it.ticket, it.what_began) == ("Thandi", "hears the menu", "", None)
    await world.passes(seconds=10)
    await caller.presses("2")
    (it,) = (await look(world)).teams[0].calls
    assert (it.who, it.what, it.ticket) == ("Thandi, Acme Clinics", "waits, Ada's phone rings", "MIT-1001")
    await world.passes(seconds=10)
    await caller.accepts()
    found = await look(world)
    (it,) = found.teams[0].calls
    assert it.what == "talks to Ada"
    assert it.what_began is not None
    assert "talks to Ada" in html(found, world)
    await caller.hangs_up(seconds=60)
    assert (await look(world)).teams[0].calls == ()


async def test_a_caller_whom_nobody_knows() -> None:
    world = World()
    await Caller(world, "+27115559999").calls()
    assert (await look(world)).teams[0].calls[0].who == "+27115559999"
    await Caller(world, "").calls()
    assert [it.who for it in (await look(world)).teams[0].calls] == ["+27115559999", "a hidden number"]
