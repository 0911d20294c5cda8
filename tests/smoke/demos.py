"""A demo that is up, and what people see in it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator

from bot.demo.controls import Demo
from bot.demo.hands import Hands
from playground.journal import Entry
from playground.web.controls import Tour

THANDI, ADA = "+27115550100", "+27115550001"
SOON = 10.0
"""Real seconds within which what is to happen at once has happened."""


@contextlib.asynccontextmanager
async def up(speed: float = 0.0) -> AsyncIterator[Demo]:
    demo = Demo(speed=speed, log=lambda event, /, **fields: None)
    await demo.begin()
    try:
        yield demo
    finally:
        await demo.end()


def told(demo: Demo) -> Tour:
    tour = demo.state().tour
    assert tour is not None
    return tour


def seen(demo: Demo, kind: str, *words: str, to: str = "") -> list[Entry]:
    found = demo.world.playground.journal.entries(kind=kind)
    return [e for e in found if (not to or e.to == to) and all(w in e.text for w in words)]


async def sees(demo: Demo, kind: str, *words: str, to: str = "", after: int = 0) -> Entry:
    def fits(e: Entry) -> bool:
        return e.kind == kind and (not to or e.to == to) and all(w in e.text for w in words)

    return await demo.world.playground.journal.wait_for(fits, timeout=SOON, after=after)


async def emergency(demo: Demo) -> Hands:
    hands = Hands(demo.world)
    await hands.writes("thandi", "Our mail server is down, nobody can work")
    await hands.settled()
    await hands.writes("thandi", "1")
    await hands.settled()
    return hands


async def until(demo: Demo, minutes: float) -> None:
    await Hands(demo.world).passes(dt.timedelta(minutes=minutes))
