"""A file's tables, each read by itself, so that every mistake is found in one go.

A table with a mistake in an optional key goes on without that key: what refers to it is then still checked.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bot.config import schema
from bot.config.problems import Report, did_you_mean
from bot.config.sentences import is_secret, one_each, say_all
from channels.adapter import Plugin

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T", bound=BaseModel, covariant=True)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry(Generic[T]):
    """One table: where it stands (`people[1]`), what it says, and the tables inside that were read by themselves."""

    at: str
    value: T
    parts: tuple[Entry[Any], ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Document:
    """What could be read of the file. `raw` is the file as it is written, before env:NAME, `resolved` after."""

    raw: Mapping[str, Any]
    resolved: Mapping[str, Any]
    bot: schema.Bot | None
    storage: schema.Storage | None
    paging: schema.Paging | None
    voice: schema.Voice | None
    board: schema.Board | None
    channels: Mapping[str, BaseModel]
    teams: tuple[Entry[schema.Team], ...]
    people: tuple[Entry[schema.Person], ...]
    schedules: tuple[Entry[schema.Schedule], ...]
    chains: tuple[Entry[schema.Chain], ...]
    organisations: tuple[Entry[schema.Organisation], ...]


TABLES = (
    "bot",
    "storage",
    "paging",
    "voice",
    "board",
    "channels",
    "teams",
    "people",
    "schedules",
    "chains",
    "organisations",
)


def read(
    raw: Mapping[str, Any], resolved: Mapping[str, Any], plugins: Sequence[Plugin], report: Report
) -> Document:
    """Check every table by itself. `resolved` is `raw` with the environment's values in it."""
    identities = tuple(plugin.identity_key for plugin in plugins if plugin.identity_key)
    desks = tuple(plugin.desk_key for plugin in plugins if plugin.desk_key)
    reader = Reader(report, raw)
    for key in resolved:
        if key not in TABLES:
            report.add(key, f"unknown key{did_you_mean(key, TABLES)}")
    contact = schema.with_keys(schema.Contact, identities)
    return Document(
        raw=raw,
        resolved=resolved,
        bot=reader.take(schema.Bot, resolved.get("bot", {}), "bot"),
        storage=reader.take(schema.Storage, resolved.get("storage", {}), "storage"),
        paging=reader.take(schema.Paging, resolved.get("paging", {}), "paging"),
        voice=reader.take(schema.Voice, resolved.get("voice", {}), "voice"),
        board=reader.take(schema.Board, resolved.get("board", {}), "board"),
        channels=_channels(reader, resolved, plugins),
        teams=reader.each(schema.with_keys(schema.Team, desks), resolved, "teams"),
        people=reader.each(schema.with_keys(schema.Person, identities), resolved, "people"),
        schedules=reader.each(schema.Schedule, resolved, "schedules", "layers", schema.Layer),
        chains=reader.each(schema.Chain, resolved, "chains", "steps", schema.Step),
        organisations=reader.each(schema.Organisation, resolved, "organisations", "contacts", contact),
    )


class Reader:
    """Turns raw tables into frozen ones, and what is wrong with them into the report."""

    def __init__(self, report: Report, raw: Mapping[str, Any]) -> None:
        self.report = report
        self.raw = raw

    def take(self, model: type[M], value: object, at: str) -> M | None:
        """The table, or None when not even the rest of it can be used."""
        try:
            return model.model_validate(value)
        except ValidationError as error:
            say_all(error, model, look_up(self.raw, at), at, self.report)
            wrong = {found["loc"][0] for found in error.errors(include_url=False) if found["loc"]}
        if not isinstance(value, Mapping):
            return None
        try:
            return model.model_validate({key: rest for key, rest in value.items() if key not in wrong})
        except ValidationError:
            return None

    def each(
        self,
        model: type[M],
        table: Mapping[str, Any],
        key: str,
        inner: str = "",
        inner_model: type[BaseModel] | None = None,
        at: str = "",
    ) -> tuple[Entry[M], ...]:
        """The entries of a list of tables at `key`, with those of the list `inner` in each."""
        where = f"{at}.{key}" if at else key
        values = table.get(key, ())
        if not isinstance(values, list | tuple):
            if not self.report.has(where):
                self.report.add(where, one_each(where), values)
            return ()
        entries: list[Entry[M]] = []
        for index, value in enumerate(values):
            here = f"{where}[{index}]"
            if not isinstance(value, Mapping) and self.report.has(here):
                continue
            taken = self.take(model, value, here)
            parts: tuple[Entry[Any], ...] = ()
            if inner_model is not None and isinstance(value, Mapping) and _tables(value.get(inner)):
                parts = self.each(inner_model, value, inner, at=here)
            if taken is not None:
                entries.append(Entry(at=here, value=taken, parts=parts))
        return tuple(entries)


def _tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _channels(reader: Reader, resolved: Mapping[str, Any], plugins: Sequence[Plugin]) -> dict[str, BaseModel]:
    sections = resolved.get("channels", {})
    if not isinstance(sections, Mapping) or not sections:
        reader.report.add("channels", "no channel is configured; add a section such as [channels.slack]")
        return {}
    by_name = {plugin.name: plugin for plugin in plugins}
    taken: dict[str, BaseModel] = {}
    for name, section in sections.items():
        at = f"channels.{name}"
        if name not in by_name:
            reader.report.add(at, f"unknown key{did_you_mean(name, by_name)}")
            continue
        _warn_of_secrets(reader, by_name[name].settings, at)
        settings = reader.take(by_name[name].settings, section, at)
        if settings is not None:
            taken[name] = settings
    return taken


def _warn_of_secrets(reader: Reader, model: type[BaseModel], at: str) -> None:
    """A secret that stands in the file is allowed, never shown, and named as a warning."""
    section = look_up(reader.raw, at)
    for key, value in section.items() if isinstance(section, Mapping) else ():
        if is_secret(model, (key,)) and isinstance(value, str) and not value.startswith("env:"):
            if value:
                reader.report.hidden[value] = "(hidden)"
            reader.report.warn(f"{at}.{key}", "a secret stands in the file; write it as env:NAME")


def look_up(raw: object, key: str) -> object:
    """What stands at a dotted key; None where nothing does."""
    for part in key.replace("[", ".").replace("]", "").split(".") if key else ():
        if isinstance(raw, Mapping):
            raw = raw.get(part)
        elif isinstance(raw, list | tuple) and part.isdigit() and int(part) < len(raw):
            raw = raw[int(part)]
        else:
            return None
    return raw
