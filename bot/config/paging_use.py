"""What people's rules and chains come to together: attempts that come later than meant, steps that come out of order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from bot.config.document import Document, Entry
from bot.config.problems import Report
from bot.config.schema import Chain, PagingRule, Person, Step, Team
from bot.config.values import written
from escalation.policy import Policy


def check(document: Document, policies: Mapping[str, Policy | None], report: Report) -> None:
    """Warn of what works, but hardly as it was meant."""
    for chain in document.chains:
        if not report.has(chain.at):
            _shares_go_up(chain, report)
    for person in document.people:
        for severity, rules in person.value.rules.items():
            waits = _waits(person.value, severity, document, policies)
            if waits and None not in waits:
                longest = max(wait for wait in waits if wait is not None)
                _rules_begin_in_time(person, severity, rules, longest, report)


def _shares_go_up(chain: Entry[Chain], report: Report) -> None:
    """A step whose instant has passed when the one before begins comes a minute behind that one."""
    latest: dict[object, tuple[float, int, str]] = {}
    for number, part in enumerate(chain.parts, 1):
        at = part.value.at
        if at is None:
            continue
        fraction, before, text = latest.get(at.clock, (0.0, 0, ""))
        if at.fraction < fraction:
            message = f'"{at.text}" has passed when step {before} begins, at {text}'
            report.warn(f"{part.at}.at", f"{message}: this step begins 1 minute after the one before it")
        else:
            latest[at.clock] = at.fraction, number, at.text


def _rules_begin_in_time(
    person: Entry[Person],
    severity: str,
    rules: tuple[PagingRule, ...],
    longest: dt.timedelta,
    report: Report,
) -> None:
    earlier: set[str] = set()
    for index, rule in sorted(enumerate(rules), key=lambda found: found[1].after):
        if rule.after >= longest:
            after, id = written(rule.after), person.value.id
            comes = f'it comes {after} after "{id}" is first paged, while the page is at a later step'
            if earlier >= set(rule.by):
                comes = f'it begins anew whenever "{id}" is paged again before it has come'
            message = f'no step that pages "{id}" waits longer than {written(longest)}: {comes}'
            report.warn(f"{person.at}.rules.{severity}[{index}].after", message)
        earlier |= set(rule.by)


def _waits(
    person: Person, severity: str, document: Document, policies: Mapping[str, Policy | None]
) -> list[dt.timedelta | None]:
    """How long each step waits that pages them for this severity; None where that is not known here: before a step that
    is placed on a clock, and where a calendar says who is on."""
    return [
        None if unsure or (n + 1 < len(chain.parts) and chain.parts[n + 1].value.at) else part.value.wait
        for team in document.teams
        for chain in _chains(team.value, severity, document, policies)
        for n, part in enumerate(chain.parts)
        for unsure in _paged(person, part.value, team.value, document)
    ]


def _chains(
    team: Team, severity: str, document: Document, policies: Mapping[str, Policy | None]
) -> Iterator[Entry[Chain]]:
    """Those that a ticket of this team and severity may page."""
    names = {team.chains.get(severity)}
    policy = policies.get(team.policy)
    for rule in policy.after_hours if policy else ():
        if not rule.severities or severity in rule.severities:
            names.add(rule.chain)
    yield from (chain for chain in document.chains if chain.value.name in names)


def _paged(person: Person, step: Step, team: Team, document: Document) -> Iterator[bool]:
    """One answer if a step pages them, none if it does not: is it unsure?"""
    works = team.name in person.teams and bool({"engineer", "lead"} & set(person.roles))
    meant = {f"person:{person.id}"}
    if works:
        meant |= {"everyone", f"tier:{person.tier}"} | ({"leads"} if "lead" in person.roles else set())
    calendars = set()
    for schedule in document.schedules:
        target = f"schedule:{schedule.value.name}"
        if any(person.id in layer.value.people for layer in schedule.parts):
            meant.add(target)
        if any(layer.value.ical for layer in schedule.parts):
            calendars.add(target)
    if calendars & set(step.page):
        yield True
    elif meant & set(step.page):
        yield False
