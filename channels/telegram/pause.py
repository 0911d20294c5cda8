"""Waiting after a failure: twice as long each time, up to a limit."""

from __future__ import annotations

import asyncio


class Backoff:
    """`first` and `most` in seconds."""

    def __init__(self, first: float = 0.5, most: float = 30.0) -> None:
        self._first, self._most = first, most
        self._next = first

    def reset(self) -> None:
        """It worked."""
        self._next = self._first

    async def wait(self, at_least: float = 0.0) -> None:
        """Wait, and longer the next time."""
        seconds, self._next = max(self._next, at_least), min(self._next * 2, self._most)
        await pause(seconds)


async def pause(seconds: float) -> None:
    """An event that never comes, with a deadline."""
    try:
        await asyncio.wait_for(asyncio.Event().wait(), seconds)
    except TimeoutError:
        return


async def forever() -> None:
    """Until cancelled: a task that has done its work must not end."""
    await asyncio.Event().wait()
