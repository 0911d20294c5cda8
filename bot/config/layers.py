"""The layers of schedules: people in turn, or a calendar that says who is on."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config.document import Document, Entry
from bot.config.problems import Report
from bot.config.schema import Layer
from escalation.rotation import Rotation, WeeklyWindow
from escalation.schedule import Roster

_TURNS = ("people", "every", "handover")


def check(layer: Entry[Layer], report: Report) -> None:
    """One of the two, and whole."""
    table = layer.value
    written = [key for key in _TURNS if getattr(table, key)]
    if table.ical is not None:
        for key in (*written, *(["restrictions"] if table.restrictions else [])):
            report.add(f"{layer.at}.{key}", "not together with ical: the calendar says who is on, and when")
    elif not written and not report.has(layer.at):
        report.add(layer.at, "names nobody; give people, every and handover, or ical")
    elif not report.has(f"{layer.at}.ical"):
        for key in _TURNS:
            if key not in written and not report.has(f"{layer.at}.{key}"):
                report.add(f"{layer.at}.{key}", "missing")


def build_layer(table: Layer, zone: ZoneInfo, folder: Path) -> Rotation | Roster:
    """A layer that was found right. A calendar is named only: it is read while Standby runs."""
    if table.ical is not None:
        return Roster(source=source(table.ical, folder), joins=table.joins)
    if table.every is None or table.handover is None:
        raise ValueError("a layer without a turn was not checked")
    return Rotation(
        people=table.people,
        every=table.every,
        handover=table.handover,
        zone=zone,
        restrictions=tuple(
            WeeklyWindow(days=window.days, start=window.start, end=window.end)
            for window in table.restrictions
        ),
        joins=table.joins,
    )


def source(ical: str, folder: Path) -> str:
    """The address of a calendar, or its file with the whole path."""
    return ical if "://" in ical else str(folder / ical)


def warn_of_missing_files(document: Document, folder: Path, report: Report) -> None:
    """Calendars whose file is not there (yet)."""
    for schedule in document.schedules:
        for layer in schedule.parts:
            ical = layer.value.ical
            if ical and "://" not in ical and not (folder / ical).is_file():
                report.warn(
                    f"{layer.at}.ical", f'no such file: until there is "{ical}", this layer has nobody'
                )
