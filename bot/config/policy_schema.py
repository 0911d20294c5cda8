"""A policy file as frozen tables. docs/policies.md describes each key."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from bot.config import policy_values as kinds
from bot.config.schema import Entries, Table
from bot.config.values import Date, Duration, Hours, Language, Prefix, Promise, Slug, Text, Zone
from escalation import office
from escalation.calendar import WEEKDAYS
from escalation.policy import MILESTONES, AnsweredBy
from escalation.targets import Counts

Spans = tuple[Hours, ...]
Texts = tuple[Text, ...]
Slugs = tuple[Slug, ...]


class Week(Table):
    """[hours]: the spans of each weekday; a day that is not named is closed."""

    mon: Spans = ()
    tue: Spans = ()
    wed: Spans = ()
    thu: Spans = ()
    fri: Spans = ()
    sat: Spans = ()
    sun: Spans = ()

    def windows(self) -> dict[str, Spans]:
        """The spans of the days that have some."""
        return {day: spans for day in WEEKDAYS if (spans := getattr(self, day))}


class LimitedTable(Week):
    """[[limited]]: hours in which only these severities are served."""

    severities: Slugs = Field(min_length=1)

    @model_validator(mode="after")
    def _has_hours(self) -> LimitedTable:
        if not self.windows():
            raise ValueError('no hours at all; give at least one day some, such as sat = ["09:00-13:00"]')
        return self


class HolidayRules(Table):
    """[holidays]: a country's (and subdivision's) public holidays, and own dates."""

    country: Text | None = None
    subdivision: Text | None = None
    dates: tuple[Date, ...] = ()


class SeverityTable(Table):
    """[[severity]], the most urgent first."""

    id: Slug
    label: Text
    meaning: Text
    examples: Texts = ()
    words: Texts = ()
    respond: Promise = None
    next: Promise = None
    resolve: Promise = None
    counts: Counts = Counts.ALWAYS
    pages: bool = False
    contact: Texts = ()


class CellTable(Table):
    """[category.severity.ID]: one severity within one category."""

    meaning: Text | None = None
    respond: Promise = None
    next: Promise = None
    resolve: Promise = None
    counts: Counts | None = None


class CategoryTable(Table):
    """[[category]]: what it promises here takes the place of the severity's."""

    id: Slug
    label: Text
    words: Texts = ()
    respond: Promise = None
    next: Promise = None
    resolve: Promise = None
    counts: Counts | None = None
    steps: Texts = ()
    articles: Texts = ()
    severity: dict[Slug, CellTable] = {}


class PlanTable(Table):
    """[[plan]]"""

    id: Slug
    label: Text
    call_out_charge: bool = False
    included: Texts = ()


class AfterHoursTable(Table):
    """[[after_hours]]: the first rule that covers a ticket decides."""

    severities: Slugs = Field(default=(), min_length=1)
    when: tuple[office.Hours, ...] = Field(default=(), min_length=1)
    page: kinds.Page
    tell: Text | None = None
    consent: bool = True


class EscalateTable(Table):
    """[[escalate]]: when a ticket goes further up, and to whom."""

    when: kinds.When
    to: tuple[kinds.Goal, ...] = Field(default=(), min_length=1)
    severities: Slugs = Field(default=(), min_length=1)
    counts: Counts = Counts.ALWAYS
    offer: Literal["call"] | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> EscalateTable:
        if not self.to and self.offer is None:
            raise ValueError("leads nowhere; give to, offer or both")
        return self


class ServiceTable(Table):
    """[[service]]: what customers may ask for besides help with trouble."""

    id: Slug
    label: Text
    meaning: Text | None = None
    words: Texts = ()
    plans: dict[Slug, kinds.Within] = Field(min_length=1)
    once: bool = False
    note: Text | None = None


class ExclusionTable(Table):
    """[[exclusion]]: what support does not cover."""

    id: Slug
    label: Text
    words: Texts = ()
    instead: Text | None = None
    unless_plans: Slugs = ()


class VersionsTable(Table):
    """[versions]: the product's major versions that are worked on."""

    product: Text
    supported: kinds.Majors


class AvailabilityTable(Table):
    """[availability]"""

    target: kinds.Percent
    excludes_maintenance: bool = True
    report: Text | None = None


class PolicyTable(Table):
    """The whole file."""

    name: Slug
    title: Text
    prefix: Prefix
    language: Language
    zone: Zone
    answered_by: AnsweredBy
    patience: Duration | None = None
    ack_patience: kinds.Wait | None = None
    requires: tuple[kinds.Requirable, ...] = ()
    vip_at_least: Slug | None = None
    milestones: kinds.Milestones = MILESTONES
    survey: bool = False
    hours: Week
    holidays: HolidayRules = HolidayRules()
    overrides: dict[Date, Spans] = {}
    limited: Entries = ()
    severity: Entries = Field(min_length=1)
    category: Entries = ()
    plan: Entries = ()
    after_hours: Entries = ()
    escalate: Entries = ()
    service: Entries = ()
    exclusion: Entries = ()
    versions: VersionsTable | None = None
    availability: AvailabilityTable | None = None


POLICY: dict[str, type[Table]] = {
    "": PolicyTable,
    "hours": Week,
    "holidays": HolidayRules,
    "limited": LimitedTable,
    "severity": SeverityTable,
    "category": CategoryTable,
    "category.severity": CellTable,
    "plan": PlanTable,
    "after_hours": AfterHoursTable,
    "escalate": EscalateTable,
    "service": ServiceTable,
    "exclusion": ExclusionTable,
    "versions": VersionsTable,
    "availability": AvailabilityTable,
}
"""Every table of a policy file."""
