"""Schedules and chains as they will be walked: who is never on call, and who could not acknowledge."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.config.document import Document, Entry
from bot.config.problems import Report
from bot.config.schema import Layer, Schedule
from escalation.chain import Chain, Step
from escalation.instants import from_local
from escalation.rotation import Rotation, WeeklyWindow
from escalation.schedule import Schedule as Rota
from escalation.schedule import gaps

_LOOKED_AT = dt.timedelta(days=7)


def build_schedule(entry: Entry[Schedule]) -> Rota:
    zone = entry.value.timezone
    return Rota(
        name=entry.value.name,
        zone=zone,
        layers=tuple(_rotation(part.value, entry.value) for part in entry.parts),
    )


def _rotation(layer: Layer, schedule: Schedule) -> Rotation:
    return Rotation(
        people=layer.people,
        every=layer.every,
        handover=layer.handover,
        zone=schedule.timezone,
        restrictions=tuple(
            WeeklyWindow(days=window.days, start=window.start, end=window.end)
            for window in layer.restrictions
        ),
    )


def build_chain(entry: Entry[Any]) -> Chain:
    return Chain(
        name=entry.value.name,
        repeat=entry.value.repeat,
        steps=tuple(Step(targets=part.value.page, wait=part.value.wait) for part in entry.parts),
    )


def warn_of_gaps(entry: Entry[Schedule], report: Report) -> None:
    """Hours of a week in which nobody is on call, the first of them named."""
    rota = build_schedule(entry)
    if not rota.layers:
        return
    first = max(layer.handover for layer in rota.layers)
    start = from_local(rota.zone, first.date(), first.time())
    found = gaps(rota, start, start + _LOOKED_AT)
    if found:
        since, until = (edge.astimezone(rota.zone) for edge in found[0])
        when = f"{since:%a %H:%M} to {until:%a %H:%M}"
        report.warn(entry.at, f"nobody is on call for part of the week, such as {when}")


def warn_of_strangers(document: Document, report: Report) -> None:
    """People whom a team's chain pages by name or rota, and who could not acknowledge for that team."""
    members = {
        team.value.name: {
            person.value.id
            for person in document.people
            if team.value.name in person.value.teams and {"engineer", "lead"} & set(person.value.roles)
        }
        for team in document.teams
    }
    known = {person.value.id for person in document.people if not report.has(person.at)}
    for team in document.teams:
        for chain in document.chains:
            if chain.value.name not in team.value.chains.values():
                continue
            for stranger in sorted((_paged(chain, document) & known) - members[team.value.name]):
                message = f'pages "{stranger}", who is no engineer or lead of "{team.value.name}"'
                report.warn(chain.at, f"{message} and could not acknowledge")


def _paged(chain: Entry[Any], document: Document) -> set[str]:
    """The ids that a chain names, itself or through a schedule."""
    targets = {target for step in chain.parts for target in step.value.page}
    people = {target.removeprefix("person:") for target in targets if target.startswith("person:")}
    for schedule in document.schedules:
        if f"schedule:{schedule.value.name}" in targets:
            people |= {person for layer in schedule.parts for person in layer.value.people}
    return people
