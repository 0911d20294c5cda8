"""config.toml and the environment -> Config, or every mistake at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bot.config import checks, layers
from bot.config.build import build_directory
from bot.config.document import Document, look_up, read
from bot.config.environment import resolve
from bot.config.identities import configured
from bot.config.kept import PolicyText, read_text
from bot.config.policies import PolicyRead, read_policy
from bot.config.problems import ConfigError, Problem, Report
from bot.config.schema import Board as BoardTable
from bot.config.schema import Storage
from bot.config.tomlfile import read_toml
from bot.domain.people import Directory
from channels.adapter import Plugin
from escalation.policy import Policy


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bot:
    """[bot]. `public_url` has no trailing slash; `data` is the folder beside the file, not made yet."""

    name: str
    host: str
    port: int
    public_url: str
    data: Path

    @property
    def address(self) -> tuple[str, int]:
        """Where the web server listens."""
        return self.host, self.port


@dataclasses.dataclass(frozen=True, kw_only=True)
class Board:
    """[board]: a log-in ends when its person has done nothing for `idle`, and in any case after `absolute`."""

    idle: dt.timedelta = dt.timedelta(minutes=30)
    absolute: dt.timedelta = dt.timedelta(hours=12)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config:
    """The whole configuration, checked. `channels` has the settings of each plugin that has a section."""

    path: Path
    bot: Bot
    storage_url: str
    channels: Mapping[str, Any]
    directory: Directory
    board: Board = Board()
    policy_texts: tuple[PolicyText, ...] = ()
    """The files that the directory's policies were read from."""
    warnings: tuple[str, ...] = ()
    """What works, but hardly as it was meant; `standby check` prints them."""


def load(path: Path, plugins: Sequence[Plugin], environ: Mapping[str, str]) -> Config:
    """Read the file and the policies that it names. Raises ConfigError with every mistake."""
    path = path.absolute()
    whole = Report(path.name)
    raw, _ = read_toml(path, whole)
    if raw is None:
        raise ConfigError(tuple(whole.problems))
    report = Report()
    resolved = resolve(raw, environ, report)
    unset = tuple(report.problems)
    document = read(raw, resolved, plugins, report)
    policies, texts, found = _policies(look_up(resolved, "bot.policies"), path.parent, report)
    checks.check(document, checks.names_of(resolved, policies), plugins, report)
    layers.warn_of_missing_files(document, path.parent, report)
    problems = (*_without_echoes(report.problems, unset), *found)
    ready = {name: policy for name, policy in policies.items() if policy}
    if problems or document.bot is None or document.storage is None:
        raise ConfigError(problems)
    host, port = document.bot.listen
    board = document.board or BoardTable()
    return Config(
        path=path,
        bot=Bot(
            name=document.bot.name,
            host=host,
            port=port,
            public_url=document.bot.public_url,
            data=path.parent / "data",
        ),
        storage_url=_storage_url(document.storage.url, path.parent),
        channels=document.channels,
        board=Board(idle=board.idle, absolute=board.absolute),
        directory=build_directory(document, ready, configured(document, plugins), path.parent),
        policy_texts=tuple(texts),
        warnings=(*report.warnings, *_password_in_file(document)),
    )


def _without_echoes(problems: Sequence[Problem], unset: Sequence[Problem]) -> tuple[Problem, ...]:
    """A variable that is not set is not also a malformed value."""
    keys = {problem.key for problem in unset}
    return (*unset, *(problem for problem in problems[len(unset) :] if problem.key not in keys))


class _Policies(NamedTuple):
    """By name, None where a file can't be used; the files' texts; and what is wrong inside them."""

    by_name: dict[str, Policy | None]
    texts: list[PolicyText]
    inside: list[Problem]


def _policies(listed: object, folder: Path, report: Report) -> _Policies:
    policies: dict[str, Policy | None] = {}
    texts: list[PolicyText] = []
    inside: list[Problem] = []
    prefixes: dict[str, str] = {}
    for index, file in enumerate(listed if isinstance(listed, list) else ()):
        key = f"bot.policies[{index}]"
        if not isinstance(file, str) or not (folder / file).is_file():
            if isinstance(file, str):
                report.add(key, "no such file", file)
                policies.setdefault(Path(file).stem, None)
            continue
        found = read_policy(folder / file, file, inside)
        name = found.name or Path(file).stem
        if name in policies:
            report.add(key, f'its name "{name}" is taken by another policy', file)
        policies[name] = found.policy
        _prefix_is_free(found, key, file, prefixes, report)
        if found.policy and (text := read_text(folder / file, file, found.policy)) is not None:
            texts.append(text)
        elif found.policy:
            report.add(key, "it changed while it was read; try again", file)
    return _Policies(policies, texts, inside)


def _prefix_is_free(found: PolicyRead, key: str, file: str, prefixes: dict[str, str], report: Report) -> None:
    if found.policy and (owner := prefixes.setdefault(found.policy.prefix, found.name)) != found.name:
        message = f'its prefix {found.policy.prefix} is taken by "{owner}"'
        report.add(key, f"{message}; references would be confused", file)


def _storage_url(url: str, folder: Path) -> str:
    """A relative SQLite file is beside the configuration, wherever the process was started."""
    if not url.startswith("sqlite:///") or url.startswith("sqlite:////"):
        return url
    return f"sqlite:///{folder / url.removeprefix('sqlite:///')}"


def _password_in_file(document: Document) -> tuple[str, ...]:
    section = document.raw.get("storage", {})
    written = section.get("url", Storage.model_fields["url"].default) if isinstance(section, Mapping) else ""
    if isinstance(written, str) and urlsplit(written).password:
        return ("storage.url: a password stands in the file; write the whole url as env:NAME",)
    return ()
