"""`standby export` and `standby reload` as an operator types them: what they print, and how they exit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.app import export
from bot.app.export import every_ticket, exported
from bot.app.rows import Store
from bot.cli import app
from bot.domain.status import Status
from escalation.instants import Span
from escalation.sla import Clock, ClockKind
from escalation.targets import Counts
from tests.contract.storage_samples import NOW, SECOND, ticket
from tests.contract.test_reload import ENVIRON, Company

MINUTE = 60 * SECOND


def clock(kind: ClockKind, **changes: object) -> Clock:
    return Clock(kind=kind, target="1h", counts=Counts.ALWAYS, started=NOW, **changes)  # type: ignore[arg-type]


def iso(minutes: int) -> str:
    return (NOW + minutes * MINUTE).isoformat()


def test_a_ticket_as_facts() -> None:
    it = ticket(
        category="mail",
        status=Status.WAITING,
        opened=NOW.astimezone(dt.timezone(dt.timedelta(hours=2))),
        clocks=(
            clock(
                ClockKind.RESPONSE,
                stopped=NOW + 90 * MINUTE,
                breached_at=NOW + 60 * MINUTE,
                pauses=(Span(start=NOW + 2 * MINUTE, end=NOW + 3 * MINUTE),),
            ),
        ),
        answered=NOW + 90 * MINUTE,
        waits=(Span(start=NOW + 5 * MINUTE, end=NOW + 9 * MINUTE),),
        held_since=NOW + 95 * MINUTE,
    )
    assert exported(it) == {
        "id": "MIT-1001",
        "opened": iso(0),
        "severity": "high",
        "category": "mail",
        "plan": "premium",
        "organisation": "acme",
        "policy": "managed-it",
        "policy_version": "1",
        "answered": iso(90),
        "resolved": None,
        "waits": [[iso(5), iso(9)], [iso(95), None]],
        "holds": [[iso(2), iso(3)]],
        "breaches": [{"clock": "response", "at": iso(60)}],
    }


def test_a_response_clock_that_stands_still() -> None:
    held = ticket(clocks=(clock(ClockKind.RESPONSE, paused_since=NOW + MINUTE), clock(ClockKind.RESOLUTION)))
    assert exported(held)["holds"] == [[iso(1), None]]


def test_a_ticket_without_clocks() -> None:
    facts = exported(ticket(status=Status.RESOLVED, resolved=NOW + 3 * MINUTE))
    assert (facts["answered"], facts["resolved"]) == (None, iso(3))
    assert facts["waits"] == facts["holds"] == facts["breaches"] == []


def test_batch_by_batch(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = [ticket(f"MIT-{n}") for n in range(1001, 1008)]
    store.transact(lambda uow: [uow.tickets.save(it) for it in saved])
    for size in (1, 3, 7, 500):
        monkeypatch.setattr(export, "BATCH", size)
        assert list(every_ticket(store)) == saved


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    it = Company(tmp_path)
    yield it
    it.standby.close()


def typed(company: Company, *command: str) -> Result:
    return CliRunner().invoke(app, [*command, "--config", str(company.config)], env=ENVIRON)


async def test_exported_while_it_runs(company: Company) -> None:
    await company.opens()
    await company.opens("new: urgent the internet is down")
    done = typed(company, "export")
    assert done.exit_code == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["MIT-1001", "MIT-1002"]
    assert not any(words in done.stdout for words in ("Thandi", "thandi", "Acme", "internet", "+27"))


def test_nothing_to_export(tmp_path: Path, company: Company) -> None:
    assert (typed(company, "export").stdout, typed(company, "export").exit_code) == ("", 0)
    company.edit("sqlite:///standby.db", "sqlite:///other.db", "config")
    done = typed(company, "export")
    assert (done.exit_code, done.stdout) == (1, "") and "standby db upgrade" in done.stderr
    assert not (tmp_path / "other.db").exists()


def test_reloading_says_what_checking_says(company: Company) -> None:
    company.edit('respond = "1h" ', 'respond = "4 fortnights" ')
    company.edit('team = "desk"\nplan', 'team = "tresen"\nplan', "config")
    checked, told = typed(company, "check"), typed(company, "reload")
    assert (checked.exit_code, told.exit_code) == (1, 1)
    assert told.stdout == checked.stdout and len(told.stdout.splitlines()) >= 2


def test_reloading_what_does_not_run(company: Company) -> None:
    done = typed(company, "reload")
    assert (done.exit_code, done.stderr) == (1, "Standby does not run.\n")
