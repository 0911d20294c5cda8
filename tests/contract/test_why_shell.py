"""`standby why`, as an operator types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.app.inbound import CallIn, LegIn, Sender
from bot.cli import app
from bot.demo import stage as st
from bot.domain.hotline import Heard
from bot.domain.ids import Address, ChannelName
from bot.domain.script import Ring
from tests.contract.test_reload import ENVIRON, Company

NIGHT = ("--at", "2026-11-22T03:00")
STANDBY_ALONE = 'steps = [{ page = ["schedule:standby"], wait = "5m" }]'
MONDAYS = 'restrictions = [{ days = ["mon"], from = "08:00", to = "20:00" }]'


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    it = Company(tmp_path)
    yield it
    it.standby.close()


def why(company: Company, *words: str) -> Result:
    return CliRunner().invoke(app, ["why", "--config", str(company.config), *words], env=ENVIRON)


def document(company: Company, *words: str) -> dict[str, Any]:
    said = why(company, *words, "--json")
    assert said.exit_code == 0, said.stderr
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def test_who_would_be_paged(company: Company) -> None:
    said = why(company, "--customer", "acme", "--severity", "emergency", *NIGHT)
    lines = said.stdout.splitlines()
    assert (said.exit_code, said.stderr) == (0, "")
    assert lines[1].startswith("After hours: Sun 22 Nov 03:00 in Africa/Johannesburg")
    assert lines[3] == "➡️ It pages at once."
    assert "   Ada (layer 1 until " in said.stdout or "   Ada (layer 1): " in said.stdout
    assert lines[-1].endswith("everyone and the leads, every 5 min: Ada, Grace, Lin")


def test_one_json_document(company: Company) -> None:
    said = document(company, "--customer", "Acme Clinics", *NIGHT)
    assert (said["pages"], said["in_vain"], said["chain"], said["chain_from"]) == (
        True,
        False,
        "standby",
        "team",
    )
    assert said["verdict"]["hours"] == "after hours"
    first, second, *_ = said["steps"]
    assert (first["begins"], first["wait"]) == ("2026-11-22T03:00:00+02:00", 300.0)
    assert second["begins"] == "2026-11-22T03:05:00+02:00"
    (ada,) = first["people"]
    assert (ada["person"], ada["through"]["layer"]) == ("ada", 1)
    assert ada["ways"][0]["methods"][0] == "Slack"
    assert document(company, "--customer", "thandi", "--severity", "normal", *NIGHT)["pages"] is False


def test_a_chain_that_reaches_nobody_is_bad_news(company: Company) -> None:
    rest = ', { page = ["person:grace"], wait = "5m" }]'
    company.edit(f'steps = [{{ page = ["schedule:standby"], wait = "5m" }}{rest}', STANDBY_ALONE, "config")
    company.edit('handover = "2026-01-05T09:00"', f'handover = "2026-01-05T09:00"\n{MONDAYS}', "config")
    said = why(company, "--customer", "acme", *NIGHT)
    assert (said.exit_code, said.stderr) == (1, "")
    assert "schedule standby: ⚠️ nobody. The next step begins at once." in said.stdout
    assert why(company, "--customer", "acme", "--severity", "low", *NIGHT).exit_code == 0


def test_without_a_database_the_configuration_answers(company: Company) -> None:
    company.edit("sqlite:///standby.db", "sqlite:///other.db", "config")
    assert why(company, "--customer", "acme", *NIGHT).stderr == ""
    said = why(company, "MIT-1001")
    assert (said.exit_code, said.stdout) == (1, "") and "standby db upgrade" in said.stderr
    assert not (company.config.parent / "other.db").exists()


async def test_what_became_of_a_ticket_while_it_runs(company: Company) -> None:
    await company.opens("urgent the server is down, nobody can work")
    await company.opens("1")
    said = why(company, "mit-1001")
    assert (said.exit_code, said.stderr) == (0, "")
    assert said.stdout.startswith("Why MIT-1001 is due when it is:\nAnswer\n")
    assert "📟 Paged" in said.stdout and "Ada" in said.stdout
    page, *_ = document(company, "MIT-1001")["pages"]
    assert page["steps"][0]["people"] == ["Ada"] and page["ended"] is None
    assert {tried["fate"] for tried in page["steps"][0]["tried"]} == {"to come"}
    assert not any(words in said.stdout for words in ("server", "Thandi", "+27"))


async def calls_and_talks(company: Company) -> None:
    """Thandi, to whoever is on call, for 90 seconds."""
    channel, receive = ChannelName("call"), company.standby.bus.receive
    where = {"channel": channel, "address": Address(channel=channel, place=st.THANDI)}
    call = {"call": "CA1", "sender": Sender(id=st.THANDI)}
    await receive(CallIn(external_id="1", heard=Heard.RANG, **where, **call))  # type: ignore[arg-type]
    pressed = CallIn(external_id="2", heard=Heard.KEYS, digits="2", **where, **call)  # type: ignore[arg-type]
    script = (await receive(pressed)).script
    assert script is not None and isinstance(script.verb, Ring)
    leg = LegIn(external_id="3", turn=script.turn, digits="1", **where, **call)  # type: ignore[arg-type]
    await receive(leg)
    over = {"heard": Heard.LEG_OVER, "turn": script.turn, "seconds": 90, "bridged": True}
    await receive(CallIn(external_id="4", **over, **where, **call))  # type: ignore[arg-type]


async def test_who_called_about_it(company: Company) -> None:
    """Nobody outside is named, and nothing is linked that a caller said."""
    await calls_and_talks(company)
    said = why(company, "mit-1001")
    assert (said.exit_code, said.stderr) == (0, "")
    assert "☎️ Called " in said.stdout and "Ada talked to the caller for 2 minutes" in said.stdout
    assert not any(words in said.stdout for words in ("Thandi", "+27", "http"))
    (call,) = document(company, "MIT-1001")["calls"]
    (phone,) = call["phones"]
    assert (phone["person"], phone["came"]) == ("ada", "took")
    assert (call["call"], call["lines"], call["end"], call["seconds"]) == ("CA1", ["emergency"], "talked", 90)
    assert (call["phase"], call["by"], call["recording"]) == ("over", None, "")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("MIT-9999",), 1, "There is no ticket MIT-9999.\n"),
        ((), 2, "name a ticket, or a customer with --customer\n"),
        (("MIT-1", "--customer", "acme"), 2, "name a ticket, or a customer with --customer\n"),
        (("MIT-1", "--severity", "low"), 2, "--severity and --at go with --customer\n"),
        (
            ("--customer", "acme", "--severity", "huge"),
            2,
            'I know no severity "huge" here; there are emergency, high, normal, low.\n',
        ),
        (
            ("--customer", "acne"),
            2,
            'I know no customer "acne" here; write a ticket or a customer, such as why acme (or baobab).\n',
        ),
        (
            ("--customer", "acme", "--at", "tonight"),
            2,
            '"tonight" is no time; write it as 2026-11-23T02:00\n',
        ),
    ],
)
def test_what_is_refused(company: Company, words: tuple[str, ...], code: int, told: str) -> None:
    said = why(company, *words)
    assert (said.exit_code, said.stderr) == (code, told)
