"""What a team's policy asks of the people, schedules and chains that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.config.document import Document, Entry
from bot.config.problems import Report, did_you_mean
from bot.config.schema import Person, Team
from escalation.office import Hours, rule_for
from escalation.policy import Policy, Severity

Known = Mapping[str, frozenset[str]]
"""The names of each kind: chain, person, schedule."""


def check(team: Entry[Team], policy: Policy, known: Known, document: Document, report: Report) -> None:
    """Add what this team's policy asks in vain."""
    _chains_fit(team, policy, report)
    _rules_lead_somewhere(team, policy, known, report)
    _somebody_is_escalated_to(team, policy, document, report)


def _chains_fit(team: Entry[Team], policy: Policy, report: Report) -> None:
    severities = [severity.id for severity in policy.severities]
    for severity in team.value.chains:
        if severity not in severities:
            hint = did_you_mean(severity, severities)
            report.warn(
                f"{team.at}.chains.{severity}", f'the policy "{policy.name}" has no such severity{hint}'
            )
    for served in policy.severities:
        if served.id not in team.value.chains and _pages_the_teams_chain(policy, served):
            report.warn(
                f"{team.at}.chains",
                f'no chain for "{served.id}", which pages: it would page everyone of the team, every 5 minutes',
            )


def _pages_the_teams_chain(policy: Policy, severity: Severity) -> bool:
    """Is there an hour at which it pages and no rule names the chain?"""
    for hours in Hours:
        if hours is Hours.LIMITED and not policy.limited:
            continue
        rule = rule_for(policy.after_hours, severity.id, hours)
        if severity.pages if rule is None else rule.page and not rule.chain:
            return True
    return False


def _rules_lead_somewhere(team: Entry[Team], policy: Policy, known: Known, report: Report) -> None:
    for rule, kind, name in _named(policy):
        if name not in known[kind]:
            hint = did_you_mean(name, known[kind]) or "; there is none"
            message = f'its {rule} names the {kind} "{name}", which is unknown{hint}'
            report.add(f"{team.at}.policy", message, policy.name)


def _named(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """The rule, the kind of what it names, the name."""
    for index, rule in enumerate(policy.after_hours):
        if rule.chain:
            yield f"after_hours[{index}]", "chain", rule.chain
    for at, kind, name in _goals(policy):
        if kind in ("person", "schedule"):
            yield at, kind, name


def _goals(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """The key of each target of an escalation, its kind and name."""
    for index, escalation in enumerate(policy.escalations):
        for place, goal in enumerate(escalation.to):
            kind, _, name = goal.partition(":")
            yield f"escalate[{index}].to[{place}]", kind, name


def _somebody_is_escalated_to(team: Entry[Team], policy: Policy, document: Document, report: Report) -> None:
    people = [entry.value for entry in document.people if _works_for(entry.value, team.value)]
    tiers = {str(person.tier) for person in people}
    leads = any("lead" in person.roles for person in people)
    for at, kind, name in _goals(policy):
        if (kind == "tier" and name not in tiers) or (kind == "leads" and not leads):
            who = f"tier {name}" if kind == "tier" else "the leads"
            message = f'{at} of "{policy.name}" goes to {who}: "{team.value.name}" has nobody there'
            report.warn(f"{team.at}.policy", message)


def _works_for(person: Person, team: Team) -> bool:
    return team.name in person.teams and bool({"engineer", "lead"} & set(person.roles))
