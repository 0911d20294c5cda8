"""What customers meet: strangers, greetings, commands, and nobody else's ticket."""

from __future__ import annotations

import pytest

from bot.domain.status import Status
from tests.builders import SIPHO, THANDI
from tests.fakes.world import World, tap

STRANGER = "+27115559999"


async def test_a_stranger_is_served_first_and_asked_for_a_name_after() -> None:
    world = World()
    await world.says(STRANGER, "Everything is down, nobody can work", name="~ * Boss * ~")
    await world.says(STRANGER, "1")
    asked, promised = world.texts("whatsapp", STRANGER)
    assert "How urgent" in asked
    assert promised.endswith("So that we know who you are: please send us your name and email.")
    assert world.channels["sms"].sent, "the page did not wait for a name"
    await world.says(STRANGER, "I'm Naledi Dube, naledi@newclinic.example")
    assert world.texts("whatsapp", STRANGER) == ["Thank you, Naledi Dube. It is noted on MIT-1001."]
    assert world.card().customer.startswith("Naledi Dube, Unknown customer")
    await world.says(STRANGER, "new The printer is slow")
    assert (await world.ticket("MIT-1002")).known


@pytest.mark.parametrize("hello", ["hi", "Hello!", "Good morning", "👋"])
async def test_a_greeting_opens_nothing(hello: str) -> None:
    world = World()
    await world.says(THANDI, hello)
    (told,) = world.texts("whatsapp", THANDI)
    assert told.startswith("Hello. Write in one message what is wrong")
    assert world.channels["slack"].cards == {}


async def test_nobody_sees_or_touches_another_customers_ticket() -> None:
    world = World()
    await world.says(THANDI, "The mail server is down")
    world.look_away()
    await world.says(SIPHO, "status")
    assert world.texts("whatsapp", SIPHO) == [
        "You have no open ticket. Write in one message what is wrong, and we open one."
    ]
    for action in (tap("sev", value="low"), tap("works"), tap("reopen")):
        await world.taps(SIPHO, action)
    assert world.texts("whatsapp") == []
    ticket = await world.ticket()
    assert (ticket.severity, ticket.status) == ("emergency", Status.NEW)


async def test_status_close_and_urgent() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "3")
    world.look_away()
    await world.says(THANDI, "status")
    assert world.texts("whatsapp") == ["MIT-1001 (Normal): waiting for an engineer, answer by 16:00 (in 4 h)"]
    await world.says(THANDI, "urgent")
    assert world.texts("whatsapp")[0].startswith("MIT-1001 is now Emergency. We are calling")
    assert world.channels["sms"].sent
    await world.says(THANDI, "close")
    assert (await world.ticket()).status is Status.CLOSED
    assert world.texts("whatsapp") == ["MIT-1001 is closed. Thank you. Write here whenever you need us."]
    before = len(world.channels["sms"].sent)
    await world.passes(minutes=30)
    assert all("needs nobody" in s.text for s in world.channels["sms"].sent[before:])


async def test_a_tap_on_the_old_question_makes_it_worse_but_never_better() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.taps(THANDI, tap("sev", value="normal"))
    world.look_away()
    await world.taps(THANDI, tap("sev", value="low"))
    assert world.texts("whatsapp") == ["MIT-1001 is Normal already. If it got worse, write urgent."]
    await world.taps(THANDI, tap("sev", value="emergency"))
    assert (await world.ticket()).severity == "emergency"


async def test_after_hours_the_customer_hears_when_the_desk_opens() -> None:
    world = World()
    world.clock.at = world.clock.at.replace(hour=20)
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "3")
    assert world.texts("whatsapp")[-1] == (
        "MIT-1001 is set to Normal. An engineer answers you here by tomorrow 12:30. "
        "The desk opens again tomorrow 08:30. If it gets worse before, write urgent."
    )
    assert world.channels["sms"].sent == []


async def test_thanks_leave_a_resolved_ticket_resolved_and_it_closes_by_itself() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.fills("U0ADA", "resolve", ticket="MIT-1001", text="")
    await world.says(THANDI, "Thank you so much!")
    assert (await world.ticket()).status is Status.RESOLVED
    await world.passes(hours=73)
    assert (await world.ticket()).status is Status.CLOSED
    await world.says(THANDI, "The printer is slow again")
    assert (await world.ticket("MIT-1002")).status is Status.NEW
