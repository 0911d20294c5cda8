"""The five policies that are shipped: complete, and promising what their documents say."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.config import load_policy
from bot.domain.triage import propose
from escalation.entitlement import Availability, Entitled, entitlement
from escalation.policy import AnsweredBy, Policy
from escalation.targets import promise

ROOT = Path(__file__).resolve().parents[3]
OWN = Path(__file__).with_name("deadlines.json")
SHARED = ROOT.parent / "shared" / "vectors" / "policies.json"
FILES = sorted((ROOT / "policies").glob("*.toml"))
POLICIES = {file.stem: load_policy(file, file.name) for file in FILES}
CASES = [case for file in (OWN, SHARED) if file.exists() for case in json.loads(file.read_text())]
"""Worked deadlines: our own, checked by hand against the countries' holidays, and those beside the repository."""
_WORD = re.compile(r"\w+")


def test_there_are_five() -> None:
    assert {name: policy.prefix for name, policy in POLICIES.items()} == {
        "fleet-tracking": "FLT",
        "internal-helpdesk": "IHD",
        "managed-it": "MIT",
        "serwis": "SER",
        "tiered-support": "TSP",
    }
    assert all(policy.name == name for name, policy in POLICIES.items())


@pytest.mark.parametrize("name", POLICIES)
def test_every_deadline(name: str) -> None:
    cases = [case for case in CASES if case["policy"] == name]
    assert len(cases) >= 8
    wrong = {json.dumps(case): told for case in cases if (told := deadlines(case)) != wanted(case)}
    assert wrong == {}


def deadlines(case: dict[str, Any]) -> dict[str, dict[str, dt.datetime] | None]:
    """What `standby policy due` says of a case: the promises of its severity and category."""
    policy = POLICIES[case["policy"]]
    severity = policy.served(case.get("severity", policy.least_urgent.id), case.get("category"))
    told: dict[str, dict[str, dt.datetime] | None] = {}
    for clock, target in (("respond", severity.respond), ("resolve", severity.resolve)):
        told[clock] = None
        if target is not None:
            calendar, start = policy.calendar_of(severity.id), dt.datetime.fromisoformat(case["at"])
            found = promise(target, severity.counts, calendar, start)
            told[clock] = {name: at for name, at in (("aim", found.aim), ("due", found.due)) if at} or None
    return told


def wanted(case: dict[str, Any]) -> dict[str, dict[str, dt.datetime] | None]:
    return {
        clock: case[clock] and {name: dt.datetime.fromisoformat(at) for name, at in case[clock].items()}
        for clock in ("respond", "resolve")
    }


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_each_is_complete(policy: Policy) -> None:
    for severity in policy.severities:
        assert severity.meaning and severity.contact, severity.id
        assert 2 <= len(severity.examples) <= 4, severity.id
        assert len(severity.words) >= 15 or len(policy.severities) == 1, severity.id
    for category in policy.categories:
        assert len(category.words) >= 15, category.id
    for plan in policy.plans:
        assert plan.included, plan.id
    for wordy in (*policy.severities, *policy.categories, *policy.services, *policy.exclusions):
        assert len(set(wordy.words)) == len(wordy.words), wordy.id
    proposed = [word for severity in policy.severities for word in severity.words]
    assert len(set(proposed)) == len(proposed), "a word proposes one severity"


@pytest.mark.parametrize("file", FILES, ids=POLICIES)
def test_each_says_where_it_comes_from(file: Path) -> None:
    text = file.read_text()
    assert "# document" in text and "# chosen" in text
    assert not re.search(r"\+\d{2}[\d\s()-]{6,}|[\w.]+@[\w.]+|www\.", text), (
        "no numbers or addresses of companies"
    )


@pytest.mark.parametrize(
    ("name", "answered_by", "requires", "survey"),
    [
        ("fleet-tracking", AnsweredBy.PLAN, (), False),
        ("managed-it", AnsweredBy.REPLY, ("email",), False),
        ("tiered-support", AnsweredBy.REPLY, (), True),
        ("internal-helpdesk", AnsweredBy.ACKNOWLEDGE, (), True),
        ("serwis", AnsweredBy.REPLY, ("email",), False),
    ],
)
def test_what_stops_the_clock_and_what_is_asked(
    name: str, answered_by: AnsweredBy, requires: tuple[str, ...], survey: bool
) -> None:
    policy = POLICIES[name]
    assert (policy.answered_by, policy.requires, policy.survey) == (answered_by, requires, survey)


HANDLING = [
    # policy, severity, plan, local time -> pages, consent, something is told
    ("fleet-tracking", "critical", "", "2026-06-10T10:00", True, False, False),
    ("fleet-tracking", "critical", "", "2026-06-10T20:00", False, False, True),
    ("fleet-tracking", "high", "", "2026-06-10T10:00", False, False, False),
    ("fleet-tracking", "high", "", "2026-06-12T10:00", False, False, True),
    ("managed-it", "emergency", "standard", "2026-03-10T10:00", True, False, False),
    ("managed-it", "emergency", "standard", "2026-03-10T20:00", True, True, False),
    ("managed-it", "emergency", "premium", "2026-03-10T20:00", True, False, False),
    ("managed-it", "emergency", "standard", "2026-04-03T10:00", True, True, False),  # Good Friday
    ("managed-it", "high", "premium", "2026-03-10T20:00", False, False, True),
    ("managed-it", "low", "premium", "2026-03-10T10:00", False, False, False),
    ("tiered-support", "critical", "standard", "2026-03-04T10:00", True, False, False),
    ("tiered-support", "critical", "standard", "2026-03-08T03:00", True, False, False),
    ("tiered-support", "high", "standard", "2026-03-04T10:00", False, False, False),
    ("tiered-support", "high", "standard", "2026-03-07T10:00", True, False, False),  # limited hours
    ("tiered-support", "high", "standard", "2026-03-07T14:00", True, False, False),
    ("tiered-support", "medium", "standard", "2026-03-07T10:00", False, False, True),
    ("internal-helpdesk", "critical", "", "2026-12-25T03:00", True, False, False),
    ("internal-helpdesk", "high", "", "2026-03-08T12:00", True, False, False),
    ("internal-helpdesk", "medium", "", "2026-03-08T12:00", False, False, False),
    ("serwis", "normal", "standard", "2026-03-10T12:00", False, False, False),
    ("serwis", "normal", "standard", "2026-03-10T17:00", False, False, True),
]


@pytest.mark.parametrize(("name", "severity", "plan", "at", "pages", "consent", "told"), HANDLING)
def test_whose_phone_rings_at_which_hour(
    name: str, severity: str, plan: str, at: str, pages: bool, consent: bool, told: bool
) -> None:
    policy = POLICIES[name]
    found = policy.handling(severity, plan, dt.datetime.fromisoformat(at).replace(tzinfo=policy.zone))
    assert (found.pages, found.asks_consent, bool(found.tell)) == (pages, consent, told)


def test_weekends_are_limited_to_what_is_urgent() -> None:
    policy = POLICIES["tiered-support"]
    saturday = dt.datetime(2026, 3, 7, 10, 0, tzinfo=policy.zone)
    served = [s.id for s in policy.severities if policy.calendar_of(s.id).is_open(saturday)]
    assert served == ["critical", "high"]


def test_who_a_ticket_goes_to() -> None:
    told = {
        name: [(rule.trigger.text, *rule.to, rule.offer) for rule in policy.escalations]
        for name, policy in POLICIES.items()
        if policy.escalations
    }
    assert told == {
        "fleet-tracking": [
            ("24h unanswered", "tier:3", "leads", ""),
            ("24h unresolved", "call"),
        ],
        "internal-helpdesk": [
            ("breach of response", "tier:2", ""),
            ("75% of resolution", "tier:2", ""),
            ("breach of resolution", "tier:3", "leads", ""),
        ],
        "tiered-support": [("100% of response", "tier:2", ""), ("200% of response", "tier:3", "")],
    }


def test_versions_and_availability_of_fleet_tracking() -> None:
    policy = POLICIES["fleet-tracking"]
    assert policy.versions is not None
    assert [major for major in range(3, 8) if policy.versions.supports(major)] == [5, 6, 7]
    assert policy.availability == Availability(target=99.0, excludes_maintenance=True, report="on request")


def test_a_severity_means_something_else_in_each_category() -> None:
    policy = POLICIES["tiered-support"]
    assert [c.id for c in policy.categories] == ["technical", "billing", "infrastructure", "security"]
    said = {policy.served(s.id, c.id).meaning for c in policy.categories for s in policy.severities}
    assert len(said) == 16
    assert [c.id for c in policy.categories if not c.steps] == ["billing"]
    hardware = next(e for e in policy.exclusions if e.id == "hardware")
    assert hardware.unless_plans == ("hardware",)


SINCE = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("service", "plan", "today", "used", "said"),
    [
        ("training", "trial", dt.date(2026, 12, 1), False, Entitled.INCLUDED),
        ("training", "standard", dt.date(2026, 3, 30), False, Entitled.INCLUDED),
        ("training", "standard", dt.date(2026, 3, 31), False, Entitled.TOO_LATE),
        ("training", "all-in-one", dt.date(2026, 3, 30), True, Entitled.INCLUDED),
        ("panel-installation", "all-in-one", dt.date(2026, 12, 1), False, Entitled.INCLUDED),
        ("panel-installation", "all-in-one", dt.date(2026, 12, 1), True, Entitled.USED),
        ("panel-installation", "standard", dt.date(2026, 3, 2), False, Entitled.OTHER_PLAN),
    ],
)
def test_what_serwis_offers(service: str, plan: str, today: dt.date, used: bool, said: Entitled) -> None:
    offered = {offer.id: offer for offer in POLICIES["serwis"].services}
    assert entitlement(offered[service], plan, SINCE, today, used=used).entitled is said


def test_what_serwis_leaves_out() -> None:
    policy = POLICIES["serwis"]
    assert [e.id for e in policy.exclusions] == [
        "templates",
        "data",
        "end-clients",
        "client-panel",
        "own-equipment",
        "new-features",
    ]
    assert all(e.instead and len(e.words) >= 10 for e in policy.exclusions)
    assert {c.id for c in policy.categories} == {
        "payments",
        "subscription",
        "integrations",
        "account",
        "error",
        "outage",
        "complaint",
        "question",
    }


SAID = [
    ("fleet-tracking", "Hi, none of our trucks show on the map since 7am", "critical"),
    ("fleet-tracking", "Our truck was stolen, where is it?", "critical"),
    ("fleet-tracking", "Several vehicles stopped updating", "high"),
    ("fleet-tracking", "The monthly report has the wrong mileage", "medium"),
    ("fleet-tracking", "There is a typo in the settings", "low"),
    ("fleet-tracking", "Could you add a report by driver group?", "enhancement"),
    ("managed-it", "Email is down for the whole office", "emergency"),
    ("managed-it", "The CEO can't open the banking site", "high"),
    ("managed-it", "My printer does not print", "normal"),
    ("managed-it", "Please add a user for our new colleague", "low"),
    ("tiered-support", "Our website was hacked", "critical"),
    ("tiered-support", "We were charged twice, please look today", "high"),
    ("tiered-support", "The invoice has the wrong amount", "medium"),
    ("tiered-support", "How do I change the language?", "low"),
    ("internal-helpdesk", "No internet on the whole floor", "critical"),
    ("internal-helpdesk", "Our team can't open the CRM", "high"),
    ("internal-helpdesk", "I'm locked out of my account", "medium"),
    ("internal-helpdesk", "May I have a second screen?", "low"),
    ("serwis", "SMS-y nie wychodzą", "normal"),
]


@pytest.mark.parametrize(("name", "text", "severity"), SAID)
def test_what_customers_write_sounds_like_its_severity(name: str, text: str, severity: str) -> None:
    assert propose(text, POLICIES[name]).id == severity


WRITTEN = [
    ("Nie mogę zapłacić za subskrypcję kartą", "payments"),
    ("Kiedy wygasa mój abonament?", "subscription"),
    ("SMS-y do klientów nie wychodzą", "integrations"),
    ("Płatności online nie działają na stronie klienta", "integrations"),
    ("Zablokowano nam adres email, proszę odblokować", "account"),
    ("Błąd przy zapisie zlecenia", "error"),
    ("Strona leży, nic nie działa", "outage"),
    ("Chcę złożyć reklamację", "complaint"),
    ("Jak dodać nowego pracownika?", "question"),
    ("Proszę o szkolenie dla dwóch osób", "training"),
    ("Prosimy o instalację panelu klienckiego", "panel-installation"),
    ("Proszę usunąć klienta Kowalskiego", "data"),
    ("Jak zmienić szablon wydruku protokołu i czcionkę", "templates"),
]


@pytest.mark.parametrize(("text", "about"), WRITTEN)
def test_polish_words_are_known_in_their_forms(text: str, about: str) -> None:
    policy = POLICIES["serwis"]
    topics = (*policy.categories, *policy.services, *policy.exclusions)
    scores = {topic.id: sum(_spaced(word) in _spaced(text) for word in topic.words) for topic in topics}
    assert max(scores, key=lambda id: scores[id]) == about, scores


def _spaced(text: str) -> str:
    return " ".join(("", *_WORD.findall(text.casefold()), ""))
