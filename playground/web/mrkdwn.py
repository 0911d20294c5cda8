"""Slack's ways of writing text (mrkdwn, rich text, plain text) as HTML. Whatever is not known stays text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

Json = Mapping[str, Any]

EMOJI = {
    "white_check_mark": "✅", "heavy_check_mark": "✔️", "lock": "🔒", "warning": "⚠️", "rotating_light": "🚨",
    "eyes": "👀", "+1": "👍", "thumbsup": "👍", "-1": "👎", "red_circle": "🔴", "large_orange_circle": "🟠",
    "large_yellow_circle": "🟡", "large_green_circle": "🟢", "bell": "🔔", "telephone_receiver": "📞", "phone": "☎️",
    "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "star": "⭐", "x": "❌", "speech_balloon": "💬", "wave": "👋",
    "tada": "🎉", "fire": "🔥", "pray": "🙏", "heart": "❤️", "smile": "😄", "calendar": "📅", "memo": "📝",
}  # fmt: skip
SCHEMES = ("http://", "https://", "mailto:", "tel:")
_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`|<(?P<token>[^<>\n]+)>|(?<![\w:]):(?P<emoji>[a-z0-9_+'-]+):"
    r"|(?<![\w*])\*(?=\S)(?P<bold>[^*\n]+?)(?<=\S)\*(?![\w*])"
    r"|(?<![\w])_(?=\S)(?P<italic>[^_\n]+?)(?<=\S)_(?![\w])"
    r"|(?<![\w~])~(?=\S)(?P<strike>[^~\n]+?)(?<=\S)~(?![\w~])"
)
_TAGS = {"bold": "strong", "italic": "em", "strike": "s"}
_STYLES = {"bold": "strong", "italic": "em", "strike": "s", "code": "code"}
_DATE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads: their zone, the names behind ids, and where a link really leads."""

    zone: ZoneInfo
    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    reachable: Callable[[str], str] = str


def text_object(value: Any, reader: Reader) -> Markup:
    """A text object of Block Kit, or bare words."""
    if not isinstance(value, dict):
        return plain(str(value or ""))
    said = str(value.get("text", ""))
    return mrkdwn(said, reader) if value.get("type") == "mrkdwn" else plain(said)


def plain(text: str) -> Markup:
    """Plain text: only emoji and the ends of lines mean something."""
    return _lines(Markup("").join(_shortcodes(text)))


def mrkdwn(text: str, reader: Reader) -> Markup:
    """Slack's markup: fences, then quoted lines, then what stands within a line."""
    parts: list[Markup] = []
    for i, piece in enumerate(_FENCE.split(text)):
        if i % 2:
            parts.append(Markup("<pre>{}</pre>").format(_unescaped(piece)))
        else:
            parts += _quotes(piece, reader)
    return Markup("").join(parts)


def _quotes(text: str, reader: Reader) -> Iterable[Markup]:
    """Lines that begin with > stand together in a quote."""
    open_quote: list[str] = []
    others: list[str] = []
    for line in text.split("\n"):
        quoted = line.startswith((">", "&gt;"))
        if quoted and others:
            yield _inline("\n".join(others), reader)
            others = []
        if not quoted and open_quote:
            yield _quote(open_quote, reader)
            open_quote = []
        (open_quote if quoted else others).append(line)
    if open_quote:
        yield _quote(open_quote, reader)
    if others:
        yield _inline("\n".join(others), reader)


def _quote(lines: list[str], reader: Reader) -> Markup:
    bare = "\n".join(re.sub(r"^(?:>|&gt;) ?", "", line) for line in lines)
    return Markup("<blockquote>{}</blockquote>").format(_inline(bare, reader))


def _inline(text: str, reader: Reader) -> Markup:
    parts: list[Markup] = []
    end = 0
    for found in _INLINE.finditer(text):
        parts.append(escape(_unescaped(text[end : found.start()])))
        parts.append(_styled(found, reader))
        end = found.end()
    parts.append(escape(_unescaped(text[end:])))
    return _lines(Markup("").join(parts))


def _styled(found: re.Match[str], reader: Reader) -> Markup:
    kind, inner = next((k, v) for k, v in found.groupdict().items() if v is not None)
    if kind == "code":
        return Markup("<code>{}</code>").format(_unescaped(inner))
    if kind == "token":
        return _token(inner, reader)
    if kind == "emoji":
        return emoji(inner)
    return Markup("<{0}>{1}</{0}>").format(Markup(_TAGS[kind]), _inline(inner, reader))


def _token(token: str, reader: Reader) -> Markup:
    target, _, label = token.partition("|")
    label = _unescaped(label)
    match target[:1]:
        case "@":
            return mention(reader.people.get(target[1:], label or target[1:]), "@")
        case "#":
            return mention(reader.channels.get(target[1:], label or target[1:]), "#")
        case "!":
            return _special(target[1:], label, reader)
    return link(_unescaped(target), label, reader)


def _special(name: str, label: str, reader: Reader) -> Markup:
    if name.startswith("date^"):
        parts = name.split("^")
        if len(parts) >= 3 and parts[1].isdigit():
            return date(int(parts[1]), _unescaped(parts[2]), reader)
        return escape(label)
    return mention(label.lstrip("@") or name.partition("^")[0], "@")


def mention(name: str, sign: str) -> Markup:
    """Somebody or a channel, by name."""
    return Markup('<span class="mention">{}{}</span>').format(sign, name)


def link(target: str, label: str, reader: Reader) -> Markup:
    """A link where it may be one; anything else stays text."""
    shown = label or target.removeprefix("mailto:")
    if not target.lower().startswith(SCHEMES):
        return escape(f"{shown} ({target})" if label else target)
    opened = reader.reachable(target)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(opened, shown)


def date(stamp: int, form: str, reader: Reader) -> Markup:
    """A moment as its reader's wall shows it. `stamp` is Unix seconds."""
    try:
        at = dt.datetime.fromtimestamp(stamp, reader.zone)
    except (OverflowError, ValueError, OSError):
        return escape(form)
    words = {
        "date_num": f"{at:%Y-%m-%d}",
        "date": f"{at:%B} {at.day}, {at.year}",
        "date_short": f"{at:%b} {at.day}, {at.year}",
        "date_long": f"{at:%A}, {at:%B} {at.day}, {at.year}",
        "time": f"{at:%H:%M}",
        "time_secs": f"{at:%H:%M:%S}",
    }
    words |= {f"{name}_pretty": words[name] for name in ("date", "date_short", "date_long")}
    shown = _DATE.sub(lambda m: words.get(m[1], m[0]), form)
    return Markup('<time datetime="{}">{}</time>').format(at.astimezone(dt.UTC).isoformat(), shown)


# ---------------------------------------------------------------- rich text
def rich_text(elements: Iterable[Json], reader: Reader) -> Markup:
    """The elements of a rich text block."""
    return Markup("").join(_rich(element, reader) for element in elements)


def _rich(element: Json, reader: Reader) -> Markup:
    inside = element.get("elements") or []
    match element.get("type"):
        case "rich_text_list":
            tag = Markup("ol" if element.get("style") == "ordered" else "ul")
            items = Markup("").join(Markup("<li>{}</li>").format(_rich(item, reader)) for item in inside)
            return Markup("<{0}>{1}</{0}>").format(tag, items)
        case "rich_text_quote":
            return Markup("<blockquote>{}</blockquote>").format(_pieces(inside, reader))
        case "rich_text_preformatted":
            return Markup("<pre>{}</pre>").format("".join(str(e.get("text", "")) for e in inside))
    return _pieces(inside, reader)


def _pieces(elements: Iterable[Json], reader: Reader) -> Markup:
    whole = Markup("").join(_piece(element, reader) for element in elements)
    return Markup(str(whole).removesuffix("<br>"))


def _piece(element: Json, reader: Reader) -> Markup:
    match element.get("type"):
        case "user":
            user = str(element.get("user_id", ""))
            return mention(reader.people.get(user, user), "@")
        case "channel":
            channel = str(element.get("channel_id", ""))
            return mention(reader.channels.get(channel, channel), "#")
        case "emoji":
            return emoji(str(element.get("name", "")))
        case "link":
            shown = link(str(element.get("url", "")), str(element.get("text") or ""), reader)
        case "date":
            shown = date(int(element.get("timestamp") or 0), str(element.get("format", "")), reader)
        case _:
            shown = _lines(escape(str(element.get("text", ""))))
    for name, on in (element.get("style") or {}).items():
        if on and name in _STYLES:
            shown = Markup("<{0}>{1}</{0}>").format(Markup(_STYLES[name]), shown)
    return shown


# ---------------------------------------------------------------- pieces
def emoji(name: str) -> Markup:
    """An emoji by its shortcode; one that is not known stays text."""
    if name not in EMOJI:
        return escape(f":{name}:")
    return Markup('<span class="emoji" role="img" aria-label="{}">{}</span>').format(
        name.replace("_", " "), EMOJI[name]
    )


def _shortcodes(text: str) -> Iterable[Markup]:
    for i, piece in enumerate(re.split(r":([a-z0-9_+'-]+):", text)):
        if i % 2 == 0:
            yield escape(piece)
        else:
            yield emoji(piece) if piece in EMOJI else escape(f":{piece}:")


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _lines(text: Markup) -> Markup:
    return Markup(str(text).replace("\n", "<br>"))
