"""Why a time is what it is, in words: which spans counted, which did not, and the result."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.app.promise_wording import promised
from bot.app.speech import DATE_PATTERN, Speech, locale_of
from bot.domain.message import Part
from bot.domain.notices import ExplainedClock
from escalation.sla import ClockKind
from escalation.targets import Step, StepKind

MOST_STEPS = 9
"""A longer walk is told by its first steps and its last; the shell shows all of it."""

CLOCK_NAMES = {
    ClockKind.RESPONSE: "Answer",
    ClockKind.NEXT_RESPONSE: "Next answer",
    ClockKind.RESOLUTION: "Solution",
}
_LINES = {
    StepKind.COUNTED: "{day} {start}-{end}: {left} count",
    StepKind.PAUSED: "{day} {start}-{end}: paused",
    StepKind.CLOSED: "{day}: closed",
    StepKind.HOLIDAY: "{day}: holiday",
    StepKind.AIM: "aim: {day} {start} ({promise})",
    StepKind.DUE: "due: {day} {start} ({promise})",
}


def arithmetic(clock: ExplainedClock, zone: ZoneInfo, s: Speech, *, inside: bool = True) -> tuple[Part, ...]:
    """Its lines, in the zone whose hours count (the policy's). A customer (not `inside`) is told no aims."""
    steps = [step for step in clock.steps if inside or step.kind is not StepKind.AIM]
    if left_out := len(steps) - MOST_STEPS if len(steps) > MOST_STEPS else 0:
        steps = steps[: MOST_STEPS - 3] + steps[-3:]
    parts = s.say("*{clock}*", clock=s.text(CLOCK_NAMES[ClockKind(clock.kind)]))
    if zone != s.zone:
        parts += s.say(" (times of {zone})", zone=zone.key)
    for n, step in enumerate(steps):
        if left_out and n == MOST_STEPS - 3:
            parts += s.say("\n…")
        parts += s.say("\n{line}", line=_line(step, zone, s, inside=inside))
    return parts


def _line(step: Step, zone: ZoneInfo, s: Speech, *, inside: bool) -> str:
    start, end = step.start.astimezone(zone), step.end.astimezone(zone)
    day = day_of(s, start.date())
    if step.kind in (StepKind.CLOSED, StepKind.HOLIDAY) and end.date() > start.date():
        day = s.text("{first} to {last}", first=day, last=day_of(s, end.date()))
    if step.kind is StepKind.DUE and not inside:
        return s.text("due: {day} {start}", day=day, start=_wall(start))
    return s.text(
        _LINES[step.kind],
        day=day,
        start=_wall(start),
        end="24:00" if end.date() > start.date() and end.time() == dt.time() else _wall(end),
        left=s.span(step.counted),
        promise=promised(step.source, s),
    )


def day_of(s: Speech, date: dt.date) -> str:
    """`Thu 2 Apr`, in the reader's language."""
    return format_date(date, "EEE d MMM", locale=locale_of(s.language))


def date_of(s: Speech, date: dt.date) -> str:
    """The same within a sentence: `do 30 listopada`."""
    return format_date(date, s.text(DATE_PATTERN), locale=locale_of(s.language))


def _wall(at: dt.datetime) -> str:
    return f"{at:%H:%M}"
