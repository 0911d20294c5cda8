"""Everything that a policy file says besides its hours and promises, and the mistakes in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.config import ConfigError, load_policy
from escalation.entitlement import Availability, Entitlement, Exclusion, Service, Versions
from escalation.escalate import Escalation, parse_trigger
from escalation.office import AfterHours, Hours
from escalation.policy import MILESTONES, Category, Cell, Plan, Policy
from escalation.targets import Counts, parse_target
from tests.contract.config.conftest import POLICY, edited

WHOLE = Path(__file__).with_name("whole.toml").read_text()
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def whole() -> Policy:
    return load_policy(Path(__file__).with_name("whole.toml"))


def test_what_it_asks_and_tells(whole: Policy) -> None:
    assert whole.requires == ("email", "phone")
    assert whole.milestones == (80, 100, 150)
    assert whole.survey
    assert whole.severity("critical").contact == ("phone", "WhatsApp")
    assert whole.versions == Versions(product="The product", supported=(6, 5))
    assert whole.availability == Availability(target=99.5, excludes_maintenance=False, report="every month")


@pytest.mark.parametrize(
    ("at", "critical", "low"),
    [
        ("2026-03-07T08:59", False, False),  # a Saturday
        ("2026-03-07T09:00", True, False),
        ("2026-03-07T12:30", True, True),
        ("2026-03-07T14:59", True, True),
        ("2026-03-08T10:30", True, True),
        ("2026-03-08T11:00", False, False),
        ("2026-03-09T12:00", True, True),  # Monday
    ],
)
def test_limited_windows_serve_the_named_severities(
    whole: Policy, at: str, critical: bool, low: bool
) -> None:
    instant = dt.datetime.fromisoformat(at).replace(tzinfo=whole.zone)
    assert whole.calendar_of("critical").is_open(instant) is critical
    assert whole.calendar_of("low").is_open(instant) is low
    assert whole.calendar.is_open(instant) is (instant.weekday() == 0)


def test_a_category_may_say_something_of_each_severity(whole: Policy) -> None:
    assert whole.categories == (
        Category(
            id="billing",
            label="Billing",
            words=("invoice", "invoices"),
            resolve=parse_target("3bd"),
            cells={
                "critical": Cell(
                    meaning="A wrong bill cuts a service off",
                    respond=parse_target("30m"),
                    counts=Counts.OFFICE_HOURS,
                ),
                "low": Cell(resolve=parse_target("as needed")),
            },
            steps=("Look at the invoice's date.",),
            articles=("How to read an invoice",),
        ),
    )
    assert whole.served("low", "billing").resolve == parse_target("as needed")
    assert whole.served("low", "billing").meaning == "It can wait"


def test_after_hours_rules_in_their_order(whole: Policy) -> None:
    assert whole.after_hours == (
        AfterHours(
            severities=("critical",),
            when=(Hours.LIMITED, Hours.AFTER),
            page=True,
            chain="night",
            consent=False,
        ),
        AfterHours(severities=("critical",), page=True),
        AfterHours(page=False, tell="We are closed."),
    )


def test_escalations(whole: Policy) -> None:
    assert whole.escalations == (
        Escalation(
            trigger=parse_trigger("75% of response"),
            to=("tier:2", "person:lin", "schedule:standby"),
            severities=("critical",),
        ),
        Escalation(
            trigger=parse_trigger("24h unresolved"),
            to=("leads", "everyone"),
            counts=Counts.BUSINESS_DAYS,
            offer="call",
        ),
    )


def test_plans_services_and_exclusions(whole: Policy) -> None:
    assert whole.plans == (
        Plan(id="trial", label="Trial"),
        Plan(id="full", label="Full", included=("Everything",)),
    )
    assert whole.services == (
        Service(
            id="training",
            label="Training",
            meaning="An hour by video",
            words=("training", "course"),
            plans=(Entitlement(plan="trial"), Entitlement(plan="full", within=30 * DAY)),
            once=True,
            note="By appointment.",
        ),
    )
    assert whole.exclusions == (
        Exclusion(
            id="printers",
            label="Printers",
            words=("printer",),
            instead="Ask the shop.",
            unless_plans=("full",),
        ),
    )


def test_what_a_policy_has_that_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(POLICY.replace('requires = ["email"]\n', ""))
    policy = load_policy(tmp_path / "p.toml")
    assert (policy.requires, policy.milestones, policy.survey) == ((), MILESTONES, False)
    assert (policy.limited, policy.after_hours, policy.escalations) == ({}, (), ())
    assert (policy.services, policy.exclusions, policy.versions, policy.availability) == ((), (), None, None)


TRIGGERS = (
    "write 75% of response, breach of resolution (also next response), 24h unanswered or 24h unresolved"
)
GOALS = "escalate to tier:N (1 to 9), leads, everyone, person:ID or schedule:NAME"
MISTAKES = [
    ('"phone", "email"]', '"fone"]', 'requires[1]: "fone": unknown; did you mean "phone"?'),
    ("survey = true", 'survey = "perhaps"', 'survey: "perhaps": write true or false'),
    ("[80, 100", "[80, 80", "milestones: write them rising, each once: 80 stands after 80"),
    ("[80, 100, 150]", "[0, 100]", "milestones[0]: 0: must be at least 1"),
    ("[80, 100, 150]", "[80, 1001]", "milestones[1]: 1001: must be at most 1000"),
    ("[80, 100, 150]", '["80"]', 'milestones[0]: "80": write it as a whole number'),
    (
        '["critical", "low"]\nsat',
        '["critical", "lwo"]\nsat',
        'limited[1].severities[1]: "lwo": unknown severity; did you mean "low"?',
    ),
    ('severities = ["critical"]\nsat', "sat", "limited[0].severities: missing"),
    (
        'sat = ["09:00-13:00"]\n',
        "",
        'limited[0]: no hours at all; give at least one day some, such as sat = ["09:00-13:00"]',
    ),
    (
        '"10:00-11:00"',
        '"10-11"',
        'limited[1].sun[0]: "10-11": "10" is not a time of day; write HH:MM, from 00:00 to 24:00',
    ),
    ('["phone", "WhatsApp"]', '"phone"', 'severity[0].contact: "phone": write it as a list, such as ["..."]'),
    (
        "[category.severity.low]",
        "[category.severity.lwo]",
        'category[0].severity.lwo: unknown severity; did you mean "low"?',
    ),
    (
        'respond = "30m"',
        'respond = "0m"',
        'category[0].severity.critical.respond: "0m": a target of zero promises nothing; '
        "write as needed for no clock",
    ),
    (
        'respond = "30m"',
        'repsond = "30m"',
        'category[0].severity.critical.repsond: unknown key; did you mean "respond"?',
    ),
    ('included = ["Everything"]', "included = [1]", "plan[1].included[0]: 1: write it as a string"),
    (
        '"limited hours", ',
        '"limitd hours", ',
        'after_hours[0].when[0]: "limitd hours": unknown; did you mean "limited hours"?',
    ),
    ('page = "night"\n', "", "after_hours[0].page: missing"),
    (
        'page = "night"',
        'page = "the night"',
        'after_hours[0].page: "the night": write true, false or the name of a chain',
    ),
    ('page = "night"', "page = 1", "after_hours[0].page: 1: write true, false or the name of a chain"),
    (
        '["critical"]\npage',
        '["critcal"]\npage',
        'after_hours[1].severities[0]: "critcal": unknown severity; did you mean "critical"?',
    ),
    ('["critical"]\npage', "[]\npage", "after_hours[1].severities: must not be empty"),
    (
        '"75% of response"',
        '"75% of the response"',
        f'escalate[0].when: "75% of the response" is no trigger; {TRIGGERS}',
    ),
    (
        '"75% of response"',
        '"0% of response"',
        f'escalate[0].when: "0% of response": every ticket starts at 0 %; {TRIGGERS}',
    ),
    ('"tier:2"', '"tier:0"', f'escalate[0].to[0]: "tier:0": {GOALS}'),
    ('"tier:2"', '"tier:99"', f'escalate[0].to[0]: "tier:99": {GOALS}'),
    ('"person:lin"', '"lin"', f'escalate[0].to[1]: "lin": {GOALS}'),
    ('"schedule:standby"', '"schedule:"', f'escalate[0].to[2]: "schedule:": {GOALS}'),
    (
        'to = ["tier:2", "person:lin", "schedule:standby"]\n',
        "",
        "escalate[0]: leads nowhere; give to, offer or both",
    ),
    ('offer = "call"', 'offer = "cake"', 'escalate[1].offer: "cake": unknown; use call'),
    ('counts = "business days"', 'counts = "days"', 'escalate[1].counts: "days": unknown'),
    (
        "[[service]]",
        '[[escalate]]\nwhen = "24h unresolved"\nto = ["leads", "everyone"]\noffer = "call"\n[[service]]',
        "escalate[2]: the same rule as escalate[1]",
    ),
    (
        'full = "30d"',
        'full = "30 weeks"',
        'service[0].plans.full: "30 weeks": write always, or a number of days, such as 30d',
    ),
    ('full = "30d"', 'ful = "30d"', 'service[0].plans.ful: unknown plan; did you mean "full"?'),
    ('plans = { trial = "always", full = "30d" }\n', "", "service[0].plans: missing"),
    (
        "[[exclusion]]",
        '[[service]]\nid = "training"\nlabel = "T"\nplans = { full = "always" }\n[[exclusion]]',
        'service[1].id: "training": the same id as service[0].id',
    ),
    (
        'unless_plans = ["full"]',
        'unless_plans = ["fulll"]',
        'exclusion[0].unless_plans[0]: "fulll": unknown plan; did you mean "full"?',
    ),
    ('instead = "Ask the shop."', "instead = 7", "exclusion[0].instead: 7: write it as a string"),
    ('id = "printers"\n', "", "exclusion[0].id: missing"),
    (
        "[6, 5]",
        "[5, 6]",
        "versions.supported: write the current one first, each once: 6 stands after 5",
    ),
    ("[6, 5]", "[]", "versions.supported: must not be empty"),
    ("[6, 5]", "[6.1]", "versions.supported[0]: 6.1: write it as a whole number"),
    ("target = 99.5", "target = 0", "availability.target: 0: must be more than 0"),
    ("target = 99.5", "target = 101", "availability.target: 101: must be at most 100"),
    ("[availability]", "[availabilty]", 'availabilty: unknown key; did you mean "availability"?'),
]


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES, ids=[said.split(": ")[0] for *_, said in MISTAKES])
def test_a_mistake_in_a_rule(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert any(line.startswith(said) for line in _told(tmp_path, (old, new)))


def test_every_mistake_is_told_at_once_and_once(tmp_path: Path) -> None:
    told = _told(
        tmp_path,
        ("[80, 100", "[80, 80"),
        ('respond = "30m"', 'respond = "soon"'),
        ("[category.severity.low]", "[category.severity.lwo]"),
        ('page = "night"', "page = 7"),
        ('"tier:2"', '"tier:two"'),
        ('full = "30d"', 'ful = "a month"'),
        ("[6, 5]", "[5, 6]"),
    )
    assert [line.split(": ")[0] for line in told] == [
        "milestones",
        "versions.supported",
        "category[0].severity.critical.respond",
        "after_hours[0].page",
        "escalate[0].to[0]",
        "service[0].plans.ful",
        "category[0].severity.lwo",
    ]


TOGETHER = [
    (
        '[[exclusion]]\nid = "printers"',
        '[[exclusion]]\nid = "printers"\n[[exclusion]]\nid = "printers"',
        ["exclusion[0].label: missing", 'exclusion[1].id: "printers": the same id as exclusion[0].id'],
    ),
    (
        "[80, 100, 150]",
        '[80, "x", 70]',
        [
            'milestones[1]: "x": write it as a whole number',
            "milestones: write them rising, each once: 70 stands after 80",
        ],
    ),
    (
        "[6, 5]",
        '["x", 5, 6]',
        [
            'versions.supported[0]: "x": write it as a whole number',
            "versions.supported: write the current one first, each once: 6 stands after 5",
        ],
    ),
    ("[6, 5]", '["x"]', ['versions.supported[0]: "x": write it as a whole number']),
    ('"tier:2", "person:lin", "schedule:standby"', '"boss"', [f'escalate[0].to[0]: "boss": {GOALS}']),
    (
        '"limited hours", "after hours"',
        '"night"',
        ['after_hours[0].when[0]: "night": unknown; use office hours, limited hours, after hours or holiday'],
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "said"), TOGETHER, ids=[said[0].split(": ")[0] for *_, said in TOGETHER]
)
def test_no_mistake_hides_or_makes_another(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    assert _told(tmp_path, (old, new)) == said


def _told(folder: Path, *edits: tuple[str, str]) -> list[str]:
    file = folder / "p.toml"
    file.write_text(edited(WHOLE, edits))
    with pytest.raises(ConfigError) as caught:
        load_policy(file, "p")
    return [str(problem).removeprefix("p: ") for problem in caught.value.problems]
