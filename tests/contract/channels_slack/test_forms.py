"""The modals: what they show, in which language, and that Slack would take them."""

import dataclasses
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

from bot.app import speech
from bot.app.ports import NewForm, Option
from channels.slack import filled, forms
from channels.slack.forms import About, Origin
from tests.contract.channels_slack.fakes import CATEGORIES, DESK, EXCLUSIONS, SEVERITIES, violations

HERE = Origin(place=DESK, thread="1.2")
ABOUT = About(origin=HERE, ticket="MIT-1042")
OURS = NewForm(severities=SEVERITIES, for_contact=True, known=True, categories=CATEGORIES)
GUEST = NewForm(severities=SEVERITIES, for_contact=False, known=False)
OFFERED = {"severity": SEVERITIES, "category": CATEGORIES, "exclude": EXCLUSIONS}
ALL = (*forms.WORDED, *forms.CHOSEN)


def fine(view: dict[str, Any]) -> dict[str, Any]:
    assert violations("views.open", {"trigger_id": "t", "view": view}) == []
    return view


def made(form: str, about: About = ABOUT) -> dict[str, Any]:
    if form in forms.WORDED:
        return fine(forms.WORDED[form](about))
    return fine(forms.CHOSEN[form](about, OFFERED[form]))


def inputs(view: dict[str, Any]) -> dict[str, Any]:
    return {b["block_id"]: b["element"] for b in view["blocks"]}


def labels(view: dict[str, Any]) -> list[str]:
    return [b["label"]["text"] for b in view["blocks"]]


def offered(element: dict[str, Any]) -> list[str]:
    return [option["value"] for option in element["options"]]


# ---------------------------------------------------------------- a new ticket
def test_the_form_for_a_new_ticket() -> None:
    asked = inputs(fine(forms.new_ticket(OURS, HERE)))
    assert list(asked) == ["text", "severity", "contact"]
    assert asked["severity"]["initial_option"]["text"]["text"] == "Let Standby propose"
    assert offered(asked["severity"]) == ["-", "emergency", "high", "normal"]
    assert asked["contact"]["min_query_length"] == 0


def test_a_guest_is_not_asked_for_a_contact() -> None:
    assert list(inputs(fine(forms.new_ticket(GUEST, HERE)))) == ["text", "severity"]


def test_where_there_is_one_severity_the_form_asks_what_it_is_about() -> None:
    one = dataclasses.replace(OURS, severities=SEVERITIES[2:])
    view = fine(forms.new_ticket(one, HERE))
    asked = inputs(view)
    assert labels(view) == ["What is wrong?", "What is it about?", "For whom?"]
    assert offered(asked["category"]) == ["-", "network", "printing"]
    assert asked["category"]["initial_option"]["value"] == "-"


def test_where_there_is_nothing_to_choose_nothing_is_asked() -> None:
    one = dataclasses.replace(GUEST, severities=SEVERITIES[2:])
    assert list(inputs(fine(forms.new_ticket(one, HERE)))) == ["text"]


def test_a_form_from_a_message_is_filled_in() -> None:
    contact = Option(id="thandi", label="Thandi (Acme Clinics)")
    asked = inputs(fine(forms.new_ticket(OURS, HERE, "x" * 5000, contact)))
    assert asked["text"]["initial_value"] == "x" * 2999 + "…"
    assert asked["contact"]["initial_option"]["value"] == "thandi"


# ---------------------------------------------------------------- about a ticket
def test_a_plan_has_two_texts_and_the_second_may_stay_empty() -> None:
    view = made("plan")
    assert labels(view) == ["What we do", "What we need from you"]
    assert [block.get("optional", False) for block in view["blocks"]] == [False, True]
    assert [element["multiline"] for element in inputs(view).values()] == [True, True]


def test_a_time_is_asked_for_on_one_line_with_examples() -> None:
    (block,) = made("due")["blocks"]
    assert block["hint"]["text"] == "friday 16:00, tomorrow 10:00, 2 business days, 2026-12-01 15:00"
    assert "multiline" not in block["element"]


@pytest.mark.parametrize("form", list(forms.CHOSEN))
def test_a_choice_offers_what_the_policy_has(form: str) -> None:
    assert offered(inputs(made(form))[form]) == [option.id for option in OFFERED[form]]


@pytest.mark.parametrize("form", ["new", *ALL])
def test_a_form_remembers_what_it_was_about(form: str) -> None:
    about = dataclasses.replace(ABOUT, language="pl")
    asked = dataclasses.replace(OURS, language="pl")
    view = fine(forms.new_ticket(asked, HERE)) if form == "new" else made(form, about)
    read = filled.read(view)
    assert read is not None and (read.form, read.origin, read.language) == (form, HERE, "pl")
    assert read.ticket == ("" if form == "new" else "MIT-1042")
    assert list(read.errors()) == [form if form in forms.CHOSEN else "text"]


@pytest.mark.parametrize("form", ALL)
def test_long_references_fit(form: str) -> None:
    made(form, About(origin=HERE, ticket="ABCDEFGHIJ-1234567890"))


def test_long_names_fit() -> None:
    many = tuple(Option(id=f"s{i}", label="very " * 40 + str(i)) for i in range(150))
    for choose in forms.CHOSEN.values():
        fine(choose(ABOUT, many))
    fine(forms.new_ticket(NewForm(severities=many, for_contact=True, known=True), HERE))
    fine(forms.new_ticket(NewForm(severities=(), categories=many, for_contact=True, known=True), HERE))
    assert len(forms.suggestions(many)["options"]) == 100


@pytest.mark.parametrize("form", list(forms.CHOSEN))
def test_nothing_to_choose_from_is_said(form: str) -> None:
    view = fine(forms.CHOSEN[form](About(origin=HERE, ticket="OLD-1"), ()))
    assert "submit" not in view and "nothing to choose" in view["blocks"][0]["text"]["text"]
    assert view["title"]["text"] == "OLD-1"


# ---------------------------------------------------------------- in a language
PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "What is wrong?"
msgstr "Kio misas?"

msgid "Open ticket"
msgstr "Malfermi novan bileton por la kliento"

msgid "Say what we do: the customer reads it."
msgstr "Diru kion ni faras."
"""


@pytest.fixture
def esperanto(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "eo").mkdir()
    (tmp_path / "eo" / "messages.po").write_text(PO, "utf-8")
    monkeypatch.setattr(speech, "CATALOGUES", tmp_path)
    speech.catalogue.cache_clear()
    yield "eo"
    speech.catalogue.cache_clear()


def test_labels_follow_the_language_and_still_fit(esperanto: str) -> None:
    view = fine(forms.new_ticket(dataclasses.replace(OURS, language=esperanto), HERE))
    assert labels(view)[0] == "Kio misas?"
    assert labels(view)[1] == "How urgent is it?"  # not translated there
    assert view["submit"]["text"] == "Malfermi novan bileton…"


def test_what_is_missing_is_said_in_it_too(esperanto: str) -> None:
    read = filled.read(made("plan", dataclasses.replace(ABOUT, language=esperanto)))
    assert read is not None and read.errors() == {"text": "Diru kion ni faras."}


# ---------------------------------------------------------------- read
def test_what_is_no_form_of_ours_is_left_alone() -> None:
    assert filled.read({"callback_id": "survey"}) is None
    assert filled.read(None) is None
    broken = filled.read({"callback_id": "need", "private_metadata": "{", "state": 5})
    assert broken is not None and (broken.ticket, broken.text, broken.language) == ("", "", "en")
