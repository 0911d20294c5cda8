"""Findings about what a policy names: severities, categories, plans, services, and the words that propose them."""

import re
from collections.abc import Iterator, Sequence

from escalation.finding import CLOCKS, Finding, Subject, named
from escalation.policy import NO_CELL, Category, Plan, Policy, Severity


def holes(subject: Subject) -> Iterator[Finding]:
    """Find cells of category and severity that say nothing where others do, and whose severity does not stand in."""
    policy = subject.policy
    meant = any(cell.meaning for category in policy.categories for cell in category.cells.values())
    for n, category in enumerate(policy.categories):
        silent = [s.id for s in policy.severities if meant and category.cell(s.id) == NO_CELL]
        silent += [id for id in _without_target(policy, category) if id not in silent]
        if silent:
            message = (
                f'nothing is said of {named(silent)} in "{category.id}", while other cells say something'
            )
            yield Finding(key=f"category[{n}].severity", message=message)


def _without_target(policy: Policy, category: Category) -> list[str]:
    """Return the severities without a target for a clock of which other cells have one, or without any at all.

    One that has none in any category is told of elsewhere.
    """
    cells = [cell for each in policy.categories for cell in each.cells.values()]
    clocks = [clock for clock in CLOCKS if any(getattr(cell, clock) for cell in cells)]
    return [
        severity.id
        for severity in policy.severities
        if any(getattr(policy.served(severity.id, category.id), clock) is None for clock in clocks)
        or (not _promised(policy, severity.id, category) and _promised_somewhere(policy, severity.id))
    ]


def _promised(policy: Policy, severity: str, category: Category) -> bool:
    served = policy.served(severity, category.id)
    return any(getattr(served, clock) for clock in CLOCKS)


def _promised_somewhere(policy: Policy, severity: str) -> bool:
    return any(_promised(policy, severity, category) for category in policy.categories)


def unproposed(subject: Subject) -> Iterator[Finding]:
    """Find severities that nothing ever proposes."""
    policy = subject.policy
    for n, severity in enumerate(policy.severities):
        otherwise = severity is _fallback(policy) or severity.id == policy.vip_at_least
        if not severity.words and not otherwise:
            message = f'no words propose "{severity.id}", and nothing else does'
            yield Finding(key=f"severity[{n}].words", message=message)


def _fallback(policy: Policy) -> Severity:
    """Return what is proposed where no words are found: a plain problem."""
    return policy.severities[-2] if len(policy.severities) > 2 else policy.severities[-1]


def shared_words(subject: Subject) -> Iterator[Finding]:
    """Find words that propose two severities, or two categories."""
    yield from _shared("severity", subject.policy.severities, "in a tie the more urgent wins")
    yield from _shared("category", subject.policy.categories, "in a tie the earlier wins")


def _shared(table: str, entries: Sequence[Severity | Category], wins: str) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for n, entry in enumerate(entries):
        twice: dict[str, list[str]] = {}
        for word in dict.fromkeys(map(_plain, entry.words)):
            owner = owners.setdefault(word, entry.id)
            if owner != entry.id:
                twice.setdefault(owner, []).append(word)
        for owner, words in twice.items():
            speak = "speaks" if len(words) == 1 else "speak"
            message = f'{named(words)} {speak} for "{owner}" too; {wins}'
            yield Finding(key=f"{table}[{n}].words", message=message)


def _plain(word: str) -> str:
    return " ".join(re.findall(r"\w+", word.casefold()))


def unused(subject: Subject) -> Iterator[Finding]:
    """Find services that no plan has, plans that nothing tells apart, and charges that are never asked for."""
    policy = subject.policy
    plans = [plan.id for plan in policy.plans]
    for n, service in enumerate(policy.services):
        if not any(offer.plan in plans for offer in service.plans):
            yield Finding(key=f"service[{n}].plans", message=f'no plan has "{service.id}"')
    seen: dict[object, str] = {}
    for n, plan in enumerate(policy.plans):
        if (twin := seen.setdefault(_what_it_has(policy, plan), plan.id)) != plan.id:
            yield Finding(key=f"plan[{n}]", message=f'nothing tells "{plan.id}" from "{twin}"')
        if plan.call_out_charge and not _pages_with_consent(policy):
            message = "nobody is ever paged outside office hours with consent, so it is never asked for"
            yield Finding(key=f"plan[{n}].call_out_charge", message=message)


def _what_it_has(policy: Policy, plan: Plan) -> object:
    services = tuple(
        (service.id, offer.within)
        for service in policy.services
        for offer in service.plans
        if offer.plan == plan.id
    )
    covered = tuple(exclusion.id for exclusion in policy.exclusions if plan.id in exclusion.unless_plans)
    return plan.call_out_charge, plan.included, services, covered


def _pages_with_consent(policy: Policy) -> bool:
    return any(severity.pages for severity in policy.severities) or any(
        rule.page and rule.consent for rule in policy.after_hours
    )
