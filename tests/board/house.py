"""A house on the bot in memory, and who looks into it."""

from __future__ import annotations

from typing import Any

from bot.app.rows import UnitOfWork
from bot.board.viewer import House, Viewer
from bot.domain.ids import TeamName
from tests.builders import person
from tests.fakes.world import World


def house_of(world: World) -> House:
    return House(
        run=world.run,
        setup=lambda: world.bus.setup,
        clock=world.clock,
        log=lambda event, /, **fields: None,
        wake=lambda: None,
    )


def viewer(*teams: str, language: str = "en", **changes: Any) -> Viewer:
    one = person("ada", "Ada", **changes)
    names = frozenset(TeamName(team) for team in teams or ("desk",))
    return Viewer(person=one, teams=names, language=language, zone=one.zone, session="s", csrf="c")


def append(world: World, work: Any) -> None:
    """Rows written by hand."""

    def write(uow: UnitOfWork) -> None:
        work(uow)

    world.store.transact(write)
