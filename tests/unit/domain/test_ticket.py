"""Clocks of a ticket: what stops them, what pauses them, what a change of mind leaves as it was."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import permutations

import pytest

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain.evolve import evolve, rebuild
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from escalation import sla
from escalation.policy import AnsweredBy, Policy
from escalation.sla import ClockKind
from escalation.targets import parse_target
from tests.builders import policy
from tests.unit.domain.dialogue import ADA, MONDAY, POLICY, THANDI_ACTS, Story, minute, opening, sets, writes
from tests.unit.table import each

RESPONSE, NEXT, RESOLUTION = ClockKind.RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION
ACK, TAKE = cmd.Acknowledge(**ADA), cmd.Take(**ADA)
REPLY, NOTE = cmd.Reply(**ADA, text="On it"), cmd.WriteNote(**ADA, text="hm")
ASK, RESOLVE = cmd.AskInfo(**ADA, text="A photo?"), cmd.Resolve(**ADA, text="Done")
REOPEN, CLOSE = cmd.Reopen(by=THANDI_ACTS), cmd.Close(by=THANDI_ACTS)


def timed(**answered: AnsweredBy) -> Policy:
    """Like the usual one, with a next response and a resolution everywhere but for `low`."""
    severities = [
        dataclasses.replace(s, next=parse_target("30m"), resolve=parse_target("4h"))
        for s in POLICY.severities[:-1]
    ]
    return policy(severities=(*severities, POLICY.severities[-1]), **answered)


TIMED = timed()


def played(*steps: tuple[float, cmd.Command], policy: Policy = TIMED, severity: str = "emergency") -> Story:
    story = Story(policy=policy)
    story.does(MONDAY, opening(severity))
    for at, command in steps:
        story.does(minute(at), command)
    return story


def stopped(ticket: Ticket, kind: ClockKind) -> dt.datetime | None:
    clock = ticket.clock(kind)
    assert clock is not None
    return clock.stopped


def due(ticket: Ticket, kind: ClockKind, at: float, policy: Policy = TIMED) -> float | None:
    """Minutes after the opening; None without a clock or a due."""
    clock = ticket.clock(kind)
    found = clock and sla.promise_of(clock, policy.calendar, minute(at)).due
    return found and (found - MONDAY) / dt.timedelta(minutes=1)


# ---------------------------------------------------------------- what stops a clock
STOPS_RESPONSE = """
             ACK  TAKE REPLY NOTE ASK  RESOLVE
acknowledge  yes  yes  yes   no   yes  yes
reply        no   no   yes   no   yes  yes
plan         no   no   no    no   no   yes
"""


def test_a_response_is_what_the_policy_counts_as_one() -> None:
    commands = {"ACK": ACK, "TAKE": TAKE, "REPLY": REPLY, "NOTE": NOTE, "ASK": ASK, "RESOLVE": RESOLVE}
    head, *lines = [line.split() for line in STOPS_RESPONSE.strip().splitlines()]
    for by, *answers in lines:
        said = {}
        for name in head:
            story = played((3, commands[name]), policy=timed(answered_by=AnsweredBy(by)))
            said[name] = "yes" if stopped(story.now, RESPONSE) == minute(3) else "no"
        assert list(said.values()) == answers, by


def test_the_bot_never_stops_a_clock() -> None:
    story = Story(policy=timed(answered_by=AnsweredBy.ACKNOWLEDGE))
    story.does(MONDAY, opening("emergency", ev.How.PROPOSED))
    story.does(minute(2), cmd.Look())
    story.does(minute(3), writes())
    story.does(minute(4), cmd.NameContact(name="Thandi", email="thandi@acme.example"))
    assert [c.stopped for c in story.now.clocks] == [None, None]


def test_the_first_answer_stops_it_and_a_later_one_does_not_move_that() -> None:
    assert stopped(played((3, REPLY), (9, REPLY)).now, RESPONSE) == minute(3)


def test_the_next_response_runs_from_the_oldest_unanswered_message() -> None:
    story = played((1, REPLY), (10, writes()), (25, writes("and more")))
    assert due(story.now, NEXT, 25) == 40
    story.does(minute(26), ACK)
    story.does(minute(27), NOTE)
    assert stopped(story.now, NEXT) is None, "neither is an answer that the customer sees"
    story.does(minute(30), REPLY)
    assert stopped(story.now, NEXT) == minute(30)
    story.does(minute(50), writes())
    assert due(story.now, NEXT, 50) == 80 and len([c for c in story.now.clocks if c.kind is NEXT]) == 1


def test_a_message_before_the_first_answer_starts_no_second_clock() -> None:
    assert played((1, writes())).now.clock(NEXT) is None


def test_resolving_answers_everything_and_closing_stops_what_runs() -> None:
    resolved = played((1, REPLY), (2, writes()), (3, RESOLVE)).now
    assert [stopped(resolved, kind) for kind in (RESPONSE, NEXT, RESOLUTION)] == [minute(1), *[minute(3)] * 2]
    closed = played((2, CLOSE)).now
    assert [c.stopped for c in closed.clocks] == [minute(2)] * 2


# ---------------------------------------------------------------- pauses
def test_waiting_pauses_the_resolution_and_the_customers_message_ends_it() -> None:
    story = played((10, ASK))
    assert story.now.status is Status.WAITING
    assert due(story.now, RESOLUTION, 70) == 300, "an hour of waiting so far"
    story.does(minute(100), writes())
    assert story.now.status is Status.ACTIVE and due(story.now, RESOLUTION, 200) == 240 + 90


def test_asking_twice_is_one_wait() -> None:
    story = played((10, ASK), (20, ASK), (40, writes()))
    assert due(story.now, RESOLUTION, 40) == 270


def test_a_response_does_not_pause_for_waiting() -> None:
    plan = timed(answered_by=AnsweredBy.PLAN)
    assert due(played((10, ASK), policy=plan).now, RESPONSE, 50, plan) == 60


def test_what_an_engineer_does_while_it_waits_does_not_end_the_wait() -> None:
    for command in (REPLY, NOTE, TAKE, sets("high")):
        story = played((10, ASK), (20, command))
        clock = story.now.clock(RESOLUTION)
        assert story.now.status is Status.WAITING and clock is not None and clock.paused_since == minute(10)


def test_reopening_counts_the_time_between_as_a_pause_and_asks_for_an_answer_again() -> None:
    story = played((1, REPLY), (60, RESOLVE), (100, REOPEN))
    now = story.now
    clock = now.clock(RESOLUTION)
    assert clock is not None
    assert sla.elapsed(clock, TIMED.calendar, minute(160)) == dt.timedelta(hours=2)
    assert due(now, RESOLUTION, 160) == 240 + 40
    assert due(now, NEXT, 100) == 130
    assert (now.status, now.owner, now.acknowledged, now.resolved) == (Status.NEW, None, None, None)


def test_reopening_where_there_is_no_next_response_promises_the_response_again() -> None:
    story = played((1, REPLY), (60, RESOLVE), (100, REOPEN), policy=POLICY)
    assert due(story.now, NEXT, 100, POLICY) == 160 and story.now.clock(RESOLUTION) is None


# ---------------------------------------------------------------- a change of severity
def test_a_change_keeps_what_has_elapsed_and_counts_from_the_original_start() -> None:
    story = played((30, sets("emergency")), severity="high")
    assert due(story.now, RESPONSE, 30) == 60, "one hour from the opening, not from the change"
    story = played((10, ASK), (40, writes()), (41, sets("high")))
    assert due(story.now, RESOLUTION, 41) == 270, "and the pause is kept"


def test_a_clock_that_was_answered_stays_answered() -> None:
    story = played((5, REPLY), (6, sets("high")))
    clock = story.now.clock(RESPONSE)
    assert clock is not None and (clock.stopped, clock.target) == (minute(5), "1h")


@each("before", [[], [(2.0, REPLY)], [(2.0, ASK)], [(2.0, REPLY), (3.0, writes())]])
def test_there_and_back_changes_no_due(before: list[tuple[float, cmd.Command]]) -> None:
    """What was due is due at the same instant. (What starts to page asks for an answer again: that may be added.)"""
    kinds = (RESPONSE, NEXT, RESOLUTION)
    wrong = {}
    for first, second in permutations([s.id for s in TIMED.severities], 2):
        story = played(*before, severity=first)
        dues = {kind: at for kind in kinds if (at := due(story.now, kind, 9)) is not None}
        story.does(minute(4), sets(second))
        story.does(minute(5), sets(first))
        back = {kind: due(story.now, kind, 9) for kind in dues}
        if back != dues:
            wrong[first, second] = (dues, back)
    assert wrong == {}


def test_what_starts_to_page_asks_for_an_answer_again_unless_somebody_waits_for_one_already() -> None:
    story = played((1, REPLY), (10, sets("emergency")), severity="high")
    assert due(story.now, NEXT, 10) == 40
    story = played((1, REPLY), (5, writes()), (10, sets("emergency")), severity="high")
    assert due(story.now, NEXT, 10) == 35, "from the oldest unanswered message"


def test_a_reopened_tickets_promise_survives_another_severity() -> None:
    """This policy has no next-response target: the response target takes its place."""
    for severity, dues in (("high", 100 + 120), ("emergency", 100 + 60)):
        story = played((60, RESOLVE), (100, REOPEN), (101, sets("high")), policy=POLICY)
        story.does(minute(102), sets(severity))
        assert due(story.now, NEXT, 102, POLICY) == dues


def test_a_detour_over_a_severity_without_a_target_loses_no_pause() -> None:
    story = played((10, ASK), (20, sets("low")), (30, sets("high")), (50, writes()), severity="high")
    assert due(story.now, RESOLUTION, 50) == 240 + 40


def test_a_breach_that_was_told_is_not_told_again_after_a_change() -> None:
    story = played((61, cmd.Look()), (62, sets("high")), (63, sets("emergency")), (64, cmd.Look()))
    assert len([e for e in story.log if isinstance(e.event, ev.ClockBreached)]) == 1


def test_a_new_target_that_is_used_up_already_is_breached_at_its_instant() -> None:
    story = played((90, sets("emergency")), (91, cmd.Look()), severity="high")
    (breach,) = [e.event for e in story.log if isinstance(e.event, ev.ClockBreached)]
    assert breach.at == minute(60)


# ---------------------------------------------------------------- the fold
def test_events_that_are_facts_for_the_log_alone_change_nothing() -> None:
    ticket = played().now
    for event in (
        ev.PageStarted(page="p", chain="standby", code="1234"),
        ev.PageFailed(page="p", person="ada", method="sms", error="busy"),
        ev.NotDelivered(channel="whatsapp", error="gone"),
    ):
        assert evolve(ticket, event, minute(5), TIMED) is ticket


def test_the_log_begins_with_the_opening() -> None:
    with pytest.raises(ValueError, match="Closed before TicketOpened"):
        evolve(None, ev.Closed(by=ev.STANDBY), MONDAY, TIMED)
    assert rebuild([], TIMED) is None


def test_the_owner_is_who_came_first_until_somebody_takes_it() -> None:
    lin = cmd.Take(person="lin", name="Lin", via="Slack")
    assert played((1, ACK)).now.owner == "ada"
    assert played((1, ACK), (2, lin)).now.owner == "lin"
    assert played((1, lin), (2, REPLY)).now.owner == "lin"


def test_an_unknown_customer_gets_the_name_they_gave() -> None:
    story = Story()
    story.does(MONDAY, opening(known=False, contact_name="~nick"))
    story.does(minute(1), cmd.NameContact(name="", email="t@acme.example"))
    assert (story.now.contact_name, story.now.known) == ("~nick", True)
    story.does(minute(2), cmd.NameContact(name="Thandi", email="t@acme.example"))
    assert story.now.contact_name == "Thandi"
