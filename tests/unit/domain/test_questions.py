"""What a customer is being asked, and which words and taps answer it."""

from __future__ import annotations

import dataclasses

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain.events import Consent
from bot.domain.questions import CUSTOMER_VERBS, Question, answer, answer_in_words, asked
from bot.domain.status import Status
from bot.domain.ticket import Proposal, Ticket
from escalation.policy import Category
from tests.builders import policy
from tests.unit.domain.dialogue import ADA, MONDAY, POLICY, THANDI_ACTS, Story, minute, opened, opening
from tests.unit.table import each

CONFIRMED = ev.How.CONFIRMED
ONE = policy(
    severities=POLICY.severities[:1],
    categories=(Category(id="billing", label="Billing"), Category(id="mail", label="Mail")),
    vip_at_least=None,
)
PROPOSAL = Proposal(due=minute(600), person="ada", name="Ada")
PLAIN = opened("normal").ticket
NEW = opened("normal", how=ev.How.PROPOSED).ticket
PAYS = dataclasses.replace(PLAIN, consent=Consent.ASKED, consent_until=minute(1))
TIMED = dataclasses.replace(PLAIN, proposal=PROPOSAL, question="agree")
CALLED = dataclasses.replace(PLAIN, call_offered=True, question="call")
ABOUT = dataclasses.replace(NEW, severity="emergency")


def does(ticket: Ticket, text: str) -> str:
    """The command that the words mean, and its value; empty where they are just a message."""
    return shown(answer_in_words(ticket, ONE if ticket is ABOUT else POLICY, text, THANDI_ACTS))


def shown(command: cmd.Command | None) -> str:
    match command:
        case None:
            return ""
        case cmd.SetSeverity(severity=value) | cmd.SetCategory(category=value):
            return f"{type(command).__name__} {value}"
        case cmd.AnswerConsent(agreed=yes) | cmd.AnswerProposal(accepted=yes) | cmd.AnswerCall(wanted=yes):
            return f"{type(command).__name__} {'yes' if yes else 'no'}"
        case _:
            return type(command).__name__


# ---------------------------------------------------------------- what is asked
@each(
    ("ticket", "question"),
    [
        (PLAIN, None),
        (NEW, Question.SEVERITY),
        (ABOUT, Question.CATEGORY),
        (PAYS, Question.CONSENT),
        (TIMED, Question.PROPOSAL),
        (CALLED, Question.CALL),
        (dataclasses.replace(TIMED, question=""), None),
        (dataclasses.replace(CALLED, question=""), None),
        (dataclasses.replace(PAYS, proposal=PROPOSAL, question="agree"), Question.CONSENT),
        (dataclasses.replace(PAYS, consent_until=None, question="consent"), Question.CONSENT),
        (dataclasses.replace(PAYS, consent_until=None), None),
        (dataclasses.replace(PAYS, consent=Consent.DECLINED, consent_until=None), None),
        (dataclasses.replace(PAYS, status=Status.RESOLVED), None),
        (dataclasses.replace(TIMED, status=Status.RESOLVED), None),
        (dataclasses.replace(CALLED, status=Status.CLOSED), None),
    ],
)
def test_what_a_bare_yes_would_answer(ticket: Ticket, question: Question | None) -> None:
    assert asked(ticket, ONE if ticket is ABOUT else POLICY) is question


# ---------------------------------------------------------------- in words
WORDS = [
    # what is asked at the opening: a number or a name
    (NEW, "1", "SetSeverity emergency"),
    (NEW, "4.", "SetSeverity low"),
    (NEW, " *2* ", "SetSeverity high"),
    (NEW, "5", ""),
    (NEW, "High", "SetSeverity high"),
    (NEW, "low!", "SetSeverity low"),
    (NEW, "yes", ""),
    (NEW, "it is high time", ""),
    (ABOUT, "2", "SetCategory mail"),
    (ABOUT, "Billing", "SetCategory billing"),
    (ABOUT, "3", ""),
    (ABOUT, "yes", ""),
    # later: only what makes it worse
    (PLAIN, "1", "SetSeverity emergency"),
    (PLAIN, "high", "SetSeverity high"),
    (PLAIN, "3", ""),
    (PLAIN, "low", ""),
    (PLAIN, "yes", ""),
    # yes or no
    (PAYS, "1", "AnswerConsent yes"),
    (PAYS, "2", "AnswerConsent no"),
    (PAYS, "3", ""),
    (PAYS, "Tak, zgadzam się.", "AnswerConsent yes"),
    (PAYS, "no, thanks", "AnswerConsent no"),
    (PAYS, "how much is it?", ""),
    (PAYS, "no problem", ""),
    (TIMED, "ok", "AnswerProposal yes"),
    (TIMED, "nie", "AnswerProposal no"),
    (TIMED, "2", "AnswerProposal no"),
    (TIMED, "ok but earlier please", ""),
    (CALLED, "1)", "AnswerCall yes"),
    (CALLED, "no", "AnswerCall no"),
    # a severity that is worse may be named whatever else is asked; a number then means the question
    (TIMED, "Emergency", "SetSeverity emergency"),
    (PAYS, "emergency!", "SetSeverity emergency"),
    (CALLED, "low", ""),
    (CALLED, "4", ""),
]


@each(("ticket", "text", "command"), WORDS)
def test_which_words_answer(ticket: Ticket, text: str, command: str) -> None:
    assert does(ticket, text) == command


def test_on_what_is_over_words_are_a_message() -> None:
    for status in (Status.RESOLVED, Status.CLOSED):
        for ticket, text, _ in WORDS:
            assert does(dataclasses.replace(ticket, status=status), text) == "" or ticket is ABOUT


# ---------------------------------------------------------------- taps
TAPS = [
    (PLAIN, "sev", "high", "SetSeverity high"),
    (PLAIN, "sev", "low", "SetSeverity low"),  # and is told that it is not made better
    (PLAIN, "sev", "huge", ""),
    (PLAIN, "cat", "mail", ""),
    (ABOUT, "cat", "mail", "SetCategory mail"),
    (ABOUT, "cat", "", ""),
    (PAYS, "consent", "yes", "AnswerConsent yes"),
    (PAYS, "consent", "no", "AnswerConsent no"),
    (PAYS, "consent", "maybe", ""),
    (PLAIN, "consent", "yes", "AnswerConsent yes"),  # decided as nothing where nothing was asked
    (TIMED, "agree", "yes", "AnswerProposal yes"),
    (TIMED, "agree", "no", "AnswerProposal no"),
    (TIMED, "agree", "", ""),
    (CALLED, "call", "yes", "AnswerCall yes"),
    (CALLED, "call", "no", "AnswerCall no"),
    (PLAIN, "ack", "yes", ""),
    (PLAIN, "resolve", "yes", ""),
    (PLAIN, "", "yes", ""),
]


@each(("ticket", "verb", "value", "command"), TAPS)
def test_which_taps_answer(ticket: Ticket, verb: str, value: str, command: str) -> None:
    kept = ONE if ticket is ABOUT else POLICY
    assert shown(answer(ticket, kept, verb, value, THANDI_ACTS)) == command


def test_an_old_question_about_the_severity_of_what_is_over_asks_nothing() -> None:
    over = dataclasses.replace(PLAIN, status=Status.RESOLVED)
    assert answer(over, POLICY, "sev", "emergency", THANDI_ACTS) is None


def test_no_button_of_a_customer_is_a_word_of_an_engineer() -> None:
    assert not CUSTOMER_VERBS & {
        "ack",
        "take",
        "severity",
        "resolve",
        "need",
        "plan",
        "due",
        "exclude",
        "merge",
    }
    assert {q.value for q in Question} <= CUSTOMER_VERBS


# ---------------------------------------------------------------- whose turn it is
def test_whatever_we_say_after_a_question_a_bare_yes_is_not_for_it_any_more() -> None:
    low = opening("low")
    proposes = cmd.ProposeTime(**ADA, due=minute(600))
    for command in (
        cmd.Reply(**ADA, text="Is it on?"),
        cmd.AskInfo(**ADA, text="Is it on?"),
        cmd.GivePlan(**ADA, ours="We look"),
    ):
        story = Story()
        story.does(MONDAY, low)
        story.does(minute(1), proposes)
        assert asked(story.now, POLICY) is Question.PROPOSAL
        story.does(minute(2), command)
        assert asked(story.now, POLICY) is None
        assert shown(answer(story.now, POLICY, "agree", "yes", THANDI_ACTS)) == "AnswerProposal yes"


def test_an_answered_question_leaves_no_other_behind_it() -> None:
    """A call was offered long ago and nobody answered; after the time is agreed on, `ok` is no wish for a call."""
    story = Story(ticket=dataclasses.replace(opened("low").ticket, call_offered=True))
    story.does(minute(1), cmd.ProposeTime(**ADA, due=minute(600)))
    story.does(minute(2), cmd.AnswerProposal(accepted=True, by=THANDI_ACTS))
    assert answer_in_words(story.now, POLICY, "ok", THANDI_ACTS) is None


def test_reopening_asks_nothing_of_before() -> None:
    story = Story(ticket=CALLED)
    story.does(minute(1), cmd.Resolve(**ADA, text="Done"))
    story.does(minute(2), cmd.Reopen(by=THANDI_ACTS))
    assert asked(story.now, POLICY) is None
