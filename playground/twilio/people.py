"""What people do when their phone rings."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Person:
    """Picks up, unless `lost` says how the call is lost (busy, no-answer, failed); `after` so many prompts presses the
    next of `presses`, or hangs up when there are none left and `leaves`. `machine` is what picks up. `by_hand`: a test
    does all of it."""

    lost: str = ""
    presses: str = ""
    after: int = 1
    leaves: bool = False
    machine: bool = False
    by_hand: bool = False


def answers(presses: str = "1", after: int = 1) -> Person:
    """Picks up and presses keys: each after so many prompts."""
    return Person(presses=presses, after=after)


def hangs_up(after: int = 1) -> Person:
    """Picks up, and puts the phone down after so many prompts."""
    return Person(leaves=True, after=after)


UNANSWERED = Person(lost="no-answer")
"""Lets it ring."""
BUSY = Person(lost="busy")
UNREACHABLE = Person(lost="failed")
SILENT = Person()
"""Picks up and does nothing."""
MACHINE = Person(machine=True)
"""An answering machine: everything is said to it."""
BY_HAND = Person(by_hand=True)
