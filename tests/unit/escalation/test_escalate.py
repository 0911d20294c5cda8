"""The triggers of escalation rules, as words."""

import datetime as dt

import pytest

from escalation.escalate import Escalation, Lacking, Trigger, TriggerError, parse_trigger
from escalation.sla import ClockKind
from tests.unit.table import each


@each(
    ("text", "clock", "fraction"),
    [
        ("75% of response", ClockKind.RESPONSE, 0.75),
        ("75 %  of Response", ClockKind.RESPONSE, 0.75),
        ("100% of response", ClockKind.RESPONSE, 1.0),
        ("200% of resolution", ClockKind.RESOLUTION, 2.0),
        ("1% of next response", ClockKind.NEXT_RESPONSE, 0.01),
        ("breach of resolution", ClockKind.RESOLUTION, 1.0),
        ("breach of next response", ClockKind.NEXT_RESPONSE, 1.0),
    ],
)
def test_a_share_of_a_clock(text: str, clock: ClockKind, fraction: float) -> None:
    said = parse_trigger(text)
    assert said == Trigger(text=" ".join(text.lower().split()), clock=clock, fraction=fraction)
    assert parse_trigger(said.text) == said


@each(
    ("text", "lacking", "hours"),
    [
        ("24h unanswered", Lacking.ANSWER, 24),
        ("1h30m Unresolved", Lacking.RESOLUTION, 1.5),
        ("48 hours unresolved", Lacking.RESOLUTION, 48),
    ],
)
def test_an_age(text: str, lacking: Lacking, hours: float) -> None:
    said = parse_trigger(text)
    assert (said.lacking, said.after, said.clock) == (lacking, dt.timedelta(hours=hours), None)
    assert parse_trigger(said.text) == said


@each(
    ("text", "problem"),
    [
        ("", "is no trigger; write 75% of response"),
        ("soon", "is no trigger"),
        ("75% of the response", "is no trigger"),
        ("-5% of response", "is no trigger"),
        ("7.5% of response", "is no trigger"),
        ("12345% of response", "is no trigger"),
        ("0% of response", "every ticket starts at 0 %"),
        ("2 fortnights unanswered", 'unknown unit "fortnights"'),
        ("0m unanswered", "a target of zero"),
        ("4bh unanswered", "is no trigger"),  # `counts` of the rule says which time
        ("2bd unresolved", "is no trigger"),
        ("1h-2h unanswered", "is no trigger"),
        ("as needed unanswered", "is no trigger"),
    ],
)
def test_what_is_no_trigger_is_quoted(text: str, problem: str) -> None:
    with pytest.raises(TriggerError, match=problem) as caught:
        parse_trigger(text)
    assert str(caught.value).startswith(f'"{text}"')


@each(
    ("to", "tier"),
    [((), None), (("leads",), None), (("tier:2",), 2), (("tier:2", "person:lin", "tier:3"), 3)],
)
def test_a_rule_names_its_highest_tier(to: tuple[str, ...], tier: int | None) -> None:
    assert Escalation(trigger=parse_trigger("breach of response"), to=to).tier == tier


def test_a_rule_covers_its_severities_and_has_an_id_of_its_own() -> None:
    trigger = parse_trigger("24h unanswered")
    rules = [
        Escalation(trigger=trigger, to=("leads",)),
        Escalation(trigger=trigger, to=("leads",), severities=("high",)),
        Escalation(trigger=trigger, offer="call"),
        Escalation(trigger=parse_trigger("24h unresolved"), offer="call"),
    ]
    assert len({rule.id for rule in rules}) == 4
    assert rules[0].covers("low") and rules[1].covers("high") and not rules[1].covers("low")
