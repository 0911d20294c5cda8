"""What a countdown shows at an instant, and when it next shows something else: words and a bar of cells.

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
    pauses_count,
    promise_of,
)
from escalation.targets import counting_calendar

CELLS = 10  # of the bar
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

    `fraction` is the share of the time that is used up as it is shown, 0 to 1, and 1 once late. `due` and `reopens` are in the zone asked for,
    `next_change` in UTC: the first instant at which a new countdown shows another state, remaining time or
    bar; None when time alone won't. At due itself, an instant long, nothing is redrawn: the next is overdue.
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
    used = elapsed(clock, calendar, now)
    left = allowed - used
    late = is_late(clock, calendar, now)
    state, change, reopens = _running(clock, calendar, now, allowed, left, late)
    shown = rounded_down(max(-left, ZERO)) if late else rounded_up(max(left, ZERO))
    return Countdown(
        kind=clock.kind,
        state=state,
        remaining=shown,
        fraction=_fraction(shown, allowed, late),
        due=due.astimezone(zone),
        reopens=None if reopens is None else reopens.astimezone(zone),
        reason=clock.pause_reason,
        next_change=change,
    )


def _fraction(left: dt.timedelta, allowed: dt.timedelta, late: bool) -> float:
    """Return the share used up, 0 to 1, of the time as it is shown: a bar changes with its words and no oftener."""
    if late:
        return 1.0
    return min(max(1 - left / allowed, 0.0), 1.0) if allowed else 0.0


def _running(
    clock: Clock,
    calendar: Calendar,
    now: dt.datetime,
    allowed: dt.timedelta,
    left: dt.timedelta,
    late: bool,
) -> tuple[CountdownState, dt.datetime | None, dt.datetime | None]:
    """Return the state, when it changes by itself, and when it reopens."""
    if clock.stopped is not None:
        return CountdownState.MISSED if late else CountdownState.MET, None, None
    if clock.paused_since is not None and pauses_count(clock):
        return CountdownState.PAUSED, None, None
    if late:
        return CountdownState.OVERDUE, at_elapsed(clock, calendar, allowed + _next_over(left), now), None
    counting = counting_calendar(clock.parsed, clock.counts, calendar)
    overdue = (exceeded_from(clock, calendar, now) or now) + TICK
    if not counting.is_open(now):
        opens = counting.next_open(now)
        return CountdownState.CLOSED, min(opens, overdue), opens
    used = allowed - _next_left(left)
    change = overdue if used >= allowed else at_elapsed(clock, calendar, used, now)
    closes = counting.next_close(now)
    return CountdownState.RUNNING, change if closes is None else min(change, closes), None


def _next_left(left: dt.timedelta) -> dt.timedelta:
    """Return the time left at which the shown time is a step lower."""
    return rounded_up(max(left, ZERO)) - step_of(left)


def _next_over(left: dt.timedelta) -> dt.timedelta:
    """Return the time over at which the shown time is a step higher."""
    over = rounded_down(max(-left, ZERO))
    return over + step_of(over + TICK)


def bar(fraction: float, cells: int = CELLS) -> str:
    """Return a bar such as `▓▓▓░░░░░░░`: full only at 1, empty only below one cell."""
    filled = min(max(int(fraction * cells + 1e-9), 0), cells)
    return "▓" * filled + "░" * (cells - filled)
