"""What a reader's browser is told, as server-sent events."""

from __future__ import annotations

import datetime as dt
import json
import re

from bot.app.ports import Clock

_BREAK = re.compile(r"\r\n|\r|\n")
_HOUR = dt.timedelta(hours=1)


def event(kind: str, data: str, id: str = "") -> bytes:
    """One event. Whatever is in `data`, it can't become a line of its own."""
    lines = "".join(f"data: {line}\n" for line in _BREAK.split(data))
    head = f"id: {id}\n" if id else ""
    return f"{head}event: {kind}\n{lines}\n".encode()


def speed_of(clock: Clock) -> float:
    """Seconds of the clock in one of this machine: 1 but in a demonstration; 0 while it stands."""
    real = clock.real_seconds_until(clock.now() + _HOUR)
    return round(_HOUR.total_seconds() / real, 3) if 0 < real < float("inf") else 0.0


def beat(clock: Clock) -> bytes:
    """A sign of life with the time: milliseconds since 1970 UTC, and how fast it passes."""
    now = round(clock.now().timestamp() * 1000)
    return event("beat", json.dumps({"now": now, "speed": speed_of(clock)}))
