"""The whole bot on memory storage, with a clock that moves only when told and channels that only remember."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import Any

from bot.app import delivery
from bot.app.breaker import Breaker
from bot.app.bus import Bus, inline
from bot.app.context import Setup
from bot.app.delivery import Lane
from bot.app.inbound import ActionIn, CommandIn, FormIn, KeyIn, MessageIn, ReceiptIn, Sender
from bot.app.ports import Capabilities, DeliveryError, Outcome, Outgoing, Permanent, Receipt
from bot.app.rows import Store
from bot.domain.events import Attachment, Event
from bot.domain.grammar import Action, parse_action
from bot.domain.ids import Address, ChannelName, TicketId
from bot.domain.message import CardView
from bot.domain.people import Directory
from bot.domain.ticket import Ticket
from storage.memory import MemoryStore
from tests.builders import directory

MONDAY_NOON = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)  # 12:00 in Johannesburg


class FakeClock:
    """Moves when told."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        return self.at

    def real_seconds_until(self, at: dt.datetime) -> float:
        return max((at - self.at).total_seconds(), 0.0)


class FakeRandom:
    """Counts."""

    def __init__(self) -> None:
        self.counter = itertools.count(1)

    def token(self) -> str:
        return f"token-{next(self.counter):04}"

    def below(self, n: int) -> int:
        return (next(self.counter) * 7919) % n


@dataclasses.dataclass(frozen=True)
class Sent:
    """Something that a person sees."""

    channel: str
    place: str
    thread: str
    text: str
    id: str
    choices: tuple[str, ...] = ()
    edits: str = ""
    templated: bool = False
    again: bool = False
    only_for: str = ""
    token: str = ""
    spoken: str = ""
    keys: tuple[str, ...] = ()


class FakeChannel:
    """Remembers what it was given; `fail` holds errors for the next sends."""

    def __init__(self, name: str, capabilities: Capabilities) -> None:
        self.name, self.capabilities = name, capabilities
        self.sent: list[Sent] = []
        self.cards: dict[str, CardView] = {}
        self.edits = 0
        self.marks: list[tuple[str, str]] = []
        self.fail: list[DeliveryError] = []
        self.broken: set[str] = set()
        self.unread = 0
        self._ids = itertools.count(1)

    async def send(self, outgoing: Outgoing) -> Receipt:
        if self.fail:
            raise self.fail.pop(0)
        if outgoing.address.place in self.broken:
            raise Permanent("gone")
        id = f"{self.name}-{next(self._ids)}"
        self.sent.append(
            Sent(
                channel=self.name,
                place=outgoing.address.place,
                thread=outgoing.address.thread,
                text=outgoing.message.text,
                id=id,
                choices=tuple(c.id for c in outgoing.message.choices),
                edits=outgoing.edits,
                templated=outgoing.templated,
                again=outgoing.again,
                only_for=outgoing.only_for,
                token=outgoing.token,
                spoken=outgoing.message.spoken,
                keys=tuple(digit for digit, _ in outgoing.message.keys),
            )
        )
        return Receipt(message=id)

    async def put_card(self, address: Address, card: CardView, message: str, token: str) -> Receipt:
        if self.fail:
            raise self.fail.pop(0)
        self.edits += bool(message)
        message = message or f"card-{next(self._ids)}"
        self.cards[message] = card
        return Receipt(message=message, thread=message)

    async def mark(self, address: Address, message: str, mark: str) -> None:
        self.marks.append((message, mark))


CAPABILITIES = {
    "slack": Capabilities(
        label="Slack",
        text_limit=3000,
        edits=True,
        cards=True,
        marks=True,
        pages=True,
        card_gap=dt.timedelta(0),
    ),
    "telegram": Capabilities(
        label="Telegram",
        text_limit=3500,
        edits=True,
        cards=True,
        marks=True,
        pages=True,
        toast_limit=190,
        card_gap=dt.timedelta(0),
    ),
    "whatsapp": Capabilities(
        label="WhatsApp", text_limit=1500, receipts=True, session=dt.timedelta(hours=24), by_number=True
    ),
    "sms": Capabilities(label="SMS", text_limit=1500, receipts=True, pages=True, by_number=True),
    "call": Capabilities(label="Call", text_limit=1500, receipts=True, pages=True, rings=True, edits=True),
}
ACCOUNTS = {"whatsapp": "twilio", "sms": "twilio", "call": "twilio"}
"""Channels of one account go down together."""


class World:
    """`async with`-free: make it, talk to it, look at it. Nothing happens by itself but what is due."""

    def __init__(
        self, *, at: dt.datetime = MONDAY_NOON, people: Directory | None = None, store: Store | None = None
    ) -> None:
        self.clock, self.random = FakeClock(at), FakeRandom()
        self.channels = {n: FakeChannel(n, c) for n, c in CAPABILITIES.items()}
        self.store = store or MemoryStore()
        self.directory = people or directory()
        self.breakers = {account: Breaker() for account in ("slack", "telegram", "twilio")}
        self.setup = Setup(
            directory=self.directory,
            capabilities={ChannelName(n): c for n, c in CAPABILITIES.items()},
            random=self.random,
            down=lambda channel: self._breaker(channel).is_open(self.clock.now()),
        )
        self.logged: list[tuple[str, dict[str, Any]]] = []
        run = inline(self.store)
        self.run = run
        self.bus = Bus(run=run, setup=self.setup, clock=self.clock, wake=lambda: None, log=self._log)
        self.lanes = [
            Lane(
                name=n,
                channels={ChannelName(n): c},
                run=run,
                setup=self.setup,
                clock=self.clock,
                log=self._log,
                breaker=self._breaker(n),
            )
            for n, c in self.channels.items()
        ]
        self._ids = itertools.count(1)

    def _breaker(self, channel: str) -> Breaker:
        return self.breakers[ACCOUNTS.get(channel, channel)]

    def _log(self, event: str, /, **fields: Any) -> None:
        self.logged.append((event, fields))

    # ------------------------------------------------------------ what people do
    async def says(
        self,
        who: str,
        text: str,
        *,
        via: str = "whatsapp",
        thread: str = "",
        place: str = "",
        id: str = "",
        name: str = "",
        files: tuple[str, ...] = (),
    ) -> str:
        """A message; returns its id. `place` and `thread` where it is not a private one."""
        id = id or f"in-{next(self._ids)}"
        await self.bus.receive(
            MessageIn(
                channel=ChannelName(via),
                external_id=id,
                sender=Sender(id=who, name=name),
                address=Address(channel=ChannelName(via), place=place or who, thread=thread),
                text=text,
                message=f"msg-{id}",
                direct=not place,
                attachments=tuple(Attachment(name=f, mime="application/octet-stream") for f in files),
            )
        )
        await self.settle()
        return f"msg-{id}"

    async def taps(
        self, who: str, action: str, *, via: str = "whatsapp", place: str = "", thread: str = ""
    ) -> Outcome:
        parsed = parse_action(action)
        assert parsed is not None, action
        outcome = await self.bus.receive(
            ActionIn(
                channel=ChannelName(via),
                external_id=f"in-{next(self._ids)}",
                sender=Sender(id=who),
                address=Address(channel=ChannelName(via), place=place or who, thread=thread),
                action=parsed,
            )
        )
        await self.settle()
        return outcome

    async def commands(self, who: str, text: str, *, via: str = "slack") -> str:
        """A slash command; returns what is answered at once."""
        outcome = await self.bus.receive(
            CommandIn(
                channel=ChannelName(via),
                external_id=f"in-{next(self._ids)}",
                sender=Sender(id=who),
                address=Address(channel=ChannelName(via), place="C0ANY"),
                text=text,
            )
        )
        await self.settle()
        return outcome.reply.text if outcome.reply else ""

    async def fills(self, who: str, form: str, *, via: str = "slack", **fields: str) -> None:
        await self.bus.receive(
            FormIn(
                channel=ChannelName(via),
                external_id=f"in-{next(self._ids)}",
                sender=Sender(id=who),
                address=Address(channel=ChannelName(via), place=who),
                form=form,
                **fields,
            )
        )
        await self.settle()

    async def presses(self, call: Sent, digits: str, *, token: str = "") -> str:
        """A key on a call that we placed; what is said back. A call that ended says nothing."""
        outcome = await self.bus.receive(
            KeyIn(
                channel=ChannelName("call"),
                external_id=f"in-{next(self._ids)}",
                sender=Sender(id=call.place),
                address=Address(channel=ChannelName("call"), place=call.place),
                token=token or call.token,
                digits=digits,
            )
        )
        await self.settle()
        return outcome.reply.spoken if outcome.reply else ""

    async def receipt(self, via: str, token: str, status: str, **more: Any) -> None:
        await self.bus.receive(
            ReceiptIn(
                channel=ChannelName(via),
                external_id=f"in-{next(self._ids)}",
                sender=Sender(id=""),
                address=Address(channel=ChannelName(via), place=""),
                token=token,
                status=status,
                **more,
            )
        )
        await self.settle()

    # ------------------------------------------------------------ time
    async def settle(self) -> None:
        """Everything that is due now has happened."""
        for _ in range(50):
            before = self._count()
            await self.bus.run_due()
            for lane in self.lanes:
                await lane.settle()
            if self._count() == before:
                return
        raise AssertionError("it never comes to rest")

    def _count(self) -> tuple[int, ...]:
        """What was sent and what was not: both may be work for another lane."""
        sent = (len(c.sent) + len(c.marks) + c.edits + len(c.cards) for c in self.channels.values())
        return (*sent, len(self.logged))

    async def passes(self, **length: float) -> None:
        """Time goes by, stopping at everything that is due on the way."""
        end = self.clock.at + dt.timedelta(**length)
        for _ in range(10_000):
            due = await self._next()
            if due is None or due > end:
                break
            self.clock.at = max(due, self.clock.at + dt.timedelta(microseconds=1))
            await self.settle()
        self.clock.at = end
        await self.settle()

    async def _next(self) -> dt.datetime | None:
        ats = [await self.bus.run_due()]
        for lane in self.lanes:
            ats.append(await lane.run(lane.next_look))
        return min((at for at in ats if at is not None), default=None)

    async def restarts(self) -> None:
        """As after a crash: what was on its way is found again."""
        await self.run(lambda uow: delivery.recover(uow, self.clock.now()))
        await self.settle()

    # ------------------------------------------------------------ what people see
    def seen(self, channel: str, place: str = "") -> list[Sent]:
        """What was sent there since the last look, oldest first."""
        it = self.channels[channel]
        new = [s for s in it.sent[it.unread :] if not place or s.place == place]
        it.unread = len(it.sent)
        return new

    def look_away(self) -> None:
        """What was sent so far is not news any more."""
        for channel in self.channels.values():
            channel.unread = len(channel.sent)

    def texts(self, channel: str, place: str = "") -> list[str]:
        return [s.text for s in self.seen(channel, place)]

    def card(self, channel: str = "slack") -> CardView:
        return list(self.channels[channel].cards.values())[-1]

    def thread(self, channel: str = "slack") -> str:
        return list(self.channels[channel].cards)[-1]

    async def ticket(self, id: str = "MIT-1001") -> Ticket:
        found = await self.run(lambda uow: uow.tickets.get(TicketId(id)))
        assert found is not None
        return found

    async def events(self, id: str = "MIT-1001") -> list[Event]:
        return [r.event for r in await self.run(lambda uow: list(uow.log.of(TicketId(id))))]


def tap(verb: str, ticket: str = "MIT-1001", value: str = "") -> str:
    return str(Action(verb=verb, ticket=TicketId(ticket), value=value))
