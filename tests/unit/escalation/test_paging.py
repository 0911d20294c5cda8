"""By what means, and when: a person's methods against the rules of an urgency."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.paging import (
    DEFAULT_RULES,
    MOST_REPEATS,
    Rule,
    attempts,
    next_method,
    page_code,
    rules_for,
)
from tests.unit.table import each

NOW = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
EMERGENCY = DEFAULT_RULES["emergency"]


def plan(available: tuple[str, ...], rules: tuple[Rule, ...] = EMERGENCY) -> list[tuple[float, str]]:
    made = attempts(rules, available, NOW, NOW + 5 * MINUTE)
    return [(attempt.after.total_seconds(), attempt.method) for attempt in made]


@each(
    ("available", "planned"),
    [
        (("slack", "sms", "call"), [(0, "slack"), (0, "sms"), (60, "call"), (180, "call")]),
        (("slack", "telegram", "sms", "call"), [(0, "slack"), (0, "sms"), (60, "call"), (180, "call")]),
        (("telegram",), [(0, "telegram"), (60, "telegram"), (180, "telegram")]),
        (("telegram", "call"), [(0, "telegram"), (0, "call"), (60, "call"), (180, "call")]),
        (("sms", "call"), [(0, "call"), (0, "sms"), (60, "call"), (180, "call")]),
        ((), []),
    ],
)
def test_a_method_that_is_lacking_is_replaced(
    available: tuple[str, ...], planned: list[tuple[float, str]]
) -> None:
    assert plan(available) == planned


def test_attempts_are_in_order_and_at_their_instants() -> None:
    late_first = (Rule(after=dt.timedelta(minutes=2), by=("call",)), Rule(after=dt.timedelta(), by=("sms",)))
    made = attempts(late_first, ("sms", "call"), NOW)
    assert [attempt.at for attempt in made] == [NOW, NOW + dt.timedelta(minutes=2)]


def test_a_persons_own_rules_come_first() -> None:
    own = {"critical": (Rule(after=dt.timedelta(), by=("call",)),)}
    assert rules_for("critical", own) is own["critical"]
    assert rules_for("emergency", own) is EMERGENCY
    assert plan(("slack", "sms"), rules_for("low", own)) == [(0, "slack"), (300, "sms")]


def test_a_rule_comes_again_until_the_step_is_over() -> None:
    def times(until: dt.datetime | None, every: dt.timedelta = 2 * MINUTE) -> list[int]:
        rule = Rule(after=MINUTE, by=("call",), every=every)
        return [attempt.after // MINUTE for attempt in attempts((rule,), ("call",), NOW, until)]

    assert times(NOW + 7 * MINUTE) == [1, 3, 5]
    assert times(NOW + 8 * MINUTE) == [1, 3, 5, 7]
    assert times(NOW) == [1]
    assert times(None) == list(range(1, 22, 2))
    assert len(times(NOW + dt.timedelta(days=1), MINUTE)) == 1 + MOST_REPEATS


def test_rules_that_come_again_take_their_places_among_the_others() -> None:
    rules = (
        Rule(after=dt.timedelta(), by=("chat", "sms"), every=3 * MINUTE),
        Rule(after=MINUTE, by=("call",), every=2 * MINUTE),
    )
    made = [(after, by) for after, by in plan(("slack", "sms", "call"), rules) if after]
    assert made == [(60, "call"), (180, "slack"), (180, "sms"), (180, "call")]


def test_a_rule_that_would_never_get_on_is_refused() -> None:
    with pytest.raises(ValueError, match="more than no time"):
        Rule(after=MINUTE, by=("call",), every=dt.timedelta())


METHODS = st.lists(st.sampled_from(["chat", "slack", "telegram", "sms", "whatsapp", "call"]), unique=True)
RULES = st.lists(
    st.builds(
        Rule,
        after=st.integers(0, 600).map(lambda n: dt.timedelta(seconds=n)),
        by=METHODS.filter(bool).map(tuple),
        every=st.none() | st.integers(30, 600).map(lambda n: dt.timedelta(seconds=n)),
    ),
    max_size=3,
)


@settings(max_examples=20, deadline=None, database=None)
@given(
    RULES, METHODS.map(lambda some: tuple(m for m in some if m != "chat")), st.none() | st.integers(0, 4000)
)
def test_nobody_is_tried_by_a_way_that_they_lack(
    rules: list[Rule], has: tuple[str, ...], seconds: int | None
) -> None:
    until = None if seconds is None else NOW + dt.timedelta(seconds=seconds)
    made = attempts(rules, has, NOW, until)
    assert {attempt.method for attempt in made} <= set(has)
    assert bool(made) == bool(rules and has)
    assert [attempt.at for attempt in made] == sorted(NOW + attempt.after for attempt in made)
    first = {rule.after for rule in rules}
    assert until is None or all(attempt.at < until or attempt.after in first for attempt in made)


def test_the_next_method_after_a_failure() -> None:
    assert next_method(["sms"], ("sms", "call")) == "call"
    assert next_method(["sms", "call"], ("sms", "call")) is None


@each(
    ("number", "code"),
    [(0, "1000"), (899, "1899"), (900, "2100"), (8799, "9999"), (8800, "1000"), (-1, "9999")],
)
def test_a_code_has_four_digits_and_is_no_year(number: int, code: str) -> None:
    assert page_code(number) == code
