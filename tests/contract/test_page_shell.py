"""`standby page test`: the command asks the running Standby over its socket, and shows what comes of each way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import page_shell
from bot.app.trust_shell import PageTests
from bot.cli import app
from bot.control import among, ask, reachable
from tests.builders import ADA, ADA_PHONE
from tests.contract.test_oncall_shell import CONFIG, ENVIRON
from tests.contract.test_reload import Company
from tests.fakes.before_night import Night, company, rota, team_of_three, turns

ONE = company(rota(turns("ada", "grace")), people=team_of_three())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG.read_text("utf-8"), "utf-8")
    (tmp_path / "policies").symlink_to(CONFIG.parent / "policies")
    monkeypatch.setattr(page_shell, "PAUSE", 0.01)
    return tmp_path


def standby(folder: Path, *words: str) -> Result:
    config = str(folder / "config.toml")
    return CliRunner(env=ENVIRON).invoke(app, ["page", "test", *words, "--config", config])


class Running(Night):
    """A Standby that can be asked; `steps` happen between two questions, one after the other."""

    steps: list[Callable[[], Any]]

    async def answer(self, question: Any) -> dict[str, Any]:
        tests = PageTests(run=self.run, context=self.bus.context, wake=lambda: None)
        if "page_test_state" in question and self.steps:
            await self.steps.pop(0)()
        told = await among({"page_test": tests.begin, "page_test_state": tests.state})(question)
        await self.settle()
        return dict(told)

    def silent(self, event: str, /, **fields: Any) -> None:
        raise AssertionError(f"{event}: {fields}")

    async def asked(self, folder: Path, *words: str) -> Result:
        async with reachable(folder / "data", self.answer, self.silent):
            return await asyncio.to_thread(standby, folder, *words)


async def running() -> Running:
    it = Running(at=(await Night.begins("2026-11-24T10:00", ONE)).clock.at, people=ONE)
    it.steps = []
    return it


async def test_every_way_is_answered(folder: Path) -> None:
    it = await running()

    async def nothing() -> None: ...

    async def taps() -> None:
        (chat,) = it.seen("slack", ADA)
        await it.taps(ADA, chat.choices[0], via="slack")

    async def writes() -> None:
        (sms,) = it.seen("sms", ADA_PHONE)
        await it.receipt("sms", sms.token, "delivered")
        await it.says(ADA_PHONE, "ok", via="sms")

    async def presses() -> None:
        (call,) = it.seen("call", ADA_PHONE)
        await it.presses(call, "1")

    it.steps = [nothing, taps, writes, presses]
    said = await it.asked(folder, "ada")
    first, *changes = said.stdout.splitlines()
    assert first.startswith("Ada is being tried; the code is ")
    assert changes == [
        "  Slack: sent",
        "  SMS: sent",
        "  Call: sent",
        "  Slack: answered",
        "  SMS: answered",
        "  Call: answered",
    ]
    assert said.exit_code == 0


async def test_what_fails_or_is_not_answered_is_bad_news(folder: Path) -> None:
    it = await running()

    async def fails() -> None:
        (sms,) = it.seen("sms", ADA_PHONE)
        await it.receipt("sms", sms.token, "failed", error="unreachable handset")

    async def time_passes() -> None:
        await it.passes(minutes=2)

    it.steps = [fails, time_passes]
    said = await it.asked(folder, "Ada", "--wait", "2m")
    assert said.stdout.splitlines()[1:] == [
        "  Slack: sent",
        "  SMS: failed (unreachable handset)",
        "  Call: sent",
        "  Slack: not answered",
        "  Call: not answered",
    ]
    assert said.exit_code == 1


async def test_whom_nobody_knows_and_whoever_is_being_tried(folder: Path) -> None:
    it = await running()
    said = await it.asked(folder, "nobody")
    assert (said.exit_code, said.stderr) == (
        1,
        'I know nobody called "nobody"; write one of ada, grace, lin.\n',
    )
    await it.commands(ADA, "page test")
    said = await it.asked(folder, "ada")
    assert said.stderr.startswith("A test page to Ada is running already") and said.exit_code == 1


def test_without_a_running_standby(folder: Path) -> None:
    said = standby(folder, "ada")
    assert (said.exit_code, said.stderr) == (1, "Standby does not run.\n")


@pytest.mark.parametrize("wait", ["soon", "30s", "3h"])
def test_wrong_use(folder: Path, wait: str) -> None:
    said = standby(folder, "ada", "--wait", wait)
    assert said.exit_code == 2 and said.stderr.startswith(f'--wait "{wait}": ')


async def test_a_question_that_nobody_knows_is_told(folder: Path) -> None:
    it = await running()
    async with reachable(folder / "data", it.answer, it.silent):
        told = await asyncio.to_thread(ask, folder / "data", {"page_tset": "ada"}, 5.0)
    assert told == {"done": False, "lines": ["The Standby that runs here does not know this question."]}


async def test_the_built_standby_answers_and_plans_its_chores(tmp_path: Path) -> None:
    company = Company(tmp_path)
    try:
        await company.standby.reload()
        planned = company.standby.store.transact(lambda uow: [chore.name for chore in uow.chores.all()])
        assert {"gaps:standby", "handover:standby", "swaps"} <= set(planned)
        answer = among(company.standby.questions)
        begun = await answer({"page_test": "grace", "wait": 600})
        assert begun["done"] and begun["name"] == "Grace"
        state = await answer({"page_test_state": begun["id"]})
        assert state["ways"] and {way["state"] for way in state["ways"]} == {"waits to be sent"}
        assert await answer({"page_test_state": "none"}) == {"done": True, "over": True, "ways": []}
    finally:
        company.standby.close()
