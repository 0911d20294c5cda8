"""A night goes by: what people, vendors, clocks and processes do to a world, and a record of each attempt to page."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

from bot.app.breaker import Breaker
from bot.app.duty import KeptOverride
from bot.app.ports import (
    Capabilities,
    DeliveryError,
    OutcomeUnknown,
    Outgoing,
    Permanent,
    Receipt,
    Temporary,
)
from bot.app.rows import OutboxItem
from bot.domain.ids import Address, PersonId
from bot.domain.message import CardView
from bot.domain.people import Directory, Person
from escalation.instants import Span
from escalation.schedule import Change, Override
from storage.memory import MemoryStore
from tests.builders import DESK, SIPHO, THANDI
from tests.fakes.world import MONDAY_NOON, FakeChannel, Sent, World, tap
from tests.scenario.paging_random_nights import Night

CUSTOMERS = (THANDI, SIPHO, *(f"+2782000000{n}" for n in range(6)))
ERRORS: tuple[Callable[[], DeliveryError], ...] = (
    lambda: Temporary("away"),
    lambda: Temporary("slowly", retry_after=5),
    lambda: Temporary("much too fast", retry_after=90),
    lambda: OutcomeUnknown("timeout"),
    lambda: Permanent("gone"),
)
LENGTHS = (0.1, 0.5, 1, 1, 2, 5, 5, 6, 10, 31, 60)
"""Minutes."""
SECRET = "xinsidex"


class Died(Exception):
    """The process ended in the middle of something."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Try:
    """A vendor was asked to do something. `real` and `up`: seconds of the night, and of those with a process."""

    n: int
    at: dt.datetime
    real: float
    up: float
    channel: str
    item: OutboxItem | None
    outgoing: Outgoing
    error: DeliveryError | None
    message: str = ""


class Watched:
    """A channel whose vendor can be down for a while; it tells `night` of each try."""

    def __init__(self, inner: FakeChannel, night: RandomNight) -> None:
        self.inner, self.night = inner, night
        self.down: tuple[dt.datetime, Callable[[], DeliveryError]] | None = None

    @property
    def capabilities(self) -> Capabilities:
        return self.inner.capabilities

    def error(self) -> DeliveryError | None:
        """What the vendor says now, where it is down. (Its end is in real time.)"""
        if self.down is None or self.night.real_now >= self.down[0]:
            return None
        return self.down[1]()

    async def send(self, outgoing: Outgoing) -> Receipt:
        error, receipt = self.error(), Receipt(message="")
        try:
            if error is not None:
                raise error
            receipt = await self.inner.send(outgoing)
        except DeliveryError as caught:
            error = caught
        self.night.tried(self.inner.name, outgoing, error, receipt.message)
        if error is not None:
            raise error
        return receipt

    async def put_card(self, address: Address, card: CardView, message: str, token: str) -> Receipt:
        if (error := self.error()) is not None:
            raise error
        return await self.inner.put_card(address, card, message, token)

    async def mark(self, address: Address, message: str, mark: str) -> None:
        if (error := self.error()) is not None:
            raise error
        await self.inner.mark(address, message, mark)


class RandomNight(World):
    """`trace` says what was done, for whoever has to find out why."""

    def __init__(self, night: Night) -> None:
        self.night, self.tables_store = night, MemoryStore()
        self.tries: list[Try] = []
        self.trace: list[str] = []
        self.skew = dt.timedelta()
        self.off = dt.timedelta()
        """How long no process ran so far."""
        self.dying = False
        self.reloaded = 0.0
        self.watch: Callable[[], None] = lambda: None
        self.reloads = 0
        self.pressed: set[str] = set()
        """The tokens of calls on which a key was pressed."""
        self.by_hand: list[tuple[float, str]] = []
        """When an engineer changed how a ticket is paged."""
        at = MONDAY_NOON + dt.timedelta(minutes=night.start)
        super().__init__(at=at, people=night.directory(), store=self.tables_store)
        self.begun = at
        self.replace_setup(night.directory())
        self.watched = {name: Watched(channel, self) for name, channel in self.channels.items()}
        for lane in self.lanes:
            lane.channels = {name: self.watched[name] for name in lane.channels}  # type: ignore[misc]

    # ------------------------------------------------------------ time
    @property
    def real_now(self) -> dt.datetime:
        """The time of the night, whatever the machine's clock says."""
        return self.clock.at + self.skew

    @property
    def real(self) -> float:
        return (self.real_now - self.begun).total_seconds()

    @property
    def up(self) -> float:
        return self.real - self.off.total_seconds()

    @property
    def tables(self) -> Any:
        return self.tables_store._tables

    async def settle(self) -> None:
        await super().settle()
        self.watch()

    def tried(self, channel: str, outgoing: Outgoing, error: DeliveryError | None, message: str) -> None:
        item = self.store.transact(lambda uow: uow.outbox.by_token(outgoing.token))
        self.tries.append(
            Try(
                n=len(self.tries),
                at=self.clock.at,
                real=self.real,
                up=self.up,
                channel=channel,
                item=item,
                outgoing=outgoing,
                error=error,
                message=message,
            )
        )

    def replace_setup(self, directory: Directory) -> None:
        self.directory = directory
        self.setup = dataclasses.replace(self.setup, directory=directory, probe=self._probe)
        self.bus.setup = self.setup
        for lane in self.lanes:
            lane.setup = self.setup

    def _probe(self, point: str) -> None:
        if self.dying and point == "out.after_send":
            raise Died

    # ------------------------------------------------------------ what happens
    async def live(self) -> None:
        for name, a, b, c, d in self.night.deeds:
            self.trace.append(f"{self.clock.at:%a %H:%M:%S} {name} {a} {b} {c} {d}")
            deed: Callable[[int, int, int, int], Awaitable[None]] = getattr(self, f"do_{name}")
            await deed(a, b, c, d)

    def did(self, what: str) -> None:
        self.trace[-1] += f": {what}"

    def ticket_ids(self) -> list[str]:
        return list(self.tables.tickets.rows)

    def a_ticket(self, n: int) -> str:
        """Rather one that is being paged for."""
        open_ones = [p.ticket for _, p in self.tables.pages.rows.values() if p.is_open]
        known = self.ticket_ids() or ["MIT-1001"]
        return open_ones[n % len(open_ones)] if open_ones and n % 3 else known[n % len(known)]

    def an_engineer(self, n: int) -> Person:
        return self.directory.people[n % len(self.directory.people)]

    async def acts(self, person: Person, words: str, n: int) -> None:
        """A command, by one of their ways."""
        ways = [w for w in person.identities if w != "call"]
        if not ways:
            self.did(f"{person.id} has no way to say {words}")
            return
        way = ways[n % len(ways)]
        self.did(f"{person.id} {way} {words!r}")
        self.by_hand.append((self.real, words))
        if way == "slack":
            await self.commands(person.identities[way], words)
        else:
            await self.says(person.identities[way], words, via=way)

    async def do_report(self, a: int, b: int, c: int, d: int) -> None:
        who = CUSTOMERS[a % len(CUSTOMERS)]
        before = set(self.ticket_ids())
        self.did(f"{who} {('emergency', 'high', 'normal')[b % 3]}")
        await self.says(who, "new: Everything is down, nobody can work")
        for ticket in set(self.ticket_ids()) - before:
            await self.taps(who, tap("sev", ticket, ("emergency", "high", "normal")[b % 3]))

    async def do_customer(self, a: int, b: int, c: int, d: int) -> None:
        who = CUSTOMERS[a % len(CUSTOMERS)]
        texts = ("more words", "urgent", "close", "reopen", "yes", "no", "status", "it works, thanks", "2")
        self.did(f"{who} {texts[b % len(texts)]}")
        await self.says(who, texts[b % len(texts)])

    async def do_passes(self, a: int, b: int, c: int, d: int) -> None:
        self.did(f"{LENGTHS[a % len(LENGTHS)]} min")
        await self.passes(minutes=LENGTHS[a % len(LENGTHS)])

    async def do_ack(self, a: int, b: int, c: int, d: int) -> None:
        pages = [p for _, p in self.tables.pages.rows.values()]
        code = pages[c % len(pages)].code if pages else "1234"
        words = (f"ack {self.a_ticket(c)}", "ack", f"ack {code}", code, "ack 9999")
        await self.acts(self.an_engineer(a), words[b % len(words)], d)

    async def do_ack_all(self, a: int, b: int, c: int, d: int) -> None:
        await self.acts(self.an_engineer(a), "ack all", d)

    async def do_command(self, a: int, b: int, c: int, d: int) -> None:
        ticket, who = self.a_ticket(c), self.directory.people[d % len(self.directory.people)].id
        words = (
            f"escalate {ticket}", f"escalate {ticket}", f"snooze {ticket} 20m", f"snooze {ticket}",
            f"handover {ticket} {who}", f"page {ticket} {who}", f"page {ticket}", f"page {ticket} everyone",
            f"take {ticket}", f"resolve {ticket} done", f"reopen {ticket}", f"close {ticket}",
            f"severity {ticket} emergency", f"severity {ticket} high", f"severity {ticket} normal",
            f"note {ticket} {SECRET}", f"/need {ticket} a photo",
            f"merge {ticket} into {self.a_ticket(d)}", f"page {ticket} standby",
        )  # fmt: skip
        await self.acts(self.an_engineer(a), words[b % len(words)], d)

    async def do_key(self, a: int, b: int, c: int, d: int) -> None:
        calls = [s for s in self.channels["call"].sent if not s.edits]
        if calls:
            call = calls[-1 - a % min(len(calls), 4)]
            digit = ("1", "1", "2", "5")[b % 4]
            self.did(f"{digit} at {call.place}")
            self.pressed.add(call.token)
            self.by_hand.append((self.real, f"key {digit}"))
            await self.presses(call, digit)

    async def do_button(self, a: int, b: int, c: int, d: int) -> None:
        shown = [s for n in ("slack", "telegram") for s in self.channels[n].sent if s.choices]
        if not shown:
            return
        sent: Sent = shown[-1 - a % min(len(shown), 6)]
        choice = sent.choices[b % len(sent.choices)]
        people = [p for p in self.directory.people if sent.channel in p.identities]
        if not people:
            return
        who = people[c % len(people)].identities[sent.channel]  # type: ignore[index]
        self.did(f"{who} {choice}")
        self.by_hand.append((self.real, choice))
        await self.taps(who, choice, via=sent.channel)

    async def do_stranger(self, a: int, b: int, c: int, d: int) -> None:
        ticket = self.a_ticket(a)
        await self.commands("U0NOBODY", f"ack {ticket}")
        await self.taps("U0NOBODY", tap("ack", ticket), via="slack", place=DESK)

    async def do_vendor(self, a: int, b: int, c: int, d: int) -> None:
        names = ("slack", "telegram", "sms", "call", "whatsapp")
        name, error = names[a % 5], ERRORS[b % len(ERRORS)]
        minutes = (0.01, 0.5, 3, 12, 60)[c % 5]
        self.did(f"{name} {error()!r} for {minutes} min")
        self.watched[name].down = (self.real_now + dt.timedelta(minutes=minutes), error)

    async def do_broken(self, a: int, b: int, c: int, d: int) -> None:
        person = self.an_engineer(a)
        places = [(w, p) for w in person.identities for p in person.places(w)]
        if places:
            way, place = places[b % len(places)]
            broken = self.channels[way].broken
            self.did(f"{way} {place} {'mended' if place in broken else 'broken'}")
            broken ^= {place}

    async def do_receipt(self, a: int, b: int, c: int, d: int) -> None:
        tries = [t for t in self.tries if t.channel in ("sms", "call", "whatsapp") and t.message]
        if tries:
            it = tries[-1 - a % min(len(tries), 6)]
            status = "failed" if it.channel == "call" or b % 4 else "delivered"
            self.did(f"{it.channel} {it.outgoing.address.place} {status} {it.outgoing.token}")
            await self.receipt(it.channel, it.outgoing.token, status, code="30005", retry=bool(c % 2))

    async def do_crash(self, a: int, b: int, c: int, d: int) -> None:
        """It dies while something is being sent, and comes back later."""
        self.dying = True
        await self.do_report(c, d, 0, 0)
        await self.passes(minutes=(0, 1, 5)[a % 3])
        self.dying = False
        await self._away((0, 0.2, 2, 30, 200)[b % 5])

    async def do_down(self, a: int, b: int, c: int, d: int) -> None:
        await self._away((1, 4, 10, 60, 200, 600)[a % 6])

    async def _away(self, minutes: float) -> None:
        self.did(f"away {minutes} min")
        gone = dt.timedelta(minutes=minutes)
        self.clock.at += gone
        self.off += gone
        for breaker in {id(b): b for b in self.breakers.values()}.values():
            breaker.failures, breaker.last = 0, None
        assert isinstance(breaker, Breaker)
        self.bus.latest = None
        for lane in self.lanes:
            lane.swept, lane.pace.card_free = None, None
        await self.restarts()

    async def do_set_back(self, a: int, b: int, c: int, d: int) -> None:
        by = dt.timedelta(minutes=(0.05, 1, 7, 30, 60)[a % 5])
        self.did(str(by))
        self.clock.at -= by
        self.skew += by
        await self.settle()

    async def do_reload(self, a: int, b: int, c: int, d: int) -> None:
        self.reloads += 1
        self.reloaded = self.up
        self.replace_setup(self.night.directory(again=self.reloads % 2 == 1))
        await self.settle()

    async def do_override(self, a: int, b: int, c: int, d: int) -> None:
        person = self.an_engineer(a).id
        span = Span(start=self.clock.at, end=self.clock.at + dt.timedelta(minutes=10 + 10 * c))
        change = tuple(Change)[b % len(tuple(Change))]
        override = Override(person=person, span=span, change=change)
        self.did(f"{person} {change} for {10 + 10 * c} min")
        kept = KeptOverride(schedule="standby", override=override, by=PersonId("p0"), made=self.clock.at)
        self.store.transact(lambda uow: uow.rota.add_override(kept))
        await self.settle()
