"""Two units of work at once on one ticket, on PostgreSQL: one stops in the middle, the other runs as far as it can."""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from bot.app import card_delivery, delivery_states, intake, tickets
from bot.app import timers as due_timers
from bot.app.context import Context
from bot.app.inbound import CommandIn, MessageIn, ReceiptIn, Sender
from bot.app.ports import Outcome, Receipt
from bot.app.rows import OutboxItem, Priority, SendState, Store, UnitOfWork
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.evolve import rebuild
from bot.domain.ids import Address, ChannelName, TicketId
from bot.domain.page import Page, PageState
from bot.domain.timers import TimerKind
from storage import outbox, rows
from storage import pages as page_rows
from storage import tickets as ticket_rows
from storage.cards import Cards
from storage.statement import Statement
from tests.builders import ADA, DESK, GRACE, THANDI
from tests.contract.postgres import PostgresServer
from tests.fakes.world import World

Work = Callable[[Context], Any]
SLACK, WHATSAPP = ChannelName("slack"), ChannelName("whatsapp")
REFERENCE = TicketId("MIT-1001")
PATIENCE = 10.0
_LOCKED_OUT = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '{}'"
_ALL = Statement(sa.select(outbox.outbox).order_by(outbox.outbox.c.id))


class Race:
    """`first` stops at a point of its own; `second` runs until it has ended or waits for a lock; then both go on."""

    def __init__(self, world: World, locked_out: Callable[[], bool], patch: pytest.MonkeyPatch) -> None:
        self.world, self._locked_out, self._patch = world, locked_out, patch
        self._reached, self._go = threading.Event(), threading.Event()
        self._runner: threading.Thread | None = None
        self.second_waited = False

    def stop_at(self, owner: object, name: str, *, after: bool = False) -> None:
        """The first to go stops where it calls this for the first time, before it or after."""
        real = getattr(owner, name)

        def stopping(*a: Any, **kw: Any) -> Any:
            if after:
                found = real(*a, **kw)
                self._stop()
                return found
            self._stop()
            return real(*a, **kw)

        self._patch.setattr(owner, name, stopping)

    def run(self, first: Work, second: Work) -> tuple[Any, Any]:
        """What both returned. Whatever one of them raises comes out of here."""
        results: dict[str, Any] = {}

        def went(name: str, work: Work) -> None:
            try:
                results[name] = self.world.store.transact(lambda uow: work(self.context(uow)))
            except BaseException as error:
                results[name] = error

        self._runner = threading.Thread(target=went, args=("first", first), daemon=True)
        other = threading.Thread(target=went, args=("second", second), daemon=True)
        self._runner.start()
        assert self._reached.wait(PATIENCE), results.get("first", "the first never came to its point")
        other.start()
        while other.is_alive() and not self.second_waited:
            other.join(0.01)
            self.second_waited = other.is_alive() and self._locked_out()
        self._go.set()
        for thread in (self._runner, other):
            thread.join(PATIENCE)
            assert not thread.is_alive()
        for result in results.values():
            if isinstance(result, BaseException):
                raise result
        return results["first"], results["second"]

    def all_but_committed(self, work: Work) -> Work:
        """`work`, stopped when everything is done and nothing is committed."""

        def stopped(ctx: Context) -> Any:
            result = work(ctx)
            self._stop()
            return result

        return stopped

    def context(self, uow: UnitOfWork) -> Context:
        return Context(uow=uow, now=self.world.clock.now(), setup=self.world.setup)

    def does(self, work: Work) -> Any:
        """Alone, in a unit of work of its own."""
        return self.world.store.transact(lambda uow: work(self.context(uow)))

    def _stop(self) -> None:
        if threading.current_thread() is self._runner and not self._reached.is_set():
            self._reached.set()
            assert self._go.wait(PATIENCE)

    # ------------------------------------------------------------ what stands there in the end
    @property
    def page(self) -> Page:
        found: Page | None = self.does(lambda ctx: ctx.uow.pages.latest_of(REFERENCE))
        assert found is not None
        return found

    def outbox(self, kind: type[no.Notice] | None = None) -> list[OutboxItem]:
        found = self.does(lambda ctx: [rows.item_of(row) for row in ctx.uow._session.rows(_ALL, {})])
        return [item for item in found if kind is None or isinstance(item.notice, kind)]

    def timers(self) -> set[TimerKind]:
        later = self.world.clock.now().replace(year=2030)
        return {timer.kind for timer in self.does(lambda ctx: ctx.uow.timers.due(later, 99))}

    def holds_together(self) -> None:
        """The row is what its log makes; a page that ended has no timer and nothing in line."""
        log = self.does(lambda ctx: list(ctx.uow.log.of(REFERENCE)))
        ticket = self.does(lambda ctx: ctx.ticket(REFERENCE))
        assert rebuild(log, self.world.directory.policy("managed-it")) == ticket
        if not self.page.is_open:
            assert TimerKind.PAGE not in self.timers()
            assert {i.state for i in self.outbox(no.PageCall)}.isdisjoint({SendState.PENDING})


@pytest.fixture
def race(
    pg_store: Store, pg_url: str, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Race]:
    name = sa.make_url(pg_url).database
    question = _LOCKED_OUT.format(name)
    yield Race(World(store=pg_store), lambda: postgres_server.admin(question, pg_url)[0][0] > 0, monkeypatch)


def message(text: str, id: str = "r1") -> MessageIn:
    here = Address(channel=WHATSAPP, place=THANDI)
    return MessageIn(channel=WHATSAPP, external_id=id, sender=Sender(id=THANDI), address=here, text=text)


def writes(text: str) -> Work:
    return lambda ctx: intake.on_message(ctx, message(text))


def acknowledges(identity: str = ADA) -> Work:
    def work(ctx: Context) -> Outcome:
        asked = CommandIn(
            channel=SLACK,
            external_id=f"ack-{identity}",
            sender=Sender(id=identity),
            address=Address(channel=SLACK, place="C0ANY"),
            text=f"ack {REFERENCE}",
        )
        person = ctx.directory.person_at(SLACK, identity)
        assert person is not None
        return tickets.on_words(ctx, asked, person, asked.text)

    return work


def reply_of(outcome: Outcome) -> str:
    assert outcome.reply is not None
    return outcome.reply.text


def emergency(race: Race) -> None:
    asyncio.run(race.world.says(THANDI, "urgent everything is down"))


def page_not_sent_yet(race: Race) -> None:
    """A ticket whose card stands, and a page whose attempts are all in line."""
    asyncio.run(race.world.says(THANDI, "The printer is slow"))
    asyncio.run(race.world.bus.receive(message("urgent", id="u1")))


# ---------------------------------------------------------------- a message and an acknowledgement
@pytest.mark.parametrize("ahead", ["message", "acknowledgement"])
def test_a_message_and_an_acknowledgement_both_count(race: Race, ahead: str) -> None:
    emergency(race)
    if ahead == "message":
        race.stop_at(intake, "add")
        race.run(writes("the phones too"), acknowledges())
    else:
        race.run(race.all_but_committed(acknowledges()), writes("the phones too"))
        assert race.second_waited
    race.holds_together()
    ticket = race.does(lambda ctx: ctx.ticket(REFERENCE))
    assert (ticket.owner, ticket.status, ticket.said) == ("ada", "active", "the phones too")
    assert race.page.state is PageState.ACKNOWLEDGED


# ---------------------------------------------------------------- the last attempt fails
@pytest.mark.parametrize("where", ["before its lock", "behind its lock", "acknowledged first"])
def test_the_last_failure_never_brings_a_page_back(race: Race, where: str) -> None:
    emergency(race)
    *others, last = race.outbox(no.PageCall)
    for item in others:
        gone = dataclasses.replace(item, state=SendState.FAILED)
        race.does(lambda ctx, gone=gone: ctx.uow.outbox.save(gone))
    race.does(
        lambda ctx: ctx.uow.outbox.save(
            dataclasses.replace(last, state=SendState.ACCEPTED, method="telegram")
        )
    )
    fails: Work = lambda ctx: delivery_states.failed(ctx, last.id, "busy")  # noqa: E731
    if where == "acknowledged first":
        race.run(race.all_but_committed(acknowledges()), fails)
    else:
        race.stop_at(
            *((outbox.Outbox, "get") if where == "before its lock" else (page_rows.Pages, "get")), after=True
        )
        race.run(fails, acknowledges())
    assert race.second_waited is (where != "before its lock")
    race.holds_together()
    assert (race.page.state, race.page.acknowledged_by) == (PageState.ACKNOWLEDGED, "ada")


# ---------------------------------------------------------------- taken by the vendor
@pytest.mark.parametrize("where", ["before its lock", "behind its lock", "acknowledged first"])
def test_a_place_that_the_page_reached_while_it_ended_is_told_once(race: Race, where: str) -> None:
    page_not_sent_yet(race)
    item = next(i for i in race.outbox(no.PageCall) if i.method == "slack")
    race.does(lambda ctx: delivery_states.begin(ctx, item))
    taken: Work = lambda ctx: delivery_states.accepted(ctx, item.id, Receipt(message="S1", place="D1"))  # noqa: E731
    if where == "acknowledged first":
        race.run(race.all_but_committed(acknowledges()), taken)
    else:
        race.stop_at(
            *((outbox.Outbox, "get") if where == "before its lock" else (outbox.Outbox, "save")), after=True
        )
        race.run(taken, acknowledges())
    race.holds_together()
    told = race.outbox(no.PageOver)
    assert [(i.address.place, i.edits) for i in told if i.channel == SLACK] == [("D1", "S1")]


@pytest.mark.parametrize("ahead", ["accepted", "receipt"])
def test_a_closed_window_is_not_forgotten_when_its_receipt_comes_early(race: Race, ahead: str) -> None:
    asyncio.run(race.world.says(THANDI, "The printer is slow"))
    here = Address(channel=SLACK, place=DESK, thread=race.world.thread())
    answer = MessageIn(
        channel=SLACK,
        external_id="a1",
        sender=Sender(id=ADA),
        address=here,
        text="On it",
        message="m9",
        direct=False,
    )
    asyncio.run(race.world.bus.receive(answer))
    (item,) = race.outbox(no.Answer)
    begun = race.does(lambda ctx: delivery_states.begin(ctx, item))
    receipt = ReceiptIn(
        channel=WHATSAPP,
        external_id="x1",
        sender=Sender(id=""),
        address=Address(channel=WHATSAPP, place=""),
        token=begun.token,
        status="failed",
        code="63016",
        switch=True,
    )
    accepted: Work = lambda ctx: delivery_states.accepted(ctx, item.id, Receipt(message="SM1"))  # noqa: E731
    refused: Work = lambda ctx: delivery_states.on_receipt(ctx, receipt)  # noqa: E731
    race.stop_at(outbox.Outbox, "get" if ahead == "accepted" else "by_token", after=True)
    race.run(*((accepted, refused) if ahead == "accepted" else (refused, accepted)))
    after = race.does(lambda ctx: ctx.uow.outbox.get(item.id))
    assert (after.state, after.templated) == (SendState.PENDING, True)


# ---------------------------------------------------------------- cards
@pytest.mark.parametrize("where", ["put before its lock", "put behind its lock", "touched first"])
def test_a_card_that_changed_while_it_was_put_is_due_again(race: Race, where: str) -> None:
    asyncio.run(race.world.says(THANDI, "The printer is slow"))
    (card,) = race.does(lambda ctx: ctx.uow.cards.of(REFERENCE))
    receipt = Receipt(message=card.message, thread=card.thread)
    stands: Work = lambda ctx: card_delivery.stands(ctx, card, receipt)  # noqa: E731
    if where == "touched first":
        race.run(race.all_but_committed(acknowledges()), stands)
    else:
        race.stop_at(
            *((card_delivery, "_now") if where == "put before its lock" else (Cards, "get")),
            after=where != "put before its lock",
        )
        race.run(stands, acknowledges())
    (after,) = race.does(lambda ctx: ctx.uow.cards.of(REFERENCE))
    assert (after.next_render, after.message, after.priority) == (
        race.world.clock.now(),
        card.message,
        Priority.DESK,
    )
    asyncio.run(race.world.settle())
    assert race.world.card().holder == "Ada"


# ---------------------------------------------------------------- two who want it
@pytest.mark.parametrize("where", ["before its lock", "all but committed"])
def test_two_acknowledgements_at_once_make_one_owner_and_the_other_is_told(race: Race, where: str) -> None:
    emergency(race)
    if where == "before its lock":
        race.stop_at(ticket_rows.Tickets, "get")
        late, won = race.run(acknowledges(ADA), acknowledges(GRACE))
        owner, name = "grace", "Grace"
    else:
        won, late = race.run(race.all_but_committed(acknowledges(ADA)), acknowledges(GRACE))
        owner, name = "ada", "Ada"
        assert race.second_waited
    race.holds_together()
    events = asyncio.run(race.world.events())
    assert [e.person for e in events if isinstance(e, ev.Acknowledged)] == [owner]
    assert len([e for e in events if isinstance(e, ev.PageStopped)]) == 1
    assert reply_of(won) == f"You have {REFERENCE}."
    assert reply_of(late) == f"{name} has {REFERENCE} already."


# ---------------------------------------------------------------- the page's timer
def timer_goes_off(ctx: Context) -> None:
    """The timer of the page, unless somebody else has it in hand."""
    for timer in ctx.uow.timers.due(ctx.now, 9):
        if timer.kind is TimerKind.PAGE:
            due_timers.on_due(ctx, timer)


@pytest.mark.parametrize("where", ["before its lock", "all but committed", "acknowledged first"])
def test_nobody_new_is_paged_after_an_acknowledgement(race: Race, where: str) -> None:
    emergency(race)
    race.world.clock.at = race.page.until or race.world.clock.at
    if where == "acknowledged first":
        race.run(race.all_but_committed(acknowledges()), timer_goes_off)
    elif where == "before its lock":
        race.stop_at(ticket_rows.Tickets, "get")
        race.run(timer_goes_off, acknowledges())
    else:
        race.run(race.all_but_committed(timer_goes_off), acknowledges())
    race.holds_together()
    assert race.page.state is PageState.ACKNOWLEDGED
    assert race.page.steps == (2 if where == "all but committed" else 1)
    race.world.look_away()
    asyncio.run(race.world.settle())
    asyncio.run(race.world.passes(minutes=20))  # whoever acknowledged has longer than that to write
    sent = [s.text for channel in race.world.channels.values() for s in channel.sent[channel.unread :]]
    assert not any("ACK" in text for text in sent)


@pytest.mark.parametrize("where", ["before its lock", "all but committed"])
def test_an_attempt_of_the_new_step_is_dropped_or_told_that_it_is_over(race: Race, where: str) -> None:
    emergency(race)
    race.world.clock.at = race.page.until or race.world.clock.at
    race.does(timer_goes_off)
    item = next(i for i in race.outbox(no.PageCall) if i.person == "grace" and i.method == "sms")
    begins: Work = lambda ctx: delivery_states.begin(ctx, item)  # noqa: E731
    if where == "before its lock":
        race.stop_at(outbox.Outbox, "get", after=True)
        begun, _ = race.run(begins, acknowledges())
        assert begun is None
    else:
        begun, _ = race.run(race.all_but_committed(begins), acknowledges())
        assert begun is not None
        race.does(lambda ctx: delivery_states.accepted(ctx, item.id, Receipt(message="SM9")))
    race.holds_together()
    race.world.look_away()
    asyncio.run(race.world.settle())
    told = [s.text for s in race.world.seen("sms", item.address.place)]
    assert len(told) == (0 if begun is None else 1) and all("ACK" not in text for text in told)
