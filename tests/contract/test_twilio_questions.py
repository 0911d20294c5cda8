"""Questions of two, five and eight choices on WhatsApp and by SMS: how they read there."""

import json
from collections.abc import AsyncIterator

import pytest

from bot.app.ports import Outgoing
from bot.domain.message import Message
from tests.contract.channels_twilio.fakes import THANDI, at, question
from tests.contract.channels_twilio.rig import Rig, running

UPDATE = "HX" + "a" * 32


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with running() as rig:
        rig.playground.twilio.receipts = False
        rig.playground.twilio.add_template(UPDATE, "News: {{1}}. Reply to talk to us.")
        yield rig


def out(message: Message, channel: str = "whatsapp", templated: bool = False) -> Outgoing:
    return Outgoing(address=at(channel), message=message, token="t", language="en", templated=templated)


QUESTIONS = {
    "yes or no": question("Calling an engineer out now is charged. Shall we?", "Yes", "No", verb="consent"),
    "how was it": question("How was it?", "Very good", "Good", "So-so", "Bad", "Very bad", verb="rate"),
    "what about": question(
        "What is it about?",
        "Payments",
        "Subscription",
        "Integrations",
        "Account",
        "Error",
        "Outage",
        "Complaint",
        "How to use it",
    ),
}


@pytest.mark.parametrize("name", list(QUESTIONS))
async def test_a_question_reads_well_and_numbers_its_choices_once(rig: Rig, name: str) -> None:
    asked = QUESTIONS[name]
    await rig.playground.twilio.whatsapp_says(THANDI, "hello")
    await rig.whatsapp.send(out(asked))
    await rig.sms.send(out(asked, "sms"))
    buttons = "".join(f"\n[{choice.label}]" for choice in asked.choices)
    assert [e.text for e in rig.playground.journal.entries("twilio", "whatsapp")] == [asked.text + buttons]
    assert rig.sent()[-1]["Body"] == asked.text
    kinds = [list(c["types"]) for sid, c in rig.playground.twilio.contents.items() if sid != UPDATE]
    assert kinds == [["twilio/quick-reply" if len(asked.choices) <= 3 else "twilio/list-picker"]]


@pytest.mark.parametrize("name", list(QUESTIONS))
async def test_a_question_in_a_template_is_one_line(rig: Rig, name: str) -> None:
    asked = QUESTIONS[name]
    await rig.whatsapp.send(out(asked, templated=True))
    told = json.loads(rig.sent()[-1]["ContentVariables"])["1"]
    assert told == asked.text.replace("\n", " · ")
