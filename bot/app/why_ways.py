"""By what means people are reached along a page's walk, and when: what attempts.py would make of each step."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.app.attempts import methods_of
from bot.app.context import Context
from bot.domain import why_notices as why
from bot.domain.ids import ChannelName
from bot.domain.people import Person
from escalation import paging


@dataclasses.dataclass(frozen=True, kw_only=True)
class Turn:
    """One person in one step, which lasts from `begins` to `until`."""

    rules: tuple[paging.Rule, ...]
    methods: tuple[str, ...]
    begins: dt.datetime
    until: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Try:
    at: dt.datetime
    method: str
    turn: int
    rule: int


def methods_at(ctx: Context, person: Person, at: dt.datetime) -> tuple[ChannelName, ...]:
    """The ways by which they can be paged: whose vendor is down counts only now, not for an instant to come."""
    if at <= ctx.now:
        return methods_of(ctx, person)
    up = dataclasses.replace(ctx.setup, down=lambda channel: False)
    return methods_of(dataclasses.replace(ctx, setup=up), person)


def lacking(
    ctx: Context, person: Person, rules: tuple[paging.Rule, ...], at: dt.datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels of what the rules name and the person has not; and of what they have and is down now."""
    has = methods_at(ctx, person, dt.datetime.max.replace(tzinfo=dt.UTC))
    able = methods_at(ctx, person, at)
    named = dict.fromkeys(method for rule in rules for method in rule.by if method != paging.CHAT)
    wanted = dict.fromkeys(attempt.method for attempt in paging.attempts(rules, has, ctx.now))
    lacks = tuple(ctx.setup.label(method) for method in named if method not in has)
    return lacks, tuple(ctx.setup.label(method) for method in wanted if method not in able)


def ways_of(ctx: Context, turns: Sequence[Turn]) -> list[tuple[why.Way, ...]]:
    """What goes out to one person in each of their turns, in the order of the walk.

    What was to come later than its step lasts still does, unless the person is tried anew by the same way before: then
    it keeps its time, and stays with the turn that it is from."""
    sent: list[list[_Try]] = [[] for _ in turns]
    pending: list[_Try] = []
    for n, turn in enumerate(turns):
        for old in pending:
            if old.at < turn.begins:
                sent[old.turn].append(old)
        pending = _in_place_of_older([old for old in pending if old.at >= turn.begins], list(_tries(turn, n)))
    for left in pending:
        sent[left.turn].append(left)
    return [tuple(_grouped(ctx, turn, tries)) for turn, tries in zip(turns, sent, strict=True)]


def _tries(turn: Turn, n: int) -> Iterator[_Try]:
    found = [
        _Try(at=attempt.at, method=attempt.method, turn=n, rule=place)
        for place, rule in enumerate(turn.rules)
        for attempt in paging.attempts((rule,), turn.methods, turn.begins, turn.until)
    ]
    yield from sorted(found, key=lambda one: one.at)


def _in_place_of_older(old: list[_Try], made: list[_Try]) -> list[_Try]:
    """Nothing old goes out by a way that is tried anew, but each way's first comes when the older one would have."""
    anew = {one.method for one in made}
    soonest: dict[str, _Try] = {}
    for one in sorted(old, key=lambda one: one.at):
        soonest.setdefault(one.method, one)
    kept = [one for one in old if one.method not in anew]
    for one in made:
        earlier = soonest.pop(one.method, one)
        kept.append(earlier if earlier.at < one.at else one)
    return kept


def _grouped(ctx: Context, turn: Turn, tries: list[_Try]) -> Iterator[why.Way]:
    """What a rule sends at one time, as one; what several rules send by one way at one time goes out once."""
    times: dict[tuple[int, str], list[dt.datetime]] = defaultdict(list)
    unique = {(one.at, one.method): one for one in sorted(tries, key=lambda one: (one.at, -one.rule))}
    for one in unique.values():
        times[one.rule, one.method].append(one.at)
    together: dict[tuple[dt.datetime, int, bool], list[str]] = defaultdict(list)
    for (rule, method), ats in times.items():
        together[ats[0], rule, len(ats) > 1].append(ctx.setup.label(method))
    for (at, rule, again), methods in sorted(together.items(), key=lambda found: found[0][:2]):
        yield why.Way(at=at, methods=tuple(methods), every=turn.rules[rule].every if again else None)
