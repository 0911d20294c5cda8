"""Schedules and chains as they will be walked: who is never on call, and who could not acknowledge."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from bot.config.document import Document, Entry
from bot.config.layers import build_layer
from bot.config.problems import Report
from bot.config.schema import Person, Schedule, Team
from escalation.chain import Chain, Step
from escalation.instants import from_local
from escalation.schedule import Schedule as Rota
from escalation.schedule import gaps

_LOOKED_AT = dt.timedelta(days=7)


def build_schedule(entry: Entry[Schedule], folder: Path) -> Rota:
    """`folder` is the one that the calendars' files are relative to."""
    zone = entry.value.timezone
    return Rota(
        name=entry.value.name,
        zone=zone,
        layers=tuple(build_layer(part.value, zone, folder) for part in entry.parts),
        drill=entry.value.drill,
    )


def build_chain(entry: Entry[Any]) -> Chain:
    steps = (part.value for part in entry.parts)
    return Chain(
        name=entry.value.name,
        repeat=entry.value.repeat,
        steps=tuple(Step(targets=step.page, wait=step.wait, at=step.at) for step in steps),
    )


def warn_of_gaps(entry: Entry[Schedule], report: Report) -> None:
    """Hours of a week in which nobody is on call, the first of them named; a calendar's are not known here."""
    if not entry.parts or any(part.value.ical for part in entry.parts):
        return
    rota = build_schedule(entry, Path())
    first = max(part.value.handover for part in entry.parts)
    start = from_local(rota.zone, first.date(), first.time())
    found = gaps(rota, start, start + _LOOKED_AT)
    if found:
        since, until = (edge.astimezone(rota.zone) for edge in found[0])
        when = f"{since:%a %H:%M} to {until:%a %H:%M}"
        report.warn(entry.at, f"nobody is on call for part of the week, such as {when}")


def warn_of_strangers(document: Document, report: Report) -> None:
    """People whom a team's chain pages by name or rota and who could not acknowledge for that team; leads that it
    has not."""
    known = {person.value.id for person in document.people if not report.has(person.at)}
    for team in document.teams:
        members = [person.value for person in document.people if _works_for(person.value, team.value)]
        for chain in document.chains:
            if chain.value.name not in team.value.chains.values():
                continue
            for stranger in sorted((_paged(chain, document) & known) - {person.id for person in members}):
                message = f'pages "{stranger}", who is no engineer or lead of "{team.value.name}"'
                report.warn(chain.at, f"{message} and could not acknowledge")
            targets = {target for step in chain.parts for target in step.value.page}
            if "leads" in targets and not any("lead" in person.roles for person in members):
                report.warn(chain.at, f'pages the leads: "{team.value.name}" has none')


def _works_for(person: Person, team: Team) -> bool:
    return team.name in person.teams and bool({"engineer", "lead"} & set(person.roles))


def _paged(chain: Entry[Any], document: Document) -> set[str]:
    """The ids that a chain names, itself or through a schedule."""
    targets = {target for step in chain.parts for target in step.value.page}
    people = {target.removeprefix("person:") for target in targets if target.startswith("person:")}
    for schedule in document.schedules:
        if f"schedule:{schedule.value.name}" in targets:
            people |= {person for layer in schedule.parts for person in layer.value.people}
    return people
