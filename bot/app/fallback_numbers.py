"""The phones that the emergency line dials where Standby can't say whose turn it is: whoever is on call first."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from bot.app.context import Context
from bot.domain.dialling import refusal
from bot.domain.ids import ChannelName
from bot.domain.people import Directory, Person, Team, Unlisted
from escalation.chain import Chain
from escalation.schedule import Schedule

CALL = ChannelName("call")
MOST = 10
"""So many phones at most: a caller waits up to half a minute for each."""

Find = Callable[[str], Schedule]
"""A schedule as it is now, by its name. Raises Unlisted."""


def numbers(directory: Directory, now: dt.datetime, schedule: Find | None = None) -> tuple[str, ...]:
    """E.164, each once, at most MOST, none that may not be dialled: on call now, the further steps of the chains, the
    leads, everybody; of all teams, since nobody has asked yet whose customer is calling. `schedule` finds what was
    arranged in chat too; without it the configuration alone counts."""
    people = _in_order(directory, now, schedule or directory.schedule)
    found = dict.fromkeys(phone for person in people for phone in dialled(directory, person))
    return tuple(found)[:MOST]


def on_call(directory: Directory, now: dt.datetime, schedule: Find | None = None) -> tuple[Person, ...]:
    """Who is on call now for the most urgent severity of any team; empty is a gap."""
    found = _on_call(directory, now, schedule or directory.schedule)
    return tuple({person.id: person for person in found}.values())


def dialled(directory: Directory, person: Person) -> tuple[str, ...]:
    """Those of somebody's phones that may be dialled."""
    return tuple(place for place in person.places(CALL) if not refusal(place, directory.hotline))


def numbers_now(ctx: Context) -> tuple[str, ...]:
    """The same with everything that was arranged in chat and what calendars say."""
    return numbers(ctx.directory, ctx.now, ctx.schedule)


def on_call_now(ctx: Context) -> tuple[Person, ...]:
    """Who is on call with everything that was arranged in chat and what calendars say."""
    return on_call(ctx.directory, ctx.now, ctx.schedule)


def _in_order(directory: Directory, now: dt.datetime, schedule: Find) -> Iterator[Person]:
    yield from _on_call(directory, now, schedule)
    for team, chain in _chains(directory):
        targets = (target for step in chain.steps for target in step.targets)
        yield from _meant(directory, targets, team, now, schedule)
    for team in directory.teams:
        yield from _meant(directory, ("leads",), team, now, schedule)
    for team in directory.teams:
        yield from directory.people_of(team.name)
    yield from directory.people


def _on_call(directory: Directory, now: dt.datetime, schedule: Find) -> Iterator[Person]:
    for team, chain in _chains(directory):
        targets = (
            target for step in chain.steps for target in step.targets if target.startswith("schedule:")
        )
        yield from _meant(directory, targets, team, now, schedule)


def _chains(directory: Directory) -> Iterator[tuple[Team, Chain]]:
    """What each team pages for the most urgent severity that it has a chain for."""
    for team in directory.teams:
        with contextlib.suppress(Unlisted):
            policy = directory.policy(team.policy)
            name = next((team.chains[s.id] for s in policy.severities if s.id in team.chains), "")
            yield team, directory.chain(name)


def _meant(
    directory: Directory, targets: Iterable[str], team: Team, now: dt.datetime, schedule: Find
) -> Iterator[Person]:
    for target in targets:
        with contextlib.suppress(Unlisted):
            yield from directory.resolve(target, team.name, now, schedule)
