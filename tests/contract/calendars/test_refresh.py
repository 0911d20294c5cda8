"""Calendars read again and again: the last good copy counts, and the desk hears of trouble once."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from pathlib import Path

import httpx
import pytest

from bot.app.duty import Chore
from bot.app.duty import Roster as Kept
from bot.calendars.fetch import client
from bot.calendars.refresh import Calendars
from escalation.schedule import Roster, Schedule
from tests.builders import ZONE, directory, person
from tests.contract.calendars.conftest import DAY
from tests.contract.calendars.server import Server
from tests.fakes.world import World
from tests.unit.calendars.ical import calendar, shift

ADA, GRACE = calendar(shift("Ada", *DAY)), calendar(shift("On-call: Grace", *DAY))


class Rota:
    """A world whose schedule is read from calendars, and what reads them."""

    def __init__(self, *sources: str) -> None:
        self.world = World(people=directory(schedules=(self.schedule(*sources),)))
        self.calendars = Calendars(
            setup=self.world.setup,
            run=self.world.run,
            clock=self.world.clock,
            wake=self.wake,
            log=self.world._log,
        )
        self.woken = asyncio.Event()

    @staticmethod
    def schedule(*sources: str) -> Schedule:
        return Schedule(name="standby", zone=ZONE, layers=tuple(Roster(source=s) for s in sources))

    def wake(self) -> None:
        self.woken.set()

    def reload(self, *sources: str, **changes: object) -> None:
        there = directory(**{"schedules": (self.schedule(*sources),), **changes})
        self.calendars.setup = dataclasses.replace(self.world.setup, directory=there)

    async def look(self, http: httpx.AsyncClient, **later: float) -> float | None:
        """After a while, a look; minutes to the next."""
        self.world.clock.at += dt.timedelta(**later)
        due = await self.calendars.once(http)
        await self.world.settle()
        return None if due is None else (due - self.world.clock.at).total_seconds() / 60

    def kept(self, source: str) -> Kept:
        found = self.world.store.transact(lambda uow: uow.rota.roster(source))
        assert found is not None
        return found

    def people(self, source: str) -> list[str]:
        return [shift.person for shift in self.kept(source).shifts]

    def told(self) -> list[str]:
        sent = self.world.channels["slack"].sent
        said = [one.text for one in sent]
        sent.clear()
        return said


async def test_who_the_calendar_names_is_on_call(server: Server, http: httpx.AsyncClient) -> None:
    rota = Rota(server.url())
    assert await rota.look(http) == 15
    await rota.world.says("+27115550100", "everything is down, nobody can work. EMERGENCY")
    assert rota.people(server.url()) == ["ada"]
    server.text = GRACE
    assert await rota.look(http, minutes=15) == 15
    assert rota.people(server.url()) == ["grace"]
    assert rota.kept(server.url()).fetched == rota.world.clock.at


async def test_the_last_good_copy_stays_and_the_desk_is_told_after_an_hour_and_again_when_it_works(
    server: Server, http: httpx.AsyncClient
) -> None:
    rota = Rota(server.url())
    await rota.look(http)
    server.status = 500
    for _ in range(4):
        await rota.look(http, minutes=15)
        assert rota.told() == []
    kept = rota.kept(server.url())
    assert rota.people(server.url()) == ["ada"]
    assert (kept.error, kept.told) == ("127.0.0.1: the server answers 500", False)
    await rota.look(http, minutes=15)
    assert rota.told() == [
        "⚠️ The calendar of standby (127.0.0.1) can't be read: the server answers 500. "
        "What it said last counts on (12:00)."
    ]
    await rota.look(http, minutes=15)
    assert rota.told() == []
    server.status, server.text = 200, GRACE
    await rota.look(http, minutes=15)
    assert rota.told() == ["✅ The calendar of standby (127.0.0.1) can be read again."]
    kept = rota.kept(server.url())
    assert (kept.failing, kept.error, kept.told) == (None, "", False)
    assert rota.people(server.url()) == ["grace"]
    server.status = 500
    await rota.look(http, minutes=15)
    server.status = 200
    await rota.look(http, minutes=15)
    assert rota.told() == []


@pytest.mark.parametrize("text", ["<html>log in</html>", calendar(), calendar(shift("Eve", *DAY)), ADA[:-9]])
async def test_what_is_no_good_calendar_replaces_nothing(
    text: str, server: Server, http: httpx.AsyncClient
) -> None:
    rota = Rota(server.url())
    await rota.look(http)
    server.text = text
    assert await rota.look(http, minutes=15) == 15
    assert rota.people(server.url()) == ["ada"]
    assert rota.kept(server.url()).failing == rota.world.clock.at


async def test_one_that_never_worked_is_told_soon_and_tried_often(
    tmp_path: Path, http: httpx.AsyncClient
) -> None:
    path = tmp_path / "rota.ics"
    rota = Rota(str(path))
    for _ in range(5):
        assert await rota.look(http) == 1
        rota.world.clock.at += dt.timedelta(minutes=1)
    assert rota.told() == []
    await rota.look(http)
    assert rota.told() == [
        "⚠️ The calendar of standby (rota.ics) can't be read: there is no such file. "
        "It never could be: nobody is on call from it."
    ]
    path.write_text(ADA)
    assert await rota.look(http, minutes=1) == 15
    assert rota.told() == ["✅ The calendar of standby (rota.ics) can be read again."]
    assert rota.people(str(path)) == ["ada"]


async def test_an_unchanged_calendar_is_not_read_again_within_a_day(
    server: Server, http: httpx.AsyncClient
) -> None:
    server.etag = '"1"'
    rota = Rota(server.url())
    for _ in range(3):
        await rota.look(http, hours=6)
    assert ["if-none-match" in headers for headers in server.asked] == [False, True, True]
    assert [event for event, _ in rota.world.logged].count("calendar_read") == 1
    assert rota.kept(server.url()).fetched == rota.world.clock.at
    await rota.look(http, hours=13)
    assert "if-none-match" not in server.asked[-1]
    assert [event for event, _ in rota.world.logged].count("calendar_read") == 2


async def test_a_304_after_trouble_is_well_again(server: Server, http: httpx.AsyncClient) -> None:
    server.etag = '"1"'
    rota = Rota(server.url())
    await rota.look(http)
    server.status = 503
    await rota.look(http, minutes=15)
    server.status = 200
    await rota.look(http, minutes=15)
    assert rota.kept(server.url()).failing is None
    assert rota.people(server.url()) == ["ada"]


async def test_strangers_are_told_once(server: Server, http: httpx.AsyncClient) -> None:
    server.text = calendar(shift("Ada, Eve\u202e*bold*", *DAY), shift("Bob", *DAY))
    rota = Rota(server.url())
    await rota.look(http)
    (said,) = rota.told()
    assert said == (
        "⚠️ In the calendar of standby (127.0.0.1) nobody is on call for: Eve *bold, Bob. What counts is the id or name of "
        'somebody who can acknowledge its pages, alone or with words like "on call".'
    )
    server.text = server.text.replace("Bob", "Bob, Carl")
    await rota.look(http, minutes=15)
    (said,) = rota.told()
    assert "nobody is on call for: Carl." in said
    again = Calendars(  # as after a start
        setup=rota.world.setup,
        run=rota.world.run,
        clock=rota.world.clock,
        wake=rota.wake,
        log=rota.world._log,
    )
    await again.once(http)
    await rota.world.settle()
    assert rota.told() == []


async def test_no_name_and_no_address_is_logged(server: Server, http: httpx.AsyncClient) -> None:
    server.text = calendar(shift("Eve", *DAY))
    rota = Rota(server.url("private-hush.ics"))
    await rota.look(http)
    logged = str(rota.world.logged)
    assert "calendar_failed" in logged
    assert "Eve" not in logged and "hush" not in logged


async def test_a_reload_reads_at_once_and_for_the_new_people(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "second.ics"
    path.write_text(calendar(shift("Newton", *DAY)))
    rota = Rota(server.url())
    forever = asyncio.create_task(rota.calendars.forever())
    await asyncio.wait_for(rota.woken.wait(), 10)
    rota.woken.clear()
    isaac = person("isaac", "Newton", "U0ISAAC")
    rota.reload(str(path), people=(isaac,))
    await asyncio.wait_for(rota.woken.wait(), 10)
    assert rota.people(str(path)) == ["isaac"]
    rota.woken.clear()
    rota.reload(str(path), people=(person("sir", "Newton", "U0ISAAC"),))
    await asyncio.wait_for(rota.woken.wait(), 10)
    assert rota.people(str(path)) == ["sir"]
    forever.cancel()
    await asyncio.gather(forever, return_exceptions=True)


async def test_without_calendars_nothing_is_done_until_there_is_one(tmp_path: Path) -> None:
    rota = Rota()
    forever = asyncio.create_task(rota.calendars.forever())
    path = tmp_path / "rota.ics"
    path.write_text(ADA)
    await asyncio.sleep(0)
    assert not rota.woken.is_set()
    rota.reload(str(path))
    await asyncio.wait_for(rota.woken.wait(), 10)
    forever.cancel()
    await asyncio.gather(forever, return_exceptions=True)
    assert rota.people(str(path)) == ["ada"]


async def test_one_that_is_slow_keeps_no_other_waiting(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "rota.ics"
    path.write_text(ADA)
    rota = Rota(server.url("slow"), str(path))
    async with client() as http:
        looking = asyncio.create_task(rota.calendars.once(http))
        await asyncio.wait_for(rota.woken.wait(), 10)
        assert rota.people(str(path)) == ["ada"]
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def test_a_change_has_the_gaps_looked_at_again(server: Server, http: httpx.AsyncClient) -> None:
    rota = Rota(server.url())
    later = rota.world.clock.at + dt.timedelta(days=1)

    def due() -> dt.datetime | None:
        chore = rota.world.store.transact(lambda uow: uow.chores.get("gaps:standby"))
        return chore.due if chore else None

    rota.world.store.transact(lambda uow: uow.chores.save(Chore(name="gaps:standby", due=later)))
    await rota.calendars.once(http)
    assert due() == rota.world.clock.at
    rota.world.store.transact(lambda uow: uow.chores.save(Chore(name="gaps:standby", due=later)))
    await rota.calendars.once(http)
    assert due() == later
