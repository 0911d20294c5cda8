"""Reading the event log from where it was read last: which tickets have changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from bot.domain.events import Recorded
from bot.domain.ids import TicketId

PATIENCE = dt.timedelta(seconds=20)
"""Longer than a transaction may last: a number that has not come to light by then never will."""
MOST_MISSING = 1000


@dataclasses.dataclass(kw_only=True)
class Tail:
    """How far the log has been read. With several writers a number may be committed after a later one: `missing` are the
    numbers that were passed by, and until when they are looked for."""

    seq: int
    missing: dict[int, dt.datetime] = dataclasses.field(default_factory=dict)

    def floor(self, now: dt.datetime) -> int:
        """Behind which number to read."""
        self.missing = {seq: until for seq, until in self.missing.items() if until > now}
        return min(self.missing, default=self.seq + 1) - 1

    def fresh(self, found: Iterable[Recorded]) -> set[TicketId]:
        """The tickets of what has not been seen before."""
        return {r.ticket for r in found if r.seq > self.seq or r.seq in self.missing}

    def take(self, found: Iterable[Recorded], now: dt.datetime) -> None:
        """These have been seen."""
        for recorded in found:
            self.missing.pop(recorded.seq, None)
            if recorded.seq > self.seq:
                passed = range(max(self.seq + 1, recorded.seq - MOST_MISSING), recorded.seq)
                self.missing |= dict.fromkeys(passed, now + PATIENCE)
                self.seq = recorded.seq
