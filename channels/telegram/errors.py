"""The library's errors in our words. BadRequest and TimedOut are NetworkErrors there: the order of asking matters.

RetryAfter, Conflict, connect and pool errors, 5xx  -> Temporary
Forbidden, BadRequest, ChatMigrated, InvalidToken   -> Permanent
no answer after the request went out                -> OutcomeUnknown (Temporary where a repeat does no harm)
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.app.ports import DeliveryError, OutcomeUnknown, Permanent, Temporary
from channels.telegram.client import scrub

_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


@contextlib.contextmanager
def delivery_errors(token: str, *, harmless: bool = False) -> Iterator[None]:
    """Lets nothing but DeliveryErrors out. `harmless`: done twice, it is done."""
    try:
        yield
    except DeliveryError:
        raise
    except Exception as error:
        ours = delivery_error(error, token)
        if harmless and isinstance(ours, OutcomeUnknown):
            ours = Temporary(str(ours))
        raise ours from (None if token in repr(error) else error)


def delivery_error(error: Exception, token: str) -> DeliveryError:
    """What the error means for the message."""
    why = "Telegram: " + scrub(
        str(error) if isinstance(error, TelegramError) else type(error).__name__, token
    )
    if isinstance(error, RetryAfter):
        return Temporary(why, retry_after(error))
    if isinstance(error, ChatMigrated):
        new = str(error.new_chat_id)
        return Permanent(f"Telegram: the group has a new id, {new}: put it into telegram_chat", code=new)
    if isinstance(error, Forbidden | BadRequest | InvalidToken):
        return Permanent(why, code=scrub(error.message, token))
    if isinstance(error, Conflict):
        return Temporary(why)
    if isinstance(error, NetworkError):
        return _network_error(error, why)
    return OutcomeUnknown(why)


def _network_error(error: NetworkError, why: str) -> DeliveryError:
    """By its cause; without one of httpx, Telegram answered with a 5xx."""
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPError) and not isinstance(cause, _NEVER_LEFT):
        return OutcomeUnknown(why)
    return Temporary(why)


def retry_after(error: Exception) -> float | None:
    """Seconds; the library gives a number now and a timedelta later."""
    if not isinstance(error, RetryAfter):
        return None
    after = error.retry_after
    return after.total_seconds() if isinstance(after, dt.timedelta) else float(after)
