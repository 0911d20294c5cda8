"""The five policies' calendars and targets as semantics.md words them, built in code."""

import datetime as dt
from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from escalation.calendar import WEEKDAYS, BusinessCalendar
from escalation.targets import Counts


def holidays_of(country: str) -> Callable[[int], frozenset[dt.date]]:
    return cache(lambda year: frozenset(holidays.country_holidays(country, years=year)))


def desk(zone: str, days: str, hours: str, country: str | None = None) -> BusinessCalendar:
    return BusinessCalendar(
        zone=ZoneInfo(zone),
        hours={day: [hours] for day in days.split()},
        holidays=holidays_of(country) if country else frozenset(),
    )


WEEK = "mon tue wed thu fri"
DESKS = {
    "fleet-tracking": desk("Asia/Qatar", "sun mon tue wed thu", "08:00-17:00", "QA"),
    "managed-it": desk("Africa/Johannesburg", WEEK, "08:30-17:00", "ZA"),
    "tiered-support": desk("Asia/Phnom_Penh", WEEK, "08:00-18:00", "KH"),
    "internal-helpdesk": desk("Asia/Karachi", " ".join(WEEKDAYS), "00:00-24:00"),
    "serwis": desk("Europe/Warsaw", WEEK, "09:00-16:00", "PL"),
}

OFFICE, ALWAYS, DAYS = Counts.OFFICE_HOURS, Counts.ALWAYS, Counts.BUSINESS_DAYS

# (policy, severity or category): what counts, respond, resolve
TARGETS: dict[tuple[str, str], tuple[Counts, str | None, str | None]] = {
    ("fleet-tracking", "critical"): (OFFICE, "1h", None),
    ("fleet-tracking", "high"): (OFFICE, "4h", None),
    ("fleet-tracking", "medium"): (OFFICE, "1 business day", None),
    ("fleet-tracking", "low"): (OFFICE, "2 business days", None),
    ("fleet-tracking", "enhancement"): (OFFICE, "as needed", None),
    ("managed-it", "emergency"): (ALWAYS, "1h", None),
    ("managed-it", "high"): (OFFICE, "1h-2h", None),
    ("managed-it", "normal"): (OFFICE, "2h-4h", None),
    ("managed-it", "low"): (OFFICE, "next business day", "negotiated"),
    ("tiered-support", "critical"): (ALWAYS, "1h", None),
    ("tiered-support", "high"): (ALWAYS, "4h", None),
    ("tiered-support", "medium"): (DAYS, "24h", None),
    ("tiered-support", "low"): (DAYS, "48h", None),
    ("internal-helpdesk", "critical"): (ALWAYS, "5m", "1h"),
    ("internal-helpdesk", "high"): (ALWAYS, "10m", "4h"),
    ("internal-helpdesk", "medium"): (ALWAYS, "1h", "8h"),
    ("internal-helpdesk", "low"): (ALWAYS, "2h", "24h"),
    ("serwis", "payments"): (DAYS, None, "same day"),
    ("serwis", "error"): (DAYS, None, "24h-48h"),
}
