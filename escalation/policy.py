"""A policy as values: severities, categories, plans and rules. A loader elsewhere reads them from TOML."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from escalation.calendar import BusinessCalendar, Calendar
from escalation.entitlement import Availability, Exclusion, Service, Versions
from escalation.escalate import Escalation
from escalation.office import AfterHours, Handling, Hours, hours_at, rule_for
from escalation.targets import Counts, Target, counted_by

PATIENCE = dt.timedelta(seconds=60)
SHORTEST_ACK_PATIENCE, LONGEST_ACK_PATIENCE = dt.timedelta(minutes=2), dt.timedelta(minutes=30)
MILESTONES = (50, 75, 90, 100)
REQUIRABLE = ("name", "email", "phone")
"""What a policy may ask to know of a contact."""


class AnsweredBy(StrEnum):
    """What stops a response clock: an acknowledgement, a human's reply, or a resolution or plan."""

    ACKNOWLEDGE = "acknowledge"
    REPLY = "reply"
    PLAN = "plan"


class UnknownSeverity(LookupError):
    """A severity that the policy has not; the message names those it has."""

    def __init__(self, asked: str, known: tuple[str, ...]) -> None:
        super().__init__(f'unknown severity "{asked}"; this policy has {", ".join(known)}')
        self.asked = asked
        self.known = known


class UnknownCategory(LookupError):
    """A category that the policy has not; the message names those it has."""

    def __init__(self, asked: str, known: tuple[str, ...]) -> None:
        super().__init__(f'unknown category "{asked}"; this policy has {", ".join(known) or "none"}')
        self.asked = asked
        self.known = known


@dataclass(frozen=True, kw_only=True, slots=True)
class Severity:
    """How urgent a ticket is and what that promises; `words` propose it, `pages` rings phones at any hour.

    `contact` names the ways in which its customers are contacted, for people to read.
    """

    id: str
    label: str
    meaning: str = ""
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    respond: Target | None = None
    next: Target | None = None
    resolve: Target | None = None
    counts: Counts = Counts.ALWAYS
    pages: bool = False
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One severity within one category: what it means there, and targets in place of the severity's."""

    meaning: str = ""
    respond: Target | None = None
    next: Target | None = None
    resolve: Target | None = None
    counts: Counts | None = None


NO_CELL = Cell()


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """What a ticket is about; a target here takes the place of the severity's, one of `cells` of both.

    `words` propose it; `steps` are what a customer can try first, `articles` what they can read.
    """

    id: str
    label: str
    words: tuple[str, ...] = ()
    respond: Target | None = None
    next: Target | None = None
    resolve: Target | None = None
    counts: Counts | None = None
    cells: Mapping[str, Cell] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def cell(self, severity: str) -> Cell:
        """Return what this category says of a severity; an empty cell where it says nothing."""
        return self.cells.get(severity, NO_CELL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a customer has booked; `call_out_charge` asks consent before paging outside office hours."""

    id: str
    label: str
    call_out_charge: bool = False
    included: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """One policy file at one version; `severities` the most urgent first. ValueError without any.

    `patience` is how long a question at the opening waits for the customer; `ack_patience` how long whoever
    acknowledged a page has to write to them (None: see `ack_patience_of`); `vip_at_least` is the severity
    below which a VIP's ticket never goes; `limited` maps severities to the calendar that serves them in limited
    windows too; `requires` is what has to be known of a contact; `milestones` are percents of a clock; `survey` asks customers
    how it was, 1 to 5.
    """

    name: str
    version: str
    title: str
    prefix: str
    language: str
    zone: ZoneInfo
    calendar: BusinessCalendar
    severities: tuple[Severity, ...]
    answered_by: AnsweredBy
    patience: dt.timedelta = PATIENCE
    ack_patience: dt.timedelta | None = None
    requires: tuple[str, ...] = ()
    vip_at_least: str | None = None
    limited: Mapping[str, BusinessCalendar] = field(default_factory=dict)
    categories: tuple[Category, ...] = ()
    plans: tuple[Plan, ...] = ()
    after_hours: tuple[AfterHours, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    services: tuple[Service, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    versions: Versions | None = None
    milestones: tuple[int, ...] = MILESTONES
    availability: Availability | None = None
    survey: bool = False

    def __post_init__(self) -> None:
        """Refuse a policy that could not serve a ticket."""
        if not self.severities:
            raise ValueError(f"{self.name}: a policy needs at least one severity")
        if self.vip_at_least is not None:
            self.severity(self.vip_at_least)

    @property
    def least_urgent(self) -> Severity:
        """The last severity."""
        return self.severities[-1]

    @property
    def most_urgent(self) -> Severity:
        """The first severity."""
        return self.severities[0]

    def severity(self, id: str) -> Severity:
        """Return the severity `id`; raises UnknownSeverity naming the known ones."""
        return self.severities[self._rank(id)]

    def knowing(self, severity: str) -> "Policy":
        """Return the policy, with a severity that it has lost served as its most urgent one: a hole is not silence."""
        if any(known.id == severity for known in self.severities):
            return self
        stand_in = replace(self.most_urgent, id=severity, label=severity, words=())
        return replace(self, severities=(*self.severities, stand_in))

    def more_urgent(self, a: str, b: str) -> Severity:
        """Return the more urgent of two severities by id; raises UnknownSeverity."""
        return self.severities[min(self._rank(a), self._rank(b))]

    def category(self, id: str) -> Category:
        """Return the category `id`; raises UnknownCategory naming the known ones."""
        for category in self.categories:
            if category.id == id:
                return category
        raise UnknownCategory(id, tuple(category.id for category in self.categories))

    def plan(self, id: str) -> Plan | None:
        """Return the plan `id`; None for one that the policy has not, such as a guest's."""
        return next((plan for plan in self.plans if plan.id == id), None)

    def served(self, severity: str, category: str | None = None) -> Severity:
        """Return the severity with what the category says in place of its own; raises the Unknown errors."""
        base = self.severity(severity)
        if category is None:
            return base
        over = self.category(category)
        cell = over.cell(severity)
        return replace(
            base,
            meaning=cell.meaning or base.meaning,
            respond=cell.respond or over.respond or base.respond,
            next=cell.next or over.next or base.next,
            resolve=cell.resolve or over.resolve or base.resolve,
            counts=cell.counts or over.counts or base.counts,
        )

    def calendar_of(self, severity: str) -> BusinessCalendar:
        """Return the hours in which a severity is served: the office hours, and its limited windows."""
        return self.limited.get(severity, self.calendar)

    def hours_at(self, at: dt.datetime) -> Hours:
        """Return what an instant is to this desk."""
        return hours_at(self.calendar, self.limited, at)

    def handling(self, severity: str, plan: str, at: dt.datetime) -> Handling:
        """Return what happens to a ticket of this severity and plan at `at`; raises UnknownSeverity.

        The first after-hours rule that covers it decides; without one, `pages` of the severity does. Consent is asked
        where someone would be paged outside office hours and the plan charges for it.
        """
        hours, own = self.hours_at(at), self.severity(severity)
        rule = rule_for(self.after_hours, severity, hours)
        pages = own.pages if rule is None else rule.page
        booked = self.plan(plan)
        charges = booked is not None and booked.call_out_charge and hours is not Hours.OFFICE
        return Handling(
            hours=hours,
            served=self.calendar_of(severity).is_open(at),
            pages=pages,
            chain=rule.chain if rule else "",
            tell=rule.tell if rule else "",
            asks_consent=pages and charges and (rule is None or rule.consent),
        )

    def ack_patience_of(self, remaining: dt.timedelta | None) -> dt.timedelta:
        """Return how long whoever acknowledged has to answer: half of what remains of the response time, at most 30
        minutes and at least 2; `remaining` None is no promise of a time. Source: semantics.md, Standby and paging."""
        if self.ack_patience is not None:
            return self.ack_patience
        half = LONGEST_ACK_PATIENCE if remaining is None else remaining / 2
        return min(max(half, SHORTEST_ACK_PATIENCE), LONGEST_ACK_PATIENCE)

    def clock_calendar(self, counts: Counts) -> Calendar:
        """Return the calendar that measures `counts`; the same object every time."""
        return counted_by(counts, self.calendar)

    def _rank(self, id: str) -> int:
        for rank, severity in enumerate(self.severities):
            if severity.id == id:
                return rank
        raise UnknownSeverity(id, tuple(severity.id for severity in self.severities))
