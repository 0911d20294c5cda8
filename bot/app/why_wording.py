"""The words that explain whom a page goes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from bot.app.arithmetic import date_of
from bot.app.chain_wording import all_means, targets, trigger
from bot.app.speech import Speech
from bot.app.why_story_wording import why_ticket
from bot.app.why_verdict_wording import rule_line, zoned
from bot.domain import notices as no
from bot.domain import why_notices as why
from bot.domain.ids import PersonId
from bot.domain.message import Message, Part
from escalation.office import Hours

_CHAINS = {
    why.ChainFrom.RULE: "Chain *{chain}*, which the rule names:",
    why.ChainFrom.TEAM: "Chain *{chain}*, which team {team} has for it:",
    why.ChainFrom.NOBODY: "⚠️ Team {team} has no chain for it, so everyone is paged:",
}
_OVERRIDES = {
    "instead": "override{number} instead of {name}",
    "add": "override{number}, beside the others",
}


def _forecast(n: why.Forecast, s: Speech, name_of: Callable[[PersonId], str]) -> Message:
    parts: tuple[Part, ...] = s.say(
        "*{customer}*, *{severity}*, {when}:",
        customer=f"{n.contact}, {n.organisation}" if n.contact else n.organisation,
        severity=n.severity,
        when=s.when(n.verdict.at, starts=True),
    )
    if n.for_vip:
        parts += s.say("\nA VIP gets at least {severity}.", severity=n.severity)
    parts += s.say("\n") + _hours(n, s) + s.say("\n") + rule_line(n.verdict, s)
    parts += s.say("\n") + _outcome(n, s)
    if n.pages:
        for line in _chain_lines(n, s, name_of):
            parts += s.say("\n") + line
    return Message(parts=parts)


def _hours(n: why.Forecast, s: Speech) -> tuple[Part, ...]:
    local = n.verdict.at.astimezone(zoned(s, n.zone).zone)
    values = {"policy": n.policy, "date": date_of(s, local.date()), "time": f"{local:%H:%M}", "zone": n.zone}
    return s.say(_HOURS[n.verdict.hours], **values)


_HOURS = {
    Hours.OFFICE: "Office hours: {date} {time} in {zone} ({policy}).",
    Hours.LIMITED: "Limited hours: {date} {time} in {zone} ({policy}).",
    Hours.AFTER: "After hours: {date} {time} in {zone} ({policy}).",
    Hours.HOLIDAY: "A holiday: {date} {time} in {zone} ({policy}).",
}


def _outcome(n: why.Forecast, s: Speech) -> tuple[Part, ...]:
    if n.verdict.queued is not None:
        return s.say(
            "➡️ It waits for the desk to open, *{when}*; then it pages.", when=_start(n.verdict.queued, s)
        )
    if not n.pages:
        if n.verdict.opens is not None:
            return s.say("➡️ Nobody is paged. The desk opens *{when}*.", when=_start(n.verdict.opens, s))
        return s.say("➡️ Nobody is paged.")
    if n.asks_charge is not None:
        return s.say(
            "➡️ It pages. The call-out is charged ({plan}): the customer is asked first, for at most {left}.",
            plan=n.plan,
            left=s.span(n.asks_charge),
        )
    return s.say("➡️ It pages at once.")


def _start(at: dt.datetime, s: Speech) -> str:
    return s.when(at, starts=True)


# ---------------------------------------------------------------- the chain
def _chain_lines(
    n: why.Forecast, s: Speech, name_of: Callable[[PersonId], str]
) -> Iterator[tuple[Part, ...]]:
    yield s.say(_CHAINS[n.chain_from], chain=n.chain, team=n.team)
    for step in n.steps:
        if step.round == 1:
            yield _step(step, s, name_of)
            yield from (_person(person, s) for person in step.people)
    for around in range(2, max((step.round for step in n.steps), default=1) + 1):
        yield _again([step for step in n.steps if step.round == around], s)
    if n.everyone_from is not None:
        yield s.say(
            "{when}: everyone and the leads, every {left}: {people}",
            when=_start(n.everyone_from, s),
            left=s.span(dt.timedelta(minutes=5)),
            people=", ".join(n.everyone) or s.text("nobody can be reached"),
        )


def _step(step: why.StepForecast, s: Speech, name_of: Callable[[PersonId], str]) -> tuple[Part, ...]:
    values = {
        "n": str(step.step),
        "when": _start(step.begins, s),
        "targets": targets(step.targets, s, name_of),
        "left": s.span(step.until - step.begins),
        "trigger": trigger(step.at, s) if step.at else "",
    }
    if not step.people:
        return s.say("*{n}.* {when} {targets}: ⚠️ nobody. The next step begins at once.", **values)
    if not step.reaches:
        return s.say(
            "*{n}.* {when} {targets}: ⚠️ nobody can be reached. The next step begins at once.", **values
        )
    if step.at:
        return s.say("*{n}.* {when} {targets} ({trigger}), for {left}", **values)
    return s.say("*{n}.* {when} {targets}, for {left}", **values)


def _person(person: why.Reached, s: Speech) -> tuple[Part, ...]:
    parts = s.say("   *{name}*", name=person.name)
    if person.through is not None:
        parts += s.say(" ({through})", through=_through(person.through, s))
    if not person.able:
        return parts + s.say(": ⚠️ has no way to be paged")
    ways = " · ".join(_way(way, s) for way in person.ways) or s.text(
        "nothing beyond what was to come already"
    )
    parts += s.say(": {ways}", ways=ways)
    parts += s.say(" · own rules") if person.own_rules else ()
    if person.lacks:
        parts += s.say(" · has no {methods}: the next way in its place", methods=all_means(person.lacks, s))
    if person.down:
        parts += s.say(" · {methods} down now: another way in its place", methods=all_means(person.down, s))
    return parts


def _way(way: why.Way, s: Speech) -> str:
    at = f"{way.at.astimezone(s.zone):%H:%M}"
    methods = all_means(way.methods, s)
    if way.every is None:
        return s.text("{time} {methods}", time=at, methods=methods)
    return s.text("{time} {methods}, again every {left}", time=at, methods=methods, left=s.span(way.every))


def _through(by: why.Through, s: Speech) -> str:
    if by.layer is not None and not by.override:
        by_what = s.text("layer {n}", n=str(by.layer))
    else:
        by_what = s.text(
            _OVERRIDES.get(by.override, _OVERRIDES["add"]),
            number=f" {by.kept}" if by.kept else "",
            name=by.instead_of or s.text("everybody"),
        )
    return by_what if by.until is None else s.text("{what} until {when}", what=by_what, when=s.when(by.until))


def _again(steps: list[why.StepForecast], s: Speech) -> tuple[Part, ...]:
    """A later round, in one line."""
    names = [" + ".join(p.name for p in step.people if p.able) or s.text("nobody") for step in steps]
    return s.say(
        "Round {n}, {when}: {people}",
        n=str(steps[0].round),
        when=_start(steps[0].begins, s),
        people=" → ".join(names),
    )


WHY_WORDS: dict[type[no.Notice], Callable[[Any, Speech, Callable[[PersonId], str]], Message]] = {
    why.Forecast: _forecast,
    why.WhyTicket: why_ticket,
}
