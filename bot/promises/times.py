"""Instants and months as an operator writes and reads them: ISO, local to the policy's zone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from escalation.instants import DAY, from_local

_YEARS = range(1970, 2200)
_MONTH = re.compile(r"(\d{4})-(\d{2})")


class UnreadableTime(ValueError):
    """A text that is no time; the message says what is."""


def instant(text: str, zone: ZoneInfo) -> dt.datetime:
    """An ISO time: with an offset that instant, else local to the zone. Raises UnreadableTime."""
    try:
        at = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        at = None
    if at is None or at.year not in _YEARS:
        raise UnreadableTime(
            f'"{text}" is no time; write 2026-03-23T08:30, or with an offset 2026-03-23T08:30+03:00, '
            f"of the years {_YEARS[0]} to {_YEARS[-1]}"
        )
    return from_local(zone, at.date(), at.time()) if at.tzinfo is None else at.astimezone(dt.UTC)


def iso(at: dt.datetime, zone: ZoneInfo) -> str:
    """`2026-03-23T08:30+03:00`, with seconds where there are some."""
    local = at.astimezone(zone)
    whole = local.second == local.microsecond == 0
    return local.isoformat(timespec="minutes" if whole else "auto")


def clock(at: dt.datetime, zone: ZoneInfo) -> str:
    """`Mon 2026-03-23 08:30`."""
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Month:
    """A month of a local calendar, by its first date."""

    first: dt.date

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"

    def dates(self) -> Iterator[dt.date]:
        date = self.first
        while date.month == self.first.month:
            yield date
            date += DAY

    def has(self, at: dt.datetime, zone: ZoneInfo) -> bool:
        """Is the instant in it, locally?"""
        date = at.astimezone(zone).date()
        return (date.year, date.month) == (self.first.year, self.first.month)


def month(text: str) -> Month:
    """Read `2026-10`; raises UnreadableTime."""
    found = _MONTH.fullmatch(text.strip())
    if found is None or int(found[1]) not in _YEARS or not 1 <= int(found[2]) <= 12:
        raise UnreadableTime(f'"{text}" is no month; write YYYY-MM, such as 2026-10')
    return Month(first=dt.date(int(found[1]), int(found[2]), 1))


def month_of(at: dt.datetime, zone: ZoneInfo) -> Month:
    """The local month in which an instant lies."""
    return Month(first=at.astimezone(zone).date().replace(day=1))
