"""What only PostgreSQL has: several at once, row locks, connections that are lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.app.rows import Conversation, StorageError, Store
from bot.domain.timers import TICKET_KINDS, Timer, TimerKind
from storage.engine import open_store
from storage.schema import upgrade
from tests.contract.postgres import PostgresServer
from tests.contract.storage_samples import DM, NOW, SLACK, TICKET, ticket


def add(store: Store, id: str) -> bool:
    return store.transact(lambda uow: uow.inbox.add(SLACK, id, NOW))


def at_once(*works: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=20) for future in [pool.submit(work) for work in works]]


class Meeting:
    """Two transactions that both are open before either goes on."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2, timeout=10)

    def __call__(self) -> None:
        self._barrier.wait()


def test_one_event_twice_at_once_is_new_once(pg_store: Store) -> None:
    for n in range(20):
        meet = Meeting()

        def work(uow, n=n, meet=meet):
            meet()
            return uow.inbox.add(SLACK, f"Ev{n}", NOW)

        assert sorted(at_once(*[lambda work=work: pg_store.transact(work)] * 2)) == [False, True]


def test_one_that_rolls_back_leaves_it_to_the_other(pg_store: Store) -> None:
    first_has_it, second_waits = threading.Event(), threading.Event()

    def first(uow):
        assert uow.inbox.add(SLACK, "Ev1", NOW)
        first_has_it.set()
        second_waits.wait(0.3)
        raise ValueError

    def fails() -> None:
        with pytest.raises(ValueError):
            pg_store.transact(first)

    def second() -> bool:
        first_has_it.wait(10)
        return add(pg_store, "Ev1")

    assert at_once(fails, second) == [None, True]


def test_references_are_distinct(pg_store: Store) -> None:
    def count() -> list[str]:
        return [pg_store.transact(lambda uow: uow.tickets.next_reference("MIT")) for _ in range(25)]

    made = [id for ids in at_once(*[count] * 4) for id in ids]
    assert sorted(made) == [f"MIT-{n}" for n in range(1001, 1101)]


def test_a_ticket_is_locked_until_the_end(pg_store: Store) -> None:
    pg_store.transact(lambda uow: uow.tickets.save(ticket(text="")))

    def work(uow):
        was = uow.tickets.get(TICKET)
        uow.tickets.save(ticket(text=was.text + "x"))

    at_once(*[lambda: [pg_store.transact(work) for _ in range(20)]] * 4)
    assert pg_store.transact(lambda uow: uow.tickets.get(TICKET).text) == "x" * 80


@pytest.mark.parametrize("known", [True, False])
def test_a_conversation_is_locked_even_before_it_exists(pg_store: Store, known: bool) -> None:
    if known:
        pg_store.transact(lambda uow: uow.conversations.save(Conversation(address=DM)))
    meet = Meeting()

    def work(uow):
        meet()
        talk = uow.conversations.get(DM)
        if talk is None or talk.ticket is None:
            id = uow.tickets.next_reference("MIT")
            uow.conversations.save(Conversation(address=DM, ticket=id))
            return id
        return talk.ticket

    assert at_once(*[lambda: pg_store.transact(work)] * 2) == ["MIT-1001", "MIT-1001"]


def test_a_due_timer_is_in_one_hand(pg_store: Store) -> None:
    due = [Timer(ticket=TICKET, kind=kind, due=NOW) for kind in TICKET_KINDS[:2]]
    pg_store.transact(lambda uow: uow.timers.replace(TICKET, TICKET_KINDS, due))
    meet, both = Meeting(), Meeting()

    def work(uow):
        meet()
        found = uow.timers.due(NOW, 1)
        both()
        for timer in found:
            uow.timers.done(timer)
        return [timer.kind for timer in found]

    found = at_once(*[lambda: pg_store.transact(work)] * 2)
    assert sorted(found) == sorted([kind] for kind in TICKET_KINDS[:2])
    assert pg_store.transact(lambda uow: uow.timers.next_due()) is None


def test_replacing_a_timer_that_another_has_in_hand_does_not_deadlock(pg_store: Store) -> None:
    pg_store.transact(lambda uow: uow.tickets.save(ticket()))
    old = Timer(ticket=TICKET, kind=TimerKind.BREACH, due=NOW)
    pg_store.transact(lambda uow: uow.timers.replace(TICKET, TICKET_KINDS, [old]))
    meet = Meeting()

    def on_timer(uow):
        timer = uow.timers.due(NOW, 1)[0]
        meet()
        uow.timers.done(timer)
        return uow.tickets.get(TICKET).text

    def on_message(uow):
        uow.tickets.get(TICKET)
        meet()
        uow.timers.replace(TICKET, TICKET_KINDS, [old])
        uow.tickets.save(ticket(text="new"))

    seen = at_once(lambda: pg_store.transact(on_timer), lambda: pg_store.transact(on_message))
    assert seen == ["new", None]
    assert len(pg_store.transact(lambda uow: uow.timers.due(NOW, 9))) == 1


def test_a_second_standby_is_refused(pg_store: Store, pg_url: str) -> None:
    with pytest.raises(StorageError, match="another Standby is running on this database"):
        open_store(pg_url, patience=0.1)
    reader = open_store(pg_url, alone=False)
    assert add(reader, "Ev1") is True
    reader.close()
    pg_store.close()
    open_store(pg_url, patience=2).close()


def test_a_statement_that_takes_too_long_is_stopped(pg_store: Store) -> None:
    def work(uow):
        connection = uow._session._connection
        connection.exec_driver_sql("SET LOCAL statement_timeout = 50")
        connection.exec_driver_sql("SELECT pg_sleep(5)")

    with pytest.raises(StorageError, match="timeout"):
        pg_store.transact(work)
    assert add(pg_store, "Ev1") is True


def test_limits_are_set(pg_store: Store) -> None:
    def setting(name: str) -> object:
        return pg_store.transact(
            lambda uow: uow._session._connection.exec_driver_sql(f"SHOW {name}").scalar()
        )

    assert setting("statement_timeout") == "10s"
    assert setting("idle_in_transaction_session_timeout") == "15s"
    assert setting("transaction_isolation") == "read committed"
    assert setting("application_name") == "standby"


def test_our_own_mistakes_come_as_they_are(pg_store: Store) -> None:
    with pytest.raises(sa.exc.ProgrammingError):
        pg_store.transact(lambda uow: uow._session._connection.exec_driver_sql("SELECT nonsense"))
    assert add(pg_store, "Ev1") is True


def test_a_read_only_database_says_so_and_works_afterwards(pg_store: Store) -> None:
    def work(uow):
        uow._session._connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        uow.inbox.add(SLACK, "Ev1", NOW)

    with pytest.raises(StorageError, match="read-only"):
        pg_store.transact(work)
    assert add(pg_store, "Ev1") is True


def throw_out(server: PostgresServer, *, guards: bool) -> None:
    """End the connections of ours that hold the advisory lock, or those that do not."""
    held = "EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory')"
    wanted = held if guards else f"NOT {held}"
    server.admin(
        f"SELECT pg_terminate_backend(a.pid, 5000) FROM pg_stat_activity a"
        f" WHERE a.application_name = 'standby' AND {wanted}"
    )


def test_a_lost_connection_says_so_and_works_afterwards(
    pg_store: Store, postgres_server: PostgresServer
) -> None:
    def work(uow):
        uow.inbox.add(SLACK, "Ev1", NOW)
        throw_out(postgres_server, guards=False)
        uow.inbox.add(SLACK, "Ev2", NOW)

    with pytest.raises(StorageError):
        pg_store.transact(work)
    assert add(pg_store, "Ev1") is True


def test_the_guard_is_taken_again_when_it_was_lost(
    pg_store: Store, pg_url: str, postgres_server: PostgresServer
) -> None:
    throw_out(postgres_server, guards=True)
    assert add(pg_store, "Ev1") is True
    with pytest.raises(StorageError, match="another Standby"):
        open_store(pg_url, patience=0.1)


def test_a_guard_that_somebody_else_took_stops_us(
    pg_store: Store, pg_url: str, postgres_server: PostgresServer
) -> None:
    throw_out(postgres_server, guards=True)
    other = open_store(pg_url, patience=0.1)
    with pytest.raises(StorageError, match="another Standby"):
        add(pg_store, "Ev1")
    other.close()
    assert add(pg_store, "Ev1") is True


def test_a_crash_of_the_server_is_survived() -> None:
    server = PostgresServer()
    try:
        server.start()
        url = server.url(server.create())
        upgrade(url)
        store = open_store(url)
        assert add(store, "Ev1") is True
        server.stop(signal.SIGQUIT)
        with pytest.raises(StorageError):
            add(store, "Ev2")
        server.start()
        assert add(store, "Ev2") is True
        assert add(store, "Ev1") is False
        store.close()
    finally:
        server.remove()


def test_no_server_says_so() -> None:
    with pytest.raises(StorageError):
        open_store("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
