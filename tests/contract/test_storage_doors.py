"""Who may look at the board: links that are used once, sessions that end."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from bot.app.doors import BoardLink, BoardSession
from bot.app.rows import Store
from bot.domain.ids import PersonId
from tests.contract.storage_samples import HOUR, NOW, SECOND, full, lean
from tests.contract.test_storage_codec import CLEAN, ODD
from tests.contract.test_storage_postgres import Meeting, at_once

ADA, GRACE = PersonId("ada"), PersonId("grace")


def link(digest: str = "d1", person: str = ADA, **changes) -> BoardLink:
    fields = {"digest": digest, "person": person, "made": NOW, "until": NOW + HOUR}
    return BoardLink(**(fields | changes))


def session(digest: str = "s1", person: str = ADA, **changes) -> BoardSession:
    return BoardSession(**({"digest": digest, "person": person, "began": NOW, "seen": NOW} | changes))


def put(store: Store, *several: BoardLink | BoardSession) -> None:
    def work(uow) -> None:
        for one in several:
            (uow.links if isinstance(one, BoardLink) else uow.sessions).save(one)

    store.transact(work)


def links(store: Store, *digests: str) -> list[BoardLink | None]:
    return store.transact(lambda uow: [uow.links.get(digest) for digest in digests])


def sessions(store: Store, *digests: str) -> list[BoardSession | None]:
    return store.transact(lambda uow: [uow.sessions.get(digest) for digest in digests])


def open_of(store: Store, person: str = ADA, now: dt.datetime = NOW) -> int:
    return store.transact(lambda uow: uow.links.open_of(person, now))


@pytest.mark.parametrize("saved", [full(BoardLink), lean(BoardLink), link(used=NOW)], ids=str)
def test_a_link_comes_back_as_it_was(store: Store, saved: BoardLink) -> None:
    put(store, saved)
    (found,) = links(store, saved.digest)
    assert (found, repr(found)) == (saved, repr(saved))
    assert links(store, "another", "") == [None, None]


@pytest.mark.parametrize("saved", [full(BoardSession), lean(BoardSession), session()], ids=str)
def test_a_session_comes_back_as_it_was(store: Store, saved: BoardSession) -> None:
    put(store, saved)
    (found,) = sessions(store, saved.digest)
    assert (found, repr(found)) == (saved, repr(saved))
    assert sessions(store, "another", "") == [None, None]


def test_saving_replaces_all_of_it(store: Store) -> None:
    put(store, link(), link("d2"), session(), session("s2"))
    put(store, link(person=GRACE, used=NOW, until=NOW), session(person=GRACE, seen=NOW + HOUR))
    assert links(store, "d1", "d2") == [link(person=GRACE, used=NOW, until=NOW), link("d2")]
    assert sessions(store, "s1", "s2") == [session(person=GRACE, seen=NOW + HOUR), session("s2")]


def test_how_many_links_of_a_person_still_work(store: Store) -> None:
    put(store, link("d1"), link("d2", until=NOW), link("d3", used=NOW), link("d4", GRACE), link("d5"))
    assert (open_of(store), open_of(store, GRACE), open_of(store, "nobody")) == (2, 1, 0)
    assert (open_of(store, now=NOW - SECOND), open_of(store, now=NOW + HOUR)) == (3, 0)


def test_old_links_are_forgotten(store: Store) -> None:
    put(store, link("d1", until=NOW - SECOND), link("d2", until=NOW), link("d3", until=NOW - HOUR, used=NOW))
    store.transact(lambda uow: uow.links.drop(NOW))
    assert links(store, "d1", "d2", "d3") == [None, link("d2", until=NOW), None]


def test_old_sessions_are_forgotten(store: Store) -> None:
    put(store, session("s1", began=NOW - SECOND), session("s2"))
    store.transact(lambda uow: uow.sessions.drop(NOW))
    assert sessions(store, "s1", "s2") == [None, session("s2")]


def test_being_seen(store: Store) -> None:
    put(store, session("s1"), session("s2"))
    store.transact(lambda uow: uow.sessions.seen("s1", NOW + HOUR))
    store.transact(lambda uow: uow.sessions.seen("ended", NOW + HOUR))
    assert sessions(store, "s1", "s2", "ended") == [session(seen=NOW + HOUR), session("s2"), None]


def test_the_end_of_sessions(store: Store) -> None:
    put(store, session("s1"), session("s2"), session("s3"), session("s4", GRACE), session("s5", GRACE))
    store.transact(lambda uow: uow.sessions.end("s1"))
    store.transact(lambda uow: uow.sessions.end("unknown"))
    assert sessions(store, "s1", "s2") == [None, session("s2")]
    assert store.transact(lambda uow: uow.sessions.end_all(ADA)) == 2
    assert store.transact(lambda uow: uow.sessions.end_all(ADA)) == 0
    assert sessions(store, "s2", "s3", "s4") == [None, None, session("s4", GRACE)]
    assert store.transact(lambda uow: uow.sessions.end_all()) == 2
    assert sessions(store, "s4", "s5") == [None, None]


def test_odd_text_is_stored(store: Store) -> None:
    put(store, link(ODD, ODD), session(ODD, ODD))
    assert links(store, ODD, CLEAN) == [link(CLEAN, CLEAN)] * 2
    assert sessions(store, ODD, CLEAN) == [session(CLEAN, CLEAN)] * 2
    assert open_of(store, ODD) == 1
    store.transact(lambda uow: uow.sessions.seen(ODD, NOW + HOUR))
    assert sessions(store, CLEAN) == [session(CLEAN, CLEAN, seen=NOW + HOUR)]
    assert store.transact(lambda uow: uow.sessions.end_all(ODD)) == 1


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    naive = NOW.replace(tzinfo=None)
    for wrong in (link(until=naive), link(used=naive), session(seen=naive)):
        with pytest.raises(Exception, match=r"zone|naive"):
            put(store, wrong)
    assert (links(store, "d1"), sessions(store, "s1")) == ([None], [None])


def test_what_failed_changed_nothing(store: Store) -> None:
    put(store, link(), session())

    def fails(uow) -> None:
        uow.links.save(link(used=NOW))
        uow.links.drop(NOW + 2 * HOUR)
        uow.sessions.save(session("s2"))
        uow.sessions.end_all()
        raise ValueError

    with pytest.raises(ValueError):
        store.transact(fails)
    assert (links(store, "d1"), sessions(store, "s1", "s2")) == ([link()], [session(), None])


def test_two_taps_at_once_let_one_in(pg_store: Store) -> None:
    put(pg_store, link())
    meet = Meeting()

    def tap() -> bool:
        def work(uow) -> bool:
            meet()
            found = uow.links.get("d1")
            if found.used is not None:
                return False
            uow.links.save(dataclasses.replace(found, used=NOW))
            return True

        return pg_store.transact(work)

    assert sorted(at_once(tap, tap)) == [False, True]
