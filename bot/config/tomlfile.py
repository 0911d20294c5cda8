"""Reading TOML from disk: what is wrong with the file itself."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from bot.config.problems import Report

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
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        report.add(f"line {line}", "not UTF-8")
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _AT.search(message)
        where = found[1] if found else ""
        plain = _AT.sub("", message)
        report.add(where, plain[:1].lower() + plain[1:])
    return None
