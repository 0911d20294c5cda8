"""`standby report timesheet`, as whoever pays for call-outs types it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.app.inbound import CommandIn, Sender
from bot.app.rows import UnitOfWork
from bot.cli import app
from bot.demo import stage
from bot.domain.events import PageAttempted
from bot.domain.ids import Address, ChannelName, PersonId
from bot.report_shell import COLUMNS
from tests.contract.test_reload import ENVIRON, Company

SLACK = ChannelName("slack")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    it = Company(tmp_path)
    yield it
    it.standby.close()


async def called_out(company: Company) -> None:
    """Ada is paged for an emergency, has it and resolves it. The lanes do not run: what they write is written here."""
    await company.opens("urgent the server is down, nobody can work")
    await company.opens("1")
    company.standby.store.transact(attempted)
    for number, words in enumerate(("ack MIT-1001", "resolve MIT-1001 done")):
        place = Address(channel=SLACK, place="C0ANY")
        sender = Sender(id=stage.ADA)
        said = CommandIn(channel=SLACK, external_id=f"c-{number}", sender=sender, address=place, text=words)
        await company.standby.bus.receive(said)


def attempted(uow: UnitOfWork) -> None:
    (page,) = uow.pages.open()
    for method in ("slack", "sms"):
        tried = PageAttempted(page=page.id, person=PersonId("ada"), method=method, attempt=1)
        uow.log.append(page.ticket, (tried,), page.started)


def timesheet(company: Company, *words: str) -> Result:
    command = ["report", "timesheet", "--config", str(company.config), *words]
    return CliRunner().invoke(app, command, env=ENVIRON)


async def test_a_table_for_people(company: Company) -> None:
    await called_out(company)
    said = timesheet(company, "--since", "2020-01-01")
    assert (said.exit_code, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert max(map(len, lines)) <= 120
    assert lines[0].startswith("Call-outs from 2020-01-01 to ")
    (row,) = [line for line in lines if "MIT-1001" in line]
    assert "Ada" in row and "Slack, SMS" in row and row.split()[-1] == "1" and "resolved" in said.stdout
    assert [word for n, word in enumerate(lines[-2].split()) if n != 2] == ["Ada", "1", "1", "1"]


async def test_csv_for_a_spreadsheet(company: Company) -> None:
    """No name of a customer becomes a formula, and lines end as RFC 4180 has it."""
    company.edit('name = "Acme Clinics"', 'name = "=SUM(1,2)"', "config")
    company.restart()
    await called_out(company)
    said = timesheet(company, "--csv", "--since", "2020-01-01").stdout_bytes.decode()
    assert said.count("\r\n") == said.count("\n") == 2
    (row,) = csv.DictReader(io.StringIO(said, newline=""))
    assert list(row) == list(COLUMNS)
    assert row["organisation"] == "'=SUM(1,2)"
    assert (row["person"], row["ticket"], row["severity"]) == ("ada", "MIT-1001", "Emergency")
    assert (row["methods"], row["acknowledged_by"], row["outcome"]) == ("Slack, SMS", "Slack", "acknowledged")
    assert (row["minutes_worked"], row["ending"]) == ("1", "resolved")
    assert dt.datetime.fromisoformat(row["paged_at"]).utcoffset() == dt.timedelta(hours=2)
    assert not any(words in said for words in ("server", "Thandi", "+27"))


async def test_one_json_document(company: Company) -> None:
    await called_out(company)
    said = json.loads(timesheet(company, "--json", "--since", "2020-01-01", "--person", "ada").stdout)
    (row,) = said["rows"]
    assert set(row) == set(COLUMNS) and row["after_hours"] in (True, False)
    (total,) = said["sums"]
    assert (total["person"], total["call_outs"], total["acknowledged"]) == ("ada", 1, 1)
    said = json.loads(timesheet(company, "--json", "--since", "2020-01-01", "--person", "grace").stdout)
    assert (said["since"], said["rows"], said["sums"]) == ("2020-01-01", [], [])


def test_nothing_to_report(company: Company) -> None:
    said = timesheet(company, "--since", "2026-11-01", "--until", "2026-12-01")
    assert (said.exit_code, said.stdout) == (0, "No call-outs from 2026-11-01 to 2026-11-30.\n")
    assert "from 2026-10-01 to 2026-10-31" in timesheet(company, "--until", "2026-11-01").stdout


def test_without_a_database(company: Company) -> None:
    company.edit("sqlite:///standby.db", "sqlite:///other.db", "config")
    said = timesheet(company)
    assert (said.exit_code, said.stdout) == (1, "") and "standby db upgrade" in said.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "november"), '"november" is no date; write it as 2026-11-01\n'),
        (
            ("--since", "2026-12-01", "--until", "2026-11-01"),
            "nothing lies from 2026-12-01 until 2026-11-01\n",
        ),
        (("--person", "adda"), 'unknown person "adda"; there is ada, grace, lin\n'),
        (("--csv", "--json"), "--csv or --json, not both\n"),
    ],
)
def test_wrong_use_is_told(company: Company, words: tuple[str, ...], told: str) -> None:
    said = timesheet(company, *words)
    assert (said.exit_code, said.stderr) == (2, told)
