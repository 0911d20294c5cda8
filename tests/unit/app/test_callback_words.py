"""What is read and heard about a call back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app.callback_wording import talked_for
from bot.app.desk_wording import DESK_WORDS
from bot.app.speech import Speech
from bot.domain import notices as no
from bot.domain.call_notices import CallBack
from bot.domain.ids import PageId, TicketId
from bot.domain.message import Message

ENGLISH = Speech(language="en", zone=ZoneInfo("UTC"), now=dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC))
T = TicketId("MIT-1")


def said(notice: no.Notice) -> Message:
    return DESK_WORDS[type(notice)](notice, ENGLISH, str)


@pytest.mark.parametrize(
    ("seconds", "length"),
    [
        (10, "10 seconds"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (89, "1 minute"),
        (100, "2 minutes"),
        (3900, "65 minutes"),
    ],
)
def test_how_long_they_talked(seconds: int, length: str) -> None:
    assert talked_for(seconds, ENGLISH) == length


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ({"what": "calling", "name": "Ada", "reason": "…0100"}, "☎️ Calling Ada, then the customer on …0100."),
        (
            {"what": "talked", "name": "Ada", "text": "Jo", "seconds": 240},
            "☎️ Ada talked to Jo for 4 minutes.",
        ),
    ],
)
def test_the_lines_of_the_thread(line: dict[str, Any], text: str) -> None:
    assert said(no.DeskLine(**line)).text == text


def test_any_line_can_offer_to_call_back() -> None:
    offered = said(no.DeskLine(what="reopened", name="Ada", callback=T)).choices
    assert [(c.id, c.label) for c in offered] == [(f"callback|{T}|", "Call back")]
    assert said(no.DeskLine(what="reopened", name="Ada")).choices == ()


def page(*, callback: bool) -> Message:
    return said(
        no.PageCall(
            page=PageId("p"),
            ticket=T,
            severity="High",
            organisation="Acme",
            contact="Jo",
            text="Our mail is down.",
            due=None,
            code="9089",
            step=1,
            callback=callback,
        )
    )


def test_a_page_for_a_caller_has_the_button_and_the_key() -> None:
    called, written = page(callback=True), page(callback=False)
    assert [c.label for c in called.choices] == ["Acknowledge", "Call back", "Pass it on"]
    assert called.keys[2] == ("3", "Press 3 to be put through to the caller.")
    assert [c.label for c in written.choices] == ["Acknowledge", "Pass it on"]
    assert called.keys[:2] == written.keys


def test_the_engineer_hears_whom_and_what() -> None:
    long = "Our mail is down!\nNobody can work. " * 20
    heard = said(CallBack(ticket=T, severity="High", organisation="Acme Ltd.", contact="Jo", text=long))
    assert heard.spoken.startswith(
        "You are calling back Jo, Acme Ltd. High. Our mail is down! Nobody can work."
    )
    assert len(heard.spoken) < 250 and heard.keys == (("1", "Press 1 to be put through."),)
