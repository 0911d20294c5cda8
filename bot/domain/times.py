"""A time as an engineer types it: `friday 16:00`, `tomorrow 10:00`, `2026-12-01 15:00`, `1.12 15:00`, `16:00`, `in 3h`,
or any target of a policy (`2 business days`, `next business day by 16:00`)."""

from __future__ import annotations

import datetime as dt
import re

from bot.domain.days import first_from, folded, read_day
from escalation.instants import from_local, parse_wall
from escalation.policy import Policy
from escalation.targets import Counts, TargetError, parse_target, promise

FARTHEST = dt.timedelta(days=731)
"""A time that is further off is a slip of the hand, and its office hours would take minutes to count."""
_FILLERS = re.compile(r"\b(on|by|at|until|next|this|do|o|w|we)\b")
_WALL = re.compile(r"(?P<day>.*?)\s*(?P<time>\d{1,2}:\d{2})?")


class TimeError(ValueError):
    """Words that name no time; the message quotes them and says what is allowed. `template` has `{text}` for them."""

    def __init__(self, template: str, text: str) -> None:
        super().__init__(template.format(text=text))
        self.template = template


NO_TIME = (
    '"{text}" is no time; write friday 16:00, tomorrow 10:00, 2026-12-01 15:00, in 3h, or 2 business days'
)
PASSED = '"{text}" has passed; write a time that is still to come'


def parse_time(text: str, policy: Policy, severity: str, now: dt.datetime) -> dt.datetime:
    """The instant that the words mean in the policy's zone, seen from `now`; a day without a time is its closing.

    Raises TimeError for anything else, and for a time that has passed.
    """
    words = folded(text).strip(" .")
    at = _target(words, policy, severity, now)
    if at is None:
        at = _wall(" ".join(_FILLERS.sub(" ", words).split()), policy, now)
    if at is None or at > now + FARTHEST:
        raise TimeError(NO_TIME, text.strip())
    if at <= now:
        raise TimeError(PASSED, text.strip())
    return at


def _target(words: str, policy: Policy, severity: str, now: dt.datetime) -> dt.datetime | None:
    """`in 3h` is three hours from now; a target counts as it would in a policy."""
    try:
        target = parse_target(words.removeprefix("in "))
    except TargetError:
        return None
    return promise(target, Counts.ALWAYS, policy.calendar_of(severity), now).due


def _wall(words: str, policy: Policy, now: dt.datetime) -> dt.datetime | None:
    found = _WALL.fullmatch(words)
    if found is None or not words:
        return None
    date = _date(re.sub(r"(?<=\d)t$", "", found["day"]).strip(" ,"), policy, now)
    if date is None:
        return None
    if found["time"] is None:
        hours = policy.calendar.day_hours(date)
        return hours[-1].end if hours else None
    try:
        minutes = int(parse_wall(found["time"]).total_seconds()) // 60
        return from_local(policy.zone, date, dt.time(*divmod(minutes, 60)))
    except (ValueError, OverflowError):
        return None


def _date(day: str, policy: Policy, now: dt.datetime) -> dt.date | None:
    """A weekday is the coming one, today's a week from now; a date without a year is the coming one."""
    today = now.astimezone(policy.zone).date()
    named = today if day == "" else read_day(day, today)
    if isinstance(named, int):
        return first_from(named, today + dt.timedelta(days=1))
    return None if named is None else first_from(named, today)
