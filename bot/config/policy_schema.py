"""A policy file as frozen tables. docs/policies.md describes each key."""

from __future__ import annotations

from pydantic import Field

from bot.config.schema import Entries, Table
from bot.config.values import Date, Duration, Hours, Language, Prefix, Promise, Slug, Text, Zone
from escalation.policy import AnsweredBy
from escalation.targets import Counts

Spans = tuple[Hours, ...]


class Week(Table):
    """[hours]: the spans of each weekday; a day that is not named is closed."""

    mon: Spans = ()
    tue: Spans = ()
    wed: Spans = ()
    thu: Spans = ()
    fri: Spans = ()
    sat: Spans = ()
    sun: Spans = ()


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
    examples: tuple[Text, ...] = ()
    words: tuple[Text, ...] = ()
    respond: Promise = None
    next: Promise = None
    resolve: Promise = None
    counts: Counts = Counts.ALWAYS
    pages: bool = False


class CategoryTable(Table):
    """[[category]]: what it promises here takes the place of the severity's."""

    id: Slug
    label: Text
    respond: Promise = None
    next: Promise = None
    resolve: Promise = None
    counts: Counts | None = None


class PlanTable(Table):
    """[[plan]]"""

    id: Slug
    label: Text
    call_out_charge: bool = False


class PolicyTable(Table):
    """The whole file."""

    name: Slug
    title: Text
    prefix: Prefix
    language: Language
    zone: Zone
    answered_by: AnsweredBy
    patience: Duration | None = None
    requires_email: bool = False
    vip_at_least: Slug | None = None
    hours: Week
    holidays: HolidayRules = HolidayRules()
    overrides: dict[Date, Spans] = {}
    severity: Entries = Field(min_length=1)
    category: Entries = ()
    plan: Entries = ()


POLICY: dict[str, type[Table]] = {
    "": PolicyTable,
    "hours": Week,
    "holidays": HolidayRules,
    "severity": SeverityTable,
    "category": CategoryTable,
    "plan": PlanTable,
}
"""Every table of a policy file."""
