"""A second opinion on who is on call: every minute of some days, by hand-overs listed from the rotation's beginning.

It shares no code with the product: times are those of the standard library, layers and overrides are applied anew at
each minute. Hand-overs, windows, shifts and overrides are on whole minutes.
"""

import datetime as dt
from collections.abc import Sequence
from itertools import count, takewhile
from zoneinfo import ZoneInfo

from escalation.rotation import Rotation, WeeklyWindow
from escalation.schedule import Change, Override, Roster, Schedule

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

People = tuple[str, ...]


def instant(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """A wall time's first occurrence; one that is skipped is as much later as the clocks jumped."""
    return local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)


def walk(schedule: Schedule, begin: dt.datetime, minutes: int) -> list[People]:
    """Who is on at each minute from `begin` on."""
    layers = [_layer(layer, begin, minutes) for layer in schedule.layers]
    walked = []
    for n in range(minutes):
        people: list[str] = []
        for layer, said in zip(schedule.layers[::-1], layers[::-1], strict=True):
            people = [*said[n], *people]
            if said[n] and not layer.joins:
                break
        walked.append(_overridden(people, schedule.overrides, begin + n * MINUTE))
    return walked


def _overridden(people: list[str], overrides: Sequence[Override], at: dt.datetime) -> People:
    for over in overrides:
        if not over.span.start <= at < over.span.end:
            continue
        if over.change == Change.ADD:
            people = [*people, over.person]
        elif over.change == Change.REMOVE:
            people = [p for p in people if p != over.person]
        elif over.replaces is None:
            people = [over.person]
        else:
            people = [over.person if p == over.replaces else p for p in people]
    return tuple(p for n, p in enumerate(people) if p not in people[:n])


def _layer(layer: Rotation | Roster, begin: dt.datetime, minutes: int) -> list[People]:
    if isinstance(layer, Roster):
        said: list[list[str]] = [[] for _ in range(minutes)]
        for shift in layer.shifts:
            first, last = (shift.span.start - begin) // MINUTE, (shift.span.end - begin) // MINUTE
            for n in range(max(first, 0), min(last, minutes)):
                said[n].append(shift.person)
        return [tuple(people) for people in said]
    return _rotation(layer, begin, minutes)


def _rotation(rotation: Rotation, begin: dt.datetime, minutes: int) -> list[People]:
    """The turn that counts is the last of the list that has begun."""
    end = begin + minutes * MINUTE
    begun = sorted(_handovers(rotation, begin, end))
    windows = [span for window in rotation.restrictions for span in _spans(window, rotation.zone, begin, end)]
    said: list[People] = []
    turn = min(n for _, n in begun)
    for n in range(minutes):
        at = begin + n * MINUTE
        while begun and begun[0][0] <= at:
            turn = max(turn, begun.pop(0)[1])
        is_open = not rotation.restrictions or any(a <= at < b for a, b in windows)
        said.append((rotation.people[turn % len(rotation.people)],) if is_open else ())
    return said


def _handovers(rotation: Rotation, begin: dt.datetime, end: dt.datetime) -> list[tuple[dt.datetime, int]]:
    """Every hand-over from the first one (or `begin`, if that is earlier) until after `end`, with its number."""
    forward = takewhile(lambda n: _at(rotation, n - 4) <= end, count(0))
    backward = takewhile(lambda n: _at(rotation, n + 4) >= begin, count(-1, -1))
    return [(_at(rotation, n), n) for n in (*backward, *forward)]


def _at(rotation: Rotation, n: int) -> dt.datetime:
    steps, first = n * rotation.every.count, rotation.handover
    if rotation.every.unit == "months":
        year, month = divmod(first.year * 12 + first.month - 1 + steps, 12)
        following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
        local = first.replace(day=1, year=year, month=month + 1)
        local = local.replace(day=min(first.day, (following - DAY).day))
    else:
        local = first + dt.timedelta(**{str(rotation.every.unit): steps})
    return instant(local, rotation.zone)


def _spans(
    window: WeeklyWindow, zone: ZoneInfo, begin: dt.datetime, end: dt.datetime
) -> list[tuple[dt.datetime, dt.datetime]]:
    first = begin.astimezone(zone).date() - 3 * DAY
    dates = (first + n * DAY for n in range((end - begin).days + 6))
    return [
        (
            instant(dt.datetime.combine(date, window.start), zone),
            instant(dt.datetime.combine(date + (window.end <= window.start) * DAY, window.end), zone),
        )
        for date in dates
        if DAYS[date.weekday()] in window.days
    ]
