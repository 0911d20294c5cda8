"""The key of a calendar's URL: the same for ever, another for each schedule, person and installation."""

from __future__ import annotations

from bot.app.calendar_key import calendar_url, is_key, key_of
from storage.memory import MemoryStore
from tests.fakes.world import FakeRandom


def test_a_key_is_for_one_schedule_and_one_person() -> None:
    key = key_of("secret", "standby")
    assert len(key) == 32 and set(key) <= set("0123456789abcdef")
    others = {key_of("other", "standby"), key_of("secret", "second"), key_of("secret", "standby", "ada"), key}
    assert len(others) == 4
    assert is_key(key, "secret", "standby")
    assert not is_key(key, "secret", "standby", "ada")


def test_what_is_no_key_is_refused_whatever_it_is() -> None:
    for given in ("", "x", "ł" * 32, key_of("secret", "standby").upper(), "\ud800"):
        assert not is_key(given, "secret", "standby")


def test_a_url_stays_the_same() -> None:
    store, random = MemoryStore(), FakeRandom()
    first, again = (
        store.transact(lambda uow: calendar_url(uow, random, "https://desk.example", "standby"))
        for _ in range(2)
    )
    key = key_of("token-0001", "standby")
    assert first == again == f"https://desk.example/oncall/standby.ics?key={key}"


def test_odd_names_are_written_safely_into_a_url() -> None:
    url = MemoryStore().transact(
        lambda uow: calendar_url(uow, FakeRandom(), "https://desk.example", "noc/2 é", "a&b")
    )
    key = key_of("token-0001", "noc/2 é", "a&b")
    assert url == f"https://desk.example/oncall/noc%2F2%20%C3%A9.ics?key={key}&person=a%26b"
