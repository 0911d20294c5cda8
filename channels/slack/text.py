"""Slack's own form of text: what comes in is escaped and marked up, what goes out has to be escaped."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<([^<>]*)>")


def readable(text: str) -> str:
    """What a person reads: `<http://x|here>` -> `here (http://x)`, `&lt;` -> `<`. Of a mention it keeps the id
    (`<@U1|ada>` -> `@U1`): a label need not be the name of anybody here."""
    return unescaped(_TOKEN.sub(lambda found: _said(found[1]), text))


def escaped(text: str) -> str:
    """The three characters that Slack wants escaped: without them nothing can turn into a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def cut(text: str, most: int, end: str = "…") -> str:
    """At most `most` characters, `end` showing that something is missing."""
    return text if len(text) <= most else text[: max(most - len(end), 0)].rstrip() + end


def _said(token: str) -> str:
    target, _, label = token.partition("|")
    match target[:1]:
        case "@":
            return target
        case "#":
            return "#" + (label.lstrip("#") or target[1:])
        case "!":
            return _special(target[1:], label)
        case _:
            return _link(target, label)


def _special(name: str, label: str) -> str:
    """`!here`, `!subteam^S1|@ops`, `!date^1700000000^{date}|14 November`."""
    if "^" in name:
        return label or "@" + name.partition("^")[0]
    return "@" + (label.lstrip("@") or name)


def _link(target: str, label: str) -> str:
    scheme, _, address = target.partition(":")
    bare = address if scheme in ("mailto", "tel") else target
    if not label or label == bare:
        return bare
    if label.rstrip("/") == address.lstrip("/").rstrip("/"):
        return label
    return f"{label} ({bare})"
