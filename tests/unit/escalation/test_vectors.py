"""The calendar agrees with the cases that other projects' test suites assert."""

import datetime as dt
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from escalation.instants import from_local
from tests.unit.escalation.vectors import amount, calendar_of, cases, instant, pauses

CASES = cases("business_time")


def answer(case: dict[str, Any]) -> tuple[object, object]:
    """Return (what we say, what the case says)."""
    if case["kind"] == "local_to_instant":
        local = instant(case["local"])
        return from_local(ZoneInfo(case["timezone"]), local.date(), local.time()), instant(case["expected"])
    calendar, start = calendar_of(case), instant(case["start"])
    match case["kind"]:
        case "due":
            return calendar.due(start, amount(case), pauses(case)), instant(case["expected_due"])
        case "elapsed":
            said = calendar.measure(start, instant(case["end"]), pauses(case))
            wanted = amount(case, "expected_")
            return said, wanted if "expected_business_seconds" in case else rounded(wanted)
        case "next_close":
            return calendar.next_close(start), instant(case["expected_due"])
        case "due_business_days":
            return calendar.add_business_days(start, case["business_days"]), instant(case["expected_due"])
        case "periods":
            wanted_periods = [(instant(a), instant(b)) for a, b in case["expected_periods"]]
            return list(islice(calendar.spans(start), len(wanted_periods))), wanted_periods
    raise AssertionError(f"unknown kind {case['kind']}")


def rounded(length: dt.timedelta) -> dt.timedelta:
    return dt.timedelta(seconds=round(length.total_seconds()))


def differences(kind: str) -> dict[str, tuple[object, object]]:
    """Return what we say and what the case says, by the ids of the cases of `kind` where the two differ."""
    said = {case["id"]: answer(case) for case in CASES if case["kind"] == kind}
    return {id: pair for id, pair in said.items() if pair[0] != pair[1]}


@pytest.mark.parametrize("kind", sorted({case["kind"] for case in CASES}))
def test_agrees(kind: str) -> None:
    assert differences(kind) == {}
