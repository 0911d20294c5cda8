"""Tickets, their references and their log."""

from __future__ import annotations

import dataclasses

import pytest

from bot.app.rows import Store
from bot.domain import events as ev
from bot.domain.ids import Address, ContactId, TicketId
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from tests.contract.storage_samples import DM, NOW, SECOND, SLACK, TICKET, full, lean, ticket


def test_references_rise_from_1001_a_prefix(store: Store) -> None:
    made = store.transact(lambda uow: [uow.tickets.next_reference("MIT") for _ in range(3)])
    assert made == ["MIT-1001", "MIT-1002", "MIT-1003"]
    assert store.transact(lambda uow: uow.tickets.next_reference("ACME")) == "ACME-1001"
    assert store.transact(lambda uow: uow.tickets.next_reference("MIT")) == "MIT-1004"


def test_unknown_is_none(store: Store) -> None:
    assert store.transact(lambda uow: uow.tickets.get(TICKET)) is None


@pytest.mark.parametrize("make", [full, lean])
def test_a_ticket_comes_back_as_it_was(store: Store, make) -> None:
    saved = make(Ticket)
    store.transact(lambda uow: uow.tickets.save(saved))
    assert store.transact(lambda uow: uow.tickets.get(saved.id)) == saved


def test_a_look_is_the_same_ticket(store: Store) -> None:
    store.transact(lambda uow: uow.tickets.save(ticket()))
    assert store.transact(lambda uow: uow.tickets.peek(TICKET)) == ticket()
    assert store.transact(lambda uow: uow.tickets.peek("MIT-9")) is None


def test_saving_replaces(store: Store) -> None:
    store.transact(lambda uow: uow.tickets.save(ticket()))
    changed = ticket(status=Status.ACTIVE, changed=NOW + SECOND, owner="ada", team="other", text="…")
    store.transact(lambda uow: uow.tickets.save(changed))
    assert store.transact(lambda uow: uow.tickets.get(TICKET)) == changed
    assert store.transact(lambda uow: list(uow.tickets.unfinished("desk"))) == []
    assert store.transact(lambda uow: list(uow.tickets.unfinished("other"))) == [changed]


def test_at_a_place_newest_first_without_closed_ones(store: Store) -> None:
    elsewhere = Address(channel=SLACK, place="D0OTHER")
    rows = [
        ticket("MIT-999", opened=NOW),
        ticket("MIT-1000", opened=NOW),
        ticket("MIT-1001", opened=NOW - SECOND, status=Status.RESOLVED),
        ticket("MIT-1002", opened=NOW + SECOND, status=Status.CLOSED),
        ticket("MIT-1003", place=elsewhere),
        ticket("MIT-1004", opened=NOW + SECOND, place=dataclasses.replace(DM, thread="17.1")),
    ]
    store.transact(lambda uow: [uow.tickets.save(row) for row in rows])

    def at(uow, place, **kw):
        return [t.id for t in uow.tickets.at(place, **kw)]

    assert store.transact(lambda uow: at(uow, DM)) == ["MIT-1004", "MIT-1000", "MIT-999", "MIT-1001"]
    in_thread = dataclasses.replace(DM, thread="18.2")
    assert store.transact(lambda uow: at(uow, in_thread, limit=2)) == ["MIT-1004", "MIT-1000"]
    assert store.transact(lambda uow: at(uow, elsewhere)) == ["MIT-1003"]


def test_saving_again_keeps_the_order(store: Store) -> None:
    store.transact(lambda uow: [uow.tickets.save(ticket(id)) for id in ("MIT-1", "MIT-2")])
    store.transact(lambda uow: uow.tickets.save(ticket("MIT-1", text="changed")))
    assert store.transact(lambda uow: [t.id for t in uow.tickets.at(DM)]) == ["MIT-2", "MIT-1"]


def test_unfinished_oldest_first(store: Store) -> None:
    rows = [
        ticket("MIT-1", opened=NOW + 3 * SECOND),
        ticket("MIT-2", opened=NOW, status=Status.WAITING),
        ticket("MIT-3", opened=NOW + SECOND, status=Status.ACTIVE),
        ticket("MIT-4", opened=NOW, status=Status.RESOLVED),
        ticket("MIT-5", opened=NOW, status=Status.CLOSED),
        ticket("MIT-6", opened=NOW, team="other"),
    ]
    store.transact(lambda uow: [uow.tickets.save(row) for row in rows])
    found = store.transact(lambda uow: [t.id for t in uow.tickets.unfinished("desk")])
    assert found == ["MIT-2", "MIT-3", "MIT-1"]
    assert store.transact(lambda uow: [t.id for t in uow.tickets.unfinished("desk", 1)]) == ["MIT-2"]


def test_of_a_contact_the_latest_change_first(store: Store) -> None:
    rows = [
        ticket("MIT-1", contact="thandi", changed=NOW),
        ticket("MIT-2", contact="thandi", changed=NOW + SECOND, status=Status.RESOLVED),
        ticket("MIT-3", contact="thandi", changed=NOW, status=Status.CLOSED),
        ticket("MIT-4", contact="sipho", changed=NOW),
        ticket("MIT-5", contact="thandi", changed=NOW),
    ]
    store.transact(lambda uow: [uow.tickets.save(row) for row in rows])
    found = store.transact(lambda uow: [t.id for t in uow.tickets.of_contact(ContactId("thandi"))])
    assert found == ["MIT-2", "MIT-5", "MIT-1"]
    assert store.transact(lambda uow: len(uow.tickets.of_contact(ContactId("thandi"), 1))) == 1


def test_the_last_of_a_ticket_oldest_first(store: Store) -> None:
    kind = next(iter(ev.KINDS.values()))
    for _ in range(3):
        store.transact(lambda uow: uow.log.append(TICKET, [full(kind), lean(kind)], NOW))
    whole = store.transact(lambda uow: [r.seq for r in uow.log.of(TICKET)])
    assert store.transact(lambda uow: [r.seq for r in uow.log.last_of(TICKET, 4)]) == whole[-4:]
    assert store.transact(lambda uow: [r.seq for r in uow.log.last_of(TICKET, 99)]) == whole
    assert store.transact(lambda uow: list(uow.log.last_of(TicketId("MIT-9"), 4))) == []


@pytest.mark.parametrize("kind", ev.KINDS.values(), ids=lambda kind: kind.__name__)
def test_every_event_comes_back_as_it_was(store: Store, kind: type[ev.Event]) -> None:
    events = [full(kind), lean(kind)]
    store.transact(lambda uow: uow.log.append(TICKET, events, NOW))
    found = store.transact(lambda uow: uow.log.of(TICKET))
    assert [(r.ticket, r.at, r.event) for r in found] == [(TICKET, NOW, event) for event in events]


def test_the_log_of_a_ticket_in_its_order(store: Store) -> None:
    def note(text: str) -> ev.NoteWritten:
        return ev.NoteWritten(person="ada", text=text)

    store.transact(lambda uow: uow.log.append(TICKET, [note("1"), note("2"), note("3")], NOW))
    store.transact(lambda uow: uow.log.append("MIT-2", [note("other")], NOW))
    store.transact(lambda uow: uow.log.append(TICKET, [note("4")], NOW - SECOND))
    store.transact(lambda uow: uow.log.append(TICKET, [], NOW))
    found = store.transact(lambda uow: uow.log.of(TICKET))
    assert [r.event.text for r in found] == ["1", "2", "3", "4"]
    assert [r.seq for r in found] == sorted({r.seq for r in found})
    assert store.transact(lambda uow: uow.log.of("MIT-9")) == []


def test_what_happened_in_a_span_in_the_order_of_the_log(store: Store) -> None:
    def note(text: str) -> ev.NoteWritten:
        return ev.NoteWritten(person="ada", text=text)

    def write(uow) -> None:
        uow.log.append(TICKET, [note("1"), note("2")], NOW + SECOND)
        uow.log.append("MIT-2", [note("3")], NOW)
        uow.log.append("MIT-2", [note("late")], NOW + 2 * SECOND)
        uow.log.append(TICKET, [note("early")], NOW - SECOND)
        uow.log.append(TICKET, [note("4")], NOW)

    store.transact(write)
    found = store.transact(lambda uow: uow.log.between(NOW, NOW + 2 * SECOND))
    assert [(id, r.event.text) for id, r in found] == [
        *((TICKET, "1"), (TICKET, "2"), ("MIT-2", "3"), (TICKET, "4"))
    ]
    assert [r for id, r in found if id == TICKET] == [
        r for r in store.transact(lambda uow: uow.log.of(TICKET)) if r.event.text != "early"
    ]
    assert store.transact(lambda uow: list(uow.log.between(NOW, NOW))) == []


def test_what_happened_in_pieces_by_instant(store: Store) -> None:
    def note(text: str) -> ev.NoteWritten:
        return ev.NoteWritten(person="ada", text=text)

    def write(uow) -> None:
        uow.log.append(TICKET, [note("3"), note("4")], NOW + SECOND)
        uow.log.append("MIT-2", [note("1")], NOW)
        uow.log.append("MIT-2", [note("late")], NOW + 2 * SECOND)
        uow.log.append(TICKET, [note("early")], NOW - SECOND)
        uow.log.append(TICKET, [note("2")], NOW)
        uow.log.append(TICKET, [note("5")], NOW + SECOND)

    store.transact(write)
    for limit in (1, 2, 5, 6):
        seen, after = [], None
        while piece := store.transact(
            lambda uow, a=after, n=limit: uow.log.piece(NOW, NOW + 2 * SECOND, a, n)
        ):
            assert len(piece) <= limit
            seen += [r.event.text for r in piece]
            after = piece[-1]
        assert seen == ["1", "2", "3", "4", "5"]


def test_how_many_are_open_by_severity(store: Store) -> None:
    rows = [
        ticket("MIT-1", severity="high"),
        ticket("MIT-2", severity="high", status=Status.WAITING),
        ticket("MIT-3", severity="low", status=Status.ACTIVE),
        ticket("MIT-4", severity="low", status=Status.RESOLVED),
        ticket("MIT-5", severity="normal", status=Status.CLOSED),
        ticket("MIT-6", severity="low", team="other"),
    ]
    store.transact(lambda uow: [uow.tickets.save(row) for row in rows])
    counted = store.transact(lambda uow: dict(uow.tickets.open_by_severity("desk")))
    assert counted == {"high": 2, "low": 1}
    assert store.transact(lambda uow: dict(uow.tickets.open_by_severity("nobody"))) == {}


def test_who_had_a_service(store: Store) -> None:
    rows = [
        ticket("MIT-1", service="firewall", status=Status.RESOLVED),
        ticket("MIT-2", service="backup", status=Status.CLOSED),
        ticket("MIT-3", service="laptop", status=Status.WAITING),
        ticket("MIT-4", status=Status.CLOSED),
        ticket("MIT-5", service="training", status=Status.CLOSED, organisation="other"),
    ]
    store.transact(lambda uow: [uow.tickets.save(row) for row in rows])
    services = ("firewall", "backup", "laptop", "training", "")
    had = store.transact(lambda uow: [s for s in services if uow.tickets.had_service("acme", s)])
    assert had == ["firewall", "backup"]
    store.transact(lambda uow: uow.tickets.save(ticket("MIT-1", service="firewall")))
    assert not store.transact(lambda uow: uow.tickets.had_service("acme", "firewall")), "it was reopened"


def test_every_ticket_in_batches(store: Store) -> None:
    saved = [ticket(f"MIT-{n}", status=status) for n, status in enumerate(Status, start=8)]
    store.transact(lambda uow: [uow.tickets.save(row) for row in saved])
    store.transact(lambda uow: uow.tickets.save(saved[0]))
    seen, after = [], 0
    while batch := store.transact(lambda uow, a=after: uow.tickets.every(a, 2)):
        assert len(batch) <= 2
        seen += [row for _, row in batch]
        after = batch[-1][0]
    assert seen == saved


def test_the_log_behind_a_number(store: Store) -> None:
    def note(text: str) -> ev.NoteWritten:
        return ev.NoteWritten(person="ada", text=text)

    assert store.transact(lambda uow: uow.log.latest()) == 0
    assert store.transact(lambda uow: list(uow.log.after(0, 10))) == []
    store.transact(lambda uow: uow.log.append(TICKET, [note("1"), note("2")], NOW + SECOND))
    store.transact(lambda uow: uow.log.append("MIT-2", [note("3")], NOW))
    first = store.transact(lambda uow: uow.log.after(0, 2))
    assert [(r.ticket, r.event.text) for r in first] == [(TICKET, "1"), (TICKET, "2")]
    rest = store.transact(lambda uow: uow.log.after(first[-1].seq, 2))
    assert [(r.ticket, r.event.text, r.at) for r in rest] == [("MIT-2", "3", NOW)]
    assert store.transact(lambda uow: uow.log.latest()) == rest[-1].seq
    assert store.transact(lambda uow: list(uow.log.after(rest[-1].seq, 2))) == []


def test_open_tickets_in_batches(store: Store) -> None:
    rows = [
        ticket("MIT-1", opened=NOW + SECOND),
        ticket("MIT-2", opened=NOW, status=Status.WAITING),
        ticket("MIT-3", opened=NOW, status=Status.ACTIVE),
        ticket("MIT-4", opened=NOW, status=Status.RESOLVED),
        ticket("MIT-5", opened=NOW, status=Status.CLOSED),
        ticket("MIT-6", opened=NOW - SECOND, team="other"),
    ]
    store.transact(lambda uow: [uow.tickets.save(row) for row in rows])
    for limit in (1, 2, 3, 10):
        seen, last = [], None
        while piece := store.transact(lambda uow, b=last, n=limit: uow.tickets.open(b, n)):
            assert len(piece) <= limit
            seen += [found.id for _, found in piece]
            last = piece[-1]
        assert seen == ["MIT-2", "MIT-3", "MIT-1", "MIT-6"]
