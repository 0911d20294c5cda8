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
    """The tickets of a policy, how many lines were left out because they name another, and the ids that came twice."""

    tickets: tuple[Past, ...]
    others: int
    twice: tuple[str, ...] = ()


def read_tickets(path: Path, before: Policy, after: Policy, now: dt.datetime) -> Read:
    """The tickets in a file; keys that are not known are ignored, a wait without an end goes on until `now`.

    Of a ticket that comes again the last line counts. Raises BadTickets.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadTickets((f"{path}: not UTF-8",)) from None
    except OSError as error:
        raise BadTickets((f"{path}: {(error.strerror or type(error).__name__).lower()}",)) from None
    found: dict[str, Past] = {}
    twice: dict[str, None] = {}
    problems: list[str] = []
    others = 0
    for number, line in enumerate(lines, 1):
        try:
            table = _table(line) if line.strip() else None
            if table and table.get("policy", before.name) != before.name:
                others += 1
            elif table is not None:
                ticket = _ticket(table, before, after, now)
                twice |= {ticket.id: None} if ticket.id in found else {}
                found[ticket.id] = ticket
        except _BadLine as error:
            problems.append(f"{path}: line {number}: {error}")
    if problems:
        raise BadTickets(tuple(problems))
    return Read(tuple(found.values()), others, tuple(twice))


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
    answered, resolved = (_done(key, table, opened) for key in ("answered", "resolved"))
    return Past(
        id=str(id),
        opened=opened,
        severity=_severity(_text("severity", table), before, after),
        category=_text("category", table) or None,
        plan=_text("plan", table),
        answered=answered,
        resolved=resolved,
        waits=_spans("waits", table, now),
        holds=_spans("holds", table, now),
    )


def _done(key: str, table: Mapping[str, object], opened: dt.datetime) -> dt.datetime | None:
    at = _instant(key, table.get(key))
    if at is not None and at < opened:
        raise _BadLine(f"{key}: {json.dumps(table[key])} is before it was opened")
    return at


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


def _spans(key: str, table: Mapping[str, object], now: dt.datetime) -> tuple[Span, ...]:
    value = table.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _BadLine(f"{key}: write it as a list of [from, to]")
    return tuple(_span(key, span, now) for span in value)


def _span(key: str, value: object, now: dt.datetime) -> Span:
    start = _instant(key, value[0]) if isinstance(value, list) and len(value) == 2 else None
    if not isinstance(value, list) or start is None:
        raise _BadLine(f"{key}: write each as [from, to]")
    return Span(start=start, end=_instant(key, value[1]) or max(now, start))
