"""The modals: what they show, and that Slack would take them."""

from typing import Any

import pytest

from bot.app.ports import NewForm, Option
from channels.slack import forms
from channels.slack.forms import Origin
from tests.contract.channels_slack.fakes import DESK, SEVERITIES, violations

HERE = Origin(place=DESK, thread="1.2")
OURS = NewForm(severities=SEVERITIES, for_contact=True, known=True)
GUEST = NewForm(severities=SEVERITIES, for_contact=False, known=False)


def fine(view: dict[str, Any]) -> dict[str, Any]:
    assert violations("views.open", {"trigger_id": "t", "view": view}) == []
    return view


def inputs(view: dict[str, Any]) -> dict[str, Any]:
    return {b["block_id"]: b["element"] for b in view["blocks"]}


def test_the_form_for_a_new_ticket() -> None:
    asked = inputs(fine(forms.new_ticket(OURS, HERE)))
    assert list(asked) == ["text", "severity", "contact"]
    assert asked["severity"]["initial_option"]["text"]["text"] == "Let Standby propose"
    assert [o["value"] for o in asked["severity"]["options"]] == ["-", "emergency", "high", "normal"]
    assert asked["contact"]["min_query_length"] == 0


def test_a_guest_is_not_asked_for_a_contact() -> None:
    assert list(inputs(fine(forms.new_ticket(GUEST, HERE)))) == ["text", "severity"]


def test_a_form_from_a_message_is_filled_in() -> None:
    contact = Option(id="thandi", label="Thandi (Acme Clinics)")
    asked = inputs(fine(forms.new_ticket(OURS, HERE, "x" * 5000, contact)))
    assert asked["text"]["initial_value"] == "x" * 2999 + "…"
    assert asked["contact"]["initial_option"]["value"] == "thandi"


@pytest.mark.parametrize(
    ("view", "form"),
    [
        (forms.need_info("MIT-1042", HERE), "need"),
        (forms.resolve("MIT-1042", HERE), "resolve"),
        (forms.change_severity("MIT-1042", HERE, SEVERITIES), "severity"),
        (forms.new_ticket(OURS, HERE), "new"),
    ],
)
def test_a_form_remembers_what_it_was_about(view: dict[str, Any], form: str) -> None:
    read = forms.read(fine(view))
    assert read is not None and (read.form, read.origin) == (form, HERE)
    assert read.ticket == ("" if form == "new" else "MIT-1042")
    assert list(read.errors()) == ["severity" if form == "severity" else "text"]


def test_long_names_fit() -> None:
    many = tuple(Option(id=f"s{i}", label="very " * 40 + str(i)) for i in range(150))
    fine(forms.change_severity("ABCDEFGHIJ-1234567890", HERE, many))
    fine(forms.new_ticket(NewForm(severities=many, for_contact=True, known=True), HERE))
    assert len(forms.suggestions(many)["options"]) == 100


def test_no_severities_to_choose_from_is_said() -> None:
    view = fine(forms.change_severity("OLD-1", HERE, ()))
    assert "submit" not in view and "nothing to choose" in view["blocks"][0]["text"]["text"]


def test_what_is_no_form_of_ours_is_left_alone() -> None:
    assert forms.read({"callback_id": "survey"}) is None
    assert forms.read(None) is None
    broken = forms.read({"callback_id": "need", "private_metadata": "{", "state": 5})
    assert broken is not None and (broken.ticket, broken.text) == ("", "")
