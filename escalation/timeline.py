"""A growing table of open spans with the counting time before and after each: two bisects a deadline.

Counting time is a running total, zero at the start of the first local year that was asked for and
negative before it, so a reading stays true when the table grows in either direction.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate

from escalation.instants import ZERO, Span

_NO_OPENING_FOR = 30  # years without an opening after which a search gives up
_LAST_YEAR = 9998


class EmptyCalendar(ValueError):
    """A calendar that has no open time at all, or none for decades after the instant asked about."""


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


class Timeline:
    """Open spans of a calendar, built a year at a time when first needed.

    Threads may share it: a longer table replaces the old one in a single assignment, so that a reader keeps a
    whole one, and all tables start from one anchor, so that readings of any two of them compare.
    """

    __slots__ = ("_anchor", "_table", "_year")

    def __init__(self, year: Callable[[int], Year]) -> None:
        self._year = year
        self._table: Table | None = None
        self._anchor: dict[str, int] = {}

    def covering(self, at: dt.datetime) -> Table:
        """Return a table in which the UTC instant `at` lies."""
        table = self._table
        if table is not None and table.start <= at < table.end:
            return table
        table = table or self._extended(None, self._anchor.setdefault("year", at.year))
        while at >= table.end:
            table = self._extended(table, table.last + 1)
        while at < table.start:
            table = self._extended(table, table.first - 1)
        return table

    def count(self, at: dt.datetime) -> dt.timedelta:
        """Return the running total of counting time at the UTC instant `at`."""
        return self.covering(at).count(at)

    def reach(self, total: dt.timedelta, since: dt.datetime) -> dt.datetime:
        """Return the earliest instant at which the running total is `total`, more than it was `since`.

        Raises EmptyCalendar if that is never.
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
        last = min(closed_since.year + _NO_OPENING_FOR, _LAST_YEAR)
        while table.last < last:
            table = self._extended(table, table.last + 1)
            if len(table.opens) > known:
                return table
        raise EmptyCalendar(f"no open time in the {_NO_OPENING_FOR} years up to {last}")

    def _extended(self, table: Table | None, number: int) -> Table:
        """Return `table` with the year `number`, which adjoins it, and keep it."""
        year = self._year(number)
        if table is None:
            longer = _table(number, number, year.start, year.end, ZERO, year.spans)
        elif number > table.last:
            longer = _table(
                table.first, number, table.start, year.end, table.base, _known(table) + year.spans
            )
        else:
            base = table.base - sum((span.length for span in year.spans), ZERO)
            longer = _table(number, table.last, year.start, table.end, base, year.spans + _known(table))
        self._table = longer
        return longer


def _known(table: Table) -> tuple[Span, ...]:
    """Return the spans of a table."""
    return tuple(Span(start=a, end=b) for a, b in zip(table.opens, table.closes, strict=True))


def _table(
    first: int, last: int, start: dt.datetime, end: dt.datetime, base: dt.timedelta, spans: Iterable[Span]
) -> Table:
    """Build the parallel lists; `base` is the running total at `start`."""
    listed = list(spans)
    totals = list(accumulate((span.length for span in listed), initial=base))
    return Table(
        first=first,
        last=last,
        start=start,
        end=end,
        base=base,
        opens=[span.start for span in listed],
        closes=[span.end for span in listed],
        before=totals[:-1],
        after=totals[1:],
    )
