"""A policy's hours, holidays and limited windows -> its calendars."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.config.document import Entry
from bot.config.policy_schema import HolidayRules, LimitedTable, PolicyTable
from bot.config.problems import Report, did_you_mean
from escalation.calendar import BusinessCalendar


def check_calendar(raw: Mapping[str, Any], report: Report) -> None:
    """Add what its own table can't tell: holidays that nobody knows, no hours at all. `raw` is the file."""
    holidays, hours, overrides = (raw.get(key) for key in ("holidays", "hours", "overrides"))
    if isinstance(holidays, Mapping):
        country, subdivision = (holidays.get(key) for key in ("country", "subdivision"))
        _check_holidays(_name(country), _name(subdivision), report)
    some = isinstance(overrides, Mapping) and any(overrides.values())
    if isinstance(hours, Mapping) and not some and not any(hours.values()) and not report.has("hours"):
        report.add("hours", 'no hours at all; give at least one day some, such as mon = ["08:30-17:00"]')


def _name(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def build_calendar(table: PolicyTable) -> BusinessCalendar:
    """The office hours of a file that is checked."""
    return BusinessCalendar(
        zone=table.zone,
        hours=table.hours.windows(),
        holidays=_holidays(table.holidays),
        overrides=table.overrides,
    )


def build_limited(
    entries: Sequence[Entry[LimitedTable]], calendar: BusinessCalendar
) -> dict[str, BusinessCalendar]:
    """The severities with limited windows, each with the calendar that has all of its windows."""
    windows: dict[str, dict[str, list[str]]] = {}
    for entry in entries:
        for severity in entry.value.severities:
            days = windows.setdefault(severity, {})
            for day, spans in entry.value.windows().items():
                days.setdefault(day, []).extend(spans)
    return {severity: calendar.with_windows(days) for severity, days in windows.items()}


def _check_holidays(country: str | None, subdivision: str | None, report: Report) -> None:
    """Does the holidays library know the country and its subdivision?"""
    if country is None:
        if subdivision is not None and not report.has("holidays.country"):
            report.add("holidays.subdivision", "needs a country beside it", subdivision)
        return
    import holidays  # takes a while, and a policy without a country needs none

    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        report.add("holidays.country", _unknown_country(country, known), country)
    elif subdivision is not None and subdivision not in known[country]:
        hint = did_you_mean(subdivision, known[country]) or "; it has none"
        report.add("holidays.subdivision", f"unknown in {country}{hint}", subdivision)


def _unknown_country(met: str, known: Iterable[str]) -> str:
    hint = did_you_mean(met.upper(), known)
    return (
        f"unknown country{hint}" if "did you" in hint else "unknown country; write its ISO code, such as ZA"
    )


@dataclasses.dataclass(frozen=True)
class _PublicHolidays:
    """The holidays of a year, asked of the library when a clock first needs that year."""

    country: str
    subdivision: str | None
    own: frozenset[dt.date]

    def __call__(self, year: int) -> frozenset[dt.date]:
        import holidays

        return self.own | frozenset(
            holidays.country_holidays(self.country, subdiv=self.subdivision, years=year)
        )


def _holidays(rules: HolidayRules) -> Callable[[int], frozenset[dt.date]] | frozenset[dt.date]:
    own = frozenset(rules.dates)
    return _PublicHolidays(rules.country, rules.subdivision, own) if rules.country else own
