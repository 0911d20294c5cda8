"""Shifts as an iCalendar text."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping

import icalendar

from escalation.schedule import Shift

AGAIN = dt.timedelta(hours=1)
"""How often a program that subscribes is asked to look again."""


def written(
    shifts: Iterable[Shift], *, schedule: str, title: str, names: Mapping[str, str], stamp: dt.datetime
) -> bytes:
    """One event a shift, in UTC, which nobody's programs take for being busy. The same shift is the same event (UID)
    each time; one that is cut or handed on is another."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Standby//On call//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _line(title))
    calendar.add("x-wr-calname", _line(title))
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(AGAIN))
    for shift in shifts:
        calendar.add_component(_event(shift, schedule, names[shift.person], stamp))
    text: bytes = calendar.to_ical()
    return text


def _event(shift: Shift, schedule: str, name: str, stamp: dt.datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", _uid(shift, schedule))
    event.add("dtstamp", stamp)
    event.add("dtstart", shift.span.start)
    event.add("dtend", shift.span.end)
    event.add("summary", _line(f"{name} ({schedule})"))
    event.add("transp", "TRANSPARENT")
    return event


def _uid(shift: Shift, schedule: str) -> str:
    start, end = (edge.isoformat() for edge in shift.span)
    text = "|".join((schedule, shift.person, start, end))
    return hashlib.sha256(text.encode()).hexdigest()[:32] + "@standby"


def _line(text: str) -> str:
    """On one line, without what can't be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
