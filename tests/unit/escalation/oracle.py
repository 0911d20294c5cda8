"""A second opinion on business time: a walk minute by minute, as one would with a watch and the week's hours.

It shares no code with the product and knows no arithmetic of zones: it asks the zone what the clock on the wall shows
at each minute, and finds the edges of the hours by looking. A walk covers a few days around its first instant.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = dt.timedelta(minutes=1)

Wall = tuple[dt.date, int]  # a date and a minute of the day
Pause = tuple[dt.datetime, dt.datetime]


class Walk:
    """What a watch sees from two days before `first`, for `days` days. Hours are on whole minutes."""

    def __init__(
        self,
        zone: ZoneInfo,
        hours: Mapping[str, Sequence[str]],
        first: dt.datetime,
        holidays: frozenset[dt.date] = frozenset(),
        overrides: Mapping[dt.date, Sequence[str]] | None = None,
        windows: Mapping[str, Sequence[str]] | None = None,
        days: int = 9,
    ) -> None:
        self.zone, self.hours, self.holidays = zone, hours, holidays
        self.overrides, self.windows = overrides or {}, windows or {}
        self.begin = first.astimezone(dt.UTC).replace(second=0, microsecond=0) - dt.timedelta(days=2)
        self.end = self.begin + dt.timedelta(days=days)

    @cached_property
    def minutes(self) -> list[dt.datetime]:
        """Every minute of the walk."""
        return [self.begin + n * MINUTE for n in range((self.end - self.begin) // MINUTE)]

    @cached_property
    def shown(self) -> list[Wall]:
        """What the wall shows at each minute."""
        walls = (minute.astimezone(self.zone) for minute in self.minutes)
        return [(wall.date(), wall.hour * 60 + wall.minute) for wall in walls]

    @cached_property
    def first_shown(self) -> dict[Wall, int]:
        """The first minute at which the wall shows this."""
        found: dict[Wall, int] = {}
        for n, wall in enumerate(self.shown):
            found.setdefault(wall, n)
        return found

    @cached_property
    def dates(self) -> list[dt.date]:
        """The dates of which the walk sees every minute, in order."""
        seen = dict.fromkeys(date for date, _ in self.shown)
        return list(seen)[1:-1]

    @cached_property
    def open(self) -> list[bool]:
        """Whether each minute is open."""
        marks = [False] * len(self.minutes)
        for date in self.dates:
            for opens, closes in self.spans_of(date, limited=True):
                for n in range(self.edge(date, opens), self.edge(date, closes)):
                    marks[n] = True
        return marks

    def spans_of(self, date: dt.date, *, limited: bool = False) -> list[tuple[int, int]]:
        """The hours of a date, in minutes of the day."""
        if date in self.holidays:
            return []
        day = DAYS[date.weekday()]
        weekly = [*self.hours.get(day, ()), *(self.windows.get(day, ()) if limited else ())]
        texts = self.overrides.get(date, weekly)
        return [(_minute(text[:5]), _minute(text[6:])) for text in texts]

    def edge(self, date: dt.date, minute: int) -> int:
        """The minute of the walk at which the wall first shows a time; one that is skipped, as much later as is skipped."""
        if minute == 1440:
            date, minute = date + dt.timedelta(days=1), 0
        if (date, minute) in self.first_shown:
            return self.first_shown[date, minute]
        after = next(n for n, wall in enumerate(self.shown) if wall > (date, minute))
        before = self.shown[after - 1]
        late = (date - before[0]).days * 1440 + minute - before[1] - 1  # past the instant of the change
        return after + late

    def pieces(
        self, start: dt.datetime, pauses: Sequence[Pause] = ()
    ) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The counting time from `start` on, a minute or less at a time; pauses are on whole minutes."""
        for minute, is_open in zip(self.minutes, self.open, strict=True):
            if is_open and minute + MINUTE > start and not any(a <= minute < b for a, b in pauses):
                yield max(minute, start), minute + MINUTE

    def measure(self, start: dt.datetime, end: dt.datetime, pauses: Sequence[Pause] = ()) -> dt.timedelta:
        """The counting time from `start` to `end`."""
        kept = ((a, min(b, end)) for a, b in self.pieces(start, pauses) if a < end)
        return sum((b - a for a, b in kept), dt.timedelta())

    def due(
        self, start: dt.datetime, length: dt.timedelta, pauses: Sequence[Pause] = ()
    ) -> dt.datetime | None:
        """When `length` is used up; None if that is not within the walk."""
        left = length
        for opens, closes in self.pieces(start, pauses if length else ()):
            if opens + left <= closes:
                return opens + left
            left -= closes - opens
        return None

    def next_close(self, at: dt.datetime) -> dt.datetime | None:
        """When the open time at or after `at` ends; None if that is not within the walk."""
        last = None
        for opens, closes in self.pieces(at):
            if last is not None and opens > last:
                return last
            last = closes
        return last if last is not None and last < self.end - dt.timedelta(days=2) else None

    def same_time(self, at: dt.datetime, days: int) -> dt.datetime | None:
        """The same time on the wall `days` business days after an open instant, moved into that day's hours."""
        here = self.shown[(at - self.begin) // MINUTE]
        into = at - self.begin - (at - self.begin) // MINUTE * MINUTE
        later = [date for date in self.dates if date > here[0] and self.hours_of(date)]
        if len(later) < days:
            return None
        date = later[days - 1]
        wanted = self.minutes[self.edge(date, here[1])] + into
        for opens, closes in self.hours_of(date):
            if wanted <= closes:
                return max(wanted, opens)
        return self.hours_of(date)[-1][1]

    def hours_of(self, date: dt.date) -> list[Pause]:
        """When a date opens and closes, without limited windows; none where clocks skip all of its hours."""
        edges = [[self.edge(date, edge) for edge in span] for span in sorted(self.spans_of(date))]
        return [(self.minutes[a], self.minutes[b]) for a, b in edges if a < b]


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
