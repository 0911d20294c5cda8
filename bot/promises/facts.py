"""A policy's promise as a JSON document, and the facts of its year that both this and the text are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from bot.promises.words import promised
from escalation.calendar import WEEKDAYS, BusinessCalendar
from escalation.finding import CLOCKS
from escalation.instants import DAY
from escalation.policy import Category, Policy, Severity
from escalation.week import Week, beyond, open_spans, usual_week, written

DAYS_AHEAD = 366


def holidays(policy: Policy, today: dt.date) -> tuple[dt.date, ...]:
    """The holidays of the coming 12 months."""
    return tuple(filter(policy.calendar.is_holiday, _ahead(today)))


def other_dates(policy: Policy, today: dt.date) -> Mapping[dt.date, tuple[str, ...]]:
    """The dates of the coming 12 months whose hours are not their weekday's; empty hours: closed."""
    usual, spans = usual_week(policy.calendar, today).week, open_spans(policy.calendar, today, DAYS_AHEAD)
    hours = {date: written(spans.get(date, ()), policy.zone) for date in _ahead(today)}
    return {
        date: found
        for date, found in hours.items()
        if found != usual[date.weekday()] and not policy.calendar.is_holiday(date)
    }


def _ahead(today: dt.date) -> Iterator[dt.date]:
    return (today + n * DAY for n in range(DAYS_AHEAD))


def limited(policy: Policy, today: dt.date) -> tuple[tuple[tuple[str, ...], Week], ...]:
    """Severities with the same limited windows, and the windows."""
    office = usual_week(policy.calendar, today).week
    found: dict[Week, tuple[str, ...]] = {}
    for severity, calendar in policy.limited.items():
        windows = _windows(calendar, office, today)
        found[windows] = (*found.get(windows, ()), severity)
    return tuple((severities, windows) for windows, severities in found.items())


def _windows(calendar: BusinessCalendar, office: Week, today: dt.date) -> Week:
    longer = usual_week(calendar, today).week
    return tuple(beyond(longer[day], office[day]) for day in range(7))


def differing(
    policy: Policy, category: Category
) -> tuple[tuple[tuple[str, ...], Severity, tuple[str, ...]], ...]:
    """What a category changes: severities with the same change, one of them as served, and the names of what differs."""
    found: dict[object, tuple[tuple[str, ...], Severity, tuple[str, ...]]] = {}
    for own in policy.severities:
        served = policy.served(own.id, category.id)
        names = tuple(name for name in ("meaning", *CLOCKS) if _said(served, name) != _said(own, name))
        key = tuple((name, _said(served, name)) for name in names)
        ids = found[key][0] if key in found else ()
        if names:
            found[key] = ((*ids, own.id), served, names)
    return tuple(found.values())


def _said(severity: Severity, name: str) -> str:
    return severity.meaning if name == "meaning" else promised(getattr(severity, name), severity.counts)


def document(policy: Policy, today: dt.date) -> dict[str, object]:
    """What `explain --json` prints."""
    return {
        **{key: getattr(policy, key) for key in ("name", "version", "title", "prefix", "language")},
        "zone": policy.zone.key,
        "answered_by": policy.answered_by.value,
        "patience_seconds": int(policy.patience.total_seconds()),
        "requires": policy.requires,
        "vip_at_least": policy.vip_at_least,
        "hours": _by_day(usual_week(policy.calendar, today).week),
        "other_dates": {f"{date}": hours for date, hours in other_dates(policy, today).items()},
        "holidays": [f"{date}" for date in holidays(policy, today)],
        "limited": [{"severities": ids, "hours": _by_day(week)} for ids, week in limited(policy, today)],
        "severities": [_severity(severity) for severity in policy.severities],
        "categories": [_category(policy, category) for category in policy.categories],
        **_rules(policy),
        **_coverage(policy),
    }


def _by_day(week: Week) -> dict[str, tuple[str, ...]]:
    return {day: spans for day, spans in zip(WEEKDAYS, week, strict=True) if spans}


def _severity(severity: Severity) -> dict[str, object]:
    keys = ("id", "label", "meaning", "examples", "words", "contact", "pages")
    return {
        **{key: getattr(severity, key) for key in keys},
        "counts": severity.counts.value,
        **_clocks(severity, CLOCKS),
    }


def _clocks(severity: Severity, names: tuple[str, ...]) -> dict[str, object]:
    targets = {name: getattr(severity, name) for name in names}
    return {
        name: target and {"target": target.text, "says": promised(target, severity.counts)}
        for name, target in targets.items()
    }


def _category(policy: Policy, category: Category) -> dict[str, object]:
    differs = [
        {
            "severities": ids,
            **({"meaning": served.meaning} if "meaning" in names else {}),
            **_clocks(served, tuple(name for name in names if name != "meaning")),
        }
        for ids, served, names in differing(policy, category)
    ]
    keys = ("id", "label", "words", "steps", "articles")
    return {**{key: getattr(category, key) for key in keys}, "differs": differs}


def _rules(policy: Policy) -> dict[str, object]:
    return {
        "plans": [
            {key: getattr(plan, key) for key in ("id", "label", "call_out_charge", "included")}
            for plan in policy.plans
        ],
        "after_hours": [
            {
                **{key: getattr(rule, key) for key in ("severities", "page", "chain", "tell", "consent")},
                "when": [hours.value for hours in rule.when],
            }
            for rule in policy.after_hours
        ],
        "escalations": [
            {
                "when": rule.trigger.text,
                **{key: getattr(rule, key) for key in ("to", "severities", "offer")},
                "counts": rule.counts.value,
            }
            for rule in policy.escalations
        ],
    }


def _coverage(policy: Policy) -> dict[str, object]:
    versions, availability = policy.versions, policy.availability
    return {
        "services": [
            {
                **{key: getattr(service, key) for key in ("id", "label", "meaning", "words", "once", "note")},
                "plans": {offer.plan: offer.within and offer.within.days for offer in service.plans},
            }
            for service in policy.services
        ],
        "exclusions": [
            {key: getattr(exclusion, key) for key in ("id", "label", "words", "instead", "unless_plans")}
            for exclusion in policy.exclusions
        ],
        "versions": versions and {"product": versions.product, "supported": versions.supported},
        "milestones": policy.milestones,
        "availability": availability
        and {key: getattr(availability, key) for key in ("target", "excludes_maintenance", "report")},
        "survey": policy.survey,
    }
