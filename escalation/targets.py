"""What a target promises: by when to aim, by when it is due, and why.

Rules: semantics.md, Clocks and Targets. A `Duration` is used up by counting time. The others name a wall
time (`is_wall_time`): a pause moves them by the office hours it covers, and they are late once the due
instant has passed. In every function `calendar` is the policy's business calendar; `counts` and the
target decide which time of it counts.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from escalation.calendar import Always, Calendar
from escalation.grammar import (
    Agreed,
    AsNeeded,
    BusinessDays,
    Duration,
    Negotiated,
    NextBusinessDay,
    Range,
    SameDay,
    Target,
    TargetError,
    agreed,
    parse_target,
)
from escalation.instants import ZERO, Pauses, Span, from_local, merged
from escalation.timeline import instant

__all__ = [
    "Agreed",
    "AsNeeded",
    "BusinessDays",
    "Counts",
    "Duration",
    "Negotiated",
    "NextBusinessDay",
    "Promise",
    "Range",
    "SameDay",
    "Step",
    "StepKind",
    "Target",
    "TargetError",
    "agreed",
    "counting_calendar",
    "explain",
    "is_wall_time",
    "parse_target",
    "promise",
    "target_length",
]

ALWAYS = Always()


class Counts(StrEnum):
    """Which time a severity's targets count."""

    ALWAYS = "always"
    OFFICE_HOURS = "office hours"
    BUSINESS_DAYS = "business days"


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """When to aim for (ranges only) and when it is due, UTC; both None where there is no clock."""

    aim: dt.datetime | None
    due: dt.datetime | None


def counting_calendar(target: Target, counts: Counts, calendar: Calendar) -> Calendar:
    """Return the calendar whose open time `target` counts: business targets count office hours."""
    if isinstance(target, Range):
        return counting_calendar(target.promise, counts, calendar)
    if isinstance(target, BusinessDays | NextBusinessDay | SameDay):
        return calendar
    if isinstance(target, Duration) and target.business:
        return calendar
    return counted_by(counts, calendar)


def counted_by(counts: Counts, calendar: Calendar) -> Calendar:
    """Return the calendar that `counts` names."""
    if counts is Counts.ALWAYS:
        return ALWAYS
    return calendar if counts is Counts.OFFICE_HOURS else calendar.whole_days()


def is_wall_time(target: Target) -> bool:
    """Tell whether the target names a wall time, so that it is late as soon as its due instant is past."""
    if isinstance(target, Range):
        return is_wall_time(target.promise)
    return isinstance(target, BusinessDays | NextBusinessDay | SameDay | Agreed)


def promise(
    target: Target, counts: Counts, calendar: Calendar, start: dt.datetime, pauses: Pauses = ()
) -> Promise:
    """Return the aim and due instants of `target` for a clock started at `start`; pauses never make it earlier."""
    start, pauses = instant(start), tuple(pauses)
    if isinstance(target, Range):
        return Promise(
            aim=_due(target.aim, counts, calendar, start, pauses),
            due=_due(target.promise, counts, calendar, start, pauses),
        )
    return Promise(aim=None, due=_due(target, counts, calendar, start, pauses))


def target_length(
    target: Target, counts: Counts, calendar: Calendar, start: dt.datetime
) -> dt.timedelta | None:
    """Return the counting time from `start` to due without pauses; None where there is no clock."""
    if isinstance(target, Range):
        return target_length(target.promise, counts, calendar, start)
    if isinstance(target, Duration):
        return target.length
    due = _due(target, counts, calendar, instant(start), ())
    return None if due is None else counting_calendar(target, counts, calendar).measure(start, due)


def _due(
    target: Target, counts: Counts, calendar: Calendar, start: dt.datetime, pauses: Pauses
) -> dt.datetime | None:
    """Return when a target that is no range is due; None for as needed and negotiated."""
    match target:
        case Duration():
            return counting_calendar(target, counts, calendar).due(start, target.length, pauses)
        case BusinessDays():
            due = calendar.add_business_days(start, target.count)
        case NextBusinessDay():
            due = _next_business_day(target, calendar, start)
        case SameDay():
            due = _same_day(target, calendar, start)
        case Agreed():
            return target.at
        case _:
            return None
    if not pauses:
        return due
    return _shifted(calendar, start, due, pauses)


def _shifted(calendar: Calendar, start: dt.datetime, due: dt.datetime, pauses: Pauses) -> dt.datetime:
    """Return a wall-time due moved by the office hours that `pauses` cover before it."""
    used_up = calendar.due(start, calendar.measure(start, due), pauses)
    if used_up >= due or not calendar.is_open(due):
        return max(used_up, due)
    for held in merged(pauses, start):  # due at an opening, its time used up at the closing before
        if held.start < due < held.end:
            return calendar.next_open(held.end)
    return due


def _next_business_day(target: NextBusinessDay, calendar: Calendar, start: dt.datetime) -> dt.datetime:
    date = calendar.next_business_day(start.astimezone(calendar.zone).date())
    return _closing(calendar, date) if target.by is None else from_local(calendar.zone, date, target.by)


def _same_day(target: SameDay, calendar: Calendar, start: dt.datetime) -> dt.datetime:
    today = start.astimezone(calendar.zone).date()
    in_time = target.before is None or start < from_local(calendar.zone, today, target.before)
    if in_time and calendar.is_business_day(today) and start < (closing := _closing(calendar, today)):
        return closing
    return _closing(calendar, calendar.next_business_day(today))


def _closing(calendar: Calendar, date: dt.date) -> dt.datetime:
    """Return when a business day closes for the last time."""
    return calendar.day_hours(date)[-1].end


class StepKind(StrEnum):
    """What a stretch of an explanation was."""

    COUNTED = "counts"
    PAUSED = "paused"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    AIM = "aim"
    DUE = "due"
    NONE = "no clock"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of an explanation: from `start` to `end` in the policy's zone, `counted` of it used up."""

    kind: StepKind
    start: dt.datetime
    end: dt.datetime
    counted: dt.timedelta = ZERO
    source: str = ""

    def __str__(self) -> str:
        """Return the line in English, for the shell; local times of the policy's zone."""
        day = f"{self.start:%a %Y-%m-%d}"
        match self.kind:
            case StepKind.AIM | StepKind.DUE:
                return f"{self.kind} {day} {self.start:%H:%M} ({self.source})"
            case StepKind.NONE:
                return f"{self.kind}: {self.source}"
            case StepKind.CLOSED | StepKind.HOLIDAY:
                last = f" to {self.end:%a %Y-%m-%d}" if self.end.date() > self.start.date() else ""
                return f"{day}{last} {self.kind}"
        end = "24:00" if self.end.date() > self.start.date() else f"{self.end:%H:%M}"
        amount = f" {brief(self.counted)}" if self.kind is StepKind.COUNTED else ""
        return f"{day} {self.start:%H:%M}-{end} {self.kind}{amount}"


def brief(length: dt.timedelta) -> str:
    """Return `1h30m`, `45m`, `20s`: whole seconds, zero as `0m`."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{n}{unit}" for n, unit in parts if n) or "0m"


def explain(
    target: Target, counts: Counts, calendar: Calendar, start: dt.datetime, pauses: Pauses = ()
) -> tuple[Step, ...]:
    """Return why a target is due when it is: what each span counted, what was skipped, the result."""
    zone, start = calendar.zone, instant(start)
    pauses = () if isinstance(target, Agreed) else tuple(pauses)  # an agreed time stands
    result = promise(target, counts, calendar, start, pauses)
    if result.due is None:
        local = start.astimezone(zone)
        return (Step(kind=StepKind.NONE, start=local, end=local, source=target.text),)
    measured = counting_calendar(target, counts, calendar)
    if isinstance(measured, Always):
        measured = Always(zone=zone)
    steps = _walk(measured, zone, start, result.due, pauses)
    if isinstance(target, Range) and result.aim is not None:
        steps.append(_result(StepKind.AIM, result.aim, zone, target.aim))
    told = target.promise if isinstance(target, Range) else target
    return (*steps, _result(StepKind.DUE, result.due, zone, told))


def _result(kind: StepKind, at: dt.datetime, zone: ZoneInfo, target: Target) -> Step:
    local = at.astimezone(zone)
    return Step(kind=kind, start=local, end=local, source=target.text)


def _walk(
    calendar: Calendar, zone: ZoneInfo, start: dt.datetime, due: dt.datetime, pauses: Pauses
) -> list[Step]:
    """Return the stretches from `start` to `due`, in order."""
    steps: list[Step] = []
    date = start.astimezone(zone).date()  # the first date that is not told of yet
    for opens, closes in calendar.spans(start):
        if opens >= due:
            break
        today = opens.astimezone(zone).date()
        _skip(steps, calendar, zone, date, today)
        date = max(date, today + dt.timedelta(days=1))
        _span(steps, zone, Span(start=opens, end=min(closes, due)), pauses)
    _skip(steps, calendar, zone, date, due.astimezone(zone).date())
    return steps


def _skip(steps: list[Step], calendar: Calendar, zone: ZoneInfo, date: dt.date, until: dt.date) -> None:
    """Tell of the dates without counted time before `until`, neighbours of one kind together."""
    while date < until:
        kind = StepKind.HOLIDAY if calendar.is_holiday(date) else StepKind.CLOSED
        first = last = dt.datetime.combine(date, dt.time(), tzinfo=zone)
        if steps and steps[-1].kind is kind:
            first = steps.pop().start
        steps.append(Step(kind=kind, start=first, end=last))
        date += dt.timedelta(days=1)


def _span(steps: list[Step], zone: ZoneInfo, span: Span, pauses: Pauses) -> None:
    """Tell what an open span counted, and what of it was paused."""
    at = span.start
    for pause in merged(pauses, span.start, span.end):
        _add(steps, StepKind.COUNTED, at, pause.start, zone)
        _add(steps, StepKind.PAUSED, pause.start, pause.end, zone)
        at = pause.end
    _add(steps, StepKind.COUNTED, at, span.end, zone)


def _add(steps: list[Step], kind: StepKind, start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> None:
    if start < end:
        counted = end - start if kind is StepKind.COUNTED else ZERO
        steps.append(Step(kind=kind, start=start.astimezone(zone), end=end.astimezone(zone), counted=counted))
