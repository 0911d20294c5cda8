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


def differences(case: dict[str, Any]) -> dict[str, tuple[object, object]]:
    """Return what we promise and what the case does, by the keys where the two differ."""
    counts, respond, resolve = TARGETS[named(case)]
    found = {}
    for key, target in (("respond", respond), ("resolve", resolve)):
        wanted = case[key] and {word: instant(text) for word, text in case[key].items()}
        said = promised(case, counts, target)
        if said != wanted:
            found["-".join((*named(case), case["at"], key))] = (said, wanted)
    return found


@pytest.mark.parametrize("policy", sorted({case["policy"] for case in CASES}))
def test_agrees(policy: str) -> None:
    found = [differences(case) for case in CASES if case["policy"] == policy]
    assert [difference for difference in found if difference] == []
