"""Findings about rules: after-hours rules and escalations that never act or act in the wrong order."""

import datetime as dt
from collections.abc import Iterator, Sequence

from escalation import sla
from escalation.calendar import EmptyCalendar
from escalation.escalate import Escalation
from escalation.finding import Finding, Served, Subject, named
from escalation.lint_hours import possible_hours
from escalation.office import Hours, rule_for
from escalation.policy import Policy, Severity
from escalation.sla import ClockKind
from escalation.targets import AsNeeded, Counts, counted_by

_TARGET_OF = {
    ClockKind.RESPONSE: "respond",
    ClockKind.NEXT_RESPONSE: "next",
    ClockKind.RESOLUTION: "resolve",
}


def after_hours(subject: Subject) -> Iterator[Finding]:
    """Find rules for hours that never come, and rules whose every case an earlier one decides."""
    policy = subject.policy
    possible = possible_hours(subject) if policy.after_hours else frozenset()
    decided: dict[tuple[str, Hours], int] = {}
    for n, rule in enumerate(policy.after_hours):
        for hours in rule.when:
            if hours not in possible:
                yield Finding(key=f"after_hours[{n}].when", message=_never(hours))
        cases = [(s.id, hours) for s in policy.severities for hours in Hours if rule.covers(s.id, hours)]
        cases = [case for case in cases if case[1] in possible]
        if cases and all(case in decided for case in cases):
            earlier = sorted({decided[case] for case in cases})
            message = f"never acts: {_deciding(earlier)} all its cases before"
            yield Finding(key=f"after_hours[{n}]", message=message)
        for case in cases:
            decided.setdefault(case, n)


def _deciding(rules: Sequence[int]) -> str:
    """Return `after_hours[0] decides`, `after_hours[0] and after_hours[1] decide`."""
    return f"{' and '.join(f'after_hours[{n}]' for n in rules)} decide{'s' * (len(rules) == 1)}"


def _never(hours: Hours) -> str:
    words = {
        Hours.HOLIDAY: "there is no holiday in the coming 12 months",
        Hours.LIMITED: "there are no limited hours",
        Hours.AFTER: "the desk never closes",
        Hours.OFFICE: "the desk never opens",
    }
    return f'names "{hours}", and {words[hours]}'


def pages_in_vain(subject: Subject) -> Iterator[Finding]:
    """Find severities that page, and rules for all of their hours that don't."""
    rules = subject.policy.after_hours
    possible = possible_hours(subject) if rules else frozenset()
    for rank, severity in enumerate(subject.policy.severities):
        found = [rule_for(rules, severity.id, hours) for hours in Hours if hours in possible]
        silent = sorted({rules.index(rule) for rule in found if rule and not rule.page})
        if severity.pages and silent and None not in found:
            message = f"true, and changes nothing: {_deciding(silent)} that nobody is paged"
            yield Finding(key=f"severity[{rank}].pages", message=message)


def team_chains(subject: Subject) -> Iterator[Finding]:
    """Find severities that page the team's own chain, where a team has none for them."""
    policy = subject.policy
    possible = possible_hours(subject) if subject.teams else frozenset()
    for rank, severity in enumerate(policy.severities):
        keys = [_paging_key(policy, rank, severity, hours) for hours in Hours if hours in possible]
        lacking = [team for team, chains in subject.teams.items() if severity.id not in chains]
        if lacking and (key := next(filter(None, keys), "")):
            message = f'pages the chain for "{severity.id}", and {named(lacking)} {_has_none(lacking)}: it rings no phone'
            yield Finding(key=key, message=message)


def _has_none(teams: Sequence[str]) -> str:
    return "has none" if len(teams) == 1 else "have none"


def _paging_key(policy: Policy, rank: int, severity: Severity, hours: Hours) -> str:
    """Return the dotted key at which the team's chain is paged at this hour; empty where it is not."""
    rule = rule_for(policy.after_hours, severity.id, hours)
    if rule is None:
        return f"severity[{rank}].pages" if severity.pages else ""
    return f"after_hours[{policy.after_hours.index(rule)}].page" if rule.page and not rule.chain else ""


def chains(subject: Subject) -> Iterator[Finding]:
    """Find rules that page a chain which the configuration lacks."""
    known = subject.chains
    for n, rule in enumerate(subject.policy.after_hours):
        if rule.page and rule.chain and known is not None and rule.chain not in known:
            has = f"it has {', '.join(sorted(known))}" if known else "it has none"
            message = f'pages the chain "{rule.chain}", which the configuration lacks; {has}'
            yield Finding(key=f"after_hours[{n}].page", message=message)


def escalations(subject: Subject) -> Iterator[Finding]:
    """Find escalations whose clock nobody has, and a `counts` that changes nothing."""
    for n, rule in enumerate(subject.policy.escalations):
        clock = rule.trigger.clock
        if clock is None:
            continue
        if not any(_has(served, clock) for served in subject.served if rule.covers(served.severity.id)):
            who = named(rule.severities) if rule.severities else "no severity"
            have = "has" if len(rule.severities) < 2 else "have"
            lacks = f"{who} {have} {'no' if rule.severities else 'a'} {_TARGET_OF[clock]} target"
            yield Finding(key=f"escalate[{n}].when", message=f'"{rule.trigger.text}" never comes: {lacks}')
        if rule.counts is not Counts.ALWAYS:
            message = f'"{rule.counts}" changes nothing: a share of a clock counts what the clock counts'
            yield Finding(key=f"escalate[{n}].counts", message=message)


def _has(served: Served, clock: ClockKind) -> bool:
    target = getattr(served.severity, _TARGET_OF[clock])
    return target is not None and not isinstance(target, AsNeeded)


def order_of_tiers(subject: Subject) -> Iterator[Finding]:
    """Find escalations to a higher tier that come before, or with, one to a lower tier."""
    told: set[tuple[int, int]] = set()
    for served in subject.served:
        acting = [
            (n, rule.tier, at)
            for n, rule in enumerate(subject.policy.escalations)
            if rule.tier and rule.covers(served.severity.id) and (at := _acts_at(subject, served, rule))
        ]
        for n, tier, at in acting:
            for m, lower, later in acting:
                if lower < tier and later >= at and (n, m) not in told:
                    told.add((n, m))
                    yield _wrong_order(subject, served, (n, tier, at), (m, lower, later))


def _wrong_order(
    subject: Subject,
    served: Served,
    high: tuple[int, int, dt.datetime],
    low: tuple[int, int, dt.datetime],
) -> Finding:
    when = subject.policy.escalations[low[0]].trigger.text
    how = "no earlier than" if low[2] == high[2] else "after"
    message = f'tier {low[1]} ("{when}") comes {how} tier {high[1]} (escalate[{high[0]}]) for "{served.severity.id}"'
    return Finding(key=f"escalate[{low[0]}]", message=message)


def _acts_at(subject: Subject, served: Served, rule: Escalation) -> dt.datetime | None:
    """Return when a rule acts on a ticket that is opened as the week begins and then left alone."""
    try:
        return subject.start and _acts_from(subject.start, subject.policy, served, rule)
    except EmptyCalendar:
        return None


def _acts_from(start: dt.datetime, policy: Policy, served: Served, rule: Escalation) -> dt.datetime | None:
    trigger, calendar = rule.trigger, policy.calendar_of(served.severity.id)
    if trigger.clock is None:
        return counted_by(rule.counts, calendar).due(start, trigger.after)
    target = getattr(served.severity, _TARGET_OF[trigger.clock])
    if target is None or trigger.clock is ClockKind.NEXT_RESPONSE:
        return None
    clock = sla.start_clock(trigger.clock, target.text, served.severity.counts, start)
    return sla.at_fraction(clock, calendar, trigger.fraction, start)
