"""Whatever is done to a ticket, in whatever order: its log makes the same ticket again, and its rules hold."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain.decide import timers_of
from bot.domain.errors import DomainError
from bot.domain.evolve import rebuild
from bot.domain.status import MOVES, Status
from escalation.policy import AnsweredBy, Policy
from escalation.targets import parse_target
from tests.builders import policy
from tests.unit.domain.dialogue import (
    ADA,
    ADA_ACTS,
    LIN,
    MONDAY,
    THANDI_ACTS,
    Story,
    opening,
    sets,
    writes,
)


def varied(answered_by: AnsweredBy, shift: int) -> Policy:
    """Every kind of target, each at another severity."""
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
    return policy(severities=tuple(severities), answered_by=answered_by)


POLICIES = [varied(by, shift) for shift, by in enumerate(AnsweredBy)]
SEVERITIES = [s.id for s in POLICIES[0].severities]
BY_US = st.sampled_from([ADA, LIN])
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
    st.just(cmd.Look()),
)
GAPS = st.sampled_from([0.0, 0.4, 1.0, 31.0, 400.0, 1500.0, 4400.0])
STEPS = st.lists(st.tuples(GAPS, COMMANDS), max_size=15)
OPENINGS = st.builds(opening, st.sampled_from(SEVERITIES), st.sampled_from([ev.How.PROPOSED, ev.How.GIVEN]))
REACHES = {(status, target) for status, moves in MOVES.items() for target in (*moves.values(), status)} | {
    (Status.RESOLVED, Status.NEW)
}


@settings(max_examples=15, deadline=None, database=None)
@given(st.sampled_from(POLICIES), OPENINGS, STEPS)
def test_the_log_is_the_ticket(
    policy: Policy, opened: cmd.OpenTicket, steps: list[tuple[float, cmd.Command]]
) -> None:
    story, at = Story(policy=policy), MONDAY
    story.does(at, opened)
    for gap, command in steps:
        at += dt.timedelta(minutes=gap)
        before = story.now
        try:
            decision = story.does(at, command)
        except DomainError:
            assert story.now is before
            continue
        assert (before.status, story.now.status) in REACHES
        assert decision.events or story.now == before, "nothing changes without an event"
    while story.does(at, cmd.Look()).events:
        """Whatever is due: a breach before the end is noticed after it, too."""
    assert rebuild(story.log, policy) == story.now
    keeps_its_rules(story, at)


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
    told = Counter(breach.clock for _, breach in breaches)
    assert told["response"] <= 1 and told["resolution"] <= 1
