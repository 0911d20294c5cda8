"""What a channel's folder offers to the rest: one Plugin. Adding a channel is a folder with one, and its line in
bot/wiring.py (docs/add-a-channel.md walks through it)."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import BaseModel
from starlette.routing import Route

from bot.app.ports import Channel, Clock, Facts, Random, Receive
from bot.domain.ids import ChannelName


async def opens_nothing(key: str, recording: str) -> bool:
    """Before any link to a recording was made, no key opens one."""
    return False


@dataclasses.dataclass(frozen=True, kw_only=True)
class World:
    """What every adapter is given. `public_url` has no trailing slash; signatures are checked against it."""

    receive: Receive
    facts: Facts
    clock: Clock
    random: Random
    public_url: str
    count: Callable[[str, str], None] = lambda name, label: None
    """Counts something for /metrics, e.g. count("refused", "slack")."""
    opens_recording: Callable[[str, str], Awaitable[bool]] = opens_nothing
    """Does this key open this recording (bot/app/recording_key.py)? Raises StorageError."""
    may_dial: Callable[[str], str] = lambda number: ""
    """Why an E.164 number must not be called, as bot/domain/dialling.py has it; empty where it may be. Asked before each
    call, since a reload can change it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Adapter:
    """A channel plugged in. `routes` are served by the web app; `tasks` run for ever, supervised and restarted;
    `start` is awaited before them, `stop` after they have ended."""

    channels: Mapping[ChannelName, Channel]
    routes: tuple[Route, ...] = ()
    tasks: Mapping[str, Callable[[], Awaitable[None]]] = dataclasses.field(default_factory=dict)
    start: Callable[[], Awaitable[None]] | None = None
    stop: Callable[[], Awaitable[None]] | None = None
    closing: Callable[[], None] = lambda: None
    """Called first when Standby stops: end what is only being waited for."""
    connected: Callable[[], bool] = lambda: True
    """False while the way in is down (a socket that is not open), for /readyz."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plugin:
    """`name` is the section [channels.NAME]; `provides` the channels that it brings, pages in this order of rank.

    `identity_key` is the key in [[people]] and [[contacts]] that says who they are there; None means `phones`.
    `desk_key` is the key in [[teams]] that names a desk there; None: no desks.
    """

    name: str
    settings: type[BaseModel]
    provides: tuple[ChannelName, ...]
    identity_key: str | None
    desk_key: str | None
    build: Callable[[Any, World], Adapter]
