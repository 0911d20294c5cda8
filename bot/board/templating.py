"""The board's pages: Jinja2 that escapes everything, knows every name it uses, and speaks the reader's language."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import jinja2

STATIC = "/board/static/"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class StaticFile:
    """A file of bot/board/static as it is served. `tag` is a digest of it."""

    body: bytes
    kind: str
    tag: str


@lru_cache(maxsize=1)
def static_files() -> Mapping[str, StaticFile]:
    """By name; read once. What is not among them is not served."""
    found = {}
    for entry in files("bot.board").joinpath("static").iterdir():
        kind = KINDS.get("." + entry.name.rpartition(".")[2])
        if kind is not None and entry.is_file():
            body = entry.read_bytes()
            tag = hashlib.sha256(body).hexdigest()[:16]
            found[entry.name] = StaticFile(body=body, kind=kind, tag=tag)
    return found


def environment() -> jinja2.Environment:
    """Pages get `s` (a Speech) and `viewer` (a Viewer, or None for whoever is not logged in).

    `{{ "No open tickets" | t }}` and `{{ "{n} open" | t(n="3") }}` are `s.text`; `{{ static("style.css") }}` is the URL of
    a file of bot/board/static."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("bot.board"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["t"] = _said
    made.globals["static"] = _static_url
    return made


@jinja2.pass_context
def _said(context: jinja2.runtime.Context, template: str, **values: Any) -> str:
    speech: Any = context["s"]
    said: Callable[..., str] = speech.text
    return said(template, **values)


def _static_url(name: str) -> str:
    """Whoever asks with the file's digest may keep it for ever."""
    file = static_files().get(name)
    return f"{STATIC}{name}?v={file.tag}" if file else f"{STATIC}{name}"
