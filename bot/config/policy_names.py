"""The names that a policy's tables have for each other: each leads somewhere, and none is taken twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.config.problems import Report, did_you_mean, twins
from bot.config.sentences import dotted

Written = tuple[str, str, str]
"""What is meant (severity, plan), the dotted key, the name that stands there."""


def check_names(raw: Mapping[str, Any], report: Report) -> None:
    """Add every name that leads nowhere. `raw` is the file: a table with a mistake still has its id."""
    known = {"severity": _ids(raw, "severity"), "plan": _ids(raw, "plan")}
    unread = {what for what in known if not isinstance(raw.get(what, []), list)}  # told of that
    for what, key, name in _references(raw):
        if what not in unread and name not in known[what] and not report.has(key):
            met = None if key.endswith(f".{name}") else name
            report.add(key, f"unknown {what}{did_you_mean(name, known[what]) or '; there is none'}", met)


def no_twins(raw: Mapping[str, Any], table: str, report: Report) -> None:
    """Add every id of a list of tables that is taken."""
    ids = ((f"{at}.id", id) for at, entry in _entries(raw, table) if isinstance(id := entry.get("id"), str))
    for key, first, id in twins(ids):
        report.add(key, f"the same id as {first}", id)


def no_twin_rules(rules: Iterable[tuple[str, str]], report: Report) -> None:
    """Add every rule, by its dotted key, that says what an earlier one says."""
    for key, first, _ in twins(rules):
        report.add(key, f"the same rule as {first}")


def _references(raw: Mapping[str, Any]) -> Iterator[Written]:
    if isinstance(vip := raw.get("vip_at_least"), str):
        yield "severity", "vip_at_least", vip
    for table in ("limited", "after_hours", "escalate"):
        for at, entry in _entries(raw, table):
            yield from _listed("severity", f"{at}.severities", entry.get("severities"))
    for at, entry in _entries(raw, "category"):
        yield from _keyed("severity", f"{at}.severity", entry.get("severity"))
    for at, entry in _entries(raw, "service"):
        yield from _keyed("plan", f"{at}.plans", entry.get("plans"))
    for at, entry in _entries(raw, "exclusion"):
        yield from _listed("plan", f"{at}.unless_plans", entry.get("unless_plans"))


def _listed(what: str, at: str, value: object) -> Iterator[Written]:
    for index, name in enumerate(value if isinstance(value, list) else ()):
        if isinstance(name, str):
            yield what, dotted(at, (index,)), name


def _keyed(what: str, at: str, value: object) -> Iterator[Written]:
    for name in value if isinstance(value, Mapping) else ():
        yield what, dotted(at, (name,)), name


def _entries(raw: Mapping[str, Any], table: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    entries = raw.get(table)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, Mapping):
            yield dotted(table, (index,)), entry


def _ids(raw: Mapping[str, Any], table: str) -> list[str]:
    return [entry["id"] for _, entry in _entries(raw, table) if isinstance(entry.get("id"), str)]
