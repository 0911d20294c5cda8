"""Which calendars the configuration names, and whom they concern."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.domain import rota
from bot.domain.people import Directory, Team
from escalation.schedule import Roster


@dataclasses.dataclass(frozen=True, kw_only=True)
class Source:
    """A calendar of a schedule: its URL or absolute path, and `key`, where the configuration names it."""

    at: str
    schedule: str
    zone: ZoneInfo
    key: str


def sources_of(directory: Directory) -> Iterator[Source]:
    """In the order of the configuration; one that several layers name comes several times."""
    for index, schedule in enumerate(directory.schedules):
        for number, layer in enumerate(schedule.layers):
            if isinstance(layer, Roster):
                key = f"schedules[{index}].layers[{number}].ical"
                yield Source(at=layer.source, schedule=schedule.name, zone=schedule.zone, key=key)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Known:
    """What a calendar may say: `people` (id, name), and `titles` that may stand beside a name."""

    people: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]


def known_to(directory: Directory, at: str) -> Known:
    """For a calendar: those who may be on call in each schedule that names it, and what these and their teams are called.

    Anybody else could not acknowledge."""
    schedules = tuple(dict.fromkeys(source.schedule for source in sources_of(directory) if source.at == at))
    people = tuple(
        (person.id, person.name)
        for person in directory.people
        if all(rota.may_be_on(directory, schedule, person) for schedule in schedules)
    )
    teams = (team.name for schedule in schedules for team in rota.teams_of(directory, schedule))
    return Known(people=people, titles=tuple(dict.fromkeys((*schedules, *teams))))


def teams_of(directory: Directory, schedule: str) -> tuple[Team, ...]:
    """The teams whose chains lead to a schedule; where none does, all: somebody has to hear of it."""
    return rota.teams_of(directory, schedule) or directory.teams
