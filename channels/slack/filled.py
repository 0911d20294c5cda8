"""A submitted modal, read back. Pure; what Slack sent is not trusted to have the shape of what we built."""

from __future__ import annotations

import dataclasses
import json

from channels.slack import forms
from channels.slack.forms import Origin, speech
from channels.slack.payload import word

FORMS = frozenset({forms.NEW, *forms.WORDED, *forms.CHOSEN})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filled:
    """A form as it was submitted. What was chosen in a form by choice is its `text`, but `severity`."""

    form: str
    origin: Origin
    ticket: str = ""
    language: str = "en"
    text: str = ""
    more: str = ""
    severity: str = ""
    category: str = ""
    contact: str = ""

    def errors(self) -> dict[str, str]:
        """What is missing, by block."""
        if self.text or (self.form == forms.SEVERITY and self.severity):
            return {}
        block = self.form if self.form in forms.CHOSEN else forms.TEXT
        return {block: _missing(self.form, self.language)}


def _missing(form: str, language: str) -> str:
    s = speech(language)
    said = {
        forms.NEW: s.text("Say what is wrong, in a few words."),
        forms.NEED: s.text("Say what you need to know."),
        forms.RESOLVE: s.text("Say what was done: the customer reads it."),
        forms.PLAN: s.text("Say what we do: the customer reads it."),
        forms.DUE: s.text("Say by when."),
    }
    return said.get(form) or s.text("Choose one.")


def read(view: object) -> Filled | None:
    """What was filled in; None when the view is none of ours."""
    form = word(view, "callback_id")
    if form not in FORMS:
        return None
    kept = _kept(word(view, "private_metadata"))
    words = _chosen(view, form) if form in (forms.CATEGORY, forms.EXCLUDE) else _written(view, forms.TEXT)
    return Filled(
        form=form,
        origin=Origin(place=word(kept, "place"), thread=word(kept, "thread")),
        ticket=word(kept, "ticket"),
        language=word(kept, "language") or "en",
        text=words,
        more=_written(view, forms.MORE),
        severity=_chosen(view, forms.SEVERITY),
        category=_chosen(view, forms.CATEGORY) if form == forms.NEW else "",
        contact=_chosen(view, forms.CONTACT),
    )


def _written(view: object, block: str) -> str:
    return word(view, "state", "values", block, block, "value").strip()


def _chosen(view: object, block: str) -> str:
    chosen = word(view, "state", "values", block, block, "selected_option", "value")
    return "" if chosen == forms.PROPOSE else chosen


def _kept(metadata: str) -> object:
    try:
        return json.loads(metadata)
    except ValueError:
        return None
