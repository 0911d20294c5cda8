"""`standby oncall`: who is on call, as an operator types it."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.app.duty import KeptOverride
from bot.cli import app
from bot.domain.ids import PersonId
from escalation.instants import Span
from escalation.schedule import Change, Override
from storage.engine import open_store
from storage.schema import upgrade

CONFIG = Path(__file__).parents[2] / "config.toml"
ENVIRON = {
    "SLACK_BOT_TOKEN": "xoxb-not-a-token",
    "SLACK_APP_TOKEN": "xapp-not-a-token",
    "TELEGRAM_TOKEN": "1000:not-a-token",
    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
    "TWILIO_AUTH_TOKEN": "not-a-token-either",
}
WEEKENDS = '# restrictions = [{ days = ["sat", "sun"], from = "08:00", to = "20:00" }]'


def standby(*words: str, config: Path = CONFIG) -> Result:
    return CliRunner(env=ENVIRON).invoke(app, ["oncall", "--config", str(config), *words])


def test_who_is_on_call_until_when_and_who_is_next() -> None:
    said = standby("--at", "2026-11-23T02:00")
    assert said.exit_code == 0
    assert said.stdout == "standby: Grace until Mon 2026-11-23 09:00, then Ada  (Africa/Johannesburg)\n"


def test_at_the_hand_over_it_is_the_next_one() -> None:
    assert "standby: Ada until" in standby("--at", "2026-11-23T09:00+02:00").stdout


def test_one_json_document() -> None:
    said = json.loads(standby("--json", "--schedule", "standby", "--at", "2026-11-23T02:00").stdout)
    (schedule,) = said["schedules"]
    week = {"since": "2026-11-16T09:00:00+02:00", "until": "2026-11-23T09:00:00+02:00"}
    through = {"layer": 1, "override": None, **week}
    assert schedule["now"] == [{"id": "grace", "name": "Grace", "through": through}]
    assert schedule["next"] == [{"id": "ada", "name": "Ada"}]
    assert schedule["until"] == "2026-11-23T09:00:00+02:00" and schedule["gaps"] == []


def test_gaps_are_told_and_nobody_is_bad_news(tmp_path: Path) -> None:
    text = CONFIG.read_text("utf-8").replace(WEEKENDS, WEEKENDS.removeprefix("# "), 1)
    (tmp_path / "config.toml").write_text(text, "utf-8")
    (tmp_path / "policies").symlink_to(CONFIG.parent / "policies")
    said = standby("--at", "2026-11-23T02:00", config=tmp_path / "config.toml")
    assert said.exit_code == 1
    first, gap, *_ = said.stdout.splitlines()
    assert first.startswith("standby: nobody until Sat 2026-11-28 08:00, then ")
    assert gap == "  nobody from Mon 2026-11-23 04:00 to Sat 2026-11-28 08:00"


@pytest.mark.parametrize(
    ("days", "told"), [(40, " to Sun 2027-01-03 02:00"), (500, " on, with no end in sight")]
)
def test_a_gap_that_ends_after_the_thirty_days_or_not_in_sight(tmp_path: Path, days: int, told: str) -> None:
    config = company(tmp_path)
    start = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    span = Span(start=start, end=start + dt.timedelta(days=days))
    with contextlib.closing(open_store(f"sqlite:///{tmp_path}/data/standby.db")) as running:
        for id in ("ada", "grace"):
            off = Override(person=id, span=span, change=Change.REMOVE)
            made = KeptOverride(schedule="standby", override=off, by=PersonId("lin"), made=start)
            running.transact(lambda uow, made=made: uow.rota.add_override(made))
        said = standby("--at", "2026-11-23T02:00", config=config)
    assert said.stdout.splitlines()[1] == f"  nobody from Tue 2026-11-24 02:00{told}"


def company(folder: Path) -> Path:
    """The shipped configuration in a folder of its own, with a database."""
    (folder / "policies").symlink_to(CONFIG.parent / "policies")
    (folder / "data").mkdir()
    config = folder / "config.toml"
    config.write_text(CONFIG.read_text("utf-8"), "utf-8")
    upgrade(f"sqlite:///{folder}/data/standby.db")
    return config


def test_an_override_made_in_chat_counts_while_standby_runs(tmp_path: Path) -> None:
    config = company(tmp_path)
    start, end = (dt.datetime(2026, 11, 23, hour, tzinfo=dt.UTC) for hour in (0, 4))
    made = KeptOverride(
        schedule="standby",
        override=Override(person="lin", span=Span(start=start, end=end), replaces="grace"),
        by=PersonId("ada"),
        made=start,
    )
    with contextlib.closing(open_store(f"sqlite:///{tmp_path}/data/standby.db")) as running:
        running.transact(lambda uow: uow.rota.add_override(made))
        said = standby("--at", "2026-11-23T02:00", config=config)
        (schedule,) = json.loads(standby("--at", "2026-11-23T02:00", "--json", config=config).stdout)[
            "schedules"
        ]
    assert said.stdout.splitlines()[:2] == [
        "standby: Lin until Mon 2026-11-23 06:00, then Grace  (Africa/Johannesburg)",
        "  Lin: override 1, instead of Grace until Mon 2026-11-23 06:00",
    ]
    assert (said.exit_code, said.stderr) == (0, "")
    assert schedule["now"][0]["through"] == {
        "layer": None,
        "override": {"change": "instead", "number": 1, "instead_of": "Grace"},
        "since": "2026-11-23T02:00:00+02:00",
        "until": "2026-11-23T06:00:00+02:00",
    }


def test_a_database_that_cannot_be_read_is_told_and_the_configuration_answers(tmp_path: Path) -> None:
    config = company(tmp_path)
    (tmp_path / "data" / "standby.db").write_bytes(b"")
    said = standby("--at", "2026-11-23T02:00", config=config)
    assert "standby: Grace until" in said.stdout and said.exit_code == 0
    assert said.stderr.startswith("By the configuration alone, since the database can't be read: ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--at", "tonight"), '"tonight" is no time; write it as 2026-11-23T02:00\n'),
        (("--schedule", "standy"), 'unknown schedule "standy"; there is standby\n'),
    ],
)
def test_wrong_use_is_told(words: tuple[str, ...], told: str) -> None:
    said = standby(*words)
    assert (said.exit_code, said.stderr) == (2, told)
