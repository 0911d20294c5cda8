"""The configuration read again while Standby runs: a whole new one takes the place of the old, or nothing changes."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from bot.app import chores
from bot.app.bus import Log, Runner
from bot.app.context import Context, Setup
from bot.app.facts import DirectoryFacts
from bot.app.ports import Clock, Facts, Wake
from bot.app.rows import StorageError, UnitOfWork
from bot.config import Config, ConfigError
from bot.config.kept import keep, read_earlier, with_earlier
from bot.domain.people import Directory

T = TypeVar("T")


class Latest(Generic[T]):
    """Whoever holds it asks `it`, which a reload replaces."""

    def __init__(self, it: T) -> None:
        self.it = it

    def __getattr__(self, name: str) -> Any:
        return getattr(self.it, name)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reloaded:
    """What came of it: `problems` where it was refused, else what changed and what waits for the next start."""

    problems: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    next_start: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """For the operator."""
        if self.problems:
            return [*self.problems, "Nothing was changed."]
        return [
            "Reloaded.",
            *(f"{policy} is in force, for new tickets" for policy in self.policies),
            *(f"{key} counts from the next start" for key in self.next_start),
        ]


class Reader(Protocol):
    """Whoever goes by the setup in force."""

    setup: Setup


async def fine(config: Config) -> None:
    """Nothing more is looked at."""


@dataclasses.dataclass(kw_only=True)
class Reloader:
    """`started` is what this process was built with, `setup` what is in force, `readers` and `facts` who goes by it."""

    started: Config
    setup: Setup
    facts: Latest[Facts]
    readers: Sequence[Reader]
    wake: Wake
    load: Callable[[], Config]
    run: Runner
    clock: Clock
    log: Log
    count: Callable[[str, str], None]
    examine: Callable[[Config], Awaitable[None]] = fine
    """Raises ConfigError for what is wrong outside of the file: a calendar that can't be used."""
    turn: asyncio.Lock = dataclasses.field(default_factory=asyncio.Lock)

    async def __call__(self) -> Reloaded:
        """Read and apply, one after the other. Raises nothing: what is wrong is logged, counted and answered."""
        async with self.turn:
            try:
                return self._told(await self._reload())
            except ConfigError as error:
                for problem in error.problems:
                    self.log("config_problem", file=problem.file, key=problem.key, message=problem.message)
                return self._refused(error, [str(problem) for problem in error.problems])
            except StorageError as error:
                return self._refused(error, [f"the database can't take it now: {error}"])
            except Exception as error:
                return self._refused(error, [f"it went wrong: {type(error).__name__}: {error}"])

    async def answer(self, question: Any) -> dict[str, Any]:
        """`standby reload` asks with the file that it has checked; another one is not ours to read."""
        if not _is_about(self.started.path, question):
            words = f"The Standby that runs here was started with {self.started.path}."
            return {"done": False, "lines": [words]}
        done = await self()
        return {"done": not done.problems, "lines": done.lines}

    async def _reload(self) -> Reloaded:
        """On threads what takes a while. A version that was ever in force stays known until the next start: a ticket
        may be opened under it while we look which ones are needed."""
        config = await asyncio.to_thread(self.load)
        await self.examine(config)
        earlier = await self.run(lambda uow: keep(uow, config.policy_texts, self.clock.now()))
        before = self.setup.directory
        known = (*before.policies, *before.kept)
        ids = {(policy.name, policy.version) for policy in known}
        unknown = [it for it in earlier if (it.name, it.version) not in ids]
        read = await asyncio.to_thread(read_earlier, unknown, self.log)
        after = with_earlier(config.directory, (*known, *read))
        self._apply(after)
        await chores.plan_all(self.run, self._context, self.log)
        self.wake()
        return Reloaded(policies=_news(before, after), next_start=needs_start(self.started, config))

    def _apply(self, directory: Directory) -> None:
        """On the loop. A unit of work takes its Setup once: it goes by the old directory or by the new one."""
        self.facts.it = DirectoryFacts(directory=directory)
        self.setup = dataclasses.replace(self.setup, directory=directory)
        for reader in self.readers:
            reader.setup = self.setup
        self.wake()

    def _context(self, uow: UnitOfWork) -> Context:
        return Context(uow=uow, now=self.clock.now(), setup=self.setup)

    def _told(self, done: Reloaded) -> Reloaded:
        self.log("reloaded", policies=done.policies, next_start=done.next_start)
        self.count("reloads", "applied")
        return done

    def _refused(self, error: Exception, problems: Sequence[str]) -> Reloaded:
        self.log("reload_refused", error=type(error).__name__, problems=len(problems))
        self.count("reloads", "refused")
        return Reloaded(problems=tuple(problems))


def _is_about(path: Path, question: Any) -> bool:
    asked = question.get("reload") if isinstance(question, dict) else None
    return isinstance(asked, str) and Path(asked).resolve() == path.resolve()


def _news(before: Directory, after: Directory) -> tuple[str, ...]:
    """The policies that are others now."""
    was = {(policy.name, policy.version) for policy in before.policies}
    return tuple(f"{p.name} {p.version}" for p in after.policies if (p.name, p.version) not in was)


def needs_start(started: Config, new: Config) -> tuple[str, ...]:
    """What is read at a start only and is not what this process was started with."""
    was, now = started.bot, new.bot
    compared: dict[str, tuple[object, object]] = {
        "bot.name": (was.name, now.name),
        "bot.listen": (was.address, now.address),
        "bot.public_url": (was.public_url, now.public_url),
        "storage.url": (started.storage_url, new.storage_url),
        "board": (started.board, new.board),
    }
    for name in sorted({*started.channels, *new.channels}):
        compared[f"channels.{name}"] = (started.channels.get(name), new.channels.get(name))
    return tuple(key for key, (before, after) in compared.items() if before != after)
