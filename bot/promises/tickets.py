"""Past tickets from a file of JSON lines, as `standby export` writes them; every bad line is told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from escalation.instants import Span
from escalation.policy import Policy
from escalation.simulate import Past


class BadTickets(ValueError):
    """A file that can't be used; `problems` has a line for each mistake."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _BadLine(ValueError):
    """What is wrong with one line."""


class Read(NamedTuple):
    """The tickets of a policy, and how many others were left out because they name another policy."""

    tickets: tuple[Past, ...]
    others: int


def read_tickets(path: Path, before: Policy, after: Policy, now: dt.datetime) -> Read:
    """The tickets in a file; keys that are not known are ignored, a wait without an end goes on until `now`.

    Raises BadTickets.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadTickets((f"{path}: not UTF-8",)) from None
    except OSError as error:
        raise BadTickets((f"{path}: {(error.strerror or type(error).__name__).lower()}",)) from None
    found: list[Past] = []
    problems: list[str] = []
    others = 0
    for number, line in enumerate(lines, 1):
        try:
            table = _table(line) if line.strip() else None
            if table and table.get("policy", before.name) != before.name:
                others += 1
            elif table is not None:
                found.append(_ticket(table, before, after, now))
        except _BadLine as error:
            problems.append(f"{path}: line {number}: {error}")
    if problems:
        raise BadTickets(tuple(problems))
    return Read(tuple(found), others)


def _table(line: str) -> Mapping[str, object]:
    try:
        table = json.loads(line)
    except (ValueError, RecursionError):
        raise _BadLine("not JSON") from None
    if not isinstance(table, dict):
        raise _BadLine("not a JSON object")
    return table


def _ticket(table: Mapping[str, object], before: Policy, after: Policy, now: dt.datetime) -> Past:
    id = table.get("id")
    if not isinstance(id, str | int) or isinstance(id, bool) or id == "":
        raise _BadLine("id: missing" if id is None else "id: write it as a string")
    opened = _instant("opened", table.get("opened"))
    if opened is None:
        raise _BadLine("opened: missing")
    return Past(
        id=str(id),
        opened=opened,
        severity=_severity(_text("severity", table), before, after),
        category=_text("category", table) or None,
        plan=_text("plan", table),
        answered=_instant("answered", table.get("answered")),
        resolved=_instant("resolved", table.get("resolved")),
        waits=_waits(table.get("waits"), now),
    )


def _text(key: str, table: Mapping[str, object]) -> str:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise _BadLine(f"{key}: write it as a string")
    return value or ""


def _severity(written: str, before: Policy, after: Policy) -> str:
    """The severity; the only one of the policy may be left out."""
    known = [severity.id for policy in (before, after) for severity in policy.severities]
    if not written and len(before.severities) == 1:
        return before.severities[0].id
    if not written:
        raise _BadLine("severity: missing")
    if written not in known:
        raise _BadLine(
            f'severity: neither policy has "{written}"; they have {", ".join(dict.fromkeys(known))}'
        )
    return written


def _instant(key: str, value: object) -> dt.datetime | None:
    if value is None:
        return None
    try:
        at = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        utc = at.astimezone(dt.UTC) if at and at.tzinfo else None
    except (ValueError, OverflowError):
        utc = None
    if utc is None or not 1970 <= utc.year < 2200:
        raise _BadLine(f"{key}: {json.dumps(value)} is no ISO time with an offset, such as 2026-10-05T09:00Z")
    return utc


def _waits(value: object, now: dt.datetime) -> tuple[Span, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _BadLine("waits: write it as a list of [from, to]")
    return tuple(_wait(wait, now) for wait in value)


def _wait(value: object, now: dt.datetime) -> Span:
    start = _instant("waits", value[0]) if isinstance(value, list) and len(value) == 2 else None
    if not isinstance(value, list) or start is None:
        raise _BadLine("waits: write each as [from, to]")
    return Span(start=start, end=_instant("waits", value[1]) or max(now, start))
