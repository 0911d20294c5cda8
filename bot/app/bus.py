"""Everything that comes in goes through here: one unit of work each, de-duplicated, never lost.

The map of the system is ROUTES at the end: which kind of inbound is handled by whom.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from bot.app import delivery_states, intake, relay, tickets
from bot.app.context import Context, Setup
from bot.app.inbound import ActionIn, CommandIn, Failed, FormIn, Inbound, MessageIn, ReceiptIn
from bot.app.ports import Clock, Outcome, Overloaded, StorageError, Store, UnitOfWork, Wake
from bot.app.saying import tell
from bot.app.timers import on_due
from bot.domain import notices as no
from bot.domain.grammar import Action
from bot.domain.people import Person

T = TypeVar("T")

TRIES = 3
"""A message whose handling fails this often is put aside, and the team is told."""
AGAIN_AFTER = dt.timedelta(seconds=20)


class Runner(Protocol):
    """Runs a unit of work: on the writer thread in production, at once in tests and in the simulation."""

    def __call__(self, work: Callable[[UnitOfWork], T], /) -> Awaitable[T]: ...


def inline(store: Store) -> Runner:
    """Units of work run where they are asked for."""

    async def run(work: Callable[[UnitOfWork], T]) -> T:
        return store.transact(work)

    return run


class Log(Protocol):
    """Structured logging: an event name and fields, never texts of people."""

    def __call__(self, event: str, /, **fields: Any) -> None: ...


@dataclasses.dataclass(kw_only=True)
class Bus:
    """The way in."""

    run: Runner
    setup: Setup
    clock: Clock
    wake: Wake
    log: Log
    limit: int = 64
    in_flight: int = 0

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
            await self._keep(inbound, error, tries=1)
            return Outcome()
        self.setup.probe("in.after_commit")
        return outcome

    def _take(self, uow: UnitOfWork, inbound: Inbound) -> Outcome:
        ctx = Context(uow=uow, now=self.clock.now(), setup=self.setup)
        if not uow.inbox.add(inbound.channel, inbound.external_id, ctx.now):
            return Outcome(fresh=False)
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
        at = self.clock.now() + AGAIN_AFTER * tries
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
                if failed.tries + 1 >= TRIES:
                    self.log("inbound_put_aside", channel=failed.inbound.channel, error=type(error).__name__)
                    await self.run(lambda uow, f=failed: self._put_aside(uow, f))  # type: ignore[misc]
                else:
                    await self._keep(failed.inbound, error, failed.tries + 1)

    def _again(self, uow: UnitOfWork, failed: Failed) -> None:
        ctx = Context(uow=uow, now=self.clock.now(), setup=self.setup)
        ROUTES[type(failed.inbound)](ctx, failed.inbound)
        uow.inbox.settle(failed.inbound.channel, failed.inbound.external_id)

    def _put_aside(self, uow: UnitOfWork, failed: Failed) -> None:
        """Loudly: a line at every desk of the team concerned. The raw message stays in the inbox."""
        ctx = Context(uow=uow, now=self.clock.now(), setup=self.setup)
        uow.inbox.settle(failed.inbound.channel, failed.inbound.external_id)
        sender = failed.inbound.sender
        text = f"{failed.inbound.channel}, from {sender.name or '…' + sender.id[-3:]}"
        for desk in ctx.directory.teams[0].desks:
            tell(ctx, no.DeskLine(what="put_aside", text=text), desk)

    async def run_timers(self) -> int:
        """Look at everything that is due, one transaction each, until nothing is."""
        count = 0
        while await self.run(self._one_timer):
            count += 1
        if count:
            self.wake()
        return count

    def _one_timer(self, uow: UnitOfWork) -> bool:
        now = self.clock.now()
        due = uow.timers.due(now, 1)
        for timer in due:
            on_due(Context(uow=uow, now=now, setup=self.setup), timer)
        return bool(due)

    async def next_due(self) -> dt.datetime | None:
        """When there is something to look at again."""

        def earliest(uow: UnitOfWork) -> dt.datetime | None:
            return min((at for at in (uow.timers.next_due(), uow.inbox.next_failed()) if at), default=None)

        return await self.run(earliest)


# ---------------------------------------------------------------- who handles what
def _message(ctx: Context, m: MessageIn) -> Outcome:
    team = ctx.directory.desk_at(m.address)
    if team is not None:
        return relay.on_desk_message(ctx, m, team)
    if not m.direct:
        return Outcome()
    person = _one_of_us(ctx, m)
    return tickets.on_direct(ctx, m, person) if person else intake.on_message(ctx, m)


CUSTOMER_VERBS = frozenset({"sev", "works"})


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
    return intake.on_message(
        ctx,
        MessageIn(
            channel=c.channel, external_id=c.external_id, sender=c.sender, address=private, text=c.text
        ),
    )


def _form(ctx: Context, f: FormIn) -> Outcome:
    person = _one_of_us(ctx, f)
    if person is not None:
        return tickets.on_form(ctx, f, person)
    private = dataclasses.replace(f.address, place=f.sender.id, thread="")
    return intake.on_form(ctx, dataclasses.replace(f, address=private)) if f.form == "new" else Outcome()


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
}

__all__ = ["Action", "Bus", "Runner", "inline"]
