"""Outbox and cards to the vendors: one lane a platform account, pages first, each conversation in its order.

A lane claims rows, records the attempt, sends, and records what came of it. It waits for an event or the next due
instant, never by polling. What it was doing when the process died is found again by `recover`.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
from collections.abc import Callable, Coroutine, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.app import cards, delivery_states
from bot.app.bus import Log, Runner
from bot.app.context import Context, Setup
from bot.app.ports import (
    Card,
    Channel,
    Clock,
    DeliveryError,
    Finder,
    NeedsTemplate,
    OutboxItem,
    OutcomeUnknown,
    Outgoing,
    Permanent,
    Receipt,
    SendState,
    StorageError,
    Temporary,
    UnitOfWork,
    Wake,
)
from bot.app.speech import Speech
from bot.app.wording import words
from bot.domain.ids import ChannelName
from bot.domain.message import CardView

SLOTS = 8
"""So many sends of one lane are on their way at once."""
SAFETY = 30.0
"""A lane looks again after so many seconds even if nobody wakes it."""


@dataclasses.dataclass(kw_only=True)
class Lane:
    """One platform account's way out."""

    name: str
    channels: Mapping[ChannelName, Channel]
    run: Runner
    setup: Setup
    clock: Clock
    log: Log
    count: Callable[[str, str], None] = lambda name, label: None
    wake_all: Wake = lambda: None
    """What one lane did may be work for another: a reply that went out gets its mark in the thread."""
    woken: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)
    sending: set[asyncio.Task[None]] = dataclasses.field(default_factory=set)
    card_free: dt.datetime | None = None
    draining: bool = False

    @property
    def names(self) -> tuple[ChannelName, ...]:
        return tuple(self.channels)

    def wake(self) -> None:
        self.woken.set()

    async def forever(self) -> None:
        """Send what is due until cancelled; ends by itself once `draining` and nothing is on its way."""
        try:
            while True:
                self.woken.clear()
                await self.once()
                if self.draining and not self.sending:
                    return
                await self._wait()
        finally:
            for task in self.sending:
                task.cancel()
            await asyncio.gather(*self.sending, return_exceptions=True)

    async def once(self) -> None:
        """Start everything that is due and fits; one card at a time, after the messages."""
        try:
            if not self.draining:
                await self._messages()
                await self._card()
        except StorageError as error:
            self.log("storage_refused", lane=self.name, error=str(error))

    async def settle(self) -> None:
        """Until nothing is due and nothing on its way (tests and the simulation)."""
        while True:
            await self.once()
            if not self.sending:
                return
            await asyncio.wait(set(self.sending))

    async def drain(self, seconds: float) -> None:
        """Start nothing new, let what is on its way end."""
        self.draining = True
        self.wake()
        if self.sending:
            await asyncio.wait(set(self.sending), timeout=seconds)

    async def _wait(self) -> None:
        """For a wake, or the next due instant. After a look that started nothing there is nothing due by now but
        rows behind others that are on their way, whose end wakes the lane."""
        at = await self.run(self._next_due)
        seconds = SAFETY if at is None else min(self.clock.real_seconds_until(at), SAFETY)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.woken.wait(), max(seconds, 0.001))

    def _next_due(self, uow: UnitOfWork) -> dt.datetime | None:
        now = self.clock.now()
        card = uow.cards.next_due(self.names)
        if card is not None and self.card_free is not None:
            card = max(card, self.card_free)
        return min((at for at in (uow.outbox.next_due(self.names, now), card) if at), default=None)

    # ------------------------------------------------------------ messages
    async def _messages(self) -> None:
        while (free := SLOTS - len(self.sending)) > 0:
            begun = await self.run(lambda uow, n=free: self._begin(uow, n))  # type: ignore[misc]
            if not begun:
                return
            for item in begun:
                self._start(self._send(item), "message")

    def _begin(self, uow: UnitOfWork, limit: int) -> Sequence[OutboxItem]:
        ctx = self._context(uow)
        claimed = uow.outbox.claim(self.names, ctx.now, limit)
        return [begun for item in claimed if (begun := delivery_states.begin(ctx, item)) is not None]

    def _start(self, sending: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(sending, name=name)
        self.sending.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.sending.discard(task)
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            self.log("sending_broke", lane=self.name, error=f"{type(error).__name__}: {error}")

    async def _send(self, item: OutboxItem) -> None:
        self.setup.probe("out.before_send")
        try:
            receipt = await self._hand_over(item)
        except DeliveryError as caught:
            error = caught
            self.count("send_errors", f"{item.channel}:{type(error).__name__}")
            self.log(
                "not_sent", id=item.id, channel=item.channel, error=type(error).__name__, why=str(error)[:200]
            )
            await self.run(lambda uow: self._not_sent(self._context(uow), item, error))
            self.wake_all()
            return
        self.setup.probe("out.after_send")
        self.count("sent", item.channel)
        await self.run(lambda uow: delivery_states.accepted(self._context(uow), item.id, receipt))
        self.wake_all()

    async def _hand_over(self, item: OutboxItem) -> Receipt:
        channel = self.channels[item.channel]
        if item.reaction:
            await channel.mark(item.address, item.edits, item.reaction)
            return Receipt(message=item.edits)
        outgoing = await self.run(lambda uow: self._outgoing(self._context(uow), item))
        try:
            return await channel.send(outgoing)
        except DeliveryError:
            raise
        except Exception as error:
            raise OutcomeUnknown(f"{type(error).__name__}: {error}") from error

    def _outgoing(self, ctx: Context, item: OutboxItem) -> Outgoing:
        assert item.notice is not None
        address = item.address
        if item.card_of is not None:
            card = ctx.uow.cards.get(item.card_of, item.address)
            address = dataclasses.replace(address, thread=card.thread if card else "")
        speech = Speech(language=item.language, zone=ZoneInfo(item.zone), now=ctx.now)
        return Outgoing(
            address=address,
            message=words(item.notice, speech, self.setup.name_of),
            token=item.token,
            language=item.language,
            edits=item.edits,
            only_for=item.only_for,
            again=item.again and item.page is not None,
            templated=item.templated,
        )

    def _not_sent(self, ctx: Context, item: OutboxItem, error: DeliveryError) -> None:
        if isinstance(error, Temporary):
            delivery_states.later(ctx, item.id, str(error), retry_after=error.retry_after)
        elif isinstance(error, NeedsTemplate):
            delivery_states.needs_template(ctx, item.id, str(error))
        elif isinstance(error, Permanent):
            delivery_states.failed(ctx, item.id, str(error))
        else:
            delivery_states.later(ctx, item.id, str(error), unknown=True)

    def _context(self, uow: UnitOfWork) -> Context:
        return Context(uow=uow, now=self.clock.now(), setup=self.setup)

    # ------------------------------------------------------------ cards
    async def _card(self) -> None:
        """The most urgent card that is due, if the channel may have another edit now."""
        if self.card_free is not None and self.clock.now() < self.card_free:
            return
        if any(task.get_name() == "card" for task in self.sending):
            return
        begun = await self.run(lambda uow: self._begin_card(self._context(uow)))
        if begun is None:
            return
        card, view = begun
        gap = self.channels[card.address.channel].capabilities.card_gap
        self.card_free = self.clock.now() + gap
        self._start(self._put(card, view), "card")

    def _begin_card(self, ctx: Context) -> tuple[Card, CardView] | None:
        for card in ctx.uow.cards.due(self.names, ctx.now, SLOTS):
            view, changes = cards.render(ctx, card)
            shown = cards.digest(view)
            if shown == card.shown and card.message:
                ctx.uow.cards.save(dataclasses.replace(card, next_render=changes))
                continue
            begun = dataclasses.replace(
                card,
                sending=card.sending or ctx.setup.random.token(),
                attempts=card.attempts + 1,
                shown=shown,
                next_render=changes,
            )
            ctx.uow.cards.save(begun)
            return begun, view
        return None

    async def _put(self, card: Card, view: CardView) -> None:
        """A card whose first posting has an unknown outcome is looked for before it is posted again."""
        channel = self.channels[card.address.channel]
        try:
            message = card.message
            if not message and card.attempts > 1 and isinstance(channel, Finder):
                message = await channel.find(card.address, card.sending) or ""
            place = dataclasses.replace(card.address, thread=card.thread)
            receipt = await channel.put_card(place, view, message, card.sending)
        except DeliveryError as caught:
            error = caught
            self.log("card_not_sent", ticket=card.ticket, channel=card.address.channel, why=str(error)[:200])
            await self.run(lambda uow: self._card_failed(uow, card, error))
            return
        except Exception as error:
            unknown = OutcomeUnknown(f"{type(error).__name__}: {error}")
            await self.run(lambda uow: self._card_failed(uow, card, unknown))
            raise
        self.setup.probe("card.after_put")
        self.count("cards", card.address.channel)
        await self.run(lambda uow: self._card_put(uow, card, receipt))

    def _card_put(self, uow: UnitOfWork, card: Card, receipt: Receipt) -> None:
        now = uow.cards.get(card.ticket, card.address) or card
        stands = dataclasses.replace(
            now,
            message=receipt.message,
            thread=receipt.thread or now.thread or receipt.message,
            sending="",
            attempts=0,
        )
        uow.cards.save(stands)

    def _card_failed(self, uow: UnitOfWork, card: Card, error: DeliveryError) -> None:
        """Try again; a card that can't be put keeps no other from being put."""
        now = uow.cards.get(card.ticket, card.address) or card
        seconds = min(2.0**card.attempts, 60.0)
        if isinstance(error, Temporary) and error.retry_after is not None:
            seconds = max(error.retry_after, 1.0)
            self.card_free = self.clock.now() + dt.timedelta(seconds=seconds)
        if isinstance(error, Permanent):
            seconds = 300.0
        keep = now.sending if isinstance(error, OutcomeUnknown) else ""
        at = self.clock.now() + dt.timedelta(seconds=seconds)
        uow.cards.save(dataclasses.replace(now, next_render=at, shown="", sending=keep))


def recover(uow: UnitOfWork, now: dt.datetime) -> int:
    """At a start: attempts whose outcome nobody knows are made again, marked as a possible repeat."""
    unknown = list(uow.outbox.unsettled())
    for item in unknown:
        uow.outbox.save(dataclasses.replace(item, state=SendState.PENDING, due=now, again=True))
    for card in uow.cards.unsettled():
        uow.cards.save(dataclasses.replace(card, next_render=now, shown=""))
    return len(unknown)
