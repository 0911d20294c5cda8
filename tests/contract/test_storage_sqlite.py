"""What only SQLite has: a file, its lock, a disk that fills up, a process that dies."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.app.rows import StorageError, Store
from storage import calls, chores, drills, outbox, rota, tickets
from storage import cards as cards_module
from storage import inbox as inbox_module
from storage import pages as pages_module
from storage import timers as timers_module
from storage.engine import open_store
from tests.contract.storage_samples import NOW, SLACK, ticket

ROOT = Path(__file__).parents[2]


def add(store: Store, id: str) -> bool:
    return store.transact(lambda uow: uow.inbox.add(SLACK, id, NOW))


def pragma(store: Store, name: str) -> object:
    row = store._connection.connection.driver_connection.execute(f"PRAGMA {name}").fetchone()
    return row[0] if row else None


def test_what_is_committed_is_on_the_disk(sqlite_store: Store) -> None:
    add(sqlite_store, "Ev1")
    assert pragma(sqlite_store, "journal_mode") == "wal"
    assert pragma(sqlite_store, "synchronous") == 2
    assert pragma(sqlite_store, "foreign_keys") == 1


def test_a_second_standby_is_refused(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with pytest.raises(StorageError, match="another Standby is running on this database"):
        open_store(sqlite_url)
    reader = open_store(sqlite_url, alone=False)
    assert add(reader, "Ev1") is True
    reader.close()
    store.close()
    open_store(sqlite_url).close()


def test_a_second_process_is_refused_until_the_first_dies(sqlite_url: str) -> None:
    with _child(sqlite_url, "pass") as child:
        with pytest.raises(StorageError, match="another Standby"):
            open_store(sqlite_url)
        child.send_signal(signal.SIGKILL)
        child.wait()
        open_store(sqlite_url).close()


def test_killed_within_a_transaction_nothing_is_left(sqlite_url: str) -> None:
    written = "uow.tickets.save(ticket()); [uow.inbox.add('slack', f'Ev{n}', NOW) for n in range(5000)]"
    with _child(sqlite_url, f"uow.inbox.add('slack', 'Ev', NOW); {written}") as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
    store = open_store(sqlite_url)
    assert add(store, "Ev0") is True
    assert store.transact(lambda uow: uow.tickets.get(ticket().id)) is None
    assert add(store, "Committed") is False
    assert pragma(store, "integrity_check") == "ok"
    store.close()


@contextlib.contextmanager
def _child(url: str, work: str):
    """A process that has committed one row and is within its second transaction."""
    program = f"""
import sys
from storage.engine import open_store
from tests.contract.storage_samples import NOW, ticket
store = open_store({url!r})
store.transact(lambda uow: uow.inbox.add("slack", "Committed", NOW))
def work(uow):
    {work}
    print("within", flush=True)
    sys.stdin.read()
store.transact(work)
"""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"within\n"
        try:
            yield child
        finally:
            child.kill()


def test_locked_by_somebody_else_it_says_so_and_works_afterwards(
    sqlite_store: Store, sqlite_url: str
) -> None:
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked"):
        add(sqlite_store, "Ev1")
    other.execute("ROLLBACK")
    other.close()
    assert add(sqlite_store, "Ev1") is True


def test_a_full_disk_says_so_and_works_afterwards(sqlite_store: Store) -> None:
    pages = pragma(sqlite_store, "page_count")
    pragma(sqlite_store, f"max_page_count = {pages}")

    def fill(uow):
        uow.inbox.add(SLACK, "Ev1", NOW)
        fill_all(uow)

    with pytest.raises(StorageError, match="full"):
        sqlite_store.transact(fill)
    assert add(sqlite_store, "Ev1") is True
    pragma(sqlite_store, "max_page_count = 100000")
    sqlite_store.transact(fill_all)
    assert sqlite_store.transact(lambda uow: uow.tickets.get("MIT-499")) is not None


def fill_all(uow) -> None:
    for n in range(500):
        uow.tickets.save(ticket(f"MIT-{n}", text="x" * 5000))


def test_read_only_says_so_and_works_afterwards(sqlite_store: Store) -> None:
    pragma(sqlite_store, "query_only = 1")
    with pytest.raises(StorageError, match="readonly"):
        add(sqlite_store, "Ev1")
    pragma(sqlite_store, "query_only = 0")
    assert add(sqlite_store, "Ev1") is True


def test_a_lost_connection_is_opened_again(sqlite_store: Store) -> None:
    add(sqlite_store, "Ev1")
    sqlite_store._connection.connection.driver_connection.close()
    with pytest.raises((StorageError, sa.exc.ProgrammingError, sqlite3.ProgrammingError)):
        add(sqlite_store, "Ev2")
    assert add(sqlite_store, "Ev2") is True
    assert add(sqlite_store, "Ev1") is False


def test_an_interrupt_within_a_statement_is_rolled_back(sqlite_store: Store) -> None:
    driver = sqlite_store._connection.connection.driver_connection

    def work(uow):
        uow.inbox.add(SLACK, "Ev1", NOW)
        threading.Timer(0.1, driver.interrupt).start()
        driver.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n")

    with pytest.raises(StorageError, match="interrupted"):
        sqlite_store.transact(work)
    assert add(sqlite_store, "Ev1") is True


HOT = {
    "due pending rows": (outbox._CLAIM, "outbox_pending"),
    "earlier rows of a lane": (outbox._CLAIM, "outbox_lane"),
    "the card of a row": (outbox._CLAIM, "USING PRIMARY KEY"),
    "next due row": (outbox._NEXT, "outbox_due"),
    "unsettled rows": (outbox._UNSETTLED, "outbox_sending"),
    "a token": (outbox._BY_TOKEN, "outbox_token"),
    "a page's rows": (outbox._OF_PAGE, "outbox_page"),
    "due timers": (timers_module._DUE, "timers_due"),
    "a ticket's timers": (timers_module._CLEAR, "timers_of"),
    "next timer": (timers_module._NEXT, "timers_due"),
    "due cards": (cards_module._DUE, "cards_due"),
    "next card": (cards_module._NEXT, "cards_due"),
    "a card's thread": (cards_module._BY_THREAD, "cards_thread"),
    "unsettled cards": (cards_module._UNSETTLED, "cards_sending"),
    "failed inbound": (inbox_module._DUE, "inbox_failed"),
    "next failed": (inbox_module._NEXT, "inbox_failed"),
    "tickets of a place": (tickets._AT, "tickets_at"),
    "a team's tickets": (tickets._UNFINISHED, "tickets_unfinished"),
    "a ticket's log": (tickets._OF, "events_of"),
    "open pages": (pages_module._OPEN, "pages_open"),
    "a ticket's page": (pages_module._LATEST_OF, "pages_of"),
    "a page's code": (pages_module._BY_CODE, "pages_code"),
    "pages of a span": (pages_module._BETWEEN, "pages_started"),
    "events of a span": (tickets._BETWEEN, "events_at"),
    "a person's rows": (outbox._OF_PERSON, "outbox_person"),
    "a person's pending rows": (outbox._OF_PERSON, "outbox_awaited"),
    "a schedule's overrides": (rota._OVERRIDES, "overrides_of"),
    "open swaps": (rota._SWAPS, "swaps_open"),
    "due chores": (chores._DUE, "chores_due"),
    "next chore": (chores._NEXT, "chores_due"),
    "running drills": (drills._RUNNING, "drills_running"),
    "a person's drills": (drills._OF, "drills_of"),
    "live calls": (calls._LIVE, "calls_live"),
    "a ticket's calls": (calls._OF, "calls_of"),
    "a number's calls": (calls._SINCE, "calls_since"),
}


SORTING = (cards_module._DUE, inbox_module._DUE, tickets._BETWEEN, outbox._OF_PERSON, rota._OVERRIDES)
"""Queries that sort what they have found."""


@pytest.mark.parametrize("what", HOT)
def test_hot_queries_are_ranges_of_an_index(sqlite_store: Store, what: str) -> None:
    statement, index = HOT[what]
    prepared = statement.on(sqlite_store._engine.dialect)
    blank = dict.fromkeys(prepared._names, 1)
    driver = sqlite_store._connection.connection.driver_connection
    plan = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {prepared.sql}", prepared.bind(blank))]
    assert any(index in line for line in plan), plan
    assert not [line for line in plan if line.startswith("SCAN") and "INDEX" not in line], plan
    if statement not in SORTING:
        assert not [line for line in plan if "TEMP B-TREE" in line], plan
