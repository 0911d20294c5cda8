"""Promises and hours in plain words, for people in a terminal of 80 columns."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.promises.times import clock
from escalation.calendar import WEEKDAYS
from escalation.targets import (
    Agreed,
    AsNeeded,
    BusinessDays,
    Counts,
    Duration,
    Negotiated,
    NextBusinessDay,
    Range,
    SameDay,
    Target,
)
from escalation.week import Week

WIDTH = 79
_COUNTING = {
    Counts.ALWAYS: ", at any hour",
    Counts.OFFICE_HOURS: " of office hours",
    Counts.BUSINESS_DAYS: ", counting all 24 hours of business days",
}


def promised(target: Target | None, counts: Counts) -> str:
    """`within 1 h, at any hour`: follows `answer` or `solve`."""
    match target:
        case None:
            return "no target"
        case Range(aim=Duration() as aim, promise=Duration()):
            return f"{promised(target.promise, counts)}, aiming at {amount(aim.length)}"
        case Range():
            return f"{promised(target.promise, counts)}, aiming at: {promised(target.aim, counts)}"
        case Duration(business=True):
            return f"within {amount(target.length)} of office hours"
        case Duration():
            return f"within {amount(target.length)}{_COUNTING[counts]}"
        case BusinessDays(count=count):
            return f"within {count} business day{'s' * (count != 1)}, by the same time of day"
        case NextBusinessDay(by=by):
            return f"by {_closing(by)} of the next business day"
        case SameDay(before=before):
            return f"the same business day by closing time; what comes after {_closing(before)}, the next"
        case Agreed(at=at):
            return f"by {clock(at, ZoneInfo('UTC'))} UTC"
        case AsNeeded():
            return "as needed, without a clock"
        case Negotiated():
            return "by a time that both sides agree on"
        case _:
            return target.text


def _closing(time: dt.time | None) -> str:
    return "closing time" if time is None else f"{time:%H:%M}"


def amount(length: dt.timedelta) -> str:
    """`1 h 30 min`, `5 min`, `45 s`."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    parts = zip((*divmod(minutes, 60), seconds), ("h", "min", "s"), strict=True)
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 min"


def week(hours: Week) -> str:
    """`Mon to Fri 08:30-17:00; Sat and Sun closed`: neighbours with the same hours together."""
    return "; ".join(f"{_days(days)} {', '.join(spans) or 'closed'}" for days, spans in _runs(hours))


def open_days(hours: Week) -> str:
    """The same without the closed days."""
    return "; ".join(f"{_days(days)} {', '.join(spans)}" for days, spans in _runs(hours) if spans)


def _runs(hours: Week) -> list[tuple[list[str], tuple[str, ...]]]:
    runs: list[tuple[list[str], tuple[str, ...]]] = []
    for day, spans in zip(WEEKDAYS, hours, strict=True):
        if runs and runs[-1][1] == spans:
            runs[-1][0].append(day.capitalize())
        else:
            runs.append(([day.capitalize()], spans))
    return runs


def _days(days: Sequence[str]) -> str:
    if len(days) == 7:
        return "every day"
    return f"{days[0]} to {days[-1]}" if len(days) > 2 else " and ".join(days)


def wrapped(text: str, indent: int = 0) -> str:
    """Lines of at most 79 columns, the ones after the first indented further."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
