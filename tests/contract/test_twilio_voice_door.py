"""What comes to the door of our calls: taken once, and only when it is Twilio's and one clear call of ours."""

from collections.abc import AsyncIterator

import pytest

from bot.app.inbound import KeyIn, ReceiptIn
from channels.twilio.signature import AGAIN
from tests.contract.channels_twilio.fakes import ACCOUNT, CALL_SID, PUBLIC, THANDI, key_params, says, sign
from tests.contract.channels_twilio.rig import Rig, running, twiml_checker

KEY = "/twilio/voice/key?attempt=tok-1&lang=en"
check = twiml_checker()


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running() as rig:
        yield rig


async def test_five_deliveries_are_one_event(rig: Rig) -> None:
    rig.desk.reply = says("x", spoken="It is yours.")
    answers = [await rig.post(key_params(), KEY) for _ in range(5)]
    assert [check(answer.text) for answer in answers] == [[]] * 5
    assert {type(key) for key in rig.desk.received} == {KeyIn}
    assert len({key.external_id for key in rig.desk.received}) == 1
    assert answers[0].headers["content-type"].startswith("text/xml")


@pytest.mark.parametrize(
    "changes",
    [
        {"AccountSid": "AC" + "1" * 32},
        {"CallSid": "CA1"},
        {"CallSid": "SM" + "1" * 32},
        {"To": "client:ada"},
        {"To": THANDI + "0" * 9},
        {"Digits": ""},
        {"Digits": "1; ack"},
        {"Digits": "1" * 9},
        {"CallStatus": "in progress"},
        {"AnsweredBy": "Nobody!"},
        {"Strange Name": "x"},
        {"CallerName": "CallSidCA" + "2" * 32},
    ],
)
async def test_signed_but_not_one_clear_call_of_ours_is_refused(rig: Rig, changes: dict[str, str]) -> None:
    answer = await rig.post(key_params(**changes), KEY)
    assert (answer.status_code, answer.text) == (403, "refused")
    assert rig.desk.received == []
    assert rig.desk.counted["refused", "twilio"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?lang=en",
        "?attempt=a/b",
        "?attempt=a&attempt=b",
        "?attempt=a&lang=e",
        "?attempt=a&lang=../../x",
        "?attempt=a&turn=-1",
        "?attempt=a&turn=1e9",
        "?attempt=a&wait=4&digits=1",
        "?attempt=a&wait=1&digits=x",
        "?attempt=a&wait=1",
        "?attempt=a&wait=1&wait=2&digits=1",
    ],
)
async def test_a_query_that_is_not_ours_is_refused(rig: Rig, query: str) -> None:
    params = key_params()
    del params["Digits"]
    assert (await rig.post(params, f"/twilio/voice/key{query}")).status_code == 403
    assert rig.desk.received == []


async def test_a_key_needs_somebody_who_pressed_it(rig: Rig) -> None:
    params = key_params()
    del params["To"]
    assert (await rig.post(params, KEY)).status_code == 403


@pytest.mark.parametrize("path", [KEY, "/twilio/voice/machine?attempt=tok-1", "/twilio/status?attempt=tok-1"])
async def test_a_forged_signature_is_refused(rig: Rig, path: str) -> None:
    for answer in (
        await rig.post(key_params(), path, token="wrong"),
        await rig.post(key_params(), path, signed=""),
    ):
        assert (answer.status_code, answer.text) == (403, "refused")
    signed = sign(PUBLIC + path, key_params())
    moved = await rig.post(key_params(), path.replace("tok-1", "tok-2"), signed=signed)
    assert moved.status_code == 403
    assert (await rig.http.get(rig.url + path)).status_code == 405
    assert rig.desk.received == []


async def test_the_end_of_our_url_may_be_signed_or_not(rig: Rig) -> None:
    for url in (KEY, KEY + AGAIN):
        signed = sign(PUBLIC + url, key_params())
        assert (await rig.post(key_params(), KEY, signed=signed)).status_code == 200
    signed = sign(PUBLIC + KEY + "#rc=5", key_params())
    assert (await rig.post(key_params(), KEY, signed=signed)).status_code == 403


@pytest.mark.parametrize("answered_by", ["human", "unknown", ""])
async def test_a_person_is_no_news(rig: Rig, answered_by: str) -> None:
    params = {"AccountSid": ACCOUNT, "CallSid": CALL_SID} | (
        {"AnsweredBy": answered_by} if answered_by else {}
    )
    assert (await rig.post(params, "/twilio/voice/machine?attempt=tok-1")).text == "<Response/>"
    assert rig.desk.received == []


@pytest.mark.parametrize("answered_by", ["machine_start", "machine_end_beep", "machine_end_other", "fax"])
async def test_every_machine_is_one(rig: Rig, answered_by: str) -> None:
    params = {"AccountSid": ACCOUNT, "CallSid": CALL_SID, "AnsweredBy": answered_by}
    await rig.post(params, "/twilio/voice/machine?attempt=tok-1")
    (receipt,) = rig.desk.received
    assert isinstance(receipt, ReceiptIn)
    assert (receipt.token, receipt.status, receipt.code) == ("tok-1", "failed", "machine")
    assert receipt.external_id == f"{CALL_SID}:machine"


@pytest.mark.parametrize("status", ["queued", "initiated", "ringing", "in-progress", "odd"])
async def test_a_call_that_goes_on_is_no_news(rig: Rig, status: str) -> None:
    answer = await rig.post(key_params(CallStatus=status), "/twilio/status?attempt=tok-1")
    assert (answer.status_code, rig.desk.received) == (200, [])


async def test_without_a_voice_number_nobody_calls(rig: Rig) -> None:
    async with running(voice_from=None) as without:
        assert (await without.post(key_params(), KEY)).status_code == 404
