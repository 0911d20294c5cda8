"""Commands that look into the database beside a running Standby. They write nothing."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import logging
import os
import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import typer

from bot.app.context import Context, Setup
from bot.app.facts import DirectoryFacts
from bot.app.ports import Capabilities, Outcome
from bot.app.rows import StorageError, Store, UnitOfWork
from bot.config import Config, ConfigError, load
from bot.config.kept import keep, read_earlier, with_earlier
from bot.domain.ids import ChannelName
from bot.wiring import PLUGINS, SystemClock, SystemRandom
from channels.adapter import World
from storage.engine import file_of, is_sqlite, open_store
from storage.memory import MemoryStore

T = TypeVar("T")
DEFAULT = Path("config.toml")


def configured(path: Path) -> Config:
    """The configuration; every mistake is told, and the command ends with 1."""
    try:
        return load(path, PLUGINS, os.environ)
    except ConfigError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        mistakes = "1 mistake" if len(error.problems) == 1 else f"{len(error.problems)} mistakes"
        print(f"{path}: {mistakes}", file=sys.stderr)
        raise typer.Exit(1) from None


def seen(config: Config, now: dt.datetime, look: Callable[[Context], T]) -> T:
    """What `look` finds in the database, in one transaction. Raises StorageError."""
    return _looked(open_store(config.storage_url, alone=False), config, now, look)


def seen_or_configured(config: Config, now: dt.datetime, look: Callable[[Context], T]) -> T:
    """The same; where there is no database (yet), what the configuration alone says. A database that can't be read is
    told on standard error."""
    try:
        return seen(config, now, look)
    except StorageError as error:
        if not is_sqlite(config.storage_url) or file_of(config.storage_url).exists():
            print(f"By the configuration alone, since the database can't be read: {error}", file=sys.stderr)
        return _looked(MemoryStore(), config, now, look)


def _looked(store: Store, config: Config, now: dt.datetime, look: Callable[[Context], T]) -> T:
    with contextlib.closing(store):
        return store.transact(lambda uow: look(_context(config, uow, now)))


def _context(config: Config, uow: UnitOfWork, now: dt.datetime) -> Context:
    """With the versions of policies that tickets were opened under, as the running bot has them."""
    directory = with_earlier(config.directory, read_earlier(keep(uow, (), now), _unlogged))
    setup = Setup(directory=directory, capabilities=_capabilities(config), random=SystemRandom())
    return Context(uow=uow, now=now, setup=setup)


def _unlogged(event: str, /, **fields: Any) -> None:
    """The running bot has said it."""


def _capabilities(config: Config) -> dict[ChannelName, Capabilities]:
    """What each configured channel can do. Nothing is connected, and vendors' libraries have nothing to say to that."""
    world = World(
        receive=_receive,
        facts=DirectoryFacts(directory=config.directory),
        clock=SystemClock(),
        random=SystemRandom(),
        public_url=config.bot.public_url,
    )
    logging.disable()
    try:
        adapters = [p.build(config.channels[p.name], world) for p in PLUGINS if p.name in config.channels]
    finally:
        logging.disable(logging.NOTSET)
    return {name: channel.capabilities for a in adapters for name, channel in a.channels.items()}


async def _receive(inbound: Any) -> Outcome:
    """No adapter is started."""
    raise RuntimeError("nothing is connected, so nothing comes in")


def plain(value: Any, zone: ZoneInfo) -> Any:
    """A value of the domain for JSON: instants as local ISO times of `zone`, lengths in seconds."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name), zone) for f in dataclasses.fields(value)}
    if isinstance(value, dt.datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [plain(item, zone) for item in value]
    return value


def wrong_use(message: str) -> typer.Exit:
    """Told on standard error; exit code 2."""
    print(message, file=sys.stderr)
    return typer.Exit(2)


def bad_news(message: str) -> typer.Exit:
    """Told on standard error; exit code 1."""
    print(message, file=sys.stderr)
    return typer.Exit(1)


def instant_of(text: str, zone: dt.tzinfo) -> dt.datetime:
    """An ISO time; without an offset local to `zone`. Anything else ends the command with 2."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise wrong_use(f'"{text}" is no time; write it as 2026-11-23T02:00') from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(dt.UTC)
