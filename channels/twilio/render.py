"""Our messages as WhatsApp and SMS write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.message import Message, Part, Style

BODY_LIMIT = 1600
"""Characters a message; Twilio counts UTF-16 units, so a text with emoji has less room."""
TEMPLATE_LIMIT = 900
REPEAT = "(possible repeat) "


def whatsapp_text(message: Message, again: bool = False) -> str:
    """With WhatsApp's own markup for what is ours; what people wrote stays as they wrote it."""
    return _whole(message, _bold, again)


def sms_text(message: Message, again: bool = False) -> str:
    """The words alone."""
    return _whole(message, lambda text: text, again)


def flat(message: Message, again: bool = False) -> str:
    """One line for a template's variable: no line breaks, no tabs, no long runs of spaces, never too long."""
    text = sms_text(message, again)
    line = re.sub(
        r" {5,}", "    ", " · ".join(part.strip() for part in re.split(r"[\n\t]+", text) if part.strip())
    )
    return line if len(line) <= TEMPLATE_LIMIT else line[: TEMPLATE_LIMIT - 1].rstrip() + "…"


def _whole(message: Message, bold: Callable[[str], str], again: bool) -> str:
    out = ""
    for part in message.parts:
        if part.style is Style.QUOTE:
            out += ("\n" if out and not out.endswith("\n") else "") + _quoted(part) + "\n"
        elif part.style is Style.MENTION:
            out += "@" + part.text
        else:
            out += bold(part.text) if part.style is Style.BOLD else part.text
    return (REPEAT if again else "") + _clean(out).strip("\n")


def _quoted(part: Part) -> str:
    return "\n".join("> " + line for line in part.text.strip("\n").split("\n"))


def _bold(text: str) -> str:
    """WhatsApp wants the stars tight around the words, on one line; otherwise there is no bold."""
    words = text.strip()
    if not words or "*" in words or "\n" in words:
        return text
    return text.replace(words, f"*{words}*", 1)


def _clean(text: str) -> str:
    """What a form can carry: no lone surrogates, no NUL, one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def split(text: str, limit: int = BODY_LIMIT) -> list[str]:
    """In order, each within the limit, cut at a line's end or else at a space where there is one."""
    if any(character > "\uffff" for character in text):
        limit //= 2
    pieces: list[str] = []
    while len(text) > limit:
        cut = max(text.rfind("\n", 1, limit + 1), 0)
        if cut < limit // 2:
            cut = max(text.rfind(" ", 1, limit + 1), cut)
        pieces.append(text[: cut or limit])
        text = text[cut + 1 :] if cut else text[limit:]
    return [piece for piece in (*pieces, text) if piece.strip()]
