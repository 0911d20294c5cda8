"""What a policy does with a ticket at the hour it comes: whom it pages, what it tells, whether it asks for consent.

Rules: semantics.md, Policy file and Standby. The hour is the policy's calendar at the ticket's instant.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from escalation.calendar import BusinessCalendar
from escalation.instants import utc


class Hours(StrEnum):
    """What an instant is to a desk. A holiday is one at any hour; LIMITED serves only some severities."""

    OFFICE = "office hours"
    LIMITED = "limited hours"
    AFTER = "after hours"
    HOLIDAY = "holiday"


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterHours:
    """A rule: for these severities at these hours (empty: all), page or not, tell this, ask for consent or not.

    `chain` is the chain that is paged; empty is the team's own for the severity. `tell` is told to the customer in
    the policy's language. `consent` asks those whose plan charges for call-outs.
    """

    severities: tuple[str, ...] = ()
    when: tuple[Hours, ...] = ()
    page: bool
    chain: str = ""
    tell: str = ""
    consent: bool = True

    def covers(self, severity: str, hours: Hours) -> bool:
        """Tell whether the rule is about this severity at this hour."""
        return (not self.severities or severity in self.severities) and (not self.when or hours in self.when)


@dataclass(frozen=True, kw_only=True, slots=True)
class Handling:
    """What follows for one ticket: `served` is whether the desk is open for its severity."""

    hours: Hours
    served: bool
    pages: bool
    chain: str = ""
    tell: str = ""
    asks_consent: bool = False


def hours_at(calendar: BusinessCalendar, limited: Mapping[str, BusinessCalendar], at: dt.datetime) -> Hours:
    """Return what `at` is; `limited` maps severities to their longer calendars."""
    if calendar.is_open(at):  # a holiday never is
        return Hours.OFFICE
    if calendar.is_holiday(utc(at).astimezone(calendar.zone).date()):
        return Hours.HOLIDAY
    return Hours.LIMITED if any(longer.is_open(at) for longer in limited.values()) else Hours.AFTER


def rule_for(rules: Sequence[AfterHours], severity: str, hours: Hours) -> AfterHours | None:
    """Return the first rule that covers the severity at this hour."""
    return next((rule for rule in rules if rule.covers(severity, hours)), None)
