"""What went wrong with a call, in our words: vendor errors become Temporary, Permanent or OutcomeUnknown here."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.app.ports import DeliveryError, OutcomeUnknown, Permanent, Temporary
from channels.slack.payload import dig, word

LONGEST_WAIT = 3600.0
_SECONDS = re.compile(r"\s*\d+(?:\.\d+)?\s*", re.ASCII)
_PASSING = {
    "ratelimited",
    "rate_limited",
    "message_limit_exceeded",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "external_channel_migrating",
    "update_failed",
}
"""Slack's errors that are not about what we asked."""
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
"""Refused, no such host, no TLS, no connection in time: nothing of the request was sent."""


@contextlib.contextmanager
def translated(what: str, *, repeatable: bool = False) -> Iterator[None]:
    """Raise DeliveryError and nothing else. `repeatable`: doing it twice does it once, so no answer is no harm."""
    try:
        yield
    except DeliveryError:
        raise
    except SlackApiError as error:
        raise refusal(what, error.response, repeatable=repeatable) from error
    except _NOT_SENT as error:
        raise Temporary(f"{what}: no connection to Slack ({type(error).__name__})") from error
    except SlackClientError as error:
        raise Permanent(f"{what}: {error}", "invalid_request") from error
    except Exception as error:  # the SDK lets through what aiohttp and json raise
        raise _silence(f"{what}: no answer from Slack ({type(error).__name__})", repeatable) from error


def refusal(what: str, response: object, *, repeatable: bool = False) -> DeliveryError:
    """An answer that is no success; a broken one carries aiohttp's response in place of the SDK's."""
    data, headers = getattr(response, "data", None), getattr(response, "headers", {})
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    code = word(data, "error")
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Temporary(f"{what}: rate limited", retry_after(headers))
    if status >= 500 or code in _PASSING:
        return Temporary(f"{what}: Slack answered {status} {code}".rstrip())
    if code or status >= 400:
        return Permanent(f"{what}: {code or status}{_pointers(data)}", code or str(status))
    return _silence(f"{what}: Slack's answer could not be read", repeatable)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, at most an hour; None for anything that is no number of seconds."""
    said = headers.get("Retry-After", "")
    return min(float(said), LONGEST_WAIT) if _SECONDS.fullmatch(said) else None


def _silence(why: str, repeatable: bool) -> DeliveryError:
    return Temporary(why) if repeatable else OutcomeUnknown(why)


def _pointers(data: object) -> str:
    """Slack's remarks on what it refuses ([json-pointer:/blocks/0]); they hold nothing of the text itself."""
    remarks = dig(data, "response_metadata", "messages")
    if not isinstance(remarks, list):
        return ""
    return "".join(f"; {remark}" for remark in remarks[:3] if isinstance(remark, str))[:300]
