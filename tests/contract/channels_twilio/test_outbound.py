"""Answers of Twilio that the stand-in never gives."""

import httpx
import pytest
import respx

from bot.app.ports import DeliveryError, NeedsTemplate, OutcomeUnknown, Outgoing, Permanent, Temporary
from channels.twilio import plugin
from tests.contract.channels_twilio.fakes import ACCOUNT, Desk, at, config, says

MESSAGES = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(201, text="<html>not JSON</html>"), OutcomeUnknown),
        (httpx.Response(201, json={"status": "queued"}), OutcomeUnknown),
        (httpx.Response(201, json=["odd"]), OutcomeUnknown),
        (httpx.Response(201, json={"sid": "SM1", "status": "failed", "error_code": 63016}), NeedsTemplate),
        (httpx.Response(201, json={"sid": "SM1", "status": "failed", "error_code": 63018}), Temporary),
        (httpx.Response(201, json={"sid": "SM1", "status": "failed", "error_code": 30005}), Permanent),
        (httpx.Response(301, headers={"location": "https://elsewhere.example.com"}), Temporary),
        (httpx.Response(403, json={"type": "x", "title": "no", "status": 403, "code": 20403}), Permanent),
    ],
)
async def test_an_odd_answer(answer: httpx.Response, kind: type[DeliveryError]) -> None:
    adapter = plugin.build(plugin.settings(**config()), Desk().world())
    outgoing = Outgoing(address=at("sms"), message=says("x"), token="t", language="en")
    with respx.mock:
        respx.post(MESSAGES).mock(return_value=answer)
        with pytest.raises(DeliveryError) as error:
            await adapter.channels[at("sms").channel].send(outgoing)
    assert type(error.value) is kind
    assert adapter.stop is not None
    await adapter.stop()
