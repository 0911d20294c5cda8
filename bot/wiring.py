"""The composition root: the only module that names concrete adapters, and the only one that reads the system clock."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import gc
import os
import secrets
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, cast

import prometheus_client

from bot.app import chores, delivery
from bot.app.board_shell import BoardShell
from bot.app.breaker import Breaker
from bot.app.bus import Bus, Log, Runner
from bot.app.context import Setup
from bot.app.delivery import Lane
from bot.app.facts import DirectoryFacts
from bot.app.fallback_watch import FallbackWatch
from bot.app.ports import Channel, Clock, Facts, Overloaded, Probe, Random
from bot.app.recording_key import opener
from bot.app.rows import StorageError, Store
from bot.app.trust_shell import PageTests
from bot.board import routes as board_routes
from bot.board.access import Access
from bot.board.routes import Board
from bot.board.templating import environment
from bot.board.viewer import House
from bot.calendars.check import examine
from bot.calendars.feed import Feed
from bot.calendars.refresh import Calendars
from bot.config import Config, load
from bot.config.kept import at_start
from bot.control import Answer
from bot.domain.dialling import refusal
from bot.reload import Latest, Reloader
from bot.telemetry import Metrics, logger
from bot.ticker import Ticker
from channels import console, slack, telegram, twilio
from channels.adapter import Adapter, Plugin, World
from channels.twilio import fallback
from channels.web import build_web, serve
from storage.engine import open_store
from storage.threads import threaded

PLUGINS: tuple[Plugin, ...] = (
    slack.plugin,
    telegram.plugin,
    twilio.plugin,
    console.plugin,
)
"""Every channel there is. A new one is one more line here."""

GRACE = 10.0
"""Seconds that a stop gives to what is on its way."""


class SystemClock:
    """This machine's time; `speed` above 1 lets a demo's minutes pass in seconds."""

    def __init__(self, speed: float = 1.0, start: dt.datetime | None = None) -> None:
        self.speed = speed
        self._began = time.monotonic()
        self._start = start or dt.datetime.now(dt.UTC)
        self._own = speed != 1.0 or start is not None

    def now(self) -> dt.datetime:
        if not self._own:
            return dt.datetime.now(dt.UTC)
        return self._start + dt.timedelta(seconds=(time.monotonic() - self._began) * self.speed)

    def real_seconds_until(self, at: dt.datetime) -> float:
        return max((at - self.now()).total_seconds() / self.speed, 0.0)

    def jump(self, length: dt.timedelta) -> None:
        """A demo's time passes at once."""
        self._start = self.now() + length
        self._began, self._own = time.monotonic(), True


class SystemRandom:
    """The operating system's randomness."""

    def token(self) -> str:
        return secrets.token_urlsafe(16)

    def below(self, n: int) -> int:
        return secrets.randbelow(n)


def crash_probe(environ: Mapping[str, str]) -> Probe:
    """For crash tests: `STANDBY_CRASH_AT=out.after_send` (`:2` for the second time) dies there as a power cut would."""
    wanted = environ.get("STANDBY_CRASH_AT", "")
    if not wanted:
        return lambda point: None
    point, _, count = wanted.partition(":")
    left = [int(count or 1)]

    def probe(here: str) -> None:
        if here == point:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return probe


@dataclasses.dataclass(kw_only=True)
class Standby:
    """The whole running thing."""

    config: Config
    clock: Clock
    store: Store
    run: Runner
    bus: Bus
    adapters: Mapping[str, Adapter]
    lanes: tuple[Lane, ...]
    ticker: Ticker
    calendars: Calendars
    fallback: FallbackWatch
    metrics: Metrics
    log: Log
    reload: Reloader
    board: Board
    end_storage: Callable[[], None]
    alive: dict[str, bool] = dataclasses.field(default_factory=dict)
    port: int = 0

    def close(self) -> None:
        """End the storage's threads and let go of the database."""
        self.end_storage()
        self.store.close()

    @property
    def questions(self) -> dict[str, Answer]:
        """What commands may ask the running process."""
        tests = PageTests(run=self.run, context=self.bus.context, wake=self.wake)
        board = BoardShell(run=self.run, context=self.bus.context, ended=self.board.streams.end_all)
        return {"reload": self.reload.answer, "page_test": tests.begin, "page_test_state": tests.state} | {
            "board": board.link,
            "board_end": board.end,
        }

    def wake(self) -> None:
        for lane in self.lanes:
            lane.wake()
        self.ticker.wake()
        self.board.hub.wake()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Up and serving inside the block; on leaving it, nothing new is taken and what is on its way ends."""
        found = await self.run(lambda uow: delivery.recover(uow, self.clock.now()))
        self.log("started", channels=sorted(self.adapters), unknown_outcomes=found)
        await chores.plan_all(self.run, self.bus.context, self.log)
        web = serve(self._web(), *self.config.bot.address)
        await web.start()
        self.port = web.port
        for name, adapter in self.adapters.items():
            await self._start_adapter(name, adapter)
        tasks = self._tasks()
        try:
            yield
        finally:
            self.log("stopping")
            for adapter in self.adapters.values():
                adapter.closing()
            self.board.streams.close()
            await web.stop(GRACE)
            await asyncio.gather(*(lane.drain(GRACE) for lane in self.lanes))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for adapter in self.adapters.values():
                if adapter.stop is not None:
                    await adapter.stop()
            self.close()
            self.log("stopped")

    async def _start_adapter(self, name: str, adapter: Adapter) -> None:
        """A vendor that is away at the start keeps nobody else from starting."""
        if adapter.start is None:
            return
        try:
            await adapter.start()
        except Exception as error:
            self.log("channel_start_failed", channel=name, error=f"{type(error).__name__}: {error}")

    def _tasks(self) -> list[asyncio.Task[None]]:
        work: dict[str, Callable[[], Awaitable[None]]] = {"ticker": self.ticker.forever}
        work["calendars"] = self.calendars.forever
        work["board"] = self.board.hub.forever
        work["fallback"] = self.fallback.forever
        work |= {f"lane:{lane.name}": lane.forever for lane in self.lanes}
        for adapter in self.adapters.values():
            work |= adapter.tasks
        return [asyncio.create_task(self._supervise(name, task), name=name) for name, task in work.items()]

    async def _supervise(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """A task that dies is started again, a little later each time, and counted."""
        pause = 0.5
        while True:
            self.alive[name] = True
            began = time.monotonic()
            try:
                await work()
                self.alive[name] = False
                return
            except Exception as error:
                self.alive[name] = False
                self.metrics.count("restarts", name)
                self.log("task_died", task=name, error=f"{type(error).__name__}: {error}")
            pause = 0.5 if time.monotonic() - began > 60 else min(pause * 2, 30.0)
            await asyncio.sleep(pause)

    def _web(self) -> Any:
        routes = [route for adapter in self.adapters.values() for route in adapter.routes]
        routes.append(Feed(run=self.run, setup=lambda: self.reload.setup, clock=self.clock).route)
        routes += self.board.routes
        return build_web(routes, health=lambda: {"status": "ok"}, ready=self.ready, metrics=self.metrics.page)

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Can it page? The database takes writes, the loops live, and a channel that can page is connected."""
        dead = sorted(name for name, alive in self.alive.items() if not alive)
        apart = sorted(name for name, adapter in self.adapters.items() if not adapter.connected())
        paging = [
            name
            for name, adapter in self.adapters.items()
            if name not in apart and any(c.capabilities.pages for c in adapter.channels.values())
        ]
        fine = self.metrics.storage_ok and not dead and bool(paging)
        state = {"storage": self.metrics.storage_ok, "dead": dead, "disconnected": apart, "paging": paging}
        return fine, {"ready": fine, **state}


def build(
    config: Config,
    *,
    clock: Clock | None = None,
    random: Random | None = None,
    environ: Mapping[str, str] | None = None,
    log: Log | None = None,
) -> Standby:
    """Everything wired, nothing started. Raises StorageError where the database can't be opened."""
    clock, random, log = clock or SystemClock(), random or SystemRandom(), log or logger()
    surroundings = os.environ if environ is None else environ
    metrics = Metrics(prometheus_client.CollectorRegistry())
    store = open_store(config.storage_url)
    directory = at_start(store, config.policy_texts, config.directory, clock.now(), log)
    runner, end_storage = threaded(store)
    run = metrics.watched(runner)
    facts: Latest[Facts] = Latest(DirectoryFacts(directory=directory))
    bus_slot: list[Bus] = []

    async def receive(inbound: Any) -> Any:
        metrics.count("received", f"{inbound.channel}:{type(inbound).__name__}")
        return await bus_slot[0].receive(inbound)

    world = World(
        receive=receive,
        facts=cast(Facts, facts),
        clock=clock,
        random=random,
        public_url=config.bot.public_url,
        count=metrics.count,
        opens_recording=opener(run),
        may_dial=lambda number: refusal(number, bus_slot[0].setup.directory.hotline),
    )
    adapters = {p.name: p.build(config.channels[p.name], world) for p in PLUGINS if p.name in config.channels}
    channels: dict[Any, Channel] = {n: c for a in adapters.values() for n, c in a.channels.items()}
    breakers = {name: Breaker() for name in adapters}
    breaker_of = {channel: breakers[name] for name, a in adapters.items() for channel in a.channels}
    setup = Setup(
        directory=directory,
        capabilities={name: channel.capabilities for name, channel in channels.items()},
        random=random,
        probe=crash_probe(surroundings),
        down=lambda channel: channel in breaker_of and breaker_of[channel].is_open(clock.now()),
        public_url=config.bot.public_url,
    )
    wakes: list[Callable[[], None]] = []

    def wake() -> None:
        for loop in wakes:
            loop()

    bus = Bus(run=run, setup=setup, clock=clock, wake=wake, log=log)
    bus_slot.append(bus)
    lanes = tuple(
        Lane(
            name=name,
            channels=adapter.channels,
            run=run,
            setup=setup,
            clock=clock,
            log=log,
            count=metrics.count,
            wake_all=wake,
            breaker=breakers[name],
        )
        for name, adapter in adapters.items()
    )
    ticker = Ticker(bus=bus, clock=clock, wall=lambda: dt.datetime.now(dt.UTC), log=log)
    calendars = Calendars(setup=setup, run=run, clock=clock, wake=wake, log=log)
    read, screen_url = fallback.watched(config.channels.get("twilio"))
    watch = FallbackWatch(
        read=read, screen_url=screen_url, setup=setup, run=run, clock=clock, wake=wake, log=log
    )
    reloader = Reloader(
        started=config,
        setup=setup,
        facts=facts,
        readers=(bus, *lanes, calendars, watch),
        wake=wake,
        load=lambda: load(config.path, PLUGINS, surroundings),
        examine=lambda new: examine(new, clock.now()),
        run=run,
        clock=clock,
        log=log,
        count=metrics.count,
    )
    house = House(run=run, setup=lambda: reloader.setup, clock=clock, log=log, wake=wake)
    access = Access(house=house, idle=config.board.idle, absolute=config.board.absolute)
    standby = Standby(
        config=config,
        clock=clock,
        store=store,
        run=run,
        bus=bus,
        adapters=adapters,
        lanes=lanes,
        ticker=ticker,
        calendars=calendars,
        fallback=watch,
        metrics=metrics,
        log=log,
        reload=reloader,
        board=board_routes.built(
            house=house,
            public_url=config.bot.public_url,
            access=access,
            templates=environment(),
        ),
        end_storage=end_storage,
    )
    wakes.append(standby.wake)
    gc.collect()
    gc.freeze()  # what is built lives as long as we do: the collector need not look at it ever again
    return standby


__all__ = ["PLUGINS", "Overloaded", "Standby", "StorageError", "SystemClock", "SystemRandom", "build"]
