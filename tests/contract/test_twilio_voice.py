"""Pages that ring: what we ask of Twilio, and what comes back of it, over real HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.app.inbound import KeyIn, ReceiptIn
from bot.app.ports import DeliveryError, OutcomeUnknown, Outgoing, Permanent, Temporary
from bot.domain.message import CardView, Message
from channels.twilio import plugin
from playground import Fault
from playground.twilio.people import BUSY, BY_HAND, MACHINE, SILENT, UNREACHABLE, answers, hangs_up
from tests.contract.channels_twilio.fakes import (
    CALL_SID,
    PUBLIC,
    THANDI,
    VOICE,
    Desk,
    at,
    config,
    key_params,
    says,
)
from tests.contract.channels_twilio.rig import Rig, running, twiml_checker

KEYS = (("1", "Press 1 to acknowledge."), ("2", "Press 2 to pass it on."))
PAGE = says("MIT-1042", spoken="Emergency at Acme.", keys=KEYS)
HEARD = "Emergency at Acme. Press 1 to acknowledge. Press 2 to pass it on."
KEY = "/twilio/voice/key?attempt=tok-1&lang=en"
check = twiml_checker()


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running() as rig:
        yield rig


def out(message: Message = PAGE, **changes: Any) -> Outgoing:
    whole: dict[str, Any] = {"address": at("call"), "message": message, "token": "tok-1", "language": "en"}
    return Outgoing(**whole | changes)


def receipts(rig: Rig) -> list[tuple[str, str, str]]:
    return [(r.token, r.status, r.code) for r in rig.desk.received if isinstance(r, ReceiptIn)]


def keys(rig: Rig) -> list[KeyIn]:
    return [key for key in rig.desk.received if isinstance(key, KeyIn)]


def heard(rig: Rig) -> list[str]:
    return [entry.text for entry in rig.playground.journal.entries("twilio", "call_heard")]


# ---------------------------------------------------------------- calling
async def test_a_call_is_placed(rig: Rig) -> None:
    receipt = await rig.call.send(out())
    asked = dict(rig.playground.twilio.calls[receipt.message]["request"])
    assert "Press 1 to acknowledge." in asked.pop("Twiml")
    assert asked == {
        "To": THANDI,
        "From": VOICE,
        "Timeout": "25",
        "StatusCallback": f"{PUBLIC}/twilio/status?attempt=tok-1#rc=3&rp=5xx,ct,rt",
        "StatusCallbackEvent": "completed",
        "StatusCallbackMethod": "POST",
        "MachineDetection": "Enable",
        "AsyncAmd": "true",
        "AsyncAmdStatusCallback": f"{PUBLIC}/twilio/voice/machine?attempt=tok-1#rc=3&rp=5xx,ct,rt",
        "AsyncAmdStatusCallbackMethod": "POST",
    }
    assert rig.call.capabilities.rings and rig.call.capabilities.pages and rig.call.capabilities.edits


async def test_a_long_page_is_placed_too(rig: Rig) -> None:
    await rig.call.send(out(says("x", spoken='<&"🔥' * 1000, keys=KEYS)))
    assert len(rig.playground.twilio.calls) == 1


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (BUSY, "busy"),
        (UNREACHABLE, "failed"),
        (SILENT, "no key"),
        (hangs_up(), "no key"),
    ],
)
async def test_a_call_without_a_key_has_failed(rig: Rig, person: Any, code: str) -> None:
    rig.playground.twilio.phones.script(THANDI, person)
    receipt = await rig.call.send(out())
    await rig.playground.settle()
    assert receipts(rig) == [("tok-1", "failed", code)]
    (back,) = rig.desk.received
    status = rig.playground.twilio.calls[receipt.message]["status"]
    assert (back.external_id, back.sender.id) == (f"{receipt.message}:{status}", THANDI)
    assert back.address == at("call")


async def test_by_itself_a_phone_rings_until_the_time_is_over(rig: Rig) -> None:
    await rig.call.send(out())
    await rig.playground.settle()
    assert receipts(rig) == [("tok-1", "failed", "no-answer")]
    assert heard(rig) == []


async def test_silence_hears_it_three_times_two(rig: Rig) -> None:
    rig.playground.twilio.phones.script(THANDI, SILENT)
    await rig.call.send(out())
    await rig.playground.settle()
    assert heard(rig) == [HEARD] * 6 + ["Goodbye."]


async def test_key_1(rig: Rig) -> None:
    rig.desk.reply = says("x", spoken="It is yours.")
    rig.playground.twilio.phones.script(THANDI, answers("1", after=2))
    receipt = await rig.call.send(out())
    await rig.playground.settle()
    assert heard(rig) == [HEARD, HEARD, "It is yours.", "Goodbye."]
    (key,) = keys(rig)
    assert (key.channel, key.token, key.digits) == ("call", "tok-1", "1")
    assert (key.sender.id, key.address) == (THANDI, at("call"))
    assert key.external_id == f"{receipt.message}:0:1"
    assert receipts(rig) == [("tok-1", "failed", "no key")]


async def test_a_wrong_key_is_asked_again(rig: Rig) -> None:
    phones = rig.playground.twilio.phones
    phones.default = BY_HAND
    await rig.call.send(out(language="pl"))
    leg = await phones.ring(THANDI)
    await phones.answer(leg)
    rig.desk.reply = says("x", spoken="There is no 7.", keys=KEYS)
    await phones.press(leg, "7")
    assert leg.heard[-1] == "There is no 7. Press 1 to acknowledge. Press 2 to pass it on."
    assert not leg.over
    await phones.press(leg, "7")
    rig.desk.reply = says("x", spoken="It is yours.")
    await phones.press(leg, "1")
    assert leg.heard[-2] == "It is yours."
    assert leg.status == "completed"
    assert [key.external_id.partition(":")[2] for key in keys(rig)] == ["0:7", "1:7", "2:1"]


async def test_a_machine_is_told_and_spoken_to(rig: Rig) -> None:
    rig.playground.twilio.phones.script(THANDI, MACHINE)
    await rig.call.send(out())
    await rig.playground.settle()
    assert receipts(rig) == [("tok-1", "failed", "machine"), ("tok-1", "failed", "no key")]
    assert heard(rig) == [HEARD] * 6 + ["Goodbye."]


async def test_a_person_taken_for_a_machine_can_press_a_key(rig: Rig) -> None:
    phones = rig.playground.twilio.phones
    phones.default = BY_HAND
    await rig.call.send(out())
    leg = await phones.ring(THANDI)
    await phones.answer(leg, machine=True)
    assert receipts(rig) == [("tok-1", "failed", "machine")]
    await phones.press(leg, "1")
    assert [key.digits for key in keys(rig)] == ["1"]


# ---------------------------------------------------------------- hanging up
async def test_a_call_is_ended(rig: Rig) -> None:
    phones = rig.playground.twilio.phones
    phones.default = BY_HAND
    receipt = await rig.call.send(out())
    leg = await phones.ring(THANDI)
    await phones.answer(leg)
    again = await rig.call.send(out(edits=receipt.message))
    assert (again.message, leg.status) == (receipt.message, "completed")
    await rig.call.send(out(edits=receipt.message))
    await rig.playground.settle()
    assert len(rig.playground.twilio.calls) == 1
    assert receipts(rig) == [("tok-1", "failed", "no key")]


async def test_a_call_that_rings_is_ended(rig: Rig) -> None:
    phones = rig.playground.twilio.phones
    phones.default = BY_HAND
    receipt = await rig.call.send(out())
    leg = await phones.ring(THANDI)
    await rig.call.send(out(edits=receipt.message))
    with pytest.raises(ValueError, match="completed"):
        await phones.answer(leg)


async def test_a_call_that_nobody_knows_is_over(rig: Rig) -> None:
    await rig.call.send(out(edits=CALL_SID))


async def test_ending_it_may_fail_too(rig: Rig) -> None:
    receipt = await rig.call.send(out())
    rig.playground.faults.add("twilio", f"/Calls/{receipt.message}.json", Fault.server_error(503))
    with pytest.raises(Temporary):
        await rig.call.send(out(edits=receipt.message))


# ---------------------------------------------------------------- trouble
@pytest.mark.parametrize(
    ("fault", "kind", "wait"),
    [
        (Fault.rate_limited(7), Temporary, 7),
        (Fault.server_error(503), Temporary, None),
        (Fault.refuse(21211), Permanent, None),
        (Fault.refuse(21215), Permanent, None),
        (Fault.reset(), OutcomeUnknown, None),
    ],
)
async def test_each_trouble_is_one_of_ours(
    rig: Rig, fault: Fault, kind: type[DeliveryError], wait: float | None
) -> None:
    rig.playground.faults.add("twilio", "/Calls.json", fault)
    with pytest.raises(DeliveryError) as error:
        await rig.call.send(out())
    assert type(error.value) is kind
    if isinstance(error.value, Temporary):
        assert error.value.retry_after == wait
    assert THANDI[1:] not in f"{error.value!r} {error.value.__cause__!r}"


async def test_nobody_there() -> None:
    adapter = plugin.build(plugin.settings(**config(api_url="http://127.0.0.1:9")), Desk().world())
    assert adapter.stop is not None
    with pytest.raises(Temporary):
        await adapter.channels[at("call").channel].send(out())
    await adapter.stop()


async def test_what_a_phone_has_not(rig: Rig) -> None:
    with pytest.raises(Permanent, match="nothing to say"):
        await rig.call.send(out(says("🔥")))
    card = CardView(
        ticket="MIT-1", title="", severity="", urgency=0, customer="", words="", status="", holder="", bar="", clock=""
    )  # fmt: skip
    with pytest.raises(Permanent):
        await rig.call.put_card(at("call"), card, "", "t")
    await rig.call.mark(at("call"), CALL_SID, "sent")
    assert rig.playground.requests == []


# ---------------------------------------------------------------- too busy
async def test_a_key_is_not_lost_while_we_are_busy(rig: Rig) -> None:
    phones = rig.playground.twilio.phones
    phones.default = BY_HAND
    rig.desk.overloaded = True
    receipt = await rig.call.send(out())
    leg = await phones.ring(THANDI)
    await phones.answer(leg)
    await phones.press(leg, "1")
    assert leg.heard[2:] == [
        *["One moment please."] * 3,
        "Sorry, that did not work. Please answer by chat or by SMS.",
        "Goodbye.",
    ]
    params = key_params(CallSid=receipt.message)
    answer = await rig.post(params, KEY)
    assert (answer.status_code, check(answer.text)) == (200, [])
    rig.desk.overloaded = False
    del params["Digits"]
    assert (await rig.post(params, KEY + "&digits=1&wait=3")).status_code == 200
    assert [key.external_id for key in keys(rig)] == [f"{receipt.message}:0:1"]


async def test_what_becomes_of_a_call_comes_again(rig: Rig) -> None:
    rig.desk.overloaded = True
    for path in ("/twilio/voice/machine", "/twilio/status"):
        params = key_params(CallStatus="busy", AnsweredBy="fax")
        assert (await rig.post(params, f"{path}?attempt=tok-1")).status_code == 503
