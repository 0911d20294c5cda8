"""What changed since somebody looked, screen by screen: from the journal and the controls, without asking again and again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from playground.journal import Entry
from playground.web.controls import Cast, Controls
from playground.world import Playground

EVERYTHING = "*"
"""The pane of an event after which all of them are to be fetched."""
HEARTBEAT = 15.0
"""Real seconds after which silence is broken, so that a browser (and we) notice a dead line."""
PHONES = ("customer", "engineer", "telephone")
LETTERS = ("said", "whatsapp", "sms", "message", "status")


@dataclass(frozen=True, kw_only=True)
class World:
    """One playground and who runs it; `run` tells it from any other, before a policy's change or a new start."""

    play: Playground
    controls: Controls
    run: str
    memory: dict[str, Any] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Where the journal ends now: the id of an event."""
        return f"{self.run}.{len(self.play.journal)}"


def since(mark: str, world: World) -> int | None:
    """The number of the first entry after a mark; None where it is of another playground."""
    run, _, number = mark.rpartition(".")
    if run != world.run or not (number.isascii() and number.isdigit()):
        return None
    return min(int(number[:12]), len(world.play.journal))


def panes_of(entries: Iterable[Entry], cast: Cast) -> list[str]:
    """Which screens look different after these."""
    found: dict[str, None] = {}
    for entry in entries:
        found |= dict.fromkeys(_panes(entry, cast))
    return list(found)


def _panes(entry: Entry, cast: Cast) -> Iterable[str]:
    """A letter is seen on its two phones only; a call may be heard on several."""
    if entry.platform != "twilio":
        return (entry.platform,)
    if entry.kind not in LETTERS:
        return PHONES
    numbers = {n.removeprefix("whatsapp:") for n in (entry.who, entry.to, entry.where)}
    theirs = [
        name
        for name, people in (("customer", cast.customers), ("engineer", cast.engineers))
        if any(person.phone in numbers for person in people if person.phone)
    ]
    return theirs or PHONES


async def events(current: Callable[[], World], after: str) -> AsyncIterator[bytes]:
    """One small event a changed screen, as long as somebody listens."""
    world = current()
    seen, turn = since(after, world), 0
    yield b"retry: 1000\n\n"
    while True:
        if world is not current() or seen is None:
            world, turn = current(), 0
            seen = len(world.play.journal)
            yield _event(EVERYTHING, world.mark, seen)
        changed, news = await _news(world, seen, turn)
        if world is not current():
            continue
        entries = world.play.journal.entries(after=seen)
        seen += len(entries)
        panes = panes_of(entries, world.controls.state().cast)
        if changed is not None and changed != turn:
            turn = changed
            panes += ["bar", "tour"]
        for pane in panes:
            yield _event(pane, f"{world.run}.{seen}", seen)
        if not news:
            yield b": still here\n\n"


async def _news(world: World, seen: int, turn: int) -> tuple[int | None, bool]:
    """Wait for an entry, for the controls, or for the heartbeat: the controls' number if it rose, and whether anything
    came."""
    entry = asyncio.ensure_future(
        world.play.journal.wait_for(lambda _: True, timeout=HEARTBEAT * 2, after=seen)
    )
    control = asyncio.ensure_future(world.controls.changed(turn))
    try:
        done, _ = await asyncio.wait((entry, control), timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        return (control.result() if control in done else None), bool(done)
    finally:
        entry.cancel()
        control.cancel()
        await asyncio.gather(entry, control, return_exceptions=True)


def _event(pane: str, mark: str, at: int) -> bytes:
    return f"id: {mark}\ndata: {json.dumps({'pane': pane, 'at': at})}\n\n".encode()
