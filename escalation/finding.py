"""What a look over a policy works with: the findings, and what is looked at, worked out once."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from escalation.calendar import EmptyCalendar
from escalation.instants import ZERO, from_wall
from escalation.policy import Policy, Severity
from escalation.targets import Target
from escalation.week import Usual, first_opening, usual_week

CLOCKS = ("respond", "next", "resolve")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that is legal but hardly meant; `key` is the dotted key in the policy's file."""

    key: str
    message: str

    def __str__(self) -> str:
        """Return it on one line."""
        return f"{self.key}: {self.message}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """What a ticket of one severity and category is promised; `category` counts from 0, None is none."""

    rank: int
    category: int | None
    severity: Severity
    keys: Mapping[str, str]

    def targets(self) -> Iterator[tuple[str, Target]]:
        """Yield the dotted key and the target of each clock that has one."""
        for clock in CLOCKS:
            target: Target | None = getattr(self.severity, clock)
            if target is not None:
                yield self.keys[clock], target


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is looked at. `windows` are the limited windows as written, `overrides` the dates with other hours.

    `chains` None: they are not known. `teams` are the teams with this policy, each with the severities it has chains for.
    """

    policy: Policy
    today: dt.date
    chains: frozenset[str] | None = None
    windows: Sequence[Mapping[str, Sequence[str]]] = ()
    overrides: Mapping[dt.date, Sequence[str]] = field(default_factory=dict)
    teams: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def usual(self) -> Usual:
        """The usual week of the office."""
        return usual_week(self.policy.calendar, self.today)

    @cached_property
    def opening(self) -> dt.datetime | None:
        """The first opening of a week without holidays."""
        return first_opening(self.policy.calendar, self.usual, self.today)

    @cached_property
    def start(self) -> dt.datetime | None:
        """An instant to measure from: that opening, or just the next one; None where there is none."""
        midnight = from_wall(self.policy.zone, self.today, ZERO)
        try:
            return self.opening or self.policy.calendar.next_open(midnight)
        except EmptyCalendar:
            return None

    @cached_property
    def served(self) -> tuple[Served, ...]:
        """Every severity without a category, then within each."""
        policy = self.policy
        return tuple(
            Served(
                rank=rank,
                category=at,
                severity=policy.served(own.id, None if at is None else policy.categories[at].id),
                keys={key: _written_at(policy, rank, at, key) for key in (*CLOCKS, "counts")},
            )
            for at in (None, *range(len(policy.categories)))
            for rank, own in enumerate(policy.severities)
        )


def _written_at(policy: Policy, rank: int, at: int | None, key: str) -> str:
    """Return the dotted key at which the value of `key` stands for this severity and category."""
    if at is not None:
        category, id = policy.categories[at], policy.severities[rank].id
        if getattr(category.cell(id), key) is not None:
            return f"category[{at}].severity.{id}.{key}"
        if getattr(category, key) is not None:
            return f"category[{at}].{key}"
    return f"severity[{rank}].{key}"


def named(ids: Sequence[str]) -> str:
    """Return `"a"`, `"a" and "b"`, `"a", "b" and "c"`."""
    quoted = [f'"{id}"' for id in ids]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)
