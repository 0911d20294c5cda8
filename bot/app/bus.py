"""Everything that comes in goes through here: one unit of work each, de-duplicated, never lost.

The map of the system is ROUTES at the end: which kind of inbound is handled by whom.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from bot.app import (
    callback,
    chores,
    delivery_states,
    home,
    hotline,
    hotline_watch,
    intake,
    keys,
    pages,
    relay,
    tickets,
)
from bot.app.context import Context, Setup
from bot.app.inbound import (
    ActionIn,
    CallIn,
    CallReportIn,
    CommandIn,
    Failed,
    FormIn,
    HomeIn,
    Inbound,
    KeyIn,
    LegIn,
    MessageIn,
    ReceiptIn,
)
from bot.app.places import at_desks
from bot.app.ports import Clock, Outcome, Overloaded, Wake
from bot.app.rows import StorageError, Store, UnitOfWork
from bot.app.running import Log, Runner
from bot.app.saying import tell
from bot.app.timers import on_due
from bot.domain import notices as no
from bot.domain.grammar import Action
from bot.domain.people import Person
from bot.domain.questions import CUSTOMER_VERBS
from bot.domain.timers import Timer

T = TypeVar("T")

AGAIN_AFTER = (dt.timedelta(seconds=20), dt.timedelta(minutes=2), dt.timedelta(minutes=10))
"""A message whose handling fails is tried again after these; then it is put aside, loudly."""
SET_BACK = dt.timedelta(seconds=5)
"""A clock that is corrected by less is not worth a look."""
TIMER_AGAIN = dt.timedelta(seconds=30)
"""A timer whose look fails is asked again after this; the others go on meanwhile."""


def inline(store: Store) -> Runner:
    """Units of work run where they are asked for."""

    async def run(work: Callable[[UnitOfWork], T]) -> T:
        return store.transact(work)

    return run


@dataclasses.dataclass(kw_only=True)
class Bus:
    """The way in."""

    run: Runner
    setup: Setup
    clock: Clock
    wake: Wake
    log: Log
    limit: int = 256
    in_flight: int = 0
    latest: dt.datetime | None = None
    """The latest instant at which it looked at what is due."""

    async def receive(self, inbound: Inbound) -> Outcome:
        """When it returns, `inbound` is durable: handled, known already, or kept for another try.

        Raises Overloaded when too much is in flight or the database can't take it: nothing was written."""
        if self.in_flight >= self.limit:
            raise Overloaded
        self.in_flight += 1
        try:
            return await self._receive(inbound)
        except StorageError as error:
            self.log("storage_refused", error=str(error))
            raise Overloaded from error
        finally:
            self.in_flight -= 1
            self.wake()

    async def _receive(self, inbound: Inbound) -> Outcome:
        try:
            outcome = await self.run(lambda uow: self._take(uow, inbound))
        except (StorageError, asyncio.CancelledError):
            raise
        except Exception as error:
            if isinstance(inbound, _ASKED_AGAIN):
                kind, why = type(inbound).__name__, f"{type(error).__name__}: {error}"[:200]
                self.log("not_answered", channel=inbound.channel, kind=kind, error=why)
            else:
                await self._keep(inbound, error, tries=1)
            return Outcome()
        self.setup.probe("in.after_commit")
        return outcome

    def _take(self, uow: UnitOfWork, inbound: Inbound) -> Outcome:
        ctx = Context(uow=uow, now=self.clock.now(), setup=self.setup)
        if not uow.inbox.add(inbound.channel, inbound.external_id, ctx.now):
            known = _KNOWN.get(type(inbound))
            return dataclasses.replace(known(ctx, inbound), fresh=False) if known else Outcome(fresh=False)
        outcome = ROUTES[type(inbound)](ctx, inbound)
        self.setup.probe("in.before_commit")
        return outcome

    async def _keep(self, inbound: Inbound, error: Exception, tries: int) -> None:
        """The handler failed: keep the message whole, to be tried again soon."""
        self.log(
            "inbound_failed",
            channel=inbound.channel,
            kind=type(inbound).__name__,
            error=type(error).__name__,
            tries=tries,
        )
        at = self.clock.now() + AGAIN_AFTER[min(tries, len(AGAIN_AFTER)) - 1]
        failed = Failed(inbound=inbound, error=f"{type(error).__name__}: {error}"[:500], tries=tries, at=at)
        await self.run(lambda uow: uow.inbox.fail(failed))

    async def retry_failed(self) -> None:
        """Handle what failed before; what fails for good is put aside and the team is told where."""
        now = self.clock.now()
        for failed in await self.run(lambda uow: list(uow.inbox.failed(now, 20))):
            try:
                await self.run(lambda uow, f=failed: self._again(uow, f))  # type: ignore[misc]
            except StorageError:
                raise
            except Exception as error:
                if failed.tries >= len(AGAIN_AFTER):
                    self.log("inbound_put_aside", channel=failed.inbound.channel, error=type(error).__name__)
                    await self._put_aside(failed)
                else:
                    await self._keep(failed.inbound, error, failed.tries + 1)

    def _again(self, uow: UnitOfWork, failed: Failed) -> None:
        ctx = Context(uow=uow, now=self.clock.now(), setup=self.setup)
        ROUTES[type(failed.inbound)](ctx, failed.inbound)
        uow.inbox.settle(failed.inbound.channel, failed.inbound.external_id)

    async def _put_aside(self, failed: Failed) -> None:
        """Loudly: a customer's words become a bare ticket; failing that, a line at every desk says where to look.
        The raw message stays in the inbox."""
        try:
            await self.run(lambda uow: self._ticket_of(uow, failed))
        except StorageError:
            raise
        except Exception as error:
            self.log("no_ticket_of_put_aside", error=f"{type(error).__name__}: {error}"[:200])
            await self.run(lambda uow: self._line_of(uow, failed))

    def _ticket_of(self, uow: UnitOfWork, failed: Failed) -> None:
        ctx = Context(uow=uow, now=self.clock.now(), setup=self.setup)
        m = failed.inbound
        if not isinstance(m, MessageIn) or not m.direct or _one_of_us(ctx, m):
            raise LookupError("no message of a customer")
        intake.open_bare(ctx, m)
        uow.inbox.settle(m.channel, m.external_id)

    def _line_of(self, uow: UnitOfWork, failed: Failed) -> None:
        ctx = Context(uow=uow, now=self.clock.now(), setup=self.setup)
        uow.inbox.settle(failed.inbound.channel, failed.inbound.external_id)
        sender = failed.inbound.sender
        text = f"{ctx.setup.label(failed.inbound.channel)}, from {sender.name or '…' + sender.id[-3:]}"
        at_desks(ctx, ctx.directory.teams, no.DeskLine(what="put_aside", text=text))

    async def run_due(self) -> dt.datetime | None:
        """Look at everything that is due, one unit of work each, until nothing is; returns when the next is."""
        await self._notice_the_clock()
        looked = 0
        while True:
            found: list[Timer] = []
            try:
                at = await self.run(lambda uow, f=found: self._one_timer(uow, f))  # type: ignore[misc]
            except StorageError:
                raise
            except Exception as error:
                self.log(
                    "timer_failed",
                    ticket=found[0].ticket if found else "",
                    error=f"{type(error).__name__}: {error}",
                )
                at = await self.run(lambda uow, f=found: self._postpone(uow, f[0]))  # type: ignore[misc]
            if found:
                looked += 1
                continue
            if looked:
                self.wake()
            if at is None or at > self.clock.now():
                return at
            await self.retry_failed()
            looked += await chores.one(self.run, self.context, self.log)

    async def _notice_the_clock(self) -> None:
        """Where it was set back, nobody waits that much longer to be paged."""
        now, before = self.clock.now(), self.latest
        self.latest = now
        if before is None:
            await self.run(lambda uow: pages.clock_went_back(self.context(uow)))
            return
        if now >= before - SET_BACK:
            return
        self.log("clock_went_back", seconds=(before - now).total_seconds())
        await self.run(lambda uow: self._clock_went_back(self.context(uow), before - now))
        self.wake()

    def _clock_went_back(self, ctx: Context, by: dt.timedelta) -> None:
        hotline_watch.clock_went_back(ctx, by)
        pages.clock_went_back(ctx, by)

    def context(self, uow: UnitOfWork) -> Context:
        """For one unit of work, now."""
        return Context(uow=uow, now=self.clock.now(), setup=self.setup)

    def _one_timer(self, uow: UnitOfWork, found: list[Timer]) -> dt.datetime | None:
        """Handles at most one, which it puts into `found`; else says when there is something to look at again."""
        now = self.clock.now()
        found.extend(uow.timers.due(now, 1))
        for timer in found:
            on_due(Context(uow=uow, now=now, setup=self.setup), timer)
            return None
        ats = (uow.timers.next_due(), uow.inbox.next_failed(), uow.chores.next_due())
        return min((at for at in ats if at), default=None)

    def _postpone(self, uow: UnitOfWork, timer: Timer) -> None:
        """It stays asked, but it must not stand in the way of all the others."""
        uow.timers.done(timer)
        later = dataclasses.replace(timer, id=0, due=self.clock.now() + TIMER_AGAIN)
        uow.timers.replace(timer.ticket, (), (later,))


# ---------------------------------------------------------------- who handles what
def _message(ctx: Context, m: MessageIn) -> Outcome:
    team = ctx.directory.desk_at(m.address)
    if team is not None:
        return relay.on_desk_message(ctx, m, team)
    if not m.direct:
        return Outcome()
    person = _one_of_us(ctx, m)
    return tickets.on_direct(ctx, m, person) if person else intake.on_message(ctx, m)


def _action(ctx: Context, a: ActionIn) -> Outcome:
    person = _one_of_us(ctx, a)
    if person is not None and a.action.verb not in CUSTOMER_VERBS:
        return tickets.on_action(ctx, a, person)
    if ctx.directory.desk_at(a.address) is not None:
        tell(ctx, no.Told(what="not_engineer"), a.address, only_for=a.sender.id)
        return Outcome()
    return intake.on_action(ctx, a)


def _command(ctx: Context, c: CommandIn) -> Outcome:
    """A slash command: a customer's is what they would have written to us in private."""
    person = _one_of_us(ctx, c)
    if person is not None:
        return tickets.on_words(ctx, c, person, c.text)
    private = dataclasses.replace(c.address, place=c.sender.id, thread="")
    text = "new: " + c.text[4:] if c.text.lower().startswith("new ") else c.text
    return intake.on_message(
        ctx,
        MessageIn(channel=c.channel, external_id=c.external_id, sender=c.sender, address=private, text=text),
    )


def _form(ctx: Context, f: FormIn) -> Outcome:
    person = _one_of_us(ctx, f)
    if person is not None:
        return tickets.on_form(ctx, f, person)
    private = dataclasses.replace(f.address, place=f.sender.id, thread="")
    if f.form == "new":
        return intake.on_form(ctx, dataclasses.replace(f, address=private))
    tell(ctx, no.Told(what="not_engineer"), private)
    return Outcome()


def _receipt(ctx: Context, r: ReceiptIn) -> Outcome:
    delivery_states.on_receipt(ctx, r)
    return Outcome()


def _one_of_us(ctx: Context, inbound: Inbound) -> Person | None:
    return ctx.directory.person_at(inbound.channel, inbound.sender.id)


ROUTES: dict[type[Inbound], Callable[[Context, Any], Outcome]] = {
    MessageIn: _message,
    ActionIn: _action,
    CommandIn: _command,
    FormIn: _form,
    ReceiptIn: _receipt,
    HomeIn: home.on_home,
    KeyIn: keys.on_key,
    CallIn: hotline.on_call,
    LegIn: hotline.on_leg,
    CallReportIn: hotline.on_report,
}
_KNOWN: dict[type[Inbound], Callable[[Context, Any], Outcome]] = {
    CallIn: hotline.said_again,
    LegIn: hotline.said_again,
    KeyIn: callback.said_again,
}
"""What is answered to an event that has had its effect: a phone has to be told something all the same."""
_ASKED_AGAIN = (HomeIn, CallIn, LegIn)
"""What is not kept for another try when its handling fails: somebody looks, or waits on the phone, and asks again."""

__all__ = ["Action", "Bus", "Log", "Runner", "inline"]
