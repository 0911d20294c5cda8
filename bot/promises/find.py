"""Where a policy is: a file, or a name among the configuration's policies and the folders beside it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bot.config.problems import Report
from bot.config.tomlfile import read_toml
from escalation.calendar import WEEKDAYS

SHIPPED = Path(__file__).parents[2] / "policies"
"""The repository's own."""


class NoSuchPolicy(LookupError):
    """A name that no policy has; the message names those that there are."""

    def __init__(self, asked: str, known: tuple[str, ...]) -> None:
        super().__init__(f'no policy "{asked}"; there {_are(known)}')


def _are(known: tuple[str, ...]) -> str:
    return f"{'is' if len(known) == 1 else 'are'} {', '.join(known)}" if known else "is none"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Configured:
    """What a configuration says of policies: its files, its chains. `exists` is whether it could be read.

    `teams` maps a policy's name to its teams, and each of them to the severities that it has chains for.
    """

    folder: Path
    exists: bool
    policies: tuple[Path, ...] = ()
    chains: frozenset[str] = frozenset()
    teams: Mapping[str, Mapping[str, frozenset[str]]] = dataclasses.field(default_factory=dict)


def configured(config: Path) -> tuple[Configured, tuple[str, ...]]:
    """Read only that of a config file, and what is wrong with the file itself; it may be missing."""
    folder = config.absolute().parent
    if not config.is_file():
        return Configured(folder=folder, exists=False), ()
    report = Report(str(config))
    raw, _ = read_toml(config, report)
    if raw is None:
        return Configured(folder=folder, exists=False), tuple(map(str, report.problems))
    bot = raw.get("bot")
    listed = bot.get("policies") if isinstance(bot, Mapping) else None
    files = tuple(folder / f for f in listed if isinstance(f, str)) if isinstance(listed, list) else ()
    found = Configured(folder=folder, exists=True, policies=files, chains=_chains(raw), teams=_teams(raw))
    return found, ()


def _chains(raw: Mapping[str, Any]) -> frozenset[str]:
    names = (chain.get("name") for chain in _tables(raw, "chains"))
    return frozenset(name for name in names if isinstance(name, str))


def _teams(raw: Mapping[str, Any]) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    for team in _tables(raw, "teams"):
        name, policy, chains = (team.get(key) for key in ("name", "policy", "chains"))
        if isinstance(name, str) and isinstance(policy, str):
            severities = frozenset(chains) if isinstance(chains, Mapping) else frozenset()
            found.setdefault(policy, {})[name] = severities
    return found


def _tables(raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    listed = raw.get(key)
    return [table for table in listed if isinstance(table, Mapping)] if isinstance(listed, list) else []


def find(asked: str, within: Configured) -> Path:
    """The policy's file; raises NoSuchPolicy."""
    if asked.endswith(".toml") and Path(asked).is_file():
        return Path(asked)
    named: dict[str, Path] = {}
    for path in _files(within):
        named.setdefault(_name_in(path), path)
    if asked not in named:
        raise NoSuchPolicy(asked, tuple(sorted(named)))
    return named[asked]


def _files(within: Configured) -> Iterator[Path]:
    yield from (path for path in within.policies if path.is_file())
    for folder in (within.folder / "policies", Path("policies"), SHIPPED):
        yield from sorted(folder.glob("*.toml"))


def _name_in(path: Path) -> str:
    """Its `name`; the file's own where none can be read."""
    try:
        name = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("name")
    except (OSError, ValueError, RecursionError):
        name = None
    return name if isinstance(name, str) and name else path.stem


def is_configured(path: Path, within: Configured) -> bool:
    """Is the file one that the configuration names?"""
    return path.resolve() in [file.resolve() for file in within.policies]


class Written(NamedTuple):
    """Hours as they stand in a file: limited windows by weekday, one mapping a table, and overrides by date."""

    windows: tuple[dict[str, list[str]], ...]
    overrides: dict[dt.date, list[str]]


def written_hours(path: Path) -> Written:
    """What a file that was read before says of hours."""
    raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    return Written(
        windows=tuple(
            {day: table[day] for day in WEEKDAYS if day in table} for table in raw.get("limited", [])
        ),
        overrides={dt.date.fromisoformat(date): spans for date, spans in raw.get("overrides", {}).items()},
    )
