"""Tables in memory that can take back what was done to them, and what a database would make of a value."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Mapping
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from bot.app.doors import BoardLink, BoardSession
from bot.app.duty import Chore, Drill, KeptOverride, Roster, Swap
from bot.app.inbound import Failed
from bot.app.rows import Card, Conversation, KeptPolicy, OutboxItem
from bot.domain.events import Recorded
from bot.domain.hotline import Call
from bot.domain.page import Page
from bot.domain.people import Contact
from bot.domain.ticket import Ticket
from bot.domain.timers import Timer
from storage import rows
from storage.codec import clean, dumped, loaded

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
Undo = list[Callable[[], object]]


class Table(Generic[K, T]):
    """Values by key. A transaction that fails runs `undo` backwards."""

    def __init__(self, undo: Undo) -> None:
        self._undo = undo
        self.rows: dict[K, T] = {}

    def get(self, key: K) -> T | None:
        return self.rows.get(key)

    def put(self, key: K, value: T) -> None:
        self._remember(key)
        self.rows[key] = value

    def drop(self, key: K) -> None:
        self._remember(key)
        self.rows.pop(key, None)

    def _remember(self, key: K) -> None:
        if key in self.rows:
            old = self.rows[key]
            self._undo.append(lambda: self.rows.__setitem__(key, old))
        else:
            self._undo.append(lambda: self.rows.pop(key, None))


Place = tuple[str, str]
"""A channel and a place in it, or a channel and somebody's identity there."""


class Tables:
    """Everything that a store holds. `live` are the outbox rows that are pending or sending."""

    def __init__(self) -> None:
        undo: Undo = []
        self.undo = undo
        self.inbox: Table[Place, Failed | None] = Table(undo)
        self.counters: Table[str, int] = Table(undo)
        self.tickets: Table[str, tuple[int, Ticket]] = Table(undo)
        self.events: Table[str, tuple[Recorded, ...]] = Table(undo)
        self.outbox: Table[int, OutboxItem] = Table(undo)
        self.live: Table[int, OutboxItem] = Table(undo)
        self.tokens: Table[str, int] = Table(undo)
        self.of_page: Table[str, tuple[int, ...]] = Table(undo)
        self.of_person: Table[str, tuple[int, ...]] = Table(undo)
        self.timers: Table[int, Timer] = Table(undo)
        self.cards: Table[tuple[str, str, str], Card] = Table(undo)
        self.pages: Table[str, tuple[int, Page]] = Table(undo)
        self.conversations: Table[Place, Conversation] = Table(undo)
        self.contacts: Table[str, Contact] = Table(undo)
        self.identities: Table[Place, str] = Table(undo)
        self.policies: Table[tuple[str, str], KeptPolicy] = Table(undo)
        self.overrides: Table[int, KeptOverride] = Table(undo)
        self.swaps: Table[int, Swap] = Table(undo)
        self.rosters: Table[str, Roster] = Table(undo)
        self.chores: Table[str, Chore] = Table(undo)
        self.drills: Table[str, Drill] = Table(undo)
        self.calls: Table[str, Call] = Table(undo)
        self.secrets: Table[str, str] = Table(undo)
        self.board_links: Table[str, BoardLink] = Table(undo)
        self.board_sessions: Table[str, BoardSession] = Table(undo)
        self._last = 0

    def number(self) -> int:
        """Rises; one that a failed transaction took is not given again."""
        self._last += 1
        return self._last

    def roll_back(self) -> None:
        while self.undo:
            self.undo.pop()()

    def commit(self) -> None:
        self.undo.clear()


# ---------------------------------------------------------------- as a database would give it back
def stored(value: T) -> T:
    """Fails for what can't be stored; cleans odd text."""
    text = dumped(value)
    return loaded(type(value), text) if "\ufffd" in text else value


def stored_item(item: OutboxItem) -> OutboxItem:
    columns = rows.item_columns(item)
    if not _odd(columns):
        return item
    return rows.item_of(SimpleNamespace(id=item.id, **_cleaned(columns)))


def stored_card(card: Card) -> Card:
    columns = rows.card_columns(card)
    return rows.card_of(_cleaned(columns).values()) if _odd(columns) else card


def stored_conversation(conversation: Conversation) -> Conversation:
    columns = rows.conversation_columns(conversation)
    return rows.conversation_of(_cleaned(columns).values()) if _odd(columns) else conversation


def stored_timer(timer: Timer, id_: int) -> Timer:
    columns = _cleaned(rows.timer_columns(timer))
    return dataclasses.replace(timer, id=id_, ticket=columns["ticket"])


def _odd(columns: Mapping[str, Any]) -> bool:
    return any(isinstance(v, str) and ("\ufffd" in v or clean(v) != v) for v in columns.values())


def _cleaned(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {k: clean(v) if isinstance(v, str) else v for k, v in columns.items()}
