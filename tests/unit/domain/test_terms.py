"""What both sides settle while a ticket is worked: a plan, a time, what is covered, a call, one ticket for two."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide import Decision, timers_of
from bot.domain.errors import IllegalMove, NotPossible
from bot.domain.evolve import rebuild
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from escalation import sla
from escalation.entitlement import Exclusion
from escalation.policy import AnsweredBy, Policy
from escalation.sla import ClockKind
from escalation.targets import parse_target
from tests.builders import policy
from tests.unit.domain.dialogue import (
    ADA,
    ADA_ACTS,
    LIN,
    MONDAY,
    THANDI_ACTS,
    Story,
    minute,
    opening,
    sets,
    told,
    writes,
)
from tests.unit.table import each

RESPONSE, NEXT, RESOLUTION = ClockKind.RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION
ACK, REPLY = cmd.Acknowledge(**ADA), cmd.Reply(**ADA, text="On it")
ASK, RESOLVE = cmd.AskInfo(**ADA, text="A photo?"), cmd.Resolve(**ADA, text="Done")
PLAN = cmd.GivePlan(**ADA, ours="We restart it tonight", theirs="Keep it on")
AGREE, REFUSE = (cmd.AnswerProposal(accepted=yes, by=THANDI_ACTS) for yes in (True, False))
COVER = cmd.Exclude(**ADA, exclusion="")
EXCLUDE = cmd.Exclude(**ADA, exclusion="hosting")
REOPEN, CLOSE, LOOK = cmd.Reopen(by=THANDI_ACTS), cmd.Close(by=THANDI_ACTS), cmd.Look()
DAY = 24 * 60

HOSTING = Exclusion(id="hosting", label="Their own hosting", instead="Ask your provider.")


def settled(**changes: object) -> Policy:
    """Without milestones; `emergency` has four hours to be resolved, `low` a time to be agreed on."""
    first, *others = policy().severities
    first = dataclasses.replace(first, resolve=parse_target("4h"))
    return policy(**{"severities": (first, *others), "exclusions": (HOSTING,), "milestones": (), **changes})


KEPT = settled()
PLANS = settled(answered_by=AnsweredBy.PLAN)


def proposes(at: float, **us: object) -> cmd.ProposeTime:
    return cmd.ProposeTime(**(ADA | us), due=minute(at))  # type: ignore[arg-type]


def played(*steps: tuple[float, cmd.Command], policy: Policy = KEPT, severity: str = "emergency") -> Story:
    story = Story(policy=policy)
    story.does(MONDAY, opening(severity))
    for at, command in steps:
        story.does(minute(at), command)
    assert rebuild(story.log, policy) == story.now
    return story


def due(story: Story, kind: ClockKind, at: float) -> float | None:
    """Minutes after the opening; None without a clock or a due."""
    clock = story.now.clock(kind)
    found = clock and sla.promise_of(clock, story.policy.calendar, minute(at)).due
    return found and (found - MONDAY) / dt.timedelta(minutes=1)


def stopped(ticket: Ticket, kind: ClockKind) -> float | None:
    clock = ticket.clock(kind)
    assert clock is not None
    return clock.stopped and (clock.stopped - MONDAY) / dt.timedelta(minutes=1)


def to_customer(decision: Decision) -> list[no.Notice]:
    return [s.notice for s in decision.sayings if isinstance(s, no.ToCustomer)]


# ---------------------------------------------------------------- a plan
STOPS_RESPONSE = """
             ack  reply ask  plan resolve exclude propose note
acknowledge  yes  yes   yes  yes  yes     yes     yes     no
reply        no   yes   yes  yes  yes     yes     yes     no
plan         no   no    no   yes  yes     no      no      no
"""


def test_what_counts_as_an_answer() -> None:
    commands = {
        "ack": ACK, "reply": REPLY, "ask": ASK, "plan": PLAN, "resolve": RESOLVE, "exclude": EXCLUDE,
        "propose": proposes(DAY), "note": cmd.WriteNote(**ADA, text="hm"),
    }  # fmt: skip
    head, *lines = [line.split() for line in STOPS_RESPONSE.strip().splitlines()]
    for by, *answers in lines:
        said = []
        for name in head:
            severity = "low" if name == "propose" else "emergency"
            kept = settled(answered_by=AnsweredBy(by))
            story = played((3, commands[name]), policy=kept, severity=severity)
            assert (story.now.answered == minute(3)) is (stopped(story.now, RESPONSE) == 3)
            said.append("yes" if stopped(story.now, RESPONSE) == 3 else "no")
        assert said == answers, by


def test_under_a_policy_of_plans_only_a_plan_or_a_resolution_keeps_the_promise() -> None:
    told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (1, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
        (2, REPLY, "EngineerWrote", "Answer /ColleagueSaid", ""),
        (61, LOOK, "ClockBreached", "/breached", ""),
        (62, PLAN, "PlanGiven", "PlanForYou /plan_given", ""),
        (63, LOOK, "", "", ""),
        policy=PLANS,
    )
    assert stopped(played((62, PLAN), policy=PLANS).now, RESPONSE) == 62


def test_a_plan_is_the_first_touch_too_and_says_both_sides() -> None:
    story = told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (1, PLAN, "Acknowledged PlanGiven", "PlanForYou /plan_given", "answered ada"),
        policy=PLANS,
    )
    assert story.now.owner == "ada" and story.now.status is Status.ACTIVE
    (plan,) = to_customer(Story(policy=PLANS, ticket=story.now).does(minute(2), PLAN))
    assert plan == no.PlanForYou(
        ticket=story.now.id, person="Ada", ours="We restart it tonight", theirs="Keep it on"
    )


def test_a_plan_answers_the_next_question_too() -> None:
    first, *others = KEPT.severities
    kept = settled(severities=(dataclasses.replace(first, next=parse_target("30m")), *others))
    story = played((1, REPLY), (10, writes()), (20, PLAN), policy=kept)
    assert stopped(story.now, NEXT) == 20


# ---------------------------------------------------------------- a time
def test_a_time_is_proposed_and_agreed() -> None:
    story = told(
        (0, opening("low"), "TicketOpened", "Promised", "unwanted severity"),
        (5, proposes(DAY), "Acknowledged TurnaroundProposed", "TimeProposed /time_proposed", "answered ada"),
        (9, AGREE, "TurnaroundAnswered", "TimeAnswered /time_agreed", ""),
        (10, AGREE, "", "", ""),
        (DAY, LOOK, "", "", ""),
        (DAY + 1, LOOK, "ClockBreached", "/breached", ""),
        policy=settled(answered_by=AnsweredBy.ACKNOWLEDGE),
    )
    assert story.now.agreed == minute(DAY) and due(story, RESOLUTION, 9) == DAY


def test_nothing_is_due_before_both_agree() -> None:
    story = played((5, proposes(60)), severity="low")
    assert due(story, RESOLUTION, 5) is None
    story.does(minute(9), REFUSE)
    assert (due(story, RESOLUTION, 9), story.now.proposal, story.now.agreed) == (None, None, None)
    assert story.does(minute(10), AGREE).events == ()


def test_of_two_proposals_the_latter_stands() -> None:
    story = played((5, proposes(DAY)), (6, proposes(2 * DAY, **LIN)), (7, AGREE), severity="low")
    assert due(story, RESOLUTION, 7) == 2 * DAY
    line = [s for s in story.log if isinstance(s.event, ev.TurnaroundAnswered)]
    assert len(line) == 1


def test_an_agreed_time_may_be_moved_by_another_agreement() -> None:
    story = played((5, proposes(DAY)), (6, AGREE), (7, proposes(2 * DAY)), severity="low")
    assert due(story, RESOLUTION, 7) == DAY, "the first stands until the second is agreed on"
    story.does(minute(8), REFUSE)
    assert due(story, RESOLUTION, 8) == DAY
    story.does(minute(9), proposes(3 * DAY))
    story.does(minute(9), AGREE)
    assert due(story, RESOLUTION, 9) == 3 * DAY


def test_an_agreed_time_survives_another_severity() -> None:
    story = played((5, proposes(DAY)), (6, AGREE), (7, sets("emergency")), severity="low")
    assert due(story, RESOLUTION, 7) == 240, "a firm target is firm"
    story.does(minute(8), sets("low"))
    assert due(story, RESOLUTION, 8) == DAY and story.now.agreed == minute(DAY)


def test_an_agreed_time_stands_whoever_waits_for_whom() -> None:
    story = played((5, proposes(DAY)), (6, AGREE), (7, ASK), (600, writes()), severity="low")
    assert due(story, RESOLUTION, 600) == DAY


def test_a_promise_is_not_talked_away() -> None:
    story = played()
    before = story.now
    with pytest.raises(NotPossible, match="MIT-1001 has a time of its own: 4h"):
        story.does(minute(5), proposes(DAY))
    assert story.now is before


def test_a_time_may_be_agreed_on_where_nothing_is_promised() -> None:
    for target in (None, "as needed"):
        high = dataclasses.replace(KEPT.severities[1], resolve=target and parse_target(target))
        kept = settled(severities=(KEPT.severities[0], high, *KEPT.severities[2:]))
        story = played((5, proposes(DAY)), (6, AGREE), policy=kept, severity="high")
        assert due(story, RESOLUTION, 6) == DAY


@each("minutes", [4, 5])
def test_a_time_that_has_passed_can_not_be_proposed(minutes: int) -> None:
    with pytest.raises(NotPossible, match="That time has passed"):
        played((5, proposes(minutes)), severity="low")


def test_nobody_agrees_on_a_time_that_has_passed() -> None:
    story = played((5, proposes(60)), severity="low")
    decision = story.does(minute(90), AGREE)
    (answer,) = to_customer(decision)
    assert isinstance(answer, no.TimeAnswered) and not answer.accepted, "they are asked when they need it"
    assert (story.now.agreed, story.now.proposal) == (None, None)


@each("end", [RESOLVE, CLOSE, cmd.Merge(into="MIT-1002", by=ADA_ACTS)])
def test_what_is_over_is_not_settled_any_more(end: cmd.Command) -> None:
    story = played((5, proposes(DAY)), (6, end), severity="low")
    assert story.now.proposal is None
    assert story.does(minute(7), AGREE).events == ()
    for command in (proposes(DAY), EXCLUDE):
        with pytest.raises(IllegalMove):
            story.does(minute(8), command)
    assert story.does(minute(9), cmd.AnswerCall(wanted=True, by=THANDI_ACTS)).events == ()


# ---------------------------------------------------------------- what is covered
def test_not_covered_stands_still_until_it_is_taken_back() -> None:
    story = told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (10, EXCLUDE, "Acknowledged Excluded", "NotCovered /excluded_clock", "answered ada"),
        (11, EXCLUDE, "", "", ""),
        (100, COVER, "Excluded", "NotCovered /covered_again", ""),
        (101, COVER, "", "", ""),
        policy=settled(answered_by=AnsweredBy.ACKNOWLEDGE),
    )
    assert due(story, RESOLUTION, 101) == 240 + 90


def test_the_customer_hears_what_to_do_instead() -> None:
    (said,) = to_customer(played().does(minute(1), EXCLUDE))
    assert said == no.NotCovered(
        ticket="MIT-1001", person="Ada", label="Their own hosting", instead="Ask your provider."
    )
    (said,) = to_customer(played((1, EXCLUDE)).does(minute(2), COVER))
    assert said == no.NotCovered(ticket="MIT-1001", person="Ada", label="", instead="")


def test_an_exclusion_that_the_policy_has_lost_is_an_exclusion_all_the_same() -> None:
    story = played((10, cmd.Exclude(**ADA, exclusion="gone")), (100, COVER))
    assert due(story, RESOLUTION, 100) == 240 + 90


OVERLAPS = [
    ([(10, EXCLUDE), (20, ASK), (30, writes()), (40, COVER)], 30, "excluded from 10 to 40"),
    ([(10, EXCLUDE), (20, ASK), (30, COVER), (40, writes())], 30, "then waiting until 40"),
    ([(10, ASK), (20, EXCLUDE), (30, COVER), (40, writes())], 30, "waiting from 10 to 40"),
    ([(10, ASK), (20, EXCLUDE), (30, writes()), (40, COVER)], 30, "then excluded until 40"),
    ([(10, ASK), (20, writes()), (30, EXCLUDE), (40, COVER)], 20, "one after the other"),
    ([(10, EXCLUDE), (20, COVER), (30, ASK), (40, writes())], 20, "one after the other"),
]


@each(("steps", "paused", "why"), OVERLAPS)
def test_waiting_and_not_covered_pause_as_one(
    steps: list[tuple[float, cmd.Command]], paused: int, why: str
) -> None:
    story = played(*steps)
    assert due(story, RESOLUTION, 50) == 240 + paused, why
    assert story.now.held_since is None and sum((w.length for w in story.now.waits), dt.timedelta()) == (
        dt.timedelta(minutes=paused)
    )


@each(("steps", "reason"), [([ASK, EXCLUDE], "not covered"), ([EXCLUDE, ASK], "not covered"), ([EXCLUDE, ASK, COVER], "waiting")])  # fmt: skip
def test_why_it_stands_still(steps: list[cmd.Command], reason: str) -> None:
    clock = played(*[(10.0 + n, step) for n, step in enumerate(steps)]).now.clock(RESOLUTION)
    assert clock is not None and clock.pause_reason is not None and clock.pause_reason.startswith(reason)
    assert clock.paused_since == minute(10)


def test_an_answer_to_a_question_promises_nothing_while_it_is_not_covered() -> None:
    story = played((10, ASK))
    covered = story.does(minute(20), writes())
    assert any(isinstance(n, no.WaitOver) for n in to_customer(covered))
    story = played((10, ASK), (15, EXCLUDE))
    assert to_customer(story.does(minute(20), writes())) == []


def test_resolving_ends_an_exclusion_and_reopening_runs_on() -> None:
    story = played((10, EXCLUDE), (40, RESOLVE), (100, REOPEN))
    assert (story.now.exclusion, story.now.held_since) == ("", None)
    assert due(story, RESOLUTION, 100) == 240 + 90
    story.does(minute(110), writes())
    assert due(story, RESOLUTION, 130) == 240 + 90, "a message does not bring it back"


def test_another_severity_keeps_it_standing_still() -> None:
    story = played((10, EXCLUDE), (20, sets("high")), (30, sets("emergency")), (50, COVER))
    assert due(story, RESOLUTION, 50) == 240 + 40


# ---------------------------------------------------------------- one ticket for two
def test_a_merged_tickets_clocks_end_and_it_is_over() -> None:
    merge = cmd.Merge(into="MIT-1002", by=ADA_ACTS)
    story = told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (5, merge, "MergedInto", "MergedForYou /merged_into", "unwanted merged"),
        (6, merge, "IllegalMove", "", ""),
        (7, writes(), "IllegalMove", "", ""),
        (90, LOOK, "", "", ""),
        policy=KEPT,
    )
    assert (story.now.status, story.now.merged_into) == (Status.CLOSED, "MIT-1002")
    assert [c.stopped for c in story.now.clocks] == [minute(5)] * 2
    assert timers_of(story.now, KEPT, minute(90)) == ()


@each("before", [[(5.0, ASK)], [(5.0, EXCLUDE)], [(5.0, RESOLVE)], [(5.0, ACK)]])
def test_whatever_state_it_is_in_it_may_be_merged(before: list[tuple[float, cmd.Command]]) -> None:
    story = played(*before, (9, cmd.Merge(into="MIT-1002", by=ADA_ACTS)), (DAY, LOOK))
    assert story.now.status is Status.CLOSED and all(c.stopped for c in story.now.clocks)


def test_the_kept_tickets_clocks_run_on() -> None:
    take_in = cmd.TakeIn(other="MIT-1000", text="The lift is stuck", by=ADA_ACTS)
    plain, kept = played(), played((30, take_in))
    assert kept.now.clocks == plain.now.clocks and kept.now.spoken == minute(30)
    assert kept.tells(minute(31), take_in) == ("MergedFrom", "/merged_from", "")


@each("end", [RESOLVE, CLOSE])
def test_nothing_is_merged_into_what_is_over(end: cmd.Command) -> None:
    story = played((5, end))
    with pytest.raises(NotPossible, match="MIT-1001 is not open"):
        story.does(minute(6), cmd.TakeIn(other="MIT-1000", text="x", by=ADA_ACTS))


# ---------------------------------------------------------------- a call, a rating
def test_an_answer_to_a_call_that_nobody_offered_changes_nothing() -> None:
    assert played().does(minute(1), cmd.AnswerCall(wanted=True, by=THANDI_ACTS)).events == ()


def test_a_rating_is_a_fact_of_the_log_and_moves_nothing() -> None:
    story = played((5, RESOLVE), (6, CLOSE))
    before = story.now
    assert story.tells(minute(7), cmd.Rate(score=5)) == ("Rated", "RatingThanks /rated", "")
    assert story.now == before and rebuild(story.log, KEPT) == before


def test_a_language_is_for_what_is_said_from_now_on() -> None:
    story = played((5, cmd.SetLanguage(language="pl")))
    assert story.now.language == "pl"
    assert played((5, CLOSE), (6, cmd.SetLanguage(language="pl"))).now.status is Status.CLOSED


def test_a_time_that_is_agreed_on_anew_is_a_promise_that_can_break_anew() -> None:
    story = played(
        (5, proposes(60)), (6, AGREE), (90, proposes(DAY)), (91, AGREE), (DAY + 1, LOOK), severity="low"
    )
    breaches = [
        e.event.at for e in story.log if isinstance(e.event, ev.ClockBreached) and e.event.clock == RESOLUTION
    ]
    assert breaches == [minute(60), minute(DAY)]
