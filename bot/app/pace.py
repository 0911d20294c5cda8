"""How fast a lane may go: cards one after the other, one call to a phone at a time, and a vendor that is down is only
asked now and then. Kept in memory: it is about now."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from bot.app.breaker import Breaker
from bot.app.ports import DeliveryError, OutcomeUnknown, Temporary
from bot.app.rows import OutboxItem

APART = dt.timedelta(seconds=45)
"""Two calls to one phone begin at least so far apart: it rings for 25 s, and whoever picks up listens."""
PROBE = dt.timedelta(seconds=20)
"""While a vendor is down, one row is tried this often; the rest waits."""


@dataclasses.dataclass(kw_only=True)
class Pace:
    """Of one platform account."""

    breaker: Breaker
    card_free: dt.datetime | None = None
    """The next card may go then."""
    looked: dt.datetime | None = None
    probed: dt.datetime | None = None
    called: dict[str, dt.datetime] = dataclasses.field(default_factory=dict)
    """When each phone was called last."""

    def looks(self, now: dt.datetime) -> bool:
        """True where the clock was set back since the last look: then nothing waits for an instant of before."""
        back = self.looked is not None and now < self.looked
        self.looked = now
        if back:
            self.card_free = self.probed = None
            self.called.clear()
        return back

    def may_put(self, now: dt.datetime) -> bool:
        return self.card_free is None or now >= self.card_free

    def probing(self, found: Sequence[OutboxItem], now: dt.datetime, *, busy: bool) -> list[OutboxItem]:
        """While the vendor is down: one of them, now and then."""
        if busy or not found or (self.probed is not None and now < self.probed + PROBE):
            return []
        self.probed = now
        return list(found[:1])

    def not_before(self, phone: str, now: dt.datetime) -> dt.datetime | None:
        """When this phone may be called; None is now."""
        last = self.called.get(phone)
        return last + APART if last is not None and now < last + APART else None

    def failed(self, error: DeliveryError, phone: str, now: dt.datetime) -> bool:
        """A vendor that says no, or asks for patience, is there. True where it counts as down from now on."""
        if not isinstance(error, OutcomeUnknown):
            self.called.pop(phone, None)  # it never rang
        away = isinstance(error, OutcomeUnknown) or (
            isinstance(error, Temporary) and error.retry_after is None
        )
        if not away:
            self.breaker.worked()
            return False
        was_open = self.breaker.is_open(now)
        self.breaker.failed(now)
        return not was_open and self.breaker.is_open(now)
