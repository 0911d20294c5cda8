"""Pages: open ones, the latest of a ticket, by code."""

from __future__ import annotations

import dataclasses

import pytest

from bot.app.rows import Store
from bot.domain.page import Page, PageState
from tests.contract.storage_samples import NOW, SECOND, TICKET, full, lean, page


def put(store: Store, *pages: Page) -> None:
    store.transact(lambda uow: [uow.pages.save(row) for row in pages])


@pytest.mark.parametrize("make", [full, lean])
def test_a_page_comes_back_as_it_was(store: Store, make) -> None:
    saved = make(Page)
    put(store, saved)
    assert store.transact(lambda uow: uow.pages.get(saved.id)) == saved
    assert store.transact(lambda uow: uow.pages.get("p9")) is None


def test_open_ones_in_the_order_they_were_started(store: Store) -> None:
    stopped = page("p2", state=PageState.STOPPED, ended=NOW)
    put(store, page("p3"), stopped, page("p1", "MIT-2"))
    assert store.transact(lambda uow: [p.id for p in uow.pages.open()]) == ["p3", "p1"]
    assert store.transact(lambda uow: uow.pages.open_of(TICKET)) == page("p3")
    put(store, dataclasses.replace(page("p3"), state=PageState.ACKNOWLEDGED, acknowledged_by="ada"))
    assert store.transact(lambda uow: [p.id for p in uow.pages.open()]) == ["p1"]
    assert store.transact(lambda uow: uow.pages.open_of(TICKET)) is None


def test_the_latest_of_a_ticket_even_of_one_instant(store: Store) -> None:
    assert store.transact(lambda uow: uow.pages.latest_of(TICKET)) is None
    put(store, page("z", state=PageState.STOPPED), page("a"), page("other", "MIT-2", started=NOW + SECOND))
    assert store.transact(lambda uow: uow.pages.latest_of(TICKET)) == page("a")
    put(store, page("z", state=PageState.STOPPED, steps=3))
    assert store.transact(lambda uow: uow.pages.latest_of(TICKET)) == page("a")


def test_by_code_the_last_that_had_it(store: Store) -> None:
    put(
        store,
        page("p1", code="1111"),
        page("p2", code="1111", state=PageState.STOPPED),
        page("p3", code="2222"),
    )
    assert store.transact(lambda uow: uow.pages.by_code("1111").id) == "p2"
    assert store.transact(lambda uow: uow.pages.by_code("2222").id) == "p3"
    assert store.transact(lambda uow: uow.pages.by_code("3333")) is None


def test_those_started_in_a_span_in_that_order(store: Store) -> None:
    put(
        store,
        page("late", started=NOW + 2 * SECOND),
        page("second", started=NOW + SECOND, state=PageState.STOPPED),
        page("first"),
        page("third", "MIT-2", started=NOW + SECOND),
        page("early", started=NOW - SECOND),
    )

    def between(since: int, until: int) -> list[str]:
        span = NOW + since * SECOND, NOW + until * SECOND
        return store.transact(lambda uow: [p.id for p in uow.pages.between(*span)])

    assert between(0, 2) == ["first", "second", "third"]
    assert between(-9, 9) == ["early", "first", "second", "third", "late"]
    assert between(3, 9) == between(1, 1) == []
