"""What a countdown shows at an instant, and when it next shows something else.

Remaining is counting time rounded up to a step, so that it never rises while the clock runs; over is
rounded down. Both need few edits of the message that shows them.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from escalation.calendar import Calendar
from escalation.instants import TICK, ZERO, utc
from escalation.sla import (
    Clock,
    ClockKind,
    at_elapsed,
    elapsed,
    exceeded_from,
    is_late,
    length,
    progress,
    promise_of,
)
from escalation.targets import counting_calendar

_MINUTE, _HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)

STEPS = (  # up to this much time, it changes in steps of
    (10 * _MINUTE, _MINUTE),
    (_HOUR, 5 * _MINUTE),
    (4 * _HOUR, 15 * _MINUTE),
    (dt.timedelta.max, _HOUR),
)


class CountdownState(StrEnum):
    """What the countdown stands at; CLOSED is outside counting hours, NONE has no due."""

    RUNNING = "running"
    CLOSED = "closed"
    PAUSED = "paused"
    OVERDUE = "overdue"
    MET = "met"
    MISSED = "missed"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Countdown:
    """A countdown at one instant. `remaining` is counting time left, for OVERDUE and MISSED how long over.

    `fraction` is elapsed / length, 0 to 1. `due` and `reopens` are in the zone asked for, `next_change`
    in UTC: the first instant at which a new countdown shows something else; None when time alone won't.
    """

    kind: ClockKind
    state: CountdownState
    remaining: dt.timedelta = ZERO
    fraction: float = 0.0
    due: dt.datetime | None = None
    reopens: dt.datetime | None = None
    reason: str | None = None
    next_change: dt.datetime | None = None


def step_of(amount: dt.timedelta) -> dt.timedelta:
    """Return the step in which a time of this size is shown."""
    return next(step for limit, step in STEPS if amount <= limit)


def rounded_up(amount: dt.timedelta) -> dt.timedelta:
    """Return `amount` rounded up to its step."""
    step = step_of(amount)
    return -(-amount // step) * step


def rounded_down(amount: dt.timedelta) -> dt.timedelta:
    """Return `amount` rounded down to its step."""
    step = step_of(amount)
    return amount // step * step


def countdown(clock: Clock, calendar: Calendar, now: dt.datetime, zone: ZoneInfo) -> Countdown:
    """Return what `clock` shows at `now`; `calendar` is the policy's, `zone` the reader's."""
    now = utc(now)
    due, allowed = promise_of(clock, calendar, now).due, length(clock, calendar)
    if due is None or allowed is None:
        return Countdown(kind=clock.kind, state=CountdownState.NONE)
    left = allowed - elapsed(clock, calendar, now)
    late = is_late(clock, calendar, now)
    state, change, reopens = _running(clock, calendar, now, left, late)
    shown = rounded_down(max(-left, ZERO)) if late else rounded_up(max(left, ZERO))
    return Countdown(
        kind=clock.kind,
        state=state,
        remaining=shown,
        fraction=min(max(progress(clock, calendar, now) or 0.0, 0.0), 1.0),
        due=due.astimezone(zone),
        reopens=None if reopens is None else reopens.astimezone(zone),
        reason=clock.pause_reason,
        next_change=change,
    )


def _running(
    clock: Clock, calendar: Calendar, now: dt.datetime, left: dt.timedelta, late: bool
) -> tuple[CountdownState, dt.datetime | None, dt.datetime | None]:
    """Return the state, when it changes by itself, and when it reopens."""
    if clock.stopped is not None:
        return CountdownState.MISSED if late else CountdownState.MET, None, None
    if clock.paused_since is not None:
        return CountdownState.PAUSED, None, None
    if late:
        return CountdownState.OVERDUE, _next_step(clock, calendar, now, left), None
    counting = counting_calendar(clock.parsed, clock.counts, calendar)
    overdue = (exceeded_from(clock, calendar, now) or now) + TICK
    if not counting.is_open(now):
        opens = counting.next_open(now)
        return CountdownState.CLOSED, min(opens, overdue), opens
    change, closes = _next_step(clock, calendar, now, left), counting.next_close(now)
    change = overdue if change is None else change
    return CountdownState.RUNNING, change if closes is None else min(change, closes), None


def _next_step(clock: Clock, calendar: Calendar, now: dt.datetime, left: dt.timedelta) -> dt.datetime | None:
    """Return when the shown time is next a step lower or, once over, higher; None: next it is overdue."""
    if is_late(clock, calendar, now):
        over = rounded_down(max(-left, ZERO))
        below = -(over + step_of(over + TICK))
    elif (below := rounded_up(max(left, ZERO)) - step_of(left)) <= ZERO:
        return None
    return at_elapsed(clock, calendar, (length(clock, calendar) or ZERO) - below, now)


def bar(fraction: float, cells: int = 10) -> str:
    """Return a bar such as `▓▓▓░░░░░░░`: full only at 1, empty only below one cell."""
    filled = min(max(int(fraction * cells), 0), cells)
    return "▓" * filled + "░" * (cells - filled)
