"""What Twilio tells us, over real HTTP."""

import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.app.inbound import ActionIn, MessageIn, ReceiptIn
from tests.contract.channels_twilio.fakes import (
    ACCOUNT,
    OTHER_TOKEN,
    PUBLIC,
    SID,
    THANDI,
    TOKEN,
    form,
    inbound_params,
    sign,
)
from tests.contract.channels_twilio.rig import Rig, running

PATH = "/twilio/messages"
GOOD = inbound_params()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Rig]:
    async with running() as rig:
        yield rig


@pytest.fixture
def rig(shared: Rig) -> Rig:
    shared.desk.received.clear()
    shared.desk.counted.clear()
    shared.desk.overloaded = False
    shared.playground.requests.clear()
    return shared


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_customer_writes(rig: Rig) -> None:
    answer = await rig.playground.twilio.whatsapp_says(THANDI, "our mail server is down")
    assert not isinstance(answer, list)
    assert (answer.status, answer.body) == (200, "<Response/>")
    assert answer.headers["content-type"].startswith("text/xml")
    (said,) = rig.desk.received
    assert isinstance(said, MessageIn)
    assert (said.channel, said.address.place, said.text) == ("whatsapp", THANDI, "our mail server is down")


async def test_an_engineer_texts(rig: Rig) -> None:
    await rig.playground.twilio.sms_says("+27115550001", "ack 4821")
    (said,) = rig.desk.received
    assert isinstance(said, MessageIn)
    assert (said.channel, said.sender.id, said.text) == ("sms", "+27115550001", "ack 4821")


async def test_five_deliveries_are_one_event(rig: Rig) -> None:
    answers = await rig.playground.twilio.whatsapp_says(THANDI, "down", times=5)
    assert isinstance(answers, list)
    assert [answer.status for answer in answers] == [200] * 5
    assert len({said.external_id for said in rig.desk.received}) == 1


async def test_a_tap(rig: Rig) -> None:
    await rig.playground.twilio.whatsapp_says(THANDI, "", button=("severity|MIT-1042|high", "High"))
    await rig.playground.twilio.whatsapp_says(THANDI, "", list_choice=("severity|MIT-1042|low", "Low"))
    await rig.playground.twilio.whatsapp_says(THANDI, "", button=("whatever", "High"))
    high, low, words = rig.desk.received
    assert isinstance(high, ActionIn)
    assert isinstance(low, ActionIn)
    assert (high.action.value, low.action.value) == ("high", "low")
    assert isinstance(words, MessageIn)
    assert words.text == "High"


async def test_a_file(rig: Rig) -> None:
    await rig.playground.twilio.whatsapp_says(THANDI, "look", media=[("image/png", b"x")])
    (said,) = rig.desk.received
    assert isinstance(said, MessageIn)
    assert [(a.mime, a.url.startswith("http")) for a in said.attachments] == [("image/png", True)]


async def test_busy_means_come_again(rig: Rig) -> None:
    rig.desk.overloaded = True
    answer = await rig.post(GOOD)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"


async def test_the_second_token_counts(rig: Rig) -> None:
    assert (await rig.post(GOOD, token=OTHER_TOKEN)).status_code == 200


def _without(name: str) -> dict[str, str]:
    return {key: value for key, value in GOOD.items() if key != name}


SIGNED_FOR = {
    "no header": "",
    "garbage": "x",
    "non-ASCII": "é" * 28,
    "another token": sign(PUBLIC + PATH, GOOD, "x" * 32),
    "a sub-account's token": sign(PUBLIC + PATH, GOOD, TOKEN + "2"),
    "http instead of https": sign("http://desk.example.com" + PATH, GOOD),
    "another host": sign("https://evil.example.com" + PATH, GOOD),
    "another port": sign(PUBLIC + ":8443" + PATH, GOOD),
    "another path": sign(PUBLIC + "/twilio/status", GOOD),
    "another query": sign(PUBLIC + PATH + "?a=b", GOOD),
    "another body": sign(PUBLIC + PATH, GOOD | {"Body": "other"}),
    "the URL alone": sign(PUBLIC + PATH, {}),
    "lower case": sign(PUBLIC + PATH, GOOD).lower(),
    "cut off": sign(PUBLIC + PATH, GOOD)[:-1],
}
SIGNED = {
    "another account": GOOD | {"AccountSid": "AC" + "1" * 32},
    "no account": _without("AccountSid"),
    "no sender": _without("From"),
    "no receiver": _without("To"),
    "no SID": _without("MessageSid"),
    "a short SID": GOOD | {"MessageSid": "SM1"},
    "an upper-case SID": GOOD | {"MessageSid": "SM" + "A" * 32},
    "a call's SID": GOOD | {"MessageSid": "CA" + "1" * 32},
    "two SIDs": GOOD | {"MessageSid": "SM" + "2" * 32},
    "no number": GOOD | {"From": "whatsapp:Thandi"},
    "two channels": GOOD | {"From": THANDI},
    "another channel": GOOD | {"From": "messenger:123"},
    "a moved boundary": _without("From") | {"Fro": "m" + GOOD["From"]},
    "a folded sender": _without("From") | {"Body": "hiFrom" + GOOD["From"]},
    "a strange name": GOOD | {"From+2": "7"},
    "nothing at all": {},
}


async def _refused(rig: Rig, status: int) -> None:
    assert status in (400, 401, 403)
    assert rig.desk.received == []
    assert rig.desk.counted["refused", "twilio"] == 1


@pytest.mark.parametrize("what", SIGNED_FOR)
async def test_a_wrong_signature_is_refused(rig: Rig, what: str) -> None:
    header = {"x-twilio-signature": SIGNED_FOR[what].encode("utf-8")} if SIGNED_FOR[what] else {}
    answer = await rig.http.post(
        rig.url + PATH,
        content=form(GOOD),
        headers={b"content-type": b"application/x-www-form-urlencoded"}
        | {k.encode(): v for k, v in header.items()},
    )
    assert answer.status_code == 403
    await _refused(rig, answer.status_code)


@pytest.mark.parametrize("what", SIGNED)
async def test_signed_but_not_one_clear_message_of_ours_is_refused(rig: Rig, what: str) -> None:
    await _refused(rig, (await rig.post(SIGNED[what])).status_code)


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": ""},
    ],
)
async def test_only_a_form_is_taken(rig: Rig, headers: dict[str, str]) -> None:
    await _refused(rig, (await rig.post(GOOD, headers=headers)).status_code)


async def test_an_empty_form_does_not_vouch_for_json(rig: Rig) -> None:
    answer = await rig.post({}, headers={"content-type": "application/json"}, body=b'{"From": "+1"}')
    await _refused(rig, answer.status_code)


async def test_a_value_twice_is_refused(rig: Rig) -> None:
    await _refused(rig, (await rig.post(GOOD, body=form(GOOD) + b"&Body=other")).status_code)


async def test_two_signatures_are_refused(rig: Rig) -> None:
    good = sign(PUBLIC + PATH, GOOD)
    headers = [("content-type", "application/x-www-form-urlencoded"), *[("x-twilio-signature", good)] * 2]
    answer = await rig.http.post(rig.url + PATH, content=form(GOOD), headers=headers)
    await _refused(rig, answer.status_code)


async def test_headers_do_not_say_who_we_are(rig: Rig) -> None:
    evil = {"host": "evil.example.com", "x-forwarded-host": "evil.example.com", "x-forwarded-proto": "http"}
    assert (await rig.post(GOOD, headers=evil)).status_code == 200
    rig.desk.received.clear()
    forged = sign("http://evil.example.com" + PATH, GOOD)
    await _refused(rig, (await rig.post(GOOD, signed=forged, headers=evil)).status_code)


async def test_no_body_makes_us_stumble(rig: Rig) -> None:
    seed = random.Random(7)
    alphabet = list(b"&=%+;\x00\xff\xc3AFrombdySi0123456789")
    pieces = [
        b"From=%2B1",
        b"MessageSid=" + SID.encode(),
        b"AccountSid=" + ACCOUNT.encode(),
        b"%00",
        b"%ED%A0%80",
    ]
    for _ in range(250):
        body = b"&".join(
            seed.choice([*pieces, bytes(seed.choices(alphabet, k=seed.randrange(12)))])
            for _ in range(seed.randrange(8))
        )
        for path in (PATH, "/twilio/status?attempt=x"):
            answer = await rig.post({}, path, body=body)
            assert answer.status_code in (400, 403)
    assert rig.desk.received == []


async def test_no_signed_values_make_us_stumble(rig: Rig) -> None:
    seed = random.Random(8)
    odd = ["", "\0", "é🔥", "9" * 5000, "-1", "a|MIT-1|b", "|||", "{{1}}", "None", "\r\n", "+1", " "]
    names = [*GOOD, "ButtonPayload", "ListId", "ButtonText", "MediaUrl0", "Latitude", "Longitude", "Zz"]
    names += ["MessageStatus", "ErrorCode", "CallSid", "ErrorMessage", "OriginalRepliedMessageSid"]
    for _ in range(250):
        params = GOOD | {seed.choice(names): seed.choice(odd) for _ in range(seed.randrange(1, 5))}
        for path in (PATH, "/twilio/status?attempt=x"):
            assert (await rig.post(params, path)).status_code in (200, 400, 403)


# ---------------------------------------------------------------- statuses
STATUS = {
    "AccountSid": ACCOUNT,
    "MessageSid": SID,
    "MessageStatus": "delivered",
    "To": f"whatsapp:{THANDI}",
    "From": "whatsapp:+14155550100",
}


async def test_a_receipt(rig: Rig) -> None:
    assert (await rig.post(STATUS, "/twilio/status?attempt=tok-1")).status_code == 200
    (receipt,) = rig.desk.received
    assert isinstance(receipt, ReceiptIn)
    assert (receipt.token, receipt.status, receipt.external_id) == ("tok-1", "delivered", f"{SID}:delivered")


async def test_what_says_nothing_new_is_not_kept(rig: Rig) -> None:
    for status in ("queued", "sending", "sent", "accepted", "scheduled"):
        answer = await rig.post(STATUS | {"MessageStatus": status}, "/twilio/status?attempt=tok-1")
        assert answer.status_code == 200
    assert rig.desk.received == []


async def test_a_failure_says_what_to_do(rig: Rig) -> None:
    for code in ("63016", "30008"):
        failed = STATUS | {"MessageStatus": "undelivered", "ErrorCode": code}
        await rig.post(failed, "/twilio/status?attempt=tok-1")
    switch, retry = rig.desk.received
    assert isinstance(switch, ReceiptIn)
    assert isinstance(retry, ReceiptIn)
    assert (switch.switch, switch.retry, retry.switch, retry.retry) == (True, False, False, True)


async def test_the_query_is_signed_too(rig: Rig) -> None:
    path = "/twilio/status?attempt=tok-1"
    good = sign(PUBLIC + path, STATUS)
    await _refused(rig, (await rig.post(STATUS, "/twilio/status?attempt=tok-2", signed=good)).status_code)


async def test_the_query_can_not_be_moved_into_the_form(rig: Rig) -> None:
    good = sign(PUBLIC + "/twilio/status?attempt=tok-1", STATUS)
    moved = {"-1AccountSid": ACCOUNT} | {k: v for k, v in STATUS.items() if k != "AccountSid"}
    await _refused(rig, (await rig.post(moved, "/twilio/status?attempt=tok", signed=good)).status_code)


async def test_no_attempt_named(rig: Rig) -> None:
    await _refused(rig, (await rig.post(STATUS, "/twilio/status")).status_code)


async def test_busy_receipts_come_again(rig: Rig) -> None:
    rig.desk.overloaded = True
    assert (await rig.post(STATUS, "/twilio/status?attempt=tok-1")).status_code == 503


async def test_only_post(rig: Rig) -> None:
    assert (await rig.http.get(rig.url + PATH)).status_code == 405
