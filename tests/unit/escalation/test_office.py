"""What an hour is to a desk, and what a policy does with a ticket that comes at it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from escalation.calendar import BusinessCalendar
from escalation.office import AfterHours, Hours, hours_at, rule_for
from escalation.policy import AnsweredBy, Category, Cell, Plan, Policy, Severity, UnknownSeverity
from escalation.targets import Counts, parse_target
from tests.unit.table import each

ZONE = ZoneInfo("Asia/Phnom_Penh")
WEEK = ("mon", "tue", "wed", "thu", "fri")
DESK = BusinessCalendar(
    zone=ZONE,
    hours={day: ["08:00-18:00"] for day in WEEK},
    holidays={dt.date(2026, 4, 14), dt.date(2026, 4, 18)},  # a Tuesday and a Saturday
    overrides={dt.date(2026, 4, 15): ["08:00-12:00"]},
)
WEEKEND = DESK.with_windows({"sat": ["09:00-13:00"], "sun": ["09:00-13:00"]})
CRITICAL = Severity(id="critical", label="Critical", respond=parse_target("1h"), pages=True)
HIGH = Severity(id="high", label="High", respond=parse_target("4h"))
LOW = Severity(id="low", label="Low", respond=parse_target("24h"), meaning="can wait")
SECURITY = Category(
    id="security",
    label="Security",
    respond=parse_target("2h"),
    counts=Counts.ALWAYS,
    cells={
        "low": Cell(meaning="a question about it", respond=parse_target("1bd")),
        "high": Cell(counts=Counts.OFFICE_HOURS, next=parse_target("30m")),
    },
)
RULES = (
    AfterHours(severities=("critical",), when=(Hours.HOLIDAY,), page=True, chain="leads", consent=False),
    AfterHours(severities=("critical", "high"), when=(Hours.LIMITED,), page=True, tell="limited"),
    AfterHours(severities=("high",), when=(Hours.AFTER,), page=False, tell="tomorrow"),
    AfterHours(severities=("low",), page=False),
)


def policy(rules: tuple[AfterHours, ...] = RULES) -> Policy:
    return Policy(
        name="tiered",
        version="1",
        title="Tiered",
        prefix="TIE",
        language="en",
        zone=ZONE,
        calendar=DESK,
        severities=(CRITICAL, HIGH, LOW),
        answered_by=AnsweredBy.REPLY,
        limited={"critical": WEEKEND, "high": WEEKEND},
        categories=(SECURITY, Category(id="billing", label="Billing")),
        plans=(
            Plan(id="standard", label="Standard", call_out_charge=True),
            Plan(id="premium", label="Premium"),
        ),
        after_hours=rules,
    )


def at(text: str) -> dt.datetime:
    """Read `13 10:00` as 10:00 on 13 April 2026, a Monday, in Phnom Penh."""
    return dt.datetime.fromisoformat(f"2026-04-{text}").replace(tzinfo=ZONE)


@each(
    ("now", "hours"),
    [
        ("13 08:00", Hours.OFFICE),
        ("13 17:59:59", Hours.OFFICE),
        ("13 18:00", Hours.AFTER),
        ("13 07:59", Hours.AFTER),
        ("14 10:00", Hours.HOLIDAY),
        ("14 00:00", Hours.HOLIDAY),  # at any hour of its date
        ("14 23:59", Hours.HOLIDAY),
        ("15 00:00", Hours.AFTER),
        ("15 11:59", Hours.OFFICE),
        ("15 12:00", Hours.AFTER),  # closed early by an override
        ("18 10:00", Hours.HOLIDAY),  # a Saturday, its window closed by it
        ("19 08:59", Hours.AFTER),
        ("19 09:00", Hours.LIMITED),
        ("19 13:00", Hours.AFTER),
    ],
)
def test_hours(now: str, hours: Hours) -> None:
    assert policy().hours_at(at(now)) is hours
    assert policy().hours_at(at(now).astimezone(dt.UTC)) is hours


def test_without_windows_nothing_is_limited() -> None:
    assert hours_at(DESK, {}, at("19 10:00")) is Hours.AFTER


@each(
    ("severity", "now", "served", "pages", "chain", "tell"),
    [
        ("critical", "13 10:00", True, True, "", ""),  # no rule: as the severity says
        ("critical", "13 20:00", False, True, "", ""),
        ("critical", "14 10:00", False, True, "leads", ""),
        ("critical", "19 10:00", True, True, "", "limited"),
        ("high", "13 10:00", True, False, "", ""),
        ("high", "13 20:00", False, False, "", "tomorrow"),
        ("high", "14 10:00", False, False, "", ""),
        ("high", "19 10:00", True, True, "", "limited"),
        ("high", "19 14:00", False, False, "", "tomorrow"),
        ("low", "13 10:00", True, False, "", ""),
        ("low", "19 10:00", False, False, "", ""),  # limited, but not for it
    ],
)
def test_handling(severity: str, now: str, served: bool, pages: bool, chain: str, tell: str) -> None:
    said = policy().handling(severity, "premium", at(now))
    assert (said.served, said.pages, said.chain, said.tell) == (served, pages, chain, tell)
    assert not said.asks_consent


@each(
    ("severity", "plan", "now", "asks"),
    [
        ("critical", "standard", "13 20:00", True),
        ("critical", "standard", "19 10:00", True),  # limited hours are no office hours
        ("critical", "standard", "13 10:00", False),  # the desk is there
        ("critical", "premium", "13 20:00", False),  # included
        ("critical", "guest", "13 20:00", False),  # a plan that the policy has not charges nothing
        ("critical", "standard", "14 10:00", False),  # that rule asks nobody
        ("high", "standard", "13 20:00", False),  # nobody is paged
        ("high", "standard", "19 10:00", True),
    ],
)
def test_consent_is_asked_where_a_page_is_charged(severity: str, plan: str, now: str, asks: bool) -> None:
    assert policy().handling(severity, plan, at(now)).asks_consent is asks


def test_the_first_rule_that_covers_decides() -> None:
    everything = AfterHours(page=True, chain="first")
    assert all(everything.covers(s, h) for s in ("critical", "low") for h in Hours)
    assert rule_for((everything, *RULES), "low", Hours.AFTER) is everything
    assert rule_for(RULES, "critical", Hours.AFTER) is None
    assert policy((everything,)).handling("low", "premium", at("13 10:00")).chain == "first"


def test_an_unknown_severity_is_refused() -> None:
    with pytest.raises(UnknownSeverity, match="has critical, high, low"):
        policy().handling("urgent", "standard", at("13 10:00"))


def test_calendars_of_severities() -> None:
    said = policy()
    assert said.calendar_of("critical") is said.calendar_of("high") is WEEKEND
    assert said.calendar_of("low") is said.calendar_of("anything") is DESK


@each(
    ("severity", "category", "meaning", "respond", "following", "counts"),
    [
        ("low", None, "can wait", "24h", None, Counts.ALWAYS),
        ("low", "billing", "can wait", "24h", None, Counts.ALWAYS),
        (
            "low",
            "security",
            "a question about it",
            "1bd",
            None,
            Counts.ALWAYS,
        ),  # its cell before the category
        (
            "high",
            "security",
            "",
            "2h",
            "30m",
            Counts.OFFICE_HOURS,
        ),  # the category where the cell says nothing
        ("critical", "security", "", "2h", None, Counts.ALWAYS),  # no cell
    ],
)
def test_served(
    severity: str, category: str | None, meaning: str, respond: str, following: str | None, counts: Counts
) -> None:
    said = policy().served(severity, category)
    assert (said.id, said.meaning, said.counts) == (severity, meaning, counts)
    assert (said.respond, said.next) == (parse_target(respond), following and parse_target(following))
    assert said.pages is (severity == "critical")
