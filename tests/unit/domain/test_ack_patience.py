"""Whoever acknowledged a page and writes nothing to the customer is paged again, then the chain."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide import PageWanted, alarm_of, timers_of
from bot.domain.evolve import rebuild
from bot.domain.ids import TicketId
from bot.domain.timers import TimerKind
from escalation.office import AfterHours, Hours
from escalation.policy import AnsweredBy, Policy
from escalation.targets import parse_target
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
    told,
    writes,
)
from tests.unit.table import each

QUIET = policy(milestones=())
"""Without milestones, whose lines are told elsewhere. An emergency is answered within the hour."""
ACK, LINS_ACK = cmd.Acknowledge(**ADA), cmd.Acknowledge(**LIN)
TAKE, LINS_TAKE = cmd.Take(**ADA), cmd.Take(**LIN)
REPLY, LINS_REPLY = cmd.Reply(**ADA, text="On it"), cmd.Reply(**LIN, text="On it")
NOTE, ASK = cmd.WriteNote(**ADA, text="hm"), cmd.AskInfo(**ADA, text="A photo?")
PLAN = cmd.GivePlan(**ADA, ours="We restart it")
DUE = cmd.ProposeTime(**ADA, due=minute(300))
EXCLUDE, RESOLVE = cmd.Exclude(**ADA, exclusion="x"), cmd.Resolve(**ADA, text="Done")
CLOSE, REOPEN = cmd.Close(by=THANDI_ACTS), cmd.Reopen(by=THANDI_ACTS)
MERGE = cmd.Merge(into=TicketId("MIT-1002"), by=ADA_ACTS)
NO = cmd.AnswerConsent(agreed=False, by=THANDI_ACTS)
YES = cmd.AnswerConsent(agreed=True, by=THANDI_ACTS)
LOOK = cmd.Look()
DAY = 24 * 60
NIGHT = 600.0
"""22:00 on Monday, in minutes after Monday noon."""
OPENED = (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency")
ACKED = (5, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada")
LAPSED = (32.5, LOOK, "AckLapsed", "/ack_lapsed", "wanted emergency")
"""Half of the 55 minutes that remained at 5."""


def serving(respond: str | None = "1h", **changes: Any) -> Policy:
    """QUIET with another response time for emergencies."""
    first, *others = QUIET.severities
    first = dataclasses.replace(first, respond=parse_target(respond) if respond else None)
    return policy(**({"milestones": (), "severities": (first, *others)} | changes))


def played(*steps: tuple[float, cmd.Command], kept: Policy = QUIET, severity: str = "emergency") -> Story:
    story = Story(policy=kept)
    story.does(minute(0), opening(severity))
    for at, command in steps:
        story.does(minute(at), command)
    return story


def runs_out(story: Story) -> float | None:
    """The minute at which whoever acknowledged is paged again; None where nobody is. The timer and the value agree."""
    now, kept = story.now, story.policy
    timers = {t.kind: t.due for t in timers_of(now, kept, now.changed)}
    due = timers.get(TimerKind.PATIENCE)
    assert due == (now.answer_by if now.status.is_open else None)
    return None if due is None else (due - minute(0)) / dt.timedelta(minutes=1)


def lapses(story: Story) -> list[tuple[float, str]]:
    """When nobody had written, and whose acknowledgement it was."""
    return [
        ((e.at - minute(0)) / dt.timedelta(minutes=1), e.event.person)
        for e in story.log
        if isinstance(e.event, ev.AckLapsed)
    ]


# ---------------------------------------------------------------- how long
@each(
    ("remaining", "patience"),
    [
        (55, 27.5),
        (60, 30),
        (61, 30),
        (600, 30),
        (10, 5),
        (4.1, 2.05),
        (4, 2),
        (3, 2),
        (0, 2),
        (-90, 2),
        (None, 30),
    ],
)
def test_half_of_what_remains_at_least_two_minutes_and_at_most_thirty(
    remaining: float | None, patience: float
) -> None:
    left = None if remaining is None else dt.timedelta(minutes=remaining)
    assert QUIET.ack_patience_of(left) == dt.timedelta(minutes=patience)


@each("remaining", [None, -90, 1, 600])
def test_a_policy_may_have_its_own(remaining: float | None) -> None:
    left = None if remaining is None else dt.timedelta(minutes=remaining)
    for own in (dt.timedelta(seconds=30), dt.timedelta(minutes=15), dt.timedelta(hours=2)):
        assert policy(ack_patience=own).ack_patience_of(left) == own


@each(
    ("acked", "runs_out_at"),
    [(0, 30), (5, 32.5), (30, 45), (50, 55), (57, 59), (59, 61), (60, 62), (300, 302)],
)
def test_it_counts_from_the_acknowledgement(acked: float, runs_out_at: float) -> None:
    assert runs_out(played((acked, ACK))) == runs_out_at


@each(
    ("kept", "runs_out_at"),
    [
        (serving(None), 35),
        (serving("as needed"), 35),
        (serving("4h"), 35),
        (serving("10m"), 7.5),
        (serving("1h", answered_by=AnsweredBy.ACKNOWLEDGE), 32.5),
        (serving("1h", answered_by=AnsweredBy.PLAN), 32.5),
        (serving("1h", ack_patience=dt.timedelta(minutes=15)), 20),
        (serving(None, ack_patience=dt.timedelta(minutes=15)), 20),
        (serving("1h", ack_patience=dt.timedelta(hours=2)), 125),
    ],
)
def test_what_the_policy_promises_decides(kept: Policy, runs_out_at: float) -> None:
    """Without a promise of a time it is the longest; where an acknowledgement is the answer, what remained before it."""
    story = played((5, ACK), kept=kept)
    assert runs_out(story) == runs_out_at
    story.does(minute(runs_out_at - 0.01), LOOK)
    assert lapses(story) == []
    story.does(minute(runs_out_at), LOOK)
    if not lapses(story):  # what is due besides comes one thing at a time
        story.does(minute(runs_out_at), LOOK)
    assert lapses(story) == [(runs_out_at, "ada")]


def test_of_a_ticket_that_is_open_again_the_next_answer_decides() -> None:
    story = played((5, ACK), (6, RESOLVE), (100, REOPEN))
    assert runs_out(story) is None
    story.does(minute(110), ACK)
    assert runs_out(story) == 135, "half of the 50 minutes that remain of the hour since 100"


# ---------------------------------------------------------------- it runs out
def test_acknowledged_and_silent() -> None:
    story = told(
        OPENED,
        ACKED,
        (32, LOOK, "", "", ""),
        (32.49, LOOK, "", "", ""),
        LAPSED,
        (33, LOOK, "", "", ""),
        (59, LOOK, "", "", ""),
        policy=QUIET,
    )
    assert (story.now.owner, story.now.acknowledged, story.now.answer_by) == ("ada", None, None)
    assert rebuild(story.log, QUIET) == story.now


def test_whoever_acknowledged_comes_first_and_is_told_by_when() -> None:
    decision = played((5, ACK)).does(minute(32.5), LOOK)
    assert decision.page == PageWanted(urgency="emergency", first=("person:ada",))
    (line,) = decision.sayings
    assert isinstance(line, no.ToDesk) and isinstance(line.notice, no.DeskLine)
    assert (line.notice.due, line.notice.mention) == (minute(60), ("ada",))


def test_the_chain_of_the_hour_is_kept() -> None:
    kept = policy(
        milestones=(),
        after_hours=(AfterHours(severities=("emergency",), when=tuple(Hours), page=True, chain="night"),),
    )
    decision = played((5, ACK), kept=kept).does(minute(32.5), LOOK)
    assert decision.page == PageWanted(urgency="emergency", chain="night", first=("person:ada",))


def test_a_page_that_nobody_acknowledged_before_has_nobody_first() -> None:
    decision = Story(policy=QUIET).does(minute(0), opening("emergency"))
    assert decision.page == PageWanted(urgency="emergency")


def test_the_timers() -> None:
    story = played((5, ACK))
    (alarm,) = alarm_of(story.now, QUIET, minute(5))
    assert (alarm.kind, alarm.due) == (TimerKind.PATIENCE, minute(32.5))
    story.does(alarm.due, LOOK)
    (alarm,) = alarm_of(story.now, QUIET, minute(32.5))
    assert alarm.kind is TimerKind.BREACH
    story = played((5, ACK), (6, REPLY))
    assert alarm_of(story.now, QUIET, minute(6)) == ()


# ---------------------------------------------------------------- what ends it
@each("command", [REPLY, LINS_REPLY, ASK, PLAN, DUE, EXCLUDE, RESOLVE, CLOSE, MERGE])
def test_what_the_customer_hears_ends_it_and_so_does_the_end_of_the_ticket(command: cmd.Command) -> None:
    for kept in (QUIET, serving(answered_by=AnsweredBy.PLAN), serving(answered_by=AnsweredBy.ACKNOWLEDGE)):
        story = played((5, ACK), (32.4, command), kept=kept)
        assert runs_out(story) is None
        for at in (32.5, 59, 61, DAY):
            story.does(minute(at), LOOK)
        assert lapses(story) == [] and rebuild(story.log, kept) == story.now


@each(
    ("command", "first"),
    [
        (NOTE, "ada"),
        (ACK, "ada"),
        (LINS_ACK, "ada"),
        (TAKE, "ada"),
        (LINS_TAKE, "lin"),
        (writes("Hello?"), "ada"),
        (sets("emergency"), "ada"),
        (cmd.SetLanguage(language="pl"), "ada"),
        (LOOK, "ada"),
    ],
)
def test_what_the_customer_does_not_hear_does_not(command: cmd.Command, first: str) -> None:
    """Nor does it give anybody more time; whoever took it meanwhile is the one to ask."""
    story = played((5, ACK), (20, command))
    assert runs_out(story) == 32.5
    decision = story.does(minute(32.5), LOOK)
    assert lapses(story) == [(32.5, first)]
    assert decision.page == PageWanted(urgency="emergency", first=(f"person:{first}",))


@each("command", [REPLY, ASK, PLAN, DUE, EXCLUDE, RESOLVE])
def test_who_has_it_by_writing_has_written(command: cmd.Command) -> None:
    story = played((5, command), (40, LOOK))
    assert story.now.owner == "ada" and story.now.answer_by is None and lapses(story) == []


def test_who_takes_it_has_acknowledged_by_it_and_writes_too() -> None:
    story = played((5, TAKE))
    assert runs_out(story) == 32.5
    story.does(minute(32.5), LOOK)
    assert lapses(story) == [(32.5, "ada")]


# ---------------------------------------------------------------- only where somebody is paged
@each("severity", ["high", "normal", "low"])
def test_a_ticket_that_pages_nobody_has_none(severity: str) -> None:
    story = played((5, ACK), (100, LOOK), severity=severity)
    assert runs_out(story) is None and lapses(story) == [] and story.now.acknowledged == minute(5)


def test_nor_has_one_that_pages_nobody_at_this_hour() -> None:
    kept = policy(
        milestones=(),
        after_hours=(AfterHours(severities=("emergency",), when=(Hours.AFTER,), page=False),),
    )
    story = Story(policy=kept)
    story.does(minute(NIGHT), opening("emergency"))
    story.does(minute(NIGHT + 5), ACK)
    story.does(minute(NIGHT + 40), LOOK)
    assert runs_out(story) is None and lapses(story) == []


def test_lowered_meanwhile_nobody_is_paged_again_and_nothing_is_said() -> None:
    story = told(
        OPENED,
        ACKED,
        (10, sets("high"), "SeveritySet", "Promised /severity_changed", "unwanted severity"),
        (32.5, LOOK, "", "", ""),
        (59, LOOK, "", "", ""),
        policy=QUIET,
    )
    assert story.now.acknowledged == minute(5) and runs_out(story) is None


def test_lowered_and_raised_again_it_is_a_page_like_any_other() -> None:
    story = played((5, ACK), (10, sets("high")))
    raised = story.does(minute(20), sets("emergency"))
    assert raised.page == PageWanted(urgency="emergency") and runs_out(story) is None
    story.does(minute(32.5), LOOK)
    assert lapses(story) == []
    story.does(minute(40), LINS_ACK)
    assert story.now.owner == "lin" and runs_out(story) == 50


def test_lowered_to_what_pages_too_it_goes_on() -> None:
    emergency, high, *others = QUIET.severities
    kept = policy(milestones=(), severities=(emergency, dataclasses.replace(high, pages=True), *others))
    decision = played((5, ACK), (10, sets("high")), kept=kept).does(minute(32.5), LOOK)
    assert decision.page == PageWanted(urgency="high", first=("person:ada",))


# ---------------------------------------------------------------- a charge that they declined
CHARGED = opening("emergency", ev.How.PROPOSED, organisation=dataclasses.replace(ACME, plan="standard"))
AT_NIGHT = [
    (NIGHT, CHARGED, "TicketOpened", "SeverityAsked", ""),
    (NIGHT + 0.5, sets("emergency", ev.How.CONFIRMED, THANDI_ACTS), "SeveritySet ConsentAsked",
     "Promised ConsentQuestion /consent_asked /severity_confirmed", ""),
]  # fmt: skip
ACKED_AT_NIGHT = (NIGHT + 0.8, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada")


def test_who_declined_the_call_out_is_not_paged_for() -> None:
    story = told(
        *AT_NIGHT,
        ACKED_AT_NIGHT,
        (NIGHT + 3, NO, "ConsentAnswered", "ConsentSettled /consent_declined", "unwanted declined"),
        (NIGHT + 32, LOOK, "", "", ""),
        (NIGHT + 59, LOOK, "", "", ""),
        policy=QUIET,
    )
    assert runs_out(story) is None and story.now.owner == "ada"


def test_acknowledged_after_they_declined() -> None:
    story = told(
        *AT_NIGHT,
        (NIGHT + 1, NO, "ConsentAnswered", "ConsentSettled /consent_declined", "unwanted declined"),
        (NIGHT + 5, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
        (NIGHT + 59, LOOK, "", "", ""),
        policy=QUIET,
    )
    assert runs_out(story) is None


def test_who_declines_after_it_ran_out_stops_the_page_as_ever() -> None:
    told(
        *AT_NIGHT,
        ACKED_AT_NIGHT,
        (NIGHT + 30.4, LOOK, "AckLapsed", "/ack_lapsed", "wanted emergency"),
        (NIGHT + 35, NO, "ConsentAnswered", "ConsentSettled /consent_declined", "unwanted declined"),
        (NIGHT + 59, LOOK, "", "", ""),
        policy=QUIET,
    )


def test_who_agrees_after_all_has_somebody_paged_and_whoever_acknowledges_a_patience() -> None:
    story = told(
        *AT_NIGHT,
        ACKED_AT_NIGHT,
        (NIGHT + 3, NO, "ConsentAnswered", "ConsentSettled /consent_declined", "unwanted declined"),
        (NIGHT + 10, YES, "ConsentAnswered", "ConsentSettled /consent_agreed", "wanted emergency"),
        (NIGHT + 31, LOOK, "", "", ""),
        (NIGHT + 40, LINS_ACK, "Acknowledged", "HasIt /acknowledged", "answered lin"),
        policy=QUIET,
    )
    assert runs_out(story) == NIGHT + 50


# ---------------------------------------------------------------- once more
def test_another_who_acknowledges_owns_it_and_has_a_patience_of_their_own() -> None:
    story = told(
        OPENED,
        ACKED,
        LAPSED,
        (40, LINS_ACK, "Acknowledged", "HasIt /acknowledged", "answered lin"),
        (41, ACK, "", "", "answered ada"),
        (49.9, LOOK, "", "", ""),
        (50, LOOK, "AckLapsed", "/ack_lapsed", "wanted emergency"),
        policy=QUIET,
    )
    assert lapses(story) == [(32.5, "ada"), (50, "lin")] and story.now.owner == "lin"


def test_who_acknowledges_again_may_still_write() -> None:
    told(
        OPENED,
        ACKED,
        LAPSED,
        (34, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
        (40, REPLY, "EngineerWrote", "Answer /ColleagueSaid", ""),
        (59, LOOK, "", "", ""),
        (70, LOOK, "", "", ""),
        policy=QUIET,
    )


def test_who_writes_without_another_acknowledgement_has_it_again() -> None:
    story = told(
        OPENED,
        ACKED,
        LAPSED,
        (34, LINS_REPLY, "Acknowledged EngineerWrote", "Answer /ColleagueSaid /acknowledged", "answered lin"),
        (59, LOOK, "", "", ""),
        policy=QUIET,
    )
    assert story.now.owner == "lin"


def test_after_the_time_is_over_there_are_two_minutes_each() -> None:
    steps = [(32.5, LOOK), (70, ACK), (72, LOOK), (80, LINS_ACK), (82, LOOK)]
    assert lapses(played((5, ACK), *steps)) == [(32.5, "ada"), (72, "ada"), (82, "lin")]


def test_acknowledged_before_the_severity_stands() -> None:
    """Nobody has it any more, so what was proposed stands, as it would have at the first minute."""
    told(
        (0, opening("emergency", ev.How.PROPOSED), "TicketOpened", "SeverityAsked", ""),
        (0.5, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
        (2, LOOK, "", "", ""),
        (30.25, LOOK, "AckLapsed", "/ack_lapsed", "wanted emergency"),
        (30.26, LOOK, "SeveritySet", "Promised /severity_stands", "wanted emergency"),
        (30.27, LOOK, "", "", ""),
        policy=QUIET,
    )


# ---------------------------------------------------------------- downtime
def test_noticed_late_it_is_done_late_and_the_breach_is_told_first() -> None:
    told(
        OPENED,
        ACKED,
        (3 * DAY, LOOK, "ClockBreached AckLapsed", "/breached /ack_lapsed", "wanted emergency"),
        (3 * DAY, LOOK, "", "", ""),
        policy=QUIET,
    )


def test_who_writes_before_it_is_noticed_is_in_time() -> None:
    told(
        OPENED,
        ACKED,
        (40, REPLY, "EngineerWrote", "Answer /ColleagueSaid", ""),
        (40, LOOK, "", "", ""),
        policy=QUIET,
    )
