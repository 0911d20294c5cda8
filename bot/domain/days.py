"""What the words for a day mean: `friday`, `jutro`, `24.12`, `24 dec 2026`, `2026-12-24`. Polish with its own letters or
without them."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from typing import TypeAlias

_WEEKDAYS = {
    "monday": 0, "mon": 0, "poniedzialek": 0, "poniedzialku": 0, "pon": 0, "pn": 0,
    "tuesday": 1, "tue": 1, "tues": 1, "wtorek": 1, "wtorku": 1, "wt": 1,
    "wednesday": 2, "wed": 2, "sroda": 2, "srode": 2, "srody": 2, "sr": 2,
    "thursday": 3, "thu": 3, "thur": 3, "thurs": 3, "czwartek": 3, "czwartku": 3, "czw": 3, "cz": 3,
    "friday": 4, "fri": 4, "piatek": 4, "piatku": 4, "pt": 4,
    "saturday": 5, "sat": 5, "sobota": 5, "sobote": 5, "soboty": 5, "sob": 5, "sb": 5,
    "sunday": 6, "sun": 6, "niedziela": 6, "niedziele": 6, "niedzieli": 6, "niedz": 6, "ndz": 6, "nd": 6,
}  # fmt: skip
_TODAY, _TOMORROW = ("today", "dzis", "dzisiaj"), ("tomorrow", "jutro", "jutra")
_MONTHS = (
    ("jan", "sty"), ("feb", "lut"), ("mar",), ("apr", "kwi"), ("may", "maj"), ("jun", "cze"),
    ("jul", "lip"), ("aug", "sie"), ("sep", "wrz"), ("oct", "paz"), ("nov", "lis"), ("dec", "gru"),
)  # fmt: skip
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?\.?")
_LEAP = 2028
_YEARS = 9
"""Between two leap days there are eight years at most."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class DayOfYear:
    """A date without a year."""

    month: int
    day: int

    def of(self, year: int) -> dt.date:
        """Raises ValueError for the 29th of February of most years."""
        return dt.date(year, self.month, self.day)


Day: TypeAlias = dt.date | DayOfYear | int
"""What words can name; a weekday is a number, Monday is 0."""


def folded(text: str) -> str:
    """Small letters without accents, one space between words: as the tables here have them."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def first_from(day: Day | None, first: dt.date) -> dt.date:
    """The first such day from `first` on; a date is itself, None is `first`."""
    match day:
        case None:
            return first
        case int():
            return first + dt.timedelta(days=(day - first.weekday()) % 7)
        case DayOfYear():
            return min(date for date in _near(day, first.year, 1) if date >= first)
    return day


def last_until(day: DayOfYear, last: dt.date) -> dt.date:
    """The last such day up to `last`."""
    return max(date for date in _near(day, last.year, -1) if date <= last)


def _near(day: DayOfYear, year: int, direction: int) -> list[dt.date]:
    found = []
    for n in range(_YEARS):
        with contextlib.suppress(ValueError):
            found.append(day.of(year + n * direction))
    return found


# ---------------------------------------------------------------- words, folded
def read_day(words: str, today: dt.date) -> Day | None:
    """The day that all the words mean: `fri 27.11`, `24 dec`; None for anything else."""
    taken = without_month([t for word in words.split() if (t := word.strip(".,"))])
    if taken is None:
        return None
    tokens, found = taken
    named = [day_word(token, today) for token in tokens]
    return one_day([*found, *(day for day in named if day is not None)]) if None not in named else None


def one_day(found: Sequence[Day]) -> Day | None:
    """A weekday beside a date says nothing more; None for no day, or for two."""
    dates = [day for day in found if not isinstance(day, int)]
    weekdays = [day for day in found if isinstance(day, int)]
    if len(dates) > 1 or len(weekdays) > 1:
        return None
    return next(iter([*dates, *weekdays]), None)


def day_word(word: str, today: dt.date) -> Day | None:
    """What one word means."""
    if word in _TODAY:
        return today
    if word in _TOMORROW:
        return today + dt.timedelta(days=1)
    if word in _WEEKDAYS:
        return _WEEKDAYS[word]
    dotted = _DOTTED.fullmatch(word)
    if dotted is not None:
        return _date(dotted[1], int(dotted[2]), dotted[3])
    try:
        return dt.date.fromisoformat(word)
    except ValueError:
        return None


def without_month(tokens: list[str]) -> tuple[list[str], list[Day]] | None:
    """`24 december 2026`, `dec 24` taken out of the words; None where it is no date."""
    for n, token in enumerate(tokens):
        month = next((m for m, names in enumerate(_MONTHS, 1) if token.startswith(names)), None)
        if month is None or not token.isalpha():
            continue
        beside = [i for i in (n - 1, n + 1) if 0 <= i < len(tokens) and re.fullmatch(r"\d{1,2}", tokens[i])]
        if not beside:
            return None
        years = [i for i in range(n, min(n + 3, len(tokens))) if re.fullmatch(r"\d{4}", tokens[i])]
        date = _date(tokens[beside[0]], month, tokens[years[0]] if years else None)
        used = {n, beside[0], *years[:1]}
        return ([t for i, t in enumerate(tokens) if i not in used], [date]) if date is not None else None
    return tokens, []


def _date(day: str, month: int, year: str | None) -> dt.date | DayOfYear | None:
    found = DayOfYear(month=month, day=int(day))
    try:
        date = found.of(int(year or _LEAP))
    except ValueError:
        return None
    return date if year else found
