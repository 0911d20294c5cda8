"""A page's walk along its chain: which step, what next, when it is spent. Source: semantics.md, Paging."""

import datetime as dt
from dataclasses import dataclass

from escalation.escalate import Trigger

LAST_RESORT_EVERY = dt.timedelta(minutes=5)  # everybody and the leads, once the chain is spent


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Whom to page, such as `schedule:standby`, `person:lin`, `tier:2`, `leads`, `everyone`; how long to wait.

    `at` places the step in the ticket's SLA: in the first round it begins when that share of that clock is used up, not
    when the step before has waited; sooner only where that step has failed. Raises ValueError for an age.
    """

    targets: tuple[str, ...]
    wait: dt.timedelta
    at: Trigger | None = None

    def __post_init__(self) -> None:
        """Refuse an age: a step has its place on a clock."""
        if self.at is not None and self.at.clock is None:
            raise ValueError(f'"{self.at.text}" is no share of a clock; write 50% of response')


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """Steps walked once and `repeat` times again. Raises ValueError for a negative `repeat` or wait."""

    name: str
    steps: tuple[Step, ...]
    repeat: int = 0

    def __post_init__(self) -> None:
        """Refuse a walk that cannot be made."""
        if self.repeat < 0:
            raise ValueError(f"{self.name}: repeat is {self.repeat}; it is 0 or more")
        if any(step.wait < dt.timedelta() for step in self.steps):
            raise ValueError(f"{self.name}: a step waits a negative time")


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Position:
    """Where a walk stands: the round and the step in it, both from 0."""

    round: int
    step: int


def advance(chain: Chain, position: Position | None) -> Position | None:
    """Return the position after `position` (None: the first); None when the chain is spent."""
    if position is None:
        return Position(round=0, step=0) if chain.steps else None
    if position.step + 1 < len(chain.steps):
        return Position(round=position.round, step=position.step + 1)
    if position.round < chain.repeat and chain.steps:
        return Position(round=position.round + 1, step=0)
    return None


def step_at(chain: Chain, position: Position) -> Step:
    """Return the step a walk stands at; raises IndexError for a position outside the chain."""
    return chain.steps[position.step]
