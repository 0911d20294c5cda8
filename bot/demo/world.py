"""One company that is up: its clock, the stand-ins and the bot between them, which can be killed and started again."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.app.rows import UnitOfWork
from bot.config import load
from bot.demo import stage as st
from bot.demo.casts import SMS, VOICE, WHATSAPP, Company
from bot.demo.clock import SHORT, PlayClock
from bot.demo.company_config import furnish, written
from bot.demo.faults import Troubles
from bot.wiring import PLUGINS, Standby, build
from playground import Playground
from playground.courier import Delivered
from playground.journal import Entry
from playground.twilio.legs import Leg
from storage import schema

Log = Callable[..., None]

STILL = 0.06
"""Real seconds without anything new after which what was under way has come to its end."""
STILL_AT_MOST = 8.0
RINGS = 60.0
"""Seconds that a phone rings where the bot does not say how long."""


class World:
    """`bot` is `up`, `starting` or `down`. Everything is in a folder that goes with it."""

    def __init__(self, company: Company, start: dt.datetime, speed: float, log: Log | None) -> None:
        self.company, self.clock, self._log = company, PlayClock(start, speed), log
        self.playground = Playground(now=self.clock.now)
        self.playground.twilio.whatsapp_number, self.playground.twilio.sms_number = WHATSAPP, SMS
        self.playground.twilio.phones.number = VOICE
        self._under_way = 0
        self._model_delays()
        self.troubles = Troubles(self.playground, self.clock)
        self.bot = "down"
        self.standby: Standby | None = None
        self.port = _free_port()
        self._folder = tempfile.TemporaryDirectory(prefix="standby-demo-")
        self._running: asyncio.Task[None] | None = None
        self._ringing: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()

    @property
    def url(self) -> str:
        """Where the bot listens, also after it was started again."""
        return f"http://127.0.0.1:{self.port}"

    def _model_delays(self) -> None:
        """What the stand-ins model as time passes by the demo's clock; and what they send is counted while it lasts."""
        courier = self.playground._stage.courier
        post, pause = courier.post, self.clock.pause

        async def counted(*what: Any, **more: Any) -> Delivered:
            with self._counting():
                return await post(*what, **more)

        async def modelled(seconds: float) -> None:
            with self._counting() if seconds < SHORT else contextlib.nullcontext():
                await pause(seconds)

        courier.post, courier.pause = counted, modelled  # type: ignore[method-assign]

    @contextlib.contextmanager
    def _counting(self) -> Iterator[None]:
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    # ------------------------------------------------------------ up and down
    async def begin(self) -> None:
        """All up, or nothing left behind."""
        try:
            await self.playground.start()
            furnish(self.company, self.playground)
            self.playground.bot_url = self.playground.public_url = self.url
            self._ringing = asyncio.create_task(self._patience_ends(), name="demo:phones")
            await self.start_bot()
        except BaseException:
            await self.end()
            raise

    async def start_bot(self) -> None:
        """On the database as it is."""
        if self._running is not None:
            return
        self.bot = "starting"
        folder = Path(self._folder.name)
        path = written(folder, self.company, self.playground, port=self.port)
        config = load(path, PLUGINS, st.environ(self.playground))
        await asyncio.to_thread(schema.upgrade, config.storage_url)
        standby = build(config, clock=self.clock, log=self._log)
        self._stop, up = asyncio.Event(), asyncio.Event()
        self._running = asyncio.create_task(self._run(standby, up), name="demo:bot")
        waiting = asyncio.create_task(up.wait())
        await asyncio.wait((self._running, waiting), return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._running.done():
            failed, self._running, self.bot = self._running, None, "down"
            failed.result()
        self.standby, self.bot = standby, "up"
        self.clock.woken = standby.wake

    async def _run(self, standby: Standby, up: asyncio.Event) -> None:
        async with standby.running():
            up.set()
            await self._stop.wait()

    async def stop_bot(self, *, killed: bool = False) -> None:
        """As a power cut would, where it is `killed`: what was on its way stays unknown, as at any crash."""
        running, standby = self._running, self.standby
        self._running = self.standby = None
        self.clock.woken, self.bot = lambda: None, "down"
        if running is None:
            return
        if killed and standby is not None:
            on_their_way = [task for lane in standby.lanes for task in lane.sending]
            for task in on_their_way:
                task.cancel()
            await asyncio.gather(*on_their_way, return_exceptions=True)
        self._stop.set()
        await running

    async def end(self) -> None:
        """Nothing is left, whatever goes wrong meanwhile."""
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(self._folder.cleanup)
            stack.push_async_callback(self.playground.stop)
            stack.push_async_callback(self.stop_bot, killed=True)
            if self._ringing is not None:
                self._ringing.cancel()
                await asyncio.gather(self._ringing, return_exceptions=True)

    # ------------------------------------------------------------ what nobody does by hand
    async def _patience_ends(self) -> None:
        """A phone that nobody picks up stops ringing when the caller's patience ends."""
        seen = 0
        async with asyncio.TaskGroup() as group:
            while True:
                entry = await self.playground.journal.wait_for(_rings, timeout=10**8, after=seen)
                seen = entry.number + 1
                leg = self.playground.twilio.phones.legs.get(entry.id)
                if leg is not None and leg.person.by_hand and not leg.inbound:
                    group.create_task(self._rings_out(leg))

    async def _rings_out(self, leg: Leg) -> None:
        waits = (
            asyncio.ensure_future(self.clock.until(self.clock.now() + dt.timedelta(seconds=_patience(leg)))),
            asyncio.ensure_future(
                self.playground.journal.wait_for(
                    lambda e: e.id == leg.sid and leg.status != "ringing", timeout=10**8
                )
            ),
        )
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        with contextlib.suppress(ValueError):
            if leg.status == "ringing":
                await self.playground.twilio.phones.lets_ring(leg)

    # ------------------------------------------------------------ waiting
    async def settled(self) -> None:
        """Until nothing new happens and the bot has nothing under way."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STILL_AT_MOST):
                while await self._is_something_new() or await self._is_busy():
                    continue

    async def _is_something_new(self) -> bool:
        try:
            await self.playground.journal.wait_for(
                lambda e: True, timeout=STILL, after=len(self.playground.journal)
            )
        except TimeoutError:
            return False
        return True

    async def _is_busy(self) -> bool:
        standby = self.standby
        if self._under_way:
            return True
        if standby is None:
            return False
        names = [name for lane in standby.lanes for name in lane.names]
        now = self.clock.now()

        def is_due(uow: UnitOfWork) -> bool:
            card = uow.cards.next_due(names)
            put = card is not None and card <= now and all(lane.pace.may_put(now) for lane in standby.lanes)
            due = put or uow.timers.due(now, 1) or uow.outbox.claim(names, now, 1)
            return bool(due or uow.outbox.unsettled() or uow.cards.unsettled())

        return await standby.run(is_due) or any(lane.sending for lane in standby.lanes)

    async def board_link(self) -> str:
        """A link into the bot's board for the first of the desk, good once. Raises ValueError."""
        if self.standby is None:
            raise ValueError("The bot is down, and its board with it. Start it again first.")
        answer: Mapping[str, Any] = await self.standby.questions["board"](
            {"board": self.company.colleagues[0].id}
        )
        if not answer["done"]:
            raise ValueError(" ".join(answer["lines"]))
        return str(answer["lines"][0])


def _rings(entry: Entry) -> bool:
    return entry.kind == "call_rings"


def _patience(leg: Leg) -> float:
    if leg.of is not None:
        return float(leg.of.step.timeout)
    return float(leg.call["request"].get("Timeout") or RINGS)


def _free_port() -> int:
    """Kept by nobody now; the bot takes it again when it is started anew."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
