"""A message as channels get it: parts with a meaning, choices with an id. An adapter knows how its vendor writes them.

Text from people is always a PLAIN part, so it can't turn into markup on its way.
"""

from __future__ import annotations

import dataclasses
import enum

from bot.domain.ids import PersonId


class Style(enum.StrEnum):
    """How a part is meant."""

    PLAIN = "plain"
    BOLD = "bold"
    QUOTE = "quote"  # somebody's words, set apart; a block of its own
    MENTION = "mention"  # `text` is the name, `person` whom to alert


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    text: str
    style: Style = Style.PLAIN
    person: PersonId | None = None


class Tone(enum.StrEnum):
    """How a choice looks where buttons have looks."""

    NORMAL = "normal"
    MAIN = "main"
    GRAVE = "grave"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choice:
    """A button. `id` is an Action as text (at most 64 bytes), `label` at most 20 characters, to fit everywhere."""

    id: str
    label: str
    tone: Tone = Tone.NORMAL


@dataclasses.dataclass(frozen=True, kw_only=True)
class Message:
    """`digits`: the choices are also numbered in the text, so buttons may be left out where there are none.

    `template` names the approved template to use where free text is not allowed. `spoken` is what is said on a call,
    without the keys to press; `keys` which keys mean what there, each with the words behind "press 1".
    """

    parts: tuple[Part, ...]
    choices: tuple[Choice, ...] = ()
    digits: bool = False
    template: str = "update"
    spoken: str = ""
    keys: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """Without any markup; a quote on lines of its own."""
        return plain(self.parts)


def plain(parts: tuple[Part, ...]) -> str:
    """The words alone."""
    out: list[str] = []
    for part in parts:
        if part.style is Style.QUOTE:
            out.append(("\n" if out and not out[-1].endswith("\n") else "") + part.text + "\n")
        elif part.style is Style.MENTION:
            out.append("@" + part.text)
        else:
            out.append(part.text)
    return "".join(out).strip("\n")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CardView:
    """What a ticket's card shows now. All texts are ready to show; text from people is in `words` and `customer`.

    `bar` is ten cells; `clock` says the time left ("42 min left, answer by 10:30"); `choices` are its buttons.
    """

    ticket: str
    title: str
    severity: str
    urgency: int
    """0 calm, 1 worth a look, 2 urgent, 3 overdue: picks the colour or the mark."""
    customer: str
    words: str
    status: str
    holder: str
    bar: str
    clock: str
    paging: str = ""
    facts: tuple[str, ...] = ()
    """What else matters, each a few words: category, tier, what is out of support or not covered."""
    choices: tuple[Choice, ...] = ()
    over: bool = False

    @property
    def summary(self) -> str:
        """One line for notifications and for screens that show no blocks."""
        return f"{self.ticket} {self.severity}: {self.customer} - {self.clock}"
