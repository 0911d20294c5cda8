"""Whatever is done to a ticket, in whatever order: its log makes the same ticket again, and its rules hold."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide import Decision, PageWanted, timers_of
from bot.domain.errors import DomainError
from bot.domain.events import Consent
from bot.domain.evolve import rebuild
from bot.domain.status import MOVES, Status
from bot.domain.ticket import Ticket
from bot.domain.timers import TimerKind
from escalation import sla
from escalation.entitlement import Exclusion
from escalation.escalate import Escalation, parse_trigger
from escalation.office import AfterHours, Hours
from escalation.policy import AnsweredBy, Category, Policy
from escalation.sla import Clock, ClockKind
from escalation.targets import Counts, parse_target
from tests.builders import policy
from tests.unit.domain.dialogue import (
    ACME,
    ADA,
    ADA_ACTS,
    LIN,
    THANDI_ACTS,
    Story,
    minute,
    opening,
    sets,
    writes,
)

RULES = (
    ("75% of response", ("tier:1",), ""),
    ("breach of response", ("tier:2",), ""),
    ("200% of next response", ("leads",), ""),
    ("24h unanswered", ("tier:3",), ""),
    ("24h unresolved", (), "call"),
)
CATEGORIES = (
    Category(id="billing", label="Billing", resolve=parse_target("same day")),
    Category(id="mail", label="Mail", respond=parse_target("30m-45m"), counts=Counts.BUSINESS_DAYS),
)


def varied(answered_by: AnsweredBy, shift: int) -> Policy:
    """Every kind of target, each at another severity; two that page, one of them by day only; all that may be settled."""
    nexts = ["30m", "next business day", "2bd", None]
    resolves = ["4h", "negotiated", "same day", "as needed"]
    severities = [
        dataclasses.replace(
            s,
            next=(text := nexts[(n + shift) % 4]) and parse_target(text),
            resolve=parse_target(resolves[(n + shift) % 4]),
        )
        for n, s in enumerate(policy().severities)
    ]
    severities[1] = dataclasses.replace(severities[1], pages=True)
    return policy(
        severities=tuple(severities[: 1 if shift == 3 else None]),
        answered_by=answered_by,
        categories=CATEGORIES,
        after_hours=(
            AfterHours(severities=("high",), when=(Hours.AFTER, Hours.HOLIDAY), page=False),
            AfterHours(severities=("emergency",), page=True, chain="night"),
        ),
        escalations=tuple(Escalation(trigger=parse_trigger(t), to=to, offer=offer) for t, to, offer in RULES),
        exclusions=(Exclusion(id="hosting", label="Hosting"),),
        vip_at_least=None,
    )


POLICIES = [varied(by, shift) for shift, by in enumerate((*AnsweredBy, AnsweredBy.REPLY))]
"""The last has one severity, so that the category is asked for."""
SEVERITIES = [s.id for s in POLICIES[0].severities]
BY_US = st.sampled_from([ADA, LIN])
TAKE_IN = cmd.TakeIn(other="MIT-1000", text="The lift", by=ADA_ACTS)
MERGE = cmd.Merge(into="MIT-1002", by=ADA_ACTS)


def about(category: str | None) -> cmd.SetCategory:
    how = ev.How.CHANGED if category is None else ev.How.CONFIRMED
    return cmd.SetCategory(category=category, how=how, by=THANDI_ACTS)


def proposes(us: dict[str, Any], at: float) -> cmd.ProposeTime:
    return cmd.ProposeTime(**us, due=minute(at))


def excludes(us: dict[str, Any], exclusion: str) -> cmd.Exclude:
    return cmd.Exclude(**us, exclusion=exclusion)


COMMANDS = st.one_of(
    st.builds(sets, st.sampled_from(SEVERITIES), st.sampled_from([ev.How.CHANGED, ev.How.CONFIRMED])),
    st.builds(sets, st.sampled_from(SEVERITIES), st.just(ev.How.CONFIRMED), st.just(THANDI_ACTS)),
    st.builds(writes, st.sampled_from(["", "more"]), thanks=st.booleans()),
    st.just(cmd.NameContact(name="Thandi", email="thandi@acme.example")),
    BY_US.map(lambda us: cmd.Reply(**us, text="On it")),
    BY_US.map(lambda us: cmd.WriteNote(**us, text="hm")),
    BY_US.map(lambda us: cmd.Acknowledge(**us)),
    BY_US.map(lambda us: cmd.Take(**us)),
    BY_US.map(lambda us: cmd.AskInfo(**us, text="A photo?")),
    BY_US.map(lambda us: cmd.Resolve(**us, text="Done")),
    st.sampled_from([cmd.Reopen(by=ADA_ACTS), cmd.Close(by=THANDI_ACTS), cmd.Look()]),
    st.builds(about, st.sampled_from(["billing", "mail", None])),
    BY_US.map(lambda us: cmd.GivePlan(**us, ours="We look", theirs="Wait")),
    st.builds(proposes, BY_US, st.sampled_from([30, 600, 3000, 9000])),
    st.builds(excludes, BY_US, st.sampled_from(["hosting", ""])),
    st.builds(cmd.AnswerConsent, agreed=st.booleans(), by=st.just(THANDI_ACTS)),
    st.builds(cmd.AnswerConsent, agreed=st.booleans(), by=st.just(THANDI_ACTS)),
    st.builds(cmd.AnswerProposal, accepted=st.booleans(), by=st.just(THANDI_ACTS)),
    st.builds(cmd.AnswerCall, wanted=st.booleans(), by=st.just(THANDI_ACTS)),
    st.sampled_from([cmd.Rate(score=3), cmd.SetLanguage(language="pl"), TAKE_IN, MERGE]),
    st.just(cmd.Look()),
)
GAPS = st.sampled_from([0.0, 0.0, 0.4, 1.0, 31.0, 400.0, 1500.0, 4400.0])
STEPS = st.lists(st.tuples(GAPS, COMMANDS), max_size=15)
OPENINGS = st.builds(
    opening,
    st.sampled_from(SEVERITIES),
    st.sampled_from([ev.How.PROPOSED, ev.How.GIVEN]),
    category=st.sampled_from([None, "billing", "mail"]),
    organisation=st.sampled_from([ACME, dataclasses.replace(ACME, plan="standard")]),
    opened_by=st.sampled_from([THANDI_ACTS, THANDI_ACTS, ADA_ACTS]),
)
STARTS = st.sampled_from([0.0, 600.0, 1229.5, 5 * 1440.0])
"""At noon, at night, half a minute before the desk opens, on a Saturday."""
REACHES = {(status, target) for status, moves in MOVES.items() for target in (*moves.values(), status)} | {
    (Status.RESOLVED, Status.NEW)
}


def lived(
    kept: Policy, start: float, opened: cmd.OpenTicket, steps: list[tuple[float, cmd.Command]]
) -> Story:
    """The story, and what stays true of every step of it."""
    one = len(kept.severities) == 1
    story, at = Story(policy=kept), minute(start)
    opened = dataclasses.replace(opened, severity="emergency") if one else opened
    holds_at_each_step(story, story.does(at, opened), kept, at)
    for gap, command in steps:
        at += dt.timedelta(minutes=gap)
        if one and isinstance(command, cmd.SetSeverity):
            continue
        before = story.now
        try:
            decision = story.does(at, command)
        except DomainError:
            assert story.now is before
            continue
        assert (before.status, story.now.status) in REACHES
        assert decision.events or story.now == before, "nothing changes without an event"
        holds_at_each_step(story, decision, kept, at)
    while story.does(at, cmd.Look()).events:
        """Whatever is due: a breach before the end is noticed after it, too."""
    story.until = at
    return story


def holds_at_each_step(story: Story, decision: Decision, kept: Policy, at: dt.datetime) -> None:
    ticket = story.now
    if isinstance(decision.page, PageWanted):
        assert ticket.may_page and ticket.status.is_open and ticket.acknowledged is None
        assert ticket.handling(kept).pages and decision.page.chain == ticket.handling(kept).chain
    assert not ticket.desk_opens or ticket.consent is Consent.DECLINED
    assert ticket.consent_until is None or ticket.consent is Consent.ASKED
    for saying in decision.sayings:
        desk = isinstance(saying, no.ToCustomer) and type(saying.notice).__module__ == no.__name__
        assert not desk, "what is for engineers only"
        holds_what_it_promises(saying, ticket, at)


def holds_what_it_promises(saying: no.Saying, ticket: Ticket, at: dt.datetime) -> None:
    """Whatever time a customer is told of is still to come. (A promise that is over already is put in other words.)"""
    if not isinstance(saying, no.ToCustomer):
        return
    match saying.notice:
        case no.Promised(paging=paging) | no.ReopenedForYou(paging=paging):
            assert not paging or ticket.may_page
        case no.ConsentQuestion(until=until, reopens=reopens):
            assert (until is None or until > at) and reopens > at
        case no.ConsentSettled(agreed=False, reopens=reopens):
            assert reopens is None or reopens >= at
        case no.TimeProposed(due=due):
            assert due > at
        case no.TimeAnswered(accepted=accepted, due=due):
            assert not accepted or due > at
        case _:
            pass


@settings(max_examples=15, deadline=None, database=None)
@given(st.sampled_from(POLICIES), STARTS, OPENINGS, STEPS)
def test_the_log_is_the_ticket(
    kept: Policy, start: float, opened: cmd.OpenTicket, steps: list[tuple[float, cmd.Command]]
) -> None:
    story = lived(kept, start, opened, steps)
    assert rebuild(story.log, kept) == story.now
    keeps_its_rules(story, story.until)


@settings(max_examples=15, deadline=None, database=None)
@given(st.sampled_from(POLICIES[:3]), STARTS, OPENINGS, STEPS, st.sampled_from(SEVERITIES))
def test_another_severity_and_back_moves_no_promise(
    kept: Policy,
    start: float,
    opened: cmd.OpenTicket,
    steps: list[tuple[float, cmd.Command]],
    other: str,
) -> None:
    story = lived(kept, start, opened, steps)
    at, before, first = story.until, story.now, story.now.severity
    if not before.status.is_open or other == first:
        return
    story.does(at, sets(other))
    back = story.does(at, sets(first))
    if any(isinstance(event, ev.ClockBreached) for event in back.events):
        return  # the other severity's promise was broken by then, which is recorded for good
    # What starts to page asks for an answer again, in place of a next answer that was given.
    for clock in before.clocks:
        if clock.kind is not ClockKind.NEXT_RESPONSE or clock.stopped is None:
            now = story.now.clock(clock.kind)
            assert now is not None and read(now, kept, first, at) == read(clock, kept, first, at)
    assert (before.agreed, before.waits, before.held_since, before.escalated) == (
        story.now.agreed,
        story.now.waits,
        story.now.held_since,
        story.now.escalated,
    )


def read(clock: Clock, kept: Policy, severity: str, at: dt.datetime) -> tuple[object, ...]:
    calendar = kept.calendar_of(severity)
    return (
        sla.promise_of(clock, calendar, at),
        sla.elapsed(clock, calendar, at),
        clock.stopped,
        clock.breached_at,
    )


def keeps_its_rules(story: Story, at: dt.datetime) -> None:
    ticket = story.now
    timers = timers_of(ticket, story.policy, at)
    assert ticket.status is not Status.CLOSED or timers == ()
    assert max(Counter(t.kind for t in timers).values(), default=1) == 1
    assert max(Counter(c.kind for c in ticket.clocks).values(), default=1) == 1
    assert ticket.status.is_open or all(c.stopped for c in ticket.clocks)
    assert ticket.status is Status.RESOLVED or ticket.resolved is None or ticket.status is Status.CLOSED
    breaches = [(e.at, e.event) for e in story.log if isinstance(e.event, ev.ClockBreached)]
    assert all(breach.at <= noticed for noticed, breach in breaches)
    fired = Counter(e.event.rule for e in story.log if isinstance(e.event, ev.Escalated))
    assert max(fired.values(), default=1) == 1
    assert all(t.due > at or t.kind is TimerKind.PAGE for t in timers), "a look that was not taken"
    told = Counter(breach.clock for _, breach in breaches)
    agreed = sum(isinstance(e.event, ev.TurnaroundAnswered) and e.event.accepted for e in story.log)
    assert told["response"] <= 1 and told["resolution"] <= 1 + agreed
