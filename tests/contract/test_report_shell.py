"""`standby report`, as whoever pays for call-outs and for standing by types it."""

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

from bot.app.duty import KeptOverride
from bot.app.inbound import CommandIn, Sender
from bot.app.rows import UnitOfWork
from bot.cli import app
from bot.demo import stage
from bot.domain.events import PageAttempted
from bot.domain.ids import Address, ChannelName, PersonId
from bot.report_shell import COLUMNS, HOURS
from escalation.instants import Span
from escalation.schedule import Change, Override
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


# ---------------------------------------------------------------- hours on call
WEEK = ("--since", "2026-11-23", "--until", "2026-11-30")


def oncall(company: Company, *words: str) -> Result:
    command = ["report", "oncall", "--config", str(company.config), *words]
    return CliRunner().invoke(app, command, env=ENVIRON)


def swapped(company: Company) -> None:
    """Grace has Ada's night of Tuesday, and on Wednesday from 12:00 to 13:30 nobody is on."""
    johannesburg = dt.timezone(dt.timedelta(hours=2))

    def override(start: str, end: str, change: Change, who: str) -> KeptOverride:
        since, until = (
            dt.datetime.fromisoformat(f"2026-11-{at}").replace(tzinfo=johannesburg) for at in (start, end)
        )
        span = Span(start=since.astimezone(dt.UTC), end=until.astimezone(dt.UTC))
        made = Override(person=who, span=span, change=change)
        return KeptOverride(schedule="standby", override=made, by=PersonId("lin"), made=span.start)

    night = override("24T22:00", "25T08:00", Change.INSTEAD, "grace")
    lunch = override("25T12:00", "25T13:30", Change.REMOVE, "ada")
    for one in (night, lunch):
        company.standby.store.transact(lambda uow, one=one: uow.rota.add_override(one))


def test_hours_as_a_table(company: Company) -> None:
    swapped(company)
    said = oncall(company, *WEEK)
    assert (said.exit_code, said.stderr) == (0, "")
    lines = said.stdout.splitlines()
    assert lines[0].strip() == "On call from 2026-11-23 to 2026-11-29" and max(map(len, lines)) <= 120
    assert [line.split() for line in lines if line.strip().startswith("standby")] == [
        ["standby", "Ada", "156.5", "48", "48", "3", "0"],
        ["standby", "Grace", "10", "8", "0", "1", "0"],
        ["standby", "nobody", "1.5", "0", "0", "1"],
    ]


def test_hours_for_a_spreadsheet(company: Company) -> None:
    company.edit('name = "Grace"', 'name = "=SUM(1,2)"', "config")
    company.restart()
    swapped(company)
    said = oncall(company, "--csv", "--schedule", "standby", *WEEK).stdout_bytes.decode()
    assert said.count("\r\n") == said.count("\n") == 4
    rows = list(csv.DictReader(io.StringIO(said, newline="")))
    assert list(rows[0]) == list(HOURS)
    assert {row["name"]: (row["person"], row["hours"]) for row in rows} == {
        "'=SUM(1,2)": ("grace", "10.0"),
        "Ada": ("ada", "156.5"),
        "nobody": ("", "1.5"),
    }
    assert rows[-1]["name"] == "nobody" and rows[-1]["call_outs"] == ""


async def test_hours_as_one_json_document_with_call_outs(company: Company) -> None:
    await called_out(company)
    said = json.loads(oncall(company, "--json", "--since", "2020-01-01", "--until", "2099-01-01").stdout)
    assert (said["since"], said["until"]) == ("2020-01-01", "2099-01-01")
    (row,) = said["rows"]
    assert set(row) == set(HOURS)
    assert (row["person"], row["shifts"], row["call_outs"]) == ("ada", 1, 1)


def test_what_a_calendar_has_forgotten_is_told(company: Company) -> None:
    company.edit(
        "[[schedules.layers]]\n",
        '[[schedules.layers]]\nical = "rota.ics"\n\n[[schedules.layers]]\n',
        "config",
    )
    said = oncall(company, "--since", "2020-01-01", "--until", "2020-02-01")
    assert said.exit_code == 0 and said.stderr.startswith("Calendars are known from 20")
    assert oncall(company, "--since", "2098-01-01", "--until", "2098-02-01").stderr == ""


def test_hours_without_a_database(company: Company) -> None:
    company.edit("sqlite:///standby.db", "sqlite:///other.db", "config")
    said = oncall(company)
    assert (said.exit_code, said.stdout) == (1, "") and "standby db upgrade" in said.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "november"), '"november" is no date; write it as 2026-11-01\n'),
        (("--since", "0001-01-01"), "0001-01-01 is too far away; write a date such as 2026-11-01\n"),
        (("--schedule", "nights"), 'unknown schedule "nights"; there is standby\n'),
        (("--csv", "--json"), "--csv or --json, not both\n"),
    ],
)
def test_wrong_use_of_hours_is_told(company: Company, words: tuple[str, ...], told: str) -> None:
    said = oncall(company, *words)
    assert (said.exit_code, said.stderr) == (2, told)
