"""Chores, and the random strings of an installation."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.app.duty import Chore
from bot.app.rows import Store, UnitOfWork
from tests.contract.storage_samples import NOW, SECOND, full, lean


def put(store: Store, *chores: Chore) -> None:
    store.transact(lambda uow: [uow.chores.save(row) for row in chores])


def chore(name: str, seconds: int = 0, note: str = "") -> Chore:
    return Chore(name=name, due=NOW + seconds * SECOND, note=note)


def due(store: Store, seconds: int = 0, limit: int = 99) -> list[str]:
    now = NOW + seconds * SECOND
    return store.transact(lambda uow: [row.name for row in uow.chores.due(now, limit)])


@pytest.mark.parametrize("make", [full, lean])
def test_a_chore_comes_back_as_it_was(store: Store, make) -> None:
    saved = make(Chore)
    put(store, saved)
    assert store.transact(lambda uow: uow.chores.get(saved.name)) == saved
    assert store.transact(lambda uow: uow.chores.get("other")) is None


def test_one_row_a_name(store: Store) -> None:
    put(store, chore("gaps:standby", note="a"), chore("gaps:b"), chore("gaps:standby", 5, note="b"))
    assert store.transact(lambda uow: list(uow.chores.all())) == [
        chore("gaps:b"),
        chore("gaps:standby", 5, note="b"),
    ]


def test_all_by_name(store: Store) -> None:
    names = ["report:b", "Gaps", "gaps:a", "report", "é"]
    put(store, *(chore(name) for name in names))
    assert store.transact(lambda uow: [row.name for row in uow.chores.all()]) == sorted(names)


def test_due_oldest_first(store: Store) -> None:
    put(store, chore("c", 1), chore("b", 1), chore("a", 2), chore("z", 0), chore("later", 3))
    assert due(store, 2) == ["z", "b", "c", "a"]
    assert due(store, 2, limit=2) == ["z", "b"]
    assert due(store, -1) == []


def test_the_next_due(store: Store) -> None:
    assert store.transact(lambda uow: uow.chores.next_due()) is None
    put(store, chore("b", 2), chore("a", 1))
    assert store.transact(lambda uow: uow.chores.next_due()) == NOW + SECOND
    put(store, chore("a", 3))
    assert store.transact(lambda uow: uow.chores.next_due()) == NOW + 2 * SECOND


def test_a_dropped_chore_is_gone(store: Store) -> None:
    put(store, chore("a"), chore("b"))
    store.transact(lambda uow: [uow.chores.drop(name) for name in ("a", "never")])
    assert due(store) == ["b"]
    assert store.transact(lambda uow: uow.chores.get("a")) is None


def test_what_failed_changed_no_chore(store: Store) -> None:
    put(store, chore("a"))

    def fails(uow) -> None:
        uow.chores.drop("a")
        uow.chores.save(chore("b"))
        uow.secrets.keep("key", "x")
        raise ValueError

    with pytest.raises(ValueError):
        store.transact(fails)
    assert due(store) == ["a"]
    assert store.transact(lambda uow: uow.secrets.get("key")) is None


def test_a_secret_is_made_once(store: Store) -> None:
    assert store.transact(lambda uow: uow.secrets.get("calendar")) is None
    kept = store.transact(lambda uow: [uow.secrets.keep("calendar", value) for value in ("first", "second")])
    assert kept == ["first", "first"]
    assert store.transact(lambda uow: uow.secrets.keep("other", "third")) == "third"
    assert store.transact(lambda uow: uow.secrets.get("calendar")) == "first"


def test_one_is_hurried_and_keeps_what_it_has_in_mind(store: Store) -> None:
    hour = dt.timedelta(hours=1)
    chore = Chore(name="gaps:standby", due=NOW + hour, note="told")

    def work(uow: UnitOfWork) -> list[Chore | None]:
        uow.chores.save(chore)
        uow.chores.hurry("gaps:standby", NOW)
        first = uow.chores.get("gaps:standby")
        uow.chores.hurry("gaps:standby", NOW + hour)
        uow.chores.hurry("no such", NOW)
        return [first, uow.chores.get("gaps:standby"), uow.chores.get("no such")]

    soon = Chore(name="gaps:standby", due=NOW, note="told")
    assert store.transact(work) == [soon, soon, None]
