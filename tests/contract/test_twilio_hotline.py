"""Calls to our number over real HTTP: what Twilio tells goes in, what is heard next comes back."""

import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.app.inbound import CallIn, CallReportIn, KeyIn, LegIn
from bot.domain.hotline import Heard
from bot.domain.script import Connect, HangUp, Ring
from channels.twilio.signature import AGAIN
from tests.contract.channels_twilio.fakes import (
    CALL_SID,
    ENGINEER,
    LEG_SID,
    PUBLIC,
    RECORDING,
    THANDI,
    VOICE,
    at,
    call_params,
    key_params,
    leg_params,
    says,
    scripted,
)
from tests.contract.channels_twilio.rig import Rig, running, twiml_checker

V = "/twilio/voice"
OWN = f"?call={CALL_SID}&turn=3&lang=en"
OVER = ("completed", "busy", "no-answer", "failed", "canceled")
check = twiml_checker()


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running() as rig:
        rig.desk.script = scripted(HangUp(), "Goodbye.")
        yield rig


def document(answer: httpx.Response) -> ET.Element:
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert check(answer.text) == []
    return ET.fromstring(answer.text)


def tags(answer: httpx.Response) -> list[str]:
    return [verb.tag for verb in document(answer)]


def said(answer: httpx.Response) -> list[str]:
    return ["".join(say.itertext()) for say in document(answer).iter("Say")]


def redirect(answer: httpx.Response) -> str:
    """Where the caller is sent after a moment: our own path and query."""
    assert tags(answer) == ["Say", "Pause", "Redirect"]
    assert said(answer) == ["One moment please."]
    (to,) = document(answer).iter("Redirect")
    assert to.text is not None
    assert to.text.startswith(PUBLIC) and to.text.endswith(AGAIN)
    return to.text.removeprefix(PUBLIC).removesuffix(AGAIN)


def calls(rig: Rig) -> list[CallIn]:
    return [one for one in rig.desk.received if isinstance(one, CallIn)]


# ---------------------------------------------------------------- the caller's line
async def test_it_rings(rig: Rig) -> None:
    answer = await rig.post(call_params(CallStatus="ringing"), f"{V}/incoming")
    assert tags(answer) == ["Say", "Hangup"]
    (call,) = calls(rig)
    assert call == CallIn(
        channel=at("call").channel,
        external_id=f"{CALL_SID}:0:rang:",
        sender=call.sender,
        address=at("call"),
        call=CALL_SID,
        heard=Heard.RANG,
    )
    assert (call.sender.id, call.sender.name) == (THANDI, "")


@pytest.mark.parametrize(
    "party",
    [
        "anonymous",
        "Anonymous",
        "Restricted",
        "Private",
        "Unknown",
        "Unavailable",
        "",
        "+266696687",
        "+7378742833",
        "+2562533",
        "+8656696",
        "+86282452253",
        "266696687",
        "12345",
        "client:thandi",
        "sip:thandi@pbx.example.com",
        "sip:+266696687@pbx.example.com",
        "+27 11 555",
        "+0115550100",
    ],
)
async def test_a_hidden_number_is_nobodys(rig: Rig, party: str) -> None:
    await rig.post(call_params(From=party, Caller=party), f"{V}/incoming")
    (call,) = calls(rig)
    assert (call.sender.id, call.address) == ("", at("call", "hidden"))


@pytest.mark.parametrize(
    "party", [f"sip:{THANDI}@pbx.example.com;user=phone", f"client:{THANDI}", f"sips:{THANDI}"]
)
async def test_an_exchange_may_name_a_number(rig: Rig, party: str) -> None:
    await rig.post(call_params(From=party), f"{V}/incoming")
    assert calls(rig)[0].sender.id == THANDI


async def test_without_any_from_it_is_hidden(rig: Rig) -> None:
    params = call_params()
    del params["From"]
    await rig.post(params, f"{V}/incoming")
    assert calls(rig)[0].address == at("call", "hidden")


@pytest.mark.parametrize("digits", ["1", "", "0", "*", "#", "00271155501009"])
async def test_keys(rig: Rig, digits: str) -> None:
    await rig.post(call_params(Digits=digits), f"{V}/heard{OWN}")
    (call,) = calls(rig)
    assert (call.heard, call.turn, call.digits, call.gone) == (Heard.KEYS, 3, digits, False)
    assert call.external_id == f"{CALL_SID}:3:keys:{digits}"


async def test_silence_without_a_word_about_it(rig: Rig) -> None:
    await rig.post(call_params(), f"{V}/heard{OWN}")
    assert [call.digits for call in calls(rig)] == [""]


async def test_whoever_leans_on_the_keys_is_bounded(rig: Rig) -> None:
    await rig.post(call_params(Digits="1" * 500), f"{V}/heard{OWN}")
    (call,) = calls(rig)
    assert call.digits == "1" * 32
    assert len(call.external_id) < 200


@pytest.mark.parametrize("status", ["completed", "busy", "no-answer", "failed", "canceled", "answered"])
async def test_a_phone_that_rings_no_more_says_not_who_talked(rig: Rig, status: str) -> None:
    params = call_params(DialCallStatus=status, DialCallSid=LEG_SID, DialCallDuration="70")
    await rig.post(params, f"{V}/rung{OWN}")
    (call,) = calls(rig)
    assert (call.heard, call.turn, call.seconds, call.gone) == (Heard.LEG_OVER, 3, 70, False)
    assert call.external_id == f"{CALL_SID}:3:leg over:"


@pytest.mark.parametrize("path", ["rung", "recorded", "heard"])
@pytest.mark.parametrize("status", OVER)
async def test_the_caller_has_hung_up(rig: Rig, path: str, status: str) -> None:
    answer = await rig.post(call_params(CallStatus=status), f"{V}/{path}{OWN}")
    assert tags(answer) == []
    assert [(call.gone, call.seconds) for call in calls(rig)] == [(True, 0)]


async def test_a_message(rig: Rig) -> None:
    params = call_params(RecordingSid=RECORDING, RecordingDuration="12", RecordingUrl="https://x.example/y")
    await rig.post(params | {"Digits": "#"}, f"{V}/recorded{OWN}")
    await rig.post(params | {"Digits": "hangup"}, f"{V}/recorded{OWN}")
    await rig.post(call_params(), f"{V}/recorded{OWN}")
    found = [(call.heard, call.recording, call.seconds, call.gone) for call in calls(rig)]
    assert found == [
        (Heard.RECORDED, RECORDING, 12, False),
        (Heard.RECORDED, RECORDING, 12, True),
        (Heard.RECORDED, "", 0, False),
    ]
    assert [call.external_id for call in calls(rig)[1:]] == [
        f"{CALL_SID}:3:recorded:{RECORDING}",
        f"{CALL_SID}:3:recorded:",
    ]


async def test_on_a_call_of_ours_somebody_we_called_is_on_the_line(rig: Rig) -> None:
    params = call_params(Direction="outbound-api", From=VOICE, To=ENGINEER)
    await rig.post(params, f"{V}/rung{OWN}")
    assert calls(rig)[0].sender.id == ENGINEER


async def test_the_same_delivered_five_times_is_one_event(rig: Rig) -> None:
    for path, params in (("heard", call_params(Digits="1")), ("accept", leg_params(Digits="1"))):
        rig.desk.received.clear()
        answers = [await rig.post(params, f"{V}/{path}{OWN}") for _ in range(5)]
        assert len({one.external_id for one in rig.desk.received}) == 1
        assert len({answer.text for answer in answers}) == 1


# ---------------------------------------------------------------- the phone that we rang
async def test_somebody_picks_up_and_presses_1(rig: Rig) -> None:
    rig.desk.script = scripted(None, "Acme calls. Press 1.", leg=True)
    assert tags(await rig.post(leg_params(), f"{V}/whisper{OWN}")) == ["Gather", "Hangup"]
    rig.desk.script = scripted(Connect(), leg=True)
    assert tags(await rig.post(leg_params(Digits="1"), f"{V}/accept{OWN}")) == []
    whole = [
        (one.call, one.turn, one.digits, one.sender.id) for one in rig.desk.received if isinstance(one, LegIn)
    ]
    assert whole == [(CALL_SID, 3, "", ENGINEER), (CALL_SID, 3, "1", ENGINEER)]


async def test_a_wrong_key_pressed_again_is_another_event(rig: Rig) -> None:
    rig.desk.script = scripted(None, "Press 1.", leg=True)
    answer = await rig.post(leg_params(), f"{V}/whisper{OWN}")
    for _ in range(3):
        (gather,) = document(answer).iter("Gather")
        parts = urlsplit(gather.get("action") or "")
        answer = await rig.post(leg_params(Digits="7"), f"{parts.path}?{parts.query}")
    ids = [one.external_id.removeprefix(f"{CALL_SID}:3:") for one in rig.desk.received]
    assert ids == ["whisper:0:", "accept:0:7", "accept:1:7", "accept:2:7"]


async def test_a_leg_may_not_say_whose_it_is(rig: Rig) -> None:
    params = leg_params()
    del params["ParentCallSid"]
    await rig.post(params, f"{V}/whisper{OWN}")
    assert [one.call for one in rig.desk.received if isinstance(one, LegIn)] == [CALL_SID]


# ---------------------------------------------------------------- afterwards
@pytest.mark.parametrize("status", OVER)
async def test_the_line_is_dead(rig: Rig, status: str) -> None:
    answer = await rig.post(call_params(CallStatus=status, CallDuration="61"), "/twilio/status")
    assert tags(answer) == []
    (report,) = rig.desk.received
    assert isinstance(report, CallReportIn)
    assert (report.what, report.call, report.external_id) == ("over", CALL_SID, f"{CALL_SID}:over")
    assert (report.sender.id, report.address) == (THANDI, at("call"))


async def test_a_line_that_is_alive_is_no_news(rig: Rig) -> None:
    assert tags(await rig.post(call_params(), "/twilio/status")) == []
    assert rig.desk.received == []
    ours = call_params(Direction="outbound-api", CallStatus="completed")
    assert (await rig.post(ours, "/twilio/status")).status_code == 403


@pytest.mark.parametrize(
    ("status", "length", "seconds"), [("completed", "12", 12), ("completed", "0", 1), ("absent", "0", 0)]
)
async def test_a_recording_can_be_heard_or_not(rig: Rig, status: str, length: str, seconds: int) -> None:
    params = {
        "AccountSid": call_params()["AccountSid"],
        "CallSid": CALL_SID,
        "RecordingSid": RECORDING,
        "RecordingStatus": status,
        "RecordingDuration": length,
        "RecordingUrl": "https://api.twilio.com/x",
    }
    assert tags(await rig.post(params, f"{V}/recording{OWN}")) == []
    (report,) = rig.desk.received
    assert isinstance(report, CallReportIn)
    assert (report.what, report.recording, report.seconds) == ("recording", RECORDING, seconds)
    assert report.external_id == f"{CALL_SID}:recording:{RECORDING}:{status}"
    assert (report.sender.id, report.address) == ("", at("call", "hidden"))


async def test_a_recording_on_its_way_is_no_news(rig: Rig) -> None:
    params = call_params(RecordingSid=RECORDING, RecordingStatus="in-progress")
    assert tags(await rig.post(params, f"{V}/recording{OWN}")) == []
    assert rig.desk.received == []


async def test_a_transcript(rig: Rig) -> None:
    words = f"The mail is\n down. CallSidCA{'9' * 32} " + "x" * 9000
    params = call_params(RecordingSid=RECORDING, TranscriptionStatus="completed", TranscriptionText=words)
    assert tags(await rig.post(params, f"{V}/transcribed{OWN}")) == []
    failed = params | {"TranscriptionStatus": "failed"}
    assert tags(await rig.post(failed, f"{V}/transcribed{OWN}")) == []
    (report,) = rig.desk.received
    assert isinstance(report, CallReportIn)
    assert (report.what, report.recording) == ("transcript", RECORDING)
    assert report.text.startswith("The mail is down. CallSid")
    assert len(report.text) == 4000


# ---------------------------------------------------------------- a key on a page's call
async def test_a_pressed_key_can_put_an_engineer_through(rig: Rig) -> None:
    rig.desk.reply = says("x", spoken="It is yours.")
    rig.desk.script = scripted(Ring(number=THANDI, seconds=25, plain=True), "I am calling Thandi.")
    answer = await rig.post(key_params(), f"{V}/key?attempt=tok-1&lang=en")
    assert tags(answer) == ["Say", "Dial"]
    assert said(answer) == ["I am calling Thandi."]
    (key,) = rig.desk.received
    assert isinstance(key, KeyIn)
    assert key.call == CALL_SID


# ---------------------------------------------------------------- trouble
@pytest.mark.parametrize("overloaded", [True, False])
@pytest.mark.parametrize(
    ("path", "params", "carried"),
    [
        ("incoming", {}, {}),
        ("heard", {"Digits": "2#*"}, {"digits": "2#*"}),
        ("heard", {}, {}),
        ("rung", {"DialCallDuration": "31", "DialCallSid": LEG_SID}, {"seconds": "31"}),
        (
            "recorded",
            {"RecordingSid": RECORDING, "RecordingDuration": "7"},
            {"seconds": "7", "recording": RECORDING},
        ),
    ],
)
async def test_in_trouble_a_caller_waits_and_then_is_put_through_without_us(
    rig: Rig, path: str, params: dict[str, str], carried: dict[str, str], overloaded: bool
) -> None:
    script, rig.desk.script, rig.desk.overloaded = rig.desk.script, None, overloaded
    asked = f"{V}/{path}" + ("" if path == "incoming" else OWN)
    answer = await rig.post(call_params(**params), asked)
    for wait in "123":
        asked = redirect(answer)
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
        own = {} if path == "incoming" else {"call": CALL_SID, "turn": "3", "lang": "en"}
        assert query == own | carried | {"wait": wait}
        answer = await rig.post(call_params(), asked)
    dialled = [number.text for number in document(answer).iter("Number")]
    assert dialled == list(rig.desk.facts.numbers)
    rig.desk.script, rig.desk.overloaded = script, False
    rig.desk.received.clear()
    first = await rig.post(
        call_params(**params), re.sub(r"[?&]wait=3.*", "", f"{V}/{path}{OWN * (path != 'incoming')}")
    )
    later = await rig.post(call_params(), asked)
    assert tags(first) == tags(later) == ["Say", "Hangup"]
    one, again = calls(rig)
    assert one == again


async def test_what_is_said_without_us_is_told_to_us_afterwards(rig: Rig) -> None:
    rig.desk.script = None
    answer = await rig.post(call_params(), f"{V}/heard{OWN}&wait=3")
    (record,) = document(answer).iter("Record")
    action = urlsplit(record.get("action") or "")
    params = call_params(RecordingSid=RECORDING, RecordingDuration="9")
    assert tags(await rig.post(params, f"{action.path}?{action.query}")) == []
    assert tags(await rig.post(call_params(), f"{action.path}?{action.query}")) == []
    report = rig.desk.received[-1]
    assert isinstance(report, CallReportIn)
    assert (report.what, report.recording, report.seconds) == ("recording", RECORDING, 9)


async def test_with_nobody_to_call_they_are_told(rig: Rig) -> None:
    rig.desk.script, rig.desk.facts.numbers = None, ()
    answer = await rig.post(call_params(), f"{V}/heard{OWN}&wait=3")
    assert said(answer) == ["Sorry, that did not work. Please try again in a few minutes."]
    assert tags(answer) == ["Say", "Hangup"]


async def test_an_engineer_is_not_put_through_to_engineers(rig: Rig) -> None:
    rig.desk.script = None
    params = call_params(Direction="outbound-api", From=VOICE, To=ENGINEER)
    assert tags(await rig.post(params, f"{V}/rung{OWN}&wait=3")) == ["Say", "Hangup"]


async def test_in_trouble_a_leg_waits_once_and_is_hung_up(rig: Rig) -> None:
    rig.desk.overloaded = True
    asked = redirect(await rig.post(leg_params(Digits="1"), f"{V}/accept{OWN}&pressed=1"))
    assert asked == f"{V}/accept{OWN}&pressed=1&digits=1&wait=1"
    assert tags(await rig.post(leg_params(), asked)) == ["Say", "Hangup"]
    rig.desk.overloaded = False
    rig.desk.script = scripted(Connect(), leg=True)
    assert tags(await rig.post(leg_params(), asked)) == []
    (leg,) = rig.desk.received
    assert isinstance(leg, LegIn)
    assert (leg.digits, leg.external_id) == ("1", f"{CALL_SID}:3:accept:1:1")


async def test_reports_come_again(rig: Rig) -> None:
    rig.desk.overloaded = True
    over = call_params(CallStatus="completed")
    recorded = call_params(RecordingSid=RECORDING, RecordingStatus="completed")
    written = call_params(TranscriptionStatus="completed", TranscriptionText="Help.")
    for path, params in (
        ("/twilio/status", over),
        (f"{V}/rung{OWN}", over),
        (f"{V}/recording{OWN}", recorded),
        (f"{V}/left{OWN}", recorded),
        (f"{V}/transcribed{OWN}", written),
    ):
        assert (await rig.post(params, path)).status_code == 503
