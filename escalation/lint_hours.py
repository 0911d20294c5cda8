"""Findings about hours: calendars that never open, holidays that close whole weeks, windows, changes of the clock."""

import datetime as dt
from collections.abc import Iterator

from escalation.calendar import WEEKDAYS, BusinessCalendar, EmptyCalendar
from escalation.finding import Finding, Subject, named
from escalation.instants import DAY, ZERO, Span, from_wall, merged
from escalation.office import Hours
from escalation.targets import Counts, brief
from escalation.week import length, open_spans, overlap

YEAR = 366
_CHANGES_FOR = 731  # days in which changes of the clock are looked for


def empty_calendars(subject: Subject) -> Iterator[Finding]:
    """Find severities that are not served for a year."""
    policy = subject.policy
    shut = [s.id for s in policy.severities if not _opens(policy.calendar_of(s.id), subject.today)]
    if shut:
        yield Finding(key="hours", message=f"{named(shut)}: no open time in the coming 12 months")


def _opens(calendar: BusinessCalendar, today: dt.date) -> bool:
    midnight = from_wall(calendar.zone, today, ZERO)
    try:
        return calendar.next_open(midnight) < midnight + YEAR * DAY
    except EmptyCalendar:
        return False


def closed_weeks(subject: Subject) -> Iterator[Finding]:
    """Find whole months and weeks of the coming year of which every business day is a holiday."""
    months = [month for month in _months(subject.today) if _all_holidays(subject, month)]
    for month in months:
        yield Finding(key="holidays", message=f"every business day of {month[0]:%B %Y} is a holiday")
    told = {date for month in months for date in month}
    first = subject.today + DAY * ((subject.usual.first - subject.today.weekday()) % 7)
    for start in (first + 7 * n * DAY for n in range(52)):
        week = [start + n * DAY for n in range(7)]
        if _all_holidays(subject, week) and not told.issuperset(week):
            yield Finding(
                key="holidays", message=f"every business day of the week from {_day(start)} is a holiday"
            )


def _months(today: dt.date) -> Iterator[list[dt.date]]:
    """Yield the dates of each of the coming 12 months."""
    at = (today.replace(day=1) + 31 * DAY).replace(day=1)
    for _ in range(12):
        after = (at + 31 * DAY).replace(day=1)
        yield [at + n * DAY for n in range((after - at).days)]
        at = after


def _all_holidays(subject: Subject, dates: list[dt.date]) -> bool:
    business = [date for date in dates if subject.usual.week[date.weekday()]]
    return bool(business) and all(map(subject.policy.calendar.is_holiday, business))


def _day(date: dt.date) -> str:
    return f"{date:%a %Y-%m-%d}"


def limited_windows(subject: Subject) -> Iterator[Finding]:
    """Find limited windows in office hours, where everybody is served anyway."""
    for n, window in enumerate(subject.windows):
        for day, spans in window.items():
            office = subject.usual.week[WEEKDAYS.index(day)]
            for span in spans:
                inside = [hours for hours in office if overlap(span, hours)]
                if inside:
                    message = f"{span} overlaps the office hours {', '.join(inside)}, in which all are served"
                    yield Finding(key=f"limited[{n}].{day}", message=message)


def overrides(subject: Subject) -> Iterator[Finding]:
    """Find overrides that give hours to a holiday, which stays closed."""
    for date, hours in subject.overrides.items():
        if hours and date >= subject.today and subject.policy.calendar.is_holiday(date):
            message = f"{', '.join(hours)} never opens: {_day(date)} is a holiday"
            yield Finding(key=f"overrides.{date}", message=message)


def possible_hours(subject: Subject) -> frozenset[Hours]:
    """Return what an instant of the coming year can be to this desk."""
    policy, today = subject.policy, subject.today
    office = open_spans(policy.calendar, today, YEAR)
    longer = [open_spans(calendar, today, YEAR) for calendar in policy.limited.values()]
    found: set[Hours] = set()
    for date in (today + n * DAY for n in range(YEAR)):
        if policy.calendar.is_holiday(date):
            found.add(Hours.HOLIDAY)
            continue
        midnight = from_wall(policy.zone, date, ZERO)
        whole = from_wall(policy.zone, date, DAY) - midnight
        served = _length(office.get(date, ()))
        all_served = _length(
            merged((s for spans in (office, *longer) for s in spans.get(date, ())), midnight)
        )
        found |= {Hours.OFFICE} if served else set()
        found |= {Hours.LIMITED} if all_served > served else set()
        found |= {Hours.AFTER} if all_served < whole else set()
    return frozenset(found)


def _length(spans: list[Span] | tuple[Span, ...]) -> dt.timedelta:
    return sum((span.length for span in spans), ZERO)


def changes_of_the_clock(subject: Subject) -> Iterator[Finding]:
    """Find dates of the coming two years on which hours that count lose or gain some; round the clock nothing does."""
    policy, told = subject.policy, set[tuple[dt.date, dt.timedelta]]()
    counted = any(served.severity.counts is Counts.BUSINESS_DAYS for served in subject.served)
    calendars = [("hours", policy.calendar), *(("limited", longer) for longer in policy.limited.values())]
    calendars += [("hours", policy.calendar.whole_days())] if counted else []
    changes = list(_changes(subject))
    for key, calendar in calendars if changes else ():
        for date, shift in _shifted(calendar, subject.today, changes):
            if (date, shift) not in told:
                told.add((date, shift))
                yield Finding(key=key, message=_change(date, shift, calendar.wall_hours(date)))


def _changes(subject: Subject) -> Iterator[dt.date]:
    """Yield the dates that are not 24 hours long."""
    zone = subject.policy.zone
    for date in (subject.today + n * DAY for n in range(_CHANGES_FOR)):
        if from_wall(zone, date, DAY) - from_wall(zone, date, ZERO) != DAY:
            yield date


def _shifted(
    calendar: BusinessCalendar, today: dt.date, changes: list[dt.date]
) -> Iterator[tuple[dt.date, dt.timedelta]]:
    """Yield the dates whose hours are not as long as they are written, and by how much."""
    if not _opens(calendar, today) or calendar.next_close(from_wall(calendar.zone, today, ZERO)) is None:
        return
    for date in changes:
        lasts = _length(open_spans(calendar, date, 1).get(date, ()))
        if shift := lasts - length(calendar.wall_hours(date)):
            yield date, shift


def _change(date: dt.date, shift: dt.timedelta, hours: tuple[str, ...]) -> str:
    way, does = ("forward", "loses") if shift < ZERO else ("back", "gains")
    amount, whole = brief(abs(shift)), length(hours)
    lasts = f"{brief(whole + shift)} instead of {brief(whole)}"
    return f"{_day(date)}: the clocks go {way}; {', '.join(hours)} {does} {amount} ({lasts})"
