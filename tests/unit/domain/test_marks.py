"""What passing time brings: milestones, aims, breaches and escalations, each once, each at its own instant."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import marks
from bot.domain import notices as no
from bot.domain.decide import Decision, timers_of
from bot.domain.timers import TimerKind
from escalation.escalate import Escalation, parse_trigger
from escalation.policy import AnsweredBy, Policy
from escalation.targets import Counts, parse_target
from tests.builders import policy
from tests.unit.domain.dialogue import ADA, MONDAY, THANDI_ACTS, Story, minute, opening, sets, told, writes
from tests.unit.table import each

ACK, REPLY, NOTE = cmd.Acknowledge(**ADA), cmd.Reply(**ADA, text="On it"), cmd.WriteNote(**ADA, text="hm")
ASK, RESOLVE = cmd.AskInfo(**ADA, text="A photo?"), cmd.Resolve(**ADA, text="Done")
EXCLUDE, COVER = cmd.Exclude(**ADA, exclusion="x"), cmd.Exclude(**ADA, exclusion="")
REOPEN, CLOSE, LOOK = cmd.Reopen(by=THANDI_ACTS), cmd.Close(by=THANDI_ACTS), cmd.Look()
DAY = 24 * 60


def rule(trigger: str, *to: str, **more: Any) -> Escalation:
    return Escalation(trigger=parse_trigger(trigger), to=to, **more)


def timed(
    *rules: Escalation,
    respond: str | None = "1h",
    resolve: str | None = None,
    milestones: tuple[int, ...] = (),
    **more: Any,
) -> Policy:
    """Emergencies, always counting, with these targets and rules; nothing else is told unless it is asked for."""
    first, *others = policy().severities
    first = dataclasses.replace(
        first, respond=respond and parse_target(respond), resolve=resolve and parse_target(resolve)
    )
    return policy(severities=(first, *others), escalations=rules, milestones=milestones, **more)


def played(kept: Policy, *steps: tuple[float, cmd.Command], severity: str = "emergency") -> Story:
    story = Story(policy=kept)
    story.does(MONDAY, opening(severity))
    for at, command in steps:
        story.does(minute(at), command)
    return story


def passed(story: Story) -> list[tuple[str, float]]:
    """What time brought, in the order of the log, with the minute at which it happened (as it says, or was noticed)."""
    found: list[tuple[str, float]] = []
    for entry in story.log:
        at = (getattr(entry.event, "at", entry.at) - MONDAY) / dt.timedelta(minutes=1)
        match entry.event:
            case ev.ClockBreached(clock=clock):
                found.append((f"breach {clock}", at))
            case ev.MilestonePassed(percent=percent):
                found.append((f"{percent} %", at))
            case ev.AimPassed():
                found.append(("aim", at))
            case ev.Escalated(rule=name):
                found.append((name.partition(" ->")[0], at))
            case _:
                pass
    return found


def desk_lines(decision: Decision) -> list[no.DeskLine]:
    notices = [s.notice for s in decision.sayings if isinstance(s, no.ToDesk)]
    return [notice for notice in notices if isinstance(notice, no.DeskLine)]


def looked_at_every_minute(kept: Policy, until: int, *steps: tuple[float, cmd.Command]) -> Story:
    story = played(kept)
    waiting = list(steps)
    for n in range(1, until + 1):
        while waiting and waiting[0][0] <= n:
            at, command = waiting.pop(0)
            story.does(minute(at), command)
        story.does(minute(n), LOOK)
    return story


# ---------------------------------------------------------------- milestones
def test_milestones_are_told_louder_and_louder_and_at_the_end_it_is_a_breach() -> None:
    four = timed(milestones=(50, 75, 90, 100))
    story = looked_at_every_minute(four, 70)
    assert passed(story) == [("50 %", 30), ("75 %", 45), ("90 %", 54), ("breach response", 60)]
    story, audiences = played(four), []
    for at in (30, 45, 54, 61):
        (line,) = desk_lines(story.does(minute(at), LOOK))
        audiences.append(line.audience)
    assert audiences == [
        ("tier", "owner"),
        ("tier", "owner"),
        ("tier", "owner", "leads"),
        ("tier", "owner", "leads"),
    ]


def test_whoever_has_it_is_told_first_and_alone() -> None:
    kept = timed(milestones=(50, 75, 90), answered_by=AnsweredBy.PLAN)
    story, audiences = played(kept, (1, ACK), (2, REPLY)), []
    for at in (30, 45, 54):
        (line,) = desk_lines(story.does(minute(at), LOOK))
        audiences.append(line.audience)
    assert audiences == [("owner",), ("owner", "tier"), ("owner", "tier", "leads")]


def test_of_those_that_were_passed_unnoticed_the_highest_is_told() -> None:
    kept = timed(milestones=(50, 75, 90, 100))
    assert passed(played(kept, (50, LOOK), (51, LOOK), (58, LOOK))) == [("75 %", 45), ("90 %", 54)]


def test_a_milestone_over_a_hundred_percent_comes_after_the_breach() -> None:
    kept = timed(milestones=(50, 100, 150))
    assert passed(played(kept, (80, LOOK), (100, LOOK), (101, LOOK))) == [
        ("breach response", 60),
        ("150 %", 90),
    ]


@each("command", [REPLY, RESOLVE, CLOSE])
def test_a_clock_that_stopped_has_no_milestones(command: cmd.Command) -> None:
    kept = timed(rule("75% of response", "leads"), milestones=(50, 75))
    story = played(kept, (10, command), (50, LOOK))
    assert passed(story) == [] and marks.next_at(story.now, kept, minute(50)) is None


def test_none_where_the_policy_wants_none() -> None:
    story = played(timed(), (59, LOOK))
    assert passed(story) == [] and marks.next_at(story.now, story.policy, minute(59)) is None


def test_the_timer_wakes_at_the_next_of_them() -> None:
    kept = timed(rule("80% of response", "leads"), milestones=(50, 90))
    story, dues = played(kept), []
    for at in (0, 30, 48, 54):
        story.does(minute(at), LOOK)
        timers = {t.kind: t.due for t in timers_of(story.now, kept, minute(at))}
        dues.append(timers.get(TimerKind.MARK))
    assert dues == [minute(30), minute(48), minute(54), None]


# ---------------------------------------------------------------- aims
def test_an_aim_warns_the_owner_once() -> None:
    kept = timed(respond="1h-2h")
    story = played(kept, (59, LOOK))
    (line,) = desk_lines(story.does(minute(60), LOOK))
    assert (line.what, line.due, line.audience) == ("aim_passed", minute(120), ("tier", "owner"))
    story.does(minute(61), LOOK)
    assert passed(story) == [("aim", 60)]


def test_an_aim_and_a_milestone_at_one_instant_are_two_events_and_one_line() -> None:
    kept = timed(respond="1h-2h", milestones=(50, 75))
    told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (60, LOOK, "AimPassed MilestonePassed", "/aim_passed", ""),
        (61, LOOK, "", "", ""),
        (90, LOOK, "MilestonePassed", "/milestone", ""),
        policy=kept,
    )


def test_after_a_breach_nobody_is_told_of_the_aim_any_more() -> None:
    kept = timed(respond="1h-2h", milestones=(50, 75, 90))
    assert passed(played(kept, (200, LOOK), (201, LOOK))) == [("breach response", 120)]


# ---------------------------------------------------------------- escalations
SHARES = (
    rule("75% of response", "tier:1"),
    rule("breach of response", "tier:2"),
    rule("200% of response", "tier:3", "leads"),
)


def test_shares_of_a_clock_each_at_its_own_time_and_once() -> None:
    story = looked_at_every_minute(timed(*SHARES), 140)
    assert passed(story) == [
        ("75% of response", 45),
        ("breach of response", 60),
        ("breach response", 61 - 1),
        ("200% of response", 120),
    ]
    assert story.now.tier == 3


def test_after_days_of_downtime_all_come_at_once_and_in_their_order() -> None:
    kept = timed(
        rule("24h unresolved", "person:lin", offer="call"), *reversed(SHARES), rule("36h unanswered", "leads")
    )
    story = played(kept)
    decision = story.does(minute(3 * DAY), LOOK)
    assert [type(e).__name__ for e in decision.events] == ["ClockBreached", *["Escalated"] * 5]
    assert [e.rule.partition(" ->")[0] for e in decision.events if isinstance(e, ev.Escalated)] == [
        "75% of response",
        "breach of response",
        "200% of response",
        "24h unresolved",
        "36h unanswered",
    ]
    assert story.now.tier == 3 and story.now.call_offered
    assert story.does(minute(3 * DAY + 1), LOOK).events == ()


def test_who_is_told_of_an_escalation_and_with_which_words() -> None:
    (line,) = desk_lines(played(timed(*SHARES)).does(minute(45), LOOK))
    assert (line.what, line.text, line.name, line.audience) == (
        "escalated",
        "75% of response",
        "1",
        ("tier:1",),
    )


def test_a_tier_never_goes_down() -> None:
    kept = timed(rule("50% of response", "tier:3"), rule("75% of response", "tier:2"))
    assert played(kept, (30, LOOK), (45, LOOK)).now.tier == 3


def test_a_rule_of_other_severities_does_not_fire() -> None:
    kept = timed(rule("10% of response", "leads", severities=("high", "low")))
    assert passed(played(kept, (50, LOOK))) == []
    late = played(kept, (50, LOOK), (60, sets("high")), (61, LOOK))
    assert passed(late) == [("10% of response high low", 61), ("aim", 60)]


@each(
    ("command", "fires"),
    [(NOTE, True), (ACK, True), (REPLY, False), (RESOLVE, False), (CLOSE, False), (ASK, False)],
)
def test_unanswered_is_what_the_policy_calls_so(command: cmd.Command, fires: bool) -> None:
    kept = timed(rule("24h unanswered", "leads"), respond=None)
    story = played(kept, (5, command), (35, LOOK), (DAY, LOOK), (DAY + 1, LOOK))
    assert passed(story) == ([("24h unanswered", DAY)] if fires else [])


def test_under_a_policy_of_plans_a_reply_is_no_answer() -> None:
    kept = timed(rule("24h unanswered", "leads"), respond=None, answered_by=AnsweredBy.PLAN)
    plan = cmd.GivePlan(**ADA, ours="We look at it")
    assert passed(played(kept, (5, REPLY), (DAY, LOOK))) == [("24h unanswered", DAY)]
    assert passed(played(kept, (5, plan), (DAY, LOOK))) == []


def test_an_unresolved_ticket_escalates_without_the_time_it_waited() -> None:
    kept = timed(rule("24h unresolved", "leads"), respond=None)
    waited = ((60, ASK), (180, writes()))
    story = played(kept, *waited, (DAY + 119, LOOK), (DAY + 120, LOOK), (2 * DAY, LOOK))
    assert passed(story) == [("24h unresolved", DAY + 120)]


def test_while_it_waits_nothing_fires_however_long() -> None:
    kept = timed(
        rule("24h unresolved", "leads"),
        rule("50% of resolution", "leads"),
        respond=None,
        resolve="2h-4h",
        milestones=(50, 75, 90),
    )
    story = played(kept, (60, ASK), (9 * DAY, LOOK))
    assert passed(story) == [] and marks.next_at(story.now, kept, minute(9 * DAY)) is None
    story.does(minute(9 * DAY + 1), writes())
    assert marks.next_at(story.now, kept, minute(9 * DAY + 1)) == minute(9 * DAY + 1 + 60)


def test_what_is_not_covered_does_not_escalate() -> None:
    kept = timed(rule("24h unresolved", "leads"), respond=None)
    story = played(kept, (60, EXCLUDE), (9 * DAY, LOOK), (10 * DAY, COVER), (11 * DAY, LOOK))
    assert passed(story) == [("24h unresolved", 11 * DAY)]


def test_office_hours_may_be_what_counts() -> None:
    """8.5 hours a day from 08:30; opened at noon, so ten office hours are over on Tuesday at 13:30."""
    kept = timed(rule("10h unresolved", "leads", counts=Counts.OFFICE_HOURS), respond=None)
    (timer,) = timers_of(played(kept).now, kept, MONDAY)
    assert (timer.kind, timer.due) == (TimerKind.MARK, minute(DAY + 90))


@each("end", [RESOLVE, CLOSE, cmd.Merge(into="MIT-1002", by=THANDI_ACTS)])
def test_after_the_end_nothing_fires(end: cmd.Command) -> None:
    kept = timed(*SHARES, rule("24h unresolved", "leads"), milestones=(50, 75, 90))
    story = played(kept, (10, end), (2 * DAY, LOOK))
    assert passed(story) == []


def test_what_fired_before_it_was_resolved_does_not_fire_again_after() -> None:
    kept = timed(rule("24h unresolved", "leads"), respond=None)
    story = played(kept, (DAY, LOOK), (DAY + 1, RESOLVE), (DAY + 2, REOPEN), (9 * DAY, LOOK))
    assert passed(story) == [("24h unresolved", DAY)]


def test_the_time_between_resolved_and_reopened_does_not_count() -> None:
    kept = timed(rule("24h unresolved", "leads"), respond=None)
    story = played(kept, (60, RESOLVE), (DAY, REOPEN), (2 * DAY - 61, LOOK), (2 * DAY - 60, LOOK))
    assert passed(story) == [("24h unresolved", 2 * DAY - 60)]


def test_a_rule_about_the_next_answer_fires_once_for_each_question() -> None:
    first, *others = timed(rule("breach of next response", "leads")).severities
    first = dataclasses.replace(first, next=parse_target("30m"))
    kept = timed(rule("breach of next response", "leads"))
    kept = dataclasses.replace(kept, severities=(first, *others))
    story = played(
        kept, (1, REPLY), (10, writes()), (41, LOOK), (50, LOOK), (60, REPLY), (70, writes()), (101, LOOK)
    )
    assert [e.event.rule for e in story.log if isinstance(e.event, ev.Escalated)] == [
        f"breach of next response -> leads @{minute(10).isoformat()}",
        f"breach of next response -> leads @{minute(70).isoformat()}",
    ]


def test_a_call_is_offered_once_and_again_only_after_an_answer() -> None:
    kept = timed(
        rule("1h unresolved", offer="call"),
        rule("2h unresolved", offer="call"),
        rule("3h unresolved", offer="call"),
        respond=None,
    )
    wanted = cmd.AnswerCall(wanted=True, by=THANDI_ACTS)
    story = told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (60, LOOK, "Escalated", "CallOffered /call_offered", ""),
        (61, REPLY, "Acknowledged EngineerWrote", "Answer /ColleagueSaid /acknowledged", "answered ada"),
        (120, LOOK, "Escalated", "", ""),
        (121, wanted, "CallAnswered", "CallSettled /call_wanted", ""),
        (122, wanted, "", "", ""),
        (180, LOOK, "Escalated", "CallOffered /call_offered", ""),
        policy=kept,
    )
    assert story.now.call_offered


def test_raised_late_the_new_target_is_over_already_and_each_is_told_at_its_own_instant() -> None:
    story = played(
        timed(*SHARES), (50, LOOK), (100, sets("emergency")), (100, LOOK), (120, LOOK), severity="high"
    )
    assert passed(story) == [
        ("breach response", 60),
        ("75% of response", 100),
        ("breach of response", 100),
        ("200% of response", 120),
    ]


# ---------------------------------------------------------------- breaches come first
@each("command", [sets("low"), REPLY, ASK, RESOLVE, CLOSE, writes(), NOTE, EXCLUDE])
def test_a_breach_is_recorded_before_whatever_is_done_after_days_of_downtime(command: cmd.Command) -> None:
    story = played(timed())
    decision = story.does(minute(3 * DAY), command)
    assert decision.events[0] == ev.ClockBreached(clock="response", at=minute(60))
    assert len(decision.events) > 1 and desk_lines(decision)[0].what == "breached"
    story.does(minute(3 * DAY), LOOK)
    assert [name for name, _ in passed(story)] == ["breach response"]


def test_what_is_not_allowed_records_no_breach() -> None:
    story = played(timed(), (5, CLOSE))
    assert story.tells(minute(DAY), REPLY) == ("IllegalMove", "", "")
    story = played(timed())
    story.does(minute(30), RESOLVE)
    before = story.now
    assert story.tells(minute(DAY), ASK) == ("IllegalMove", "", "") and story.now is before


def test_at_the_due_instant_itself_nothing_is_late() -> None:
    assert passed(played(timed(), (60, sets("low")), (300, LOOK))) == []
