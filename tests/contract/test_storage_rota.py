"""Overrides, swaps and copies of calendars."""

from __future__ import annotations

import dataclasses

import pytest

from bot.app.duty import KeptOverride, Roster, Swap, SwapState
from bot.app.rows import Store
from tests.contract.storage_samples import HOUR, NOW, SECOND, full, lean, override, swap


def overrides(store: Store, schedule: str = "standby", after=NOW) -> list[int]:
    return store.transact(lambda uow: [row.id for row in uow.rota.overrides(schedule, after)])


def swaps(store: Store, after=NOW) -> list[int]:
    return store.transact(lambda uow: [row.id for row in uow.rota.swaps(after)])


# ---------------------------------------------------------------- overrides
@pytest.mark.parametrize("make", [full, lean])
def test_an_override_comes_back_as_it_was_with_its_id(store: Store, make) -> None:
    kept = store.transact(lambda uow: uow.rota.add_override(make(KeptOverride)))
    assert kept == dataclasses.replace(make(KeptOverride), id=1)
    assert store.transact(lambda uow: uow.rota.override(1)) == kept
    assert store.transact(lambda uow: uow.rota.override(2)) is None


def test_ids_of_overrides_and_of_swaps_count_from_one(store: Store) -> None:
    made = store.transact(lambda uow: [uow.rota.add_override(override()).id for _ in range(3)])
    asked = store.transact(lambda uow: [uow.rota.add_swap(swap()).id for _ in range(2)])
    later = store.transact(lambda uow: uow.rota.add_override(override(id=99)).id)
    assert (made, asked, later) == ([1, 2, 3], [1, 2], 4)


def test_overrides_of_a_schedule_in_the_order_they_were_made(store: Store) -> None:
    rows = [
        override(hours=9),
        override(hours=1),
        override(schedule="other"),
        override(hours=8, cancelled=NOW),
        override(hours=2),
    ]
    store.transact(lambda uow: [uow.rota.add_override(row) for row in rows])
    assert overrides(store) == [1, 2, 5]
    assert overrides(store, "other") == [3]
    assert overrides(store, "none") == []


def test_an_override_is_over_at_its_end(store: Store) -> None:
    store.transact(lambda uow: uow.rota.add_override(override(hours=2)))
    assert overrides(store, after=NOW + 2 * HOUR - SECOND) == [1]
    assert overrides(store, after=NOW + 2 * HOUR) == []


def test_a_cancelled_override_is_found_by_its_id_only(store: Store) -> None:
    kept = store.transact(lambda uow: uow.rota.add_override(override()))
    cancelled = dataclasses.replace(kept, cancelled=NOW + SECOND)
    store.transact(lambda uow: uow.rota.save_override(cancelled))
    assert overrides(store) == []
    assert store.transact(lambda uow: uow.rota.override(kept.id)) == cancelled


def test_saving_an_override_replaces_all_of_it(store: Store) -> None:
    store.transact(lambda uow: [uow.rota.add_override(override()) for _ in range(2)])
    changed = override("grace", 1, id=1, schedule="other", by="lin", swap=7)
    store.transact(lambda uow: uow.rota.save_override(changed))
    assert store.transact(lambda uow: list(uow.rota.overrides("other", NOW))) == [changed]
    assert overrides(store) == [2]


# ---------------------------------------------------------------- swaps
@pytest.mark.parametrize("make", [full, lean])
def test_a_swap_comes_back_as_it_was_with_its_id(store: Store, make) -> None:
    asked = store.transact(lambda uow: uow.rota.add_swap(make(Swap)))
    assert asked == dataclasses.replace(make(Swap), id=1)
    assert store.transact(lambda uow: uow.rota.swap(1)) == asked
    assert store.transact(lambda uow: uow.rota.swap(2)) is None


def test_open_swaps_in_the_order_they_were_asked_for(store: Store) -> None:
    rows = [swap(hours=9), swap("lin", hours=1, schedule="other"), swap(hours=2)]
    rows += [swap(state=s) for s in (SwapState.ACCEPTED, SwapState.DECLINED, SwapState.WITHDRAWN)]
    store.transact(lambda uow: [uow.rota.add_swap(row) for row in [*rows, swap(state=SwapState.EXPIRED)]])
    assert swaps(store) == [1, 2, 3]
    assert swaps(store, NOW + HOUR - SECOND) == [1, 2, 3]
    assert swaps(store, NOW + HOUR) == [1, 3]
    assert swaps(store, NOW + 9 * HOUR) == []


def test_an_answered_swap_is_found_by_its_id_only(store: Store) -> None:
    asked = store.transact(lambda uow: uow.rota.add_swap(swap(asked_of="lin")))
    answered = dataclasses.replace(asked, state=SwapState.ACCEPTED, answered=NOW + SECOND, answered_by="lin")
    store.transact(lambda uow: uow.rota.save_swap(answered))
    assert swaps(store) == []
    assert store.transact(lambda uow: uow.rota.swap(asked.id)) == answered


def test_saving_what_is_not_there_fails(store: Store) -> None:
    with pytest.raises(LookupError, match="no override 7"):
        store.transact(lambda uow: uow.rota.save_override(override(id=7)))
    with pytest.raises(LookupError, match="no swap 7"):
        store.transact(lambda uow: uow.rota.save_swap(swap(id=7)))
    assert overrides(store) == swaps(store) == []


def test_what_failed_is_not_there(store: Store) -> None:
    kept = store.transact(lambda uow: uow.rota.add_override(override()))

    def fails(uow) -> None:
        uow.rota.save_override(dataclasses.replace(kept, cancelled=NOW))
        uow.rota.add_override(override())
        uow.rota.add_swap(swap())
        uow.rota.save_roster(Roster(source="a.ics"))
        raise ValueError

    with pytest.raises(ValueError):
        store.transact(fails)
    assert overrides(store) == [1]
    assert swaps(store) == []
    assert store.transact(lambda uow: uow.rota.roster("a.ics")) is None


# ---------------------------------------------------------------- rosters
@pytest.mark.parametrize("make", [full, lean])
def test_a_roster_comes_back_as_it_was(store: Store, make) -> None:
    copy = make(Roster)
    store.transact(lambda uow: uow.rota.save_roster(copy))
    assert store.transact(lambda uow: uow.rota.roster(copy.source)) == copy
    assert store.transact(lambda uow: uow.rota.roster("https://other")) is None


def test_a_roster_is_kept_once_a_source(store: Store) -> None:
    first = dataclasses.replace(full(Roster), source="https://calendar/a.ics?key=%s&b=1")
    failing = Roster(source=first.source, shifts=first.shifts, failing=NOW, error="404")
    other = Roster(source="b.ics", fetched=NOW)
    store.transact(lambda uow: [uow.rota.save_roster(row) for row in (first, other, failing)])
    found = store.transact(lambda uow: [uow.rota.roster(row.source) for row in (first, other)])
    assert found == [failing, other]
