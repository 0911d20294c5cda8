"""Telegram's text rules: lengths in UTF-16 units, HTML entities, keyboards, reactions."""

import html
import re
from dataclasses import dataclass
from typing import Any

from playground.gate import Refused

Json = dict[str, Any]

TEXT_LIMIT = 4096
_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "blockquote": "blockquote", "tg-spoiler": "spoiler", "span": "spoiler",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*>")
_HREF = re.compile(r"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))")
_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "pay", "callback_game",
)  # fmt: skip

REACTIONS = frozenset({
    "👍", "👎", "❤", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩", "🤮", "💩", "🙏", "👌",
    "🕊", "🤡", "🥱", "🥴", "😍", "🐳", "❤‍🔥", "🌚", "🌭", "💯", "🤣", "⚡", "🍌", "🏆", "💔", "🤨", "😐", "🍓",
    "🍾", "💋", "🖕", "😈", "😴", "😭", "🤓", "👻", "👨‍💻", "👀", "🎃", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡",
    "🎅", "🎄", "☃", "💅", "🤪", "🗿", "🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾", "🤷‍♂", "🤷", "🤷‍♀",
    "😡",
})  # fmt: skip


def refuse(description: str, status: int = 400, **parameters: Any) -> Refused:
    """Telegram says no: error_code and description; 400s begin with "Bad Request: "."""
    kinds = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
    kind = kinds.get(status, "")
    text = ": ".join(part for part in (kind, description) if part) if kind != description else kind
    body: Json = {"ok": False, "error_code": status, "description": text}
    if parameters:
        body["parameters"] = parameters
    return Refused(text, status, body)


def units(text: str) -> int:
    """Return the length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Open:
    tag: str
    offset: int
    extra: Json


def parse(text: str, mode: str | None) -> tuple[str, list[Json]]:
    """Return plain text and entities. Only HTML is modelled; another mode is refused, not guessed."""
    if not mode:
        return text, []
    if mode.upper() != "HTML":
        raise refuse(f"unsupported parse_mode: the playground models HTML only, not {mode}")
    return _html(text)


def _html(text: str) -> tuple[str, list[Json]]:
    plain, at = "", 0
    entities: list[Json] = []
    stack: list[_Open] = []
    while at < len(text):
        if text[at] != "<":
            end = text.find("<", at)
            end = len(text) if end < 0 else end
            plain += html.unescape(text[at:end])
            at = end
            continue
        tag = _TAG.match(text, at)
        if tag is None:
            raise _unparsed(
                f'Unsupported start tag "{text[at + 1 : at + 9]}" at byte offset {_byte(text, at)}'
            )
        if tag.group(1):
            entities += _close(stack, tag.group(2).lower(), plain, _byte(text, at))
        else:
            stack.append(_start(tag, units(plain), _byte(text, at)))
        at = tag.end()
    if stack:
        raise _unparsed(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return plain, sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def _start(tag: re.Match[str], offset: int, byte: int) -> _Open:
    name, attributes = tag.group(2).lower(), tag.group(3)
    if name not in _TAGS:
        raise _unparsed(f'Unsupported start tag "{name}" at byte offset {byte}')
    if name == "span" and "tg-spoiler" not in attributes:
        raise _unparsed(f'Tag "span" must have class "tg-spoiler" at byte offset {byte}')
    href = _HREF.search(attributes)
    return _Open(name, offset, {"url": next(g for g in href.groups() if g is not None)} if href else {})


def _close(stack: list[_Open], name: str, plain: str, byte: int) -> list[Json]:
    if not stack:
        raise _unparsed(f"Unexpected end tag at byte offset {byte}")
    opened = stack.pop()
    if opened.tag != name:
        raise _unparsed(
            f'Unmatched end tag at byte offset {byte}, expected "</{opened.tag}>", found "</{name}>"'
        )
    length = units(plain) - opened.offset
    if not length or (name == "a" and "url" not in opened.extra):
        return []
    return [{"type": _TAGS[name], "offset": opened.offset, "length": length, **opened.extra}]


def _byte(text: str, at: int) -> int:
    return len(text[:at].encode())


def _unparsed(why: str) -> Refused:
    return refuse(f"can't parse entities: {why}")


def check_text(text: str) -> None:
    """Refuse an empty or an overlong text, after entities are parsed."""
    if not text.strip():
        raise refuse("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise refuse("message is too long")


def check_keyboard(markup: Any) -> None:
    """Refuse an inline keyboard that Telegram would not take."""
    if markup in (None, ""):
        return
    if not isinstance(markup, dict):
        raise refuse("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise refuse('can\'t parse inline keyboard button: Field "inline_keyboard" must be of type Array')
    for button in (b for row in rows for b in row):
        if not button.get("text"):
            raise refuse(
                "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            )
        if sum(name in button for name in _ACTIONS) != 1:
            raise refuse("can't parse inline keyboard button: exactly one action is needed")
        if not 1 <= len(str(button.get("callback_data", "x")).encode()) <= 64:
            raise refuse("BUTTON_DATA_INVALID")
    if sum(map(len, rows)) > 100:
        raise refuse("too many inline keyboard buttons")


def labels(markup: Any) -> str:
    """Return the buttons as a person sees them."""
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or [] if isinstance(markup, dict) else []
    return "\n".join(" ".join(f"[{b['text'] if isinstance(b, dict) else b}]" for b in row) for row in rows)
