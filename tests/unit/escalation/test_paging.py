"""By what means, and when: a person's methods against the rules of an urgency."""

import datetime as dt

from escalation.paging import DEFAULT_RULES, Rule, attempts, next_method, page_code, rules_for
from tests.unit.table import each

NOW = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
EMERGENCY = DEFAULT_RULES["emergency"]


def plan(available: tuple[str, ...], rules: tuple[Rule, ...] = EMERGENCY) -> list[tuple[float, str]]:
    return [(made.after.total_seconds(), made.method) for made in attempts(rules, available, NOW)]


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


def test_the_next_method_after_a_failure() -> None:
    assert next_method(["sms"], ("sms", "call")) == "call"
    assert next_method(["sms", "call"], ("sms", "call")) is None


@each(("number", "code"), [(0, "1000"), (8999, "9999"), (9000, "1000"), (-1, "9999")])
def test_a_code_has_four_digits(number: int, code: str) -> None:
    assert page_code(number) == code
