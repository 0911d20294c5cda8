"""Are the calendars of a configuration right? Asked by `standby check`, and before a reload is taken."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence

from bot.calendars.apart import read_apart
from bot.calendars.fetch import client, fetch, label_of
from bot.calendars.sources import Known, Source, known_to, sources_of
from bot.config import Config, ConfigError, Problem
from bot.domain.calendar_faults import CalendarError

TIMEOUT = 5.0
"""Seconds that a server has."""
AT_ONCE = 4
_COUNTS = 'what counts is the id or name of somebody who can acknowledge its pages, alone or with words like "on call"'

Findings = tuple[tuple[Problem, ...], tuple[str, ...]]
Said = CalendarError | tuple[str, ...]
"""What is wrong with a calendar, or what in it puts nobody on call."""


async def check_calendars(config: Config, now: dt.datetime) -> Findings:
    """Mistakes and warnings, each by its key. One that can't be fetched now is a warning: it may be right."""
    found = await _all(config, now)
    problems = tuple(Problem(key=source.key, message=str(said)) for source, said in _mistakes(found))
    warnings: list[str] = []
    for source, said in found:
        if isinstance(said, CalendarError) and said.is_away:
            warnings.append(f"{source.key}: {said}")
        elif not isinstance(said, CalendarError) and said:
            names = ", ".join(f'"{name}"' for name in said)
            warnings.append(f"{source.key}: {label_of(source.at)}: nobody is on call for {names}; {_COUNTS}")
    return problems, (*warnings, *_in_two_zones([source for source, _ in found]))


async def examine(config: Config, now: dt.datetime) -> None:
    """Before a reload: raises ConfigError for the mistakes, which go to the log, so without what is in a calendar."""
    mistakes = _mistakes(await _all(config, now))
    if mistakes:
        raise ConfigError(
            tuple(Problem(key=source.key, message=said.for_the_log) for source, said in mistakes)
        )


async def _all(config: Config, now: dt.datetime) -> list[tuple[Source, Said]]:
    sources = list(sources_of(config.directory))
    turns = asyncio.Semaphore(AT_ONCE)

    async def look(source: Source) -> Said:
        async with turns:
            return await _look(source, known_to(config.directory, source.at), now)

    said = await asyncio.gather(*map(look, sources))
    return list(zip(sources, said, strict=True))


def _mistakes(found: Sequence[tuple[Source, Said]]) -> list[tuple[Source, CalendarError]]:
    """Of a file that is missing the configuration has warned itself."""
    return [
        (source, said)
        for source, said in found
        if isinstance(said, CalendarError) and not said.is_away and said.what != "missing"
    ]


async def _look(source: Source, known: Known, now: dt.datetime) -> Said:
    try:
        async with client(TIMEOUT) as http:
            given = await fetch(http, source.at, seconds=TIMEOUT)
        text, label = given.text if given else "", label_of(source.at)
        found = await read_apart(
            text, label=label, zone=source.zone, now=now, people=known.people, titles=known.titles
        )
        return found.strangers
    except CalendarError as error:
        return error


def _in_two_zones(sources: Sequence[Source]) -> list[str]:
    """A calendar is kept once: its whole days are those of the first schedule that names it."""
    first: dict[str, Source] = {}
    return [
        f"{source.key}: its whole days are taken in the zone of {first[source.at].schedule}, which names it too"
        for source in sources
        if first.setdefault(source.at, source).zone != source.zone
    ]
