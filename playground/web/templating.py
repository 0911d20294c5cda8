"""Jinja2 that escapes everything and knows every name it uses, and the files that the page may fetch."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from playground.web.controls import State

ZONE: ContextVar[ZoneInfo] = ContextVar("zone")
"""Where the desk is whose page is being drawn."""
KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, kw_only=True)
class StaticFile:
    """A file as it is served; `tag` is a digest of it."""

    body: bytes
    kind: str
    tag: str


@lru_cache(maxsize=1)
def static_files() -> Mapping[str, StaticFile]:
    """By name, read once. What is not among them is not served."""
    found = {}
    for entry in files("playground.web").joinpath("static").iterdir():
        kind = KINDS.get(entry.name.rpartition(".")[2])
        if kind is not None and entry.is_file():
            body = entry.read_bytes()
            found[entry.name] = StaticFile(body=body, kind=kind, tag=hashlib.sha256(body).hexdigest()[:16])
    return found


def environment() -> jinja2.Environment:
    """`static(name)` is a file's URL; `hhmm` shows an instant in the desk's zone, `iso` as UTC; `query` is urlencoded."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("playground.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"hhmm": _hhmm, "iso": _iso, "query": urlencode}
    made.globals["static"] = _static_url
    return made


def drawn(templates: jinja2.Environment, name: str, *, state: State, **values: Any) -> Markup:
    """A template, with times as they are at the desk (also in macros, which see no `state`)."""
    ZONE.set(state.zone)
    return Markup(templates.get_template(name).render(state=state, **values))


def _hhmm(at: dt.datetime) -> str:
    return f"{at.astimezone(ZONE.get()):%H:%M}"


def _iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _static_url(name: str) -> str:
    """Whoever asks with the file's digest may keep it for ever."""
    file = static_files().get(name)
    return f"/static/{name}?v={file.tag}" if file else f"/static/{name}"
