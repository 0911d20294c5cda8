"""A time as an engineer types it: `friday 16:00`, `tomorrow 10:00`, `2026-12-01 15:00`, `16:00`, `in 3h`, or any target
of a policy (`2 business days`, `next business day by 16:00`)."""

from __future__ import annotations

import datetime as dt
import re

from escalation.instants import from_local, parse_wall
from escalation.policy import Policy
from escalation.targets import Counts, TargetError, parse_target, promise

_DAYS = {
    "monday": 0, "mon": 0, "poniedziałek": 0, "poniedziałku": 0, "pon": 0,
    "tuesday": 1, "tue": 1, "tues": 1, "wtorek": 1, "wtorku": 1, "wt": 1,
    "wednesday": 2, "wed": 2, "środa": 2, "środę": 2, "środy": 2, "śr": 2,
    "thursday": 3, "thu": 3, "thur": 3, "thurs": 3, "czwartek": 3, "czwartku": 3, "czw": 3,
    "friday": 4, "fri": 4, "piątek": 4, "piątku": 4, "pt": 4,
    "saturday": 5, "sat": 5, "sobota": 5, "sobotę": 5, "soboty": 5, "sob": 5,
    "sunday": 6, "sun": 6, "niedziela": 6, "niedzielę": 6, "niedzieli": 6, "niedz": 6,
}  # fmt: skip
_TODAY, _TOMORROW = ("today", "dziś", "dzisiaj"), ("tomorrow", "jutro", "jutra")
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
    words = " ".join(text.split()).casefold().strip(" .")
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
    """A weekday is the coming one, today's a week from now."""
    today = now.astimezone(policy.zone).date()
    named = today if day == "" else named_day(day, today)
    if isinstance(named, int):
        return today + dt.timedelta(days=(named - today.weekday() - 1) % 7 + 1)
    return named


def named_day(word: str, today: dt.date) -> dt.date | int | None:
    """The date that a word means, or the weekday (Monday is 0); None for anything else."""
    if word in _TODAY:
        return today
    if word in _TOMORROW:
        return today + dt.timedelta(days=1)
    if word in _DAYS:
        return _DAYS[word]
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        return None
