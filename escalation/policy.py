"""A policy as values: severities, categories, plans. A loader elsewhere reads them from TOML."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from escalation.calendar import BusinessCalendar, Calendar
from escalation.targets import Counts, Target, counted_by

PATIENCE = dt.timedelta(seconds=60)


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
    """How urgent a ticket is and what that promises; `words` propose it, `pages` rings phones."""

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Category:
    """What a ticket is about; a target here takes the place of the severity's."""

    id: str
    label: str
    respond: Target | None = None
    next: Target | None = None
    resolve: Target | None = None
    counts: Counts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a customer has booked; `call_out_charge` asks consent before paging after hours."""

    id: str
    label: str
    call_out_charge: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """One policy file at one version; `severities` the most urgent first. ValueError without any.

    `patience` is how long a proposed severity waits for the customer; `vip_at_least` is the severity
    below which a VIP's ticket never goes.
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
    requires_email: bool = False
    vip_at_least: str | None = None
    categories: tuple[Category, ...] = ()
    plans: tuple[Plan, ...] = ()

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

    def more_urgent(self, a: str, b: str) -> Severity:
        """Return the more urgent of two severities by id; raises UnknownSeverity."""
        return self.severities[min(self._rank(a), self._rank(b))]

    def category(self, id: str) -> Category:
        """Return the category `id`; raises UnknownCategory naming the known ones."""
        for category in self.categories:
            if category.id == id:
                return category
        raise UnknownCategory(id, tuple(category.id for category in self.categories))

    def served(self, severity: str, category: str | None = None) -> Severity:
        """Return the severity with the category's targets in place of its own; raises the Unknown errors."""
        base = self.severity(severity)
        if category is None:
            return base
        over = self.category(category)
        return replace(
            base,
            respond=over.respond or base.respond,
            next=over.next or base.next,
            resolve=over.resolve or base.resolve,
            counts=over.counts or base.counts,
        )

    def clock_calendar(self, counts: Counts) -> Calendar:
        """Return the calendar that measures `counts`; the same object every time."""
        return counted_by(counts, self.calendar)

    def _rank(self, id: str) -> int:
        for rank, severity in enumerate(self.severities):
            if severity.id == id:
                return rank
        raise UnknownSeverity(id, tuple(severity.id for severity in self.severities))
