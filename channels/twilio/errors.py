"""Twilio's errors, and httpx's, as ours."""

from __future__ import annotations

import datetime as dt
import email.utils
import math

import httpx
from twilio.base.exceptions import TwilioException

from bot.app.ports import DeliveryError, NeedsTemplate, OutcomeUnknown, Permanent, Temporary
from channels.twilio.client import RestError

OUTSIDE_WINDOW = 63016
BUSY = frozenset({20429, 30001, 63018})
"""Too fast or too full, said at once."""
RETRY_LATER = BUSY | {30003, 30008}
"""And what a status may say later: unreachable, or unknown."""

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
FAILURES = (TwilioException, httpx.HTTPError, TimeoutError, ValueError, KeyError, TypeError, AttributeError)
"""What the SDK may raise; the last four where a 2xx answer is not what it should be."""


def translate(error: Exception, now: dt.datetime) -> DeliveryError:
    """One of FAILURES in our words, to be raised `from` it."""
    if isinstance(error, RestError):
        return refusal(error.status, error.code, error.msg, retry_after(error.retry_after, now))
    if isinstance(error, NOT_SENT):
        return Temporary(f"Twilio can't be reached ({type(error).__name__})")
    return OutcomeUnknown(f"no proper answer from Twilio ({type(error).__name__})")


def refusal(status: int, code: int, said: str, wait: float | None = None) -> DeliveryError:
    """By Twilio's code first, then by the HTTP status."""
    why = f"Twilio answered {status}, code {code}: {said}"
    if code == OUTSIDE_WINDOW:
        return NeedsTemplate(why)
    if code in BUSY or status == 429 or status >= 500:
        return Temporary(why, wait)
    if status < 400:
        return Temporary(f"{why} (is api_url right?)", wait)
    return Permanent(why, str(code))


def retry_after(header: str | None, now: dt.datetime) -> float | None:
    """Seconds from a Retry-After header (a number or a date), 1..3600; None when there is no sense in it."""
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = (_utc(email.utils.parsedate_to_datetime(header)) - now).total_seconds()
        except (ValueError, OverflowError):
            return None
    return None if math.isnan(seconds) else min(max(seconds, 1.0), 3600.0)


def _utc(at: dt.datetime) -> dt.datetime:
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
