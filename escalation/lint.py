"""What is legal in a policy but hardly meant. Each check is a function in a file beside this one."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from escalation import lint_hours, lint_names, lint_promises, lint_rules
from escalation.finding import Finding, Subject
from escalation.policy import Policy

__all__ = ["CHECKS", "Finding", "lint", "named_chains"]

CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    lint_hours.empty_calendars,
    lint_hours.closed_weeks,
    lint_hours.limited_windows,
    lint_hours.overrides,
    lint_hours.changes_of_the_clock,
    lint_names.holes,
    lint_names.unproposed,
    lint_names.shared_words,
    lint_names.unused,
    lint_promises.nothing_promised,
    lint_promises.longer_than_a_week,
    lint_promises.resolved_before_answered,
    lint_promises.counts_in_vain,
    lint_promises.milestones,
    lint_rules.after_hours,
    lint_rules.pages_in_vain,
    lint_rules.chains,
    lint_rules.team_chains,
    lint_rules.escalations,
    lint_rules.order_of_tiers,
)


def lint(
    policy: Policy,
    today: dt.date,
    chains: frozenset[str] | None = None,
    windows: Sequence[Mapping[str, Sequence[str]]] = (),
    overrides: Mapping[dt.date, Sequence[str]] | None = None,
    teams: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Finding, ...]:
    """Return what is hardly meant, looking ahead from `today` (local to the policy).

    `chains` are those that the configuration has, None where it is not known; `windows` the policy's limited windows
    as they are written, weekday to spans, one mapping a table, and `overrides` its dates; `teams` are the
    configuration's teams with this policy, each with the severities that it has chains for.
    """
    subject = Subject(
        policy=policy,
        today=today,
        chains=chains,
        windows=windows,
        overrides=overrides or {},
        teams=teams or {},
    )
    return tuple(finding for check in CHECKS for finding in check(subject))


def named_chains(policy: Policy) -> tuple[str, ...]:
    """Return the chains that the policy's rules page by name."""
    return tuple(dict.fromkeys(rule.chain for rule in policy.after_hours if rule.page and rule.chain))
