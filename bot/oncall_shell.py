"""`standby oncall`: who is on call and why, until when, who is next, and when nobody is."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app.context import Context
from bot.app.why import through
from bot.beside import DEFAULT, configured, instant_of, plain, seen_or_configured, wrong_use
from bot.domain.ids import PersonId
from bot.domain.why_notices import Through
from bot.wiring import SystemClock
from escalation.schedule import Schedule, explain_on_call, gaps, next_change, on_call

AHEAD = dt.timedelta(days=30)
"""So far ahead gaps are looked for."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OnCall:
    """One of us, and what has them on call (None: not asked)."""

    id: str
    name: str
    through: Through | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Gap:
    """Nobody is on call then; `end` None: no end is in sight."""

    start: dt.datetime
    end: dt.datetime | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shift:
    """Who is on call at an instant of a schedule; empty is a gap. `until` None: nothing changes within a year."""

    schedule: Schedule
    people: tuple[OnCall, ...]
    until: dt.datetime | None
    then: tuple[OnCall, ...]
    gaps: tuple[Gap, ...]


def oncall(
    schedule: Annotated[str, typer.Option(help="Only this one.")] = "",
    at: Annotated[str, typer.Option(help="ISO time; without an offset in UTC. Now otherwise.")] = "",
    config: Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")] = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document and nothing else.")] = False,
) -> None:
    """Who is on call, until when, who is next, and when nobody is in the coming 30 days? Exit 1 where nobody is now."""
    loaded = configured(config)
    instant = instant_of(at, dt.UTC) if at else SystemClock().now()
    known = [s.name for s in loaded.directory.schedules]
    if schedule and schedule not in known:
        raise wrong_use(f'unknown schedule "{schedule}"; there is {", ".join(known) or "none"}')
    wanted = [name for name in known if schedule in ("", name)]
    shifts = seen_or_configured(loaded, instant, lambda ctx: [shift_at(ctx, name) for name in wanted])
    for line in [document(shifts, instant)] if as_json else lines(shifts):
        print(line)
    raise typer.Exit(0 if shifts and all(s.people for s in shifts) else 1)


def shift_at(ctx: Context, name: str) -> Shift:
    """Who is on call at `ctx.now`, with what was arranged in chat and what calendars say."""
    at, schedule = ctx.now, ctx.schedule(name)
    until = next_change(schedule, at)
    people = tuple(
        OnCall(id=s.person, name=_name(ctx, s.person), through=through(ctx, name, s, at))
        for s in explain_on_call(schedule, at)
    )
    then = on_call(schedule, until) if until else ()
    return Shift(
        schedule=schedule,
        people=people,
        until=until,
        then=tuple(OnCall(id=id, name=_name(ctx, id)) for id in then),
        gaps=_gaps(schedule, at),
    )


def _gaps(schedule: Schedule, at: dt.datetime) -> tuple[Gap, ...]:
    """Those that begin within AHEAD, also where they end later."""
    ahead = at + AHEAD
    return tuple(
        Gap(start=gap.start, end=gap.end if gap.end < ahead else next_change(schedule, gap.start))
        for gap in gaps(schedule, at, ahead)
    )


def _name(ctx: Context, id: str) -> str:
    return ctx.setup.name_of(PersonId(id))


def document(shifts: list[Shift], at: dt.datetime) -> str:
    """One JSON document, instants in the zone of each schedule."""
    return json.dumps({"at": at.isoformat(), "schedules": [_as_dict(s) for s in shifts]})


def _as_dict(shift: Shift) -> dict[str, Any]:
    zone = shift.schedule.zone
    return {
        "name": shift.schedule.name,
        "zone": zone.key,
        "now": [
            {"id": p.id, "name": p.name, "through": _through(p.through, shift) if p.through else None}
            for p in shift.people
        ],
        "until": plain(shift.until, zone),
        "next": [{"id": p.id, "name": p.name} for p in shift.then],
        "gaps": [{"from": plain(gap.start, zone), "to": plain(gap.end, zone)} for gap in shift.gaps],
    }


def _through(by: Through, shift: Shift) -> dict[str, Any]:
    """Either a layer, from 1, or an override; `number` is of one made in chat."""
    override = {"change": by.override, "number": by.kept or None, "instead_of": by.instead_of or None}
    return {
        "layer": by.layer,
        "override": override if by.override else None,
        "since": plain(by.since, shift.schedule.zone),
        "until": plain(by.until, shift.schedule.zone),
    }


def lines(shifts: list[Shift]) -> list[str]:
    """For people, times local to each schedule."""
    said: list[str] = []
    for shift in shifts:
        now = _names(shift.people)
        until = f" until {_when(shift.until, shift)}, then {_names(shift.then)}" if shift.until else ""
        said.append(f"{shift.schedule.name}: {now}{until}  ({shift.schedule.zone.key})")
        said += [f"  {line}" for person in shift.people if (line := _why(person, shift))]
        said += [f"  {_gap(gap, shift)}" for gap in shift.gaps]
    return said


def _gap(gap: Gap, shift: Shift) -> str:
    end = f" to {_when(gap.end, shift)}" if gap.end else " on, with no end in sight"
    return f"nobody from {_when(gap.start, shift)}{end}"


def _why(person: OnCall, shift: Shift) -> str:
    """Said where it is not plainly the one layer there is."""
    by = person.through
    if by is None or (not by.override and len(shift.schedule.layers) == 1):
        return ""
    until = f" until {_when(by.until, shift)}" if by.until else ""
    if not by.override:
        return f"{person.name}: layer {by.layer}{until}"
    number = f" {by.kept}" if by.kept else ""
    how = f"instead of {by.instead_of or 'everybody'}" if by.override == "instead" else "beside the others"
    return f"{person.name}: override{number}, {how}{until}"


def _names(people: tuple[OnCall, ...]) -> str:
    return ", ".join(person.name for person in people) or "nobody"


def _when(at: dt.datetime, shift: Shift) -> str:
    return f"{at.astimezone(shift.schedule.zone):%a %Y-%m-%d %H:%M}"
