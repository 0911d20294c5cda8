"""Reading TOML from disk: what is wrong with the file itself."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from bot.config.problems import Report

_TOO_DEEP = "nested too deeply"
_DEEPEST = 50
_AT = re.compile(r" \(at (line \d+, column \d+|end of document)\)$")


def read_toml(path: Path, report: Report) -> tuple[dict[str, Any] | None, bytes]:
    """The file's tables and its bytes; None for the tables when it can't be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        report.add("", "no such file")
    except OSError as error:
        report.add("", f"can't be read: {(error.strerror or type(error).__name__).lower()}")
    else:
        return _parsed(data, report), data
    return None, b""


def _parsed(data: bytes, report: Report) -> dict[str, Any] | None:
    try:
        tables = tomllib.loads(data.decode("utf-8-sig"))
        if not _is_deep(tables):
            return tables
        report.add("", _TOO_DEEP)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        report.add(f"line {line}", "not UTF-8")
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _AT.search(message)
        where = found[1] if found else ""
        plain = _AT.sub("", message)
        report.add(where, plain[:1].lower() + plain[1:])
    except RecursionError:
        report.add("", _TOO_DEEP)
    except ValueError:  # what Python converts to no number
        report.add("", "a number in it is too long")
    return None


def _is_deep(value: object, left: int = _DEEPEST) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left == 0 or any(_is_deep(each, left - 1) for each in inner)
