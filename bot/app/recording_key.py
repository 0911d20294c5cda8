"""The secret in the link to a recording: it is heard with a tap, on a phone that is logged in nowhere."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlencode

from bot.app.ports import Random
from bot.app.rows import UnitOfWork
from bot.app.running import Runner

KEPT_AS = "recording"
"""What the installation's secret is kept as."""


def key_of(secret: str, recording: str) -> str:
    """32 hex digits, for this recording."""
    return hmac.new(secret.encode(), recording.encode(), hashlib.sha256).hexdigest()[:32]


def is_key(given: str, secret: str, recording: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), key_of(secret, recording).encode())


def recording_url(uow: UnitOfWork, random: Random, public_url: str, recording: str) -> str:
    """Where a recording can be listened to. Whoever has the URL can: it belongs into the desk's thread only."""
    secret = uow.secrets.keep(KEPT_AS, random.token())
    asked = urlencode({"key": key_of(secret, recording)})
    return f"{public_url}/twilio/voice/recording/{quote(recording, safe='')}?{asked}"


def opener(run: Runner) -> Callable[[str, str], Awaitable[bool]]:
    """Does this key open this recording? Before any link was made there is no secret, and none does. Raises
    StorageError."""
    known: list[str] = []

    async def opens(given: str, recording: str) -> bool:
        if not known:
            secret = await run(lambda uow: uow.secrets.get(KEPT_AS))
            known.extend([secret] if secret is not None else [])
        return bool(known) and is_key(given, known[0], recording)

    return opens
