"""`standby doctor`: what is not as it should be and what to do about it; the documents for when Standby is down."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.app.duty import KeptOverride
from bot.cli import app
from bot.control import among, reachable
from bot.domain.ids import PersonId
from channels.twilio import fallback as twiml
from escalation.instants import Span
from escalation.schedule import Override
from storage.engine import open_store
from storage.schema import upgrade
from tests.fakes.bins import ACCOUNT, TOKEN, Bins, serving

CONFIG = Path(__file__).parents[2] / "config.toml"
ENVIRON = {
    "SLACK_BOT_TOKEN": "xoxb-not-a-token",
    "SLACK_APP_TOKEN": "xapp-not-a-token",
    "TELEGRAM_TOKEN": "1000:not-a-token",
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
}
VOICE = 'voice_from = "+14155550102"'
LISTEN = 'listen = "127.0.0.1:8080"'
ADA, ADA_TOO, GRACE, LIN = "+27115550001", "+27115550011", "+27115550002", "+27115550003"
OURS, ACCEPT = "+14155550102", "https://handler.example.com/twiml/EHaccept"


@pytest.fixture
def bins() -> Iterator[Bins]:
    with serving() as it:
        it.plain["readyz"] = 200
        it.documents["screen"] = twiml.screen("en", "", ACCEPT)
        yield it


def company(folder: Path, bins: Bins, *changes: tuple[str, str], hosted: bool = True) -> Path:
    """The shipped configuration with a database, listening where `bins` answers; Lin is on call by what was arranged in
    chat."""
    (folder / "policies").symlink_to(CONFIG.parent / "policies")
    (folder / "data").mkdir()
    text = CONFIG.read_text("utf-8")
    urls = f'{VOICE}\nvoice_fallback_url = "{bins.url("line")}"\nvoice_screen_url = "{bins.url("screen")}"\n'
    listen = (LISTEN, f'listen = "127.0.0.1:{bins.port}"')
    for old, new in (listen, *(((VOICE, urls),) if hosted else ()), *changes):
        assert old in text
        text = text.replace(old, new)
    config = folder / "config.toml"
    config.write_text(text, "utf-8")
    url = f"sqlite:///{folder}/data/standby.db"
    upgrade(url)
    now = dt.datetime.now(dt.UTC)
    span = Span(start=now - dt.timedelta(hours=1), end=now + dt.timedelta(hours=1))
    lin = KeptOverride(
        schedule="standby", override=Override(person="lin", span=span), by=PersonId("ada"), made=now
    )
    with contextlib.closing(open_store(url)) as store:
        store.transact(lambda uow: uow.rota.add_override(lin))
    return config


def doctor(config: Path, *words: str) -> Result:
    return CliRunner(env=ENVIRON).invoke(app, ["doctor", "--config", str(config), *words])


def checks(config: Path) -> dict[str, list[tuple[bool, str]]]:
    """By what was looked at: whether it is well, and what is said."""
    said = doctor(config, "--json")
    told = json.loads(said.stdout)
    assert told["ok"] is (said.exit_code == 0)
    found: dict[str, list[tuple[bool, str]]] = {}
    for check in told["checks"]:
        found.setdefault(check["about"], []).append((check["ok"], check["says"]))
    return found


def hosts(bins: Bins, *numbers: str, screen: str = "screen") -> None:
    bins.documents["line"] = twiml.fallback(numbers, "en", "", OURS, bins.url(screen), ACCEPT)


# ---------------------------------------------------------------- the checklist
def test_everything_is_as_it_should_be(tmp_path: Path, bins: Bins) -> None:
    hosts(bins, LIN, GRACE, ADA)
    config = company(tmp_path, bins)
    said = doctor(config)
    lines = said.stdout.splitlines()
    assert (said.exit_code, said.stderr) == (0, "")
    assert [line.partition(":")[0] for line in lines] == [
        f"ok     {about}"
        for about in ("configuration", "database", "running", "phones", "when Standby is down")
    ]
    assert lines[0] == f"ok     configuration: {config} is right."
    assert lines[-1].endswith(": the emergency line dials whoever is on call.")


def test_mistakes_of_the_configuration_come_first_and_alone(tmp_path: Path, bins: Bins) -> None:
    config = company(tmp_path, bins, ('name = "Standby"', 'nmae = "Standby"'))
    found = checks(config)
    assert list(found) == ["configuration"]
    assert not found["configuration"][0][0] and "bot.nmae" in found["configuration"][0][1]


def test_a_database_that_is_not_there(tmp_path: Path, bins: Bins) -> None:
    config = company(tmp_path, bins)
    for file in (tmp_path / "data").iterdir():
        file.unlink()
    assert checks(config)["database"] == [(False, "There is none yet. Run: standby db upgrade")]


def test_a_standby_that_cannot_page_or_does_not_run(tmp_path: Path, bins: Bins) -> None:
    at = f"127.0.0.1:{bins.port}"
    config = company(tmp_path, bins)
    assert checks(config)["running"] == [(True, f"it answers at {at} and can page.")]
    bins.plain["readyz"] = 503
    told = f"it answers at {at}, but can't page (503). See http://{at}/readyz and its log."
    assert checks(config)["running"] == [(False, told)]
    with serving() as gone:
        pass
    config.write_text(config.read_text("utf-8").replace(at, f"127.0.0.1:{gone.port}"), "utf-8")
    at = f"127.0.0.1:{gone.port}"
    told = f"Standby does not run: nothing answers at {at}. Start it: standby run"
    assert checks(config)["running"] == [(False, told)]


async def test_a_standby_whose_web_server_is_silent(tmp_path: Path, bins: Bins) -> None:
    with serving() as gone:
        pass
    config = company(tmp_path, gone)

    def log(event: str, /, **fields: Any) -> None:
        raise AssertionError(event)

    async with reachable(tmp_path / "data", among({}), log):
        found = await asyncio.to_thread(checks, config)
    told = f"Standby runs, but nothing answers at 127.0.0.1:{gone.port}. See its log, and bot.listen."
    assert found["running"] == [(False, told)]


def test_somebody_on_call_without_a_phone(tmp_path: Path, bins: Bins) -> None:
    config = company(tmp_path, bins, (f'phones = ["{GRACE}"]\n', ""))
    told = "Grace is put on call and has no phone. Set people.phones of grace."
    assert checks(config)["phones"] == [(False, told)]


def test_calls_that_are_off(tmp_path: Path, bins: Bins) -> None:
    config = company(tmp_path, bins, (VOICE, ""), hosted=False)
    found = checks(config)
    assert found["calls"] == [(True, "off: channels.twilio.voice_from is not set.")]
    assert "when Standby is down" not in found
    said = doctor(config, "--voice-fallback")
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr == "Calls are off: set channels.twilio.voice_from to your number first.\n"


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        (
            (GRACE, LIN),
            "the emergency line dials others first than Lin, whose turn it is. Paste a new document: ",
        ),
        (
            (LIN, "+27115557777"),
            "the emergency line dials +27115557777, which is nobody's phone here. Paste a new ",
        ),
        ((), "the emergency line dials nobody. Paste a new document: standby doctor --voice-fallback"),
    ],
)
def test_a_document_that_is_wrong(tmp_path: Path, bins: Bins, numbers: tuple[str, ...], told: str) -> None:
    hosts(bins, *numbers)
    ((fine, said), *_) = checks(company(tmp_path, bins))["when Standby is down"]
    assert not fine and said.startswith(told)


def test_voicemails_that_could_answer(tmp_path: Path, bins: Bins) -> None:
    hosts(bins, LIN, screen="other")
    bins.documents["screen"] = twiml.accept()
    found = [said for _, said in checks(company(tmp_path, bins))["when Standby is down"]]
    assert found == [
        "whoever picks up is not asked for a key at channels.twilio.voice_screen_url. Paste a new document: "
        "standby doctor --voice-fallback",
        "the document at channels.twilio.voice_screen_url asks for no key. Paste screen.xml again: "
        "standby doctor --voice-fallback",
    ]


def test_a_document_that_cannot_be_read(tmp_path: Path, bins: Bins) -> None:
    config = company(tmp_path, bins)
    (_, told) = checks(config)["when Standby is down"][0]
    assert told == (
        "channels.twilio.voice_fallback_url answers 404. Look at it, and at channels.twilio.auth_token."
    )


def test_nothing_answers_while_standby_is_down(tmp_path: Path, bins: Bins) -> None:
    config = company(tmp_path, bins, hosted=False)
    (_, told), *_ = checks(config)["when Standby is down"]
    assert told == "nobody answers the emergency line. Set it up: standby doctor --voice-fallback"
    checked = CliRunner(env=ENVIRON).invoke(app, ["check", "--config", str(config)])
    assert checked.exit_code == 0
    assert "warning: channels.twilio.voice_fallback_url: not set, so nobody answers" in checked.stdout


def test_a_document_that_is_set_warns_of_nothing(tmp_path: Path, bins: Bins) -> None:
    checked = CliRunner(env=ENVIRON).invoke(app, ["check", "--config", str(company(tmp_path, bins))])
    assert "voice_fallback_url" not in checked.stdout


# ---------------------------------------------------------------- the documents
def test_the_documents_and_what_to_do_with_them(tmp_path: Path, bins: Bins) -> None:
    said = doctor(company(tmp_path, bins, hosted=False), "--voice-fallback")
    assert (said.exit_code, said.stderr) == (0, "")
    assert [said.stdout.count(f"{name}:\n<?xml") for name in ("line.xml", "screen.xml", "accept.xml")] == [
        1
    ] * 3
    assert f"Dialled in this order: {LIN}, " in said.stdout
    assert 'action="ACCEPT_URL"' in said.stdout
    assert "https://desk.example.com/twilio/voice/incoming#rc=5&rp=5xx,ct,rt\n" in said.stdout
    assert "https://desk.example.com/twilio/status\n" in said.stdout
    steps = [line.partition(".")[0] for line in said.stdout.splitlines() if line[:1].isdigit()]
    assert steps == [str(n) for n in range(1, 8)]


def test_once_it_is_set_up_only_the_line_is_pasted_again(tmp_path: Path, bins: Bins) -> None:
    config, folder = company(tmp_path, bins), tmp_path / "documents"
    said = doctor(config, "--voice-fallback", str(folder))
    assert (said.exit_code, said.stderr) == (0, "")
    assert "<?xml" not in said.stdout
    assert f"1. Paste {folder}/line.xml into the TwiML Bin at {bins.url('line')}.\n" in said.stdout
    written = {file.name: file.read_text("utf-8") for file in folder.iterdir()}
    assert set(written) == {"line.xml", "screen.xml", "accept.xml"}
    dials = twiml.dials(written["line.xml"]).dials
    assert dials[0] == (LIN, bins.url("screen"))
    assert {number for number, _ in dials} == {LIN, ADA, ADA_TOO, GRACE}
    assert f'action="{ACCEPT}"' in written["screen.xml"]
    record = ElementTree.fromstring(written["line.xml"]).find("Record")
    assert record is not None and record.get("action") == ACCEPT


def test_what_is_written_is_right_when_it_is_hosted(tmp_path: Path, bins: Bins) -> None:
    config = company(tmp_path, bins)
    told = json.loads(doctor(config, "--voice-fallback", "--json").stdout)
    assert told["numbers"][0] == LIN and told["screened"] is True
    bins.documents["line"] = told["documents"]["line.xml"]
    bins.documents["screen"] = told["documents"]["screen.xml"]
    assert doctor(config).exit_code == 0


def test_wrong_use_is_told(tmp_path: Path, bins: Bins) -> None:
    config = company(tmp_path, bins)
    said = doctor(config, "documents")
    assert (said.exit_code, said.stderr) == (
        2,
        "A folder is for the documents only: standby doctor --voice-fallback documents\n",
    )
    said = doctor(config, "--voice-fallback", str(config))
    assert said.exit_code == 2 and said.stderr.startswith(f"{config} can't be written: ")
