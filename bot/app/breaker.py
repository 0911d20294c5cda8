"""Is a vendor down? Several failures in a row say so; then pages go another way, where there is one, until it answers.

It keeps nothing back by itself: what can only go this way still does, and its first success closes it again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

FAILURES = 3
"""So many in a row, with nothing that got through between them."""
REST = dt.timedelta(seconds=60)
"""After this the vendor is asked again, even if nothing but pages would ask it."""


@dataclasses.dataclass(kw_only=True)
class Breaker:
    """Of one platform account."""

    failures: int = 0
    last: dt.datetime | None = None

    def failed(self, now: dt.datetime) -> None:
        """No answer, or none that makes sense."""
        self.failures, self.last = self.failures + 1, now

    def worked(self) -> None:
        """It answered, be it with a no."""
        self.failures = 0

    def is_open(self, now: dt.datetime) -> bool:
        """Go around it? (A clock that was set back counts as rested.)"""
        rests = self.last is not None and self.last <= now < self.last + REST
        return self.failures >= FAILURES and rests
