"""The modals: built as plain values, and read back when they are submitted. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from bot.app.ports import NewForm, Option
from channels.slack.payload import Json, word
from channels.slack.text import cut

NEW, NEED, RESOLVE, SEVERITY = "new", "need", "resolve", "severity"
TEXT, CONTACT = "text", "contact"
PROPOSE = "-"
"""The option that leaves the severity to Standby; no id of a policy."""
NOT_OPENED = (
    "The form could not be opened. Try again, or put the problem behind the command in your own words."
)
EMPTY = {
    NEW: "Say what is wrong, in a few words.",
    NEED: "Say what you need to know.",
    RESOLVE: "Say what was done: the customer reads it.",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a form was asked for."""

    place: str = ""
    thread: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filled:
    """A form as it was submitted."""

    form: str
    origin: Origin
    ticket: str = ""
    text: str = ""
    severity: str = ""
    contact: str = ""

    def errors(self) -> dict[str, str]:
        """What is missing, by block."""
        if self.form in EMPTY and not self.text:
            return {TEXT: EMPTY[self.form]}
        if self.form == SEVERITY and not self.severity:
            return {SEVERITY: "Choose one."}
        return {}


# ---------------------------------------------------------------- built
def new_ticket(asked: NewForm, origin: Origin, text: str = "", contact: Option | None = None) -> Json:
    """The form for a new ticket; the field for a contact only for our own people."""
    propose = _option(Option(id=PROPOSE, label="Let Standby propose"))
    choices = [propose, *_options(asked.severities[:99])]
    severity = {"type": "static_select", "action_id": SEVERITY, "options": choices, "initial_option": propose}
    blocks = [
        _words("What is wrong?", "What happens, since when, and who can't work?", text),
        _input(SEVERITY, "How urgent is it?", severity),
    ]
    if asked.for_contact:
        search: Json = {"type": "external_select", "action_id": CONTACT, "min_query_length": 0}
        search["placeholder"] = _plain("Name or organisation")
        if contact is not None and (preset := _options((contact,))):
            search["initial_option"] = preset[0]
        blocks.append(_input(CONTACT, "For whom?", search))
    return _modal(NEW, "New ticket", "Open ticket", blocks, "", origin)


def need_info(ticket: str, origin: Origin) -> Json:
    words = _words("What do you need to know?", "The customer gets this as a question.")
    return _modal(NEED, "Ask the customer", "Ask", [words], ticket, origin)


def resolve(ticket: str, origin: Origin) -> Json:
    words = _words("What was done?", "The customer gets this, and confirms or reopens.")
    return _modal(RESOLVE, "Resolve", "Resolve", [words], ticket, origin)


def change_severity(ticket: str, origin: Origin, severities: Sequence[Option]) -> Json:
    options = _options(severities[:100])
    if not options:
        return notice("There is nothing to choose from for this ticket.", ticket)
    select: Json = {"type": "static_select", "action_id": SEVERITY, "options": options}
    select["placeholder"] = _plain("Choose one")
    blocks = [_input(SEVERITY, "How urgent is it?", select)]
    return _modal(SEVERITY, "Change severity", "Change", blocks, ticket, origin)


def notice(text: str, title: str = "") -> Json:
    """A modal that only says something."""
    section = {"type": "section", "text": {"type": "plain_text", "text": cut(text, 3000) or "-"}}
    heading = title if 0 < len(title) <= 24 else "Standby"
    return {"type": "modal", "title": _plain(heading), "close": _plain("Close"), "blocks": [section]}


def suggestions(contacts: Sequence[Option]) -> Json:
    """The answer to somebody typing into the field for a contact."""
    return {"options": _options(contacts[:100])}


# ---------------------------------------------------------------- read
def read(view: object) -> Filled | None:
    """What was filled in; None when the view is none of ours."""
    form = word(view, "callback_id")
    if form not in (NEW, NEED, RESOLVE, SEVERITY):
        return None
    kept = _kept(word(view, "private_metadata"))
    values = ("state", "values")
    severity = word(view, *values, SEVERITY, SEVERITY, "selected_option", "value")
    return Filled(
        form=form,
        origin=Origin(place=word(kept, "place"), thread=word(kept, "thread")),
        ticket=word(kept, "ticket"),
        text=word(view, *values, TEXT, TEXT, "value").strip(),
        severity="" if severity == PROPOSE else severity,
        contact=word(view, *values, CONTACT, CONTACT, "selected_option", "value"),
    )


def _kept(metadata: str) -> object:
    try:
        return json.loads(metadata)
    except ValueError:
        return None


# ---------------------------------------------------------------- pieces
def _modal(form: str, title: str, submit: str, blocks: list[Json], ticket: str, origin: Origin) -> Json:
    named = f"{title} {ticket}".strip()
    kept = {"ticket": ticket, "place": origin.place, "thread": origin.thread}
    return {
        "type": "modal",
        "callback_id": form,
        "title": _plain(named if len(named) <= 24 else title),
        "submit": _plain(submit),
        "close": _plain("Cancel"),
        "private_metadata": json.dumps(kept),
        "blocks": blocks,
    }


def _words(label: str, placeholder: str, initial: str = "") -> Json:
    element: Json = {"type": "plain_text_input", "action_id": TEXT, "multiline": True, "max_length": 3000}
    element["placeholder"] = _plain(placeholder)
    if initial.strip():
        element["initial_value"] = cut(initial, 3000)
    return _input(TEXT, label, element)


def _input(block: str, label: str, element: Json) -> Json:
    return {"type": "input", "block_id": block, "label": _plain(label), "element": element}


def _options(options: Sequence[Option]) -> list[Json]:
    return [_option(option) for option in options if 1 <= len(option.id) <= 150 and option.label.strip()]


def _option(option: Option) -> Json:
    return {"text": _plain(cut(option.label, 75)), "value": option.id}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}
