"""What is wrong with a file, as values: every mistake at once, each by its dotted key."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
import json
from collections.abc import Iterable, Iterator


@dataclasses.dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake. `met` is the value as it was written; `file` is set for files beside the config file."""

    key: str
    message: str
    met: str = ""
    file: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.key, self.met, self.message) if part)


class ConfigError(Exception):
    """The configuration can't be used; `problems` has every mistake that was found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Report:
    """Collects problems and warnings while one file is read. `hidden` maps secrets to what may be shown instead."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.warnings: list[str] = []
        self.hidden: dict[str, str] = {}

    def add(self, key: str, message: str, met: object = None) -> None:
        shown = "" if met is None else quoted(met)
        if shown and message.startswith(shown):
            shown = ""
        for secret, name in self.hidden.items():
            message, shown = message.replace(secret, name), shown.replace(secret, name)
        self.problems.append(Problem(key=key, message=message, met=shown, file=self.file))

    def warn(self, key: str, message: str) -> None:
        self.warnings.append(": ".join(part for part in (self.file, key, message) if part))

    def has(self, key: str) -> bool:
        """Is anything wrong with `key` or what is in it?"""
        return any(p.key == key or p.key.startswith((f"{key}.", f"{key}[")) for p in self.problems)


def twins(named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Of dotted keys and the names there, those whose name is taken: the key, the first key with it, the name."""
    seen: dict[str, str] = {}
    for key, name in named:
        if (first := seen.setdefault(name, key)) != key:
            yield key, first, name


def quoted(value: object) -> str:
    """A value as it stands in TOML; empty for tables and lists, which say nothing on one line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean "desk"?`, or the known words where none is close, or nothing where there are none."""
    words = sorted(dict.fromkeys(known))
    if close := difflib.get_close_matches(word, words, n=1, cutoff=0.6):
        return f'; did you mean "{close[0]}"?'
    return f"; use {one_of(words)}" if words else ""


def one_of(words: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
