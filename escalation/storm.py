"""Too many pages at once for one person: what is held back, and until when. Source: semantics.md, Storm.

A heavy sleeper needs call after call for one emergency, and nobody needs twenty calls for twenty tickets of one outage:
so pages are counted, not attempts, and what is held back goes out bundled, never not at all.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """At most `per_hour` pages to a person within an hour; the rest waits, `bundle` long, and goes out as one.

    Raises ValueError below 1, and for a bundle that never goes out."""

    per_hour: int = 8
    bundle: dt.timedelta = dt.timedelta(minutes=5)

    def __post_init__(self) -> None:
        """Refuse limits that would hold back everything."""
        if self.per_hour < 1 or self.bundle <= dt.timedelta():
            raise ValueError("a person gets at least one page an hour, and a bundle goes out")


def is_held(others: Iterable[dt.datetime], limits: Limits, now: dt.datetime) -> bool:
    """Is the next page to a person held back? `others` is when each of their other pages first went out (UTC)."""
    return sum(1 for at in others if at > now - HOUR) >= limits.per_hour
