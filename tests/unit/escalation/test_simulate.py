"""Tickets as they went, held against two policies."""

import datetime as dt
from typing import Any

import pytest

from escalation.instants import Span
from escalation.policy import AnsweredBy, Category, Policy, Severity, UnknownSeverity
from escalation.simulate import Outcome, Past, Verdict, simulate
from escalation.sla import ClockKind
from escalation.targets import Counts, parse_target
from tests.unit.escalation.desks import DESKS
from tests.unit.table import each

DESK = DESKS["managed-it"]  # Mon to Fri 08:30-17:00, UTC+2
RESPONSE, RESOLUTION = ClockKind.RESPONSE, ClockKind.RESOLUTION
NOW = dt.datetime(2026, 3, 31, tzinfo=dt.UTC)


def at(text: str) -> dt.datetime:
    """A local time of March 2026: `09 10:00` is Monday the 9th."""
    return dt.datetime.fromisoformat(f"2026-03-{text}+02:00")


def severity(id: str, respond: str | None = None, resolve: str | None = None) -> Severity:
    targets = {"respond": respond, "resolve": resolve}
    parsed: dict[str, Any] = {name: parse_target(text) for name, text in targets.items() if text}
    return Severity(id=id, label=id, counts=Counts.OFFICE_HOURS, **parsed)


def policy(
    *severities: Severity, name: str = "old", by: AnsweredBy = AnsweredBy.REPLY, **more: Any
) -> Policy:
    return Policy(
        name=name,
        version="1",
        title=name,
        prefix="OLD",
        language="en",
        zone=DESK.zone,
        calendar=DESK,
        severities=severities,
        answered_by=by,
        **more,
    )


OLD = policy(severity("high", "4h", "1bd"), severity("low", "2bd"))
STRICT = policy(severity("high", "1h", "4h"), severity("low", "2bd"), name="strict")


def ticket(severity: str = "high", **more: Any) -> Past:
    return Past(id="T-1", opened=at("09 09:00"), severity=severity, **more)


def outcomes(
    past: Past, before: Policy = OLD, after: Policy = STRICT
) -> dict[ClockKind, tuple[Outcome, Outcome]]:
    replayed = simulate(before, after, [past], NOW).replayed
    return {one.clock: (one.before, one.after) for one in replayed}


@each(
    ("past", "clock", "before", "after"),
    [
        (ticket(answered=at("09 11:00")), RESPONSE, "met", "breached"),
        (ticket(answered=at("09 10:00")), RESPONSE, "met", "met"),  # used up exactly
        (ticket(answered=at("09 14:00")), RESPONSE, "breached", "breached"),
        (ticket(), RESPONSE, "breached", "breached"),  # unanswered by now
        (ticket(resolved=at("09 09:30")), RESPONSE, "met", "met"),  # a resolution answers
        (ticket(resolved=at("10 09:00")), RESOLUTION, "met", "breached"),
        (ticket(resolved=at("10 09:01")), RESOLUTION, "breached", "breached"),
        (ticket("low", answered=at("10 09:00")), RESOLUTION, "none", "none"),
        # a wait pauses the resolution, not the response
        (ticket(resolved=at("09 15:00"), waits=(Span(start=at("09 10:00"), end=at("09 13:00")),)), RESOLUTION, "met", "met"),
        (ticket(answered=at("09 12:00"), waits=(Span(start=at("09 09:00"), end=at("09 12:00")),)), RESPONSE, "met", "breached"),
        # a hold pauses the response, not the resolution
        (ticket(answered=at("09 11:00"), holds=(Span(start=at("09 09:00"), end=at("09 10:30")),)), RESPONSE, "met", "met"),
        (ticket(holds=(Span(start=at("09 09:30"), end=NOW + dt.timedelta(days=9)),)), RESPONSE, "open", "open"),
        (ticket(resolved=at("09 15:00"), holds=(Span(start=at("09 09:00"), end=at("09 14:00")),)), RESOLUTION, "met", "breached"),
        (ticket(waits=(Span(start=at("09 10:00"), end=NOW + dt.timedelta(days=9)),)), RESOLUTION, "open", "open"),
    ],
)  # fmt: skip
def test_a_ticket_under_both(past: Past, clock: ClockKind, before: str, after: str) -> None:
    first, second = outcomes(past)[clock]
    assert (first.verdict, second.verdict) == (before, after)


def test_a_ticket_that_is_open_may_still_be_in_time() -> None:
    result = simulate(OLD, STRICT, [ticket()], at("09 10:30"))
    response = next(one for one in result.replayed if one.clock is RESPONSE)
    assert (response.before.verdict, response.after.verdict) == (Verdict.OPEN, Verdict.BREACHED)
    assert response.after.due == at("09 10:00")


def test_sums() -> None:
    past = [ticket(answered=at("09 11:00")), ticket(answered=at("09 09:10")), ticket("low")]
    result = simulate(OLD, STRICT, past, at("09 12:00"))
    before, after = (result.count(RESPONSE, after=side) for side in (False, True))
    assert (before.had, before.met, before.breached, before.open) == (3, 2, 0, 1)
    assert (after.had, after.met, after.breached, after.open) == (3, 1, 1, 1)
    assert result.count(RESOLUTION, after=True).had == 2
    assert (result.breaches(after=False), result.breaches(after=True)) == (0, 1)
    assert [one.ticket for one in result.differing] == [past[0]]


def test_a_severity_is_taken_by_rank_and_told_once() -> None:
    three = policy(severity("p1", "1h"), severity("p2", "8h"), severity("p3"), name="three")
    past = [ticket("low", answered=at("11 08:30")), ticket("low", answered=at("09 10:00"))]
    result = simulate(OLD, three, past, NOW)
    assert {one.after.severity for one in result.replayed} == {"p2"}
    assert result.notes == ('three has no severity "low": taken as "p2", by rank',)
    assert [one.after.severity for one in simulate(three, OLD, [ticket("p3")], NOW).replayed] == [
        "low",
        "low",
    ]
    with pytest.raises(UnknownSeverity):
        simulate(OLD, three, [ticket("p9")], NOW)


def test_a_category_counts_where_the_policy_has_it() -> None:
    fast = Category(id="net", label="Net", respond=parse_target("10m"))
    other = policy(severity("high", "4h"), name="other", categories=(fast,))
    past = ticket(category="net", answered=at("09 10:00"))
    first, second = outcomes(past, OLD, other)[RESPONSE]
    assert (first.verdict, second.verdict) == (Verdict.MET, Verdict.BREACHED)
    assert 'old has no category "net": taken as none' in simulate(OLD, other, [past], NOW).notes


def test_what_answers_is_told_where_it_differs() -> None:
    plan = policy(severity("high", "4h"), name="plan", by=AnsweredBy.PLAN)
    (note,) = simulate(OLD, plan, [ticket()], NOW).notes
    assert note.startswith("old is answered by reply, plan by plan")
    assert simulate(OLD, OLD, [ticket()], NOW).notes == ()
