"""What comes to the door of calls to our number: only what Twilio signed, about the call that our own URL names."""

from collections.abc import AsyncIterator

import pytest

from channels.twilio.signature import AGAIN
from tests.contract.channels_twilio.fakes import (
    CALL_SID,
    LEG_SID,
    PUBLIC,
    call_params,
    leg_params,
    scripted,
    sign,
)
from tests.contract.channels_twilio.rig import Rig, running

OWN = f"?call={CALL_SID}&turn=3&lang=en"
OURS = ("heard", "rung", "recorded", "recording", "transcribed", "left")
LEGS = ("whisper", "accept")
PATHS = ("/twilio/voice/incoming", *(f"/twilio/voice/{path}{OWN}" for path in (*OURS, *LEGS)))


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running() as rig:
        rig.desk.script = scripted()
        yield rig


def params_of(path: str) -> dict[str, str]:
    return leg_params() if any(leg in path for leg in LEGS) else call_params()


@pytest.mark.parametrize("path", PATHS)
async def test_only_what_twilio_signed(rig: Rig, path: str) -> None:
    params = params_of(path)
    for answer in (
        await rig.post(params, path, token="wrong"),
        await rig.post(params, path, signed=""),
        await rig.post(params, path, signed=sign(PUBLIC + path.replace("turn=3", "turn=4") + "x", params)),
        await rig.post(params | {"Digits": "1"}, path, signed=sign(PUBLIC + path, params)),
    ):
        assert (answer.status_code, answer.text) == (403, "refused")
    assert (await rig.http.get(rig.url + path)).status_code == 405
    assert rig.desk.received == []
    assert rig.desk.counted["refused", "twilio"] == 4
    for end in ("", AGAIN):
        assert (await rig.post(params, path, signed=sign(PUBLIC + path + end, params))).status_code == 200


@pytest.mark.parametrize("path", PATHS[1:])
async def test_a_turn_that_was_tampered_with_is_refused(rig: Rig, path: str) -> None:
    params = params_of(path)
    signed = sign(PUBLIC + path, params)
    for other in (path.replace("turn=3", "turn=4"), path.replace(CALL_SID, LEG_SID)):
        assert (await rig.post(params, other, signed=signed)).status_code == 403
    assert rig.desk.received == []


@pytest.mark.parametrize("path", PATHS[1:])
async def test_another_calls_url_is_refused(rig: Rig, path: str) -> None:
    other = path.replace(CALL_SID, "CA" + "5" * 32)
    assert (await rig.post(params_of(path), other)).status_code == 403
    assert rig.desk.received == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        f"?call={CALL_SID}",
        "?turn=3",
        f"?call={CALL_SID}&turn=-1",
        f"?call={CALL_SID}&turn=12345",
        f"?call={CALL_SID}&turn=3&turn=3",
        f"?call={CALL_SID}&turn=3&lang=../x",
        f"?call={CALL_SID}&turn=3&wait=4",
        f"?call={CALL_SID}&turn=3&wait=0",
        f"?call={CALL_SID}&turn=3&wait=1&digits=",
        f"?call={CALL_SID}&turn=3&wait=1&digits=x",
        f"?call={CALL_SID}&turn=3&pressed=1e3",
        f"?call={CALL_SID}&turn=3&recording=RE1",
        f"?call={CALL_SID}&turn=3&other=1",
        f"?call={CALL_SID}&turn=3" + "&other=1" * 40,
        "?call=CA1&turn=3",
    ],
)
async def test_a_query_that_is_not_ours_is_refused(rig: Rig, query: str) -> None:
    for path in ("heard", "accept", "recording"):
        assert (await rig.post(params_of(path), f"/twilio/voice/{path}{query}")).status_code == 403
    assert rig.desk.received == []


@pytest.mark.parametrize(
    "changes",
    [
        {"AccountSid": "AC" + "1" * 32},
        {"CallSid": "CA1"},
        {"To": "client:ada"},
        {"CallStatus": "in progress"},
        {"Strange Name": "x"},
        {"CallerName": "CallSidCA" + "2" * 32},
        {"Digits": "1; ack"},
        {"Digits": "hangup"},
    ],
)
async def test_signed_but_not_one_clear_call_of_ours_is_refused(rig: Rig, changes: dict[str, str]) -> None:
    path = "/twilio/voice/heard" + OWN
    assert (await rig.post(call_params(**changes), path)).status_code == 403
    assert rig.desk.received == []


async def test_a_leg_needs_somebody_who_picked_up(rig: Rig) -> None:
    params = leg_params()
    del params["To"]
    for path in LEGS:
        assert (await rig.post(params, f"/twilio/voice/{path}{OWN}")).status_code == 403


async def test_without_a_voice_number_nobody_can_call() -> None:
    async with running(voice_from=None) as rig:
        for path in (*PATHS, "/twilio/voice/recording/RE" + "3" * 32):
            assert (await rig.post(params_of(path), path)).status_code == 404
        over = call_params(CallStatus="completed")
        assert (await rig.post(over, "/twilio/status")).status_code == 403
