"""How figures are written."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest

from bot.app.speech import Speech
from bot.board.figures_numbers import Numbers
from tests.fakes.world import MONDAY_NOON


@pytest.mark.parametrize(
    ("share", "written"),
    [(None, "–"), (0.0, "0%"), (1.0, "100%"), (0.9999, "99%"), (0.0001, "1%"), (0.956, "96%")],
)
def test_only_all_is_all(share: float | None, written: str) -> None:
    assert Numbers(s=speech("en")).percent(share) == written


@pytest.mark.parametrize(
    ("minutes", "written"),
    [(0, "0 min"), (0.5, "1 min"), (42, "42 min"), (65, "1 h 5 min"), (540, "9 h"), (2999, "50 h")],
)
def test_times_have_no_days(minutes: float, written: str) -> None:
    assert Numbers(s=speech("en")).time(dt.timedelta(minutes=minutes)) == written


def test_numbers_in_polish() -> None:
    numbers = Numbers(s=speech("pl"))
    assert (numbers.average(4.25), re.sub(r"\s", " ", numbers.count(12345))) == ("4,2", "12 345")


def speech(language: str) -> Speech:
    return Speech(language=language, zone=ZoneInfo("Europe/Warsaw"), now=MONDAY_NOON)
