"""What the library that reads calendars would pass over in silence."""

from __future__ import annotations

import copy
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import icalendar


def unknown_zone(event: Any, keys: Iterable[str]) -> str:
    """The TZID of a time that came out without a zone, since the calendar explains it nowhere and nobody knows it."""
    for key in sorted(keys):
        there = event.get(key, [])
        for value in there if isinstance(there, list) else [there]:
            tzid = getattr(value, "params", {}).get("TZID")
            if tzid and any(at.tzinfo is None for at in _times(value)):
                return str(tzid)
    return ""


def _times(value: Any) -> Iterator[dt.datetime]:
    """Those of a property: of one time, of a list, or of periods."""
    for one in getattr(value, "dts", None) or [value]:
        at = getattr(one, "dt", None)
        yield from (
            edge for edge in (at if isinstance(at, tuple) else (at,)) if isinstance(edge, dt.datetime)
        )


def apart_by_uid(calendar: Any) -> None:
    """Gives events with one UID a UID each. Only exceptions (RECURRENCE-ID) share one with their series; of others the
    library would keep one. An exception goes with each of them, as it may belong to any."""
    series: defaultdict[str, list[Any]] = defaultdict(list)
    exceptions: defaultdict[str, list[Any]] = defaultdict(list)
    for event in calendar.walk("VEVENT"):
        if "UID" in event:
            found = exceptions if "RECURRENCE-ID" in event else series
            found[str(event["UID"])].append(event)
    for uid, events in series.items():
        for number, event in enumerate(events[1:], 2):
            own = icalendar.vText(f"{uid}#{number}")
            event["UID"] = own
            for exception in exceptions[uid]:
                copied = copy.deepcopy(exception)
                copied["UID"] = own
                calendar.add_component(copied)
