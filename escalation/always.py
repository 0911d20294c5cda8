"""The calendar of a promise that holds at any hour: every second counts."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from escalation.instants import DAY, ZERO, Pauses, Span, from_wall, merged
from escalation.timeline import CalendarRange, instant, refuse_beyond

_UTC = ZoneInfo("UTC")


class Always:
    """The calendar that counts every second; `zone` says where its days begin. Same face as the other."""

    __slots__ = ("zone",)

    def __init__(self, *, zone: ZoneInfo = _UTC) -> None:
        self.zone = zone

    def due(self, start: dt.datetime, length: dt.timedelta, pauses: Pauses = ()) -> dt.datetime:
        """Return `start` plus `length` plus the pauses that began before it was used up."""
        if length < ZERO:
            raise ValueError(f"cannot add {length} of counting time")
        start = at = instant(start)
        try:
            at += length
            for pause in merged(pauses, start) if pauses and length else ():
                if pause.start >= at:
                    break
                at += pause.length
        except OverflowError:
            raise CalendarRange(f"{length} after {start:%Y-%m-%d} is no time that is counted") from None
        return instant(at)

    def measure(self, start: dt.datetime, end: dt.datetime, pauses: Pauses = ()) -> dt.timedelta:
        """Return the time from `start` to `end` outside `pauses`; backwards is zero."""
        start, end = instant(start), instant(end)
        if end <= start:
            return ZERO
        paused = sum((pause.length for pause in merged(pauses, start, end)), ZERO) if pauses else ZERO
        return end - start - paused

    def is_open(self, at: dt.datetime) -> bool:
        """Tell that every instant counts."""
        instant(at)
        return True

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """Return `at`."""
        return instant(at)

    def next_close(self, at: dt.datetime) -> dt.datetime | None:
        """Return None: it never closes."""
        instant(at)
        return None

    def is_business_day(self, date: dt.date) -> bool:
        """Tell that every date is one."""
        return True

    def is_holiday(self, date: dt.date) -> bool:
        """Tell that no date is one."""
        return False

    def day_hours(self, date: dt.date) -> tuple[Span, ...]:
        """Return the local date from midnight to midnight."""
        refuse_beyond(date)
        return (Span(start=from_wall(self.zone, date, ZERO), end=from_wall(self.zone, date, DAY)),)

    def wall_hours(self, date: dt.date) -> tuple[str, ...]:
        """Return the whole day."""
        return ("00:00-24:00",)

    def next_business_day(self, date: dt.date) -> dt.date:
        """Return the day after."""
        refuse_beyond(date)
        return date + DAY

    def add_business_days(self, start: dt.datetime, n: int) -> dt.datetime:
        """Return the same local time `n` days later; raises ValueError for a negative `n`."""
        if n < 0:
            raise ValueError(f"cannot add {n} business days")
        local = instant(start).astimezone(self.zone)
        try:
            wanted = (local.replace(tzinfo=None) + n * DAY).replace(tzinfo=self.zone, fold=0)
        except OverflowError:
            raise CalendarRange(f"{n} days after {local:%Y-%m-%d} are no time that is counted") from None
        return instant(wanted) if n else instant(start)

    def spans(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Yield (from, to) a local day at a time without end, the first cut at `start`."""
        start = instant(start)
        date = start.astimezone(self.zone).date()
        while True:
            (day,) = self.day_hours(date)
            yield max(start, day.start), day.end
            date += DAY

    def with_windows(self, windows: Mapping[str, Sequence[str]]) -> "Always":
        """Return itself: nothing can be added to always."""
        return self

    def whole_days(self) -> "Always":
        """Return itself: it counts whole days already."""
        return self
