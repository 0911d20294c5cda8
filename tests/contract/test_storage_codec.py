"""Values to JSON text and back, exactly."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import inbound
from bot.app.duty import Chore, Drill, KeptOverride, Roster, Swap
from bot.app.rows import Store
from bot.domain import events, notices
from bot.domain.hotline import Call
from bot.domain.ids import Address
from bot.domain.page import Page
from bot.domain.people import Contact
from bot.domain.ticket import Ticket
from storage import rows
from storage.codec import clean, dumped, loaded
from tests.contract.storage_samples import (
    DM,
    NOW,
    SLACK,
    TICKET,
    card,
    contact,
    drill,
    full,
    item,
    lean,
    override,
    swap,
    ticket,
)

KINDS = [
    Ticket,
    Page,
    Contact,
    Address,
    KeptOverride,
    Swap,
    Roster,
    Drill,
    Call,
    *events.KINDS.values(),
    *notices.KINDS.values(),
    *inbound.KINDS.values(),
]
ODD = "a\0b\ud800c\udfff 🦆\U0010ffff ł \\u0000 \\ud800"
CLEAN = "a\ufffdb\ufffdc\ufffd 🦆\U0010ffff ł \\u0000 \\ud800"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("make", [full, lean])
def test_every_value_comes_back_as_it_was(kind: type, make) -> None:
    value = make(kind)
    again = loaded(kind, dumped(value))
    assert again == value
    assert repr(again) == repr(value)  # types too: tuples, enums, dt.UTC itself


@dataclasses.dataclass(frozen=True, kw_only=True)
class Everything:
    at: dt.datetime
    long: dt.timedelta
    zones: Mapping[ZoneInfo, tuple[dt.datetime, ...]]
    text: str
    whole: int
    number: float
    maybe: dt.datetime | None


INSTANTS = st.datetimes(timezones=st.just(dt.UTC))


@given(
    st.builds(
        Everything,
        at=INSTANTS,
        long=st.timedeltas(dt.timedelta(days=-9999), dt.timedelta(days=9999)),
        zones=st.dictionaries(
            st.sampled_from([ZoneInfo("Europe/Warsaw"), ZoneInfo("UTC")]), st.lists(INSTANTS).map(tuple)
        ),
        text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        whole=st.integers(-(2**63), 2**63 - 1),
        number=st.floats(allow_nan=False, allow_infinity=False),
        maybe=st.none() | INSTANTS,
    )
)
def test_any_value_comes_back_as_it_was(value: Everything) -> None:
    assert loaded(Everything, dumped(value)) == value


@given(INSTANTS)
def test_instants_are_exact_to_the_microsecond(at: dt.datetime) -> None:
    assert rows.instant(rows.micros(at)) == at


def test_an_instant_of_any_zone_is_the_same_instant_in_utc() -> None:
    local = NOW.astimezone(ZoneInfo("Africa/Johannesburg"))
    again = loaded(Ticket, dumped(ticket(opened=local)))
    assert again.opened == NOW
    assert again.opened.tzinfo is dt.UTC
    assert rows.micros(local) == rows.micros(NOW)


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(Exception, match="zone"):
        store.transact(lambda uow: uow.tickets.save(ticket(acknowledged=naive)))
    with pytest.raises(TypeError):
        store.transact(lambda uow: uow.outbox.add([item(due=naive)]))
    assert store.transact(lambda uow: uow.tickets.get(TICKET)) is None


@given(st.text(st.characters()))
def test_cleaned_text_is_what_databases_take(text: str) -> None:
    again = clean(text)
    assert "\0" not in again
    assert len(again) == len(text)
    again.encode()
    assert clean(again) == again


def test_odd_text_is_stored_everywhere(store: Store) -> None:
    place = dataclasses.replace(DM, place=ODD)
    note = events.NoteWritten(person="ada", text=ODD)

    def write(uow):
        uow.inbox.add(SLACK, ODD, NOW)
        uow.tickets.save(ticket(text=ODD, place=place, id=ODD))
        uow.log.append(ODD, [note], NOW)
        uow.outbox.add([item(ODD, person=ODD, address=place, mark_at=place, token=ODD)])
        uow.cards.save(card(ODD, shown=ODD))
        uow.contacts.save(contact(ODD, identities={SLACK: ODD}))

    store.transact(write)
    clean_place = dataclasses.replace(DM, place=CLEAN)

    def read(uow):
        assert uow.inbox.add(SLACK, CLEAN, NOW) is False
        assert uow.tickets.get(ODD) == ticket(text=CLEAN, place=clean_place, id=CLEAN)
        assert [t.id for t in uow.tickets.at(place)] == [CLEAN]
        assert [r.event.text for r in uow.log.of(ODD)] == [CLEAN]
        found = uow.outbox.by_token(ODD)
        assert found == item(
            CLEAN, id=found.id, person=CLEAN, address=clean_place, mark_at=clean_place, token=CLEAN
        )
        assert uow.cards.get(ODD, card().address) == card(CLEAN, shown=CLEAN)
        assert uow.contacts.at(SLACK, ODD) == contact(CLEAN, identities={SLACK: CLEAN})

    store.transact(read)


def test_odd_text_of_the_rota_is_stored_everywhere(store: Store) -> None:
    def write(uow) -> None:
        uow.rota.add_override(override(ODD, schedule=ODD))
        uow.rota.add_swap(swap(ODD))
        uow.rota.save_roster(Roster(source=ODD, error=ODD))
        uow.chores.save(Chore(name=ODD, due=NOW, note=ODD))
        uow.drills.save(drill(ODD, ODD, code=ODD))
        uow.outbox.add([item(page=ODD, person=ODD)])
        assert uow.secrets.keep(ODD, ODD) == CLEAN

    def read(uow) -> None:
        assert uow.rota.overrides(ODD, NOW) == [override(CLEAN, schedule=CLEAN, id=1)]
        assert uow.rota.swaps(NOW) == [swap(CLEAN, id=1)]
        assert uow.rota.roster(ODD) == Roster(source=CLEAN, error=CLEAN)
        assert uow.chores.get(ODD) == Chore(name=CLEAN, due=NOW, note=CLEAN)
        assert uow.drills.get(ODD) == drill(CLEAN, CLEAN, code=CLEAN)
        assert list(uow.drills.of(ODD, NOW)) == list(uow.drills.running())
        assert [i.person for i in uow.outbox.of_person(ODD, NOW)] == [CLEAN]
        assert uow.secrets.get(ODD) == CLEAN

    store.transact(write)
    store.transact(read)


@pytest.mark.parametrize(
    "text", ["", "🦆" * 10_000, "\u202eabc\u200b", "'; DROP TABLE tickets; --", "%s %(x)s ? :x", "\r\n\t"]
)
def test_text_is_text(store: Store, text: str) -> None:
    store.transact(lambda uow: uow.tickets.save(ticket(text=text, id=text or "-")))
    assert store.transact(lambda uow: uow.tickets.get(text or "-").text) == text


def test_a_kind_that_is_not_known_is_named() -> None:
    with pytest.raises(LookupError, match="Teleported"):
        rows.of_kind(events.KINDS, "Teleported", "{}")
