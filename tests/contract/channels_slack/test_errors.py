"""Answers that are no success, and what they are to us."""

from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from bot.app.ports import DeliveryError, OutcomeUnknown, Permanent, Temporary
from channels.slack.errors import refusal, retry_after, translated


def answer(status: int, data: Any, headers: dict[str, str] | None = None) -> SimpleNamespace:
    return SimpleNamespace(status_code=status, data=data, headers=headers or {})


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("30", 30.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("86400", 3600.0),
        ("9" * 5000, 3600.0),
        ("-5", None),
        ("nan", None),
        ("inf", None),
        ("1e9", None),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("٣", None),
    ],
)
def test_retry_after_is_a_number_or_nothing(said: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": said}) == seconds
    assert retry_after({}) is None


@pytest.mark.parametrize(
    ("status", "data", "kind"),
    [
        (429, {"ok": False, "error": "ratelimited"}, Temporary),
        (200, {"ok": False, "error": "ratelimited"}, Temporary),
        (500, {}, Temporary),
        (503, "upstream connect error", Temporary),
        (502, None, Temporary),
        (200, {"ok": False, "error": "internal_error"}, Temporary),
        (200, {"ok": False, "error": "channel_not_found"}, Permanent),
        (200, {"ok": False, "error": "is_archived"}, Permanent),
        (200, {"ok": False, "error": "invalid_auth"}, Permanent),
        (404, "not here", Permanent),
        (200, {}, OutcomeUnknown),
        (200, "<html>", OutcomeUnknown),
        (200, {"error": 5}, OutcomeUnknown),
    ],
)
def test_answers(status: int, data: Any, kind: type[DeliveryError]) -> None:
    assert type(refusal("chat.postMessage", answer(status, data))) is kind


def test_a_refusal_keeps_its_code_and_slacks_pointers() -> None:
    remarks = {"messages": ["[ERROR] too long [json-pointer:/blocks/0]", 5]}
    data = {"ok": False, "error": "invalid_blocks", "response_metadata": remarks}
    refused = refusal("chat.postMessage", answer(200, data))
    assert isinstance(refused, Permanent) and refused.code == "invalid_blocks"
    assert str(refused) == "chat.postMessage: invalid_blocks; [ERROR] too long [json-pointer:/blocks/0]"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiohttp.ConnectionTimeoutError(), Temporary),
        (aiohttp.SocketTimeoutError(), OutcomeUnknown),
        (TimeoutError(), OutcomeUnknown),
        (aiohttp.ServerDisconnectedError(), OutcomeUnknown),
        (aiohttp.ClientOSError(104, "reset"), OutcomeUnknown),
        (aiohttp.ClientPayloadError(), OutcomeUnknown),
        (AttributeError("the SDK on a text"), OutcomeUnknown),
        (Permanent("ours", "x"), Permanent),
    ],
)
def test_silence(error: Exception, kind: type[DeliveryError]) -> None:
    with pytest.raises(kind), translated("chat.postMessage"):
        raise error
    if kind is OutcomeUnknown:
        with pytest.raises(Temporary), translated("reactions.add", repeatable=True):
            raise error
