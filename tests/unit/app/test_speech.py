"""Times, spans, plurals and marks, in English and in Polish. Now is Wednesday 2 December 2026, 9:00 in Warsaw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import speech
from bot.app.speech import Speech
from bot.domain.message import Part, Style

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = dt.datetime(2026, 12, 2, 9, 0, tzinfo=WARSAW)


def speaking(language: str) -> Speech:
    return Speech(language=language, zone=WARSAW, now=NOW.astimezone(dt.UTC))


def at(day: str, time: str = "10:30") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=WARSAW).astimezone(dt.UTC)


WHEN = {
    "2026-11-30": ("Mon 30 Nov 10:30", "30 listopada o 10:30"),
    "2026-12-01": ("yesterday 10:30", "wczoraj o 10:30"),
    "2026-12-02": ("10:30", "o 10:30"),
    "2026-12-03": ("tomorrow 10:30", "jutro o 10:30"),
    "2026-12-04": ("Friday 10:30", "w piątek o 10:30"),
    "2026-12-05": ("Saturday 10:30", "w sobotę o 10:30"),
    "2026-12-06": ("Sunday 10:30", "w niedzielę o 10:30"),
    "2026-12-07": ("Monday 10:30", "w poniedziałek o 10:30"),
    "2026-12-08": ("Tuesday 10:30", "we wtorek o 10:30"),
    "2026-12-09": ("Wed 9 Dec 10:30", "9 grudnia o 10:30"),
    "2027-01-05": ("Tue 5 Jan 10:30", "5 stycznia o 10:30"),
}


def test_when() -> None:
    said = {day: tuple(speaking(language).when(at(day)) for language in ("en", "pl")) for day in WHEN}
    assert said == WHEN


BY = {
    ("2026-12-02", "09:42"): ("by 09:42 (in 42 min)", "do 9:42 (za 42 min)"),
    ("2026-12-02", "10:05"): ("by 10:05 (in 1 h 5 min)", "do 10:05 (za 1 godz. 5 min)"),
    ("2026-12-02", "16:00"): ("by 16:00", "do 16:00"),
    ("2026-12-02", "08:30"): ("by 08:30", "do 8:30"),
    ("2026-12-01", "16:00"): ("by yesterday 16:00", "do wczoraj, 16:00"),
    ("2026-12-03", "10:30"): ("by tomorrow 10:30", "do jutra, 10:30"),
    ("2026-12-04", "10:30"): ("by Friday 10:30", "do piątku, 10:30"),
    ("2026-12-05", "10:30"): ("by Saturday 10:30", "do soboty, 10:30"),
    ("2026-12-06", "10:30"): ("by Sunday 10:30", "do niedzieli, 10:30"),
    ("2026-12-07", "16:00"): ("by Monday 16:00", "do poniedziałku, 16:00"),
    ("2026-12-08", "10:30"): ("by Tuesday 10:30", "do wtorku, 10:30"),
    ("2027-01-05", "10:30"): ("by Tue 5 Jan 10:30", "do 5 stycznia, 10:30"),
}


def test_by() -> None:
    said = {to: tuple(speaking(language).by(at(*to)) for language in ("en", "pl")) for to in BY}
    assert said == BY


def test_the_other_weekdays() -> None:
    """Seen from a Sunday."""
    polish = Speech(language="pl", zone=WARSAW, now=at("2026-12-06", "09:00"))
    days = [at(f"2026-12-0{day}") for day in (8, 9)] + [at("2026-12-10")]
    assert [polish.when(day) for day in days] == [
        "we wtorek o 10:30",
        "w środę o 10:30",
        "w czwartek o 10:30",
    ]
    assert [polish.by(day) for day in days] == ["do wtorku, 10:30", "do środy, 10:30", "do czwartku, 10:30"]


def test_days_are_the_readers() -> None:
    """23:30 in UTC is tomorrow in Warsaw."""
    late = dt.datetime(2026, 12, 2, 23, 30, tzinfo=dt.UTC)
    assert speaking("en").when(late) == "tomorrow 00:30"


MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
SPANS = [
    (dt.timedelta(), "0 min", "0 min"),
    (-HOUR, "0 min", "0 min"),
    (dt.timedelta(seconds=1), "1 min", "1 min"),
    (42 * MINUTE, "42 min", "42 min"),
    (HOUR, "1 h", "1 godz."),
    (HOUR + 5 * MINUTE, "1 h 5 min", "1 godz. 5 min"),
    (DAY, "1 d", "1 dzień"),
    (2 * DAY + 3 * HOUR, "2 d 3 h", "2 dni 3 godz."),
    (5 * DAY + 3 * HOUR + 7 * MINUTE, "5 d 3 h", "5 dni 3 godz."),
    (2 * DAY + 7 * MINUTE, "2 d 7 min", "2 dni 7 min"),
    (22 * DAY, "22 d", "22 dni"),
]


def test_spans() -> None:
    said = [(length, speaking("en").span(length), speaking("pl").span(length)) for length, _, _ in SPANS]
    assert said == SPANS


def test_marks_become_styles_and_values_stay_literal() -> None:
    said = speaking("en").say("*{a}* is {b}", a="*x* {b}", b="*y*")
    assert said == (Part(text="*x* {b}", style=Style.BOLD), Part(text=" is "), Part(text="*y*"))


def test_nothing_is_said_as_nothing() -> None:
    """The empty key of a catalogue is its head."""
    assert speaking("pl").say("") == ()
    assert speaking("pl").text("") == ""


def test_a_language_that_we_lack_is_english_throughout() -> None:
    assert speaking("xx").when(at("2027-01-05")) == "Tue 5 Jan 10:30"
    assert speaking("de").by(at("2026-12-07")) == "by Monday 10:30"


CZECH = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "{n} ticket"
msgid_plural "{n} tickets"
msgstr[0] "{n} požadavek"
msgstr[1] "{n} požadavky"
msgstr[2] "{n} požadavků"

msgid "by Monday {time}"
msgstr "do pondělí {time}"

msgid "EEE d MMM"
msgstr "d. M."
"""


@pytest.fixture
def czech(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Speech]:
    (tmp_path / "cs").mkdir()
    (tmp_path / "cs" / "messages.po").write_text(CZECH, encoding="utf-8")
    monkeypatch.setattr(speech, "CATALOGUES", tmp_path)
    for cached in (speech.catalogue, speech.locale_of):
        cached.cache_clear()
    yield speaking("cs")
    for cached in (speech.catalogue, speech.locale_of):
        cached.cache_clear()


def test_one_more_language_is_one_more_file(czech: Speech) -> None:
    """With its plurals and its numbers; what it lacks is said in English."""
    numbers = [czech.plural("{n} ticket", "{n} tickets", n) for n in (1, 2, 5, 12345)]
    assert numbers == ["1 požadavek", "2 požadavky", "5 požadavků", "12\xa0345 požadavků"]
    assert czech.by(at("2026-12-07")) == "do pondělí 10:30"
    assert czech.when(at("2027-01-05")) == "5. 1. 10:30"
    assert czech.when(at("2026-12-03")) == "tomorrow 10:30"


def test_plurals_in_english() -> None:
    said = [
        speaking("en").plural("{n} ticket of {name}", "{n} tickets of {name}", n, name="Ada")
        for n in (1, 2, 1200)
    ]
    assert said == ["1 ticket of Ada", "2 tickets of Ada", "1,200 tickets of Ada"]
