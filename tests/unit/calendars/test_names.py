"""Whom a summary means."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars.names import Names, shown

PEOPLE = (
    ("ada", "Ada"),
    ("ben", "Ben Okri"),
    ("doe", "Doe, John"),
    ("rd", "R and D"),
    ("ops", "Ada (ops)"),
    ("zoe", "Zoë O'Neill"),
    ("twin1", "Sam"),
    ("twin2", "Sam"),
)
NAMES = Names(PEOPLE, ("standby-pl", "Payments", ""))


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ada", "ada"),
        ("  ADA ", "ada"),
        ("ben", "ben"),
        ("Ben  Okri", "ben"),
        ("zoë o'neill", "zoe"),
        ("Ada (on call)", "ada"),
        ("Ada [L1]", "ada"),
        ("Ada (ops)", "ops"),
        ("Ada (ops) (standby)", "ops"),
        ("On-call: Ada", "ada"),
        ("on call Ada", "ada"),
        ("Ada is on call", "ada"),
        ("Ada on-call!", "ada"),
        ("standby Ada", "ada"),
        ("Standby PL: Ada", "ada"),
        ("Ada (standby_pl)", "ada"),
        ("Payments - Ada - Primary", "ada"),
        ("Payments first line: Ada", "ada"),
        ("24/7 on-call engineer: Ada", "ada"),
        ("Night shift | Ada", "ada"),
        ("Out of hours: Ada", "ada"),
        ("Week 48: Ada", "ada"),
        ("on‑call → Ada", "ada"),
        ("Na dyżurze: Ada", "ada"),
        ("Rufbereitschaft: Ada", "ada"),
        ("Primary and secondary: Ada", "ada"),
        ("Ada, Ben Okri - Primary", "ada ben"),
        ("On call - Ada", "ada"),
        ("Ada – on call", "ada"),
        ("Dyżur: Ada", "ada"),
        ("Ada, Ben Okri", "ada ben"),
        ("Ada / ben", "ada ben"),
        ("Ada & Ben Okri", "ada ben"),
        ("Ada and Ben Okri", "ada ben"),
        ("Ada oraz ben", "ada ben"),
        ("Ada (L1, day) / ben (L2)", "ada ben"),
        ("On-call: Ada, ben", "ada ben"),
        ("Ada, Ada", "ada"),
        ("Ada - ben", "ada ben"),
        ("Doe, John", "doe"),
        ("On-call: Doe, John (week 48)", "doe"),
        ("R and D", "rd"),
        ("Ada, on call", "ada"),
        ("twin1", "twin1"),
    ],
)
def test_a_summary_names_people(text: str, people: str) -> None:
    assert NAMES.read(text) == (tuple(people.split()), ())


@pytest.mark.parametrize(
    ("text", "people", "strangers"),
    [
        ("Charlie", "", ["Charlie"]),
        ("Ada, Charlie", "ada", ["Charlie"]),
        ("Charlie and Ada and Dan", "ada", ["Charlie", "Dan"]),
        ("On-call: Charlie, Ada", "ada", ["On-call: Charlie"]),
        ("On-call: Charlie", "", ["On-call: Charlie"]),
        ("Sam", "", ["Sam"]),
        ("Ada (vacation)", "", ["Ada (vacation)"]),
        ("Ada (urlop)", "", ["Ada (urlop)"]),
        ("Ada: holiday", "", ["Ada: holiday"]),
        ("", "", []),
        ("On call", "", []),
        ("Payments: primary", "", []),
        ("A\x00\u202ed\ta", "", ["A d a"]),
    ],
)
def test_who_is_unknown_is_told(text: str, people: str, strangers: list[str]) -> None:
    assert NAMES.read(text) == (tuple(people.split()), tuple(strangers))


@pytest.mark.parametrize(
    "text",
    [
        "Vacation: Ada",
        "Urlop: Ben Okri",
        "PTO: ada",
        "PTO - Ada",
        "Ada PTO",
        "Ada: off",
        "OOO: Ada",
        "Holiday | Ada",
        "Sick: Ada",
        "Out of office: Ada",
        "Not on call: Ada",
        "No on-call: ada",
        "Ada is not on call",
        "off duty: Ada",
        "CANCELLED: Ada",
        "Canceled: On-call: Ada",
        "Ada (PTO)",
        "Ada (not on call)",
        "Ada (cancelled)",
        "Ada (on call?)",
        "Ada (day off)",
        "Birthday: Ada",
        "Ada's birthday",
        "Dentist - Ada",
        "Nieobecność: Ada",
        "Brak dyżuru: Ada",
        "Call Ada",
        "1:1 Ada",
        "Ada 🌴",
        "❌ On call: Ada",
        "Ada → Ben Okri",
        "Ada (for Ben Okri)",
        "No payments: Ada",
        "Ada" + " on call" * 50,
    ],
)
def test_a_name_beside_anything_but_words_of_duty_means_nobody(text: str) -> None:
    assert NAMES.read(text) == ((), (shown(text),))


@pytest.mark.parametrize(
    "text",
    [
        "Vacation: Ada, ben",
        "Ada, Ben Okri (PTO)",
        "Urlop: Ada i ben",
        "Ada and ben off",
        "Ada, vacation",
        "Meeting: Charlie, Ada",
        "Meeting Ada / ben",
    ],
)
def test_what_stands_beside_one_of_several_is_said_of_all(text: str) -> None:
    assert NAMES.read(text) == ((), (shown(text),))


@given(st.text(max_size=400))
def test_whatever_is_written_is_read(text: str) -> None:
    people, strangers = NAMES.read(text)
    assert set(people) <= {id for id, _ in PEOPLE}
    assert all(s and len(s) <= 60 and s.isprintable() and "," not in s for s in strangers)


@pytest.mark.parametrize("piece", [",", "((", ")(", "a and ", " - ", ": ", "on call ", "[(", "\n"])
def test_a_hostile_summary_costs_nothing(piece: str) -> None:
    began = time.process_time()
    NAMES.read(piece * 100_000)
    assert time.process_time() - began < 0.5


def test_a_long_name_is_cut() -> None:
    assert shown("x" * 100) == "x" * 59 + "…"
