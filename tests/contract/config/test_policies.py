"""Policy files: what they become, and what is said about mistakes in them."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config import ConfigError, load_policy
from escalation.policy import AnsweredBy, Category, Plan, Policy, Severity
from escalation.targets import Counts, parse_target, promise
from tests.contract.config.conftest import POLICY, edited

ROOT = Path(__file__).parents[3]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "managed-it.toml"
    path.write_text(POLICY)
    return path


def test_a_policy_as_values(file: Path) -> None:
    policy = load_policy(file)
    assert (policy.name, policy.title, policy.prefix) == ("managed-it", "Managed IT", "MIT")
    assert (policy.language, policy.zone) == ("en", ZoneInfo("Africa/Johannesburg"))
    assert policy.version == hashlib.sha256(POLICY.encode()).hexdigest()[:12]
    assert policy.answered_by is AnsweredBy.REPLY
    assert policy.patience == dt.timedelta(seconds=90)
    assert policy.ack_patience is None
    assert policy.requires == ("email",)
    assert policy.vip_at_least == "high"
    assert policy.severities[0] == Severity(
        id="emergency",
        label="Emergency",
        meaning="Many people can't work.",
        examples=("A server has failed",),
        words=("down", "nobody can"),
        respond=parse_target("1h"),
        pages=True,
    )
    assert policy.severity("high").counts is Counts.OFFICE_HOURS
    assert policy.severity("low").resolve == parse_target("negotiated")
    assert policy.categories == (
        Category(
            id="network",
            label="Network",
            resolve=parse_target("2 business days"),
            counts=Counts.BUSINESS_DAYS,
        ),
    )
    assert policy.plans == (
        Plan(id="standard", label="Standard", call_out_charge=True),
        Plan(id="premium", label="Premium"),
    )


@pytest.mark.parametrize(
    ("date", "hours"),
    [
        ("2026-12-14", "08:30-12:00 13:00-17:00"),
        ("2026-12-16", ""),  # a Wednesday without hours
        ("2026-12-21", "08:30-10:00"),  # an override
        ("2026-12-22", ""),  # an override that closes
        ("2026-12-28", ""),  # an own date
        ("2026-12-29", ""),
    ],
)
def test_the_calendar(file: Path, date: str, hours: str) -> None:
    policy = load_policy(file)
    spans = policy.calendar.day_hours(dt.date.fromisoformat(date))
    local = [f"{s.astimezone(policy.zone):%H:%M}-{e.astimezone(policy.zone):%H:%M}" for s, e in spans]
    assert " ".join(local) == hours


@pytest.mark.parametrize(
    ("written", "read"),
    [("90s", dt.timedelta(seconds=90)), ("15m", dt.timedelta(minutes=15)), ("2h", dt.timedelta(hours=2))],
)
def test_how_long_whoever_acknowledged_may_be_silent(file: Path, written: str, read: dt.timedelta) -> None:
    file.write_text(edited(POLICY, (('"90s"', f'"90s"\nack_patience = "{written}"'),)))
    assert load_policy(file).ack_patience == read


def test_the_help_desk_that_is_shipped_has_a_patience_of_its_own() -> None:
    """An acknowledgement is the answer there: half of what remains of five minutes would be gone at once."""
    own = {path.stem: load_policy(path).ack_patience for path in (ROOT / "policies").glob("*.toml")}
    assert {name: found for name, found in own.items() if found} == {
        "internal-helpdesk": dt.timedelta(minutes=15)
    }


MISTAKES = [
    ('name = "managed-it"\n', "", "name: missing"),
    (
        'prefix = "MIT"',
        'prefix = "mit"',
        'prefix: "mit": not a prefix; use 2 to 10 capital letters and digits, such as MIT',
    ),
    ("zone = ", "zone_ = ", 'zone_: unknown key; did you mean "zone"?'),
    (
        '"Africa/Johannesburg"',
        '"Africa/Johannesberg"',
        'zone: "Africa/Johannesberg": unknown time zone; did you mean "Africa/Johannesburg"?',
    ),
    ('"reply"', '"replay"', 'answered_by: "replay": unknown; did you mean "reply"?'),
    (
        '"90s"',
        '"a minute"',
        'patience: "a minute": not a duration; write a number and s, m, h or d, such as 5m',
    ),
    (
        'patience = "90s"',
        'patience = "90s"\nack_patience = "half"',
        'ack_patience: "half": not a duration; write a number and s, m, h or d, such as 5m',
    ),
    (
        'patience = "90s"',
        'patience = "90s"\nack_patience = "0s"',
        'ack_patience: "0s": too short for anybody to write in; give them 1m or more',
    ),
    (
        'patience = "90s"',
        'patience = "90s"\nack_patience = 15',
        "ack_patience: 15: not a duration; write a number and s, m, h or d, such as 5m",
    ),
    (
        'patience = "90s"',
        'patience = "90s"\nack_patience = "-5m"',
        'ack_patience: "-5m": not a duration; write a number and s, m, h or d, such as 5m',
    ),
    (
        'patience = "90s"',
        'patience = "90s"\nack_patiense = "5m"',
        'ack_patiense: unknown key; did you mean "ack_patience"?',
    ),
    (
        'vip_at_least = "high"',
        'vip_at_least = "hihg"',
        'vip_at_least: "hihg": unknown severity; did you mean "high"?',
    ),
    (
        '"08:30-17:00"',
        '"08:30 to 17:00"',
        'hours.tue[0]: "08:30 to 17:00" is not a span of hours; write HH:MM-HH:MM, such as 09:00-17:00',
    ),
    (
        '"08:30-10:00"',
        '"10:00-08:30"',
        'overrides.2026-12-21[0]: "10:00-08:30" ends before it starts; write a span over midnight as two',
    ),
    ("2026-12-22 = []", '"22 Dec" = []', 'overrides.22 Dec: "22 Dec": not a date; write it as 2026-12-24'),
    ("tue = ", "tues = ", 'hours.tues: unknown key; did you mean "tue"?'),
    ('"2026-12-29"', '"Xmas"', 'holidays.dates[1]: "Xmas": not a date; write it as 2026-12-24'),
    ("dates = [", 'subdivision = "WC"\ndates = [', 'holidays.subdivision: "WC": needs a country beside it'),
    (
        'respond = "1h"\n',
        'respond = "0m"\n',
        'severity[0].respond: "0m": a target of zero promises nothing; write as needed for no clock',
    ),
    (
        'counts = "office hours"',
        'counts = "office"',
        'severity[1].counts: "office": unknown; did you mean "office hours"?',
    ),
    ('id = "high"', 'id = "emergency"', 'severity[1].id: "emergency": the same id as severity[0].id'),
    ('meaning = "It can wait."\n', "", "severity[2].meaning: missing"),
    ("pages = true", "page = true", 'severity[0].page: unknown key; did you mean "pages"?'),
    (
        "call_out_charge = true",
        'call_out_charge = "maybe"',
        'plan[0].call_out_charge: "maybe": write true or false',
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES, ids=[said.split(": ")[0] for *_, said in MISTAKES])
def test_a_mistake_in_a_policy(file: Path, old: str, new: str, said: str) -> None:
    file.write_text(edited(POLICY, ((old, new),)))
    with pytest.raises(ConfigError) as caught:
        load_policy(file, "policies/managed-it.toml")
    assert f"policies/managed-it.toml: {said}" in [str(problem) for problem in caught.value.problems]


def test_a_policy_without_hours_is_told_so(file: Path) -> None:
    hours = 'mon = ["08:30-12:00", "13:00-17:00"]\ntue = ["08:30-17:00"]\n'
    file.write_text(edited(POLICY, ((hours, ""), ('2026-12-21 = ["08:30-10:00"]\n', ""))))
    with pytest.raises(
        ConfigError, match=r"hours: no hours at all; give at least one day some, such as mon = "
    ):
        load_policy(file)


def test_a_policy_needs_a_severity(file: Path) -> None:
    file.write_text(POLICY.split("[[severity]]")[0])
    with pytest.raises(ConfigError, match=r"severity: missing"):
        load_policy(file)


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ('"ZZ"', 'holidays.country: "ZZ": unknown country; write its ISO code, such as ZA'),
        ('"DE"\nsubdivision = "BZ"', 'holidays.subdivision: "BZ": unknown in DE'),
        ('"za"', 'holidays.country: "za": unknown country; did you mean "ZA"?'),
    ],
)
def test_a_country_that_is_none(file: Path, country: str, said: str) -> None:
    file.write_text(edited(POLICY, (("dates = [", f"country = {country}\ndates = ["),)))
    with pytest.raises(ConfigError) as caught:
        load_policy(file, "p")
    assert any(str(problem).startswith(f"p: {said}") for problem in caught.value.problems)


HOLIDAY = "[holidays]\ndates = [2026-12-28"
UNKNOWN = 'holidays.country: "XX": unknown country; write its ISO code, such as ZA'


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        (
            ((HOLIDAY, '[holidays]\ncountry = "XX"\ndates = ["soon"'),),
            ['holidays.dates[0]: "soon": not a date; write it as 2026-12-24', UNKNOWN],
        ),
        (
            (
                (HOLIDAY, f"{HOLIDAY.replace('dates', 'country = {}dates')}".format('"XX"\n')),
                ("tue = [", "tue = [7, "),
            ),
            ["hours.tue[0]: 7: write it as a string", UNKNOWN],
        ),
        (
            (("[hours]\nmon", "[[limited]]\nsun"), ('tue = ["08:30-17:00"]\n', "")),
            ["hours: missing", "limited[0].severities: missing"],
        ),
        (
            (('[[plan]]\nid = "standard"', '[plan]\nid = "standard"'), ("[[plan]]\n", "[extra]\n")),
            ["plan: write each as a table of its own: [[plan]]", "extra: unknown key; use"],
        ),
        ((("patience", 'limited = ["x"]\npatience'),), ['limited[0]: "x": write it as a table']),
        (
            (('respond = "1h"\n', 'respond = "agreed 2020-01-01T00:00+00:00"\n'),),
            ['severity[0].respond: "agreed 2020-01-01T00:00+00:00": a time is agreed on within a ticket'],
        ),
    ],
)
def test_no_mistake_hides_another(file: Path, edits: tuple[tuple[str, str], ...], said: list[str]) -> None:
    file.write_text(edited(POLICY, edits))
    with pytest.raises(ConfigError) as caught:
        load_policy(file, "p")
    told = [str(problem).removeprefix("p: ") for problem in caught.value.problems]
    assert len(told) == len(said), told
    assert all(line.startswith(start) for line, start in zip(told, said, strict=True)), told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"x = {'[' * 5000}{']' * 5000}", "nested too deeply"),
        (f"x = {'[' * 80}{']' * 80}", "nested too deeply"),
        (f"x{'.x' * 3000} = 1", "nested too deeply"),
        (f"x = {'9' * 5000}", "a number in it is too long"),
    ],
)
def test_what_no_toml_should_have(file: Path, line: str, said: str) -> None:
    file.write_text(f"{line}\n{POLICY}")
    with pytest.raises(ConfigError) as caught:
        load_policy(file, "p")
    assert [str(problem) for problem in caught.value.problems] == [f"p: {said}"]


def test_a_byte_order_mark_is_read_over(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + POLICY.encode())
    assert load_policy(file).name == "managed-it"


DEADLINES = [
    # Thursday before Easter, half an hour before closing: Good Friday and Family Day are holidays
    ("emergency", "2026-04-02T16:30", None, "2026-04-02T17:30"),
    ("high", "2026-04-02T16:30", "2026-04-07T09:00", "2026-04-07T10:00"),
    ("normal", "2026-04-02T16:30", "2026-04-07T10:00", "2026-04-07T12:00"),
    ("low", "2026-04-02T16:30", None, "2026-04-07T17:00"),
    # at closing time on a Friday
    ("high", "2026-03-06T17:00", "2026-03-09T09:30", "2026-03-09T10:30"),
    ("low", "2026-06-06T10:07", None, "2026-06-08T17:00"),
]


@pytest.mark.parametrize(("severity", "at", "aim", "due"), DEADLINES)
def test_what_managed_it_promises(
    managed_it: Policy, severity: str, at: str, aim: str | None, due: str
) -> None:
    def local(text: str | None) -> dt.datetime | None:
        return dt.datetime.fromisoformat(text).replace(tzinfo=managed_it.zone) if text else None

    served = managed_it.severity(severity)
    start = local(at)
    assert start is not None and served.respond is not None
    found = promise(served.respond, served.counts, managed_it.calendar, start)
    assert (found.aim, found.due) == (local(aim), local(due))


def test_only_an_emergency_of_managed_it_rings_phones(managed_it: Policy) -> None:
    assert [severity.id for severity in managed_it.severities if severity.pages] == ["emergency"]
    assert [severity.id for severity in managed_it.severities if severity.resolve] == ["low"]
    assert managed_it.vip_at_least == "high"


@pytest.fixture(scope="module")
def managed_it() -> Policy:
    return load_policy(ROOT / "policies" / "managed-it.toml")
