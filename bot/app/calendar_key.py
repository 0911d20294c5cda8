"""The secret in a calendar's URL: calendar programs can't log in."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote, urlencode

from bot.app.ports import Random
from bot.app.rows import UnitOfWork

KEPT_AS = "calendar"
"""What the installation's secret is kept as."""


def key_of(secret: str, schedule: str, person: str = "") -> str:
    """32 hex digits, for this schedule, or for one person's shifts in it."""
    return hmac.new(secret.encode(), f"{schedule}|{person}".encode(), hashlib.sha256).hexdigest()[:32]


def is_key(given: str, secret: str, schedule: str, person: str = "") -> bool:
    """Compared in constant time."""
    right = key_of(secret, schedule, person).encode()
    return hmac.compare_digest(given.encode("utf-8", "replace"), right)


def calendar_url(uow: UnitOfWork, random: Random, public_url: str, schedule: str, person: str = "") -> str:
    """Where a calendar program subscribes to a schedule. Whoever has the URL can read it: hand it out in private."""
    secret = uow.secrets.keep(KEPT_AS, random.token())
    asked = {"key": key_of(secret, schedule, person), **({"person": person} if person else {})}
    return f"{public_url}/oncall/{quote(schedule, safe='')}.ics?{urlencode(asked)}"
