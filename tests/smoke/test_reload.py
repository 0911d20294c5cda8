"""`standby reload`, SIGHUP and `standby export` against the process itself; tickets keep the policy they began with."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import os
import re
import signal
import sys
from typing import Any
from zoneinfo import ZoneInfo

from bot.control import ask
from bot.demo import stage as st
from tests.smoke.conftest import ROOT, Bot

ZONE = ZoneInfo("Africa/Johannesburg")


async def _standby(bot: Bot, command: str) -> tuple[int, str]:
    """A command on the bot's configuration: its exit code and what it prints."""
    env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    env |= st.environ(bot.playground) | {"PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", command, "--config", str(bot.folder / "config.toml"),
        cwd=bot.folder, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, said.decode()


def _promise(bot: Bot, respond: str) -> None:
    """Emergencies are answered within this from now on; the first target in the file."""
    file = bot.folder / "policy.toml"
    text = re.sub(r'(?m)^respond = ".*?"', f'respond = "{respond}"', file.read_text("utf-8"), count=1)
    file.write_text(text, "utf-8")


async def _opens(bot: Bot, words: str, id: str) -> Any:
    """The card of a new emergency."""
    answer = await bot.playground.twilio.whatsapp_says(st.THANDI, words, to=st.WHATSAPP)
    assert answer.ok
    return await bot.playground.journal.wait_for(
        lambda e: (
            e.platform == "slack"
            and e.where == st.DESK
            and e.kind == "message"
            and not e.thread
            and id in e.text
        ),
        timeout=15,
    )


async def _exported(bot: Bot) -> list[dict[str, Any]]:
    code, said = await _standby(bot, "export")
    assert code == 0, said
    assert "Thandi" not in said and "mail server" not in said, "no names and no texts"
    return [json.loads(line) for line in said.splitlines()]


def _due(ticket: dict[str, Any], hours: int) -> str:
    at = dt.datetime.fromisoformat(ticket["opened"]) + dt.timedelta(hours=hours)
    return f"by {at.astimezone(ZONE):%H:%M}"


async def test_tickets_keep_the_version_they_were_opened_under(bot: Bot) -> None:
    await bot.start()
    first = await _opens(bot, "urgent Our mail server is down", "MIT-1001")
    assert "1 h left" in first.text

    _promise(bot, "4h")
    code, said = await _standby(bot, "reload")
    assert code == 0 and said.startswith("Reloaded.\nmanaged-it "), said
    second = await _opens(bot, "new: urgent now the mail server of the shop is down", "MIT-1002")
    assert "4 h left" in second.text
    one, two = await _exported(bot)
    assert (one["id"], two["id"]) == ("MIT-1001", "MIT-1002")
    assert one["policy_version"] != two["policy_version"]

    _promise(bot, "4 fortnights")
    refused = await _standby(bot, "reload")
    assert refused == await _standby(bot, "check")
    assert refused[0] == 1 and "policy.toml: severity[0].respond" in refused[1]
    assert bot.process is not None
    bot.process.send_signal(signal.SIGHUP)
    config = str(bot.folder / "config.toml")
    answer = await asyncio.to_thread(ask, bot.folder / "data", {"reload": config}, 30.0)
    assert answer == {"done": False, "lines": [refused[1].rstrip("\n"), "Nothing was changed."]}
    assert '"key": "severity[0].respond"' in bot.log()
    assert 'standby_events_total{label="reloads:refused"}' in (await bot.get("/metrics")).text
    third = await _opens(bot, "new: urgent and the mail server at home is down", "MIT-1003")
    assert "4 h left" in third.text, "what was in force before the mistake still is"

    await bot.kill()
    _promise(bot, "2h")
    await bot.start()
    mark = len(bot.playground.journal)
    for id, card, hours in (("MIT-1001", first, 1), ("MIT-1002", second, 4)):
        await bot.playground.slack.command(st.ADA, st.DESK, "/standby", f"take {id}")
        shown = await bot.playground.journal.wait_for(
            lambda e, c=card: e.kind == "edited" and e.id == c.id and "· Ada" in e.text,
            timeout=15,
            after=mark,
        )
        ticket = next(t for t in await _exported(bot) if t["id"] == id)
        assert _due(ticket, hours) in shown.text, shown.text
    fourth = await _opens(bot, "new: urgent the last mail server is down", "MIT-1004")
    assert "2 h left" in fourth.text
    assert await bot.stop() == 0
    assert "policy_version_" not in bot.log(), "every version that was needed was there"


async def test_nobody_runs(bot: Bot) -> None:
    await bot.start()
    pid = (bot.folder / "data" / "standby.pid").read_text("utf-8")
    assert bot.process is not None and int(pid) == bot.process.pid
    await bot.kill()
    assert (bot.folder / "data" / "standby.sock").exists(), "a killed process leaves it behind"
    assert await _standby(bot, "reload") == (1, "Standby does not run.\n")
    await bot.start()
    assert await _standby(bot, "reload") == (0, "Reloaded.\n")
    bot.process.send_signal(signal.SIGTERM)
    for _ in range(20):
        if bot.process.returncode is None:
            bot.process.send_signal(signal.SIGHUP)
    assert await bot.died() == 0, "a SIGHUP during the stop does no harm"
    assert not list((bot.folder / "data").glob("standby.[ps]*")), "what said that it runs is gone"
    assert await _standby(bot, "reload") == (1, "Standby does not run.\n")
