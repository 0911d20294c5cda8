"""Talking to an engineer is an answer; what else is heard of calls changes nothing."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain.evolve import evolve, rebuild
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from escalation.policy import AnsweredBy
from escalation.sla import ClockKind
from tests.builders import policy
from tests.unit.domain.dialogue import ADA, LIN, POLICY, Story, minute, opened, opening, told, writes

TALK, LINS_TALK = cmd.Talk(**ADA, seconds=240), cmd.Talk(**LIN, seconds=30)
ACK, ASK = cmd.Acknowledge(**ADA), cmd.AskInfo(**ADA, text="A photo?")
RESOLVE, CLOSE = cmd.Resolve(**ADA, text="Done"), cmd.Close(by=ev.STANDBY)


def stopped(ticket: Ticket, kind: ClockKind) -> object:
    clock = ticket.clock(kind)
    return clock and clock.stopped


def test_whoever_talks_first_has_the_ticket() -> None:
    story = told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (5, TALK, "Acknowledged Talked", "/talked", "answered ada"),
        (9, LINS_TALK, "Talked", "/talked", ""),
    )
    ticket = story.now
    assert (ticket.owner, ticket.status, ticket.answered) == ("ada", Status.ACTIVE, minute(5))
    assert stopped(ticket, ClockKind.RESPONSE) == minute(5) and ticket.answer_by is None
    assert rebuild(story.log, POLICY) == ticket


def test_it_ends_the_patience_with_whoever_acknowledged() -> None:
    story = told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (5, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
    )
    assert story.now.answer_by is not None
    story.does(minute(6), TALK)
    assert story.now.answer_by is None


def test_it_answers_what_the_customer_wrote_since() -> None:
    story = told(
        (0, opening("high"), "TicketOpened", "Promised", "unwanted severity"),
        (5, TALK, "Acknowledged Talked", "/talked", "answered ada"),
        (9, writes(), "CustomerWrote", "/CustomerSaid", ""),
    )
    story.does(minute(20), TALK)
    running = [c for c in story.now.clocks if c.stopped is None and c.kind is not ClockKind.RESOLUTION]
    assert running == []


@pytest.mark.parametrize(("by", "answers"), [(AnsweredBy.REPLY, True), (AnsweredBy.PLAN, False)])
def test_it_counts_where_a_written_answer_does(by: AnsweredBy, answers: bool) -> None:
    for command in (TALK, cmd.Reply(**ADA, text="On it")):
        story = Story(policy=policy(answered_by=by))
        story.does(minute(0), opening("emergency"))
        story.does(minute(5), command)
        assert (story.now.answered is not None) == answers


def test_by_status() -> None:
    told(
        (0, opening(), "TicketOpened", "Promised", "unwanted severity"),
        (1, ASK, "Acknowledged InfoAsked", "InfoNeeded /info_asked", "answered ada"),
        (2, TALK, "Talked", "/talked", ""),
        (3, RESOLVE, "Resolved", "ResolvedForYou /resolved", "answered ada"),
        (4, TALK, "Talked", "/talked", ""),
        (5, CLOSE, "Closed", "/closed", "unwanted closed"),
        (6, TALK, "IllegalMove", "", ""),
    )


def test_an_offered_call_is_had_and_other_questions_stay_asked() -> None:
    talked = ev.Talked(person=ADA["person"], seconds=240)
    offered = dataclasses.replace(opened().ticket, call_offered=True, question="call")
    had = evolve(offered, talked, minute(1), POLICY)
    assert (had.call_offered, had.question, had.spoken) == (False, "", minute(1))
    asked = dataclasses.replace(opened().ticket, question="agree")
    assert evolve(asked, talked, minute(1), POLICY).question == "agree"


def test_other_steps_of_a_call_are_for_the_log_alone() -> None:
    ticket = opened().ticket
    for what in ("came", "joined", "rang", "passed", "connected", "message", "hung up", "declined"):
        event = ev.Called(call="CA1", what=what, person=ADA["person"], seconds=3)
        assert evolve(ticket, event, minute(1), POLICY) == ticket
