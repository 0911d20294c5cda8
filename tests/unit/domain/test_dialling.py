"""Which numbers may be dialled, and what callers mean by what they type."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.dialling import country, is_mobile, refusal, typed
from bot.domain.hotline import Hotline

OURS = "+14155550102"
HOME = Hotline(countries=("ZA", "US"), own=frozenset({OURS}))


def lists(*numbers: str) -> Hotline:
    return dataclasses.replace(HOME, listed=frozenset(numbers))


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+27115550100", ""),
        ("+27820000001", ""),
        ("+14155550100", ""),
        ("+27871234567", ""),  # by internet
        ("+27801234567", ""),  # free for whoever calls
        (OURS, "own"),
        ("+27862345678", "premium"),
        ("+27860123456", "premium"),  # shared cost
        ("+27861123456", "premium"),  # callers may pay for a UAN
        ("+15002345678", "premium"),  # and for a personal number
        ("+19002345678", "premium"),
        ("+499001234567", "premium"),
        ("+979123456789", "premium"),
        ("+48512345678", "foreign"),
        ("+18765550123", "foreign"),  # Jamaica looks like a call within the United States
        ("+870773111632", "foreign"),  # a ship's
        ("+881612345678", "foreign"),
        ("+88213000000", "foreign"),
        ("+2771000009", "invalid"),
        ("+15550100", "invalid"),
        ("+27112", "invalid"),
        ("+1911", "invalid"),
        ("+2710111", "invalid"),
        ("112", "invalid"),
        ("0115550100", "invalid"),
        ("+48641234567", "invalid"),  # a pager
        ("+271155500029999", "invalid"),
        ("+27 11 555 0100", "invalid"),  # not as we write them
        ("+27115550100;ext=5", "invalid"),
        ("+266696687", "invalid"),  # what vendors put for a hidden number: `anonymous` on a keypad
        ("sip:desk@example.com", "invalid"),
        ("anonymous", "invalid"),
        ("", "invalid"),
    ],
)
def test_a_number_that_a_stranger_names(number: str, why: str) -> None:
    assert refusal(number, HOME) == why


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+27861123456", ""),
        ("+15002345678", ""),
        ("+2771000009", ""),  # of a length that South Africa has, in a range that nobody has heard of
        ("+19765550123", ""),  # an area code that is not in use yet
        ("+27862345678", "premium"),
        ("+27860123456", "premium"),
        ("+48804123456", "foreign"),
        ("+870773111632", "foreign"),
        ("+48641234567", "invalid"),
        ("+2710111", "invalid"),
        (OURS, "own"),
    ],
)
def test_a_number_that_the_configuration_lists(number: str, why: str) -> None:
    assert refusal(number, lists(number)) == why


def test_without_countries_nobody_is_called() -> None:
    assert refusal("+27115550100", Hotline()) == "foreign"
    assert typed("0115550100", Hotline()) == ""


@pytest.mark.parametrize(
    ("number", "where"),
    [
        ("+27115550100", "ZA"),
        ("+14155550100", "US"),
        ("+19765550123", "US"),
        ("+447781123456", "GG"),
        ("+870773111632", "001"),
        ("anonymous", ""),
    ],
)
def test_the_country_of_a_number(number: str, where: str) -> None:
    assert country(number) == where


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("0115550100", "+27115550100"),
        ("0115550100#", "+27115550100"),
        ("*0115550100", "+27115550100"),
        ("27115550100", "+27115550100"),
        ("0027115550100", "+27115550100"),
        ("01127115550100", "+27115550100"),
        ("4155550100", "+14155550100"),
        ("14155550100", "+14155550100"),
        ("0014155550100", "+14155550100"),
        ("0862345678", ""),  # premium
        ("0861123456", ""),
        ("0048512345678", ""),
        ("00870773111632", ""),
        ("4155550102", ""),  # our own
        ("10111", ""),
        ("112", ""),
        ("911", ""),
        ("5550100", ""),
        ("011 555 0100", ""),
        ("0115550100*1", ""),
        ("٠١١٥٥٥٠١٠٠", ""),
        ("9" * 300, ""),
        ("#", ""),
        ("", ""),
    ],
)
def test_what_a_caller_types(digits: str, number: str) -> None:
    assert typed(digits, HOME) == number


def test_the_first_country_in_which_there_is_such_a_number_counts() -> None:
    assert typed("512345678", Hotline(countries=("PL", "DE"))) == "+48512345678"
    assert typed("3012345678", Hotline(countries=("DE", "NL"))) == "+493012345678"
    assert typed("0101234567", Hotline(countries=("NL", "ZA"))) == "+31101234567"
    assert typed("0101234567", Hotline(countries=("ZA", "NL"))) == "+27101234567"
    assert typed("0201234567", Hotline(countries=("ZA", "NL"))) == "+31201234567"


def test_who_can_get_a_text_message() -> None:
    texted = {
        "+27820000001": True,
        "+14155550100": True,
        "+2771000009": True,  # a range that nobody has heard of
        "+27115550100": False,
        "+27871234567": False,
        "anonymous": False,
    }
    assert {number: is_mobile(number) for number in texted} == texted
