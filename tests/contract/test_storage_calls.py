"""Calls: by id, those that go on, those of a ticket, how many of a number."""

from __future__ import annotations

import dataclasses

import pytest

from bot.app.rows import Store
from bot.domain.hotline import Call, Choice, End, Leg, Phase
from bot.domain.ids import ContactId, PersonId, TicketId
from tests.contract.storage_samples import HOUR, NOW, SECOND, TICKET, call, full, lean
from tests.contract.test_storage_codec import CLEAN, ODD
from tests.contract.test_storage_postgres import Meeting, at_once

NUMBER, OTHER = "+27115550100", "+27115550101"


def put(store: Store, *calls: Call) -> None:
    store.transact(lambda uow: [uow.calls.save(row) for row in calls])


def get(store: Store, id: str) -> Call | None:
    return store.transact(lambda uow: uow.calls.get(id))


def live(store: Store) -> list[str]:
    return store.transact(lambda uow: [row.id for row in uow.calls.live()])


def of(store: Store, ticket: str = TICKET) -> list[str]:
    return store.transact(lambda uow: [row.id for row in uow.calls.of(TicketId(ticket))])


def since(store: Store, number: str = NUMBER, began=NOW) -> int:
    return store.transact(lambda uow: uow.calls.since(number, began))


def leg(turn: int, person: str = "lin", number: str = OTHER, **changes) -> Leg:
    return Leg(turn=turn, person=PersonId(person), number=number, began=NOW, **changes)


LONG = call(
    "CA1",
    heard=NOW + HOUR,
    contact=ContactId("thandi"),
    known=True,
    by=PersonId("ada"),
    phase=Phase.TALKING,
    choice=Choice.EMERGENCY,
    turn=7,
    tries=2,
    said="joined",
    offered=(TICKET, TicketId("MIT-1002")),
    ticket=TICKET,
    callback=OTHER,
    legs=(leg(5, "ada", ended=NOW + SECOND), leg(6, accepted=NOW + 2 * SECOND)),
    recording="https://example.com/RE1",
    seconds=41,
    ended=NOW + HOUR,
    end=End.TALKED,
)


@pytest.mark.parametrize("saved", [full(Call), lean(Call), LONG, call("CA2", "")], ids=lambda c: c.id[:9])
def test_a_call_comes_back_as_it_was(store: Store, saved: Call) -> None:
    put(store, saved)
    found = get(store, saved.id)
    assert found == saved
    assert repr(found) == repr(saved)  # types too: tuples of legs, enums, dt.UTC itself
    assert get(store, "CA9") is None


def test_saving_replaces_all_of_it(store: Store) -> None:
    put(store, call("CA1"), call("CA2"))
    long = dataclasses.replace(LONG, number=OTHER, by=None)
    put(store, long)
    assert get(store, "CA1") == long
    assert live(store) == ["CA2"]
    assert of(store) == ["CA1"]
    assert (since(store), since(store, OTHER)) == (1, 1)
    put(store, call("CA1"))
    assert get(store, "CA1") == call("CA1")
    assert (live(store), of(store)) == (["CA1", "CA2"], [])


def test_a_call_of_ours_is_none_of_the_number(store: Store) -> None:
    put(store, call("CA1", by=PersonId("ada")), call("CA2"))
    assert since(store) == 1
    assert live(store) == ["CA1", "CA2"]


def test_those_that_go_on_oldest_first(store: Store) -> None:
    put(
        store,
        call("CA4", began=NOW + SECOND),
        call("CA3"),
        call("CA1", phase=Phase.OVER),
        call("CA2", ended=NOW),
        call("CA0", began=NOW - SECOND),
    )
    assert live(store) == ["CA0", "CA3", "CA1", "CA4"]
    put(store, call("CA3", turn=1))
    assert live(store) == ["CA0", "CA3", "CA1", "CA4"], "saving again keeps the order"
    put(store, call("CA3", ended=NOW))
    assert live(store) == ["CA0", "CA1", "CA4"]


def test_those_of_a_ticket_oldest_first_ended_or_not(store: Store) -> None:
    put(
        store,
        call("CA4", ticket=TICKET, began=NOW + SECOND),
        call("CA3", ticket=TICKET, ended=NOW),
        call("CA2", ticket=TICKET),
        call("CA1", ticket=TicketId("MIT-1002")),
        call("CA0"),
    )
    assert of(store) == ["CA3", "CA2", "CA4"]
    assert of(store, "MIT-1002") == ["CA1"]
    assert of(store, "MIT-1003") == of(store, "") == []


def test_how_many_of_a_number_since_then(store: Store) -> None:
    put(
        store,
        call("CA1", began=NOW - SECOND),
        call("CA2"),
        call("CA3", ended=NOW + HOUR, began=NOW + SECOND),
        call("CA4", OTHER),
        call("CA5", ""),
        call("CA6", OTHER, callback=NUMBER),
    )
    assert [since(store, NUMBER, NOW + n * SECOND) for n in (-1, 0, 1, 2)] == [3, 2, 1, 0]
    assert (since(store, OTHER), since(store, ""), since(store, "+2711555")) == (2, 1, 0)


def test_odd_text_is_stored(store: Store) -> None:
    def odd(text: str) -> Call:
        texts = {"number": text, "said": text, "callback": text, "recording": text, "language": text}
        rung = leg(1, text, text)
        return call(text, ticket=text, contact=text, offered=(text,), legs=(rung,), **texts)

    put(store, odd(ODD))
    assert get(store, ODD) == odd(CLEAN)
    assert live(store) == of(store, ODD) == [CLEAN]
    assert since(store, ODD) == since(store, CLEAN) == 1
    put(store, dataclasses.replace(odd(ODD), turn=1))
    assert get(store, CLEAN) == dataclasses.replace(odd(CLEAN), turn=1)
    assert live(store) == [CLEAN]


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    for changes in ({"began": NOW.replace(tzinfo=None)}, {"legs": (leg(1, ended=NOW.replace(tzinfo=None)),)}):
        with pytest.raises(Exception, match=r"zone|naive"):
            put(store, call("CA1", **changes))
    assert get(store, "CA1") is None


def test_what_failed_changed_no_call(store: Store) -> None:
    put(store, call("CA1"))

    def fails(uow) -> None:
        uow.calls.save(call("CA1", ended=NOW))
        uow.calls.save(call("CA2"))
        raise ValueError

    with pytest.raises(ValueError):
        store.transact(fails)
    assert live(store) == ["CA1"]


def test_two_things_heard_at_once_are_both_kept(pg_store: Store) -> None:
    put(pg_store, call("CA1"))
    meet = Meeting()

    def ring(person: str) -> None:
        def work(uow) -> None:
            meet()
            found = uow.calls.get("CA1")
            rung = leg(found.turn, person)
            uow.calls.save(dataclasses.replace(found, turn=found.turn + 1, legs=(*found.legs, rung)))

        pg_store.transact(work)

    at_once(lambda: ring("ada"), lambda: ring("lin"))
    kept = get(pg_store, "CA1")
    assert kept.turn == 2
    assert sorted(rung.person for rung in kept.legs) == ["ada", "lin"]


def test_looking_at_the_live_calls_waits_for_nobody(pg_store: Store) -> None:
    put(pg_store, call("CA1", ticket=TICKET))

    def holds(uow) -> tuple[list[str], list[str], int]:
        assert uow.calls.get("CA1") is not None
        return at_once(lambda: (live(pg_store), of(pg_store), since(pg_store)))[0]

    assert pg_store.transact(holds) == (["CA1"], ["CA1"], 1)
