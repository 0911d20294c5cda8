"""When a ticket goes further up, and to whom: the triggers of escalation rules.

Source: semantics.md, Policy file. `75% of response` is elapsed over length of that clock, `breach of response` is
100 %, `24h unanswered` and `24h unresolved` are time since the ticket was opened without the time it waited for the
customer; `counts` says which time.
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from escalation.grammar import Duration, TargetError, parse_target
from escalation.sla import ClockKind
from escalation.targets import Counts

_CLOCKS = {
    "response": ClockKind.RESPONSE,
    "next response": ClockKind.NEXT_RESPONSE,
    "resolution": ClockKind.RESOLUTION,
}
_SHARE = re.compile(r"(?:([0-9]{1,4})\s*%|breach) of (response|next response|resolution)")
_AGE = re.compile(r"(.+) (unanswered|unresolved)")
ALLOWED = "write 75% of response, breach of resolution (also next response), 24h unanswered or 24h unresolved"


class Lacking(StrEnum):
    """What an age trigger waits for in vain."""

    ANSWER = "unanswered"
    RESOLUTION = "unresolved"


class TriggerError(ValueError):
    """A text that is no trigger; the message quotes it and names what is allowed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """Either a share of a clock (`clock`, `fraction`) or an age (`lacking`, `after`); `text` parses to it again."""

    text: str
    clock: ClockKind | None = None
    fraction: float = 0.0
    lacking: Lacking | None = None
    after: dt.timedelta = dt.timedelta()


def parse_trigger(text: str) -> Trigger:
    """Read a trigger; raises TriggerError quoting `text` and naming what is allowed."""
    words = " ".join(text.split()).casefold()
    if share := _SHARE.fullmatch(words):
        percent = int(share[1]) if share[1] else 100
        if percent == 0:
            raise TriggerError(f'"{text}": every ticket starts at 0 %; {ALLOWED}')
        return Trigger(text=words, clock=_CLOCKS[share[2]], fraction=percent / 100)
    if age := _AGE.fullmatch(words):
        try:
            target = parse_target(age[1])
        except TargetError as error:
            raise TriggerError(f'"{text}": {error.problem}') from error
        if isinstance(target, Duration) and not target.business:
            return Trigger(text=words, lacking=Lacking(age[2]), after=target.length)
    raise TriggerError(f'"{text}" is no trigger; {ALLOWED}')


@dataclass(frozen=True, kw_only=True, slots=True)
class Escalation:
    """A rule: at `trigger`, the ticket goes `to` these targets of a chain (`tier:2`, `leads`, `person:lin`).

    `severities` empty is all. `offer` "call" offers the customer a call with an engineer.
    """

    trigger: Trigger
    to: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    counts: Counts = Counts.ALWAYS
    offer: str = ""

    @property
    def id(self) -> str:
        """Names the rule within its policy."""
        return " ".join((self.trigger.text, *self.severities, "->", *self.to, self.offer)).strip()

    @property
    def tier(self) -> int | None:
        """The tier that the ticket is at from then on; None where the rule names none."""
        tiers = [int(name) for kind, _, name in (t.partition(":") for t in self.to) if kind == "tier"]
        return max(tiers, default=None)

    def covers(self, severity: str) -> bool:
        """Tell whether the rule is about this severity."""
        return not self.severities or severity in self.severities
