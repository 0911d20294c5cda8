"""Drills: by id, those that run, those of a person."""

from __future__ import annotations

import dataclasses

import pytest

from bot.app.duty import Drill
from bot.app.rows import Store
from tests.contract.storage_samples import NOW, SECOND, drill, full, lean, span


def put(store: Store, *drills: Drill) -> None:
    store.transact(lambda uow: [uow.drills.save(row) for row in drills])


def running(store: Store) -> list[str]:
    return store.transact(lambda uow: [row.id for row in uow.drills.running()])


def of(store: Store, person: str, since=NOW) -> list[str]:
    return store.transact(lambda uow: [row.id for row in uow.drills.of(person, since)])


@pytest.mark.parametrize("make", [full, lean])
def test_a_drill_comes_back_as_it_was(store: Store, make) -> None:
    saved = make(Drill)
    put(store, saved)
    assert store.transact(lambda uow: uow.drills.get(saved.id)) == saved
    assert store.transact(lambda uow: uow.drills.get("d9")) is None


def test_saving_replaces_all_of_it(store: Store) -> None:
    put(store, drill("d1"))
    answered = tuple(dataclasses.replace(t, answered=NOW + SECOND, token="t") for t in drill("d1").tries)
    changed = drill("d1", "lin", tries=answered, ended=NOW + SECOND, schedule="standby", shift=span(8))
    put(store, changed)
    assert store.transact(lambda uow: uow.drills.get("d1")) == changed
    assert running(store) == of(store, "ada") == []
    assert of(store, "lin") == ["d1"]


def test_those_that_run_oldest_first(store: Store) -> None:
    put(
        store,
        drill("d4", began=NOW + SECOND),
        drill("d3"),
        drill("d1"),
        drill("d2", ended=NOW),
        drill("d0", "lin", began=NOW - SECOND),
    )
    assert running(store) == ["d0", "d3", "d1", "d4"]
    put(store, drill("d3", until=NOW))
    assert running(store) == ["d0", "d3", "d1", "d4"], "saving again keeps the order"
    put(store, drill("d3", ended=NOW))
    assert running(store) == ["d0", "d1", "d4"]


def test_those_of_a_person_since_then(store: Store) -> None:
    put(
        store,
        drill("d3", began=NOW + 2 * SECOND),
        drill("d2", ended=NOW + SECOND),
        drill("d1", began=NOW - SECOND),
        drill("d4", "lin"),
    )
    assert of(store, "ada") == ["d2", "d3"]
    assert of(store, "ada", NOW - SECOND) == ["d1", "d2", "d3"]
    assert of(store, "lin", NOW + SECOND) == []


def test_what_failed_changed_no_drill(store: Store) -> None:
    put(store, drill("d1"))

    def fails(uow) -> None:
        uow.drills.save(drill("d1", ended=NOW))
        uow.drills.save(drill("d2"))
        raise ValueError

    with pytest.raises(ValueError):
        store.transact(fails)
    assert running(store) == ["d1"]
