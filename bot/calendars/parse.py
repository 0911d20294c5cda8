"""An iCalendar text as shifts. Pure, but for as long as the text is malicious: `apart.py` bounds its time and memory."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from bot.calendars.invited import people_of_event
from bot.calendars.names import Names, shown
from bot.calendars.soundness import apart_by_uid, unknown_zone
from bot.domain.calendar_faults import MOST_EVENTS, CalendarError
from escalation.instants import DAY, Span, from_local, utc
from escalation.schedule import Shift

BEHIND, AHEAD = 31 * DAY, 400 * DAY
LARGEST = 1_000_000
"""Bytes."""
MOST_STRANGERS = 20
_WHEN = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """What a calendar says: the shifts in order, and the names in it that nobody has."""

    shifts: tuple[Shift, ...]
    strangers: tuple[str, ...] = ()


def read_shifts(
    text: str,
    *,
    label: str,
    zone: ZoneInfo,
    now: dt.datetime,
    people: tuple[tuple[str, str], ...],
    titles: tuple[str, ...] = (),
) -> Reading:
    """The shifts of `people` (id, name) from BEHIND `now` to AHEAD of it. Whole days and times without a zone are local
    to `zone`; `titles` may stand beside a name. Raises CalendarError."""
    if len(text.encode("utf-8", "replace")) > LARGEST:
        raise CalendarError("too_large", label=label)
    if not text.lstrip("\ufeff \t\r\n").upper().startswith("BEGIN:VCALENDAR"):
        raise CalendarError("no_ical", label=label)
    if not text.rstrip("\0 \t\r\n").upper().endswith("END:VCALENDAR"):
        raise CalendarError("cut", label=label)
    window = Span(start=now - BEHIND, end=now + AHEAD)
    try:
        events = list(_events(text, zone, window))
    except CalendarError as error:
        raise CalendarError(error.what, label=label, text=error.text, n=error.n) from None
    except Exception as error:  # a library meets what anybody may have written
        raise CalendarError("broken", label=label, text=_why(error)) from error
    if len(events) > MOST_EVENTS:
        raise CalendarError("too_many", label=label, n=len(events))
    if not events:
        raise CalendarError("elsewhen", label=label)
    return _named(events, Names(people, titles), label)


def _why(error: Exception) -> str:
    flat = shown(str(error))
    return flat or type(error).__name__


def _events(text: str, zone: ZoneInfo, window: Span) -> Iterator[tuple[Span, Any]]:
    """Every event in the window, each time that it comes, with when it is."""
    calendars: list[Any] = list(icalendar.Calendar.from_ical(text, multiple=True))
    found = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if not found:
        raise CalendarError("empty")
    for event in found:
        _is_sound(event)
    for calendar in calendars:
        if str(calendar.get("METHOD", "")).strip().upper() == "CANCEL":
            continue
        apart_by_uid(calendar)
        query: Any = recurring_ical_events.of(calendar)
        for event in query.between(window.start - DAY, window.end + DAY):
            span = _span(event, zone)
            inside = span.start < window.end and span.end > window.start and span.end > span.start
            if inside and not _is_cancelled(event):
                yield span, event


def _is_sound(event: Any) -> None:
    """The library drops a property that it can't read; without its rule an event would silently be another one."""
    wrong = [f"{name}: {why}" for name, why in event.errors if str(name).upper() in _WHEN]
    if wrong or "DTSTART" not in event:
        raise CalendarError("broken", text=shown(wrong[0] if wrong else "an event has no DTSTART"))
    if unknown := unknown_zone(event, _WHEN):
        raise CalendarError("broken", text=f'nobody knows the time zone "{shown(unknown)}"')


def _is_cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")).strip().upper() in ("CANCELLED", "CANCELED")


def _span(event: Any, zone: ZoneInfo) -> Span:
    start = event["DTSTART"].dt
    end = event["DTEND"].dt if "DTEND" in event else start
    if end == start and not isinstance(start, dt.datetime):
        end = start + DAY
    return Span(start=_instant(start, zone), end=_instant(end, zone))


def _instant(at: dt.date, zone: ZoneInfo) -> dt.datetime:
    if not isinstance(at, dt.datetime):
        return from_local(zone, at, dt.time())
    return from_local(zone, at.date(), at.time()) if at.tzinfo is None else utc(at)


def _named(events: list[tuple[Span, Any]], names: Names, label: str) -> Reading:
    shifts: set[Shift] = set()
    strangers: dict[str, None] = {}
    for span, event in events:
        people, unknown = people_of_event(event, names)
        shifts |= {Shift(person=person, span=span) for person in people}
        strangers |= dict.fromkeys(unknown)
    listed = tuple(strangers)[:MOST_STRANGERS]
    if not shifts:
        raise CalendarError("nobody", label=label, text=", ".join(f'"{name}"' for name in listed[:5]))
    ordered = sorted(shifts, key=lambda shift: (shift.span.start, shift.span.end, shift.person))
    return Reading(shifts=tuple(ordered), strangers=listed)
