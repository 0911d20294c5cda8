"""Two at once on PostgreSQL: chores, swaps, drills, secrets."""

from __future__ import annotations

import dataclasses

from bot.app.duty import Chore, SwapState
from bot.app.rows import Store
from tests.contract.storage_samples import NOW, drill, override, swap
from tests.contract.test_storage_postgres import Meeting, at_once


def test_a_due_chore_is_in_one_hand(pg_store: Store) -> None:
    pg_store.transact(lambda uow: [uow.chores.save(Chore(name=name, due=NOW)) for name in "ab"])
    meet, both = Meeting(), Meeting()

    def work(uow):
        meet()
        found = [chore.name for chore in uow.chores.due(NOW, 1)]
        both()
        return found

    assert sorted(at_once(*[lambda: pg_store.transact(work)] * 2)) == [["a"], ["b"]]


def test_one_of_two_has_the_swap(pg_store: Store) -> None:
    pg_store.transact(lambda uow: uow.rota.add_swap(swap()))
    meet = Meeting()

    def accept(person: str) -> bool:
        def work(uow) -> bool:
            meet()
            asked = uow.rota.swap(1)
            if asked.state != SwapState.OPEN:
                return False
            uow.rota.save_swap(dataclasses.replace(asked, state=SwapState.ACCEPTED, answered_by=person))
            return uow.rota.add_override(override(person, swap=1)).id == 1

        return pg_store.transact(work)

    assert sorted(at_once(lambda: accept("lin"), lambda: accept("grace"))) == [False, True]
    assert len(pg_store.transact(lambda uow: uow.rota.overrides("standby", NOW))) == 1


def test_two_answers_to_a_drill_at_once_are_both_kept(pg_store: Store) -> None:
    pg_store.transact(lambda uow: uow.drills.save(drill("d1")))
    meet = Meeting()

    def answer(n: int) -> None:
        def work(uow) -> None:
            meet()
            found = uow.drills.get("d1")
            tries = list(found.tries)
            tries[n] = dataclasses.replace(tries[n], answered=NOW)
            uow.drills.save(dataclasses.replace(found, tries=tuple(tries)))

        pg_store.transact(work)

    at_once(lambda: answer(0), lambda: answer(1))
    assert [t.answered for t in pg_store.transact(lambda uow: uow.drills.get("d1").tries)] == [NOW, NOW]


def test_a_secret_made_twice_at_once_is_one(pg_store: Store) -> None:
    for n in range(10):
        meet = Meeting()

        def keep(value: str, n=n, meet=meet) -> str:
            def work(uow) -> str:
                meet()
                return uow.secrets.keep(f"key{n}", value)

            return pg_store.transact(work)

        assert len(set(at_once(lambda keep=keep: keep("x"), lambda keep=keep: keep("y")))) == 1
