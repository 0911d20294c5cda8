"""Calendars to test with, written by hand as other programs write them."""

from __future__ import annotations


def event(*lines: str) -> str:
    return (
        "\r\n".join(("BEGIN:VEVENT", "UID:1@test", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT")) + "\r\n"
    )


def calendar(*events: str, head: str = "") -> str:
    """Each event with a UID of its own, unless it names one."""
    own = "".join(e.replace("UID:1@test", f"UID:{n}@test", 1) for n, e in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{head}{own}END:VCALENDAR\r\n"


def shift(who: str, start: str, end: str, *more: str) -> str:
    """Instants as iCalendar writes them: `20260323T090000Z`."""
    return event(f"SUMMARY:{who}", f"DTSTART:{start}", f"DTEND:{end}", *more)
