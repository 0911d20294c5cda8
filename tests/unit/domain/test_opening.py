"""What is said when a ticket opens, to the customer and to the desk: services, versions, what is not covered or missing."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide import Decision, decide
from escalation.entitlement import Entitled, Entitlement, Exclusion, Service, Versions
from escalation.policy import Category, Policy, Severity
from escalation.targets import parse_target
from tests.builders import policy
from tests.unit.domain.dialogue import ACME, MONDAY, Story, minute, opening, sets, told
from tests.unit.table import each

TODAY = dt.date(2026, 11, 23)
PROPOSED, GIVEN = ev.How.PROPOSED, ev.How.GIVEN
MONTH = dt.timedelta(days=30)
SERVICES = (
    Service(
        id="training",
        label="Training",
        note="It is free.",
        plans=(Entitlement(plan="trial"), Entitlement(plan="standard", within=MONTH)),
    ),
    Service(id="install", label="Installation", plans=(Entitlement(plan="trial"),), once=True),
)
KEPT = policy(
    severities=(Severity(id="normal", label="Normal", resolve=parse_target("2bd")),),
    services=SERVICES,
    exclusions=(Exclusion(id="hosting", label="Hosting", instead="Ask your provider."),),
    versions=Versions(product="Tracker", supported=(7, 6)),
    categories=(
        Category(id="error", label="Error", steps=("Restart it",)),
        Category(id="other", label="Other"),
    ),
    vip_at_least=None,
    milestones=(),
)


def opened(
    kept: Policy = KEPT, *, plan: str = "standard", since: dt.date | None = None, **changes: Any
) -> Decision:
    organisation = dataclasses.replace(ACME, plan=plan, since=since)
    return decide(None, opening("normal", GIVEN, organisation=organisation, **changes), kept, MONDAY)


def customer(decision: Decision) -> list[no.Notice]:
    return [s.notice for s in decision.sayings if isinstance(s, no.ToCustomer)]


def desk(decision: Decision) -> list[tuple[str, str, str]]:
    lines = [s.notice for s in decision.sayings if isinstance(s, no.ToDesk)]
    return [(n.what, n.text, n.name) for n in lines if isinstance(n, no.DeskLine)]


def good(decision: Decision) -> no.GoodToKnow:
    (found,) = [n for n in customer(decision) if isinstance(n, no.GoodToKnow)]
    return found


# ---------------------------------------------------------------- services
@each(
    ("service", "plan", "since", "used", "entitled", "until"),
    [
        ("training", "trial", None, False, Entitled.INCLUDED, None),
        ("training", "trial", None, True, Entitled.INCLUDED, None),
        ("training", "standard", TODAY - dt.timedelta(days=29), False, Entitled.INCLUDED, TODAY),
        ("training", "standard", TODAY - dt.timedelta(days=30), False, Entitled.TOO_LATE, TODAY - dt.timedelta(days=1)),
        ("training", "standard", TODAY, False, Entitled.INCLUDED, TODAY + dt.timedelta(days=29)),
        ("training", "standard", None, False, Entitled.UNKNOWN_START, None),
        ("training", "", None, False, Entitled.OTHER_PLAN, None),
        ("install", "standard", TODAY, False, Entitled.OTHER_PLAN, None),
        ("install", "standard", TODAY, True, Entitled.OTHER_PLAN, None),
        ("install", "trial", None, False, Entitled.INCLUDED, None),
        ("install", "trial", None, True, Entitled.USED, None),
    ],
)  # fmt: skip
def test_who_may_have_what(
    service: str, plan: str, since: dt.date | None, used: bool, entitled: Entitled, until: dt.date | None
) -> None:
    decision = opened(plan=plan, since=since, service=service, served_before=used)
    said = good(decision)
    assert (said.entitled, said.until) == (entitled, until)
    assert [what for what, _, _ in desk(decision)] == ["service_asked"]


def test_the_desk_hears_what_they_may_have_in_its_own_words() -> None:
    decision = opened(plan="trial", service="install", served_before=True)
    assert desk(decision) == [("service_asked", "Installation", "they have had it")]
    assert good(decision).service == "Installation"


def test_today_is_the_policys_today() -> None:
    """At 23:30 in UTC it is tomorrow at the desk already."""
    night = dt.datetime(2026, 11, 23, 23, 30, tzinfo=dt.UTC)
    organisation = dataclasses.replace(ACME, plan="standard", since=TODAY - dt.timedelta(days=29))
    decision = decide(None, opening("normal", organisation=organisation, service="training"), KEPT, night)
    assert good(decision).entitled == Entitled.TOO_LATE


def test_a_service_that_the_policy_has_not_is_nothing() -> None:
    assert desk(opened(service="gone")) == [] and not any(isinstance(n, no.GoodToKnow) for n in customer(opened(service="gone")))  # fmt: skip


def test_to_one_who_asks_for_a_service_no_first_aid_is_given() -> None:
    assert good(opened(service="training", category="error")).steps == ()
    assert good(opened(category="error")).steps == ("Restart it",)


# ---------------------------------------------------------------- versions
@each(("version", "supported"), [(None, True), (8, True), (7, True), (6, True), (5, False), (1, False)])
def test_which_versions_are_worked_on(version: int | None, supported: bool) -> None:
    decision = opened(version=version)
    assert (desk(decision) == []) is supported
    if not supported:
        said = good(decision)
        assert (said.version, said.product, said.supported) == (version, "Tracker", (7, 6))
        assert desk(decision) == [("out_of_support", str(version), "")]


def test_a_policy_without_versions_supports_all() -> None:
    assert desk(opened(policy(), version=1)) == []


# ---------------------------------------------------------------- what is not covered, and who they are
def test_what_sounds_as_if_it_were_not_covered_is_said_and_a_human_decides() -> None:
    decision = opened(exclusion="hosting")
    said = good(decision)
    assert (said.excluded, said.instead) == ("Hosting", "Ask your provider.")
    assert desk(decision) == [("sounds_excluded", "Hosting", "")]
    assert (decision.ticket.sounds, decision.ticket.exclusion) == ("hosting", "")
    clock = decision.ticket.clocks[0]
    assert clock.paused_since is None, "only an engineer's word makes it stand still"


def test_what_is_missing_of_a_contact_is_asked_with_the_promise_and_told_to_the_desk() -> None:
    decision = opened(missing=("name", "email"))
    (promised,) = [n for n in customer(decision) if isinstance(n, no.Promised)]
    assert promised.missing == ("name", "email")
    assert desk(decision) == [("contact_missing", "name, email", "")]


def test_what_was_missing_is_there_once_they_said_it() -> None:
    story = Story(policy=KEPT)
    story.does(MONDAY, opening("normal", GIVEN, missing=("name", "email", "phone")))
    story.does(minute(1), cmd.NameContact(name="", email="t@acme.example"))
    assert story.now.missing == ("name", "phone")
    story.does(minute(2), cmd.NameContact(name="Thandi", email="t@acme.example"))
    assert story.now.missing == ("phone",)


def test_nobody_is_asked_twice_for_what_is_missing() -> None:
    story = Story()
    story.does(MONDAY, opening("normal", PROPOSED, missing=("email",)))
    first = [n for n in customer(story.does(minute(0.5), sets("normal", ev.How.CONFIRMED))) if isinstance(n, no.Promised)]  # fmt: skip
    again = [n for n in customer(story.does(minute(1), sets("high"))) if isinstance(n, no.Promised)]
    assert ([p.missing for p in first], [p.missing for p in again]) == ([("email",)], [()])


def test_all_that_is_to_be_known_is_said_in_one_message_after_the_question() -> None:
    kept = dataclasses.replace(KEPT, severities=policy().severities)
    told(
        (
            0,
            opening("normal", PROPOSED, exclusion="hosting", version=5, missing=("email",), text="x" * 700),
            "TicketOpened",
            "SeverityAsked GoodToKnow /CustomerSaid /sounds_excluded /out_of_support /contact_missing",
            "",
        ),
        policy=kept,
    )


def test_where_there_is_nothing_to_choose_nothing_is_asked() -> None:
    alone = policy(severities=policy().severities[:1], vip_at_least=None)
    told((0, opening("emergency", GIVEN), "TicketOpened", "Promised", "wanted emergency"), policy=alone)
