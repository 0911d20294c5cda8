"""What the board costs: 2,000 open tickets, 50 browsers watching.

The first page, when nobody has looked for a while: everything is read from an SQLite file on the writer's thread, in small
units of work, and put into words. Gate: 1 s. The same page again, and the longest that another unit of work waited while the
first was made (no page may ever wait for the board). Then updates, one note at a time: bytes for each browser, and CPU for
all 50 of them together, the note's own included. Gates: 4 kB, 20 ms.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import uvloop

from benchmarks.paging import directory
from bot.app.context import Context, Setup
from bot.app.customers import open_for
from bot.app.ports import Capabilities
from bot.app.record import carry_out
from bot.app.rows import Store, UnitOfWork
from bot.board.hub import Hub
from bot.board.pages import Pages
from bot.board.stream import Stream
from bot.board.templating import environment
from bot.board.viewer import House, Viewer
from bot.domain import commands as cmd
from bot.domain.events import Actor, By
from bot.domain.ids import Address, ChannelName, TeamName, TicketId
from bot.wiring import SystemClock, SystemRandom
from storage import schema
from storage.engine import open_store
from storage.threads import threaded

TICKETS, WATCHERS, UPDATES = 2000, 50, 100
GATE_FIRST, GATE_BYTES, GATE_CPU = 1.0, 4000, 20e-3
"""Seconds, bytes, seconds."""
SLACK, SMS, WHATSAPP = ChannelName("slack"), ChannelName("sms"), ChannelName("whatsapp")
WORDS = "Our mail server is down since this morning and nobody at the clinic can work, please call back"


def desk(store: Store) -> Setup:
    """Tickets of every severity, opened over a day, a third of them taken."""
    setup = Setup(
        directory=directory(),
        capabilities={
            SLACK: Capabilities(label="Slack", text_limit=3000, cards=True, pages=True),
            SMS: Capabilities(label="SMS", text_limit=1500, pages=True),
            WHATSAPP: Capabilities(label="WhatsApp", text_limit=1500),
        },
        random=SystemRandom(),
    )
    now = dt.datetime.now(dt.UTC)
    for first in range(0, TICKETS, 100):
        store.transact(lambda uow, first=first: _opened(uow, setup, now, range(first, first + 100)))  # type: ignore[misc]
    return setup


def _opened(uow: UnitOfWork, setup: Setup, now: dt.datetime, numbers: range) -> None:
    contacts, people = setup.directory.contacts, setup.directory.people
    severities = setup.directory.policies[0].severities
    for n in numbers:
        ctx = Context(uow=uow, now=now - dt.timedelta(seconds=86400 * n / TICKETS), setup=setup)
        contact, person = contacts[n % len(contacts)], people[n % len(people)]
        place = Address(channel=WHATSAPP, place=contact.identities[WHATSAPP])
        actor = Actor(by=By.ENGINEER, id=person.id, name=person.name)
        ticket = open_for(ctx, contact, place, WORDS, severities[n % len(severities)].id, actor)
        if n % 3 == 0:
            carry_out(ctx, ticket, cmd.Take(person=person.id, name=person.name, via="Board"))


@dataclasses.dataclass
class Browser:
    """Reads its stream and counts."""

    events: AsyncIterator[bytes]
    bytes: int = 0
    heard: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    async def read(self) -> None:
        async for chunk in self.events:
            if b"event: line" in chunk:
                self.bytes += len(chunk)
                self.heard.set()


async def measure(folder: Path) -> bool:
    url = f"sqlite:///{folder}/board.db"
    schema.upgrade(url)
    store = open_store(url)
    setup = desk(store)
    run, end = threaded(store)
    house = House(
        run=run,
        setup=lambda: setup,
        clock=SystemClock(),
        log=lambda event, /, **fields: None,
        wake=lambda: None,
    )
    templates = environment()
    hub = Hub(house=house, templates=templates)
    pages = Pages(house=house, templates=templates, hub=hub)
    viewer = Viewer(
        person=setup.directory.people[0],
        teams=frozenset({TeamName("desk")}),
        language="en",
        zone=ZoneInfo("Africa/Johannesburg"),
        session="s",
        csrf="c",
    )
    first, again, waited, size = await _first_page(house, pages, viewer)
    forever = asyncio.create_task(hub.forever())
    stream = Stream(house=house, templates=templates, hub=hub)
    bytes_, cpu, wall = await _updates(house, hub, stream, viewer)
    forever.cancel()
    end()
    store.close()
    print(f"first page, nothing kept   {first:6.2f} s for {TICKETS} tickets, {size / 1e6:.1f} MB")
    print(f"the same page again        {again:6.2f} s")
    print(f"others waited at most      {waited * 1e3:6.1f} ms for the database meanwhile")
    print(f"an update                  {bytes_:6.0f} bytes for each browser")
    print(
        f"                           {cpu * 1e3:6.2f} ms CPU for {WATCHERS} of them, {wall * 1e3:.1f} ms until the last has it"
    )
    return first < GATE_FIRST and bytes_ < GATE_BYTES and cpu < GATE_CPU


async def _first_page(house: House, pages: Pages, viewer: Viewer) -> tuple[float, float, float, int]:
    waits: list[float] = []

    async def others() -> None:
        while True:
            began = time.perf_counter()
            await house.run(lambda uow: uow.timers.next_due())
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.005)

    beside = asyncio.create_task(others())
    began = time.perf_counter()
    page = await pages.board(viewer, {})
    first = time.perf_counter() - began
    beside.cancel()
    began = time.perf_counter()
    await pages.board(viewer, {})
    return first, time.perf_counter() - began, max(waits), len(page.encode())


async def _updates(house: House, hub: Hub, stream: Stream, viewer: Viewer) -> tuple[float, float, float]:
    browsers = [Browser(events=stream.events(viewer, {"since": hub.id}, "")) for _ in range(WATCHERS)]
    reading = [asyncio.create_task(browser.read()) for browser in browsers]
    while len(hub.watchers) < WATCHERS:
        await hub.look()
    walls: list[float] = []
    cpu = time.process_time()
    for n in range(UPDATES):
        began = time.perf_counter()
        await house.run(lambda uow, n=n: _note(house, uow, n))  # type: ignore[misc]
        hub.wake()
        await asyncio.gather(*(browser.heard.wait() for browser in browsers))
        walls.append(time.perf_counter() - began)
        for browser in browsers:
            browser.heard.clear()
    spent = (time.process_time() - cpu) / UPDATES
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    return statistics.mean(b.bytes for b in browsers) / UPDATES, spent, statistics.median(walls)


def _note(house: House, uow: UnitOfWork, n: int) -> None:
    ctx = house.context(uow)
    person = ctx.directory.people[0]
    ticket = ctx.ticket(TicketId(f"MIT-{1001 + n * 7}"))
    carry_out(
        ctx, ticket, cmd.WriteNote(person=person.id, name=person.name, via="Board", text="looked at it")
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        fine = uvloop.run(measure(Path(folder)))
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
