"""Timers: replaced as a set, due oldest first."""

from __future__ import annotations

from bot.app.rows import Store
from bot.domain.ids import TicketId
from bot.domain.timers import TICKET_KINDS, Timer, TimerKind
from tests.contract.storage_samples import NOW, SECOND, TICKET

OTHER = TicketId("MIT-2")


def timer(kind: TimerKind, seconds: int, ticket: TicketId = TICKET) -> Timer:
    return Timer(ticket=ticket, kind=kind, due=NOW + seconds * SECOND)


def due(store: Store, seconds: int = 99, limit: int = 99) -> list[tuple[str, str, int]]:
    found = store.transact(lambda uow: uow.timers.due(NOW + seconds * SECOND, limit))
    return [(t.ticket, t.kind.value, round((t.due - NOW).total_seconds())) for t in found]


def test_replaced_as_a_set(store: Store) -> None:
    first = [timer(TimerKind.SEVERITY, 5), timer(TimerKind.BREACH, 9)]
    store.transact(lambda uow: uow.timers.replace(TICKET, TICKET_KINDS, first))
    store.transact(lambda uow: uow.timers.replace(TICKET, [TimerKind.PAGE], [timer(TimerKind.PAGE, 3)]))
    others = [timer(TimerKind.CLOSE, 1, OTHER)]
    store.transact(lambda uow: uow.timers.replace(OTHER, TICKET_KINDS, others))
    assert due(store) == [
        ("MIT-2", "close", 1),
        (TICKET, "page", 3),
        (TICKET, "severity", 5),
        (TICKET, "breach", 9),
    ]
    store.transact(lambda uow: uow.timers.replace(TICKET, TICKET_KINDS, [timer(TimerKind.BREACH, 7)]))
    assert due(store) == [("MIT-2", "close", 1), (TICKET, "page", 3), (TICKET, "breach", 7)]
    store.transact(lambda uow: uow.timers.replace(TICKET, TICKET_KINDS, []))
    assert due(store) == [("MIT-2", "close", 1), (TICKET, "page", 3)]


def test_several_of_a_kind(store: Store) -> None:
    several = [timer(TimerKind.BREACH, 2), timer(TimerKind.BREACH, 1)]
    store.transact(lambda uow: uow.timers.replace(TICKET, TICKET_KINDS, several))
    assert due(store) == [(TICKET, "breach", 1), (TICKET, "breach", 2)]


def test_due_oldest_first_up_to_the_limit(store: Store) -> None:
    rows = [timer(TimerKind.BREACH, n, TicketId(f"MIT-{n}")) for n in (3, 1, 2, 4)]
    store.transact(lambda uow: [uow.timers.replace(t.ticket, TICKET_KINDS, [t]) for t in rows])
    assert [row[2] for row in due(store, seconds=3)] == [1, 2, 3]
    assert [row[2] for row in due(store, limit=2)] == [1, 2]
    assert due(store, seconds=0) == []


def test_done_is_gone(store: Store) -> None:
    rows = [timer(TimerKind.BREACH, 1), timer(TimerKind.CLOSE, 2)]
    store.transact(lambda uow: uow.timers.replace(TICKET, TICKET_KINDS, rows))
    store.transact(lambda uow: uow.timers.done(uow.timers.due(NOW + SECOND, 1)[0]))
    assert due(store) == [(TICKET, "close", 2)]


def test_done_with_a_replaced_timer_hits_nothing(store: Store) -> None:
    def work(uow):
        uow.timers.replace(TICKET, TICKET_KINDS, [timer(TimerKind.BREACH, 1)])
        old = uow.timers.due(NOW + SECOND, 1)[0]
        uow.timers.replace(TICKET, TICKET_KINDS, [timer(TimerKind.BREACH, 2)])
        uow.timers.done(old)

    store.transact(work)
    assert due(store) == [(TICKET, "breach", 2)]


def test_next_due_is_the_earliest_even_if_past(store: Store) -> None:
    assert store.transact(lambda uow: uow.timers.next_due()) is None
    rows = [timer(TimerKind.BREACH, 5), timer(TimerKind.CLOSE, -5)]
    store.transact(lambda uow: uow.timers.replace(TICKET, TICKET_KINDS, rows))
    assert store.transact(lambda uow: uow.timers.next_due()) == NOW - 5 * SECOND
