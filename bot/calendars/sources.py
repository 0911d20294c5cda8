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


def people_of(directory: Directory) -> tuple[tuple[str, str], ...]:
    """Whom a calendar may name: ids and names."""
    return tuple((person.id, person.name) for person in directory.people)


def teams_of(directory: Directory, schedule: str) -> tuple[Team, ...]:
    """The teams whose chains lead to a schedule; where none does, all: somebody has to hear of it."""
    return rota.teams_of(directory, schedule) or directory.teams
