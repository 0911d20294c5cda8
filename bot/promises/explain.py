"""The whole promise of a policy in plain words, for whoever has to keep it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from bot.promises import facts
from bot.promises.words import amount, open_days, promised, week, wrapped
from escalation.entitlement import Service
from escalation.escalate import Escalation
from escalation.finding import CLOCKS
from escalation.office import AfterHours
from escalation.policy import AnsweredBy, Category, Plan, Policy, Severity
from escalation.targets import Counts
from escalation.week import usual_week

_ANSWERED = {
    AnsweredBy.ACKNOWLEDGE: "an engineer acknowledged it, which the customer sees",
    AnsweredBy.REPLY: "a person wrote to the customer",
    AnsweredBy.PLAN: "it was solved, or the customer has a plan of what follows",
}
_VERBS = {"respond": "answer", "next": "answer a later message", "resolve": "solve"}
Section = Callable[[Policy, dt.date], Iterator[str]]


def lines(policy: Policy, today: dt.date) -> Iterator[str]:
    """What is printed, section by section; those with nothing to say are left out."""
    yield wrapped(f"{policy.title} ({policy.name}, version {policy.version})")
    yield from _basics(policy)
    for title, section in _SECTIONS:
        body = list(section(policy, today))
        if body:
            yield from ("", title.upper(), *body)


def _basics(policy: Policy) -> Iterator[str]:
    yield wrapped(f"Tickets are {policy.prefix}-1, {policy.prefix}-2, ...; language {policy.language}.")
    yield wrapped(f"A ticket is answered when {_ANSWERED[policy.answered_by]}.")
    if len(policy.severities) > 1:
        yield wrapped(f"A proposed severity waits {amount(policy.patience)} for the customer's word.")
    if policy.requires:
        yield wrapped(f"Needed of a contact: {', '.join(policy.requires)}.")
    if policy.vip_at_least:
        yield wrapped(f"A VIP's ticket is at least {_label(policy, policy.vip_at_least)}.")


def _label(policy: Policy, id: str) -> str:
    return policy.severity(id).label


def _labels(policy: Policy, ids: Sequence[str]) -> str:
    """`Critical, High`; every severity where none is named."""
    return ", ".join(_label(policy, id) for id in ids) or "every severity"


def _hours(policy: Policy, today: dt.date) -> Iterator[str]:
    yield wrapped(f"{week(usual_week(policy.calendar, today).week)} ({policy.zone.key})", 2)
    for ids, windows in facts.limited(policy, today):
        if hours := open_days(windows):
            yield wrapped(f"Limited: {hours}, only for {_labels(policy, ids)}", 2)
    for date, spans in facts.other_dates(policy, today).items():
        yield wrapped(f"{date:%a %Y-%m-%d}: {', '.join(spans) or 'closed'}", 2)


def _holidays(policy: Policy, today: dt.date) -> Iterator[str]:
    dates = [f"{date:%a %Y-%m-%d}" for date in facts.holidays(policy, today)]
    for n in range(0, len(dates), 4):
        yield "  " + "   ".join(dates[n : n + 4])


def _severities(policy: Policy, today: dt.date) -> Iterator[str]:
    for severity in policy.severities:
        yield from _item(severity.label, severity.id, severity.meaning)
        yield from _targets(severity)
        if severity.contact:
            yield wrapped(f"contact by {', '.join(severity.contact)}", 6)
        if severity.examples:
            yield wrapped(f"such as: {'; '.join(severity.examples)}", 6)


def _item(label: str, id: str, meaning: str = "") -> Iterator[str]:
    name = label if label.casefold() == id else f"{label} ({id})"
    yield wrapped(f"{name}: {meaning}" if meaning else name, 2)


def _targets(severity: Severity) -> Iterator[str]:
    targets = {name: getattr(severity, name) for name in CLOCKS}
    for name, target in targets.items():
        if target is not None:
            yield wrapped(f"{_VERBS[name]} {promised(target, severity.counts)}", 6)
    if not any(targets.values()):
        yield wrapped("no target", 6)


def _categories(policy: Policy, today: dt.date) -> Iterator[str]:
    for category in policy.categories:
        yield from _item(category.label, category.id)
        yield from _differences(policy, category)
        for step in category.steps:
            yield wrapped(f"try first: {step}", 6)
        for article in category.articles:
            yield wrapped(f"read: {article}", 6)


def _differences(policy: Policy, category: Category) -> Iterator[str]:
    for ids, served, names in facts.differing(policy, category):
        said = [served.meaning] if "meaning" in names else []
        said += [
            f"{_VERBS[name]} {promised(getattr(served, name), served.counts)}"
            for name in names
            if name != "meaning"
        ]
        who = "here" if len(ids) == len(policy.severities) else _labels(policy, ids)
        yield wrapped(f"{who}: {'; '.join(said)}", 6)


def _plans(policy: Policy, today: dt.date) -> Iterator[str]:
    for plan in policy.plans:
        yield from _item(plan.label, plan.id, "; ".join((*_charge(policy, plan), *plan.included)))


def _charge(policy: Policy, plan: Plan) -> Iterator[str]:
    """Told of every plan where it tells them apart."""
    if any(other.call_out_charge for other in policy.plans):
        yield f"a call-out outside office hours costs {'extra' if plan.call_out_charge else 'nothing extra'}"


def _at_night(policy: Policy, today: dt.date) -> Iterator[str]:
    for rule in policy.after_hours:
        yield wrapped(f"{_covers(policy, rule)}: {_does(policy, rule)}", 2)
        if rule.tell:
            yield wrapped(f'told: "{rule.tell}"', 6)
    paged = [s.id for s in policy.severities if s.pages]
    rest = f"{_labels(policy, paged)} is paged at any hour" if paged else "nobody is paged"
    yield wrapped(f"{'Otherwise' if policy.after_hours else 'At any hour'}: {rest}", 2)


def _covers(policy: Policy, rule: AfterHours) -> str:
    return f"{_labels(policy, rule.severities)}, {', '.join(rule.when) or 'at any hour'}"


def _does(policy: Policy, rule: AfterHours) -> str:
    if not rule.page:
        return "nobody is paged"
    whom = f'the chain "{rule.chain}" is paged' if rule.chain else "the team's chain is paged"
    charged = any(plan.call_out_charge for plan in policy.plans)
    return f"{whom}{_consent(rule) if charged else ''}"


def _consent(rule: AfterHours) -> str:
    return ", after the customer's consent where it costs extra" if rule.consent else ", without asking first"


def _escalations(policy: Policy, today: dt.date) -> Iterator[str]:
    for rule in policy.escalations:
        done = [f"to {', '.join(map(_target, rule.to))}"] if rule.to else []
        done += [f"the customer is offered a {rule.offer}"] if rule.offer else []
        who = f" ({_labels(policy, rule.severities)})" if rule.severities else ""
        yield wrapped(f"{_when(rule)}{who}: {'; '.join(done)}", 2)


def _when(rule: Escalation) -> str:
    counted = rule.trigger.clock is None and rule.counts is not Counts.ALWAYS
    return f"{rule.trigger.text}, counting {rule.counts}" if counted else rule.trigger.text


def _target(written: str) -> str:
    kind, _, name = written.partition(":")
    words = {"leads": "the leads", "schedule": f"whoever is on call in {name}", "tier": f"tier {name}"}
    return words.get(kind, name or kind)


def _services(policy: Policy, today: dt.date) -> Iterator[str]:
    for service in policy.services:
        yield from _item(service.label, service.id, service.meaning)
        yield wrapped(f"plans: {', '.join(_offers(service)) or 'none'}", 6)
        notes = [*(["once a customer"] if service.once else []), *([service.note] if service.note else [])]
        yield from (wrapped(note, 6) for note in notes)


def _offers(service: Service) -> Iterator[str]:
    for offer in service.plans:
        yield f"{offer.plan} ({f'the first {offer.within.days} days' if offer.within else 'always'})"


def _exclusions(policy: Policy, today: dt.date) -> Iterator[str]:
    for exclusion in policy.exclusions:
        yield from _item(exclusion.label, exclusion.id, exclusion.instead)
        if exclusion.unless_plans:
            yield wrapped(f"but covered in the plan: {', '.join(exclusion.unless_plans)}", 6)


def _measures(policy: Policy, today: dt.date) -> Iterator[str]:
    if policy.milestones:
        percents = ", ".join(f"{percent} %" for percent in policy.milestones)
        yield wrapped(f"The team is told when a clock has used {percents} of its time.", 2)
    if versions := policy.versions:
        supported = ", ".join(map(str, versions.supported))
        yield wrapped(f"{versions.product}: versions {supported} are supported, older ones are not.", 2)
    if available := policy.availability:
        maintenance = ", scheduled maintenance aside" if available.excludes_maintenance else ""
        yield wrapped(
            f"Available {available.target:g} % of a month{maintenance}; report {available.report}.", 2
        )
    if policy.survey:
        yield wrapped("Customers are asked how it was, 1 to 5.", 2)


_SECTIONS: tuple[tuple[str, Section], ...] = (
    ("Hours", _hours),
    ("Holidays of the coming 12 months", _holidays),
    ("Severities, the most urgent first", _severities),
    ("Categories", _categories),
    ("Plans", _plans),
    ("Who is paged; the first rule that fits decides", _at_night),
    ("Escalation", _escalations),
    ("Services", _services),
    ("Not covered", _exclusions),
    ("Measured", _measures),
)
