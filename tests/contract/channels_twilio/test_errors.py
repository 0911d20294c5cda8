import datetime as dt

import httpx
import pytest

from bot.app.ports import DeliveryError, NeedsTemplate, OutcomeUnknown, Permanent, Temporary
from channels.twilio.client import RestError, masked
from channels.twilio.errors import retry_after, translate
from tests.contract.channels_twilio.fakes import NOW


def answer(status: int, body: str = "", header: str | None = None) -> RestError:
    request = httpx.Request("POST", "https://api.twilio.com/2010-04-01/Accounts/AC/Messages.json")
    headers = {"retry-after": header} if header is not None else {}
    return RestError(httpx.Response(status, text=body, headers=headers, request=request))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (answer(400, '{"code": 63016, "message": "outside"}'), NeedsTemplate),
        (answer(400, '{"code": 63018}'), Temporary),
        (answer(400, '{"code": 30001}'), Temporary),
        (answer(400, '{"code": 21211}'), Permanent),
        (answer(401, '{"code": 20003}'), Permanent),
        (answer(404, "<html>"), Permanent),
        (answer(400, "[1]"), Permanent),
        (answer(400, '{"code": "x"}'), Permanent),
        (answer(429, '{"code": 20429}'), Temporary),
        (answer(429), Temporary),
        (answer(500, "oops"), Temporary),
        (answer(503), Temporary),
        (answer(302), Temporary),
        (httpx.ConnectError("x"), Temporary),
        (httpx.ConnectTimeout("x"), Temporary),
        (httpx.PoolTimeout("x"), Temporary),
        (httpx.ReadTimeout("x"), OutcomeUnknown),
        (httpx.ReadError("x"), OutcomeUnknown),
        (httpx.WriteError("x"), OutcomeUnknown),
        (httpx.WriteTimeout("x"), OutcomeUnknown),
        (httpx.RemoteProtocolError("x"), OutcomeUnknown),
        (TimeoutError(), OutcomeUnknown),
        (ValueError("no JSON"), OutcomeUnknown),
    ],
)
def test_each_error_is_one_of_ours(error: Exception, kind: type[DeliveryError]) -> None:
    assert type(translate(error, NOW)) is kind


def test_the_code_is_kept() -> None:
    error = translate(answer(400, '{"code": 21610, "message": "opted out"}'), NOW)
    assert isinstance(error, Permanent)
    assert error.code == "21610"
    assert "opted out" in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7),
        ("0", 1),
        ("-3", 1),
        ("0.5", 1),
        ("1e9", 3600),
        ("inf", 3600),
        ("nan", None),
        ("", None),
        ("soon", None),
        ("Mon, 02 Mar 2026 09:00:30 GMT", 30),
        ("Mon, 02 Mar 2026 09:00:30 -0000", 30),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 1),
        ("Mon, 02 Mar 99999 08:00:00 GMT", None),
    ],
)
def test_retry_after_is_understood(header: str | None, seconds: float | None) -> None:
    error = translate(answer(429, header=header), NOW)
    assert isinstance(error, Temporary)
    assert error.retry_after == seconds


def test_a_date_needs_no_zone() -> None:
    assert retry_after("Mon, 02 Mar 2026 09:00:05", NOW.astimezone(dt.UTC)) == 5


def test_no_number_of_a_person_gets_into_a_log() -> None:
    error = answer(400, '{"code": 21211, "message": "The number whatsapp:+27115550100 is not valid"}')
    assert "27115550100" not in str(error) + repr(error) + str(translate(error, NOW))
    assert "21211" in str(translate(error, NOW))
    assert masked("+27115550100, 63016") == "…00, 63016"
