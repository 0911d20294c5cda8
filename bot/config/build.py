"""A checked document -> the values that the rest of the bot works with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.config.document import Document, Entry
from bot.config.identities import desks, identities, others
from bot.config.rota import build_chain, build_schedule
from bot.config.schema import Contact as ContactTable
from bot.config.schema import Organisation as OrganisationTable
from bot.config.schema import Paging
from bot.config.schema import Person as PersonTable
from bot.config.schema import Team as TeamTable
from bot.config.voice import build_hotline
from bot.domain.ids import ContactId, OrganisationId, PersonId, TeamName
from bot.domain.people import Contact, Directory, Organisation, Person, Team
from channels.adapter import Plugin
from escalation.paging import Rule
from escalation.policy import Policy
from escalation.storm import Limits


def build_directory(
    document: Document, policies: Mapping[str, Policy], plugins: Sequence[Plugin], folder: Path
) -> Directory:
    """Everything about people as immutable values. `plugins` are the configured ones, `folder` is the file's."""
    paging = document.paging or Paging()
    worked = {team.value.name: policies[team.value.policy] for team in document.teams}
    return Directory(
        people=tuple(_person(entry.value, worked, plugins) for entry in document.people),
        contacts=tuple(
            _contact(contact.value, entry.value, plugins)
            for entry in document.organisations
            for contact in entry.parts
        ),
        organisations=tuple(_organisation(entry, worked) for entry in document.organisations),
        teams=tuple(_team(entry.value, plugins) for entry in document.teams),
        schedules=tuple(build_schedule(entry, folder) for entry in document.schedules),
        chains=tuple(build_chain(entry) for entry in document.chains),
        policies=tuple(policies.values()),
        hotline=build_hotline(document),
        limits=Limits(per_hour=paging.per_hour, bundle=paging.bundle),
    )


def _person(table: PersonTable, worked: Mapping[str, Policy], plugins: Sequence[Plugin]) -> Person:
    zones = [table.timezone] if table.timezone else [worked[team].zone for team in table.teams]
    return Person(
        id=PersonId(table.id),
        name=table.name,
        roles=frozenset(table.roles),
        teams=frozenset(TeamName(team) for team in table.teams),
        tier=table.tier,
        zone=zones[0] if zones else next(iter(worked.values())).zone,
        identities=identities(table, plugins),
        rules={
            severity: tuple(Rule(after=rule.after, by=rule.by, every=rule.every) for rule in rules)
            for severity, rules in table.rules.items()
        },
        others=others(table, plugins),
    )


def _contact(table: ContactTable, organisation: OrganisationTable, plugins: Sequence[Plugin]) -> Contact:
    return Contact(
        id=ContactId(table.id),
        name=table.name,
        organisation=OrganisationId(organisation.id),
        identities=identities(table, plugins),
        email=table.email or "",
        vip=table.vip,
        others=others(table, plugins),
    )


def _organisation(entry: Entry[OrganisationTable], worked: Mapping[str, Policy]) -> Organisation:
    table, policy = entry.value, worked[entry.value.team]
    return Organisation(
        id=OrganisationId(table.id),
        name=table.name,
        team=TeamName(table.team),
        plan=table.plan or "",
        language=table.language or policy.language,
        zone=table.timezone or policy.zone,
        since=table.since,
        version=table.version or "",
    )


def _team(table: TeamTable, plugins: Sequence[Plugin]) -> Team:
    return Team(
        name=TeamName(table.name),
        policy=table.policy,
        desks=desks(table, plugins),
        chains=dict(table.chains),
    )
