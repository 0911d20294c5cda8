"""Business calendars: which time counts, how much of it passed, and when a given amount is used up.

Rules: semantics.md, Calendar and Clocks. Spans are half open: a desk open 09:00-17:00 is closed at 17:00.
A holiday closes its date whatever hours or override it has. All instants in and out are aware; what
comes out is UTC.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias
from zoneinfo import ZoneInfo

from escalation.always import Always
from escalation.instants import DAY, ZERO, Pauses, Span, from_wall, merged, parse_wall
from escalation.timeline import (
    YEARS_APART,
    CalendarRange,
    EmptyCalendar,
    Timelines,
    Year,
    instant,
    refuse_beyond,
)

__all__ = [
    "WEEKDAYS",
    "Always",
    "BusinessCalendar",
    "Calendar",
    "CalendarRange",
    "EmptyCalendar",
    "Holidays",
]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WHOLE = ("00:00-24:00",)
_SEARCHED_DAYS = 30 * 366
_JOINED_SPANS = 400  # spans that touch for longer than a year: the calendar never closes

Holidays: TypeAlias = Collection[dt.date] | Callable[[int], Collection[dt.date]]
_Walls: TypeAlias = tuple[tuple[dt.timedelta, dt.timedelta], ...]


def parse_hours(spans: Sequence[str]) -> _Walls:
    """Read `["09:00-12:00", "13:00-17:00"]`; sorted, overlapping and touching ones joined.

    Raises ValueError naming the span for one that is not `HH:MM-HH:MM` or does not end after it starts.
    """
    _refuse_no_list(spans)
    joined: list[tuple[dt.timedelta, dt.timedelta]] = []
    for opens, closes in sorted(_parse_span(text) for text in spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return tuple(joined)


def _refuse_no_list(spans: object) -> None:
    if isinstance(spans, str) or not isinstance(spans, Iterable):
        raise ValueError(f'{_shown(spans)} is no list of spans; write ["09:00-17:00"]')


def _refuse_no_week(hours: object) -> None:
    if not isinstance(hours, Mapping):
        raise ValueError(f'hours: {_shown(hours)} is no mapping; write {{"mon": ["09:00-17:00"], ...}}')
    if unknown := [day for day in hours if day not in WEEKDAYS]:
        raise ValueError(f"unknown day {_shown(unknown[0])}; use {', '.join(WEEKDAYS)}")


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _parse_span(text: object) -> tuple[dt.timedelta, dt.timedelta]:
    opens, dash, closes = text.partition("-") if isinstance(text, str) else ("", "", "")
    if not dash:
        raise ValueError(f"{_shown(text)} is not a span of hours; write HH:MM-HH:MM, such as 09:00-17:00")
    span = parse_wall(opens), parse_wall(closes)
    if span[1] <= span[0]:
        raise ValueError(f'"{text}" ends before it starts; write a span over midnight as two')
    return span


def _refuse_no_dates(what: str, keys: Iterable[object]) -> None:
    for key in keys:
        if not isinstance(key, dt.date) or isinstance(key, dt.datetime):
            raise ValueError(f"{what}: {key!r} is no date; give a datetime.date")


def _by_year(holidays: Holidays) -> frozenset[dt.date] | Callable[[int], Collection[dt.date]]:
    """Return the dates, or what is asked for those of a year: the `holidays` library's objects fill up when asked."""
    if callable(holidays):
        return holidays
    _refuse_no_dates("holidays", holidays)
    if isinstance(holidays, Mapping) and type(holidays) is not dict:
        return partial(_asked, holidays)
    return frozenset(holidays)


def _asked(holidays: Collection[dt.date], year: int) -> frozenset[dt.date]:
    first = dt.date(year, 1, 1)
    return frozenset(date for n in range(366) if (date := first + n * DAY).year == year and date in holidays)


class BusinessCalendar:
    """Weekly hours in a zone, less holidays, with date overrides. Immutable to callers; share it.

    `hours` maps mon..sun to spans; `holidays` is a set of dates, an object of the `holidays` library, or a function
    of the year, asked once a year; `overrides` replace a date's hours ([] closes it). Raises EmptyCalendar without
    any hours, ValueError for an unknown day, a malformed span or what is no date, and in what it answers
    CalendarRange where that is more than 60 years from what is asked or in a year that has no whole local time.
    """

    __slots__ = (
        "_by_year",
        "_holidays",
        "_hours_on",
        "_open",
        "_overrides",
        "_timelines",
        "_week",
        "_whole",
        "zone",
    )

    def __init__(
        self,
        *,
        zone: ZoneInfo,
        hours: Mapping[str, Sequence[str]],
        holidays: Holidays = frozenset(),
        overrides: Mapping[dt.date, Sequence[str]] | None = None,
    ) -> None:
        _refuse_no_week(hours)
        _refuse_no_dates("overrides", overrides or ())
        self.zone = zone
        self._week = self._open = tuple(parse_hours(hours.get(day, ())) for day in WEEKDAYS)
        self._overrides = {date: parse_hours(spans) for date, spans in (overrides or {}).items()}
        if not any(self._week) and not any(self._overrides.values()):
            raise EmptyCalendar("a calendar needs at least one span of hours")
        self._holidays = _by_year(holidays)
        self._by_year: dict[int, frozenset[dt.date]] = {}
        self._hours_on: dict[dt.date, tuple[Span, ...]] = {}
        self._timelines = Timelines(self._year)
        self._whole: BusinessCalendar | None = None

    def due(self, start: dt.datetime, length: dt.timedelta, pauses: Pauses = ()) -> dt.datetime:
        """Return the earliest instant at which `length` of counting time has passed since `start`.

        Used up exactly at closing is due at closing; no time gives the first open instant at or after
        `start`. Pauses push it later by the counting time they cover. Raises ValueError below zero.
        """
        start = instant(start)
        if length <= ZERO:
            return self._next_open_or_refuse(start, length)
        timeline = self._timelines.of(start)
        total = timeline.count(start) + length
        for pause in merged(pauses, start) if pauses else ():
            paused_from = timeline.count(pause.start)
            if paused_from >= total:
                break
            total += timeline.count(pause.end) - paused_from
        return timeline.reach(total, start)

    def measure(self, start: dt.datetime, end: dt.datetime, pauses: Pauses = ()) -> dt.timedelta:
        """Return the counting time from `start` to `end` outside `pauses`; backwards is zero."""
        start, end = instant(start), instant(end)
        if end <= start:
            return ZERO
        count = self._timelines.of(start).count
        passed = count(end) - count(start)
        for pause in merged(pauses, start, end) if pauses else ():
            passed -= count(pause.end) - count(pause.start)
        return passed

    def is_open(self, at: dt.datetime) -> bool:
        """Tell whether `at` counts; the instant of closing does not."""
        at = instant(at)
        try:
            table, index = self._timelines.of(at).index_after(at)
        except CalendarRange:
            raise
        except EmptyCalendar:
            return False
        return table.opens[index] <= at

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """Return the first open instant at or after `at`, which is `at` itself while open."""
        at = instant(at)
        table, index = self._timelines.of(at).index_after(at)
        return max(at, table.opens[index])

    def next_close(self, at: dt.datetime) -> dt.datetime | None:
        """Return when the open time at or after `at` ends, spans that touch over midnight being one.

        None for a calendar that does not close within a year (round the clock).
        """
        at = instant(at)
        timeline = self._timelines.of(at)
        table, index = timeline.index_after(at)
        for _ in range(_JOINED_SPANS):
            close = table.closes[index]
            try:
                table, index = timeline.following(table, index)
            except EmptyCalendar:  # that was the last span
                return close
            if table.opens[index] > close:
                return close
        return None

    def is_business_day(self, date: dt.date) -> bool:
        """Tell whether `date` (local) has hours and is not a holiday."""
        return bool(self.day_hours(date))

    def is_holiday(self, date: dt.date) -> bool:
        """Tell whether `date` (local) is a holiday, also one on a day without hours."""
        return date in self._holidays_of(date.year)

    def day_hours(self, date: dt.date) -> tuple[Span, ...]:
        """Return the open spans of a local date as UTC instants, without limited windows; empty for a closed one."""
        spans = self._hours_on.get(date)
        if spans is None:
            refuse_beyond(date)
            spans = self._hours_on[date] = self._spans(date, self._on(date, self._week))
        return spans

    def wall_hours(self, date: dt.date) -> tuple[str, ...]:
        """Return what is written for a local date, limited windows included; a change of its clocks may skip some of it."""
        return tuple(map(_written, self._on(date, self._open)))

    def _spans(self, date: dt.date, walls: _Walls) -> tuple[Span, ...]:
        spans: list[Span] = []
        for opens, closes in walls:
            start, end = from_wall(self.zone, date, opens), from_wall(self.zone, date, closes)
            if spans:  # an edge moved out of a DST gap may reach into the next span
                start = max(start, spans[-1].end)
            if start < end:
                spans.append(Span(start=start, end=end))
        return tuple(spans)

    def next_business_day(self, date: dt.date) -> dt.date:
        """Return the first business day after the local `date`; EmptyCalendar when decades bring none."""
        try:
            for _ in range(_SEARCHED_DAYS):
                date += DAY
                if self.day_hours(date):
                    return date
        except OverflowError:
            raise CalendarRange(f"there is no date after {date}") from None
        raise EmptyCalendar(f"no business day in the 30 years up to {date}")

    def add_business_days(self, start: dt.datetime, n: int) -> dt.datetime:
        """Return the same local time `n` business days later, clamped into that day's hours.

        A start outside hours counts from the next opening. A time in that day's break moves to its end.
        Raises ValueError for a negative `n`.
        """
        if n < 0:
            raise ValueError(f"cannot add {n} business days")
        begun = self.next_open(start)
        if n == 0:
            return begun
        local = begun.astimezone(self.zone)
        date = local.date()
        last = date.year + YEARS_APART
        for _ in range(n):
            date = self.next_business_day(date)
            if date.year > last:
                raise CalendarRange(
                    f"{n} business days after {local:%Y-%m-%d} are more than {YEARS_APART} years"
                )
        wanted = dt.datetime.combine(date, local.time().replace(fold=0), tzinfo=self.zone).astimezone(dt.UTC)
        return _clamped(wanted, self.day_hours(date))

    def spans(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Yield (open, close) from `start` on, the first cut at `start`; no span crosses midnight.

        For 60 years and more, but for a calendar that has no more hours, such as one of overrides only.
        """
        start = instant(start)
        timeline = self._timelines.of(start)
        try:
            table, index = timeline.index_after(start)
            while True:
                yield max(start, table.opens[index]), table.closes[index]
                table, index = timeline.following(table, index)
        except EmptyCalendar:
            return

    def whole_days(self) -> "BusinessCalendar":
        """Return the calendar of the same business days that counts all hours of each; made once."""
        if self._whole is None:
            whole = BusinessCalendar(
                zone=self.zone,
                hours={day: _WHOLE for day, walls in zip(WEEKDAYS, self._week, strict=True) if walls},
                holidays=self._holidays,
                overrides={date: _WHOLE if walls else () for date, walls in self._overrides.items()},
            )
            whole._whole = whole
            self._whole = whole
        return self._whole

    def with_windows(self, windows: Mapping[str, Sequence[str]]) -> "BusinessCalendar":
        """Return the calendar that is open in these weekly hours too: a limited window counts, but makes no business day.

        Holidays and overrides hold for them as well. Raises ValueError for an unknown day or a malformed span.
        """
        _refuse_no_week(windows)
        longer = BusinessCalendar(
            zone=self.zone,
            hours={
                day: [*map(_written, self._open[n]), *windows.get(day, ())] for n, day in enumerate(WEEKDAYS)
            },
            holidays=self._holidays,
            overrides=dict.fromkeys(self._overrides, _WHOLE),  # so that it has hours; replaced below
        )
        longer._overrides, longer._week, longer._whole = self._overrides, self._week, self.whole_days()
        return longer

    def _next_open_or_refuse(self, start: dt.datetime, length: dt.timedelta) -> dt.datetime:
        if length < ZERO:
            raise ValueError(f"cannot add {length} of counting time")
        return self.next_open(start)

    def _on(self, date: dt.date, week: tuple[_Walls, ...]) -> _Walls:
        """Return the wall-clock spans of a local date in such weeks; none on one that its zone skipped."""
        walls = self._overrides[date] if date in self._overrides else week[date.weekday()]
        if not walls or date in self._holidays_of(date.year) or _skipped(self.zone, date):
            return ()
        return walls

    def _holidays_of(self, year: int) -> frozenset[dt.date]:
        """Return the holidays of a year, asking a function at most once a year."""
        if not callable(self._holidays):
            return self._holidays
        if year not in self._by_year:
            refuse_beyond(dt.date(year, 1, 1))
            found = _by_year(self._holidays(year))
            self._by_year[year] = frozenset(found(year) if callable(found) else found)
        return self._by_year[year]

    def _year(self, number: int) -> Year:
        """Return the open spans of a local year, for the timeline."""
        first = dt.date(number, 1, 1)
        days = (dt.date(number + 1, 1, 1) - first).days
        spans: list[Span] = []
        dates = (first + n * DAY for n in range(days))
        for span in (span for date in dates for span in self._spans(date, self._on(date, self._open))):
            if spans and span.start < spans[-1].end:  # an edge moved over midnight, out of a DST gap
                span = Span(start=spans[-1].end, end=max(span.end, spans[-1].end))
            if span.start < span.end:
                spans.append(span)
        return Year(
            start=from_wall(self.zone, first, ZERO),
            end=from_wall(self.zone, first, days * DAY),
            spans=tuple(spans),
        )


def _skipped(zone: ZoneInfo, date: dt.date) -> bool:
    """Tell whether a zone has no such date, as Apia has no 30 December 2011."""
    return from_wall(zone, date, DAY / 2).astimezone(zone).date() != date


def _written(wall: tuple[dt.timedelta, dt.timedelta]) -> str:
    """Return a span as it is written in a policy."""
    opens, closes = (divmod(int(edge.total_seconds()) // 60, 60) for edge in wall)
    return "{:02}:{:02}-{:02}:{:02}".format(*opens, *closes)


def _clamped(at: dt.datetime, hours: tuple[Span, ...]) -> dt.datetime:
    """Return the first open or closing instant of `hours` at or after `at`, at most the last closing."""
    for span in hours:
        if at <= span.end:
            return max(at, span.start)
    return hours[-1].end if hours else at


Calendar: TypeAlias = BusinessCalendar | Always
