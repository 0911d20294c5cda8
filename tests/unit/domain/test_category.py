"""What a ticket is about: asked where there is only one severity, changed whenever it turns out to be another thing."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide import Decision, timers_of
from bot.domain.errors import IllegalMove
from bot.domain.timers import TimerKind
from escalation import sla
from escalation.policy import Category, Cell, Policy, Severity
from escalation.sla import ClockKind
from escalation.targets import Counts, parse_target
from tests.builders import policy
from tests.unit.domain.dialogue import (
    ADA,
    ADA_ACTS,
    MONDAY,
    THANDI_ACTS,
    Story,
    minute,
    opening,
    told,
    writes,
)
from tests.unit.table import each

PROPOSED, CONFIRMED, CHANGED, GIVEN = ev.How.PROPOSED, ev.How.CONFIRMED, ev.How.CHANGED, ev.How.GIVEN
ACK, LOOK = cmd.Acknowledge(**ADA), cmd.Look()
RESOLVE, CLOSE = cmd.Resolve(**ADA, text="Done"), cmd.Close(by=THANDI_ACTS)
CATEGORIES = (
    Category(
        id="payments",
        label="Payments",
        resolve=parse_target("same day"),
        steps=("Look at the bank",),
        articles=("https://help.example/pay",),
    ),
    Category(id="error", label="Error"),
    Category(id="question", label="Question"),
)
ONE = policy(
    severities=(
        Severity(id="normal", label="Normal", resolve=parse_target("24h-48h"), counts=Counts.BUSINESS_DAYS),
    ),
    categories=CATEGORIES,
    vip_at_least=None,
    milestones=(),
)
"""One severity, so that the category is asked for."""
SEVERAL = policy(categories=CATEGORIES, milestones=())


def about(category: str | None, how: ev.How = CONFIRMED, by: ev.Actor = THANDI_ACTS) -> cmd.SetCategory:
    return cmd.SetCategory(category=category, how=how, by=by)


def moves(category: str) -> cmd.SetCategory:
    return about(category, CHANGED, ADA_ACTS)


def one(category: str | None = None, how: ev.How = PROPOSED) -> cmd.OpenTicket:
    return opening("normal", how, category=category)


def played(*steps: tuple[float, cmd.Command], kept: Policy = ONE) -> Story:
    story = Story(policy=kept)
    for at, command in steps:
        story.does(minute(at), command)
    return story


def solved(story: Story, at: float) -> dt.datetime | None:
    clock = story.now.clock(ClockKind.RESOLUTION)
    return clock and sla.promise_of(clock, story.policy.calendar, minute(at)).due


def promised(decision: Decision) -> no.Promised:
    (found,) = [s.notice for s in decision.sayings if isinstance(s.notice, no.Promised)]  # type: ignore[union-attr]
    return found


CLOSING, TWO_DAYS = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC), minute(48 * 60)


# ---------------------------------------------------------------- asked at the opening
def test_the_customer_says_what_it_is_about() -> None:
    story = told(
        (0, one("error"), "TicketOpened", "CategoryAsked", ""),
        (
            0.5,
            about("payments"),
            "CategorySet",
            "Promised GoodToKnow /category_confirmed",
            "unwanted severity",
        ),
        (0.7, about("error"), "", "", ""),
        (2, LOOK, "", "", ""),
        policy=ONE,
    )
    assert story.now.confirmed and story.now.category == "payments" and solved(story, 1) == CLOSING


def test_silence_takes_what_the_words_sounded_like() -> None:
    story = told(
        (0, one("error"), "TicketOpened", "CategoryAsked", ""),
        (0.9, LOOK, "", "", ""),
        (1, LOOK, "CategorySet", "Promised /category_stands", "unwanted severity"),
        (1.5, LOOK, "", "", ""),
        (2, about("payments"), "", "", ""),
        policy=ONE,
    )
    assert solved(story, 2) == TWO_DAYS


def test_silence_about_words_that_say_nothing_leaves_it_open() -> None:
    story = told(
        (0, one(), "TicketOpened", "CategoryAsked", ""),
        (1, LOOK, "CategorySet", "Promised /category_unknown", "unwanted severity"),
        policy=ONE,
    )
    assert story.now.category is None and story.now.confirmed


def test_silence_decides_nothing_once_somebody_has_it() -> None:
    told(
        (0, one("error"), "TicketOpened", "CategoryAsked", ""),
        (0.5, ACK, "Acknowledged", "HasIt /acknowledged", "answered ada"),
        (2, LOOK, "", "", ""),
        (3, about("payments"), "CategorySet", "Promised /category_confirmed", "unwanted severity"),
        policy=ONE,
    )


def test_a_category_that_was_given_is_not_asked_for() -> None:
    told((0, one("payments", GIVEN), "TicketOpened", "Promised GoodToKnow", "unwanted severity"), policy=ONE)


def test_what_is_asked_and_until_when() -> None:
    (asked,) = [s.notice for s in played().does(MONDAY, one("error")).sayings]  # type: ignore[union-attr]
    assert isinstance(asked, no.CategoryAsked)
    assert (asked.proposed, asked.until) == ("Error", minute(1))
    assert [(o.id, o.label) for o in asked.options] == [
        ("payments", "Payments"),
        ("error", "Error"),
        ("question", "Question"),
    ]
    (timer,) = [t for t in timers_of(played((0, one())).now, ONE, MONDAY) if t.kind is TimerKind.SEVERITY]
    assert timer.due == minute(1)


def test_the_promise_names_the_category_where_there_is_only_one_severity() -> None:
    decision = played((0, one("error"))).does(minute(0.5), about("payments"))
    told_ = promised(decision)
    assert (told_.severity, told_.category, told_.due, told_.solved) == ("", "Payments", None, CLOSING)
    several = played(kept=SEVERAL).does(MONDAY, opening("normal", GIVEN, category="payments"))
    assert (promised(several).severity, promised(several).category) == ("Normal", "")


def test_what_to_try_meanwhile_is_said_with_the_promise_and_not_to_one_who_is_served_already() -> None:
    decision = played((0, one())).does(minute(0.5), about("payments"))
    (advice,) = [s.notice for s in decision.sayings if isinstance(s.notice, no.GoodToKnow)]  # type: ignore[union-attr]
    assert (advice.steps, advice.articles) == (("Look at the bank",), ("https://help.example/pay",))
    later = played((0, one()), (0.2, ACK)).does(minute(0.5), about("payments"))
    assert not [s for s in later.sayings if isinstance(s.notice, no.GoodToKnow)]  # type: ignore[union-attr]


# ---------------------------------------------------------------- with several severities
def test_with_several_severities_the_category_is_not_the_customers_to_settle() -> None:
    told(
        (0, opening("normal", PROPOSED, category="error"), "TicketOpened", "SeverityAsked", ""),
        (0.5, about("payments"), "", "", ""),
        (0.7, moves("payments"), "CategorySet", "/category_changed", ""),
        (1, LOOK, "SeveritySet", "Promised GoodToKnow /severity_stands", "unwanted severity"),
        policy=SEVERAL,
    )


# ---------------------------------------------------------------- changed
def test_ours_change_it_and_the_customer_hears_of_it_where_the_promise_changes() -> None:
    story = told(
        (0, one("error", GIVEN), "TicketOpened", "Promised", "unwanted severity"),
        (5, moves("error"), "", "", ""),
        (6, moves("question"), "CategorySet", "/category_changed", ""),
        (7, moves("payments"), "CategorySet", "Promised GoodToKnow /category_changed", "unwanted severity"),
        (8, moves("error"), "CategorySet", "Promised /category_changed", "unwanted severity"),
        policy=ONE,
    )
    assert solved(story, 8) == TWO_DAYS, "there and back is as it was"
    last = story.log[-1].event
    assert isinstance(last, ev.CategorySet) and (last.previous, last.category) == ("payments", "error")


def test_a_change_keeps_what_has_elapsed_and_the_pauses() -> None:
    ask = cmd.AskInfo(**ADA, text="Which one?")
    story = played((0, one("error", GIVEN)), (60, ask), (120, writes()), (130, moves("payments")))
    clock = story.now.clock(ClockKind.RESOLUTION)
    assert clock is not None and (clock.started, clock.target) == (MONDAY, "same day")
    assert sla.elapsed(clock, ONE.calendar, minute(180)) == dt.timedelta(hours=2)


@each("end", [RESOLVE, CLOSE])
def test_what_is_over_is_about_what_it_was(end: cmd.Command) -> None:
    story = played((0, one("error")), (1, end))
    assert story.does(minute(2), about("payments")).events == (), "a tap on an old question"
    with pytest.raises(IllegalMove):
        story.does(minute(3), moves("payments"))


def test_a_category_that_the_policy_has_lost_changes_nothing() -> None:
    story = played((0, one("payments", GIVEN)))
    fewer = dataclasses.replace(ONE, categories=CATEGORIES[1:])
    assert story.now.served(fewer) == fewer.severities[0]
    story.policy = fewer
    assert promised(story.does(minute(1), moves("error"))).category == "Error"


def test_a_severity_within_a_category_has_targets_of_its_own() -> None:
    security = Category(
        id="security",
        label="Security",
        respond=parse_target("30m"),
        cells={"normal": Cell(respond=parse_target("10m"), counts=Counts.ALWAYS)},
    )
    kept = policy(categories=(*CATEGORIES, security), milestones=())
    found = []
    for severity in ("normal", "high", "emergency"):
        story = played((0, opening(severity, GIVEN, category="security")), kept=kept)
        clock = story.now.clock(ClockKind.RESPONSE)
        assert clock is not None
        found.append((clock.target, clock.counts))
    assert found == [
        ("10m", Counts.ALWAYS),
        ("30m", Counts.OFFICE_HOURS),
        ("30m", Counts.ALWAYS),
    ]
    story = played((0, opening("normal", GIVEN, category="security")), (1, moves("error")), kept=kept)
    clock = story.now.clock(ClockKind.RESPONSE)
    assert clock is not None and (clock.target, clock.counts) == ("2h-4h", Counts.OFFICE_HOURS)
