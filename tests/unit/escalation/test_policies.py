"""The five policies' deadlines agree with the worked ones."""

import datetime as dt
from typing import Any

import pytest

from escalation.targets import Counts, Promise, parse_target, promise
from tests.unit.escalation.desks import DESKS, TARGETS
from tests.unit.escalation.vectors import cases, instant

CASES = cases("policies")


def named(case: dict[str, Any]) -> tuple[str, str]:
    return case["policy"], case.get("severity", case.get("category"))


def promised(case: dict[str, Any], counts: Counts, target: str | None) -> dict[str, dt.datetime] | None:
    if target is None:
        return None
    given: Promise = promise(parse_target(target), counts, DESKS[case["policy"]], instant(case["at"]))
    if given.due is None:
        return None
    return {"due": given.due} | ({"aim": given.aim} if given.aim else {})


@pytest.mark.parametrize("case", CASES, ids=["-".join((*named(case), case["at"])) for case in CASES])
def test_agrees(case: dict[str, Any]) -> None:
    counts, respond, resolve = TARGETS[named(case)]
    for key, target in (("respond", respond), ("resolve", resolve)):
        wanted = case[key] and {word: instant(text) for word, text in case[key].items()}
        assert promised(case, counts, target) == wanted, key
