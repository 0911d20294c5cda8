"""A policy's hours, holidays and limited windows -> its calendars."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from bot.config.document import Entry
from bot.config.policy_schema import HolidayRules, LimitedTable, PolicyTable
from bot.config.problems import Report, did_you_mean
from escalation.calendar import BusinessCalendar, EmptyCalendar


def build_calendar(table: PolicyTable, report: Report) -> BusinessCalendar | None:
    """The office hours; None, and why in the report, where there can be none."""
    if not _holidays_exist(table.holidays, report):
        return None
    try:
        return BusinessCalendar(
            zone=table.zone,
            hours=table.hours.windows(),
            holidays=_holidays(table.holidays),
            overrides=table.overrides,
        )
    except EmptyCalendar:
        if not report.has("hours"):
            report.add("hours", 'no hours at all; give at least one day some, such as mon = ["08:30-17:00"]')
        return None


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


def _holidays_exist(rules: HolidayRules, report: Report) -> bool:
    """Does the holidays library know the country and its subdivision?"""
    if rules.country is None:
        if rules.subdivision is not None:
            report.add("holidays.subdivision", "needs a country beside it", rules.subdivision)
        return rules.subdivision is None
    import holidays  # takes a while, and a policy without a country needs none

    known = holidays.list_supported_countries(include_aliases=False)
    if rules.country not in known:
        report.add("holidays.country", _unknown_country(rules.country, known), rules.country)
        return False
    parts = known[rules.country]
    if rules.subdivision is not None and rules.subdivision not in parts:
        message = f"unknown in {rules.country}{did_you_mean(rules.subdivision, parts) or '; it has none'}"
        report.add("holidays.subdivision", message, rules.subdivision)
        return False
    return True


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
