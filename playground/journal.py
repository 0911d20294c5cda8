"""What a person would have seen, said or missed, on every platform, in order."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened. `text` is what a human reads of it; `raw` is the vendor's own form."""

    number: int
    at: dt.datetime
    platform: str
    kind: str
    text: str = ""
    who: str = ""
    to: str = ""
    where: str = ""
    thread: str = ""
    id: str = ""
    raw: Json = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        """Return one readable line, for failure messages."""
        place = "/".join(part for part in (self.where, self.thread) if part)
        parties = f"{self.who}>{self.to}" if self.to else self.who
        text = self.text.replace("\n", " | ")[:120]
        return f"#{self.number} {self.platform} {self.kind} [{parties}] {place} id={self.id} {text!r}"


@dataclass(frozen=True)
class _Waiter:
    predicate: Callable[[Entry], bool]
    found: asyncio.Future[Entry]

    def offer(self, entry: Entry) -> None:
        if self.found.done():
            return
        try:
            if self.predicate(entry):
                self.found.set_result(entry)
        except Exception as error:
            self.found.set_exception(error)


class Journal:
    """Append-only; whoever waits for an entry is woken by it, nothing polls."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        self._now = now
        self._entries: list[Entry] = []
        self._waiters: list[_Waiter] = []

    def __len__(self) -> int:
        """Return how many entries there are: also the number the next one will get."""
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        """Walk all entries in order."""
        return iter(tuple(self._entries))

    def add(self, platform: str, kind: str, **data: Any) -> Entry:
        """Append an entry and wake whoever waits for one like it."""
        entry = Entry(number=len(self._entries), at=self._now(), platform=platform, kind=kind, **data)
        self._entries.append(entry)
        for waiter in tuple(self._waiters):
            waiter.offer(entry)
        return entry

    def entries(self, platform: str | None = None, kind: str | None = None, *, after: int = 0) -> list[Entry]:
        """Return the entries of a platform and kind, from number `after` on."""
        return [
            entry
            for entry in self._entries[after:]
            if platform in (None, entry.platform) and kind in (None, entry.kind)
        ]

    async def wait_for(
        self,
        predicate: Callable[[Entry], bool],
        *,
        timeout: float = 5.0,  # noqa: ASYNC109
        after: int = 0,
    ) -> Entry:
        """Return the first entry from number `after` on that fits, now or within `timeout` real seconds."""
        for entry in self._entries[after:]:
            if predicate(entry):
                return entry
        waiter = _Waiter(predicate, asyncio.get_running_loop().create_future())
        self._waiters.append(waiter)
        try:
            return await asyncio.wait_for(waiter.found, timeout)
        except TimeoutError:
            raise TimeoutError(self._nothing(timeout, after)) from None
        finally:
            self._waiters.remove(waiter)

    def _nothing(self, timeout: float, after: int) -> str:
        last = "\n".join(f"  {entry}" for entry in self._entries[-15:]) or "  (nothing at all)"
        return f"no such entry within {timeout} s (looking from #{after}); the last ones:\n{last}"
