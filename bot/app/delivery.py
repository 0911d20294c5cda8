"""Outbox and cards to the vendors: one lane a platform account, pages first, each conversation in its order.

A lane looks at what is due in one unit of work, which records each attempt before it is made; then it sends, and
records what came of it. It waits for an event or the next due instant, never by polling. What it was doing when the
process died is found again by `recover`.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
from collections.abc import Callable, Coroutine, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.app import card_delivery, delivery_states, hotline_hold
from bot.app.breaker import Breaker
from bot.app.bus import Log, Runner
from bot.app.context import Context, Setup
from bot.app.pace import PROBE, Pace
from bot.app.ports import (
    Channel,
    Clock,
    DeliveryError,
    NeedsTemplate,
    OutcomeUnknown,
    Outgoing,
    Permanent,
    Receipt,
    Temporary,
    Wake,
)
from bot.app.rows import Card, OutboxItem, Priority, SendState, StorageError, UnitOfWork
from bot.app.speech import Speech
from bot.app.wording import words
from bot.domain.ids import ChannelName
from bot.domain.message import CardView

SLOTS = 8
"""So many sends of one lane are on their way at once."""
FOR_PAGES = 2
"""So many of them are kept free for pages: a vendor that hangs on the rest must not hold up those."""
SAFETY = 30.0
"""A lane looks again after so many seconds even if nobody wakes it."""
AT_ONCE = 200
"""So many rows are put off in one look."""
STORAGE_PAUSE = 2.0
"""Seconds before the database is asked again after it said no."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Begun:
    """An attempt that is recorded; `outgoing` is what to send, None for a reaction."""

    item: OutboxItem
    outgoing: Outgoing | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Look:
    """What one look found: attempts to make, a card to put, whether to look again at once, and when next."""

    messages: Sequence[Begun]
    card: tuple[Card, CardView] | None
    again: bool
    next: dt.datetime | None


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
    sending: dict[asyncio.Task[None], int] = dataclasses.field(default_factory=dict)
    """What is on its way, by the outbox row's id; 0 is a card."""
    breaker: Breaker = dataclasses.field(default_factory=Breaker)
    swept: dt.datetime | None = None
    draining: bool = False
    pace: Pace = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """How fast it may go."""
        self.pace = Pace(breaker=self.breaker)

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
                at = await self.once()
                if self.draining and not self.sending:
                    return
                await self._wait(at)
        except asyncio.CancelledError:
            for task in self.sending:
                task.cancel()
            await asyncio.gather(*self.sending, return_exceptions=True)
            raise

    async def once(self) -> dt.datetime | None:
        """Start everything that is due and fits; returns when there is more to do by itself."""
        if self.draining:
            return None
        while True:
            try:
                look = await self.run(self._look)
            except StorageError as error:
                self.log("storage_refused", lane=self.name, error=str(error))
                return self.clock.now() + dt.timedelta(seconds=STORAGE_PAUSE)
            for begun in look.messages:
                self._start(self._send(begun), begun.item.id)
            if look.card is not None:
                card, view = look.card
                gap = self.channels[card.address.channel].capabilities.card_gap
                self.pace.card_free = self.clock.now() + gap
                self._start(self._put(card, view), 0)
            if not look.again:
                return look.next

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

    async def _wait(self, at: dt.datetime | None) -> None:
        """For a wake, or the next due instant. What is due but not begun stands behind something that is on its way,
        whose end wakes the lane."""
        seconds = SAFETY if at is None else min(self.clock.real_seconds_until(at), SAFETY)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.001)):  # (wait_for may swallow a cancellation in 3.11)
                await self.woken.wait()

    # ------------------------------------------------------------ looking
    def _look(self, uow: UnitOfWork) -> Look:
        ctx = self._context(uow)
        if self.pace.looks(ctx.now):
            self.swept = None
        stuck = self._stuck(ctx)
        free = SLOTS - sum(1 for id in list(self.sending.values()) if id)
        down = self.breaker.is_open(ctx.now)
        wanted = AT_ONCE if down else free
        found = uow.outbox.claim(self.names, ctx.now, wanted) if free > 0 else []
        busy = bool(self.sending)
        claimed = self.pace.probing(found, ctx.now, busy=busy) if down else self._fitting(found, free)
        put_off = found[len(claimed) :] if down else []
        may_put = 0 not in list(self.sending.values()) and self.pace.may_put(ctx.now)
        due = next(iter(uow.cards.due(self.names, ctx.now, 1)), None) if may_put else None
        concerned = {i.ticket for i in (*stuck, *found) if i.ticket} | ({due.ticket} if due else set())
        for ticket in sorted(concerned):  # locked in one order: lanes must not wait for each other in a ring
            uow.tickets.get(ticket)
        for item in stuck:
            delivery_states.later(ctx, item.id, "its outcome was not recorded", unknown=True)
        for item in put_off:
            delivery_states.put_off(ctx, item, PROBE)
        messages = [begun for item in claimed if (begun := self._begin(ctx, item)) is not None]
        card = card_delivery.begin(ctx, due) if due else None
        put = card if isinstance(card, tuple) else None
        return Look(
            messages=messages,
            card=put,
            again=_there_is_more(found, claimed, wanted, down=down)
            or card is card_delivery.Unchanged.UNCHANGED,
            next=self._next_due(uow, ctx.now, putting=put is not None),
        )

    def _fitting(self, claimed: Sequence[OutboxItem], free: int) -> list[OutboxItem]:
        """Pages take any free place, the rest leaves some for them."""
        pages = [i for i in claimed if i.priority == Priority.PAGE]
        others = [i for i in claimed if i.priority != Priority.PAGE]
        return pages + others[: max(free - len(pages) - FOR_PAGES, 0)]

    def _begin(self, ctx: Context, claimed: OutboxItem) -> Begun | None:
        rings = self.channels[claimed.channel].capabilities.rings and not claimed.edits
        later = self.pace.not_before(claimed.address.place, ctx.now) if rings else None
        if rings and later is None:
            later = hotline_hold.until(ctx, claimed)
        if later is not None:
            delivery_states.wait_until(ctx, claimed.id, later)
            return None
        item = delivery_states.begin(ctx, claimed)
        if item is None:
            return None
        if rings:
            self.pace.called[item.address.place] = ctx.now
        if item.reaction:
            return Begun(item=item, outgoing=None)
        try:
            return Begun(item=item, outgoing=self._outgoing(ctx, item))
        except Exception as error:
            self.log("not_sayable", id=item.id, notice=type(item.notice).__name__, error=repr(error)[:200])
            delivery_states.failed(ctx, item.id, f"could not be put into words: {type(error).__name__}")
            return None

    def _stuck(self, ctx: Context) -> list[OutboxItem]:
        """A net: whatever is marked as on its way but is not (its outcome could not be recorded) is sent again."""
        if self.swept is not None and ctx.now < self.swept + dt.timedelta(seconds=SAFETY):
            return []
        self.swept = ctx.now
        mine = {*list(self.sending.values())}
        return [i for i in ctx.uow.outbox.unsettled() if i.channel in self.channels and i.id not in mine]

    def _next_due(self, uow: UnitOfWork, now: dt.datetime, *, putting: bool) -> dt.datetime | None:
        """While a card is on its way the others wait for its end, which wakes the lane."""
        card = None if putting or 0 in list(self.sending.values()) else uow.cards.next_due(self.names)
        if card is not None and self.pace.card_free is not None:
            card = max(card, self.pace.card_free)
        return min((at for at in (uow.outbox.next_due(self.names, now), card) if at), default=None)

    def next_look(self, uow: UnitOfWork) -> dt.datetime | None:
        """When this lane has something to do by itself."""
        return self._next_due(uow, self.clock.now(), putting=False)

    def _outgoing(self, ctx: Context, item: OutboxItem) -> Outgoing:
        assert item.notice is not None
        address = item.address
        if item.card_of is not None:
            card = ctx.uow.cards.get(item.card_of, item.address)
            address = dataclasses.replace(address, thread=card.thread if card else "")
        speech = Speech(language=item.language, zone=ZoneInfo(item.zone), now=ctx.now)
        return Outgoing(
            address=address,
            message=words(item.notice, speech, ctx.setup.name_of),
            token=item.token,
            language=item.language,
            edits=item.edits,
            only_for=item.only_for,
            again=item.again and bool(item.person),
            templated=item.templated,
        )

    def _context(self, uow: UnitOfWork) -> Context:
        return Context(uow=uow, now=self.clock.now(), setup=self.setup)

    # ------------------------------------------------------------ sending
    def _start(self, sending: Coroutine[None, None, None], id: int) -> None:
        task = asyncio.get_running_loop().create_task(sending)
        self.sending[task] = id
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.sending.pop(task, None)
        self.wake()
        if not task.cancelled() and (error := task.exception()) is not None:
            self.log("sending_broke", lane=self.name, error=f"{type(error).__name__}: {error}")

    async def _send(self, begun: Begun) -> None:
        item = begun.item
        self.setup.probe("out.before_send")
        try:
            receipt = await self._hand_over(begun)
        except DeliveryError as caught:
            error = caught
            self._failed(error, "" if item.edits else item.address.place)
            self.count("send_errors", f"{item.channel}:{type(error).__name__}")
            self.log(
                "not_sent", id=item.id, channel=item.channel, error=type(error).__name__, why=str(error)[:200]
            )
            await self._record(lambda uow: _not_sent(self._context(uow), item, error))
        else:
            self.breaker.worked()
            self.setup.probe("out.after_send")
            self.count("sent", item.channel)
            await self._record(lambda uow: delivery_states.accepted(self._context(uow), item.id, receipt))
        self.wake_all()

    def _failed(self, error: DeliveryError, place: str) -> None:
        if self.pace.failed(error, place, self.clock.now()):
            self.count("vendor_down", self.name)
            self.log("vendor_down", lane=self.name)

    async def _hand_over(self, begun: Begun) -> Receipt:
        item, channel = begun.item, self.channels[begun.item.channel]
        try:
            if begun.outgoing is None:
                await channel.mark(item.address, item.edits, item.reaction)
                return Receipt(message=item.edits)
            return await channel.send(begun.outgoing)
        except DeliveryError:
            raise
        except Exception as error:
            raise OutcomeUnknown(f"{type(error).__name__}: {error}") from error

    async def _record(self, work: Callable[[UnitOfWork], None]) -> None:
        """What came of an attempt has to be written, whatever the database says meanwhile."""
        while True:
            try:
                await self.run(work)
                return
            except StorageError as error:
                self.log("storage_refused", lane=self.name, error=str(error))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.Event().wait(), STORAGE_PAUSE)

    # ------------------------------------------------------------ cards
    async def _put(self, card: Card, view: CardView) -> None:
        """A card whose first posting has an unknown outcome is looked for before it is posted again."""
        channel = self.channels[card.address.channel]
        try:
            receipt = await card_delivery.put(channel, card, view)
        except DeliveryError as caught:
            error = caught
            self._failed(error, "")
            self.count("send_errors", f"{card.address.channel}:card")
            self.log("card_not_sent", ticket=card.ticket, channel=card.address.channel, why=str(error)[:200])
            if isinstance(error, Temporary) and error.retry_after is not None:
                self.pace.card_free = self.clock.now() + dt.timedelta(seconds=max(error.retry_after, 1.0))
            await self._record(lambda uow: card_delivery.failed(self._context(uow), card, error))
        else:
            self.breaker.worked()
            self.setup.probe("card.after_put")
            self.count("cards", card.address.channel)
            await self._record(lambda uow: card_delivery.stands(self._context(uow), card, receipt))


def _there_is_more(
    found: Sequence[OutboxItem], claimed: Sequence[OutboxItem], wanted: int, *, down: bool
) -> bool:
    """Look again at once? What was put off is not found again, and what was begun takes a place."""
    if down:
        return len(found) == wanted
    return bool(claimed) and wanted > len(claimed)


def _not_sent(ctx: Context, item: OutboxItem, error: DeliveryError) -> None:
    if isinstance(error, Temporary):
        delivery_states.later(ctx, item.id, str(error), retry_after=error.retry_after)
    elif isinstance(error, NeedsTemplate):
        delivery_states.needs_template(ctx, item.id, str(error))
    elif isinstance(error, Permanent):
        delivery_states.failed(ctx, item.id, str(error))
    else:
        delivery_states.later(ctx, item.id, str(error), unknown=True)


def recover(uow: UnitOfWork, now: dt.datetime) -> int:
    """At a start: attempts whose outcome nobody knows are made again, marked as a possible repeat."""
    unknown = list(uow.outbox.unsettled())
    for item in unknown:
        uow.outbox.save(dataclasses.replace(item, state=SendState.PENDING, due=now, again=True))
    for card in uow.cards.unsettled():
        uow.cards.save(dataclasses.replace(card, next_render=now, shown=""))
    return len(unknown)
