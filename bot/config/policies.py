"""A policy's TOML file -> escalation.policy.Policy, every mistake at once, with the file's name in front."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bot.config.document import Entry, Reader, look_up
from bot.config.policy_schema import CategoryTable, HolidayRules, PlanTable, PolicyTable, SeverityTable, Week
from bot.config.problems import ConfigError, Problem, Report, did_you_mean
from bot.config.tomlfile import read_toml
from escalation.calendar import WEEKDAYS, BusinessCalendar, EmptyCalendar
from escalation.policy import PATIENCE, Category, Plan, Policy, Severity


class PolicyRead(NamedTuple):
    """What could be read: the name stands even where the rest is wrong."""

    name: str
    policy: Policy | None


def load_policy(path: Path, label: str = "") -> Policy:
    """The policy in a file; raises ConfigError with every mistake. `label` is the file's name in messages."""
    problems: list[Problem] = []
    found = read_policy(path, label or str(path), problems)
    if problems or found.policy is None:
        raise ConfigError(tuple(problems))
    return found.policy


def read_policy(path: Path, label: str, problems: list[Problem]) -> PolicyRead:
    """Like `load_policy`, adding what is wrong to `problems`."""
    report = Report(label)
    policy: Policy | None = None
    raw, data = read_toml(path, report)
    name = raw.get("name", "") if raw else ""
    if raw is not None:
        policy = _policy(raw, hashlib.sha256(data).hexdigest()[:12], report)
    problems += report.problems
    return PolicyRead(name if isinstance(name, str) else "", policy)


def _policy(raw: Mapping[str, Any], version: str, report: Report) -> Policy | None:
    reader = Reader(report, raw)
    table = reader.take(PolicyTable, raw, "")
    severities = reader.each(SeverityTable, raw, "severity")
    categories = reader.each(CategoryTable, raw, "category")
    plans = reader.each(PlanTable, raw, "plan")
    for entries in (severities, categories, plans):
        _no_twins(entries, report)
    if table is None:
        return None
    written = (look_up(raw, f"severity[{n}].id") for n in range(len(raw["severity"])))
    known = [id for id in written if isinstance(id, str)]
    if table.vip_at_least is not None and table.vip_at_least not in known:
        report.add(
            "vip_at_least", f"unknown severity{did_you_mean(table.vip_at_least, known)}", table.vip_at_least
        )
    calendar = _calendar(table, report)
    if report.problems or calendar is None:
        return None
    return Policy(
        name=table.name,
        version=version,
        title=table.title,
        prefix=table.prefix,
        language=table.language,
        zone=table.zone,
        calendar=calendar,
        severities=tuple(_as(Severity, entry.value) for entry in severities),
        answered_by=table.answered_by,
        patience=PATIENCE if table.patience is None else table.patience,
        requires=("email",) if table.requires_email else (),
        vip_at_least=table.vip_at_least,
        categories=tuple(_as(Category, entry.value) for entry in categories),
        plans=tuple(_as(Plan, entry.value) for entry in plans),
    )


def _as(kind: Callable[..., Any], table: SeverityTable | CategoryTable | PlanTable) -> Any:
    """The value whose fields are the table's keys."""
    return kind(**{name: getattr(table, name) for name in type(table).model_fields})


def _no_twins(entries: Sequence[Entry[Any]], report: Report) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        if (first := seen.setdefault(entry.value.id, entry.at)) != entry.at:
            report.add(f"{entry.at}.id", f"the same id as {first}.id", entry.value.id)


def _calendar(table: PolicyTable, report: Report) -> BusinessCalendar | None:
    if not _holidays_exist(table.holidays, report):
        return None
    try:
        return BusinessCalendar(
            zone=table.zone,
            hours=_hours(table.hours),
            holidays=_holidays(table.holidays),
            overrides=table.overrides,
        )
    except EmptyCalendar:
        if not report.has("hours"):
            report.add("hours", 'no hours at all; give at least one day some, such as mon = ["08:30-17:00"]')
        return None


def _hours(week: Week) -> dict[str, tuple[str, ...]]:
    return {day: getattr(week, day) for day in WEEKDAYS}


def _holidays_exist(rules: HolidayRules, report: Report) -> bool:
    """Does the holidays library know the country and its subdivision?"""
    if rules.country is None:
        if rules.subdivision is not None:
            report.add("holidays.subdivision", "needs a country beside it", rules.subdivision)
        return rules.subdivision is None
    import holidays  # takes a while, and a policy without a country needs none

    known = holidays.list_supported_countries(include_aliases=False)
    if rules.country not in known:
        report.add(
            "holidays.country",
            _unknown("country", "ISO code, such as ZA", rules.country, known),
            rules.country,
        )
        return False
    parts = known[rules.country]
    if rules.subdivision is not None and rules.subdivision not in parts:
        message = f"unknown in {rules.country}{did_you_mean(rules.subdivision, parts) or '; it has none'}"
        report.add("holidays.subdivision", message, rules.subdivision)
        return False
    return True


def _unknown(what: str, form: str, met: str, known: Iterable[str]) -> str:
    hint = did_you_mean(met.upper(), known)
    return f"unknown {what}{hint}" if "did you" in hint else f"unknown {what}; write its {form}"


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
