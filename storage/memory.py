"""The same store without a database: for tests of behaviour. It passes the suite that the databases pass.

Values go through the codec on their way in, so that what can't be stored fails here too, and odd text comes back as
from a database.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from bot.app import rows as app_rows
from storage.memory_calls import Calls
from storage.memory_doors import BoardLinks, BoardSessions
from storage.memory_pages import Drills, Pages
from storage.memory_people import Contacts, Conversations
from storage.memory_repositories import (
    Cards,
    EventLog,
    Inbox,
    Outbox,
    Policies,
    Secrets,
    Tickets,
    Timers,
)
from storage.memory_rota import Chores, Rota
from storage.memory_tables import Tables
from storage.nesting import Nesting

T = TypeVar("T")


class UnitOfWork:
    def __init__(self, tables: Tables) -> None:
        self.inbox = Inbox(tables)
        self.tickets = Tickets(tables)
        self.log = EventLog(tables)
        self.outbox = Outbox(tables)
        self.timers = Timers(tables)
        self.cards = Cards(tables)
        self.pages = Pages(tables)
        self.conversations = Conversations(tables)
        self.contacts = Contacts(tables)
        self.policies = Policies(tables)
        self.rota = Rota(tables)
        self.chores = Chores(tables)
        self.drills = Drills(tables)
        self.calls = Calls(tables)
        self.secrets = Secrets(tables)
        self.links = BoardLinks(tables)
        self.sessions = BoardSessions(tables)


class MemoryStore:
    """A Store whose rows are gone with it."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._work = UnitOfWork(self._tables)
        self._turn = threading.Lock()
        self._nesting = Nesting()

    def transact(self, work: Callable[[app_rows.UnitOfWork], T]) -> T:
        with self._nesting, self._turn:
            try:
                result = work(self._work)
            except BaseException:
                self._tables.roll_back()
                raise
            self._tables.commit()
            return result

    def close(self) -> None:
        """Nothing is held."""
