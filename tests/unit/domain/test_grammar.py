"""What people type and what buttons carry: each table holds what is understood, and what is not."""

from __future__ import annotations

import pytest

from bot.domain.errors import NotUnderstood
from bot.domain.grammar import (
    ENGINEER_WORDS,
    Action,
    digit_choice,
    introduction,
    is_acknowledgement,
    is_internal,
    looks_like_reference,
    page_code,
    page_codes,
    parse_action,
    parse_words,
    split_internal,
)

ACTIONS = {
    "ack|MIT-1001|": ("ack", "MIT-1001", ""),
    "sev|MIT-1001|high": ("sev", "MIT-1001", "high"),
    "severity|A1-1|next business day": ("severity", "A1-1", "next business day"),
    "ack|MIT-1001": None,
    "ack|MIT-1001||": None,
    "ack||": None,
    "|MIT-1001|": None,
    "ack me|MIT-1001|": None,
    "ack|MIT|": None,
    "ack|MIT-1001 |": None,
    "ack|MIT-12345678901|": None,
    "noise": None,
    "": None,
}


def test_actions() -> None:
    read = {text: parse_action(text) for text in ACTIONS}
    assert {t: a and (a.verb, a.ticket, a.value) for t, a in read.items()} == ACTIONS


def test_an_action_reads_what_it_writes() -> None:
    for text, parts in ACTIONS.items():
        if parts is not None:
            assert str(Action(verb=parts[0], ticket=parts[1], value=parts[2])) == text


WORDS = {
    "ack": ("ack", None, ""),
    "ack MIT-1042": ("ack", "MIT-1042", ""),
    "/ack mit-1042": ("ack", "MIT-1042", ""),
    "/ack@standby_bot MIT-1042": ("ack", "MIT-1042", ""),
    "ACK   mit-1042": ("ack", "MIT-1042", ""),
    "need MIT-1042 a photo of MIT-7": ("need", "MIT-1042", "a photo of MIT-7"),
    "need a photo of MIT-7": ("need", None, "a photo of MIT-7"),
    "severity mit-1 high": ("severity", "MIT-1", "high"),
    "ack 4821": ("ack", None, "4821"),
    "resolve MIT-1\nthe switch was replaced": ("resolve", "MIT-1", "the switch was replaced"),
    "  status  ": ("status", None, ""),
}


def test_words() -> None:
    read = {text: parse_words(text, ENGINEER_WORDS) for text in WORDS}
    assert {t: (w.word, w.ticket, w.rest) for t, w in read.items()} == WORDS


NAMES = ("tier-2", "shop-1", "Unit-7  Works", "standby")
NAMED = {
    "take tier-2": ("take", None, "tier-2"),
    "take TIER-2 for 3h": ("take", None, "TIER-2 for 3h"),
    "take tier-3": ("take", "TIER-3", ""),
    "take tier-21": ("take", "TIER-21", ""),
    "why shop-1 high": ("why", None, "shop-1 high"),
    "why unit-7 works": ("why", None, "unit-7 works"),
    "why unit-7": ("why", "UNIT-7", ""),
    "page MIT-1 tier-2": ("page", "MIT-1", "tier-2"),
    "page tier-2": ("page", None, "tier-2"),
    # words that are about no ticket, whatever is configured
    "oncall tier-9": ("oncall", None, "tier-9"),
    "override tier-9 Grace fri": ("override", None, "tier-9 Grace fri"),
    "swap tier-9 fri": ("swap", None, "tier-9 fri"),
}


def test_a_name_that_looks_like_a_reference_is_none() -> None:
    read = {text: parse_words(text, ENGINEER_WORDS, NAMES) for text in NAMED}
    assert {t: (w.word, w.ticket, w.rest) for t, w in read.items()} == NAMED


def test_which_names_look_like_one() -> None:
    assert [name for name in NAMES if looks_like_reference(name)] == ["tier-2", "shop-1", "Unit-7  Works"]


CLOSEST = {
    "resolv MIT-1": ("resolve",),
    "akc": ("ack",),
    "clsoe": ("close",),
    "xyzzy": (),
    "": (),
}


def test_other_words_are_answered_with_the_closest() -> None:
    found = {}
    for text in CLOSEST:
        with pytest.raises(NotUnderstood) as caught:
            parse_words(text, ENGINEER_WORDS)
        found[text] = caught.value.closest[:1]
        assert len(caught.value.closest) <= 2
    assert found == CLOSEST


def test_an_engineers_word_may_mean_nothing_to_a_customer() -> None:
    with pytest.raises(NotUnderstood):
        parse_words("ack", ("help", "status"))


CODES = {
    "ack 4821": "4821",
    "ACK4821": "4821",
    "Ack #4821.": "4821",
    "4821": "4821",
    "#4821": "4821",
    " 4821! ": "4821",
    "acknowledge 4821": "4821",
    "ack": "",
    "Acknowledge.": "",
    "ack 48211": None,
    "482": None,
    "ack MIT-1042": None,
    "on it 4821": None,
    "": None,
}


def test_page_codes_alone() -> None:
    assert {text: page_code(text) for text in CODES} == CODES


AMONG = {
    "ok 4821, on it": ("4821",),
    "4821 and 9001": ("4821", "9001"),
    "call me at 0115550123": (),
    "48215": (),
    "on my way": (),
}


def test_page_codes_among_words() -> None:
    assert {text: page_codes(text) for text in AMONG} == AMONG


ACKNOWLEDGEMENTS = {
    "ack": True,
    "Ack!": True,
    "  acknowledged. ": True,
    "Acknowledge": True,
    "ack, looking now": False,
    "4821": False,
    "back": False,
    "": False,
}


def test_acknowledgements() -> None:
    assert {text: is_acknowledgement(text) for text in ACKNOWLEDGEMENTS} == ACKNOWLEDGEMENTS


DIGITS = {
    "1": 0,
    "4": 3,
    "2.": 1,
    "*2*": 1,
    "2)": 1,
    "(2)": 1,
    " 3 ": 2,
    "0": None,
    "5": None,
    "12": None,
    "2 printers": None,
    "two": None,
    "": None,
}


def test_digits_of_four_options() -> None:
    assert {text: digit_choice(text, 4) for text in DIGITS} == DIGITS


INTRODUCTIONS = {
    "I'm Thandi Nkosi, thandi@acme.example": ("Thandi Nkosi", "thandi@acme.example"),
    "thandi@acme.example": ("", "thandi@acme.example"),
    "my name is Thandi and email is thandi@acme.example": ("Thandi", "thandi@acme.example"),
    "Thandi Nkosi <thandi@acme.example>": ("Thandi Nkosi", "thandi@acme.example"),
    "Name: Thandi\nE-mail: thandi@acme.example": ("Thandi", "thandi@acme.example"),
    "Thandi Nkosi": None,
    "thandi@acme": None,
    "bob@acme.example cannot log in and neither can anyone else in the office": None,
    "": None,
}


def test_introductions() -> None:
    assert {text: introduction(text) for text in INTRODUCTIONS} == INTRODUCTIONS


INSIDE = {
    "// not for them": ("not for them", ""),
    "//": ("", ""),
    "  // with room": ("with room", ""),
    "@Lin // look at this": ("@Lin  look at this", ""),
    "// first\nsecond stays inside too": ("first\nsecond stays inside too", ""),
    "We are on it": ("", "We are on it"),
    "We are on it\n// the fool pulled the plug\nBack soon": (
        "the fool pulled the plug",
        "We are on it\nBack soon",
    ),
    "See https://status.example/1": ("", "See https://status.example/1"),
    "a // b": ("", "a // b"),
    "": ("", ""),
}


def test_what_stays_inside_and_what_goes_out() -> None:
    assert {text: split_internal(text) for text in INSIDE} == INSIDE


def test_a_line_is_inside_from_its_beginning_or_behind_a_name() -> None:
    said = {"// x": True, "@Ada // x": True, "x // y": False, "http://x": False, "@Ada look": False}
    assert {text: is_internal(text) for text in said} == said
