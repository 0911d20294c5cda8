"""`standby board`: a link for somebody whom chat does not reach, and the end of sessions."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.control import among, reachable
from bot.wiring import SystemClock
from tests.board.browser import browser, code_in, logged_in
from tests.board.test_deeds import opened
from tests.fakes.line import Line, line


def silent(event: str, /, **fields: Any) -> None:
    raise AssertionError(f"{event}: {fields}")


def standby(t: Line, *words: str) -> Result:
    return CliRunner().invoke(app, ["board", *words, "--config", str(t.bot.path)])


async def asked(t: Line, *words: str) -> Result:
    async with reachable(t.bot.folder / "data", among(t.bot.standby.questions), silent):
        return await asyncio.to_thread(standby, t, *words)


@pytest.mark.parametrize("who", ["ada", "Ada", "U0ADA"])
async def test_a_link_in_the_shell(who: str) -> None:
    async with line() as t, browser(t) as ada:
        said = await asked(t, "--person", who)
        assert (said.exit_code, said.stdout.count("\n")) == (0, 1)
        assert (await ada.enters(code_in(said.stdout))).status_code == 303
        assert ">Ada<" in (await ada.gets("/board/figures")).text


async def test_a_link_while_standby_does_not_run() -> None:
    async with line() as t:
        await t.bot.stop()
        said = await asyncio.to_thread(standby, t, "--person", "ada")
        assert said.exit_code == 0
        t.clock.at = SystemClock().now()  # the shell goes by the machine's
        await t.bot.start()
        async with browser(t) as ada:
            assert (await ada.enters(code_in(said.stdout))).status_code == 303


async def test_whom_it_can_not_be_for() -> None:
    async with line() as t:
        nobody = await asked(t, "--person", "bob")
        assert (nobody.exit_code, nobody.stdout) == (1, "")
        assert 'I know nobody called "bob"; write one of ada, grace, lin, mark.' in nobody.stderr
        for _ in range(5):
            assert (await asked(t, "--person", "ada")).exit_code == 0
        assert "several links" in (await asked(t, "--person", "ada")).stderr
        assert (await asyncio.to_thread(standby, t)).exit_code == 2


async def test_the_end_of_sessions() -> None:
    async with line() as t, logged_in(t) as ada, logged_in(t) as other, logged_in(t, "Grace") as grace:
        async with opened(t, ada) as page:
            assert await anext(page)
            said = await asked(t, "--end-all", "--person", "ada")
            assert (said.exit_code, said.stdout) == (0, "2 sessions ended.\n")
            async with asyncio.timeout(10):
                async for _ in page:
                    pass
        assert [(await it.gets("/board/figures")).status_code for it in (ada, other, grace)] == [
            401,
            401,
            200,
        ]
        assert (await asked(t, "--end-all")).stdout == "1 session ended.\n"
        assert (await grace.gets("/board/figures")).status_code == 401
        assert (await asked(t, "--end-all", "--person", "gone")).stdout == "0 sessions ended.\n"
