"""`standby oncall`: who is on call, until when, who is next, and when nobody is."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

from bot.domain.people import Directory
from escalation.instants import Span
from escalation.schedule import Schedule, gaps, next_change, on_call

AHEAD = dt.timedelta(days=30)
"""So far ahead gaps are looked for."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shift:
    """Who is on call at an instant of a schedule; empty is a gap. `until` None: nothing changes within a year."""

    schedule: Schedule
    people: tuple[str, ...]
    until: dt.datetime | None
    then: tuple[str, ...]
    gaps: tuple[Span, ...]


def shift_at(schedule: Schedule, at: dt.datetime) -> Shift:
    until = next_change(schedule, at)
    return Shift(
        schedule=schedule,
        people=on_call(schedule, at),
        until=until,
        then=on_call(schedule, until) if until else (),
        gaps=gaps(schedule, at, at + AHEAD),
    )


def document(directory: Directory, shifts: list[Shift], at: dt.datetime) -> str:
    """One JSON document, instants in the zone of each schedule."""
    return json.dumps({"at": at.isoformat(), "schedules": [_as_dict(directory, s) for s in shifts]})


def _as_dict(directory: Directory, shift: Shift) -> dict[str, Any]:
    zone = shift.schedule.zone
    return {
        "name": shift.schedule.name,
        "zone": zone.key,
        "now": [{"id": id, "name": directory.person(id).name} for id in shift.people],
        "until": shift.until.astimezone(zone).isoformat() if shift.until else None,
        "next": [{"id": id, "name": directory.person(id).name} for id in shift.then],
        "gaps": [
            {"from": gap.start.astimezone(zone).isoformat(), "to": gap.end.astimezone(zone).isoformat()}
            for gap in shift.gaps
        ],
    }


def lines(directory: Directory, shifts: list[Shift]) -> list[str]:
    """For people, times local to each schedule."""
    said: list[str] = []
    for shift in shifts:
        now = _names(directory, shift.people)
        until = (
            f" until {_when(shift.until, shift)}, then {_names(directory, shift.then)}" if shift.until else ""
        )
        said.append(f"{shift.schedule.name}: {now}{until}  ({shift.schedule.zone.key})")
        said += [f"  nobody from {_when(gap.start, shift)} to {_when(gap.end, shift)}" for gap in shift.gaps]
    return said


def _names(directory: Directory, people: tuple[str, ...]) -> str:
    return ", ".join(directory.person(id).name for id in people) or "nobody"


def _when(at: dt.datetime, shift: Shift) -> str:
    return f"{at.astimezone(shift.schedule.zone):%a %Y-%m-%d %H:%M}"
