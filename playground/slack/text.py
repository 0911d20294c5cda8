"""What a person reads of a message, and what Slack makes of what a person types."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

_TOKEN = re.compile(r"<(?:@[UW]\w+|#C\w+(?:\|[^>]*)?|![^>]+|https?://[^>]+|mailto:[^>]+)>")
_LINK = re.compile(r"https?://[^\s<>|]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"https?://\S+")


def typed(text: str) -> str:
    """Return the text of an event for what a person typed: escaped, with links and addresses marked up."""
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(text):
        parts += [_plain(text[end : token.start()]), token.group()]
        end = token.end()
    return "".join([*parts, _plain(text[end:])])


def _plain(text: str) -> str:
    parts: list[str] = []
    end = 0
    for link in _LINK.finditer(text):
        word = escaped(link.group())
        marked = f"<{word}>" if "://" in word else f"<mailto:{word}|{word}>"
        parts += [escaped(text[end : link.start()]), marked]
        end = link.end()
    return "".join([*parts, escaped(text[end:])])


def escaped(text: str) -> str:
    """Escape the three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def has_url(message: Mapping[str, Any]) -> bool:
    """Whether Slack would look for something to unfurl."""
    return bool(_URL.search(seen(message)))


def seen(message: Mapping[str, Any]) -> str:
    """Return text and blocks as one reading text; the fallback text is left out where blocks repeat it."""
    text = str(message.get("text") or "")
    body = "\n".join(line for block in message.get("blocks") or [] for line in _block(block) if line)
    for attachment in message.get("attachments") or []:
        body += "\n".join(line for block in attachment.get("blocks") or [] for line in _block(block))
        body += str(attachment.get("text") or "")
    return body if not text or text in body else (f"{text}\n{body}" if body else text)


def seen_view(view: Mapping[str, Any]) -> str:
    """Return what a modal or a home tab shows."""
    lines = [_text(view.get("title"))]
    lines += [line for block in view.get("blocks") or [] for line in _block(block)]
    lines += [f"[{_text(view[k])}]" for k in ("submit", "close") if view.get(k)]
    return "\n".join(line for line in lines if line)


def _block(block: Mapping[str, Any]) -> Iterator[str]:
    kind = block.get("type")
    if kind in ("section", "header", "markdown", "alert"):
        yield _text(block.get("text"))
        yield from (_text(f) for f in block.get("fields") or [])
        yield from _elements([block["accessory"]] if block.get("accessory") else [])
    elif kind in ("context", "actions"):
        yield " ".join(_elements(block.get("elements") or []))
    elif kind == "input":
        yield f"{_text(block.get('label'))}: {' '.join(_elements([block.get('element') or {}]))}".strip()
        yield _text(block.get("hint"))
    elif kind == "image":
        yield f"[image: {block.get('alt_text', '')}]"
    elif kind in ("rich_text", "table"):
        yield "".join(_rich(block.get("elements") or block.get("rows") or []))
    elif kind == "divider":
        yield "---"


def _elements(elements: list[Json]) -> Iterator[str]:
    for element in elements:
        kind = element.get("type")
        if kind in ("mrkdwn", "plain_text"):
            yield _text(element)
        elif kind == "image":
            yield f"[image: {element.get('alt_text', '')}]"
        elif kind == "button":
            yield f"[{_text(element.get('text'))}]"
        else:
            yield "[" + _choice(element) + "]"


def _choice(element: Mapping[str, Any]) -> str:
    initial = element.get("initial_option")
    if isinstance(initial, dict):
        return _text(initial.get("text"))
    options = " / ".join(_text(o.get("text")) for o in element.get("options") or [])
    return str(element.get("initial_value") or _text(element.get("placeholder")) or options)


def _text(value: Any) -> str:
    return str(value.get("text", "")) if isinstance(value, dict) else str(value or "")


def _rich(elements: Any) -> Iterator[str]:
    for element in elements:
        if isinstance(element, list):
            yield from _rich(element)
            yield "\n"
        elif element.get("type") == "emoji":
            yield f":{element.get('name')}:"
        elif element.get("type") in ("user", "channel"):
            yield f"<{element.get('user_id') or element.get('channel_id')}>"
        else:
            yield str(element.get("text") or element.get("url") or "")
            yield from _rich(element.get("elements") or [])
