"""A policy's TOML file -> escalation.policy.Policy, every mistake at once, with the file's name in front."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bot.config import policy_build as build
from bot.config import policy_schema as schema
from bot.config.document import Entry, Reader
from bot.config.policy_calendar import build_calendar, build_limited, check_calendar
from bot.config.policy_names import check_names, no_twin_rules, no_twins
from bot.config.policy_values import check_orders
from bot.config.problems import ConfigError, Problem, Report
from bot.config.tomlfile import read_toml
from escalation.calendar import BusinessCalendar
from escalation.policy import PATIENCE, Policy


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Lists:
    """The lists of tables that could be read."""

    limited: tuple[Entry[schema.LimitedTable], ...]
    severity: tuple[Entry[schema.SeverityTable], ...]
    category: tuple[Entry[schema.CategoryTable], ...]
    plan: tuple[Entry[schema.PlanTable], ...]
    after_hours: tuple[Entry[schema.AfterHoursTable], ...]
    escalate: tuple[Entry[schema.EscalateTable], ...]
    service: tuple[Entry[schema.ServiceTable], ...]
    exclusion: tuple[Entry[schema.ExclusionTable], ...]


def _policy(raw: Mapping[str, Any], version: str, report: Report) -> Policy | None:
    reader = Reader(report, raw)
    table = reader.take(schema.PolicyTable, raw, "")
    check_orders(raw, report)
    lists = _lists(reader, raw)
    _check(lists, raw, report)
    check_calendar(raw, report)
    if report.problems or table is None:
        return None
    return _built(table, lists, build_calendar(table), version)


def _lists(reader: Reader, raw: Mapping[str, Any]) -> _Lists:
    return _Lists(
        limited=reader.each(schema.LimitedTable, raw, "limited"),
        severity=reader.each(schema.SeverityTable, raw, "severity"),
        category=reader.each(schema.CategoryTable, raw, "category"),
        plan=reader.each(schema.PlanTable, raw, "plan"),
        after_hours=reader.each(schema.AfterHoursTable, raw, "after_hours"),
        escalate=reader.each(schema.EscalateTable, raw, "escalate"),
        service=reader.each(schema.ServiceTable, raw, "service"),
        exclusion=reader.each(schema.ExclusionTable, raw, "exclusion"),
    )


def _check(lists: _Lists, raw: Mapping[str, Any], report: Report) -> None:
    for table in ("severity", "category", "plan", "service", "exclusion"):
        no_twins(raw, table, report)
    no_twin_rules(((entry.at, build.build_escalation(entry.value).id) for entry in lists.escalate), report)
    check_names(raw, report)


def _built(table: schema.PolicyTable, lists: _Lists, calendar: BusinessCalendar, version: str) -> Policy:
    return Policy(
        name=table.name,
        version=version,
        title=table.title,
        prefix=table.prefix,
        language=table.language,
        zone=table.zone,
        calendar=calendar,
        limited=build_limited(lists.limited, calendar),
        severities=tuple(build.build_severity(entry.value) for entry in lists.severity),
        answered_by=table.answered_by,
        patience=PATIENCE if table.patience is None else table.patience,
        ack_patience=table.ack_patience,
        requires=tuple(dict.fromkeys(table.requires)),
        vip_at_least=table.vip_at_least,
        categories=tuple(build.build_category(entry.value) for entry in lists.category),
        plans=tuple(build.build_plan(entry.value) for entry in lists.plan),
        after_hours=tuple(build.build_rule(entry.value) for entry in lists.after_hours),
        escalations=tuple(build.build_escalation(entry.value) for entry in lists.escalate),
        services=tuple(build.build_service(entry.value) for entry in lists.service),
        exclusions=tuple(build.build_exclusion(entry.value) for entry in lists.exclusion),
        versions=build.build_versions(table.versions),
        milestones=table.milestones,
        availability=build.build_availability(table.availability),
        survey=table.survey,
    )
