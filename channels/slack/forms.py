"""The modals, built as plain values, in a language. Pure. What is filled in comes back through filled.py."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from bot.app.ports import NewForm, Option
from bot.app.speech import Speech
from channels.slack.payload import Json
from channels.slack.text import cut

NEW, NEED, RESOLVE, PLAN, DUE = "new", "need", "resolve", "plan", "due"
SEVERITY, CATEGORY, EXCLUDE = "severity", "category", "exclude"
TEXT, MORE, CONTACT = "text", "more", "contact"
PROPOSE = "-"
"""The option that leaves a choice to Standby; no id of a policy."""
_LABEL, _HEADING, _PLACEHOLDER, _MOST = 75, 24, 150, 3000
"""Characters of an option, of a modal's title and buttons, of a placeholder, and of what somebody can write."""
_NO_TIME = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a form was asked for."""

    place: str = ""
    thread: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class About:
    """What a form is about, where it was asked for, and in which language it speaks."""

    origin: Origin
    ticket: str = ""
    language: str = "en"

    @property
    def speech(self) -> Speech:
        return speech(self.language)


def speech(language: str) -> Speech:
    """Labels name no time, so there is none in it."""
    return Speech(language=language, zone=ZoneInfo("UTC"), now=_NO_TIME)


def not_opened(language: str) -> str:
    return speech(language).text(
        "The form could not be opened. Try again, or put the problem behind the command in your own words."
    )


# ---------------------------------------------------------------- a new ticket
def new_ticket(asked: NewForm, origin: Origin, text: str = "", contact: Option | None = None) -> Json:
    """The form for a new ticket; the field for a contact only for our own people."""
    about = About(origin=origin, language=asked.language)
    s = about.speech
    words = _words(s.text("What is wrong?"), s.text("What happens, since when, and who can't work?"), text)
    blocks = [words, *_kind(asked, s)]
    if asked.for_contact:
        search: Json = {"type": "external_select", "action_id": CONTACT, "min_query_length": 0}
        search["placeholder"] = _plain(s.text("Name or organisation"), _PLACEHOLDER)
        if contact is not None and (preset := _options((contact,))):
            search["initial_option"] = preset[0]
        blocks.append(_input(CONTACT, s.text("For whom?"), search))
    return _modal(NEW, s.text("New ticket"), s.text("Open ticket"), blocks, about)


def _kind(asked: NewForm, s: Speech) -> list[Json]:
    """How urgent; where there is only one severity, what about; and nothing where there is nothing to choose."""
    if len(asked.severities) > 1:
        block, label, offered = SEVERITY, s.text("How urgent is it?"), asked.severities
    elif asked.categories:
        block, label, offered = CATEGORY, s.text("What is it about?"), asked.categories
    else:
        return []
    propose = _option(Option(id=PROPOSE, label=s.text("Let Standby propose")))
    select: Json = {"type": "static_select", "action_id": block, "initial_option": propose}
    return [_input(block, label, select | {"options": [propose, *_options(offered[:99])]})]


# ---------------------------------------------------------------- in words
def need_info(about: About) -> Json:
    s = about.speech
    words = _words(s.text("What do you need to know?"), s.text("The customer gets this as a question."))
    return _modal(NEED, s.text("Ask the customer"), s.text("Ask"), [words], about)


def resolve(about: About) -> Json:
    s = about.speech
    words = _words(s.text("What was done?"), s.text("The customer gets this, and confirms or reopens."))
    return _modal(RESOLVE, s.text("Resolve"), s.text("Resolve"), [words], about)


def plan(about: About) -> Json:
    """Two texts under the headings under which the customer reads them."""
    s = about.speech
    ours = _words(s.text("What we do"), s.text("The customer reads it under this heading."))
    theirs = _words(s.text("What we need from you"), s.text("Nothing, if it stays empty."), block=MORE)
    blocks = [ours, theirs | {"optional": True}]
    return _modal(PLAN, s.text("Support plan"), s.text("Send"), blocks, about)


def due(about: About) -> Json:
    s = about.speech
    line: Json = {"type": "plain_text_input", "action_id": TEXT, "max_length": 100}
    asked = _input(TEXT, s.text("By when?"), line)
    asked["hint"] = _plain(s.text("friday 16:00, tomorrow 10:00, 2 business days, 2026-12-01 15:00"), 2000)
    return _modal(DUE, s.text("Propose a time"), s.text("Propose"), [asked], about)


# ---------------------------------------------------------------- by choice
def change_severity(about: About, severities: Sequence[Option]) -> Json:
    s = about.speech
    title, submit = s.text("Change severity"), s.text("Change")
    return _choose(SEVERITY, title, submit, s.text("How urgent is it?"), severities, about)


def change_category(about: About, categories: Sequence[Option]) -> Json:
    s = about.speech
    title, submit = s.text("Change category"), s.text("Change")
    return _choose(CATEGORY, title, submit, s.text("What is it about?"), categories, about)


def exclude(about: About, exclusions: Sequence[Option]) -> Json:
    s = about.speech
    title, submit = s.text("Not covered"), s.text("Tell the customer")
    return _choose(EXCLUDE, title, submit, s.text("What is not covered?"), exclusions, about)


def _choose(form: str, title: str, submit: str, label: str, offered: Sequence[Option], about: About) -> Json:
    options = _options(offered[:100])
    s = about.speech
    if not options:
        return notice(s.text("There is nothing to choose from for this ticket."), about)
    select: Json = {"type": "static_select", "action_id": form, "options": options}
    select["placeholder"] = _plain(s.text("Choose one"), _PLACEHOLDER)
    return _modal(form, title, submit, [_input(form, label, select)], about)


WORDED: dict[str, Callable[[About], Json]] = {NEED: need_info, RESOLVE: resolve, PLAN: plan, DUE: due}
CHOSEN: dict[str, Callable[[About, Sequence[Option]], Json]] = {
    SEVERITY: change_severity,
    CATEGORY: change_category,
    EXCLUDE: exclude,
}
"""The forms about a ticket, by the verb of the button that asks for one."""


def notice(text: str, about: About) -> Json:
    """A modal that only says something."""
    section = {"type": "section", "text": _plain(text or "-", 3000)}
    heading = about.ticket if 0 < len(about.ticket) <= _HEADING else "Standby"
    close = _plain(about.speech.text("Close"), _HEADING)
    return {"type": "modal", "title": _plain(heading, _HEADING), "close": close, "blocks": [section]}


def suggestions(contacts: Sequence[Option]) -> Json:
    """The answer to somebody typing into the field for a contact."""
    return {"options": _options(contacts[:100])}


# ---------------------------------------------------------------- pieces
def _modal(form: str, title: str, submit: str, blocks: list[Json], about: About) -> Json:
    named = f"{title} {about.ticket}".strip()
    kept = dataclasses.asdict(about.origin) | {"ticket": about.ticket, "language": about.language}
    return {
        "type": "modal",
        "callback_id": form,
        "title": _plain(named if len(named) <= _HEADING else title, _HEADING),
        "submit": _plain(submit, _HEADING),
        "close": _plain(about.speech.text("Cancel"), _HEADING),
        "private_metadata": json.dumps(kept),
        "blocks": blocks,
    }


def _words(label: str, placeholder: str, initial: str = "", block: str = TEXT) -> Json:
    element: Json = {"type": "plain_text_input", "action_id": block, "multiline": True, "max_length": _MOST}
    element["placeholder"] = _plain(placeholder, _PLACEHOLDER)
    if initial.strip():
        element["initial_value"] = cut(initial, _MOST)
    return _input(block, label, element)


def _input(block: str, label: str, element: Json) -> Json:
    return {"type": "input", "block_id": block, "label": _plain(label, 2000), "element": element}


def _options(options: Sequence[Option]) -> list[Json]:
    return [_option(option) for option in options if 1 <= len(option.id) <= 150 and option.label.strip()]


def _option(option: Option) -> Json:
    return {"text": _plain(option.label, _LABEL), "value": option.id}


def _plain(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": cut(text, most)}
