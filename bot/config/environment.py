"""`env:NAME` anywhere in the file is the value of that environment variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.config.problems import Report
from bot.config.sentences import dotted

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SHORTEST = 4


def resolve(value: Any, environ: Mapping[str, str], report: Report, where: tuple[int | str, ...] = ()) -> Any:
    """The same tables with variables replaced by their values; what is not set stays as it is written."""
    if isinstance(value, dict):
        return {key: resolve(inner, environ, report, (*where, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolve(inner, environ, report, (*where, index)) for index, inner in enumerate(value)]
    if not isinstance(value, str) or not value.startswith("env:"):
        return value
    return _variable(value, environ, report, dotted("", where))


def _variable(value: str, environ: Mapping[str, str], report: Report, key: str) -> str:
    name = value.removeprefix("env:")
    if not _NAME.fullmatch(name):
        report.add(key, "not the name of an environment variable; write env:NAME", value)
    elif not environ.get(name):
        state = "empty" if name in environ else "not set"
        report.add(key, f"the environment variable {name} is {state}", value)
    else:
        if len(environ[name]) >= _SHORTEST:
            report.hidden[environ[name]] = value
        return environ[name]
    return value
