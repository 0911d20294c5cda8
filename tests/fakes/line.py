"""Paging as a dialogue, over real HTTP at the stand-ins: who does what, who sees exactly what, how time goes by.

    async with line() as t:
        await t.emergency("Our mail server is down")
        t.paged("Ada", by=["slack", "sms"])
        t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
        await t.passes(minutes=1)
        ...

Every look takes what it looked at. What nobody has looked at when the dialogue ends fails it, and shows all of it.
Left out are cards (`card_says` looks at one), reactions and the vendors' receipts.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from playground import Playground
from tests.fakes import line_config
from tests.fakes.line_bot import RealBot
from tests.fakes.line_config import CUSTOMERS, DESK, Layout
from tests.fakes.line_people import Customer, Engineer, Phone, button
from tests.fakes.line_seen import Eyes, Seen
from tests.fakes.line_vendors import twiml_heard, violations
from tests.fakes.world import FakeClock

UNSAID = ("status", "call_status", "call_rings")
"""Of the journal, what a transcript can do without."""
WHOLE = "--- the whole dialogue"
NIGHT = "2026-11-24T02:00"
"""A Tuesday at which the desk is closed."""


class Line:
    """One desk, its customers and its engineers. Engineers are meant by name."""

    def __init__(self, bot: RealBot, play: Playground, clock: FakeClock, layout: Layout) -> None:
        self.bot, self.play, self.clock, self.layout = bot, play, clock, layout
        self.zone = ZoneInfo(layout.zone)
        self._eyes = Eyes(layout)
        self._read = 0
        self._unread: list[Seen] = []
        self._pages: dict[tuple[str, str], Seen] = {}
        self._holding = False
        self.customer, self.other_customer = (Customer(self, number) for number in CUSTOMERS.values())
        self._engineers = {who.name: Engineer(self, who) for who in layout.everyone}

    def engineer(self, name: str) -> Engineer:
        return self._engineers[name]

    def phone(self, name: str, which: int = 0) -> Phone:
        return Phone(self, self._engineers[name].who.phones[which])

    # ------------------------------------------------------------ what happens
    async def does(self, doing: Awaitable[object]) -> None:
        """Something that a person does, and all that comes of it at once."""
        await doing
        if not self._holding:
            await self.bot.settle()

    async def at_once(self, *doings: Awaitable[object]) -> None:
        """Several people in the same moment."""
        self._holding = True
        try:
            await asyncio.gather(*doings)
        finally:
            self._holding = False
        await self.bot.settle()

    @contextlib.asynccontextmanager
    async def while_twilio_is_slow(self, until: str) -> AsyncIterator[None]:
        """As of RealBot; what people do in the block is heard, and settled only behind it."""
        self._holding = True
        try:
            async with self.bot.while_twilio_is_slow(until):
                yield
        finally:
            self._holding = False

    async def emergency(
        self, words: str = "Our mail server is down", by: Customer | None = None, thinks: float = 0
    ) -> None:
        """A customer reports and confirms it; what they read, and its first line at the desk, are looked at. `thinks`:
        seconds before they confirm. (A desk's cards are a second apart: without it a second ticket's may not stand.)"""
        customer = by or self.customer
        await customer.writes(words)
        if thinks:
            await self.passes(seconds=thinks)
        await customer.answers("1")
        self._take(lambda s: s.reader == self._eyes.name(customer.number))
        first = self._take(lambda s: s.reader == "thread" and "The customer says Emergency" in s.text)
        if len(first) != 1:
            self.fail(f"the desk reads once that it is an emergency, not {len(first)} times")

    # ------------------------------------------------------------ time
    async def passes(self, **length: float) -> None:
        """Time goes by, as `minutes=5`."""
        await self.bot.passes(dt.timedelta(**length))

    async def until(self, local: str) -> None:
        """Time goes by until a local time of the desk, such as 2026-11-24T08:00 (fold 0)."""
        at = dt.datetime.fromisoformat(local).replace(tzinfo=self.zone).astimezone(dt.UTC)
        await self.bot.passes(at - self.clock.at)

    def comes(self, **length: float) -> None:
        """It is later, and nobody has looked yet: for what happens in the very instant at which something is due."""
        self.clock.at += dt.timedelta(**length)

    async def looks(self) -> None:
        """The ticker's look at what is due."""
        await self.bot.standby.bus.run_due()

    async def is_down(self, **length: float) -> None:
        """The process ends (or is dead already), and starts again so much later."""
        await self.bot.stop()
        self.clock.at += dt.timedelta(**length)
        await self.bot.start()
        await self.bot.settle()

    async def reloads(self, **changes: Any) -> None:
        """The configuration is another from now on; `changes` as in line_config.Layout."""
        await self.does(self.bot.reloads(dataclasses.replace(self.layout, **changes)))

    # ------------------------------------------------------------ who sees what
    def paged(self, name: str, *, by: list[str], repeat: bool = False) -> list[str]:
        """How one engineer was paged since the last look, each way as often as it was; the texts."""
        pages = self._take(lambda s: s.reader == name and s.is_page)
        self._same(f"{name} is paged by", sorted(s.way for s in pages), sorted(by))
        if repeat != any(s.is_repeat for s in pages):
            self.fail(f"marked as a possible repeat: not {repeat}")
        return [s.text for s in pages]

    def read_pages(self, name: str) -> list[str]:
        """Their pages since the last look, whichever way they came, to be searched."""
        return [s.text for s in self._take(lambda s: s.reader == name and s.is_page)]

    def not_paged(self, *names: str) -> None:
        for name in names:
            self.paged(name, by=[])

    def rings(self, name: str) -> None:
        """Their phone, once, and nothing else."""
        self.paged(name, by=["call"])

    def hears(self, name: str, *texts: str) -> None:
        """All that was said to them on the phone."""
        self._same(f"{name} hears", self.heard(name), list(texts))

    def heard(self, name: str) -> list[str]:
        """As `hears`, to be searched."""
        return [s.text for s in self._take(lambda s: s.reader == name and s.way == "call says")]

    def reads(self, name: str, *texts: str) -> None:
        """All that one of us reads besides pages, each as `way: text`."""
        found = self._take(lambda s: s.reader == name and not s.is_page)
        self._same(f"{name} reads", sorted(map(str, found)), sorted(texts))

    def thread_says(self, *texts: str) -> None:
        """All new lines in the desk's threads, in order."""
        self._same("the thread says", self.thread_lines(), list(texts))

    def desk_says(self, *texts: str) -> None:
        """New messages at the desk itself that are no cards."""
        self._same("the desk says", [s.text for s in self._take(lambda s: s.reader == "desk")], list(texts))

    def customer_reads(self, *texts: str, name: str = "Thandi") -> None:
        self._same(f"{name} reads", [s.text for s in self._take(lambda s: s.reader == name)], list(texts))

    def vendor_refused(self, *parts: str) -> None:
        """Requests that a vendor refused; each has these words in it, in order."""
        found = [s.text for s in self._take(lambda s: s.way == "trouble")]
        if len(found) != len(parts) or not all(p in f for p, f in zip(parts, found, strict=True)):
            self.fail(f"refused by vendors:\n  {found}\nexpected:\n  {list(parts)}")

    def card_says(self, *parts: str) -> None:
        """The last card, as it stands."""
        shown = str(self.play.slack.message_at(DESK, self.card))
        for part in parts:
            if part not in shown:
                self.fail(f"the card does not say {part!r}, but {shown}")

    def looks_away(self, *readers: str) -> None:
        """What these (or all) have read so far is not what this dialogue is about."""
        self._take(lambda s: not readers or s.reader in readers)

    def nothing_else(self) -> None:
        """Nobody has read anything that was not looked at."""
        self._look()
        if self._unread:
            left = "\n  ".join(f"{s.reader}, {s}" for s in self._unread)
            self.fail(f"nobody looked at\n  {left}")
        if self.bot.troubles:
            self.fail(f"the log has {self.bot.troubles}")

    def read(self, name: str) -> str:
        """As `reads`, to be searched."""
        return "\n".join(map(str, self._take(lambda s: s.reader == name and not s.is_page)))

    def thread_lines(self) -> list[str]:
        """As `thread_says`, to be searched."""
        return [s.text for s in self._take(lambda s: s.reader == "thread")]

    def take_all(self) -> list[Seen]:
        """Everything that was not looked at, to be searched."""
        return self._take(lambda s: True)

    # ------------------------------------------------------------ what there is
    @property
    def cards(self) -> list[str]:
        """The cards at the desk, oldest first: each heads its thread."""
        return [
            e.id for e in self.play.journal.entries("slack", "message") if e.where == DESK and not e.thread
        ]

    @property
    def card(self) -> str:
        return self.cards[-1]

    def button(self, label: str) -> str:
        """The action of a button of the last card."""
        return button(self.play.slack.message_at(DESK, self.card), label) or self.fail(f"no button {label!r}")

    def last_page(self, name: str, way: str) -> Seen:
        self._look()
        if (name, way) not in self._pages:
            self.fail(f"{name} has no page by {way}")
        return self._pages[name, way]

    def code(self, name: str, way: str = "sms") -> str:
        """The code that their last page says."""
        found = re.search(r"ACK (\d{4})", self.last_page(name, way).text)
        return found.group(1) if found else self.fail("no code in that page")

    def transcript(self) -> str:
        return "\n".join(self._eyes.line(e) for e in self.play.journal if e.kind not in UNSAID)

    def fail(self, why: str) -> NoReturn:
        raise AssertionError(f"{why}\n\n{WHOLE}, {self.zone.key}\n{self.transcript()}")

    # ------------------------------------------------------------ reading
    def _look(self) -> None:
        for entry in self.play.journal.entries(after=self._read):
            if (seen := self._eyes.seen(entry)) is not None:
                self._unread.append(seen)
                if seen.is_page:
                    self._pages[seen.reader, seen.way] = seen
        self._read = len(self.play.journal)

    def _take(self, fits: Callable[[Seen], bool]) -> list[Seen]:
        self._look()
        taken = [s for s in self._unread if fits(s)]
        self._unread = [s for s in self._unread if s not in taken]
        return taken

    def _same(self, what: str, seen: list[str], expected: list[str]) -> None:
        if seen != expected:
            lines = "\n    ".join(seen), "\n    ".join(expected)
            self.fail(f"{what}\n    {lines[0]}\n  expected\n    {lines[1]}")


@contextlib.asynccontextmanager
async def line(*, at: str = NIGHT, **layout: Any) -> AsyncIterator[Line]:
    """A dialogue that begins at a local time of the desk; `layout` as in line_config.Layout."""
    made = Layout(**layout)
    clock = FakeClock(dt.datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(made.zone)).astimezone(dt.UTC))
    play = Playground(now=clock.now, pace=0.0, telegram_mode="webhook")
    await play.start()
    line_config.furnish(play, made)
    heard = twiml_heard(play)
    with tempfile.TemporaryDirectory(prefix="standby-line-") as folder:
        bot = RealBot(Path(folder), play, clock, made)
        it = Line(bot, play, clock, made)
        try:
            await bot.start()
            yield it
            it.nothing_else()
            if broken := violations(play, heard):
                it.fail("what must never be:\n  " + "\n  ".join(broken))
        except Exception as error:
            if WHOLE not in str(error):
                error.add_note(f"{WHOLE}\n{it.transcript()}")
            raise
        finally:
            await bot.stop()
            await play.stop()
