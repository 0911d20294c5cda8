"""Clocks: start, pause, resume, stop, and what they say at an instant.

Rules: semantics.md, Clocks. Elapsed is the truth: due is the earliest instant at which elapsed reaches
the target, and a clock breaches when elapsed is more. `calendar` is the policy's business calendar (the
clock's own `counts` and target choose what of it counts); instants in and out are aware UTC. A clock whose
target has no due (as needed, negotiated) gives None where there is nothing to say.
"""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from escalation.calendar import Calendar, EmptyCalendar
from escalation.instants import TICK, ZERO, Span, utc
from escalation.targets import (
    Agreed,
    Counts,
    Promise,
    Range,
    Step,
    Target,
    counting_calendar,
    explain,
    is_wall_time,
    parse_target,
    promise,
    target_length,
)


class ClockKind(StrEnum):
    """What a clock measures the time to."""

    RESPONSE = "response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """One running promise: `target` is its source text, `breached_at` set once, `stopped` by its answer.

    `marked` is the highest milestone (percent) that was told, `aimed` whether a passed aim was.
    """

    kind: ClockKind
    target: str
    counts: Counts
    started: dt.datetime
    pauses: tuple[Span, ...] = ()
    paused_since: dt.datetime | None = None
    pause_reason: str | None = None
    stopped: dt.datetime | None = None
    breached_at: dt.datetime | None = None
    marked: int = 0
    aimed: bool = False

    @property
    def parsed(self) -> Target:
        """The target as a value; raises TargetError for a text that is none."""
        return parse_target(self.target)


def start_clock(kind: ClockKind, target: str, counts: Counts, at: dt.datetime) -> Clock:
    """Return a clock running since `at`; raises TargetError for a text that is no target."""
    parse_target(target)
    return Clock(kind=kind, target=target, counts=counts, started=utc(at))


def pause(clock: Clock, at: dt.datetime, reason: str) -> Clock:
    """Return the clock paused since `at`; one that is paused or stopped stays as it is."""
    if clock.paused_since is not None or clock.stopped is not None:
        return clock
    return replace(clock, paused_since=utc(at), pause_reason=reason)


def resume(clock: Clock, at: dt.datetime) -> Clock:
    """Return the clock running again: a pause ends, or a stopped one is reopened (the time between pauses)."""
    since = clock.stopped or clock.paused_since
    if since is None:
        return clock
    return replace(
        clock, pauses=_added(clock.pauses, since, at), paused_since=None, pause_reason=None, stopped=None
    )


def stop(clock: Clock, at: dt.datetime) -> Clock:
    """Return the clock stopped at `at`, its pause ended; one that is stopped keeps its first instant."""
    if clock.stopped is not None:
        return clock
    return replace(resume(clock, at), stopped=utc(at))


def retarget(clock: Clock, target: str, counts: Counts) -> Clock:
    """Return the clock with a new target from the original start; elapsed and pauses are kept."""
    parse_target(target)
    return replace(clock, target=target, counts=counts)


def record_breach(clock: Clock, at: dt.datetime) -> Clock:
    """Return the clock with its breach recorded; the first one stays."""
    return clock if clock.breached_at is not None else replace(clock, breached_at=utc(at))


def elapsed(clock: Clock, calendar: Calendar, now: dt.datetime) -> dt.timedelta:
    """Return the counting time used up until `now`, or until the clock stopped."""
    counting = counting_calendar(clock.parsed, clock.counts, calendar)
    return counting.measure(clock.started, _until(clock, now), _pauses(clock, now))


def length(clock: Clock, calendar: Calendar) -> dt.timedelta | None:
    """Return the counting time the target allows: from start to due without pauses."""
    return target_length(clock.parsed, clock.counts, calendar, clock.started)


def progress(clock: Clock, calendar: Calendar, now: dt.datetime) -> float | None:
    """Return elapsed / length: 0.0 at the start, 1.0 at due, more when overdue."""
    allowed = length(clock, calendar)
    if allowed is None:
        return None
    if allowed <= ZERO:  # an agreed time with no counting time before it
        return 1.0 if is_late(clock, calendar, now) else 0.0
    return elapsed(clock, calendar, now) / allowed


def promise_of(clock: Clock, calendar: Calendar, now: dt.datetime) -> Promise:
    """Return aim and due; a running pause counts as one until `now`, so due moves on while it lasts."""
    return promise(clock.parsed, clock.counts, calendar, clock.started, _pauses(clock, now))


def aim_of(clock: Clock, calendar: Calendar, now: dt.datetime) -> dt.datetime | None:
    """Return the aim of a range; None for any other target."""
    target = clock.parsed
    if not isinstance(target, Range):
        return None
    return promise(target.aim, clock.counts, calendar, clock.started, _pauses(clock, now)).due


def explained(clock: Clock, calendar: Calendar, now: dt.datetime) -> tuple[Step, ...]:
    """Return why the clock is due when it is, its pauses included."""
    return explain(clock.parsed, clock.counts, calendar, clock.started, _pauses(clock, now))


def is_late(clock: Clock, calendar: Calendar, now: dt.datetime) -> bool:
    """Tell whether the target was exceeded by `now`, or by the time the clock stopped."""
    target, until = clock.parsed, _until(clock, now)
    if is_wall_time(target):
        due = promise_of(clock, calendar, now).due
        return due is not None and until > due
    allowed = length(clock, calendar)
    return allowed is not None and elapsed(clock, calendar, now) > allowed


def breach(clock: Clock, calendar: Calendar, now: dt.datetime) -> dt.datetime | None:
    """Return the instant from which the target was exceeded, if it was and no breach is recorded.

    That is the due instant; for an amount used up exactly at closing it is the next opening, since until
    then nothing more has elapsed. The same when noticed late or after the clock stopped.
    """
    if clock.breached_at is not None or not is_late(clock, calendar, now):
        return None
    return exceeded_from(clock, calendar, now)


def late_from(clock: Clock, calendar: Calendar, now: dt.datetime) -> dt.datetime | None:
    """Return the first instant at which `breach` will answer, to wake up at: one microsecond past due.

    None when it cannot come: no due, stopped or paused before it, or recorded.
    """
    exceeded = exceeded_from(clock, calendar, now)
    if clock.breached_at is not None or exceeded is None:
        return None
    if clock.paused_since is None and clock.stopped is None:
        return exceeded + TICK
    wake = exceeded + TICK  # a pause that still runs then holds it back only by the time that counts
    return wake if is_late(clock, calendar, wake) else None


def at_fraction(clock: Clock, calendar: Calendar, fraction: float, now: dt.datetime) -> dt.datetime | None:
    """Return when elapsed reaches `fraction` of the length (0.75, 1.0, 2.0), past or to come; all of it at due.

    None when it is not reached: no due, stopped before, or paused before (ask again after resuming).
    """
    allowed = length(clock, calendar)
    if allowed is None:
        return None
    reached = at_elapsed(clock, calendar, allowed * fraction, now)
    if is_wall_time(clock.parsed):
        reached = _around_due(clock, calendar, reached, fraction, now)
    held = clock.stopped or (clock.paused_since if pauses_count(clock) else None)
    return None if held is not None and reached > held else reached


def _around_due(
    clock: Clock, calendar: Calendar, reached: dt.datetime, fraction: float, now: dt.datetime
) -> dt.datetime:
    """Return `reached`, kept on its side of a wall-time due, which may lie in time that does not count."""
    due = promise_of(clock, calendar, now).due
    if due is None or fraction == 1:
        return due or reached
    return max(reached, due) if fraction > 1 else min(reached, due)


def at_elapsed(clock: Clock, calendar: Calendar, amount: dt.timedelta, now: dt.datetime) -> dt.datetime:
    """Return when elapsed reaches `amount`, were the clock to run on from `now`."""
    counting = counting_calendar(clock.parsed, clock.counts, calendar)
    return counting.due(clock.started, max(amount, ZERO), _pauses(clock, now))


def exceeded_from(clock: Clock, calendar: Calendar, now: dt.datetime) -> dt.datetime | None:
    """Return the last instant at which the target is not exceeded yet; None without a due."""
    target = clock.parsed
    told = target.promise if isinstance(target, Range) else target
    due = promise(told, clock.counts, calendar, clock.started, _pauses(clock, now)).due
    if due is None or is_wall_time(told):
        return due
    counting = counting_calendar(told, clock.counts, calendar)
    try:
        at = counting.next_open(due)
    except EmptyCalendar:  # used up at the last closing there is
        return None
    for held in sorted(_pauses(clock, now), key=lambda span: span.start):
        if held.start <= at < held.end:
            at = counting.next_open(held.end)
    return at


def _until(clock: Clock, now: dt.datetime) -> dt.datetime:
    """Return the instant up to which the clock ran."""
    return utc(now) if clock.stopped is None else min(clock.stopped, utc(now))


def pauses_count(clock: Clock) -> bool:
    """Tell whether pauses move what the clock promises: an agreed time stands, whoever waits for whom."""
    return not isinstance(clock.parsed, Agreed)


def _pauses(clock: Clock, now: dt.datetime) -> tuple[Span, ...]:
    """Return the pauses that count, a running one as until `now`."""
    if not pauses_count(clock):
        return ()
    if clock.paused_since is None:
        return clock.pauses
    return _added(clock.pauses, clock.paused_since, now)


def _added(pauses: tuple[Span, ...], start: dt.datetime, end: dt.datetime) -> tuple[Span, ...]:
    end = utc(end)
    return (*pauses, Span(start=start, end=end)) if start < end else pauses
