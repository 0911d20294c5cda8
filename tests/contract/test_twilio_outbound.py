"""What we ask of Twilio, over real HTTP, held against Twilio's own description."""

import asyncio
import dataclasses
import datetime as dt
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.app.inbound import ReceiptIn
from bot.app.ports import DeliveryError, NeedsTemplate, OutcomeUnknown, Outgoing, Permanent, Temporary
from bot.domain.message import Message, Part, Style
from channels.twilio import plugin
from channels.twilio.client import HttpxClient, build_client
from channels.twilio.outbound import SMS, Sender, TwilioChannel
from channels.twilio.settings import TwilioSettings
from playground import Fault
from tests.contract.channels_twilio.fakes import PUBLIC, THANDI, Desk, at, choices, config, says
from tests.contract.channels_twilio.rig import Rig, running

UPDATE, PAGE = "HX" + "a" * 32, "HX" + "b" * 32


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running() as rig:
        rig.playground.twilio.receipts = False
        rig.playground.twilio.add_template(UPDATE, "News: {{1}}. Reply to talk to us.")
        yield rig


def out(message: Message | str = "We have it.", channel: str = "whatsapp", **changes: Any) -> Outgoing:
    message = says(message) if isinstance(message, str) else message
    whole: dict[str, Any] = {"address": at(channel), "message": message, "token": "tok-1", "language": "en"}
    return Outgoing(**whole | changes)


async def opened(rig: Rig) -> None:
    """The customer has written, so the 24-hour window is open."""
    await rig.playground.twilio.whatsapp_says(THANDI, "hello")


async def test_a_reply_on_whatsapp(rig: Rig) -> None:
    await opened(rig)
    message = Message(parts=(Part(text="MIT-1042", style=Style.BOLD), Part(text=" is yours & ours?")))
    receipt = await rig.whatsapp.send(out(message))
    assert rig.sent() == [
        {
            "To": f"whatsapp:{THANDI}",
            "From": "whatsapp:+14155550100",
            "Body": "*MIT-1042* is yours & ours?",
            "StatusCallback": f"{PUBLIC}/twilio/status?attempt=tok-1",
        }
    ]
    assert receipt.message in rig.playground.twilio.messages


async def test_an_sms_leaves_choices_out(rig: Rig) -> None:
    await rig.sms.send(
        out(says("1 Emergency\n2 High", choices=choices(2), digits=True), "sms", templated=True)
    )
    (sent,) = rig.sent()
    assert (sent["To"], sent["From"], sent["Body"]) == (THANDI, "+14155550101", "1 Emergency\n2 High")


async def test_what_became_of_it_comes_back(rig: Rig) -> None:
    rig.playground.twilio.receipts = True
    receipt = await rig.sms.send(out(channel="sms"))
    await rig.playground.settle()
    (back,) = rig.desk.received
    assert isinstance(back, ReceiptIn)
    assert (back.token, back.status, back.external_id) == (
        "tok-1",
        "delivered",
        f"{receipt.message}:delivered",
    )


async def test_outside_the_window_it_fails_later(rig: Rig) -> None:
    await rig.whatsapp.send(out())
    await rig.playground.settle()
    (back,) = rig.desk.received
    assert isinstance(back, ReceiptIn)
    assert (back.status, back.code, back.switch) == ("failed", "63016", True)


async def test_or_at_once(rig: Rig) -> None:
    rig.playground.twilio.window_errors = "sync"
    with pytest.raises(NeedsTemplate):
        await rig.whatsapp.send(out())
    with pytest.raises(NeedsTemplate):
        await rig.whatsapp.send(out(says("1 Yes", choices=choices(1), digits=True)))


async def test_then_a_template_does_it(rig: Rig) -> None:
    rig.playground.twilio.window_errors = "sync"
    await rig.whatsapp.send(out("Two\nlines", templated=True, again=True))
    (sent,) = rig.sent()
    assert sent["ContentSid"] == UPDATE
    assert json.loads(sent["ContentVariables"]) == {"1": "(possible repeat) Two · lines"}
    assert "Body" not in sent


async def test_each_purpose_has_its_template(rig: Rig) -> None:
    rig.playground.twilio.add_template(PAGE, "{{1}}")
    await rig.whatsapp.send(out(says("x", template="page"), templated=True))
    await rig.whatsapp.send(out(says("x", template="unheard-of"), templated=True))
    assert [sent["ContentSid"] for sent in rig.sent()] == [PAGE, UPDATE]


async def test_no_template_no_message() -> None:
    async with running(templates={}) as rig:
        with pytest.raises(Permanent, match="no approved template") as error:
            await rig.whatsapp.send(out(templated=True))
        assert error.value.code == "63016"
        assert rig.playground.requests == []


def seen(rig: Rig) -> list[str]:
    return [entry.text for entry in rig.playground.journal.entries("twilio", "whatsapp")]


async def test_choices_can_be_tapped(rig: Rig) -> None:
    await opened(rig)
    ask = "How bad is it?\n\n1 Emergency\n2 High\n3 Normal"
    await rig.whatsapp.send(out(says(ask, choices=choices(3), digits=True)))
    await rig.whatsapp.send(out(says(ask, choices=choices(3, ticket="MIT-1043"), digits=True)))
    assert seen(rig) == [ask + "\n[Emergency]\n[High]\n[Normal]"] * 2
    (content,) = _made(rig)
    ids = [action["id"] for action in content["types"]["twilio/quick-reply"]["actions"]]
    variables = [json.loads(sent["ContentVariables"]) for sent in rig.sent()]
    filled = [ids[1].replace("{{5}}", given["5"]) for given in variables]
    assert filled == ["severity|MIT-1042|high", "severity|MIT-1043|high"]


def _made(rig: Rig) -> list[dict[str, Any]]:
    contents = rig.playground.twilio.contents
    return [content for sid, content in contents.items() if sid not in (UPDATE, PAGE)]


async def test_many_choices_are_a_list(rig: Rig) -> None:
    await opened(rig)
    await rig.whatsapp.send(out(says("How bad?", choices=choices(5), digits=True)))
    (content,) = _made(rig)
    assert len(content["types"]["twilio/list-picker"]["items"]) == 5


@pytest.mark.parametrize(
    "fault", [Fault.server_error(), Fault.refuse(20001), Fault.reset(), Fault.rate_limited(5)]
)
async def test_without_a_content_the_digits_do(rig: Rig, fault: Fault) -> None:
    await opened(rig)
    rig.playground.faults.add("twilio", "/v1/Content", fault)
    ask = says("1 Emergency\n2 High", choices=choices(2), digits=True)
    await rig.whatsapp.send(out(ask))
    await rig.whatsapp.send(out(ask))
    assert seen(rig) == ["1 Emergency\n2 High"] * 2
    rig.desk.clock.at += dt.timedelta(minutes=11)
    await rig.whatsapp.send(out(ask))
    assert seen(rig)[-1] == "1 Emergency\n2 High\n[Emergency]\n[High]"


async def test_a_content_that_is_refused_is_text_too(rig: Rig) -> None:
    await opened(rig)
    rig.playground.faults.add(
        "twilio", "/Messages.json", Fault.refuse(63013), when=lambda a: "ContentSid" in a
    )
    await rig.whatsapp.send(out(says("1 Emergency", choices=choices(1), digits=True)))
    assert seen(rig) == ["1 Emergency"]


async def test_a_long_text_is_several_messages_in_order(rig: Rig) -> None:
    text = "\n".join(f"line {n}: " + "x" * 60 for n in range(60))
    receipt = await rig.sms.send(out(text, "sms"))
    bodies = [sent["Body"] for sent in rig.sent()]
    assert len(bodies) == 3
    assert "\n".join(bodies) == text
    assert {sent["StatusCallback"] for sent in rig.sent()} == {f"{PUBLIC}/twilio/status?attempt=tok-1"}
    assert rig.playground.twilio.messages[receipt.message]["body"] == bodies[0]


async def test_half_a_long_text_may_be_there(rig: Rig) -> None:
    rig.playground.faults.add(
        "twilio", "/Messages.json", Fault.rate_limited(5), when=lambda a: a["Body"].startswith("b")
    )
    with pytest.raises(OutcomeUnknown, match="part 2 of 2"):
        await rig.sms.send(out("a" * 1600 + "\n" + "b" * 10, "sms"))


@pytest.mark.parametrize(
    ("fault", "kind", "wait"),
    [
        (Fault.rate_limited(7), Temporary, 7),
        (Fault.rate_limited("0"), Temporary, 1),
        (Fault.rate_limited("999999999"), Temporary, 3600),
        (Fault.rate_limited("-1"), Temporary, 1),
        (Fault.rate_limited("soon"), Temporary, None),
        (Fault.rate_limited("Mon, 02 Mar 2026 09:00:20 GMT"), Temporary, 20),
        (Fault.server_error(500), Temporary, None),
        (Fault.server_error(503), Temporary, None),
        (Fault.refuse(63018), Temporary, None),
        (Fault.refuse(30001), Temporary, None),
        (Fault.refuse(63016), NeedsTemplate, None),
        (Fault.refuse(21610), Permanent, None),
        (Fault.refuse(21211), Permanent, None),
        (Fault.reset(), OutcomeUnknown, None),
    ],
)
async def test_each_trouble_is_one_of_ours(
    rig: Rig, fault: Fault, kind: type[DeliveryError], wait: float | None
) -> None:
    rig.playground.faults.add("twilio", "/Messages.json", fault)
    with pytest.raises(DeliveryError) as error:
        await rig.sms.send(out(channel="sms"))
    assert type(error.value) is kind
    if isinstance(error.value, Temporary):
        assert error.value.retry_after == wait
    if isinstance(error.value, Permanent):
        assert error.value.code == fault.code
    assert THANDI[1:] not in f"{error.value!r} {error.value.__cause__!r}"
    await rig.sms.send(out(channel="sms"))


async def test_an_answer_that_does_not_come(rig: Rig) -> None:
    http = HttpxClient(rig.playground.twilio_api_url, timeout=0.2)
    sender = Sender(capabilities=SMS, number="+14155550101")
    settings = TwilioSettings(**config())
    impatient = TwilioChannel(build_client(settings, http), rig.desk.clock, PUBLIC, sender)
    rig.playground.faults.add("twilio", "/Messages.json", Fault.accept_then_hang(5))
    with pytest.raises(OutcomeUnknown, match="ReadTimeout"):
        await impatient.send(out(channel="sms"))
    await http.close()
    assert len(rig.playground.twilio.messages) == 1


async def test_nobody_there() -> None:
    settings = plugin.settings(**config(api_url="http://127.0.0.1:9"))
    adapter = plugin.build(settings, Desk().world())
    assert adapter.stop is not None
    with pytest.raises(Temporary):
        await adapter.channels[at("sms").channel].send(out(channel="sms"))
    await adapter.stop()


async def test_what_twilio_has_not(rig: Rig) -> None:
    with pytest.raises(Permanent):
        await rig.whatsapp.send(out(edits="SM1"))
    with pytest.raises(Permanent):
        await rig.whatsapp.send(out(Message(parts=())))
    await rig.whatsapp.mark(at("whatsapp"), "SM1", "sent")
    assert rig.playground.requests == []


async def test_a_channel_is_there_when_its_number_is() -> None:
    async with running(sms_from=None, voice_from=None) as rig:
        assert list(rig.adapter.channels) == ["whatsapp"]
    async with running(whatsapp_from=None, voice_from=None) as rig:
        assert list(rig.adapter.channels) == ["sms"]
    async with running(whatsapp_from=None, sms_from=None) as rig:
        assert list(rig.adapter.channels) == ["call"]


@pytest.mark.parametrize(("templates", "pages"), [({"update": UPDATE}, False), ({"page": PAGE}, True)])
async def test_whatsapp_carries_pages_with_a_template_for_them(
    templates: dict[str, str], pages: bool
) -> None:
    async with running(templates=templates) as rig:
        assert rig.whatsapp.capabilities.pages is pages


async def test_the_environment_is_left_alone(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    await rig.sms.send(out(channel="sms"))
    assert len(rig.sent()) == 1


async def test_pages_go_side_by_side(rig: Rig) -> None:
    pages = [dataclasses.replace(out(channel="sms"), token=f"tok-{n}") for n in range(20)]
    receipts = await asyncio.gather(*(rig.sms.send(page) for page in pages))
    assert len({receipt.message for receipt in receipts}) == 20
