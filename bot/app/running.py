"""What runs units of work, and what is written about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from bot.app.rows import UnitOfWork

T = TypeVar("T")


class Runner(Protocol):
    """Runs a unit of work: on the writer thread in production, at once in tests and in the simulation."""

    def __call__(self, work: Callable[[UnitOfWork], T], /) -> Awaitable[T]: ...


class Log(Protocol):
    """Structured logging: an event name and fields, never texts of people."""

    def __call__(self, event: str, /, **fields: Any) -> None: ...
