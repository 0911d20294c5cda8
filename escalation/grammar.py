"""The words of a target and what they parse to. Source: semantics.md, Targets."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from escalation.instants import ZERO, parse_wall, utc

ALLOWED = (
    "use m, h, bh, bd (5m, 1h30m, 4 business hours, 2 business days), next business day [by HH:MM], "
    "same day [before HH:MM], a range of two (1h-2h), as needed, negotiated"
)
_ZERO_TARGET = "a target of zero promises nothing; write as needed for no clock"
_SHORTEST = dt.timedelta(seconds=1)
_LONGEST = dt.timedelta(days=3660)
_MOST_DAYS = 2500

_MINUTE, _HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
_CLOCK_UNITS = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), _MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), _HOUR),
}
_BUSINESS_HOUR = frozenset({"bh", "business hour", "business hours"})
_BUSINESS_DAY = frozenset({"bd", "business day", "business days"})
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([^\W\d]+(?: [^\W\d]+)*)?\s*")
_NEXT_DAY = re.compile(r"next business day(?: by (.+))?")
_SAME_DAY = re.compile(r"same day(?: before (.+))?")


class TargetError(ValueError):
    """A text that is no target; the message quotes it and names what is allowed."""

    def __init__(self, text: str, problem: str) -> None:
        super().__init__(f'"{text}": {problem}')
        self.text = text
        self.problem = problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A promise; `text` is what it was parsed from, in small letters and single spaces, and parses to it again."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Duration(Target):
    """`length` of counting time; `business` counts office hours whatever the severity counts."""

    length: dt.timedelta
    business: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BusinessDays(Target):
    """The same local time `count` business days later."""

    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NextBusinessDay(Target):
    """Closing, or the local time `by`, of the first business day after the start's date."""

    by: dt.time | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SameDay(Target):
    """Closing of the start's day for a start before closing and `before` (local), else of the next."""

    before: dt.time | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Range(Target):
    """`aim` warns the team, `promise` is told to the customer and breaches."""

    aim: Target
    promise: Target


@dataclass(frozen=True, kw_only=True, slots=True)
class AsNeeded(Target):
    """No clock at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Negotiated(Target):
    """No clock until both sides agree on a time; then retarget to `agreed(at).text`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreed(Target):
    """The instant `at` that both sides agreed on; written `agreed 2026-03-10T13:00:00+00:00`."""

    at: dt.datetime


def agreed(at: dt.datetime) -> Agreed:
    """Return the target for a negotiated time; raises NaiveInstant without a zone."""
    return Agreed(text=f"agreed {utc(at).isoformat()}", at=utc(at))


@lru_cache(maxsize=1024)
def parse_target(text: str) -> Target:
    """Read a target; raises TargetError quoting `text` and naming what is allowed."""
    words = " ".join(text.split()).casefold().replace("–", "-")
    if words.startswith("agreed "):
        return _agreed(text, words.removeprefix("agreed "))
    aim, dash, promise = words.partition("-")
    if not dash:
        return _single(text, words)
    if not aim.strip() or not promise.strip() or "-" in promise:
        raise TargetError(text, f"a range has two ends; {ALLOWED}")
    return _range(text, words, _single(text, aim.strip()), _single(text, promise.strip()))


def _agreed(text: str, at: str) -> Agreed:
    try:
        return agreed(dt.datetime.fromisoformat(at))
    except ValueError as error:
        raise TargetError(text, "an agreed time is an ISO 8601 instant with its zone") from error


def _range(text: str, words: str, aim: Target, promise: Target) -> Range:
    for end in (aim, promise):
        if isinstance(end, AsNeeded | Negotiated):
            raise TargetError(text, f'"{end.text}" cannot be an end of a range; {ALLOWED}')
    if _shrinks(aim, promise):
        raise TargetError(text, f"the aim ({aim.text}) comes after the promise ({promise.text}); {ALLOWED}")
    return Range(text=words, aim=aim, promise=promise)


def _shrinks(aim: Target, promise: Target) -> bool:
    """Tell whether two targets that compare by themselves are the wrong way round."""
    if isinstance(aim, Duration) and isinstance(promise, Duration) and aim.business == promise.business:
        return aim.length > promise.length
    if isinstance(aim, BusinessDays) and isinstance(promise, BusinessDays):
        return aim.count > promise.count
    if isinstance(aim, NextBusinessDay) and isinstance(promise, NextBusinessDay):
        return aim.by is not None and promise.by is not None and aim.by > promise.by
    if isinstance(aim, SameDay) and isinstance(
        promise, SameDay
    ):  # what is too late for it is due a day later
        return aim.before is not None and (promise.before is None or aim.before < promise.before)
    return False


def _single(text: str, words: str) -> Target:
    """Read a target that is no range; `text` is the whole source, for the message."""
    if words == "as needed":
        return AsNeeded(text=words)
    if words == "negotiated":
        return Negotiated(text=words)
    if match := _NEXT_DAY.fullmatch(words):
        return NextBusinessDay(text=words, by=_time(text, match[1]))
    if match := _SAME_DAY.fullmatch(words):
        return SameDay(text=words, before=_time(text, match[1]))
    return _amount(text, words)


def _time(text: str, written: str | None) -> dt.time | None:
    """Read a local time of day; None where none is written."""
    if written is None:
        return None
    try:
        wall = parse_wall(written)
        return dt.time(*divmod(int(wall / _MINUTE), 60))
    except ValueError as error:
        raise TargetError(text, f'"{written}" is not a time of day; write HH:MM, 00:00 to 23:59') from error


def _amount(text: str, words: str) -> Target:
    """Read numbers with their units: `1h30m`, `4 business hours`, `2bd`."""
    parts = _parts(text, words)
    for number, unit in parts:
        if unit in _BUSINESS_DAY | _BUSINESS_HOUR:
            if len(parts) > 1:
                raise TargetError(text, f"{unit} cannot be added to other units; {ALLOWED}")
            return _business(text, words, number, unit)
    length = ZERO
    for number, unit in parts:
        if unit not in _CLOCK_UNITS:
            raise TargetError(text, f"{_met(unit)}; {ALLOWED}")
        length += _times(text, number, _CLOCK_UNITS[unit])
    return Duration(text=words, length=_positive(text, length))


def _parts(text: str, words: str) -> list[tuple[str, str]]:
    """Split into (number, unit); an empty unit where none is written."""
    parts: list[tuple[str, str]] = []
    at = 0
    while match := _PART.match(words, at):
        parts.append((match[1], match[2] or ""))
        at = match.end()
    if at < len(words) or not parts:
        raise TargetError(text, f'not a target: "{words[at:] or words}"; {ALLOWED}')
    return parts


def _business(text: str, words: str, number: str, unit: str) -> Target:
    if unit in _BUSINESS_HOUR:
        return Duration(text=words, length=_positive(text, _times(text, number, _HOUR)), business=True)
    if "." in number:
        raise TargetError(text, f"business days are whole days; {ALLOWED}")
    if float(number) == 0:
        raise TargetError(text, _ZERO_TARGET)
    if float(number) > _MOST_DAYS:
        raise TargetError(text, f"longer than {_MOST_DAYS} business days; {ALLOWED}")
    return BusinessDays(text=words, count=int(number))


def _times(text: str, number: str, unit: dt.timedelta) -> dt.timedelta:
    try:
        length = float(number) * unit
    except OverflowError:
        length = dt.timedelta.max
    if length > _LONGEST:
        raise TargetError(text, f"longer than ten years; {ALLOWED}")
    return length


def _positive(text: str, length: dt.timedelta) -> dt.timedelta:
    if length <= ZERO:
        raise TargetError(text, _ZERO_TARGET)
    if length < _SHORTEST:
        raise TargetError(text, f"shorter than a second; {ALLOWED}")
    return length


def _met(unit: str) -> str:
    return f'unknown unit "{unit}"' if unit else "a number without a unit"
