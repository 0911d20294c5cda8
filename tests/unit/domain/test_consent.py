"""A call-out that is charged: it is 22:00, the desk opens at 08:30, and Thandi's plan charges for the hours between."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide import Decision, next_due, timers_of
from bot.domain.events import Consent
from bot.domain.evolve import rebuild
from bot.domain.questions import answer, answer_in_words
from bot.domain.timers import TimerKind
from escalation.calendar import BusinessCalendar
from escalation.office import AfterHours, Hours
from escalation.sla import ClockKind
from escalation.targets import parse_target
from tests.builders import ZONE, policy
from tests.unit.domain.dialogue import (
    ACME,
    ADA,
    ADA_ACTS,
    POLICY,
    THANDI_ACTS,
    Story,
    minute,
    opening,
    sets,
    told,
    writes,
)
from tests.unit.table import each

NIGHT, OPENS = 600.0, 1230.0
"""22:00 on Monday and 08:30 on Tuesday, in minutes after Monday noon."""
CHARGED = dataclasses.replace(ACME, plan="standard")
PROPOSED, CONFIRMED, SILENCE, GIVEN = ev.How.PROPOSED, ev.How.CONFIRMED, ev.How.SILENCE, ev.How.GIVEN
EMERGENCY = sets("emergency", CONFIRMED, THANDI_ACTS)
YES = cmd.AnswerConsent(agreed=True, by=THANDI_ACTS)
NO = cmd.AnswerConsent(agreed=False, by=THANDI_ACTS)
ACK, REPLY = cmd.Acknowledge(**ADA), cmd.Reply(**ADA, text="Is the router on?")
RESOLVE, NOTE = cmd.Resolve(**ADA, text="Done"), cmd.WriteNote(**ADA, text="hm")
REOPEN, CLOSE, LOOK = cmd.Reopen(by=THANDI_ACTS), cmd.Close(by=THANDI_ACTS), cmd.Look()
QUIET = policy(milestones=())
"""Without milestones, whose lines are told elsewhere."""


def charged(severity: str = "emergency", how: ev.How = PROPOSED, **changes: object) -> cmd.OpenTicket:
    return opening(severity, how, organisation=CHARGED, **changes)


PAYING = [
    (NIGHT, charged(), "TicketOpened", "SeverityAsked", ""),
    (NIGHT + 0.5, EMERGENCY, "SeveritySet ConsentAsked", "Promised ConsentQuestion /consent_asked /severity_confirmed", ""),
]  # fmt: skip
DECLINING = [
    *PAYING,
    (NIGHT + 1, NO, "ConsentAnswered", "ConsentSettled /consent_declined", "unwanted declined"),
]


def night(*rows: tuple[float, cmd.Command, str, str, str]) -> Story:
    return told(*rows, policy=QUIET)


def asked(*steps: tuple[float, cmd.Command]) -> Story:
    """The customer said that it is an emergency, and was asked about the charge; then these, in minutes after it."""
    story = Story(policy=QUIET)
    story.does(minute(NIGHT), charged())
    story.does(minute(NIGHT), EMERGENCY)
    for at, command in steps:
        story.does(minute(NIGHT + at), command)
    return story


def due(story: Story, at: float) -> dt.datetime | None:
    return next_due(story.now, story.policy, minute(at))


def to_customer(decision: Decision, kind: type[no.Notice]) -> no.Notice:
    found = [s.notice for s in decision.sayings if isinstance(s, no.ToCustomer)]
    (notice,) = [notice for notice in found if type(notice) is kind]
    return notice


# ---------------------------------------------------------------- asked
def test_yes_pages_at_once() -> None:
    story = night(
        *PAYING,
        (NIGHT + 0.7, LOOK, "", "", ""),
        (NIGHT + 1, YES, "ConsentAnswered", "ConsentSettled /consent_agreed", "wanted emergency"),
        (NIGHT + 2, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
    )
    assert story.now.consent is Consent.AGREED


def test_silence_pages_when_the_patience_is_over() -> None:
    story = night(
        *PAYING,
        (NIGHT + 1.4, LOOK, "", "", ""),
        (NIGHT + 1.5, LOOK, "ConsentAnswered", "ConsentSettled /consent_silent", "wanted emergency"),
        (NIGHT + 1.6, LOOK, "", "", ""),
        (NIGHT + 5, YES, "ConsentAnswered", "ConsentSettled /consent_agreed", "wanted emergency"),
    )
    assert story.now.consent is Consent.AGREED


def test_no_pages_nobody_until_the_desk_opens_and_then_pages() -> None:
    story = night(
        *DECLINING,
        (NIGHT + 60, writes("Hm"), "CustomerWrote", "/CustomerSaid", ""),
        (OPENS - 0.1, LOOK, "", "", ""),
        (OPENS, LOOK, "DeskOpened", "/desk_opened", "wanted emergency"),
        (OPENS + 0.1, LOOK, "", "", ""),
    )
    assert (story.now.consent, story.now.desk_opens) == (Consent.NONE, None)


def test_what_it_says_of_the_times() -> None:
    story = Story(policy=QUIET)
    story.does(minute(NIGHT), charged())
    decision = story.does(minute(NIGHT + 0.5), EMERGENCY)
    promised = to_customer(decision, no.Promised)
    assert isinstance(promised, no.Promised) and not promised.paging and promised.due == minute(NIGHT + 60)
    question = to_customer(decision, no.ConsentQuestion)
    assert question == no.ConsentQuestion(
        ticket=story.now.id, until=minute(NIGHT + 1.5), reopens=minute(OPENS)
    )
    settled = to_customer(story.does(minute(NIGHT + 1), NO), no.ConsentSettled)
    assert isinstance(settled, no.ConsentSettled)
    assert (settled.agreed, settled.reopens) == (False, minute(OPENS))
    assert settled.due == minute(OPENS + 59), "a minute of the hour was used up before the answer"


@each(
    ("first", "second"),
    [
        (charged("emergency", GIVEN, opened_by=ADA_ACTS), NOTE),
        (charged("emergency", PROPOSED), LOOK),
        (charged("normal", GIVEN), sets("emergency")),
    ],
)
def test_where_the_customer_is_not_just_talking_to_us_the_page_goes_out_beside_the_question(
    first: cmd.Command, second: cmd.Command
) -> None:
    story = Story(policy=QUIET)
    pages = [story.does(minute(NIGHT + at), c).page for at, c in ((0, first), (2, second))]
    assert [getattr(p, "urgency", None) for p in pages].count("emergency") == 1
    (question,) = [e.event for e in story.log if isinstance(e.event, ev.ConsentAsked)]
    assert not question.holds and story.now.may_page
    assert not {TimerKind.CONSENT} & {t.kind for t in timers_of(story.now, QUIET, minute(NIGHT + 2))}
    stopped = story.does(minute(NIGHT + 3), NO)
    assert getattr(stopped.page, "reason", "") == "declined" and story.now.desk_opens == minute(OPENS)


def test_a_ticket_whose_severity_was_given_by_the_customer_is_asked_at_once_and_held() -> None:
    night(
        (
            NIGHT,
            charged(how=GIVEN),
            "TicketOpened ConsentAsked",
            "Promised ConsentQuestion /consent_asked",
            "",
        ),
        (NIGHT + 1, LOOK, "ConsentAnswered", "ConsentSettled /consent_silent", "wanted emergency"),
    )


@each(
    ("plan", "at", "severity"),
    [
        ("premium", NIGHT, "emergency"),
        ("", NIGHT, "emergency"),
        ("standard", 0, "emergency"),
        ("standard", NIGHT, "high"),
    ],
)
def test_who_is_not_charged_is_not_asked(plan: str, at: float, severity: str) -> None:
    story = Story(policy=QUIET)
    story.does(minute(at), opening(severity, GIVEN, organisation=dataclasses.replace(ACME, plan=plan)))
    assert story.now.consent is Consent.NONE and len(story.log) == 1


def test_a_rule_of_the_policy_may_page_without_asking() -> None:
    free = policy(after_hours=(AfterHours(severities=("emergency",), page=True, consent=False),))
    told(
        (NIGHT, charged(how=GIVEN), "TicketOpened", "Promised", "wanted emergency"),
        policy=free,
    )


def test_the_timer_of_the_question_and_of_the_opening() -> None:
    story = asked((0.5, NOTE))
    dues = {t.kind: t.due for t in timers_of(story.now, QUIET, minute(NIGHT + 0.5))}
    assert dues[TimerKind.CONSENT] == minute(NIGHT + 1) and TimerKind.OPENING not in dues
    story.does(minute(NIGHT + 0.6), NO)
    dues = {t.kind: t.due for t in timers_of(story.now, QUIET, minute(NIGHT + 0.6))}
    assert dues == {TimerKind.OPENING: minute(OPENS)}, "a clock that stands still wakes nobody"


# ---------------------------------------------------------------- declined
def test_the_response_clock_stands_still_until_the_desk_opens() -> None:
    story = asked((1, NO))
    assert due(story, NIGHT + 1) == due(story, OPENS - 1) == minute(OPENS + 59)
    story.does(minute(OPENS), LOOK)
    assert due(story, OPENS) == minute(OPENS + 59)


def test_what_is_noticed_late_counts_from_the_opening_all_the_same() -> None:
    """The bot was down from the night to the afternoon: nobody answered by 09:29, as was promised."""
    story = asked((1, NO))
    for _ in range(3):
        story.does(minute(OPENS + 300), LOOK)
    (breach,) = [e.event for e in story.log if isinstance(e.event, ev.ClockBreached)]
    assert (breach.clock, breach.at) == ("response", minute(OPENS + 59))


def test_an_acknowledgement_that_comes_before_the_look_does_not_move_the_opening() -> None:
    story = asked((1, NO))
    story.does(minute(OPENS + 30), ACK)
    assert due(story, OPENS + 30) == minute(OPENS + 59)


def test_urgent_changes_their_mind_and_the_clock_runs_from_then() -> None:
    story = night(
        *DECLINING,
        (NIGHT + 31, YES, "ConsentAnswered", "ConsentSettled /consent_agreed", "wanted emergency"),
        (NIGHT + 32, NO, "", "", ""),
        (OPENS, LOOK, "ClockBreached", "/breached", ""),
    )
    (breach,) = [e.event for e in story.log if isinstance(e.event, ev.ClockBreached)]
    assert breach.at == minute(NIGHT + 90), "30 minutes of waiting do not count"


def test_a_second_no_and_answers_to_no_question_change_nothing() -> None:
    night(*DECLINING, (NIGHT + 2, NO, "", "", ""))
    night(
        (NIGHT, charged("high", GIVEN), "TicketOpened", "Promised", "unwanted severity"),
        (NIGHT + 1, YES, "", "", ""),
        (NIGHT + 2, NO, "", "", ""),
    )


def test_whoever_takes_it_before_the_desk_opens_ends_the_wait() -> None:
    story = night(
        *DECLINING,
        (NIGHT + 11, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
        (OPENS, LOOK, "ClockBreached", "/breached", ""),
    )
    clock = story.now.clock(ClockKind.RESPONSE)
    assert clock is not None and clock.breached_at == minute(NIGHT + 70)
    assert story.now.desk_opens is None


@each("after", [cmd.Resolve(**ADA, text="Done"), cmd.Close(by=THANDI_ACTS)])
def test_what_is_over_waits_for_no_desk(after: cmd.Command) -> None:
    story = asked((1, NO), (5, after))
    events = len(story.log)
    story.does(minute(OPENS), LOOK)
    assert len(story.log) == events
    kinds = {t.kind for t in timers_of(story.now, QUIET, minute(OPENS))}
    assert TimerKind.OPENING not in kinds and rebuild(story.log, QUIET) == story.now


# ---------------------------------------------------------------- meanwhile
def test_acknowledged_while_they_think_it_over_nobody_is_told_that_we_call() -> None:
    night(
        *PAYING,
        (NIGHT + 0.8, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
        (NIGHT + 2, LOOK, "", "", ""),
        (NIGHT + 3, NO, "ConsentAnswered", "ConsentSettled /consent_declined", "unwanted declined"),
    )
    story = asked((0.3, ACK), (1, NO))
    assert story.now.desk_opens is None, "somebody has it: nobody waits for the desk"
    assert timers_of(story.now, QUIET, minute(NIGHT + 1))[0].kind is TimerKind.BREACH


def test_resolved_while_asked() -> None:
    night(
        *PAYING,
        (NIGHT + 0.8, RESOLVE, "Acknowledged Resolved", "ResolvedForYou /resolved", "answered ada"),
        (NIGHT + 2, LOOK, "", "", ""),
        (NIGHT + 3, YES, "", "", ""),
        (NIGHT + 4, NO, "", "", ""),
    )


def test_closed_while_asked() -> None:
    night(
        *PAYING,
        (NIGHT + 0.8, CLOSE, "Closed", "ClosedForYou /closed", "unwanted closed"),
        (NIGHT + 2, LOOK, "", "", ""),
        (NIGHT + 3, YES, "", "", ""),
    )


def test_made_better_while_asked_the_question_is_withdrawn() -> None:
    night(
        *PAYING,
        (NIGHT + 0.8, sets("low"), "SeveritySet", "Promised /severity_changed", "unwanted severity"),
        (NIGHT + 2, LOOK, "", "", ""),
        (NIGHT + 3, YES, "", "", ""),
        (NIGHT + 4, EMERGENCY, "SeveritySet ConsentAsked", "Promised ConsentQuestion /consent_asked /severity_changed", ""),
        (NIGHT + 5, LOOK, "ConsentAnswered", "ConsentSettled /consent_silent", "wanted emergency"),
    )  # fmt: skip


def test_made_worse_while_asked_the_question_stands_and_pages_for_the_worse() -> None:
    severities = (QUIET.severities[0], dataclasses.replace(QUIET.severities[1], pages=True))
    two = policy(severities=(*severities, *QUIET.severities[2:]), milestones=())
    told(
        (NIGHT, charged("high", GIVEN), "TicketOpened ConsentAsked", "Promised ConsentQuestion /consent_asked", ""),
        (NIGHT + 0.5, EMERGENCY, "SeveritySet", "Promised /severity_changed", ""),
        (NIGHT + 1, LOOK, "ConsentAnswered", "ConsentSettled /consent_silent", "wanted emergency"),
        policy=two,
    )  # fmt: skip


def test_declined_and_made_better_and_worse_again_it_is_asked_again_and_pages() -> None:
    night(
        *DECLINING,
        (NIGHT + 2, sets("high"), "SeveritySet", "Promised /severity_changed", "unwanted severity"),
        (
            NIGHT + 3,
            sets("emergency"),
            "SeveritySet ConsentAsked",
            "Promised ConsentQuestion /consent_asked /severity_changed",
            "wanted emergency",
        ),
    )


def test_a_no_of_the_night_holds_no_page_of_the_day() -> None:
    """Declined while somebody had it already; the next day it is an emergency again, and costs nothing."""
    story = asked((0.3, ACK), (1, NO), (2, sets("normal")))
    assert story.now.consent is Consent.NONE
    raised = story.does(minute(24 * 60), EMERGENCY)
    assert getattr(raised.page, "urgency", "") == "emergency" and story.now.may_page


def test_a_no_of_the_night_is_asked_again_the_next_night() -> None:
    story = asked((0.3, ACK), (1, NO), (2, sets("normal")))
    story.does(minute(NIGHT + 24 * 60), EMERGENCY)
    assert story.now.consent is Consent.ASKED


def test_an_agreement_stands() -> None:
    story = asked((0.5, YES), (1, ACK), (2, sets("normal")))
    raised = story.does(minute(NIGHT + 3), EMERGENCY)
    assert story.now.consent is Consent.AGREED and getattr(raised.page, "urgency", "") == "emergency"


# ---------------------------------------------------------------- reopened
@each(("answer", "again"), [(None, True), (YES, False), (NO, True)])
def test_reopened_at_night_a_charge_is_asked_again_unless_they_agreed(
    answer: cmd.Command | None, again: bool
) -> None:
    story = asked(*([(0.5, answer)] if answer else []), (3, RESOLVE))
    decision = story.does(minute(NIGHT + 9), REOPEN)
    asked_now = any(isinstance(e, ev.ConsentAsked) for e in decision.events)
    assert asked_now is again and (decision.page is None) is again
    reopened = to_customer(decision, no.ReopenedForYou)
    assert isinstance(reopened, no.ReopenedForYou) and reopened.paging is not again
    silent = story.does(minute(NIGHT + 10), LOOK)
    assert (getattr(silent.page, "urgency", "") == "emergency") is again
    assert rebuild(story.log, QUIET) == story.now


def test_words_on_a_resolved_ticket_reopen_it_and_ask() -> None:
    night(
        *PAYING,
        (NIGHT + 0.8, RESOLVE, "Acknowledged Resolved", "ResolvedForYou /resolved", "answered ada"),
        (NIGHT + 9, writes("down again"), "Reopened ConsentAsked CustomerWrote",
         "ReopenedForYou /reopened ConsentQuestion /consent_asked /CustomerSaid", ""),
        (NIGHT + 9.5, NO, "ConsentAnswered", "ConsentSettled /consent_declined", "unwanted declined"),
        (OPENS, LOOK, "DeskOpened", "/desk_opened", "wanted emergency"),
    )  # fmt: skip


def test_reopened_and_declined_the_promised_answer_waits_for_the_desk_too() -> None:
    story = asked((3, RESOLVE), (9, REOPEN), (10, NO))
    clock = story.now.clock(ClockKind.NEXT_RESPONSE)
    assert clock is not None and clock.paused_since == minute(NIGHT + 10)
    assert due(story, NIGHT + 10) == minute(OPENS + 59)
    story.does(minute(OPENS), LOOK)
    assert due(story, OPENS) == minute(OPENS + 59)


def test_reopened_in_the_day_nobody_is_asked() -> None:
    story = asked((3, RESOLVE))
    decision = story.does(minute(OPENS + 5), REOPEN)
    assert getattr(decision.page, "urgency", "") == "emergency" and story.now.consent is Consent.NONE


# ---------------------------------------------------------------- what else
def test_a_weekend_and_a_holiday_are_charged_too() -> None:
    tuesday = dt.date(2026, 11, 24)
    closed = BusinessCalendar(zone=ZONE, hours={"tue": ["08:30-17:00"]}, holidays={tuesday})
    for at, calendar, hours in (
        (minute(5 * 24 * 60), POLICY.calendar, Hours.AFTER),
        (minute(24 * 60), closed, Hours.HOLIDAY),
    ):
        kept = policy(calendar=calendar)
        assert kept.hours_at(at) is hours and kept.handling("emergency", "standard", at).asks_consent


def test_a_resolution_is_not_held_up_by_a_decline() -> None:
    severities = (dataclasses.replace(QUIET.severities[0], resolve=parse_target("4h")), *QUIET.severities[1:])
    story = Story(policy=policy(severities=severities, milestones=()))
    for at, command in ((0.0, charged()), (0.5, EMERGENCY), (1.0, NO)):
        story.does(minute(NIGHT + at), command)
    clock = story.now.clock(ClockKind.RESOLUTION)
    assert clock is not None and clock.paused_since is None


def test_a_yes_to_an_engineers_question_is_no_agreement_to_a_charge() -> None:
    """The page went out beside the question; Ada has it and asks something: a bare yes is for her."""
    story = asked((0.3, ACK))
    assert answer_in_words(story.now, QUIET, "yes", THANDI_ACTS) == YES
    story.does(minute(NIGHT + 1), REPLY)
    assert answer_in_words(story.now, QUIET, "yes", THANDI_ACTS) is None
    assert answer(story.now, QUIET, "consent", "yes", THANDI_ACTS) == YES, "the button says what it is about"


def test_once_the_desk_has_opened_over_the_answer_nothing_is_charged() -> None:
    """Opened half a minute before the desk does, confirmed half a minute after: nobody is asked to pay."""
    story = Story(policy=QUIET)
    story.does(minute(OPENS - 0.5), opening("emergency", PROPOSED, organisation=CHARGED))
    decision = story.does(minute(OPENS + 0.2), sets("emergency", CONFIRMED, THANDI_ACTS))
    assert story.now.consent is Consent.NONE
    assert getattr(decision.page, "urgency", "") == "emergency"
