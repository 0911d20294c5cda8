"""The menu as a caller hears it: two keys, asked three times, and nobody is sent away for pressing nothing."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.hotline import Choice, Hotline
from bot.domain.people import Directory, Organisation
from bot.domain.script import Hear, Ring
from tests import builders as b
from tests.fakes.desks import desk
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World
from tests.hotline.nights import STRANGER, SUNDAY_NIGHT, company, no_night_service

KEYS = ("For the support desk, press 1.", "In an emergency, press 2.")
POLISH_KEYS = ("Dział wsparcia: naciśnij 1.", "Awaria: naciśnij 2.")


async def calls(people: Directory | None = None, number: str = b.THANDI) -> Caller:
    caller = Caller(World(at=SUNDAY_NIGHT, people=people or company()), number)
    await caller.calls()
    return caller


def said(caller: Caller) -> tuple[str, ...]:
    assert caller.script is not None
    return caller.script.say


def polish() -> Directory:
    """A Polish desk with a Polish customer."""
    found = company()
    acme = dataclasses.replace(found.organisations[0], language="pl")
    return company(organisations=(acme, found.organisations[1]), policies=(b.policy(language="pl"),))


async def test_a_greeting_and_two_keys() -> None:
    caller = await calls()
    assert said(caller) == ("This is the support line.", *KEYS)
    assert caller.script is not None and caller.script.verb == Hear(seconds=5)


async def test_a_greeting_of_ones_own() -> None:
    own = dataclasses.replace(company().hotline, greeting="Mitra Support, good day.")
    caller = await calls(company(hotline=own))
    assert said(caller) == ("Mitra Support, good day.", *KEYS)


async def test_the_repeat_does_not_greet_again_and_the_last_one_says_what_silence_means() -> None:
    caller = await calls()
    await caller.is_silent()
    assert said(caller) == KEYS
    await caller.is_silent()
    assert said(caller) == (*KEYS, "If you press nothing, we take it as an emergency.")


@pytest.mark.parametrize("pressed", [("", "", ""), ("7", "0", "9"), ("*", "", "12")])
async def test_silence_and_keys_without_a_meaning_end_on_the_emergency_line(pressed: tuple[str, ...]) -> None:
    caller = await calls()
    for key in pressed:
        assert not caller.ringing
        await caller.presses(key)
    assert caller.ringing == b.ADA_PHONE
    assert (await caller.stored()).choice is Choice.EMERGENCY


async def test_a_wrong_key_and_then_the_right_one() -> None:
    caller = await calls()
    await caller.presses("5")
    await caller.presses("2")
    assert caller.ringing == b.ADA_PHONE


async def test_in_polish() -> None:
    caller = await calls(polish())
    assert said(caller) == ("Tu linia wsparcia technicznego.", *POLISH_KEYS)
    await caller.is_silent()
    await caller.is_silent()
    assert said(caller) == (*POLISH_KEYS, "Brak wyboru uznamy za awarię.")
    assert caller.script is not None and caller.script.language == "pl"


async def test_a_stranger_is_greeted_in_the_language_of_the_desk() -> None:
    caller = await calls(polish(), STRANGER)
    assert said(caller) == ("Tu linia wsparcia technicznego.", *POLISH_KEYS)


async def test_a_customer_is_spoken_to_in_their_own_language_and_the_engineer_in_theirs() -> None:
    acme: Organisation = dataclasses.replace(company().organisations[0], language="pl")
    caller = await calls(company(organisations=(acme, company().organisations[1])))
    assert said(caller)[1:] == POLISH_KEYS
    await caller.presses("2")
    whisper = await caller.picked_up()
    assert (whisper.language, whisper.say[0]) == ("en", "Emergency line.")


@pytest.mark.parametrize(
    ("at", "left"),
    [("02:00", "1 godzina"), ("02:58", "2 minuty"), ("02:55", "5 minut"), ("02:38", "22 minuty")],
)
async def test_polish_counts_as_poles_do(at: str, left: str) -> None:
    """The engineer hears how long there is: 1 godzina, 2 minuty, 5 minut."""
    world = World(at=SUNDAY_NIGHT, people=polish())
    await world.says(b.THANDI, "nic nie działa")
    await world.says(b.THANDI, "1")
    await world.passes(minutes=int(at[3:]))
    caller = Caller(world)
    await caller.calls()
    await caller.presses("2")
    await caller.presses("1")
    whisper = await caller.picked_up()
    assert any(left in sentence for sentence in whisper.say), whisper.say


async def test_no_emergency_key_where_nobody_is_paged_at_this_hour() -> None:
    caller = await calls(no_night_service())
    assert said(caller) == ("This is the support line.", KEYS[0])


async def test_whoever_presses_2_all_the_same_hears_that_there_is_no_such_service_now() -> None:
    caller = await calls(no_night_service())
    await caller.presses("2")
    assert said(caller) == (
        "There is no emergency service at this hour.",
        "The desk is closed. It opens tomorrow at 08:30.",
        "To leave a message, press 1.",
    )
    await caller.presses("2")
    assert said(caller)[0] == "There is no emergency service at this hour."


async def test_silence_leads_to_a_message_where_there_is_nothing_else() -> None:
    caller = await calls(no_night_service())
    for _ in range(6):
        await caller.is_silent()
    await caller.speaks()
    world = caller.world
    assert "📟" not in " ".join(world.texts("slack")) and not world.seen("call")
    assert (await world.ticket()).place.place == "U0THANDI"


async def test_a_desk_that_knows_one_severity_and_works_days_only() -> None:
    """The Polish desk pages nobody at night: its line is the desk's, and it opens on Monday after Christmas."""
    phones = (b.person("ada", "Ada", b.ADA, b.ADA_PHONE, calls=True),)
    hotline = Hotline(countries=("PL", "ZA"), listed=frozenset({b.ADA_PHONE}))
    caller = Caller(desk("serwis", at="2026-12-24T20:00", people=phones, hotline=hotline))
    await caller.calls()
    assert said(caller) == ("Tu linia wsparcia technicznego.", POLISH_KEYS[0])
    await caller.presses("1")
    assert said(caller) == (
        "Dział wsparcia jest zamknięty. Otwiera się w poniedziałek o 9:00.",
        "Aby zostawić wiadomość, naciśnij 1.",
    )
    await caller.presses("1")
    assert said(caller) == (
        "Po sygnale powiedz, co się stało i gdzie możemy oddzwonić.",
        "Na koniec naciśnij krzyżyk.",
    )


async def test_in_office_hours_the_key_for_emergencies_is_there_too() -> None:
    caller = Caller(World(at=MONDAY_NOON, people=company()))
    await caller.calls()
    assert said(caller)[1:] == KEYS
    await caller.presses("2")
    assert caller.script is not None and isinstance(caller.script.verb, Ring)
