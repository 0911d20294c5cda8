"""What a team's policy asks of the people, schedules and chains that there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.config.conftest import Loads

END = 'label = "Premium"\n'
CRITICAL = ('chains = { emergency = "standby", critical = "standby" }', 'chains = { emergency = "standby" }')


def more(rule: str) -> tuple[tuple[str, str], ...]:
    """The policy with one more table at its end."""
    return ((END, f"{END}\n{rule}\n"),)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            '[[after_hours]]\npage = "stanby"',
            'its after_hours[0] names the chain "stanby", which is unknown; did you mean "standby"?',
        ),
        (
            '[[escalate]]\nwhen = "24h unanswered"\nto = ["leads", "person:linn"]',
            'its escalate[0].to[1] names the person "linn", which is unknown; did you mean "lin"?',
        ),
        (
            '[[escalate]]\nwhen = "24h unanswered"\nto = ["schedule:nights"]',
            'its escalate[0].to[0] names the schedule "nights", which is unknown; use standby',
        ),
    ],
)
def test_a_rule_that_leads_nowhere(mistakes: Callable[..., list[str]], rule: str, said: str) -> None:
    assert mistakes(CRITICAL, policy=more(rule)) == [f'teams[0].policy: "managed-it": {said}']


def test_a_rule_that_leads_somewhere(loads: Loads) -> None:
    rules = '[[after_hours]]\npage = "standby"\n[[escalate]]\nwhen = "breach of response"\n'
    assert loads(CRITICAL, policy=more(f'{rules}to = ["tier:3", "leads", "schedule:standby"]')).warnings == ()


@pytest.mark.parametrize(("goal", "who"), [("tier:2", "tier 2"), ("leads", "the leads")])
def test_an_escalation_to_nobody_is_a_warning(loads: Loads, goal: str, who: str) -> None:
    rule = f'[[escalate]]\nwhen = "breach of response"\nto = ["{goal}"]'
    nobody = ('roles = ["lead", "operator"]', 'roles = ["engineer"]')
    assert loads(CRITICAL, nobody, policy=more(rule)).warnings == (
        f'teams[0].policy: escalate[0].to[0] of "managed-it" goes to {who}: "desk" has nobody there',
    )


NO_CHAIN = 'teams[0].chains: no chain for "emergency", which pages: it would page everyone of the team, every 5 minutes'


@pytest.mark.parametrize(
    ("rule", "warned"),
    [
        ("", True),
        ('[[after_hours]]\nseverities = ["emergency"]\npage = "standby"', False),
        ('[[after_hours]]\nseverities = ["emergency"]\nwhen = ["after hours"]\npage = "standby"', True),
        ('[[after_hours]]\nseverities = ["emergency"]\npage = false', False),
        ('[[after_hours]]\nseverities = ["high"]\npage = "standby"', True),
    ],
)
def test_a_severity_needs_a_chain_for_each_hour_at_which_it_pages(
    loads: Loads, rule: str, warned: bool
) -> None:
    edit = ('chains = { emergency = "standby", critical = "standby" }', "chains = {}")
    assert loads(edit, policy=more(rule)).warnings == ((NO_CHAIN,) if warned else ())


def test_a_rule_may_page_a_severity_that_pages_not_by_itself(loads: Loads) -> None:
    rule = '[[after_hours]]\nseverities = ["low"]\nwhen = ["holiday"]\npage = true'
    said = 'teams[0].chains: no chain for "low", which pages: it would page everyone of the team, every 5 minutes'
    assert loads(CRITICAL, policy=more(rule)).warnings == (said,)


@pytest.mark.parametrize(("version", "warned"), [("5.2", False), ("v6", False), ("the new one", True)])
def test_a_version_is_known_by_its_number(loads: Loads, version: str, warned: bool) -> None:
    plan = ('plan = "premium"', f'plan = "premium"\nversion = "{version}"')
    found = loads(CRITICAL, plan, policy=more('[versions]\nproduct = "Tracker"\nsupported = [6, 5]')).warnings
    assert [line.split(":")[0] for line in found] == (["organisations[0].version"] if warned else [])
