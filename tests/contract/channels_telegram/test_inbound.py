"""Telegram's updates in our words, from updates as Telegram sends them."""

from __future__ import annotations

import json
import pathlib

import pytest
from pydantic import ValidationError

from bot.app.inbound import ActionIn, MessageIn, Sender
from bot.domain.events import Attachment
from bot.domain.grammar import Action
from bot.domain.ids import Address, ChannelName, TicketId
from channels.telegram.inbound import translate
from channels.telegram.payloads import Update

PAYLOADS = pathlib.Path(__file__).parents[2] / "payloads" / "telegram"
DESK, PLAIN_DESK = "-1001234567890", "-1009876543210"
THANDI, ADA = Sender(id="20001", name="Thandi Nkosi"), Sender(id="10001", name="Ada")


def read(name: str) -> MessageIn | ActionIn | None:
    update = Update.model_validate_json((PAYLOADS / f"{name}.json").read_bytes())
    return translate(update, lambda place: place in (DESK, PLAIN_DESK))


def message(name: str) -> MessageIn:
    found = read(name)
    assert isinstance(found, MessageIn)
    return found


def at(place: str, thread: str = "") -> Address:
    return Address(channel=ChannelName("telegram"), place=place, thread=thread)


def test_private_words() -> None:
    assert message("private_text") == MessageIn(
        channel=ChannelName("telegram"),
        external_id="700000001",
        sender=THANDI,
        address=at("20001"),
        text="our mail server is down",
        message="41",
        direct=True,
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("private_start", "help"),
        ("private_status_command", "status MIT-1042"),
        ("private_sticker", "😡"),
        ("topic_command", "/ack"),
    ],
)
def test_commands_and_the_like_are_words(name: str, text: str) -> None:
    assert message(name).text == text


@pytest.mark.parametrize(
    ("name", "text", "attachment"),
    [
        ("private_photo", "look at this", ("photo.jpg", "image/jpeg", "telegram:large")),
        ("private_document", "", ("mail.log", "text/plain", "telegram:doc-1")),
        ("private_voice", "", ("voice.ogg", "audio/ogg", "telegram:voice-1")),
    ],
)
def test_files(name: str, text: str, attachment: tuple[str, str, str]) -> None:
    file, mime, url = attachment
    found = message(name)
    assert (found.text, found.attachments) == (text, (Attachment(name=file, mime=mime, url=url),))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("topic_text", at(DESK, "77")),
        ("general_text", at(DESK)),
        ("plain_desk_reply", at(PLAIN_DESK, "0.55")),
        ("plain_desk_text", at(PLAIN_DESK)),
    ],
)
def test_desks(name: str, address: Address) -> None:
    found = message(name)
    assert (found.address, found.direct, found.sender) == (address, False, ADA)


@pytest.mark.parametrize(
    "name",
    [
        "topic_created",
        "topic_closed",
        "pinned",
        "joined",
        "migrated",
        "other_group",
        "from_a_bot",
        "from_a_channel",
        "edited",
        "button_unknown",
    ],
)
def test_what_is_not_for_us(name: str) -> None:
    assert read(name) is None


@pytest.mark.parametrize(
    ("name", "address", "action", "where"),
    [
        ("button", at(DESK, "77"), Action(verb="take", ticket=TicketId("MIT-1042")), "78"),
        (
            "button_private",
            at("20001"),
            Action(verb="severity", ticket=TicketId("MIT-1042"), value="high"),
            "42",
        ),
        ("button_old_message", at(DESK), Action(verb="take", ticket=TicketId("MIT-1042")), "78"),
    ],
)
def test_buttons(name: str, address: Address, action: Action, where: str) -> None:
    found = read(name)
    assert isinstance(found, ActionIn)
    assert (found.address, found.action, found.message) == (address, action, where)


def test_new_fields_do_no_harm_and_errors_do_not_quote_people() -> None:
    update = json.loads((PAYLOADS / "private_text.json").read_text())
    Update.model_validate(update | {"hologram": {"a": 1}})
    update["message"]["chat"] = "our mail server"
    with pytest.raises(ValidationError) as caught:
        Update.model_validate(update)
    assert "mail server" not in str(caught.value)
