"""Recorded requests of Slack, and what they mean to us."""

import json
from typing import Any

import pytest

from bot.app.inbound import ActionIn, CommandIn, FormIn, MessageIn
from bot.domain.events import Attachment
from bot.domain.grammar import Action
from bot.domain.ids import Address, ChannelName, TicketId
from channels.slack.forms import Origin
from channels.slack.payload import storable, teams_of
from channels.slack.translate import Incomplete, Meaning, OpenForm, Suggest, meaning
from tests.contract.channels_slack.fakes import ADA, DESK, PAYLOADS, THANDI

SLACK = ChannelName("slack")


def recorded(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))
    return body


def means(body: str | dict[str, Any], own: str = "") -> Meaning:
    body = recorded(body) if isinstance(body, str) else body
    return meaning(body, lambda place: place == DESK, own)


def at(place: str, thread: str = "") -> Address:
    return Address(channel=SLACK, place=place, thread=thread)


# ---------------------------------------------------------------- words
def test_a_direct_message() -> None:
    heard = means("message_dm")
    assert isinstance(heard, MessageIn)
    assert (heard.external_id, heard.sender.id, heard.direct) == ("Ev0DM", THANDI, True)
    assert (heard.address, heard.message) == (at(THANDI), "1795428000.000100")
    assert heard.text == (
        "Mail is down since 9 & nobody <can> work, write to thandi@acme.example "
        "or see our page (https://status.acme.example/a?b=1&c=2), @U0ADA"
    )


@pytest.mark.parametrize(
    ("name", "address", "direct"),
    [
        ("message_dm_thread", at(THANDI), True),
        ("message_desk", at(DESK), False),
        ("message_desk_thread", at(DESK, "1795427000.000100"), False),
        ("message_broadcast", at(DESK, "1795427000.000100"), False),
    ],
)
def test_where_it_was_said(name: str, address: Address, direct: bool) -> None:
    heard = means(name)
    assert isinstance(heard, MessageIn)
    assert (heard.address, heard.direct) == (address, direct)


def test_files_come_with_their_names_and_a_deleted_one_does_not() -> None:
    heard = means("message_file")
    url = "https://files.slack.com/files-pri/T012AB3CD-F0A/screen.png"
    assert isinstance(heard, MessageIn)
    assert heard.attachments == (Attachment(name="screen.png", mime="image/png", url=url),)


def test_a_forwarded_message_is_not_empty() -> None:
    heard = means("message_forwarded")
    assert isinstance(heard, MessageIn) and heard.text == "the printer & the fax"


@pytest.mark.parametrize(
    "name",
    [
        "message_own",
        "message_other_bot",
        "message_other_channel",
        "message_changed",
        "message_deleted",
        "channel_join",
        "reaction_added",
        "press_foreign",
        "shortcut_foreign",
        "submission_foreign",
    ],
)
def test_not_meant_for_us(name: str) -> None:
    assert means(name) is None


def test_own_messages_are_known_by_our_user_too() -> None:
    body = recorded("message_dm") | {"authorizations": []}
    body["event"]["user"] = "U0STANDBY"
    assert means(body, own="U0STANDBY") is None
    assert means(body) is not None


# ---------------------------------------------------------------- hands
def test_a_button_on_a_card() -> None:
    pressed = means("press_ack")
    assert isinstance(pressed, ActionIn)
    assert pressed.action == Action(verb="ack", ticket=TicketId("MIT-1042"))
    assert (pressed.external_id, pressed.sender.id, pressed.sender.name) == ("9001.1.abc", ADA, "ada")
    assert (pressed.address, pressed.message) == (at(DESK), "1795427000.000100")


def test_a_button_in_a_thread_a_direct_message_and_a_whisper() -> None:
    inside, private, whispered = means("press_severity_value"), means("press_dm"), means("press_ephemeral")
    assert isinstance(inside, ActionIn) and inside.address == at(DESK, "1795427000.000100")
    assert isinstance(private, ActionIn) and private.address == at(THANDI)
    assert isinstance(whispered, ActionIn) and whispered.message == ""


@pytest.mark.parametrize("name", ["choose_severity", "press_severity_value"])
def test_a_severity_that_was_chosen_is_taken_at_once(name: str) -> None:
    chosen = means(name)
    assert isinstance(chosen, ActionIn)
    assert chosen.action == Action(verb="severity", ticket=TicketId("MIT-1042"), value="high")


def test_a_button_that_needs_words_asks_for_them() -> None:
    assert means("press_need") == OpenForm(
        form="need", trigger="9001.1.abc", user=ADA, origin=Origin(place=DESK), ticket="MIT-1042"
    )


@pytest.mark.parametrize(
    ("name", "form"), [("press_plan", "plan"), ("menu_plan", "plan"), ("menu_long", "exclude")]
)
def test_a_menu_is_as_good_as_a_button(name: str, form: str) -> None:
    assert means(name) == OpenForm(
        form=form, trigger="9001.1.abc", user=ADA, origin=Origin(place=DESK), ticket="MIT-1042"
    )


def test_an_action_of_a_menu_that_needs_no_words() -> None:
    asked = means("menu_why")
    assert isinstance(asked, ActionIn)
    assert (asked.action, asked.address) == (Action(verb="why", ticket=TicketId("MIT-1042")), at(DESK))
    assert (asked.external_id, asked.message) == ("9001.1.abc", "1795427000.000100")


def test_commands() -> None:
    acked, worded, elsewhere = means("command"), means("command_new_words"), means("command_elsewhere")
    assert isinstance(acked, CommandIn)
    assert (acked.text, acked.external_id, acked.address) == ("ack MIT-1042", "9002.1.abc", at(DESK))
    assert isinstance(worded, CommandIn) and worded.text == "new a < b"
    assert isinstance(elsewhere, CommandIn) and elsewhere.address == at(ADA)


def test_new_alone_asks_for_the_form() -> None:
    assert means("command_new") == OpenForm(
        form="new", trigger="9002.1.abc", user=ADA, origin=Origin(place=DESK), typed=True
    )


def test_shortcuts() -> None:
    on_message, anywhere = means("shortcut_message"), means("shortcut_global")
    assert isinstance(on_message, OpenForm) and isinstance(anywhere, OpenForm)
    assert (on_message.text, on_message.author) == ("the till & the printer are dead", THANDI)
    assert (anywhere.form, anywhere.text, anywhere.author) == ("new", "", "")


def test_somebody_types_into_the_contact_field() -> None:
    assert means("suggestion") == Suggest(query="acm")


def test_filled_forms() -> None:
    new, resolve, severity = (
        means("submission_new"),
        means("submission_resolve"),
        means("submission_severity"),
    )
    assert isinstance(new, FormIn) and isinstance(resolve, FormIn) and isinstance(severity, FormIn)
    assert (new.external_id, new.address) == ("view:V0NEW", at(ADA))
    assert (new.form, new.text, new.severity, new.contact) == ("new", "The till is dead", "", "thandi")
    assert (resolve.ticket, resolve.text) == ("MIT-1042", "Disk replaced")
    assert resolve.address == at(DESK, "1795427000.000100")
    assert (severity.form, severity.severity) == ("severity", "high")


@pytest.mark.parametrize(
    ("name", "filled"),
    [
        (
            "submission_plan",
            {"form": "plan", "text": "Swap the disk tonight", "more": "Keep the server on"},
        ),
        ("submission_plan_short", {"form": "plan", "text": "Swap the disk"}),
        ("submission_due", {"form": "due", "text": "friday 16:00"}),
        ("submission_category", {"form": "category", "text": "network"}),
        ("submission_exclude", {"form": "exclude", "text": "hardware"}),
        (
            "submission_new_category",
            {"form": "new", "text": "The till is dead", "category": "network", "ticket": ""},
        ),
    ],
)
def test_what_each_form_says(name: str, filled: dict[str, str]) -> None:
    read = means(name)
    assert isinstance(read, FormIn)
    words = ("form", "ticket", "text", "more", "severity", "category", "contact")
    said = {"ticket": "MIT-1042", "more": "", "severity": "", "category": "", "contact": ""} | filled
    assert {word: getattr(read, word) for word in words} == said
    assert read.address == at(DESK, "1795427000.000100")


def test_an_empty_form_is_shown_again() -> None:
    assert means("submission_empty") == Incomplete(errors={"text": "Say what is wrong, in a few words."})
    assert means("submission_nothing_chosen") == Incomplete(errors={"category": "Choose one."})


# ---------------------------------------------------------------- shapes that Slack never sends
JUNK: tuple[Any, ...] = (None, 5, "x", [5], {"id": 5})


def test_no_shape_raises() -> None:
    for name in sorted(p.stem for p in PAYLOADS.glob("*.json")):
        body = recorded(name)
        inside = [(key, inner) for key in body if isinstance(body[key], dict) for inner in body[key]]
        for junk in JUNK:
            spoiled = [body | {key: junk} for key in body]
            spoiled += [body | {key: body[key] | {inner: junk}} for key, inner in inside]
            for one in spoiled:
                means(one)
                teams_of(one)


def test_text_that_no_database_takes_is_mended() -> None:
    assert (storable("a\0b"), storable("half \ud83d"), storable("whole 😀")) == ("ab", "half ?", "whole 😀")
