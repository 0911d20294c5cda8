"""Our messages and cards as Telegram's HTML and keyboards. Pure.

A message is flattened into one text with spans, then cut into pieces of at most 4096 UTF-16 units; a span that
is cut goes on in the next piece, so no entity is ever broken.
"""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Callable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.ids import PersonId
from bot.domain.message import CardView, Choice, Message, Part, Style, Tone

LIMIT = 4096
TOPIC_NAME = 128
REPEAT = "(possible repeat) "
URGENCY = ("🟢", "🟡", "🟠", "🔴")
OVER = "⚪"
WIDEST = {2: 18, 3: 10, 4: 3, 5: 3}
"""The longest label that a phone shows whole, by how many buttons stand in a row."""
FACT, FACTS = 80, 300
"""Characters of one fact on a card, and of all."""
_TONES = {Tone.MAIN: "primary", Tone.GRAVE: "danger"}

Who = Callable[[PersonId], str | None]
"""A person's Telegram id, for mentions."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Piece:
    """One message of Telegram: with markup, and without for the case that the markup is refused."""

    html: str
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Span:
    start: int
    end: int
    before: str
    after: str


def pieces(message: Message, who: Who) -> tuple[Piece, ...]:
    """At least one, in order."""
    return _cut_up(*_flatten(message.parts, who))


def repeated(message: Message) -> Message:
    """Marked as a possible repeat."""
    return dataclasses.replace(message, parts=(Part(text=REPEAT), *message.parts))


def single(message: Message, who: Who) -> Piece:
    """For an edit: what fits into one message."""
    whole = pieces(message, who)
    if len(whole) == 1:
        return whole[0]
    return _cut_up(cut(message.text, LIMIT - 100), [])[0]


def keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """As many in a row as a phone shows whole. One whose id Telegram would refuse is left out rather than lose the
    message."""
    buttons = [
        InlineKeyboardButton(c.label, callback_data=c.id, style=_TONES.get(c.tone))
        for c in choices
        if c.label and 1 <= len(c.id.encode()) <= 64
    ]
    return InlineKeyboardMarkup(_rows(buttons)) if buttons else None


def _rows(buttons: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """In order, filled up; the last row is not left with a single button where two fit."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        if rows and _fit(*rows[-1], button):
            rows[-1].append(button)
        else:
            rows.append([button])
    if len(rows) > 1 and len(rows[-1]) == 1 and len(rows[-2]) > 2 and _fit(rows[-2][-1], rows[-1][0]):
        rows[-1].insert(0, rows[-2].pop())
    return rows


def _fit(*row: InlineKeyboardButton) -> bool:
    return max(_cost(button.text) for button in row) <= WIDEST.get(len(row), 0)


def card(view: CardView) -> Piece:
    """Mark, title, severity, customer, their words, facts, the bar with its clock, who has it, what the pager does.

    The words are cut to what the rest leaves: all else stays whole."""
    rest = _cost(_flatten(_card_parts(view, ""), _nobody)[0])
    words = cut(view.words.strip(), max(0, LIMIT - rest - 4))
    return _cut_up(*_flatten(_card_parts(view, words), _nobody))[0]


def _card_parts(view: CardView, words: str) -> tuple[Part, ...]:
    mark = OVER if view.over else URGENCY[max(0, min(view.urgency, len(URGENCY) - 1))]
    clock = " ".join(p for p in (view.bar, view.clock) if p)
    tail = (_facts(view), clock, _joined(view.status, view.holder), view.paging)
    lines = "\n".join(line for line in tail if line)
    return (
        Part(text=f"{mark} "),
        Part(text=view.title or view.ticket, style=Style.BOLD),
        Part(text=f"\n{_joined(view.severity, view.customer)}\n"),
        *((Part(text=words, style=Style.QUOTE),) if words else ()),
        Part(text=lines),
    )


def _facts(view: CardView) -> str:
    """What else matters, on one line."""
    return cut(_joined(*(cut(" ".join(fact.split()), FACT) for fact in view.facts)), FACTS)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def topic_name(view: CardView) -> str:
    """`MIT-1042 · Acme: our mail server is down`"""
    return cut(" ".join(f"{view.title or view.ticket}: {view.words}".split()), TOPIC_NAME)


def cut(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units; an ellipsis says that there was more."""
    if _cost(text) <= limit:
        return text
    return text[: _fitting(text, 0, limit - 1)].rstrip() + "…" if limit > 0 else ""


def _flatten(parts: Sequence[Part], who: Who) -> tuple[str, list[Span]]:
    text, spans = "", []
    for part in parts:
        words = part.text.encode("utf-8", "replace").decode()  # half a surrogate pair can't be sent
        before, after = _tags(part, who)
        if part.style is Style.QUOTE:
            text += "\n" if text and not text.endswith("\n") else ""
            words = words.strip("\n")
        if part.style is Style.MENTION and not before:
            words = "@" + words
        if before and words:
            spans.append(Span(start=len(text), end=len(text) + len(words), before=before, after=after))
        text += words + ("\n" if part.style is Style.QUOTE else "")
    return text, spans


def _tags(part: Part, who: Who) -> tuple[str, str]:
    if part.style is Style.BOLD:
        return "<b>", "</b>"
    if part.style is Style.QUOTE:
        return "<blockquote>", "</blockquote>"
    user = who(part.person) if part.style is Style.MENTION and part.person is not None else None
    return (f'<a href="tg://user?id={html.escape(user)}">', "</a>") if user else ("", "")


def _nobody(person: PersonId) -> str | None:
    return None


def _cut_up(text: str, spans: list[Span]) -> tuple[Piece, ...]:
    found, at = [], 0
    while at < len(text):
        end = _break(text, at, _fitting(text, at, LIMIT))
        if text[at:end].strip():
            found.append(Piece(html=_html(text, spans, at, end), text=text[at:end].strip("\n")))
        at = end
    return tuple(found) or (Piece(html="…", text="…"),)


def _cost(text: str) -> int:
    return sum(map(_units, text))


def _units(char: str) -> int:
    """UTF-16 units; what HTML escapes counts double, so that the markup does not grow out of all proportion."""
    return 2 if ord(char) > 0xFFFF or char in "<>&" else 1


def _fitting(text: str, at: int, room: int) -> int:
    """The end of the longest stretch from `at` that fits."""
    for index in range(at, len(text)):
        room -= _units(text[index])
        if room < 0:
            return index
    return len(text)


def _break(text: str, at: int, end: int) -> int:
    """Rather at the end of a line, or of a word, if that is not too far back."""
    if end == len(text):
        return end
    for gap in ("\n", " "):
        found = text.rfind(gap, at + (end - at) // 2, end)
        if found > at:
            return found + 1
    return end


def _html(text: str, spans: list[Span], at: int, end: int) -> str:
    out, here = [], at
    for span in spans:
        start, stop = max(span.start, at), min(span.end, end)
        if start >= stop:
            continue
        inside = html.escape(text[start:stop], quote=False)
        out += [html.escape(text[here:start], quote=False), span.before, inside, span.after]
        here = stop
    return "".join([*out, html.escape(text[here:end], quote=False)]).strip("\n")
