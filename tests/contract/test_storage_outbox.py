"""The outbox: who may go now, and in what order."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from bot.app.rows import OutboxItem, PagedLately, SendState, Store
from bot.domain import notices as no
from bot.domain.ids import PageId, PersonId
from tests.contract.storage_samples import (
    DESK,
    DM,
    NOW,
    SECOND,
    SLACK,
    SMS,
    TELEGRAM,
    TICKET,
    card,
    full,
    item,
    lean,
)

STATES = ("sending", "accepted", "delivered", "failed", "cancelled")


def put(store: Store, *items: OutboxItem) -> None:
    store.transact(lambda uow: uow.outbox.add(items))


def claimed(store: Store, *, at: dt.datetime = NOW, channels=(SLACK,), limit: int = 99) -> list[str]:
    return store.transact(lambda uow: [i.notice.text for i in uow.outbox.claim(channels, at, limit)])


def change(store: Store, text: str, **changes) -> None:
    def work(uow):
        row = next(r for n in range(1, 50) if (r := uow.outbox.get(n)) and r.notice.text == text)
        uow.outbox.save(dataclasses.replace(row, **changes))

    store.transact(work)


def test_rows_come_back_as_they_were_with_rising_ids(store: Store) -> None:
    rows = [full(OutboxItem), lean(OutboxItem), item("x")]
    rows = [dataclasses.replace(row, notice=item("n").notice, channel=SLACK, page="p") for row in rows]
    put(store, *rows)
    found = store.transact(lambda uow: uow.outbox.of_page(PageId("p")))
    assert [dataclasses.replace(row, id=0) for row in found] == [
        dataclasses.replace(row, id=0) for row in rows
    ]
    assert [row.id for row in found] == sorted({row.id for row in found})
    assert store.transact(lambda uow: [uow.outbox.get(row.id) for row in found]) == list(found)


def test_adding_nothing(store: Store) -> None:
    put(store)
    assert claimed(store) == []


@pytest.mark.parametrize("kind", no.KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_notice_comes_back_as_it_was(store: Store, kind: type[no.Notice]) -> None:
    notices = [full(kind), lean(kind), None]
    put(store, *(item(notice=notice, lane_key=str(n)) for n, notice in enumerate(notices)))
    assert store.transact(lambda uow: [i.notice for i in uow.outbox.claim([SLACK], NOW, 9)]) == notices


def test_by_priority_then_id(store: Store) -> None:
    put(
        store,
        item("desk", lane_key="a", priority=20),
        item("first", lane_key="b"),
        item("second", lane_key="c"),
        item("page", lane_key="d", priority=0),
    )
    assert claimed(store) == ["page", "first", "second", "desk"]
    assert claimed(store, limit=2) == ["page", "first"]


def test_priority_holds_across_channels(store: Store) -> None:
    put(
        store,
        item("desk", lane_key="a", priority=20),
        item("page", lane_key="b", priority=0, channel=SMS),
        item("other", lane_key="c", priority=0, channel=TELEGRAM),
    )
    assert claimed(store, channels=[SLACK, SMS]) == ["page", "desk"]
    assert claimed(store, channels=[SLACK, SMS, SLACK], limit=1) == ["page"]
    assert claimed(store, channels=[]) == []


def test_only_what_is_due(store: Store) -> None:
    put(store, item("later", due=NOW + SECOND), item("now", lane_key="b"))
    assert claimed(store) == ["now"]
    assert claimed(store, at=NOW + SECOND) == ["later", "now"]


def test_claiming_changes_nothing(store: Store) -> None:
    put(store, item("x"))
    assert claimed(store) == claimed(store) == ["x"]


def test_one_a_lane_and_in_order_whatever_the_priority(store: Store) -> None:
    put(store, item("1"), item("2", priority=0), item("other", lane_key="b"))
    assert claimed(store) == ["1", "other"]


def test_a_lane_waits_for_its_first_even_if_that_is_due_later(store: Store) -> None:
    put(store, item("1", due=NOW + SECOND), item("2"))
    assert claimed(store) == []
    assert claimed(store, at=NOW + SECOND) == ["1"]


def test_a_lane_waits_while_its_first_is_sending(store: Store) -> None:
    put(store, item("1"), item("2"))
    change(store, "1", state=SendState.SENDING)
    assert claimed(store) == []


@pytest.mark.parametrize("state", STATES[1:])
def test_a_lane_goes_on_when_its_first_is_out_of_the_way(store: Store, state: str) -> None:
    put(store, item("1"), item("2"))
    change(store, "1", state=state)
    assert claimed(store) == ["2"]


def test_a_lane_is_one_across_channels(store: Store) -> None:
    put(store, item("1", channel=SMS), item("2"))
    assert claimed(store) == []


@pytest.mark.parametrize("state", STATES)
def test_only_pending_rows_are_claimed(store: Store, state: str) -> None:
    put(store, item("x", state=state))
    assert claimed(store) == []


def test_a_row_waits_for_its_card(store: Store) -> None:
    put(store, item("1", address=DESK, card_of=TICKET), item("2"), item("other", lane_key="b"))
    assert claimed(store) == ["other"]
    store.transact(lambda uow: uow.cards.save(card()))
    assert claimed(store) == ["other"]
    elsewhere = dataclasses.replace(DESK, place="C0OTHER")
    store.transact(lambda uow: uow.cards.save(card(address=elsewhere, message="17.0")))
    assert claimed(store) == ["other"]
    store.transact(lambda uow: uow.cards.save(card(message="17.1", thread="17.1")))
    assert claimed(store) == ["1", "other"]


def test_saving_replaces_the_whole_row(store: Store) -> None:
    put(store, item("x"), item("y", lane_key="b"))
    row = store.transact(lambda uow: uow.outbox.claim([SLACK], NOW, 1)[0])
    changed = dataclasses.replace(full(OutboxItem), id=row.id, notice=item("new").notice)
    store.transact(lambda uow: uow.outbox.save(changed))
    assert store.transact(lambda uow: uow.outbox.get(row.id)) == changed
    assert claimed(store) == ["y"]


def test_saving_what_is_not_there_fails(store: Store) -> None:
    with pytest.raises(LookupError, match="no outbox row 77"):
        store.transact(lambda uow: uow.outbox.save(item("x", id=77)))
    assert store.transact(lambda uow: uow.outbox.get(77)) is None


def test_found_by_the_token_of_the_last_attempt(store: Store) -> None:
    put(store, item("x", token="t1"), item("y", lane_key="b"))
    found = store.transact(lambda uow: uow.outbox.by_token("t1"))
    assert found is not None and found.notice.text == "x"
    change(store, "x", token="t2")
    assert store.transact(lambda uow: uow.outbox.by_token("t1")) is None
    assert store.transact(lambda uow: uow.outbox.by_token("t2")).id == found.id
    assert store.transact(lambda uow: uow.outbox.by_token("")) is None


def test_all_attempts_of_a_page(store: Store) -> None:
    put(store, item("1", page="p1"), item("2"), item("3", page="p2"), item("4", page="p1", state="failed"))
    found = store.transact(lambda uow: [i.notice.text for i in uow.outbox.of_page(PageId("p1"))])
    assert found == ["1", "4"]


def test_the_attempts_of_a_person_since_then_and_those_that_wait(store: Store) -> None:
    before, mine = NOW - SECOND, {"page": "p1", "person": "ada", "method": "sms"}
    put(
        store,
        item("waits", **mine, created=before),
        item("went before", **mine, created=before, state="accepted"),
        item("held", **mine, created=before - SECOND, held=True, lane_key="b"),
        item("went", **mine, state="delivered"),
        item("new", **(mine | {"page": "p2"})),
        item("lin's", **(mine | {"person": "lin"})),
        item("a drill's", **(mine | {"page": None})),
        item("customer's"),
    )

    def texts(person: str, since: dt.datetime = NOW) -> list[str]:
        return store.transact(lambda uow: [i.notice.text for i in uow.outbox.of_person(person, since)])

    assert texts("ada") == ["waits", "held", "went", "new"]
    assert texts("ada", before) == ["waits", "went before", "held", "went", "new"]
    assert texts("ada", NOW + SECOND) == ["waits", "held", "new"]
    assert (texts("lin"), texts("grace"), texts("")) == (["lin's"], [], [])
    change(store, "waits", state=SendState.SENDING)
    change(store, "new", person="lin")
    change(store, "a drill's", page="p3")
    change(store, "went", page=None)
    assert (texts("ada"), texts("lin")) == (["held", "a drill's"], ["new", "lin's"])


def test_attempts_of_a_person_that_failed_to_be_written(store: Store) -> None:
    put(store, item("x", page="p1", person="ada"))

    def fails(uow) -> None:
        (row,) = uow.outbox.of_person("ada", NOW)
        uow.outbox.save(dataclasses.replace(row, person="lin"))
        uow.outbox.add([item("y", page="p1", person="ada")])
        raise ValueError

    with pytest.raises(ValueError):
        store.transact(fails)
    found = store.transact(lambda uow: [i.notice.text for i in uow.outbox.of_person("ada", NOW)])
    assert found == ["x"]


@pytest.mark.parametrize("held", [True, False])
def test_a_row_that_is_held(store: Store, held: bool) -> None:
    put(store, item("x", held=held))
    (row,) = store.transact(lambda uow: uow.outbox.claim([SLACK], NOW, 9))
    assert row.held is held
    change(store, "x", held=not held)
    assert store.transact(lambda uow: uow.outbox.get(row.id).held) is not held


def test_unsettled_are_those_on_their_way(store: Store) -> None:
    put(store, *(item(state, state=state) for state in ("pending", *STATES, "sending")))
    found = store.transact(lambda uow: [i.notice.text for i in uow.outbox.unsettled()])
    assert found == ["sending", "sending"]


def test_next_due_is_what_comes_later(store: Store) -> None:
    def next_due(*channels):
        return store.transact(lambda uow: uow.outbox.next_due(channels, NOW))

    assert next_due(SLACK) is None
    put(
        store,
        item("due", due=NOW),
        item("sent", due=NOW + SECOND, state="sending"),
        item("later", due=NOW + 3 * SECOND),
        item("sms", due=NOW + 2 * SECOND, channel=SMS, address=dataclasses.replace(DM, channel=SMS)),
    )
    assert next_due(SLACK) == NOW + 3 * SECOND
    assert next_due(SLACK, SMS) == NOW + 2 * SECOND
    assert next_due(TELEGRAM) is None
    assert next_due() is None


def test_pages_of_one_person_lately(store: Store) -> None:
    """One entry a page; held only where all of it was."""
    hour, ada = dt.timedelta(hours=1), {"person": "ada", "method": "sms", "ticket": TICKET}
    put(
        store,
        item("a", page=PageId("p1"), created=NOW - hour, due=NOW, attempts=1, **ada),
        item("b", page=PageId("p1"), created=NOW, due=NOW, held=True, **ada),
        item("c", page=PageId("p2"), created=NOW, due=NOW + hour, held=True, **ada),
        item("d", page=PageId("p3"), created=NOW, due=NOW, **ada | {"person": "lin"}),
        item("e", page=PageId("p4"), created=NOW - 3 * hour, due=NOW, **ada),
        item("f", created=NOW, due=NOW, **ada),
    )
    found = store.transact(lambda uow: uow.outbox.paged_lately(PersonId("ada"), NOW - hour))
    assert sorted(found, key=lambda p: p.page) == [
        PagedLately(page=PageId("p1"), ticket=TICKET, first=NOW - hour, held=False, tried=True, waits=NOW),
        PagedLately(page=PageId("p2"), ticket=TICKET, first=NOW, held=True, tried=False, waits=NOW + hour),
    ]


def test_what_waits_is_hurried_but_for_pages(store: Store) -> None:
    hour = dt.timedelta(hours=1)
    put(
        store,
        item("due", due=NOW),
        item("waits", due=NOW + hour),
        item("sent", due=NOW + hour, state="accepted"),
        item("page", due=NOW + hour, page=PageId("p1"), person="ada", method="sms"),
    )
    store.transact(lambda uow: uow.outbox.hurry(NOW, hour))
    rows = store.transact(lambda uow: [r for n in range(1, 9) if (r := uow.outbox.get(n))])
    due = {r.notice.text: r.due for r in rows}
    assert due == {"due": NOW, "waits": NOW, "sent": NOW + hour, "page": NOW + hour}
