"""A policy file's tables -> the values of escalation. They are checked: nothing here can fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from bot.config import policy_schema as schema
from bot.config.schema import Table
from escalation.entitlement import Availability, Entitlement, Exclusion, Service, Versions
from escalation.escalate import Escalation
from escalation.office import AfterHours
from escalation.policy import Category, Cell, Plan, Severity

T = TypeVar("T")


def build_severity(table: schema.SeverityTable) -> Severity:
    return _as(Severity, table)


def build_category(table: schema.CategoryTable) -> Category:
    cells = {severity: _as(Cell, cell) for severity, cell in table.severity.items()}
    return _as(Category, table, "severity", cells=cells)


def build_plan(table: schema.PlanTable) -> Plan:
    return _as(Plan, table)


def build_rule(table: schema.AfterHoursTable) -> AfterHours:
    """A rule that names a chain pages it."""
    chain = table.page if isinstance(table.page, str) else ""
    return _as(AfterHours, table, "page", page=bool(table.page), chain=chain)


def build_escalation(table: schema.EscalateTable) -> Escalation:
    return _as(Escalation, table, "when", trigger=table.when)


def build_service(table: schema.ServiceTable) -> Service:
    plans = tuple(Entitlement(plan=plan, within=within) for plan, within in table.plans.items())
    return _as(Service, table, "plans", plans=plans)


def build_exclusion(table: schema.ExclusionTable) -> Exclusion:
    return _as(Exclusion, table)


def build_versions(table: schema.VersionsTable | None) -> Versions | None:
    return None if table is None else _as(Versions, table)


def build_availability(table: schema.AvailabilityTable | None) -> Availability | None:
    return None if table is None else _as(Availability, table)


def _as(kind: Callable[..., T], table: Table, *but: str, **more: Any) -> T:
    """The value whose fields are the table's keys; a key that is not written leaves the field's default."""
    fields = {name: getattr(table, name) for name in type(table).model_fields if name not in but}
    return kind(**{name: value for name, value in fields.items() if value is not None}, **more)
