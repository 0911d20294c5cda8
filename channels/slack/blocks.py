"""Messages and cards as Block Kit. Pure. Words from people only ever stand in rich text, which has no markup."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.app.ports import Facts
from bot.domain.ids import PersonId
from bot.domain.message import CardView, Choice, Message, Part, Style, Tone, plain
from channels.slack.payload import SLACK, Json
from channels.slack.text import cut, escaped

BLOCK, WHOLE, FALLBACK = 2990, 13_000, 3000
"""Characters in one block (3,000 with the ends of lines), in all blocks of a message (Slack refuses 13,200), and in
the text beside them."""
MOST_BLOCKS = 40
IN_A_ROW, BUTTONS = 5, 25
IN_A_MENU, MOST_OPTIONS = 5, 100
"""Options of an overflow menu (behind three dots), and of a list."""
MORE = "more"
"""The action_id of a card's menu; what was chosen says itself what it means."""
FACT, FACTS = 80, 300
"""Characters of one fact on a card, and of all."""
CARD_WORDS, CARD_LINES = 700, 12
WHOLE_TEXT = "… (whole text in the thread)"
REPEAT = "(possible repeat) "
MARKS = ("🟢", "🟡", "🟠", "🔴")
OVER = "✅"

Mention = Callable[[PersonId], str | None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Said:
    """A message as Slack takes it: `text` is for notifications, `blocks` for the screen."""

    text: str
    blocks: list[Json]


def of_message(message: Message, facts: Facts, *, again: bool = False) -> Said:
    """Everything of a message up to some 12,000 characters; a possible repeat says that it is one."""
    parts = (Part(text=REPEAT), *message.parts) if again else message.parts
    rows = _buttons(message.choices)
    labels = sum(len(button["text"]["text"]) for row in rows for button in row["elements"])
    blocks = [*rich(parts, lambda person: facts.identity_of(person, SLACK), WHOLE - labels), *rows]
    text = _fallback(plain(parts) or " / ".join(c.label for c in message.choices))
    return Said(text=text, blocks=blocks)


def of_card(card: CardView) -> Said:
    """What an engineer needs at 02:00 on a phone: how bad, who, what, how long, whose it is, and the buttons."""
    mark = OVER if card.over else MARKS[min(max(card.urgency, 0), 3)]
    header = {
        "type": "plain_text",
        "text": cut(f"{mark} {card.severity} · {card.ticket}", 150),
        "emoji": True,
    }
    blocks: list[Json] = [{"type": "header", "text": header}]
    blocks += rich(_case(card), _nobody, BLOCK)
    blocks += rich(_facts(card), _nobody, BLOCK)
    blocks += rich(_state(card), _nobody, BLOCK)
    blocks += _row_and_menu(card.choices)
    return Said(text=_fallback(card.summary), blocks=blocks)


def _case(card: CardView) -> tuple[Part, ...]:
    """Whose problem, and in which words."""
    parts = [Part(text=cut(card.customer, 300), style=Style.BOLD)]
    title = card.title.replace(card.ticket, "").strip(" ·:")
    if title and title not in card.severity + card.customer + card.words:
        parts.append(Part(text="\n" + cut(title, 300)))
    if card.words.strip():
        parts.append(Part(text=_shortened(card.words.strip()), style=Style.QUOTE))
    return tuple(parts)


def _shortened(words: str) -> str:
    lines = words.splitlines()
    short = cut("\n".join(lines[:CARD_LINES]), CARD_WORDS, "")
    return short + WHOLE_TEXT if len(lines) > CARD_LINES or len(words) > CARD_WORDS else words


def _facts(card: CardView) -> tuple[Part, ...]:
    """What else matters, on one line."""
    told = (cut(" ".join(fact.split()), FACT) for fact in card.facts)
    return (Part(text=cut(" · ".join(fact for fact in told if fact), FACTS)),)


def _state(card: CardView) -> tuple[Part, ...]:
    """The time left, whose it is, and how the page goes."""
    clock = [Part(text=card.bar + "  ")] if card.bar and card.clock else [Part(text=card.bar)]
    clock.append(Part(text=cut(card.clock, 300), style=Style.BOLD))
    lines = [clock] if card.bar or card.clock else []
    if standing := " · ".join(cut(text, 300) for text in (card.status, card.holder) if text):
        lines.append([Part(text=standing)])
    if card.paging:
        lines.append([Part(text=cut(card.paging, 600))])
    newline = [Part(text="\n")]
    return tuple(part for i, line in enumerate(lines) for part in ([*newline, *line] if i else line))


# ---------------------------------------------------------------- text
def rich(parts: Sequence[Part], mention: Mention, room: int) -> list[Json]:
    """Rich text blocks of some 3,000 characters each, few enough for one message; what exceeds `room` is cut."""
    blocks: list[Json] = []
    inside: list[Json] = []
    used = 0
    for piece in _pieces(_within(parts, room)):
        closed = bool(inside) and inside[-1]["type"] == "rich_text_quote"
        if inside and (used + len(piece.text) > BLOCK or (closed and piece.style is not Style.QUOTE)):
            blocks.append({"type": "rich_text", "elements": inside})
            inside, used = [], 0
        _put(inside, piece, mention)
        used += len(piece.text) + 1
    if inside:
        blocks.append({"type": "rich_text", "elements": inside})
    if len(blocks) > MOST_BLOCKS:
        return rich((Part(text=plain(tuple(parts))),), mention, room)
    return [block for block in blocks if _shows(block)]


def _put(inside: list[Json], piece: Part, mention: Mention) -> None:
    """Add a piece to the section or quote that is open, or open one."""
    kind = "rich_text_quote" if piece.style is Style.QUOTE else "rich_text_section"
    if not inside or inside[-1]["type"] != kind:
        if inside:
            _end_line(inside[-1])
        inside.append({"type": kind, "elements": []})
    elif kind == "rich_text_quote":
        _end_line(inside[-1])
    inside[-1]["elements"].append(_element(piece, mention))


def _end_line(section: Json) -> None:
    last = section["elements"][-1]
    if last["type"] == "text" and not last["text"].endswith("\n"):
        last["text"] += "\n"


def _element(piece: Part, mention: Mention) -> Json:
    if piece.style is Style.MENTION:
        user = mention(piece.person) if piece.person else None
        return {"type": "user", "user_id": user} if user else {"type": "text", "text": "@" + piece.text}
    bold: Json = {"style": {"bold": True}} if piece.style is Style.BOLD else {}
    return {"type": "text", "text": piece.text, **bold}


def _within(parts: Sequence[Part], room: int) -> Iterator[Part]:
    for part in parts:
        if len(part.text) > room:
            yield dataclasses.replace(part, text=cut(part.text, room))
            return
        room -= len(part.text)
        yield part


def _pieces(parts: Iterator[Part]) -> Iterator[Part]:
    """The same text in pieces that fit a block, split where a line or a word ends."""
    for part in parts:
        text = part.text
        while len(text) > BLOCK:
            end = max(text.rfind("\n", 0, BLOCK), text.rfind(" ", BLOCK - 300, BLOCK)) + 1
            end = end if end > BLOCK // 2 else BLOCK
            yield dataclasses.replace(part, text=text[:end])
            text = text[end:]
        if text:
            yield dataclasses.replace(part, text=text)


def _shows(block: Json) -> bool:
    """Slack has no use for a block of blanks."""
    inside = (e for section in block["elements"] for e in section["elements"])
    return any(e["type"] == "user" or e["text"].strip() for e in inside)


def _fallback(text: str) -> str:
    return escaped(cut(text.strip() or "-", FALLBACK))


def _nobody(_: PersonId) -> str | None:
    return None


# ---------------------------------------------------------------- buttons
def _buttons(choices: Sequence[Choice]) -> list[Json]:
    """Even rows of five at most, so that a phone does not have to guess where to break them: eight are 4 and 4."""
    unique = _unique(choices)[:BUTTONS]
    rows = -(-len(unique) // IN_A_ROW) or 1
    size = -(-len(unique) // rows) or 1
    return [_actions(map(_button, unique[i : i + size])) for i in range(0, len(unique), size)]


def _row_and_menu(choices: Sequence[Choice]) -> list[Json]:
    """The first five as buttons, so that the card stays short; the others behind three dots beside them."""
    unique = _unique(choices)
    first, others = unique[:IN_A_ROW], unique[IN_A_ROW:]
    return [_actions([*map(_button, first), _menu(others)])] if len(others) > 1 else _buttons(unique)


def _menu(choices: Sequence[Choice]) -> Json:
    options = [{"text": _label(choice), "value": choice.id} for choice in choices[:MOST_OPTIONS]]
    if len(options) <= IN_A_MENU:
        return {"type": "overflow", "action_id": MORE, "options": options}
    placeholder = {"type": "plain_text", "text": "⋯"}
    return {"type": "static_select", "action_id": MORE, "placeholder": placeholder, "options": options}


def _unique(choices: Sequence[Choice]) -> list[Choice]:
    return list({choice.id: choice for choice in choices}.values())


def _actions(elements: Iterable[Json]) -> Json:
    return {"type": "actions", "elements": list(elements)}


def _button(choice: Choice) -> Json:
    looks = {Tone.MAIN: {"style": "primary"}, Tone.GRAVE: {"style": "danger"}}.get(choice.tone, {})
    return {"type": "button", "action_id": choice.id, "value": choice.id, "text": _label(choice), **looks}


def _label(choice: Choice) -> Json:
    return {"type": "plain_text", "text": cut(choice.label, 75) or "-", "emoji": True}
