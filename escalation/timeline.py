"""A growing table of open spans with the counting time before and after each: two bisects a deadline.

Counting time is a running total, zero at the start of the first local year that was asked for and
negative before it, so a reading stays true when the table grows in either direction.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from escalation.instants import ZERO, Span, utc

FIRST_YEAR, LAST_YEAR = 2, 9998  # so that every local midnight is an instant
YEARS_APART = 60  # at least so far from what is asked the hours are counted
_ERA = 20  # years of which the questions share a table
_NO_OPENING_FOR = 30  # years without an opening after which a search gives up


class EmptyCalendar(ValueError):
    """A calendar that has no open time at all, or none for decades after the instant asked about."""


class CalendarRange(EmptyCalendar):
    """A date, or the end of a length, too far away for its hours to be counted."""


def instant(at: dt.datetime) -> dt.datetime:
    """Return `at` in UTC; raises CalendarRange for the first and the last year there are, and NaiveInstant."""
    if FIRST_YEAR < at.year < LAST_YEAR:  # in any zone
        return at if at.tzinfo is dt.UTC else utc(at)
    try:
        found = utc(at)
    except OverflowError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise CalendarRange(f"{at.isoformat()} is not a time that is counted")
    return found


def refuse_beyond(date: dt.date) -> None:
    """Raise CalendarRange for a local date of the first or the last year."""
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise CalendarRange(f"{date} is not a date whose hours are counted")


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """One local year: the instants it starts and ends at, and its open spans in order."""

    start: dt.datetime
    end: dt.datetime
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The years `first` to `last`; parallel lists, never changed once built."""

    first: int
    last: int
    start: dt.datetime
    end: dt.datetime
    base: dt.timedelta
    opens: list[dt.datetime]
    closes: list[dt.datetime]
    before: list[dt.timedelta]
    after: list[dt.timedelta]

    def count(self, at: dt.datetime) -> dt.timedelta:
        """Return the running total at an instant that the table covers."""
        i = bisect_right(self.opens, at) - 1
        if i < 0:
            return self.base
        close = self.closes[i]
        return self.after[i] if at >= close else self.before[i] + (at - self.opens[i])

    @property
    def total(self) -> dt.timedelta:
        """The running total at the end."""
        return self.after[-1] if self.after else self.base

    def followed_by(self, later: "Table") -> "Table":
        """Return this table and the one that adjoins it as one."""
        return Table(
            first=self.first,
            last=later.last,
            start=self.start,
            end=later.end,
            base=self.base,
            opens=self.opens + later.opens,
            closes=self.closes + later.closes,
            before=self.before + later.before,
            after=self.after + later.after,
        )


class Timeline:
    """Open spans of a calendar, built when first needed, for the years `first` to `last` at most.

    Threads may share it: a longer table replaces the old one in a single assignment, so that a reader keeps a
    whole one, and all tables start from one anchor, so that readings of any two of them compare.
    """

    __slots__ = ("_anchor", "_first", "_last", "_table", "_year")

    def __init__(self, year: Callable[[int], Year], first: int = FIRST_YEAR, last: int = LAST_YEAR) -> None:
        self._year = year
        self._first, self._last = max(first, FIRST_YEAR), min(last, LAST_YEAR)
        self._table: Table | None = None
        self._anchor: dict[str, int] = {}

    def covering(self, at: dt.datetime) -> Table:
        """Return a table in which the UTC instant `at` lies; raises CalendarRange where none may."""
        table = self._table
        if table is not None and table.start <= at < table.end:
            return table
        table = table or self._begun(at.year)
        while at >= table.end:
            table = self._grown(table, max(at.year, table.last + 1))
        while at < table.start:
            table = self._grown(table, min(at.year, table.first - 1))
        return table

    def count(self, at: dt.datetime) -> dt.timedelta:
        """Return the running total of counting time at the UTC instant `at`."""
        return self.covering(at).count(at)

    def reach(self, total: dt.timedelta, since: dt.datetime) -> dt.datetime:
        """Return the earliest instant at which the running total is `total`, more than it was `since`.

        Raises EmptyCalendar if that is never, and CalendarRange if it is too far away.
        """
        table = self.covering(since)
        while not table.after or table.after[-1] < total:
            table = self._with_openings(table, since)
        i = bisect_left(table.after, total)
        return table.opens[i] + (total - table.before[i])

    def index_after(self, at: dt.datetime) -> tuple[Table, int]:
        """Return a table and the index in it of the first span that closes after `at`."""
        table = self.covering(at)
        if not table.closes or table.closes[-1] <= at:
            table = self._with_openings(table, at)
        return table, bisect_right(table.closes, at)

    def following(self, table: Table, index: int) -> tuple[Table, int]:
        """Return a table and the index in it of the span after span `index` of `table`."""
        if index + 1 < len(table.opens):
            return table, index + 1
        return self.index_after(table.closes[index])

    def _with_openings(self, table: Table, since: dt.datetime) -> Table:
        """Return a longer table that has at least one more span; EmptyCalendar when decades bring none."""
        known = len(table.opens)
        closed_since = max(since, table.closes[-1]) if known else since
        last = closed_since.year + _NO_OPENING_FOR
        while table.last < last:
            table = self._grown(table, table.last + 1)
            if len(table.opens) > known:
                return table
        raise EmptyCalendar(f"no open time in the {_NO_OPENING_FOR} years up to {last}")

    def _begun(self, year: int) -> Table:
        """Return a table of the year that is asked for first, and keep it."""
        anchor = self._anchor.setdefault("year", year)
        self._refuse_beyond(anchor)
        self._table = begun = self._built(range(anchor, anchor + 1))
        return begun

    def _grown(self, table: Table, number: int) -> Table:
        """Return `table` grown to the year `number` and to twice its years, and keep it.

        What is copied is then never more than what is built, however often it grows.
        """
        self._refuse_beyond(number)
        years = table.last - table.first + 1
        if number > table.last:
            added = range(table.last + 1, min(max(number, table.last + years), self._last) + 1)
            longer = table.followed_by(self._built(added, begins_with=table.total))
        else:
            added = range(max(min(number, table.first - years), self._first), table.first)
            longer = self._built(added, ends_with=table.base).followed_by(table)
        self._table = longer
        return longer

    def _refuse_beyond(self, year: int) -> None:
        if not self._first <= year <= self._last:
            known = f"{self._first} to {self._last}"
            raise CalendarRange(f"hours are counted in the years {known} here, and this leads to {year}")

    def _built(
        self, numbers: range, *, begins_with: dt.timedelta = ZERO, ends_with: dt.timedelta | None = None
    ) -> Table:
        """Return the table of these years, with this running total at their beginning or at their end."""
        years = [self._year(number) for number in numbers]
        spans = [span for year in years for span in year.spans]
        lengths = [span.length for span in spans]
        base = begins_with if ends_with is None else ends_with - sum(lengths, ZERO)
        totals = list(accumulate(lengths, initial=base))
        return Table(
            first=numbers[0],
            last=numbers[-1],
            start=years[0].start,
            end=years[-1].end,
            base=base,
            opens=[span.start for span in spans],
            closes=[span.end for span in spans],
            before=totals[:-1],
            after=totals[1:],
        )


class Timelines:
    """The timelines of a calendar, one an era: one question about a far year is no burden to all the others."""

    __slots__ = ("_by_era", "_year")

    def __init__(self, year: Callable[[int], Year]) -> None:
        self._year = year
        self._by_era: dict[int, Timeline] = {}

    def of(self, at: dt.datetime) -> Timeline:
        """Return the timeline for a question that starts at the UTC instant `at`: it knows 60 years around."""
        era = at.year // _ERA
        timeline = self._by_era.get(era)
        if timeline is None:
            first = era * _ERA
            fresh = Timeline(self._year, first - YEARS_APART, first + _ERA - 1 + YEARS_APART)
            timeline = self._by_era.setdefault(era, fresh)
        return timeline
