"""The page of figures: what it says, whose figures it shows, and how it reads the log."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app.rows import UnitOfWork
from bot.app.speech import Speech
from bot.board import figures_days
from bot.board.figures_page import FiguresPage, Shown
from bot.board.templating import environment
from bot.board.viewer import Viewer
from bot.domain import events as ev
from bot.domain.ids import TeamName, TicketId
from bot.domain.people import Team
from storage.engine import open_store
from storage.schema import upgrade
from tests.board.house import append, house_of, viewer
from tests.builders import ADA, DESK, THANDI, directory, policy
from tests.contract.storage_samples import lean
from tests.contract.storage_samples import ticket as sample
from tests.fakes.world import MONDAY_NOON, World

DAY = dt.timedelta(days=1)
WARSAW = ZoneInfo("Europe/Warsaw")


def page_of(world: World) -> FiguresPage:
    return FiguresPage(house=house_of(world), templates=environment())


async def shown(page: FiguresPage, who: Viewer | None = None, **query: str) -> Shown:
    who = who or viewer()
    speech = Speech(language=who.language, zone=who.zone, now=page.house.clock.now())
    return await page.shown(who, query, speech)


async def answered(world: World) -> None:
    await world.says(THANDI, "The mail server is down, nobody can work")
    await world.says(THANDI, "1")
    await world.passes(minutes=12)
    await world.says(ADA, "Looking into it", via="slack", place=DESK, thread=world.thread())


# ---------------------------------------------------------------- what it says
async def test_the_week_so_far() -> None:
    world = World()
    await answered(world)
    found = await shown(page_of(world))
    answers, solved, load, ratings, pages = found.tiles
    assert (found.running, answers.title, answers.value) == (
        "This week so far",
        "First answers in time",
        "100%",
    )
    assert answers.notes == ("1 of 1", "half within 12 min, nine in ten within 12 min")
    assert (solved.value, solved.notes) == ("–", ("Nothing was due.",))
    assert (load.value, load.notes, load.before) == ("1", ("0 resolved",), "last week: 0")
    assert (ratings.value, ratings.notes) == ("–", ("Nobody has rated.",))
    assert (pages.value, pages.notes) == ("1", ("2 call-outs",))
    assert [(row.name, row.number) for row in found.open] == [
        ("Emergency", "1"),
        ("High", "0"),
        ("Normal", "0"),
        ("Low", "0"),
    ]
    assert [(one.name, one.took, one.solved, one.called_out) for one in found.colleagues] == [
        ("Ada", "1", "0", "1"),
        ("Grace", "0", "0", "1"),
    ]


@pytest.mark.parametrize(("by", "times"), [("day", 14), ("week", 12), ("month", 12), ("nonsense", 12)])
async def test_days_weeks_months(by: str, times: int) -> None:
    world = World()
    await answered(world)
    found = await shown(page_of(world), by=by)
    assert not found.partly
    assert {len(drawn.chart.labels) for drawn in found.charts} == {times}
    chart = next(drawn.chart for drawn in found.charts if drawn.chart.id == "tickets")
    assert chart.series[0].values[-1] == 1
    assert sum(choice.chosen for choice in found.grains) == 1


async def test_the_page_in_html() -> None:
    world = World()
    await answered(world)
    html = await page_of(world).page(viewer(), {"by": "day"})
    assert "First answers in time" in html
    assert "yesterday: –" in html
    assert 'aria-current="page">Figures' in html
    assert "style=" not in html
    assert html.count("<details") == html.count('<svg class="chart"')
    assert "Days begin at midnight in Africa/Johannesburg." in html


async def test_names_are_text() -> None:
    world = World()
    evil = '<img src=x onerror="alert(1)">'
    people = tuple(dataclasses.replace(p, name=evil) if p.id == "ada" else p for p in world.directory.people)
    severity = dataclasses.replace(policy().severities[0], label=evil)
    policies = (policy(severities=(severity, *policy().severities[1:])),)
    world.bus.setup = dataclasses.replace(
        world.bus.setup, directory=directory(people=people, policies=policies)
    )
    await answered(world)
    html = await page_of(world).page(viewer(), {})
    assert "<img" not in html
    assert html.count("&lt;img src=x") >= 2


async def test_an_empty_desk_says_so() -> None:
    html = await page_of(World()).page(viewer(), {})
    assert "Nothing to show yet." in html
    assert "Nothing yet." in html


# ---------------------------------------------------------------- whose
def two_teams() -> World:
    other = Team(name=TeamName("serwis"), policy="serwis", desks=(), chains={})
    polish = policy(name="serwis", language="pl", zone=WARSAW, prefix="SRW")
    world = World(people=directory(teams=(*directory().teams, other), policies=(policy(), polish)))

    def write(uow: UnitOfWork) -> None:
        for id, team in (("MIT-1", "desk"), ("SRW-1", "serwis"), ("SRW-2", "serwis")):
            uow.tickets.save(sample(id, team=team, policy="managed-it", severity="high", clocks=()))
            uow.log.append(TicketId(id), [opened(id, team)], MONDAY_NOON - dt.timedelta(hours=12, minutes=30))

    append(world, write)  # half past eleven on Sunday evening in Johannesburg, half past ten in Warsaw
    return world


def opened(id: str, team: str) -> ev.Event:
    return dataclasses.replace(lean(ev.TicketOpened), ticket=TicketId(id), team=TeamName(team))


def values(found: Shown) -> list[float | None]:
    chart = next(drawn.chart for drawn in found.charts if drawn.chart.id == "tickets")
    return list(chart.series[0].values)


async def test_only_own_teams_and_one_of_them_where_asked() -> None:
    page = page_of(two_teams())
    both = viewer("desk", "serwis")
    assert values(await shown(page, both, by="day"))[-2:] == [3, 0]
    assert values(await shown(page, both, by="day", team="serwis"))[-2:] == [2, 0]
    assert values(await shown(page, viewer("desk"), by="day"))[-2:] == [1, 0]
    assert values(await shown(page, viewer("desk"), by="day", team="serwis"))[-2:] == [1, 0], "not theirs"
    assert (await shown(page, viewer("desk"))).teams == ()
    choices = (await shown(page, both, team="serwis", by="month")).teams
    assert [(c.label, c.url, c.chosen) for c in choices] == [
        ("All my teams", "/board/figures?by=month", False),
        ("desk", "/board/figures?by=month&team=desk", False),
        ("serwis", "/board/figures?by=month&team=serwis", True),
    ]


async def test_a_day_is_of_the_policys_zone() -> None:
    """Midnight has passed in Johannesburg, not in Warsaw."""
    world = two_teams()

    def write(uow: UnitOfWork) -> None:
        for id, team in (("MIT-1", "desk"), ("SRW-1", "serwis")):
            at = MONDAY_NOON - dt.timedelta(hours=11, minutes=30)  # 00:30 and 23:30
            uow.log.append(TicketId(id), [ev.Reopened(by=ev.STANDBY)], at)
            uow.log.append(TicketId(id), [opened(id, team)], at)

    append(world, write)
    page = page_of(world)
    assert values(await shown(page, viewer("desk"), by="day"))[-2:] == [1, 1]
    assert values(await shown(page, viewer("serwis"), by="day"))[-2:] == [3, 0]
    assert (await shown(page, viewer("desk", "serwis"))).zones == "Africa/Johannesburg, Europe/Warsaw"


# ---------------------------------------------------------------- how it reads
class Reading:
    """Counts what is asked of the log."""

    def __init__(self, world: World) -> None:
        self.house = dataclasses.replace(house_of(world), run=self.run)
        self._run: Callable[..., Any] = world.run
        self.rows: list[int] = []
        self.days: list[dt.datetime] = []

    async def run(self, work: Callable[[UnitOfWork], Any], /) -> Any:
        def watched(uow: UnitOfWork) -> Any:
            asked = uow.log.piece

            def piece(since: dt.datetime, *more: Any) -> Any:
                found = asked(since, *more)
                self.rows.append(len(found))
                self.days.append(since)
                return found

            uow.log.piece = piece  # type: ignore[method-assign]
            try:
                return work(uow)
            finally:
                uow.log.piece = asked  # type: ignore[method-assign]

        return await self._run(watched)


def busy(world: World, date: int, events: int) -> None:
    """So many days ago."""

    def write(uow: UnitOfWork) -> None:
        uow.tickets.save(sample("MIT-1", team="desk", policy="managed-it", severity="high", clocks=()))
        rated = [ev.Rated(score=4)] * events
        uow.log.append(TicketId("MIT-1"), rated, MONDAY_NOON - date * DAY)

    append(world, write)


async def test_a_day_that_is_over_is_read_once_and_today_each_time() -> None:
    world = World()
    busy(world, 0, 2)
    busy(world, 3, 5)
    reading = Reading(world)
    page = FiguresPage(house=reading.house, templates=environment())
    await shown(page, by="day")
    assert len(reading.days) == 14
    reading.days.clear()
    busy(world, 0, 1)
    found = await shown(page, by="day")
    assert len(reading.days) == 1
    assert (found.tiles[3].value, found.tiles[3].notes) == ("4.0", ("3 ratings, 1 to 5",))
    world.clock.at += DAY
    reading.days.clear()
    await shown(page, by="day")
    assert len(reading.days) == 2, "the day that was today, and the one that is"


async def test_large_days_are_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures_days, "PIECE", 10)
    world = World()
    busy(world, 0, 35)
    reading = Reading(world)
    page = FiguresPage(house=reading.house, templates=environment())
    assert (await shown(page, by="day")).tiles[3].notes == ("35 ratings, 1 to 5",)
    assert max(reading.rows) == 10


async def test_on_a_database_in_a_file(tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path}/standby.db")
    store = open_store(f"sqlite:///{tmp_path}/standby.db")
    try:
        world = World(store=store)
        await answered(world)
        found = await shown(page_of(world))
        assert (found.tiles[0].value, found.open_in_all, found.tiles[4].value) == ("100%", "1", "1")
    finally:
        store.close()


async def test_a_long_past_is_counted_in_several_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures_days, "AT_ONCE", 10)
    world = World()
    for date in range(14):
        busy(world, date, 4)
    page = page_of(world)
    first = await shown(page, by="day")
    assert first.partly
    ratings = next(drawn.chart for drawn in first.charts if drawn.chart.id == "ratings").series[0]
    assert ratings.values[-3:] == (4.0, 4.0, 4.0)
    assert set(ratings.values[:-3]) == {None}
    assert "Older days are still being counted." in await page.page(viewer(), {"by": "day"})
    for _ in range(6):
        found = await shown(page, by="day")
    assert not found.partly


async def test_two_who_look_at_once_count_once() -> None:
    world = World()
    reading = Reading(world)
    page = FiguresPage(house=reading.house, templates=environment())
    await asyncio.gather(*(shown(page, by="day") for _ in range(3)))
    assert len(reading.days) == 14 + 2, "today is of each"
