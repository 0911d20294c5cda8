"""One transaction: everything or nothing, whatever went wrong."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.app.rows import Conversation, Store, UnitOfWork
from bot.domain import events as ev
from bot.domain.timers import Timer, TimerKind
from tests.contract.storage_samples import (
    DESK,
    DM,
    NOW,
    SLACK,
    TICKET,
    card,
    contact,
    failed,
    item,
    page,
    ticket,
)

EVERY_KIND = list(TimerKind)


def write_everything(uow: UnitOfWork, mark: str) -> None:
    uow.inbox.add(SLACK, f"Ev{mark}", NOW)
    uow.inbox.fail(failed("Failed", error=mark))
    uow.tickets.next_reference("MIT")
    uow.tickets.save(ticket(text=mark))
    uow.log.append(TICKET, [ev.NoteWritten(person="ada", text=mark)], NOW)
    uow.outbox.add([item(mark, page="p1", token=mark)])
    uow.timers.replace(TICKET, EVERY_KIND, [Timer(ticket=TICKET, kind=TimerKind.PAGE, due=NOW)])
    uow.cards.save(card(shown=mark))
    uow.pages.save(page("p1", code=mark))
    uow.conversations.save(Conversation(address=DM, contact=mark))
    uow.contacts.save(contact(name=mark, identities={SLACK: mark}))


def everything(uow: UnitOfWork) -> list[object]:
    return [
        list(uow.inbox.failed(NOW, 9)),
        uow.tickets.get(TICKET),
        list(uow.log.of(TICKET)),
        list(uow.outbox.of_page("p1")),
        uow.outbox.by_token("old"),
        uow.outbox.by_token("new"),
        list(uow.outbox.claim([SLACK], NOW, 9)),
        list(uow.timers.due(NOW, 9)),
        uow.cards.get(TICKET, DESK),
        uow.pages.get("p1"),
        uow.conversations.get(DM),
        uow.contacts.get("thandi"),
        uow.contacts.at(SLACK, "old"),
        uow.contacts.at(SLACK, "new"),
    ]


class Killed(BaseException):
    """Not an Exception: a cancellation, an interrupt."""


@pytest.mark.parametrize(
    "error", [ValueError("x"), Killed("x"), asyncio.CancelledError(), KeyboardInterrupt()]
)
@pytest.mark.parametrize("before", [False, True], ids=["on nothing", "on rows"])
def test_what_work_raises_undoes_it_and_comes_out(store: Store, error: BaseException, before: bool) -> None:
    if before:
        store.transact(lambda uow: write_everything(uow, "old"))
    was = store.transact(everything)

    def work(uow):
        write_everything(uow, "new")
        assert everything(uow) != was
        if before:
            uow.outbox.save(item("gone", id=uow.outbox.of_page("p1")[0].id, state="failed"))
            uow.inbox.settle(SLACK, "Failed")
            uow.timers.done(uow.timers.due(NOW, 1)[0])
        raise error

    with pytest.raises(type(error)) as caught:
        store.transact(work)
    assert caught.value is error
    assert store.transact(everything) == was
    assert store.transact(lambda uow: uow.inbox.add(SLACK, "Evnew", NOW)) is True
    number = store.transact(lambda uow: uow.tickets.next_reference("MIT"))
    assert number == ("MIT-1002" if before else "MIT-1001")


def test_what_work_returns_comes_out(store: Store) -> None:
    assert store.transact(lambda uow: 7) == 7
    assert store.transact(lambda uow: None) is None


def test_a_transaction_sees_what_it_wrote(store: Store) -> None:
    def work(uow):
        write_everything(uow, "new")
        return everything(uow)

    assert store.transact(work) == store.transact(everything)


def test_a_transaction_inside_another_is_refused(store: Store) -> None:
    with pytest.raises(RuntimeError, match="inside"):
        store.transact(lambda uow: store.transact(lambda inner: None))
    assert store.transact(lambda uow: uow.inbox.add(SLACK, "Ev1", NOW)) is True


def test_any_thread_may_call(store: Store) -> None:
    numbers: list[str] = []

    def count() -> None:
        for _ in range(20):
            numbers.append(store.transact(lambda uow: uow.tickets.next_reference("MIT")))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"MIT-{n}" for n in range(1001, 1081)]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_unit_of_work_ends_with_its_transaction(database_url: str) -> None:
    from storage.engine import open_store

    store = open_store(database_url)
    try:
        kept = store.transact(lambda uow: uow)
        with pytest.raises(RuntimeError, match="over"):
            kept.inbox.add(SLACK, "Ev1", NOW)
    finally:
        store.close()


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_rows_are_there_after_opening_again(database_url: str) -> None:
    from storage.engine import open_store

    store = open_store(database_url)
    store.transact(lambda uow: write_everything(uow, "old"))
    was = store.transact(everything)
    store.close()
    store.close()
    store = open_store(database_url)
    assert store.transact(everything) == was
    store.close()
