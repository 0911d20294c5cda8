"""Who is who: the support company's people and teams, its customers, and who is on call."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.hotline import Hotline
from bot.domain.ids import Address, ChannelName, ContactId, OrganisationId, PersonId, TeamName
from escalation.chain import Chain
from escalation.paging import Rule
from escalation.policy import Policy
from escalation.schedule import Schedule, on_call
from escalation.storm import Limits

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Person:
    """One of us. `identities` is who they are on each channel; a page needs at least one."""

    id: PersonId
    name: str
    roles: frozenset[str]
    teams: frozenset[TeamName]
    tier: int
    zone: ZoneInfo
    identities: Mapping[ChannelName, str]
    rules: Mapping[str, tuple[Rule, ...]] = dataclasses.field(default_factory=dict)
    others: Mapping[ChannelName, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """Their further places on a channel, such as a second phone: tried when the first fails."""

    def places(self, channel: ChannelName) -> tuple[str, ...]:
        """Where they are on a channel, the first to be tried first; empty where they are not."""
        first = self.identities.get(channel)
        return (first, *self.others.get(channel, ())) if first is not None else ()

    def is_engineer_of(self, team: TeamName) -> bool:
        return team in self.teams and bool(self.roles & {"engineer", "lead"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Contact:
    """A customer's person, known by identity on a channel, never by a display name."""

    id: ContactId
    name: str
    organisation: OrganisationId
    identities: Mapping[ChannelName, str]
    email: str = ""
    vip: bool = False
    others: Mapping[ChannelName, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    """Further places of theirs on a channel: whoever writes or calls from one is known."""


def _identities(who: Person | Contact) -> Iterator[tuple[ChannelName, str]]:
    yield from who.identities.items()
    for channel, places in who.others.items():
        yield from ((channel, place) for place in places)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Organisation:
    """A customer."""

    id: OrganisationId
    name: str
    team: TeamName
    plan: str
    language: str
    zone: ZoneInfo
    since: dt.date | None = None
    """When it became a customer: services may be included for a while from then on."""
    version: str = ""
    """The version of the product that it runs, where the policy knows versions."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Team:
    """Who works which policy, at which desks (a Slack channel, a Telegram forum), paging which chain."""

    name: TeamName
    policy: str
    desks: tuple[Address, ...]
    chains: Mapping[str, str]
    """Severity id to the name of the chain that it pages. A severity that pages and has none pages everyone of the team."""


class Unlisted(LookupError):
    """A name that the configuration does not have."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Directory:
    """Everything that the configuration says about people, as immutable values."""

    people: tuple[Person, ...]
    contacts: tuple[Contact, ...]
    organisations: tuple[Organisation, ...]
    teams: tuple[Team, ...]
    schedules: tuple[Schedule, ...]
    chains: tuple[Chain, ...]
    policies: tuple[Policy, ...]
    kept: tuple[Policy, ...] = ()
    """Earlier versions of policies, that open tickets were opened under."""
    limits: Limits = dataclasses.field(default_factory=Limits)
    """How many pages a person gets in an hour before the rest is bundled."""
    hotline: Hotline = dataclasses.field(default_factory=Hotline)
    """What there is to know for calls to our number."""

    @cached_property
    def _people(self) -> dict[tuple[str, str], Person]:
        return {(c, i): p for p in self.people for c, i in _identities(p)}

    @cached_property
    def _contacts(self) -> dict[tuple[str, str], Contact]:
        return {(c, i): p for p in self.contacts for c, i in _identities(p)}

    @cached_property
    def _desks(self) -> dict[Address, Team]:
        return {desk: team for team in self.teams for desk in team.desks}

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], object]:
        named: dict[tuple[str, str], object] = {("person", p.id): p for p in self.people}
        named |= {("contact", c.id): c for c in self.contacts}
        named |= {("organisation", o.id): o for o in self.organisations}
        named |= {("team", t.name): t for t in self.teams}
        named |= {("schedule", s.name): s for s in self.schedules}
        named |= {("chain", c.name): c for c in self.chains}
        return named | {("policy", p.name): p for p in self.policies}

    def person_at(self, channel: ChannelName, identity: str) -> Person | None:
        return self._people.get((channel, identity))

    def contact_at(self, channel: ChannelName, identity: str) -> Contact | None:
        return self._contacts.get((channel, identity))

    def desk_at(self, address: Address) -> Team | None:
        """The team whose desk this place is, whatever the thread."""
        return self._desks.get(address.root())

    def person(self, id: str) -> Person:
        return self._get("person", id, Person)

    def listed(self, id: str) -> Person | None:
        """One of us, if they still are."""
        found = self._by_name.get(("person", id))
        return found if isinstance(found, Person) else None

    def listed_contact(self, id: str) -> Contact | None:
        """A customer's person of the configuration, if they still are."""
        found = self._by_name.get(("contact", id))
        return found if isinstance(found, Contact) else None

    def contact(self, id: str) -> Contact:
        return self._get("contact", id, Contact)

    def organisation(self, id: str) -> Organisation:
        return self._get("organisation", id, Organisation)

    def team(self, name: str) -> Team:
        return self._get("team", name, Team)

    def policy(self, name: str) -> Policy:
        return self._get("policy", name, Policy)

    def policy_of(self, name: str, version: str) -> Policy:
        """The policy at that version; where it was not kept, as it is now. Raises Unlisted."""
        found = [p for p in (*self.policies, *self.kept) if p.name == name]
        for policy in found:
            if policy.version == version:
                return policy
        if not found:
            raise Unlisted(f"no policy {name!r}")
        return found[0]

    def chain(self, name: str) -> Chain:
        return self._get("chain", name, Chain)

    def _get(self, kind: str, name: str, of: type[T]) -> T:
        found = self._by_name.get((kind, name))
        if not isinstance(found, of):
            raise Unlisted(f"no {kind} {name!r}")
        return found

    def may_work(self, person: Person, team: TeamName) -> bool:
        """Is this person an engineer of the team? Of a team that the configuration has lost, every engineer is."""
        if ("team", team) in self._by_name:
            return person.is_engineer_of(team)
        return bool(person.roles & {"engineer", "lead"})

    def people_of(self, team: TeamName) -> tuple[Person, ...]:
        return tuple(p for p in self.people if p.is_engineer_of(team))

    def schedule(self, name: str) -> Schedule:
        """As it is configured; what was arranged in chat is not in it (Context.schedule has it). Raises Unlisted."""
        return self._get("schedule", name, Schedule)

    def resolve(
        self, target: str, team: TeamName, now: dt.datetime, schedule: Callable[[str], Schedule] | None = None
    ) -> tuple[Person, ...]:
        """Who a target (`schedule:standby`, `person:lin`, `tier:2`, `leads`, `everyone`) means at `now`. `schedule` finds
        a schedule as it is now (Context.schedule); people whom the configuration has lost are left out.

        Raises Unlisted for a target that leads nowhere."""
        kind, _, name = target.partition(":")
        if kind == "schedule":
            found = (schedule or self.schedule)(name)
            return tuple(p for id in on_call(found, now) if (p := self.listed(id)) is not None)
        if kind == "person":
            return (self.person(name),)
        if kind == "tier":
            return tuple(p for p in self.people_of(team) if str(p.tier) == name)
        if kind == "leads":
            return tuple(p for p in self.people_of(team) if "lead" in p.roles)
        if kind == "everyone":
            return self.people_of(team)
        raise Unlisted(f"a chain can't page {target!r}")
