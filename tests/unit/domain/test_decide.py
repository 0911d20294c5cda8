"""Dialogues: at a minute somebody wants something; these events come of it, this is said, this becomes of the page."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide import CLOSES_AFTER, decide, next_due, timers_of
from bot.domain.ids import Address, ChannelName
from bot.domain.timers import TimerKind
from tests.unit.domain.dialogue import (
    ADA,
    ADA_ACTS,
    LIN,
    MONDAY,
    POLICY,
    THANDI_ACTS,
    Story,
    minute,
    opened,
    opening,
    sets,
    told,
    writes,
)
from tests.unit.table import each

PROPOSED, CONFIRMED, GIVEN = ev.How.PROPOSED, ev.How.CONFIRMED, ev.How.GIVEN
ACK, TAKE = cmd.Acknowledge(**ADA), cmd.Take(**ADA)
LINS_ACK, LINS_TAKE = cmd.Acknowledge(**LIN), cmd.Take(**LIN)
REPLY, NOTE = cmd.Reply(**ADA, text="On it"), cmd.WriteNote(**ADA, text="hm")
ASK, RESOLVE = cmd.AskInfo(**ADA, text="A photo?"), cmd.Resolve(**ADA, text="Done")
REOPEN, CLOSE = cmd.Reopen(by=THANDI_ACTS), cmd.Close(by=THANDI_ACTS)
LOOK = cmd.Look()
DAY = 24 * 60


def test_a_plain_day() -> None:
    told(
        (0, opening("normal", PROPOSED), "TicketOpened", "SeverityAsked", ""),
        (1, LOOK, "SeveritySet", "Promised /severity_stands", "unwanted severity"),
        (5, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
        (6, LINS_ACK, "", "", "answered lin"),
        (10, REPLY, "EngineerWrote", "Answer /ColleagueSaid", ""),
        (20, ASK, "InfoAsked", "InfoNeeded /info_asked", ""),
        (50, writes(), "CustomerWrote", "/CustomerSaid /wait_over", ""),
        (55, NOTE, "NoteWritten", "/ColleagueSaid", ""),
        (60, RESOLVE, "Resolved", "ResolvedForYou /resolved", "answered ada"),
        (61, writes("thanks", thanks=True), "CustomerWrote", "/CustomerSaid", ""),
        (62, CLOSE, "Closed", "ClosedForYou /closed", "unwanted closed"),
        (63, REOPEN, "IllegalMove", "", ""),
    )


def test_an_emergency() -> None:
    told(
        (0, opening("emergency", PROPOSED), "TicketOpened", "SeverityAsked", ""),
        (0.5, sets("emergency", CONFIRMED, THANDI_ACTS), "SeveritySet", "Promised /severity_confirmed", "wanted emergency"),
        (2, LINS_ACK, "Acknowledged", "HasIt /acknowledged", "answered lin"),
        (3, ACK, "", "", "answered ada"),
        (4, TAKE, "Taken", "HasIt /taken", "answered ada"),
        (30, RESOLVE, "Resolved", "ResolvedForYou /resolved", "answered ada"),
        (90, writes("down again"), "Reopened CustomerWrote", "ReopenedForYou /reopened /CustomerSaid", "wanted emergency"),
        (91, REPLY, "Acknowledged EngineerWrote", "Answer /ColleagueSaid /acknowledged", "answered ada"),
    )  # fmt: skip


def test_a_given_severity_is_not_asked_for() -> None:
    told((0, opening("emergency", GIVEN), "TicketOpened", "Promised", "wanted emergency"))
    told((0, opening("low", GIVEN), "TicketOpened", "Promised", "unwanted severity"))


@each(
    ("command", "events", "sayings"),
    [
        (TAKE, "Acknowledged Taken", "HasIt /taken"),
        (REPLY, "Acknowledged EngineerWrote", "Answer /ColleagueSaid /acknowledged"),
        (ASK, "Acknowledged InfoAsked", "InfoNeeded /info_asked"),
        (RESOLVE, "Acknowledged Resolved", "ResolvedForYou /resolved"),
    ],
)
def test_whoever_does_something_first_has_acknowledged_by_it(
    command: cmd.Command, events: str, sayings: str
) -> None:
    told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (1, command, events, sayings, "answered ada"),
    )


def test_a_note_is_no_answer() -> None:
    story = told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (1, NOTE, "NoteWritten", "/ColleagueSaid", ""),
    )
    assert story.now.acknowledged is None and story.now.owner is None


def test_a_note_of_any_status_reaches_the_desk_alone() -> None:
    story = Story()
    story.does(MONDAY, opening())
    for command in (NOTE, ACK, NOTE, ASK, NOTE, RESOLVE, NOTE, CLOSE, NOTE):
        sayings = story.does(minute(1), command).sayings
        if command is NOTE:
            assert [type(s) for s in sayings] == [no.ToDesk]


def test_who_had_it_is_told_of_and_whoever_has_it_may_take_it_again_without_a_word() -> None:
    told(
        (0, opening(), "TicketOpened", "Promised", "unwanted severity"),
        (1, TAKE, "Acknowledged Taken", "HasIt /taken", "answered ada"),
        (2, TAKE, "", "", ""),
        (3, LINS_TAKE, "Taken", "HasIt /taken", "answered lin"),
    )


def test_what_is_over_is_over() -> None:
    rows = [(2.0, c, "IllegalMove", "", "") for c in (ACK, LINS_TAKE, REPLY, ASK, RESOLVE, REOPEN, writes())]
    told(
        (0, opening(), "TicketOpened", "Promised", "unwanted severity"),
        (1, CLOSE, "Closed", "ClosedForYou /closed", "unwanted closed"),
        *rows,
        (3, CLOSE, "IllegalMove", "", ""),
        (4, sets("emergency"), "IllegalMove", "", ""),
        (5, LOOK, "", "", ""),
    )


def test_what_is_resolved_is_answered_noted_reopened_or_closed() -> None:
    told(
        (0, opening(), "TicketOpened", "Promised", "unwanted severity"),
        (1, RESOLVE, "Acknowledged Resolved", "ResolvedForYou /resolved", "answered ada"),
        (2, LINS_ACK, "IllegalMove", "", ""),
        (2, LINS_TAKE, "IllegalMove", "", ""),
        (2, ASK, "IllegalMove", "", ""),
        (2, RESOLVE, "IllegalMove", "", ""),
        (2, sets("high"), "IllegalMove", "", ""),
        (3, REPLY, "EngineerWrote", "Answer /ColleagueSaid", ""),
        (4, REOPEN, "Reopened", "ReopenedForYou /reopened", "unwanted severity"),
    )


# ---------------------------------------------------------------- severity
def test_an_answer_to_an_old_question_changes_nothing_and_says_so() -> None:
    told(
        (0, opening("normal", PROPOSED), "TicketOpened", "SeverityAsked", ""),
        (0.2, sets("low", CONFIRMED, THANDI_ACTS), "SeveritySet", "Promised /severity_confirmed", "unwanted severity"),
        (0.4, sets("low", CONFIRMED, THANDI_ACTS), "", "SeverityAlready", ""),
    )  # fmt: skip


def test_a_customer_makes_it_worse_at_any_time_and_never_better() -> None:
    story = told(
        (0, opening("high"), "TicketOpened", "Promised", "unwanted severity"),
        (1, sets("low", CONFIRMED, THANDI_ACTS), "", "SeverityAlready", ""),
        (2, sets("emergency", CONFIRMED, THANDI_ACTS), "SeveritySet", "Promised /severity_changed", "wanted emergency"),
    )  # fmt: skip
    last = story.log[-1].event
    assert isinstance(last, ev.SeveritySet)
    assert (last.how, last.previous, last.severity) == (ev.How.CHANGED, "high", "emergency")


def test_a_team_may_make_it_better_and_the_page_ends() -> None:
    told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (1, sets("low"), "SeveritySet", "Promised /severity_changed", "unwanted severity"),
        (2, sets("low"), "", "", ""),
    )


def test_when_it_starts_to_page_an_earlier_acknowledgement_was_of_something_else() -> None:
    story = told(
        (0, opening("normal"), "TicketOpened", "Promised", "unwanted severity"),
        (1, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
        (2, sets("emergency", CONFIRMED, THANDI_ACTS), "SeveritySet", "Promised /severity_changed", "wanted emergency"),
    )  # fmt: skip
    assert story.now.acknowledged is None and story.now.owner == "ada"


def test_silence_decides_only_while_nobody_has_it() -> None:
    told(
        (0, opening("emergency", PROPOSED), "TicketOpened", "SeverityAsked", ""),
        (0.9, LOOK, "", "", ""),
        (1, LOOK, "SeveritySet", "Promised /severity_stands", "wanted emergency"),
        (2, LOOK, "", "", ""),
    )
    told(
        (0, opening("emergency", PROPOSED), "TicketOpened", "SeverityAsked", ""),
        (0.5, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
        (2, LOOK, "", "", ""),
    )


# ---------------------------------------------------------------- time
def test_a_resolved_ticket_closes_by_itself_after_three_days() -> None:
    story = told(
        (0, opening(), "TicketOpened", "Promised", "unwanted severity"),
        (1, RESOLVE, "Acknowledged Resolved", "ResolvedForYou /resolved", "answered ada"),
        (3 * DAY, LOOK, "", "", ""),
        (3 * DAY + 1, LOOK, "Closed", "/closed", "unwanted closed"),
    )
    assert timers_of(story.now, POLICY, minute(3 * DAY + 1)) == ()


def test_a_breach_is_said_once_at_its_instant_also_when_it_is_noticed_late() -> None:
    story = told(
        (0, opening("emergency"), "TicketOpened", "Promised", "wanted emergency"),
        (54, LOOK, "MilestonePassed", "/milestone", ""),
        (60, LOOK, "", "", ""),
        (500, LOOK, "ClockBreached", "/breached", ""),
        (501, LOOK, "", "", ""),
        (502, REPLY, "Acknowledged EngineerWrote", "Answer /ColleagueSaid /acknowledged", "answered ada"),
        (503, LOOK, "", "", ""),
    )
    (breach,) = [e.event for e in story.log if isinstance(e.event, ev.ClockBreached)]
    assert (breach.clock, breach.at) == ("response", minute(60))


def test_a_timer_wakes_exactly_when_the_breach_is_there() -> None:
    ticket = decide(opened("emergency").ticket, LOOK, POLICY, minute(59)).ticket
    (timer,) = timers_of(ticket, POLICY, minute(59))
    assert (timer.kind, timer.due) == (TimerKind.BREACH, minute(60) + dt.timedelta(microseconds=1))
    early = decide(ticket, LOOK, POLICY, timer.due - dt.timedelta(microseconds=1))
    assert early.events == ()
    assert len(decide(ticket, LOOK, POLICY, timer.due).events) == 1


def test_the_timers_of_each_stage() -> None:
    story = Story()
    expected = [
        (opening("emergency", PROPOSED), {TimerKind.SEVERITY, TimerKind.BREACH, TimerKind.MARK}),
        (sets("emergency", CONFIRMED, THANDI_ACTS), {TimerKind.BREACH, TimerKind.MARK}),
        (ACK, {TimerKind.BREACH, TimerKind.MARK, TimerKind.PATIENCE}),
        (REPLY, set()),
        (RESOLVE, {TimerKind.CLOSE}),
        (REOPEN, {TimerKind.BREACH, TimerKind.MARK}),
        (CLOSE, set()),
    ]
    for n, (command, kinds) in enumerate(expected):
        story.does(minute(n / 10), command)
        assert {t.kind for t in timers_of(story.now, POLICY, minute(n / 10))} == kinds, command
    story = Story()
    story.does(MONDAY, opening())
    story.does(minute(1), RESOLVE)
    (timer,) = timers_of(story.now, POLICY, minute(1))
    assert timer.due == minute(1) + CLOSES_AFTER


# ---------------------------------------------------------------- what is in the words
def first_notice(decision_sayings: tuple[no.Saying, ...]) -> no.Notice:
    saying = decision_sayings[0]
    assert isinstance(saying, no.ToCustomer)
    return saying.notice


def test_a_promise_says_when_the_desk_opens_only_where_nobody_is_paged() -> None:
    night = dt.datetime(2026, 11, 23, 20, 0, tzinfo=dt.UTC)
    morning = dt.datetime(2026, 11, 24, 6, 30, tzinfo=dt.UTC)
    for severity, at, reopens in (
        ("normal", MONDAY, None),
        ("normal", night, morning),
        ("emergency", night, None),
    ):
        promised = first_notice(decide(None, opening(severity), POLICY, at).sayings)
        assert isinstance(promised, no.Promised)
        assert (promised.reopens, promised.paging) == (reopens, severity == "emergency")


def test_who_is_not_known_is_asked_after_the_promise_and_once() -> None:
    promised = first_notice(opened(known=False).sayings)
    assert isinstance(promised, no.Promised) and promised.introduce
    story = Story()
    story.does(MONDAY, opening(known=False))
    story.does(minute(1), cmd.NameContact(name="Thandi", email="thandi@acme.example"))
    again = first_notice(story.does(minute(2), sets("high")).sayings)
    assert isinstance(again, no.Promised) and not again.introduce and story.now.known


def test_a_ticket_that_one_of_us_raised_says_who_and_about_what() -> None:
    promised = first_notice(opened(opened_by=ADA_ACTS).sayings)
    assert isinstance(promised, no.Promised)
    assert (promised.opened_by, promised.text) == ("Ada", "The printer is slow")


def test_what_a_card_has_no_room_for_stands_in_the_thread() -> None:
    photo = ev.Attachment(name="photo.jpg", mime="image/jpeg")
    for change, room in (
        ({"text": "x" * 600}, True),
        ({"text": "x" * 601}, False),
        ({"text": "\n" * 10}, False),
        ({"attachments": (photo,)}, False),
    ):
        desk = [s for s in opened(**change).sayings if isinstance(s, no.ToDesk)]
        assert (desk == []) is room, change


def test_a_reply_is_not_said_where_it_was_written_and_leaves_its_mark_there() -> None:
    desk = Address(channel=ChannelName("slack"), place="C0DESK", thread="1")
    story = Story()
    story.does(MONDAY, opening())
    reply = cmd.Reply(**ADA, text="On it", origin=desk, mark="m1", attachments=1)
    answer, colleagues, files, _ = story.does(minute(1), reply).sayings
    assert isinstance(answer, no.ToCustomer) and answer.mark == (desk, "m1")
    assert isinstance(colleagues, no.ToDesk) and colleagues.except_at == desk
    assert isinstance(files, no.ToDesk) and isinstance(files.notice, no.DeskLine)
    assert files.notice.what == "files_not_relayed"
    note = dataclasses.replace(NOTE, origin=desk, mark="m2")
    assert story.does(minute(2), note).sayings[1] == no.Marked(at=desk, message="m2", mark="internal")


def test_a_command_without_a_ticket_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="Acknowledge without a ticket"):
        decide(None, ACK, POLICY, MONDAY)


def test_the_promise_runs_over_to_the_next_response() -> None:
    assert next_due(opened("emergency").ticket, POLICY, MONDAY) == minute(60)
    story = Story()
    story.does(MONDAY, opening("emergency"))
    story.does(minute(1), REPLY)
    assert next_due(story.now, POLICY, minute(1)) is None
