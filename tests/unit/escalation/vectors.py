"""Cases: a few of our own, and the shared vectors where they lie beside the repository."""

import datetime as dt
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from escalation.calendar import BusinessCalendar

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "vectors"
OWN = Path(__file__).with_name("cases.json")


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of `name` (business_time or policies): our own few, and the shared ones if there."""
    shared = SHARED / f"{name}.json"
    own = list(json.loads(OWN.read_text())[name])
    return own + (json.loads(shared.read_text()) if shared.exists() else [])


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def pauses(case: dict[str, Any]) -> list[tuple[dt.datetime, dt.datetime]]:
    return [(instant(a), instant(b)) for a, b in case.get("pauses", [])]


def amount(case: dict[str, Any], prefix: str = "") -> dt.timedelta:
    if f"{prefix}business_seconds" in case:
        return dt.timedelta(seconds=case[f"{prefix}business_seconds"])
    return dt.timedelta(minutes=case[f"{prefix}business_minutes"])


def calendar_of(case: dict[str, Any]) -> BusinessCalendar:
    hours = {day: _texts(spans) for day, spans in case["hours"].items()}
    overrides = {_date(day): _texts(spans) for day, spans in case.get("date_overrides", {}).items()}
    for day, breaks in case.get("breaks", {}).items():
        spans = overrides.get(_date(day), hours.get(f"{_date(day):%a}".lower(), []))
        overrides[_date(day)] = _less(spans, _texts(breaks))
    return BusinessCalendar(
        zone=ZoneInfo(case["timezone"]),
        hours=hours,
        holidays={_date(day) for day in case["holidays"]},
        overrides=overrides,
    )


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _texts(spans: list[list[str]]) -> list[str]:
    return ["-".join(span) for span in spans]


def _less(spans: list[str], breaks: list[str]) -> list[str]:
    """Take each break out of the spans (texts of HH:MM-HH:MM compare as times)."""
    for taken in (text.split("-") for text in breaks):
        pieces = [piece for span in (text.split("-") for text in spans) for piece in _cut(span, taken)]
        spans = ["-".join(piece) for piece in pieces if piece[0] < piece[1]]
    return spans


def _cut(span: list[str], taken: list[str]) -> list[list[str]]:
    return [[span[0], min(span[1], taken[0])], [max(span[0], taken[1]), span[1]]]
