"""What a policy promises, in words: its target is written in the policy's own, such as `same day before 15:00`."""

from __future__ import annotations

import datetime as dt

from bot.app.speech import Speech
from escalation.grammar import (
    Agreed,
    BusinessDays,
    Duration,
    NextBusinessDay,
    SameDay,
    TargetError,
    parse_target,
)

HOUR = dt.timedelta(hours=1)


def promised(written: str, s: Speech) -> str:
    """A plain length such as `1h30m` needs no words."""
    try:
        target = parse_target(written)
    except TargetError:
        return written
    match target:
        case Agreed():
            return s.text("agreed on")
        case SameDay(before=None):
            return s.text("same day")
        case SameDay(before=dt.time() as before):
            return s.text("same day before {time}", time=f"{before:%H:%M}")
        case NextBusinessDay(by=None):
            return s.text("next business day")
        case NextBusinessDay(by=dt.time() as by):
            return s.text("next business day by {time}", time=f"{by:%H:%M}")
        case BusinessDays(count=n):
            return s.plural("{n} business day", "{n} business days", n)
        case Duration(business=True, length=length) if not length % HOUR:
            return s.plural("{n} business hour", "{n} business hours", length // HOUR)
    return written
