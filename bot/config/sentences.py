"""Pydantic's findings in our own sentences: what was met, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, SecretBytes, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.config.problems import Report, did_you_mean, one_of
from bot.config.schema import Entries

Location = tuple[int | str, ...]

_FIXED = {
    "missing": "missing",
    "string_type": "write it as a string",
    "int_type": "write it as a whole number",
    "int_parsing": "write it as a whole number",
    "int_from_float": "write it as a whole number",
    "float_type": "write it as a number",
    "float_parsing": "write it as a number",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "list_type": 'write it as a list, such as ["..."]',
    "tuple_type": 'write it as a list, such as ["..."]',
    "dict_type": "write it as a table, such as { ... = ... }",
    "model_type": "write it as a table, such as { ... = ... }",
    "model_attributes_type": "write it as a table, such as { ... = ... }",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "url_parsing": "not a URL; write it as https://example.com/",
    "url_scheme": "not a URL; write it as https://example.com/",
    "url_type": "not a URL; write it as https://example.com/",
}
_LIMITS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}
_INDEX = re.compile(r"\[\d+\]")
_SECRET = re.compile(r"(^|_)(token|secret|password)$")


def say_all(error: ValidationError, model: type[BaseModel], raw: object, at: str, report: Report) -> None:
    """Add every finding of `error` under the dotted key `at`; `raw` is what was written, before env:NAME."""
    errors = error.errors(include_url=False)
    for found in errors:
        if found["type"] == "too_short" and any(_is_within(other["loc"], found["loc"]) for other in errors):
            continue  # it is short of what is wrong in it
        where = tuple(part for part in found["loc"] if part != "[key]")
        met = None if found["type"] in ("missing", "extra_forbidden") else _met(found, raw, where)
        if is_secret(model, where) and not str(met).startswith("env:"):
            met = None
        key = dotted(at, where)
        report.add(key, _sentence(found, model, where, key), met)


def _is_within(inner: Location, outer: Location) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def dotted(at: str, where: Location) -> str:
    """`people` and (1, "phones", 0) -> `people[1].phones[0]`."""
    for part in where:
        at += f"[{part}]" if isinstance(part, int) else f".{part}" if at else str(part)
    return at


def _met(found: ErrorDetails, raw: object, where: Location) -> object:
    if "[key]" in found["loc"]:
        return found["input"]
    here: Any = raw
    for part in where:
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            return None
    return here


def one_each(key: str) -> str:
    """What is said of tables that are written as anything but a list of them."""
    return f"write each as a table of its own: [[{_INDEX.sub('', key)}]]"


def _sentence(found: ErrorDetails, model: type[BaseModel], where: Location, key: str) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "tuple_type" and _annotation(model, where) == Entries:
        return one_each(key)
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return f"unknown key{did_you_mean(str(where[-1]), known_keys(model, where[:-1]))}"
    if kind in ("literal_error", "enum"):
        words = re.findall(r"'([^']*)'", str(context["expected"]))
        hint = did_you_mean(str(found["input"]), words)
        return f"unknown{hint}" if "did you" in hint else f"unknown; use {one_of(words)}"
    if kind in _LIMITS:
        name, words_ = _LIMITS[kind]
        return f"must be {words_} {context[name]}"
    return _FIXED.get(kind) or _plain(found["msg"])


def _plain(message: str) -> str:
    message = message.replace("Input should be", "must be").replace("Value error, ", "")
    return message[:1].lower() + message[1:]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The tables that a type has in it: `tuple[Window, ...]` has Window."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def known_keys(model: type[BaseModel], where: Location) -> tuple[str, ...]:
    """The keys of the table at `where` in `model`."""
    inside = next(_models(_annotation(model, where)), None)
    return tuple(_fields(inside)) if inside else ()


def _annotation(model: type[BaseModel], where: Location) -> Any:
    """The type at `where`; a key of a mapping and an index of a list stay with their container's type."""
    here: Any = model
    for part in where:
        table = next(_models(here), None)
        if isinstance(part, str) and table is not None and part in _fields(table):
            here = _fields(table)[part]
    return here


def is_secret(model: type[BaseModel], where: Location) -> bool:
    """Does the key hold a secret, by its type or by its name?"""
    if not where or not isinstance(where[-1], str):
        return False
    annotation = _annotation(model, where)
    return any(kind in (annotation, *get_args(annotation)) for kind in (SecretStr, SecretBytes)) or bool(
        _SECRET.search(where[-1])
    )
