"""The bot of bot/wiring.py itself, its web server and its adapters, at the stand-ins; only its loops stand still.

What they would do is done by `settle`: whoever is woken looks, until nobody is woken any more. Time moves in `passes`,
from one due instant to the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.responses import Response

from bot.config import load
from bot.wiring import PLUGINS, Standby, build
from playground import Playground
from tests.fakes import line_config
from tests.fakes.line_config import PUBLIC, Layout
from tests.fakes.world import FakeClock, FakeRandom

ROUNDS = 100
"""Looks after which it is plain that it never comes to rest."""
STOPS = 2000
"""So many due instants within one `passes` are a hot loop."""
TICK = dt.timedelta(microseconds=1)
HARMLESS = frozenset(
    {
        "started",
        "stopping",
        "stopped",
        "not_sent",
        "card_not_sent",
        "vendor_down",
        "vendor_up",
        "clock_went_back",
        "reloaded",
        "board_entered",
        "board_refused",
    }
)
"""What may be logged without failing a dialogue: it shows in what people see, too."""


class PowerCut(Exception):
    """The process is dead from here on."""


class RealBot:
    """Start it, let it settle, let time pass, take its power away, start it again on the same files."""

    def __init__(self, folder: Path, play: Playground, clock: FakeClock, layout: Layout) -> None:
        self.play, self.clock, self.folder = play, clock, folder
        self.path = line_config.write(folder, play, layout)
        self.random = FakeRandom()
        self.logged: list[tuple[str, dict[str, Any]]] = []
        self.standby: Standby
        self._up = contextlib.AsyncExitStack()
        self._idle: set[asyncio.Task[Any]] = set()
        self._cut_at = ""

    # ------------------------------------------------------------ up and down
    async def start(self) -> None:
        config = load(self.path, PLUGINS, {})
        self.standby = build(config, clock=self.clock, random=self.random, environ={}, log=self._log)
        self.standby._tasks = list  # type: ignore[method-assign]  # no loops: time is ours
        self._cut_at = ""
        for lane in self.standby.lanes:
            lane.setup = dataclasses.replace(lane.setup, probe=self._probe)
        await self._up.enter_async_context(self.standby.running())
        self.play.bot_url, self.play.public_url = f"http://127.0.0.1:{self.standby.port}", PUBLIC
        self._idle = set(asyncio.all_tasks())

    async def stop(self) -> None:
        """An orderly end. After a power cut nothing is left that could be put in order."""
        await self._up.aclose()

    async def reloads(self, layout: Layout) -> None:
        """`standby reload` with another configuration."""
        line_config.write(self.folder, self.play, layout)
        done = await self.standby.reload()
        assert done.problems == ()

    def cut_power_at(self, point: str) -> None:
        """From now on nothing gets past this point (bot/app/delivery.py names them), until the next start."""
        self._cut_at = point

    def _probe(self, point: str) -> None:
        if point == self._cut_at:
            raise PowerCut(point)

    def _log(self, event: str, /, **fields: Any) -> None:
        self.logged.append((event, fields))

    @property
    def troubles(self) -> list[tuple[str, dict[str, Any]]]:
        return [
            (event, fields)
            for event, fields in self.logged
            if event not in HARMLESS and "PowerCut" not in str(fields.get("error"))
        ]

    @contextlib.asynccontextmanager
    async def while_twilio_is_slow(self, until: str) -> AsyncIterator[None]:
        """What is due has begun; Twilio has done what was asked (a journal entry of the kind `until` is there) and its
        answers come only after the block."""
        gate, answers = self.play.twilio._gate, asyncio.Event()
        prompt = gate.admit

        async def slow(*args: Any, **more: Any) -> Response:
            answer = await prompt(*args, **more)
            await answers.wait()
            return answer

        gate.admit = slow  # type: ignore[method-assign]
        seen = len(self.play.journal)
        settling = asyncio.create_task(self.settle())
        try:
            await self.play.journal.wait_for(lambda e: e.kind == until, after=seen)
            yield
        finally:
            gate.admit = prompt  # type: ignore[method-assign]
            answers.set()
            await settling
        await self.settle()

    # ------------------------------------------------------------ what is due
    async def settle(self) -> None:
        """Everything that is due now has happened, at the vendors too."""
        for _ in range(ROUNDS):
            for lane in self.standby.lanes:
                lane.woken.clear()
            await self.standby.bus.run_due()
            for lane in self.standby.lanes:
                await lane.settle()
            await self._echoes()
            if not any(lane.woken.is_set() for lane in self.standby.lanes):
                return
        raise AssertionError("it never comes to rest: somebody is woken again and again")

    async def _echoes(self) -> None:
        """Callbacks of the vendors and answers beside a webhook's have been made."""
        while True:
            await self.play.settle()
            mine = asyncio.current_task()
            busy = {task for task in asyncio.all_tasks() if task not in self._idle and task is not mine}
            if not busy:
                return
            await asyncio.wait(busy)

    async def passes(self, length: dt.timedelta) -> None:
        """Time goes by, stopping at everything that is due on the way."""
        end = self.clock.at + length
        for _ in range(STOPS):
            due = await self._next()
            if due is None or due > end:
                break
            self.clock.at = max(due, self.clock.at + TICK)
            await self.settle()
        else:
            raise AssertionError(f"more than {STOPS} things are due within {length}: a hot loop")
        self.clock.at = end
        await self.settle()

    async def _next(self) -> dt.datetime | None:
        looks = [await self.standby.bus.run_due()]
        looks += [await lane.run(lane.next_look) for lane in self.standby.lanes]
        return min((at for at in looks if at is not None), default=None)
