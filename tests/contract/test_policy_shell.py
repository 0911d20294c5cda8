"""`standby policy`: what it prints, and the exit code: 0 done, 1 bad news, 2 wrong use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.wiring import SystemClock
from tests.contract.config.conftest import CONFIG, POLICY, edited
from tests.unit.escalation.vectors import cases

ROOT = Path(__file__).parents[2]
SHIPPED = ("fleet-tracking", "internal-helpdesk", "managed-it", "serwis", "tiered-support")
CASES = cases("policies")

Runs: TypeAlias = Callable[..., Result]


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Runs `standby policy ...` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, ["policy", *map(str, words)])


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A policy with three severities, a category and two plans, beside a configuration that names it."""
    (tmp_path / "mine").mkdir()
    path = tmp_path / "mine" / "desk.toml"
    path.write_text(edited(POLICY, (('name = "managed-it"', 'name = "desk"'),)))
    listed = ('policies = ["policies/managed-it.toml"]', 'policies = ["mine/desk.toml"]')
    (tmp_path / "config.toml").write_text(edited(CONFIG, (listed,)))
    return path


def spoiled(desk: Path, name: str, *edits: tuple[str, str]) -> Path:
    """A copy of it, changed."""
    path = desk.with_name(name)
    path.write_text(edited(desk.read_text(), edits))
    return path


def answer(result: Result) -> Any:
    assert result.exit_code in (0, 1), result.output
    assert result.stderr == ""
    return json.loads(result.stdout)


# ---------------------------------------------------------------- due


@pytest.mark.parametrize("name", SHIPPED)
def test_the_worked_deadlines(runs: Runs, name: str) -> None:
    mine = [case for case in CASES if case["policy"] == name]
    assert mine
    wrong = []
    for case in mine:
        options = [f"--{key}={case[key]}" for key in ("severity", "category", "at") if key in case]
        said = answer(runs("due", name, *options, "--json"))
        assert list(said) == ["respond", "next", "resolve"]
        wrong += [
            (case, key, said[key]) for key in ("respond", "resolve") if _times(said[key]) != _times(case[key])
        ]
    assert wrong == []


def _times(clock: dict[str, Any] | None) -> object:
    return clock and (clock.get("aim"), clock["due"])


def test_a_document_has_the_steps(runs: Runs) -> None:
    said = answer(runs("due", "managed-it", "--severity", "high", "--at", "2026-03-20T16:30", "--json"))
    assert said == {
        "respond": {
            "aim": "2026-03-23T09:00+02:00",
            "due": "2026-03-23T10:00+02:00",
            "why": [
                "Fri 2026-03-20 16:30-17:00 counts 30m",
                "Sat 2026-03-21 holiday",
                "Sun 2026-03-22 closed",
                "Mon 2026-03-23 08:30-10:00 counts 1h30m",
                "aim Mon 2026-03-23 09:00 (1h)",
                "due Mon 2026-03-23 10:00 (2h)",
            ],
        },
        "next": None,
        "resolve": None,
    }


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-03-23T10:00", "2026-03-23T11:00+02:00"),  # local to the policy
        ("2026-03-23T10:00Z", "2026-03-23T13:00+02:00"),
        ("2026-03-23T10:00:30+00:00", "2026-03-23T13:00:30+02:00"),
        ("2026-03-23", "2026-03-23T01:00+02:00"),
    ],
)
def test_times_are_read_in_the_policys_zone(runs: Runs, at: str, due: str) -> None:
    said = answer(runs("due", "managed-it", "--severity=emergency", f"--at={at}", "--json"))
    assert said["respond"]["due"] == due


def test_now_is_the_default(runs: Runs) -> None:
    before = SystemClock().now()
    said = answer(runs("due", "internal-helpdesk", "--severity=critical", "--json"))
    due = said["respond"]["due"]
    assert 3 * 60 <= (type(before).fromisoformat(due) - before).total_seconds() <= 6 * 60


def test_for_people_it_says_what_happens_then(runs: Runs, desk: Path) -> None:
    rule = '\n[[after_hours]]\nwhen = ["after hours"]\npage = "night"\ntell = "We are asleep"\n'
    path = spoiled(desk, "night.toml", ('label = "Premium"\n', f'label = "Premium"\n{rule}'))
    said = runs("due", path, "--severity=high", "--plan=standard", "--at=2026-03-23T20:00")
    assert said.exit_code == 0
    for words in (
        "Managed IT: High, opened Mon 2026-03-23 20:00 (Africa/Johannesburg)",
        "Answer: due Tue 2026-03-24 10:30 (aim Tue 2026-03-24 09:30)",
        "\n  Tue 2026-03-24 08:30-10:30 counts 2h\n",
        "Solution: no target.",
        'This instant is after hours to the desk. The chain "night" is paged.',
        "The customer is asked first",
        'The customer is told: "We are asleep"',
        "The desk opens for it Tue 2026-03-24 08:30.",
    ):
        assert words in said.stdout
    assert max(map(len, said.stdout.splitlines())) < 80


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--severity=p1"], 'unknown severity "p1"; this policy has emergency, high, low'),
        ([], "--severity is missing; use emergency, high, low"),
        (["--severity=high", "--category=hats"], 'unknown category "hats"; this policy has network'),
        (["--severity=high", "--plan=gold"], 'unknown plan "gold"; this policy has standard, premium'),
        (["--severity=high", "--at=noon"], '"noon" is no time; write 2026-03-23T08:30'),
        (["--severity=high", "--at=9999-12-31"], "of the years 1970 to 2199"),
    ],
)
@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_wrong_use_names_what_is_allowed(
    runs: Runs, desk: Path, words: list[str], says: str, as_json: list[str]
) -> None:
    said = runs("due", "desk", *words, *as_json)
    assert (said.exit_code, said.stdout) == (2, "")
    assert says in said.stderr


def test_hours_that_have_ended(runs: Runs, desk: Path) -> None:
    old = (
        'mon = ["08:30-12:00", "13:00-17:00"]\ntue = ["08:30-17:00"]\n',
        "",
    )
    path = spoiled(desk, "old.toml", old)
    said = runs("due", path, "--severity=high", "--at=2027-03-01", "--json")
    assert (said.exit_code, said.stdout) == (1, "")
    assert "no open time" in said.stderr
    assert runs("explain", path, "--at=2027-03-01").exit_code == 0
    assert runs("lint", path).exit_code == 1


# ---------------------------------------------------------------- which policy


def test_a_name_is_looked_for_in_the_configuration_first(runs: Runs, desk: Path, tmp_path: Path) -> None:
    assert answer(runs("explain", "desk", "--json"))["name"] == "desk"
    config = tmp_path / "config.toml"
    elsewhere = runs("explain", "desk", "--config", tmp_path / "no.toml", "--json")
    assert elsewhere.exit_code == 2  # a missing configuration is fine, but then nobody has it
    assert f'no policy "desk"; there are {", ".join(SHIPPED)}' in elsewhere.stderr
    spoiled(desk, "desk.toml", ('name = "desk"', 'name = "serwis"'))
    mine = answer(runs("explain", "serwis", "--config", config, "--json"))
    assert mine["title"] == "Managed IT"


@pytest.mark.parametrize("folder", ["beside", "."])
def test_then_in_the_folders(runs: Runs, desk: Path, tmp_path: Path, folder: str) -> None:
    (tmp_path / folder / "policies").mkdir(parents=True)
    (tmp_path / folder / "policies" / "any-name.toml").write_text(edited(POLICY, (("managed-it", "serwis"),)))
    said = answer(runs("explain", "serwis", "--config", tmp_path / folder / "config.toml", "--json"))
    assert said["title"] == "Managed IT"


def test_a_broken_configuration_is_told_and_left(runs: Runs, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[bot\n")
    said = runs("explain", "serwis", "--json")
    assert said.exit_code == 0
    assert json.loads(said.stdout)["name"] == "serwis"
    assert "going on without it" in said.stderr


@pytest.mark.parametrize(
    "command", [["explain"], ["due", "--severity=high"], ["lint"], ["simulate", "--under=serwis"]]
)
def test_every_mistake_of_a_policy_is_told(runs: Runs, desk: Path, command: list[str]) -> None:
    path = spoiled(desk, "wrong.toml", ('respond = "1h-2h"', 'respond = "2 fortnights"'), ('"1h"', '"soon"'))
    said = runs(command[0], path, *command[1:])
    assert (said.exit_code, said.stdout) == (1, "")
    assert "severity[0].respond" in said.stderr and 'unknown unit "fortnights"' in said.stderr
    assert said.stderr.endswith("wrong.toml: 2 mistakes\n")


def test_a_file_that_is_not_there(runs: Runs) -> None:
    said = runs("explain", "no.toml")
    assert (said.exit_code, said.stdout) == (2, "")
    assert 'no policy "no.toml"' in said.stderr


# ---------------------------------------------------------------- explain


@pytest.mark.parametrize("name", SHIPPED)
def test_a_promise_in_plain_words(runs: Runs, name: str) -> None:
    said = runs("explain", name, "--at=2026-03-23")
    assert said.exit_code == 0
    assert max(map(len, said.stdout.splitlines())) < 80
    assert "\x1b" not in said.stdout
    told = answer(runs("explain", name, "--at=2026-03-23", "--json"))
    assert told["name"] == name
    for severity in told["severities"]:
        assert severity["label"] in said.stdout


def test_a_promise_says_when_and_who(runs: Runs) -> None:
    said = " ".join(runs("explain", "tiered-support", "--at=2026-03-23").stdout.split())
    for words in (
        "Mon to Fri 08:00-18:00; Sat and Sun closed (Asia/Phnom_Penh)",
        "Limited: Sat and Sun 09:00-13:00, only for Critical, High",
        "answer within 1 h, at any hour",
        "answer within 24 h, counting all 24 hours of business days",
        "Tue 2026-04-14",
        "Critical: A core function or its security is badly hit",
        "200% of response: to tier 3",
    ):
        assert words in said


def test_single_dates_are_told(runs: Runs, desk: Path) -> None:
    said = answer(runs("explain", desk, "--at=2026-12-01", "--json"))
    assert said["other_dates"] == {"2026-12-21": ["08:30-10:00"], "2026-12-22": []}
    assert said["holidays"] == ["2026-12-28", "2026-12-29"]
    assert said["hours"] == {"mon": ["08:30-12:00", "13:00-17:00"], "tue": ["08:30-17:00"]}
    emergency, _, low = said["categories"][0]["differs"]  # its `counts` is of all its targets
    assert low == {
        "severities": ["low"],
        "resolve": {
            "target": "2 business days",
            "says": "within 2 business days, by the same time of day",
        },
    }
    assert emergency["respond"]["says"] == "within 1 h, counting all 24 hours of business days"


# ---------------------------------------------------------------- lint


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_policies_are_clean(runs: Runs, name: str) -> None:
    said = runs("lint", ROOT / "policies" / f"{name}.toml", "--config", ROOT / "config.toml")
    assert (said.stdout, said.exit_code) == ("Nothing found.\n", 0)


def test_findings_are_bad_news(runs: Runs, desk: Path) -> None:
    said = runs("lint", "desk")
    assert said.exit_code == 1
    assert "severity[1].words" not in said.stdout  # what is proposed without any words
    told = answer(runs("lint", "desk", "--json"))
    assert [
        f"{finding['key']}: {finding['message']}" for finding in told["findings"]
    ] == said.stdout.splitlines()


def test_chains_are_those_of_the_configuration(runs: Runs, desk: Path, tmp_path: Path) -> None:
    page = '\n[[after_hours]]\npage = "night"\n'
    path = spoiled(desk, "night.toml", ('label = "Premium"\n', f'label = "Premium"\n{page}'))
    alone = answer(runs("lint", path, "--json"))
    assert [note for note in alone["notes"] if '"night"' in note and "--config" in note]
    beside = answer(runs("lint", path, "--config", tmp_path / "config.toml", "--json"))
    (finding,) = (f for f in beside["findings"] if f["key"] == "after_hours[0].page")
    assert 'pages the chain "night", which the configuration lacks' in finding["message"]
    assert beside["notes"] == []


def test_a_chain_that_the_team_lacks(runs: Runs, desk: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    team = '[[teams]]\nname = "desk"\npolicy = "desk"\nchains = {chains}\n'
    said = {}
    for chains in ("{ high = 'day' }", "{ emergency = 'day' }"):
        config.write_text(team.replace("{chains}", chains))
        said[chains] = runs("lint", desk, "--config", config).stdout
    lacking = 'severity[0].pages: pages the chain for "emergency", and "desk" has none: it rings no phone'
    assert [lacking in told for told in said.values()] == [True, False]


def test_overrides_are_read_as_written(runs: Runs, desk: Path) -> None:
    path = spoiled(desk, "holiday.toml", ("[overrides]\n", '[overrides]\n2098-12-25 = ["09:00-10:00"]\n'),
                   ("dates = [", "dates = [2098-12-25, "))  # fmt: skip
    assert "overrides.2098-12-25: 09:00-10:00 never opens" in runs("lint", path).stdout


def test_windows_are_read_as_written(runs: Runs, desk: Path) -> None:
    window = '\n[[limited]]\nseverities = ["high"]\ntue = ["16:00-20:00"]\n'
    path = spoiled(desk, "limited.toml", ('label = "Premium"\n', f'label = "Premium"\n{window}'))
    assert "limited[0].tue: 16:00-20:00 overlaps the office hours 08:30-17:00" in runs("lint", path).stdout


# ---------------------------------------------------------------- simulate

TICKETS = [
    {"id": "A-1", "opened": "2026-10-05T07:00Z", "severity": "high", "answered": "2026-10-05T08:30Z", "extra": 1},
    {"id": "A-2", "opened": "2026-10-05T07:00:00+00:00", "severity": "high", "category": None, "answered": None,
     "resolved": "2026-10-05T07:20Z", "plan": "", "waits": []},
    {"id": 3, "opened": "2026-11-02T07:00Z", "severity": "low", "waits": [["2026-11-02T08:00Z", None]]},
]  # fmt: skip


def lines(tmp_path: Path, *tickets: object) -> Path:
    path = tmp_path / "tickets.jsonl"
    texts = (ticket if isinstance(ticket, str) else json.dumps(ticket) for ticket in tickets)
    path.write_text("\n".join(texts) + "\n")
    return path


def test_past_tickets_under_another_policy(runs: Runs, desk: Path, tmp_path: Path) -> None:
    strict = spoiled(desk, "strict.toml", ('respond = "1h-2h"', 'respond = "1h"'))
    given = ("--tickets", lines(tmp_path, *TICKETS), "--at=2026-12-01")
    said = runs("simulate", "desk", "--under", strict, *given)
    assert said.exit_code == 1
    assert "Breaches: 1 now, 2 then; 1 more." in said.stdout
    assert max(map(len, said.stdout.splitlines()[2:])) <= 80  # the first names the file's whole path
    told = answer(runs("simulate", "desk", "--under", strict, *given, "--json"))
    assert told["clocks"]["respond"] == {
        "before": {"had": 3, "met": 2, "breached": 1, "open": 0},
        "after": {"had": 3, "met": 1, "breached": 2, "open": 0},
    }
    assert told["differing"] == [
        {
            "id": "A-1",
            "opened": "2026-10-05T09:00+02:00",
            "severity": "high",
            "category": None,
            "clock": "respond",
            "stopped": "2026-10-05T10:30+02:00",
            "before": {"severity": "high", "due": "2026-10-05T11:00+02:00", "verdict": "met"},
            "after": {"severity": "high", "due": "2026-10-05T10:00+02:00", "verdict": "breached"},
        }
    ]
    assert runs("simulate", strict, "--under", "desk", *given).exit_code == 0
    october = answer(runs("simulate", "desk", "--under", strict, *given, "--month=2026-10", "--json"))
    assert october["tickets"] == 2


def test_lines_of_other_policies_are_left_out(runs: Runs, desk: Path, tmp_path: Path) -> None:
    other = {"id": "F-1", "opened": "2026-10-05T07:00Z", "severity": "medium", "policy": "fleet-tracking"}
    path = lines(tmp_path, *TICKETS, other)
    told = answer(runs("simulate", "desk", "--under", "desk", "--tickets", path, "--json"))
    assert told["tickets"] == 3
    assert told["source"].endswith("1 of other policies left out")


def test_a_ticket_that_comes_again_counts_once(runs: Runs, desk: Path, tmp_path: Path) -> None:
    late = {**TICKETS[0], "answered": "2026-10-06T08:30Z"}
    path = lines(tmp_path, *TICKETS, late)
    told = answer(runs("simulate", "desk", "--under", "desk", "--tickets", path, "--at=2026-12-01", "--json"))
    assert told["tickets"] == 3 and told["source"].endswith(
        "; more than one line of A-1: the last one counts"
    )
    assert told["clocks"]["respond"]["before"] == {"had": 3, "met": 1, "breached": 2, "open": 0}


def test_a_response_that_was_held_is_held_in_the_replay(runs: Runs, desk: Path, tmp_path: Path) -> None:
    slow = {**TICKETS[0], "answered": "2026-10-05T11:00Z"}
    held = {**slow, "id": "A-9", "holds": [["2026-10-05T07:00Z", "2026-10-05T10:00Z"]]}
    path = lines(tmp_path, slow, held)
    told = answer(runs("simulate", "desk", "--under", "desk", "--tickets", path, "--json"))
    assert told["clocks"]["respond"]["before"] == {"had": 2, "met": 1, "breached": 1, "open": 0}


def test_every_bad_line_is_named(runs: Runs, desk: Path, tmp_path: Path) -> None:
    good = {"id": "A", "opened": "2026-10-05T07:00Z", "severity": "high"}
    path = lines(
        tmp_path,
        good,
        "{",
        "",
        "[]",
        {**good, "id": None},
        {**good, "opened": "2026-10-05T07:00"},
        {**good, "severity": "p9"},
        {**good, "waits": [["2026-10-05T07:00Z"]]},
        {**good, "resolved": 7},
        {**good, "holds": 7},
        {**good, "answered": "2026-10-05T06:59Z"},
        {**good, "resolved": "2026-10-05T06:59Z"},
    )
    said = runs("simulate", "desk", "--under", "desk", "--tickets", path)
    assert (said.exit_code, said.stdout) == (2, "")
    assert [line.removeprefix(f"{path}: ") for line in said.stderr.splitlines()] == [
        "line 2: not JSON",
        "line 4: not a JSON object",
        "line 5: id: missing",
        'line 6: opened: "2026-10-05T07:00" is no ISO time with an offset, such as 2026-10-05T09:00Z',
        'line 7: severity: neither policy has "p9"; they have emergency, high, low',
        "line 8: waits: write each as [from, to]",
        "line 9: resolved: 7 is no ISO time with an offset, such as 2026-10-05T09:00Z",
        "line 10: holds: write it as a list of [from, to]",
        'line 11: answered: "2026-10-05T06:59Z" is before it was opened',
        'line 12: resolved: "2026-10-05T06:59Z" is before it was opened',
    ]
    missing = runs("simulate", "desk", "--under", "desk", "--tickets", tmp_path / "none.jsonl")
    assert missing.exit_code == 2 and "no such file" in missing.stderr


@pytest.mark.parametrize("name", SHIPPED)
def test_made_up_tickets_are_the_same_every_time(runs: Runs, name: str) -> None:
    words = ("simulate", name, "--under", name, "--month=2026-10", "--per-day=5", "--json")
    first, again = answer(runs(*words)), answer(runs(*words))
    assert first == again != answer(runs(*words, "--seed=2"))
    assert 80 < first["tickets"] < 200
    assert first["breaches"]["before"] == first["breaches"]["after"] > 0
    assert first["differing"] == []


def test_a_long_list_is_cut_for_people(runs: Runs) -> None:
    words = ("simulate", "managed-it", "--under", "tiered-support", "--month=2026-10")
    said, told = runs(*words), answer(runs(*words, "--json"))
    assert told["notes"] == [
        'tiered-support has no severity "emergency": taken as "critical", by rank',
        'tiered-support has no severity "normal": taken as "medium", by rank',
    ]
    assert f"... and {len(told['differing']) - 20} more" in said.stdout
    assert sum(line.startswith("T-") for line in said.stdout.splitlines()) == 20


@pytest.mark.parametrize("month", ["October", "2026-13", "2026-1"])
def test_a_month_is_a_month(runs: Runs, month: str) -> None:
    said = runs("simulate", "serwis", "--under", "serwis", f"--month={month}")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "write YYYY-MM" in said.stderr
