"""What one table says about another: every name leads somewhere, and nothing has two meanings."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.config import identities, layers, paging_use, policy_use, rota, voice
from bot.config.document import Document, Entry
from bot.config.problems import Report, did_you_mean, twins
from bot.config.schema import Chain, Organisation, Person, Schedule, Step, Team
from channels.adapter import Plugin
from escalation.entitlement import major_version
from escalation.paging import CALL, CHAT
from escalation.policy import Policy

_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Names:
    """The names that the file has, also those of tables with a mistake: a name that is written is not unknown.

    A policy whose file can't be used is None; none at all is a problem of [bot], told there.
    """

    people: frozenset[str]
    teams: frozenset[str]
    schedules: frozenset[str]
    chains: frozenset[str]
    tiers: frozenset[str]
    policies: Mapping[str, Policy | None]


def names_of(raw: Mapping[str, Any], policies: Mapping[str, Policy | None]) -> Names:
    return Names(
        people=_written(raw, "people", "id"),
        teams=_written(raw, "teams", "name"),
        schedules=_written(raw, "schedules", "name"),
        chains=_written(raw, "chains", "name"),
        tiers=_written(raw, "people", "tier", 1),
        policies=policies,
    )


def _written(raw: Mapping[str, Any], table: str, key: str, otherwise: object = None) -> frozenset[str]:
    entries = raw.get(table)
    found = (
        (e.get(key, otherwise) for e in entries if isinstance(e, Mapping))
        if isinstance(entries, list)
        else ()
    )
    return frozenset(str(name) for name in found if isinstance(name, str | int))


def check(document: Document, names: Names, plugins: Sequence[Plugin], report: Report) -> None:
    """Add everything that is wrong between the tables."""
    _has_the_least(document, report)
    _names_are_unique(document, report)
    identities.check(document, plugins, report)
    voice.check(document, report)
    for team in document.teams:
        _team(team, document, names, report)
    for person in document.people:
        _person(person, document, names, plugins, report)
    for schedule in document.schedules:
        _schedule(schedule, names, report)
    for chain in document.chains:
        _chain(chain, names, report)
    for organisation in document.organisations:
        _organisation(organisation, document, names, report)
    paging_use.check(document, names.policies, report)
    rota.warn_of_strangers(document, report)
    _warn_of_plain_http(document, report)
    _board(document, report)


def _board(document: Document, report: Report) -> None:
    board = document.board
    if board is not None and board.idle > board.absolute:
        report.add("board.idle", "longer than board.absolute; nobody stays logged in for that long")


def _has_the_least(document: Document, report: Report) -> None:
    for table in ("teams", "people"):
        if not document.raw.get(table):
            report.add(table, f"missing; add at least one [[{table}]]")


def _names_are_unique(document: Document, report: Report) -> None:
    organisations = list(_tables(document.resolved, "organisations"))
    contacts = [found for at, table in organisations for found in _tables(table, "contacts", f"{at}.")]
    kinds = [("id", list(_tables(document.resolved, "people"))), ("id", organisations), ("id", contacts)]
    kinds += [("name", list(_tables(document.resolved, key))) for key in ("teams", "schedules", "chains")]
    for key, tables in kinds:
        names = ((at, name) for at, table in tables if isinstance(name := table.get(key), str))
        for at, first, name in twins(names):
            report.add(f"{at}.{key}", f"the same {key} as {first}", name)


def _tables(table: Mapping[str, Any], key: str, at: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tables of a list, right or wrong, each with where it stands."""
    listed = table.get(key)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, Mapping):
            yield f"{at}{key}[{index}]", entry


def _known(key: str, what: str, name: str, known: Iterable[str], report: Report) -> bool:
    known = tuple(known)
    if name in known:
        return True
    report.add(key, f"unknown {what}{did_you_mean(name, known) or '; there is none'}", name)
    return False


def _team(team: Entry[Team], document: Document, names: Names, report: Report) -> None:
    for severity, chain in team.value.chains.items():
        _known(f"{team.at}.chains.{severity}", "chain", chain, names.chains, report)
    if not names.policies or not _known(
        f"{team.at}.policy", "policy", team.value.policy, names.policies, report
    ):
        return
    policy = names.policies[team.value.policy]
    if policy is None:
        return
    known = {"chain": names.chains, "person": names.people, "schedule": names.schedules}
    policy_use.check(team, policy, known, document, report)


def _person(
    person: Entry[Person], document: Document, names: Names, plugins: Sequence[Plugin], report: Report
) -> None:
    for index, team in enumerate(person.value.teams):
        _known(f"{person.at}.teams[{index}]", "team", team, names.teams, report)
    served = [s.id for policy in names.policies.values() if policy for s in policy.severities]
    methods = dict.fromkeys([CHAT, *(channel for plugin in plugins for channel in plugin.provides), CALL])
    own = (*identities.identities(person.value, plugins), CHAT)
    unable = identities.unable(document, plugins)
    for severity, rules in person.value.rules.items():
        at = f"{person.at}.rules.{severity}"
        if severity not in served and None not in names.policies.values():
            report.warn(at, f"no policy has such a severity{did_you_mean(severity, served)}")
        for place, method in (
            (f"{at}[{i}].by[{j}]", by) for i, r in enumerate(rules) for j, by in enumerate(r.by)
        ):
            if not _known(place, "way to page", method, methods, report):
                continue
            if method not in own:
                report.warn(place, f'"{person.value.id}" has no {method}: another way takes its place')
            elif method in unable:
                report.warn(place, f"{unable[method]}: another way takes its place")


def _schedule(schedule: Entry[Schedule], names: Names, report: Report) -> None:
    for layer in schedule.parts:
        layers.check(layer, report)
        for index, person in enumerate(layer.value.people):
            _known(f"{layer.at}.people[{index}]", "person", person, names.people, report)
    if not report.has(schedule.at):
        rota.warn_of_gaps(schedule, report)


def _chain(chain: Entry[Chain], names: Names, report: Report) -> None:
    known = {"schedule": names.schedules, "person": names.people, "tier": names.tiers}
    for step in chain.parts:
        _step(step, known, report)


def _step(step: Entry[Step], known: Mapping[str, frozenset[str]], report: Report) -> None:
    for index, target in enumerate(step.value.page):
        key = f"{step.at}.page[{index}]"
        kind, colon, name = target.partition(":")
        if target in ("everyone", "leads"):
            continue
        if not colon or kind not in known:
            report.add(key, "page schedule:NAME, person:ID, tier:N, leads or everyone", target)
        elif name not in known[kind]:
            hint = did_you_mean(name, known[kind]) or "; there is none"
            report.add(key, f"unknown {kind}{hint}", target)


def _organisation(entry: Entry[Organisation], document: Document, names: Names, report: Report) -> None:
    organisation = entry.value
    if not _known(f"{entry.at}.team", "team", organisation.team, names.teams, report):
        return
    team = next((t.value for t in document.teams if t.value.name == organisation.team), None)
    policy = names.policies.get(team.policy) if team else None
    if policy is None:
        return
    plans = [plan.id for plan in policy.plans]
    if organisation.plan is not None:
        _known(f"{entry.at}.plan", "plan", organisation.plan, plans, report)
    elif plans:
        report.add(f"{entry.at}.plan", f"missing{did_you_mean('', plans)}")
    if policy.versions and organisation.version and major_version(organisation.version) is None:
        message = (
            f'names no version by number: the policy "{policy.name}" could not tell whether it is supported'
        )
        report.warn(f"{entry.at}.version", message)
    for contact in entry.parts if "email" in policy.requires else ():
        if not contact.value.email and not report.has(contact.at):
            report.warn(f"{contact.at}.email", f'missing: the policy "{policy.name}" requires one')


def _warn_of_plain_http(document: Document, report: Report) -> None:
    url = urlsplit(document.bot.public_url if document.bot else "")
    if url.scheme == "http" and url.hostname not in _LOCAL:
        report.warn("bot.public_url", "plain http: what customers write would cross the network in the open")
