"""The inbox: every event of a vendor once, and what failed is kept."""

from __future__ import annotations

import dataclasses

import pytest

from bot.app import inbound
from bot.app.rows import Store
from tests.contract.storage_samples import DM, NOW, SECOND, SLACK, TELEGRAM, failed, full, lean


def test_an_event_is_new_once(store: Store) -> None:
    assert store.transact(lambda uow: uow.inbox.add(SLACK, "Ev1", NOW)) is True
    assert store.transact(lambda uow: uow.inbox.add(SLACK, "Ev1", NOW + SECOND)) is False
    assert store.transact(lambda uow: uow.inbox.add(TELEGRAM, "Ev1", NOW)) is True
    assert store.transact(lambda uow: uow.inbox.add(SLACK, "Ev2", NOW)) is True


def test_within_one_transaction_too(store: Store) -> None:
    added = store.transact(lambda uow: [uow.inbox.add(SLACK, "Ev1", NOW) for _ in range(2)])
    assert added == [True, False]


def test_what_failed_is_kept_whole_and_known(store: Store) -> None:
    store.transact(lambda uow: uow.inbox.fail(failed("Ev1")))
    assert store.transact(lambda uow: uow.inbox.add(SLACK, "Ev1", NOW)) is False
    assert store.transact(lambda uow: list(uow.inbox.failed(NOW, 10))) == [failed("Ev1")]


def test_failed_are_due_oldest_first(store: Store) -> None:
    rows = [failed("Ev3", at=NOW + 2 * SECOND), failed("Ev1", at=NOW + SECOND), failed("Ev2", at=NOW)]
    store.transact(lambda uow: [uow.inbox.fail(row) for row in rows])

    def due(uow, now, limit):
        return [f.inbound.external_id for f in uow.inbox.failed(now, limit)]

    assert store.transact(lambda uow: due(uow, NOW - SECOND, 9)) == []
    assert store.transact(lambda uow: due(uow, NOW + SECOND, 9)) == ["Ev2", "Ev1"]
    assert store.transact(lambda uow: due(uow, NOW + 9 * SECOND, 2)) == ["Ev2", "Ev1"]
    assert store.transact(lambda uow: uow.inbox.next_failed()) == NOW


def test_tries_count_up(store: Store) -> None:
    def tries() -> int:
        return store.transact(lambda uow: uow.inbox.failed(NOW, 1)[0].tries)

    store.transact(lambda uow: uow.inbox.fail(failed(tries=1)))
    assert tries() == 1
    store.transact(lambda uow: uow.inbox.fail(failed(tries=2)))
    assert tries() == 2
    store.transact(lambda uow: uow.inbox.fail(failed(tries=1)))  # whoever lost count
    assert tries() == 3


def test_failing_again_changes_error_and_due(store: Store) -> None:
    store.transact(lambda uow: uow.inbox.fail(failed()))
    again = failed(tries=2, error="ValueError: y", at=NOW + SECOND)
    store.transact(lambda uow: uow.inbox.fail(again))
    assert store.transact(lambda uow: list(uow.inbox.failed(NOW, 9))) == []
    assert store.transact(lambda uow: list(uow.inbox.failed(NOW + SECOND, 9))) == [again]


def test_an_event_that_was_added_can_fail(store: Store) -> None:
    store.transact(lambda uow: uow.inbox.add(SLACK, "Ev1", NOW))
    store.transact(lambda uow: uow.inbox.fail(failed("Ev1")))
    assert store.transact(lambda uow: uow.inbox.failed(NOW, 9)[0].tries) == 1


def test_settled_is_over_but_still_known(store: Store) -> None:
    store.transact(lambda uow: uow.inbox.fail(failed("Ev1")))
    store.transact(lambda uow: uow.inbox.settle(SLACK, "Ev1"))
    assert store.transact(lambda uow: list(uow.inbox.failed(NOW, 9))) == []
    assert store.transact(lambda uow: uow.inbox.next_failed()) is None
    assert store.transact(lambda uow: uow.inbox.add(SLACK, "Ev1", NOW)) is False


def test_settling_what_is_not_there_does_nothing(store: Store) -> None:
    store.transact(lambda uow: uow.inbox.settle(SLACK, "Ev9"))
    assert store.transact(lambda uow: uow.inbox.add(SLACK, "Ev9", NOW)) is True


@pytest.mark.parametrize("kind", inbound.KINDS.values(), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("make", [full, lean])
def test_everything_that_comes_in_can_be_kept(store: Store, kind, make) -> None:
    came = dataclasses.replace(make(kind), channel=SLACK, external_id="Ev1", address=DM)
    store.transact(lambda uow: uow.inbox.fail(failed(inbound=came)))
    assert store.transact(lambda uow: uow.inbox.failed(NOW, 1)[0].inbound) == came
