"""Cards: one a ticket and desk, rendered when due."""

from __future__ import annotations

import dataclasses

import pytest

from bot.app.rows import Card, Store
from bot.domain.ids import Address
from tests.contract.storage_samples import DESK, NOW, SECOND, SLACK, TELEGRAM, TICKET, card, full, lean

FORUM = Address(channel=TELEGRAM, place="-100123")


def put(store: Store, *cards: Card) -> None:
    store.transact(lambda uow: [uow.cards.save(row) for row in cards])


def due(store: Store, *channels: str, seconds: int = 0, limit: int = 99) -> list[str]:
    at = NOW + seconds * SECOND
    return store.transact(lambda uow: [c.ticket for c in uow.cards.due(channels, at, limit)])


@pytest.mark.parametrize("make", [full, lean])
def test_a_card_comes_back_as_it_was(store: Store, make) -> None:
    saved = make(Card)
    put(store, saved)
    assert store.transact(lambda uow: uow.cards.get(saved.ticket, saved.address)) == saved


def test_one_a_ticket_and_desk(store: Store) -> None:
    put(store, card(), card("MIT-2"), card(address=FORUM))
    changed = card(message="17.1", thread="17.1", shown="x", attempts=2, sending="t", next_render=None)
    put(store, changed)
    assert store.transact(lambda uow: list(uow.cards.of(TICKET))) == [changed, card(address=FORUM)]
    in_thread = dataclasses.replace(DESK, thread="17.1")
    assert store.transact(lambda uow: uow.cards.get(TICKET, in_thread)) == changed
    assert store.transact(lambda uow: uow.cards.get("MIT-3", DESK)) is None
    assert store.transact(lambda uow: list(uow.cards.of("MIT-3"))) == []


def test_found_by_its_thread(store: Store) -> None:
    stands = card(message="17.1", thread="17.1")
    put(store, stands, card("MIT-2"), card("MIT-3", address=FORUM, message="5", thread="17.1"))

    def by(address, thread):
        at = dataclasses.replace(address, thread=thread)
        return store.transact(lambda uow: uow.cards.by_thread(at))

    assert by(DESK, "17.1") == stands
    assert by(FORUM, "17.1").ticket == "MIT-3"
    assert by(DESK, "17.2") is None
    assert by(DESK, "") is None


def test_touched_cards_are_due_now_at_the_latest(store: Store) -> None:
    put(
        store,
        card(next_render=NOW + SECOND),
        card(address=FORUM, next_render=None),
        card("MIT-2", next_render=NOW + SECOND),
    )
    store.transact(lambda uow: uow.cards.touch(TICKET, NOW, 10))
    assert [c.next_render for c in store.transact(lambda uow: uow.cards.of(TICKET))] == [NOW, NOW]
    assert [c.priority for c in store.transact(lambda uow: uow.cards.of(TICKET))] == [10, 10]
    assert due(store, SLACK, TELEGRAM) == [TICKET, TICKET]


def test_touching_never_delays(store: Store) -> None:
    put(store, card(next_render=NOW - SECOND, priority=10))
    store.transact(lambda uow: uow.cards.touch(TICKET, NOW, 20))
    assert store.transact(lambda uow: uow.cards.get(TICKET, DESK)) == card(
        next_render=NOW - SECOND, priority=10
    )
    store.transact(lambda uow: uow.cards.touch(TICKET, NOW, 0))
    assert store.transact(lambda uow: uow.cards.get(TICKET, DESK)).priority == 0


def test_a_card_that_was_not_due_takes_the_new_priority(store: Store) -> None:
    put(store, card(next_render=NOW + SECOND, priority=10))
    store.transact(lambda uow: uow.cards.touch(TICKET, NOW, 20))
    assert store.transact(lambda uow: uow.cards.get(TICKET, DESK)).priority == 20


def test_due_by_priority_then_the_longest_due(store: Store) -> None:
    put(
        store,
        card("MIT-1", next_render=NOW),
        card("MIT-2", next_render=NOW - SECOND),
        card("MIT-3", next_render=NOW, priority=10),
        card("MIT-4", next_render=NOW + SECOND),
        card("MIT-5", next_render=None),
        card("MIT-6", next_render=NOW - 2 * SECOND, address=FORUM),
    )
    assert due(store, SLACK) == ["MIT-3", "MIT-2", "MIT-1"]
    assert due(store, SLACK, TELEGRAM, SLACK) == ["MIT-3", "MIT-6", "MIT-2", "MIT-1"]
    assert due(store, SLACK, TELEGRAM, limit=2) == ["MIT-3", "MIT-6"]
    assert due(store, SLACK, seconds=1, limit=1) == ["MIT-3"]
    assert due(store) == []


def test_next_due_is_the_earliest_of_these_channels(store: Store) -> None:
    put(store, card(next_render=NOW + SECOND), card("MIT-2", address=FORUM), card("MIT-3", next_render=None))
    assert store.transact(lambda uow: uow.cards.next_due([SLACK])) == NOW + SECOND
    assert store.transact(lambda uow: uow.cards.next_due([SLACK, TELEGRAM])) == NOW
    assert store.transact(lambda uow: uow.cards.next_due([])) is None


def test_unsettled_are_those_on_their_way(store: Store) -> None:
    put(store, card(), card("MIT-2", sending="t2"), card("MIT-3", sending="t3", next_render=None))
    assert store.transact(lambda uow: [c.ticket for c in uow.cards.unsettled()]) == ["MIT-2", "MIT-3"]
