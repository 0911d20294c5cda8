"""Calls in the configuration: [voice], and phones that Standby never dials."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.hotline import Hotline
from bot.domain.ids import ChannelName
from tests.contract.config.conftest import Loads

Mistakes = Callable[..., list[str]]
CALL = ChannelName("call")
PHONE = '"+27115550001"'
THEIRS = '"+27115550100"'


def voice(text: str) -> tuple[str, str]:
    return ("[storage]", f"[voice]\n{text}\n[storage]")


def test_it_is_all_in_the_directory(loads: Loads) -> None:
    said = 'countries = ["US", "ZA"]\ncalls_per_caller = 2\ncalls_at_once = 7\ngreeting = " Welcome to\\nExample IT. "'
    assert loads(voice(said)).directory.hotline == Hotline(
        countries=("US", "ZA"),
        own=frozenset({"+14155550100", "+14155550101", "+14155550102"}),
        listed=frozenset({"+27115550001", "+27115550002", "+27115550100"}),
        per_caller=2,
        at_once=7,
        greeting="Welcome to Example IT.",
    )


def test_without_it_the_countries_are_those_of_the_phones(loads: Loads) -> None:
    """People's first, ours last: callers type the numbers of the first."""
    hotline = loads((THEIRS, '"+48512345678"')).directory.hotline
    assert hotline.countries == ("ZA", "PL", "US")
    assert (hotline.per_caller, hotline.at_once, hotline.greeting) == (6, 20, "")
    silent = loads(('voice_from = "+14155550102"\n', "")).directory.hotline
    assert silent.countries == ("ZA",), "it is the voice number that says where we are"


def test_whoever_calls_from_a_contacts_phone_is_known(loads: Loads) -> None:
    directory = loads((THEIRS, f'{THEIRS}, "+27115550109"')).directory
    thandi = directory.contact("thandi")
    assert directory.contact_at(CALL, "+27115550100") == thandi
    assert directory.contact_at(CALL, "+27115550109") == thandi
    assert directory.contact_at(CALL, "+27115550001") is None
    assert list(thandi.identities) == ["slack", "telegram", "whatsapp", "sms", "call"]


NEVER = "is a premium-rate or shared-cost number; Standby never dials those"
ELSEWHERE = "which [voice] countries does not name; add it there if that is right"
AT = "people[0].phones[0]"

WRONG = [
    (PHONE, '"+27 86 234 5678"', f'{AT}: "+27862345678": {NEVER}'),
    (PHONE, '"+27860123456"', f'{AT}: "+27860123456": {NEVER}'),
    (THEIRS, '"+499001234567"', f'organisations[0].contacts[0].phones[0]: "+499001234567": {NEVER}'),
    (
        PHONE,
        '"+870773111632"',
        f'{AT}: "+870773111632": is a number of a satellite or another international network; '
        "Standby never dials those",
    ),
    (
        PHONE,
        '"+48641234567"',
        f"{AT}: \"+48641234567\": is not a number of a person's phone, so Standby can't call it",
    ),
    (PHONE, '"+14155550102"', f'{AT}: "+14155550102": is our own number (channels.twilio.voice_from)'),
    (
        THEIRS,
        f'{THEIRS}, "+14155550100"',
        'organisations[0].contacts[0].phones[1]: "+14155550100": is our own number (channels.twilio.whatsapp_from)',
    ),
    (
        *voice('countries = ["ZAF"]'),
        'voice.countries[0]: "ZAF": not a country; write its two letters, such as ZA',
    ),
    (*voice("countries = [27]"), "voice.countries[0]: 27: not a country; write its two letters, such as ZA"),
    (*voice('countries = ["ZA", "za"]'), 'voice.countries[1]: "za": not a country; did you mean "ZA"?'),
    (*voice('countries = ["UK"]'), 'voice.countries[0]: "UK": not a country; did you mean "GB"?'),
    (
        *voice('countries = ["ZZ"]'),
        'voice.countries[0]: "ZZ": not a country; write its two letters, such as ZA',
    ),
    (
        *voice('countries = ["001"]'),
        'voice.countries[0]: "001": not a country; write its two letters, such as ZA',
    ),
    (*voice("countries = []"), "voice.countries: must not be empty"),
    (*voice('countries = "ZA"'), 'voice.countries: "ZA": write it as a list, such as ["..."]'),
    (*voice("calls_per_caller = 0"), "voice.calls_per_caller: 0: must be at least 1"),
    (*voice("calls_per_caller = 101"), "voice.calls_per_caller: 101: must be at most 100"),
    (*voice("calls_at_once = 201"), "voice.calls_at_once: 201: must be at most 200"),
    (*voice("greeting = 7"), "voice.greeting: 7: write it as a string"),
    (
        *voice(f'greeting = "{"a" * 201}"'),
        f'voice.greeting: "{"a" * 201}": must have at most 200 characters; callers wait until it is said',
    ),
    (*voice('greetings = "Hi"'), 'voice.greetings: unknown key; did you mean "greeting"?'),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=[said[:60] for *_, said in WRONG])
def test_a_mistake_has_one_sentence(mistakes: Mistakes, old: str, new: str, said: str) -> None:
    (found,) = mistakes((old, new))
    assert found.startswith(said)


def test_phones_of_other_countries_have_to_be_meant(loads: Loads, mistakes: Mistakes) -> None:
    theirs = (THEIRS, '"+4915123456789"')
    at = "organisations[0].contacts[0].phones[0]"
    assert mistakes(voice('countries = ["ZA"]'), theirs) == [
        f'{at}: "+4915123456789": is a number of DE, {ELSEWHERE}'
    ]
    loads(voice('countries = ["ZA", "DE"]'), theirs)
    loads(theirs)


def test_a_number_with_a_price_and_one_that_is_too_new_may_be_listed(loads: Loads) -> None:
    loads((PHONE, '"+27861123456"'), (THEIRS, '"+19765550123"'))


def test_nobody_can_call_where_there_is_no_number(loads: Loads) -> None:
    said = "voice: nobody can call: no channel has a voice_from"
    assert said in loads(voice(""), ('voice_from = "+14155550102"\n', "")).warnings
    assert said not in loads(voice("")).warnings
    assert said not in loads(('voice_from = "+14155550102"\n', "")).warnings
