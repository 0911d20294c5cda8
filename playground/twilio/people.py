"""What people do when their phone rings, and what they do when they call."""

from dataclasses import dataclass

HIDDEN = "+266696687"
"""What Twilio says in From of whoever hides their number."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Picks up, unless `lost` says how the call is lost (busy, no-answer, failed); `after` so many prompts presses the
    next of `presses` (and those behind it at once, for as long as keys are awaited without a further word), or hangs up
    when there are none left and `leaves`. `machine` is what picks up. `by_hand`: a test does all of it.

    All times are seconds. `rings`: how long their phone rings first. `patience`: how long they hear other phones ring in
    one call before they hang up. `talks`: after so long a conversation they hang up; None waits for the other side (60
    where both wait). `speaks`: how long they speak where they are recorded, `words` what they say then, `ends` how they
    end it: with a key, with "hang up", or by falling silent."""

    lost: str = ""
    presses: str = ""
    after: int = 1
    leaves: bool = False
    machine: bool = False
    by_hand: bool = False
    rings: float = 3.0
    patience: float | None = None
    talks: float | None = None
    speaks: float = 0
    words: str = ""
    ends: str = ""


def answers(presses: str = "1", after: int = 1, *, rings: float = 3.0, talks: float | None = None) -> Person:
    """Picks up and presses keys: each after so many prompts."""
    return Person(presses=presses, after=after, rings=rings, talks=talks)


def hangs_up(after: int = 1) -> Person:
    """Picks up, and puts the phone down after so many prompts."""
    return Person(leaves=True, after=after)


def calls(
    presses: str = "", after: int = 1, *, patience: float | None = None, talks: float | None = None
) -> Person:
    """Calls and presses keys, each after so many prompts; without keys, listens."""
    return Person(presses=presses, after=after, patience=patience, talks=talks)


def calls_and_leaves(presses: str = "", after: int = 1) -> Person:
    """Calls, presses keys, and hangs up after so many prompts more."""
    return Person(presses=presses, after=after, leaves=True)


def leaves_message(seconds: float, words: str, presses: str = "", after: int = 1, ends: str = "") -> Person:
    """Calls, presses keys, and says something where they are recorded."""
    return Person(presses=presses, after=after, speaks=seconds, words=words, ends=ends)


UNANSWERED = Person(lost="no-answer")
"""Lets it ring."""
BUSY = Person(lost="busy")
DECLINES = Person(lost="busy")
"""Rejects the call while it rings; for Twilio that is a busy line."""
UNREACHABLE = Person(lost="failed")
SILENT = Person()
"""Picks up, or calls, and does nothing."""
MACHINE = Person(machine=True)
"""An answering machine: everything is said to it."""
VOICEMAIL = Person(machine=True, rings=20, talks=30)
"""Picks up late, never presses a key; whoever is put through to it may speak for half a minute."""
BY_HAND = Person(by_hand=True)
