"""What all stand-ins share: clocks, the journal, the courier, and where everybody lives."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playground.courier import Courier
from playground.faults import Faults
from playground.journal import Entry, Journal

Json = dict[str, Any]


@dataclass(kw_only=True)
class Stage:
    """One playground's surroundings; `first_id` keeps ids of two runs apart."""

    now: Callable[[], dt.datetime]
    monotonic: Callable[[], float]
    journal: Journal
    faults: Faults
    courier: Courier
    requests: list[Json]
    url: str = ""
    bot_url: str | None = None
    public_url: str | None = None
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    first_id: int = 0

    def stamp(self) -> int:
        """Return the present as whole Unix seconds."""
        return int(self.now().timestamp())

    def bot(self, path: str) -> str:
        """Return the bot's webhook as the vendor knows it: the public URL where one is set."""
        return (self.public_url or self.bot_url or "").rstrip("/") + path

    def reachable(self, url: str) -> str:
        """Return where a URL really is: what lies under the public URL is served at bot_url."""
        if self.public_url and self.bot_url and url.startswith(self.public_url.rstrip("/")):
            return self.bot_url.rstrip("/") + url[len(self.public_url.rstrip("/")) :]
        return url

    def tell(self, platform: str, kind: str, **data: Any) -> Entry:
        """Write the journal."""
        return self.journal.add(platform, kind, **data)
