"""What customers meet: strangers, greetings, commands, and nobody else's ticket."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.ids import ChannelName
from bot.domain.status import Status
from tests.builders import ADA_PHONE, SIPHO, THANDI, directory
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
    assert world.card().customer == f"~ * Boss * ~ (unverified, WhatsApp {STRANGER}), Unknown customer"
    await world.says(STRANGER, "I'm Naledi Dube, naledi@newclinic.example")
    assert world.texts("whatsapp", STRANGER) == ["Thank you, Naledi Dube. It is noted on MIT-1001."]
    assert world.card().customer == "Naledi Dube, Unknown customer"
    await world.says(STRANGER, "new: The printer is slow")
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


async def test_a_strangers_report_with_an_address_in_it_is_no_introduction() -> None:
    world = World()
    await world.says(STRANGER, "Our mail is down")
    await world.says(STRANGER, "Every mail to boss@acme.example bounces since 01:30, and the UPS beeps")
    assert any("bounces since 01:30" in s.text for s in world.channels["slack"].sent)
    assert not any("Thank you" in t for t in world.texts("whatsapp"))


async def test_urgent_on_a_ticket_that_somebody_has_pages_again() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "3")
    await world.commands("U0ADA", "ack MIT-1001")
    await world.passes(hours=14)
    world.look_away()
    await world.says(THANDI, "urgent the server room is on fire")
    (page,) = world.seen("sms", ADA_PHONE)
    assert "the server room is on fire" in page.text
    assert "as soon as possible" in world.texts("whatsapp", THANDI)[-1]
    await world.says(ADA_PHONE, "on my way, " + page.text.rsplit(" ", 1)[1], via="sms")
    assert world.texts("sms", ADA_PHONE) == ["You have MIT-1001."]


@pytest.mark.parametrize("answer", ["1", "Emergency", "emergency!"])
async def test_an_answer_after_the_patience_still_makes_it_worse(answer: str) -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.passes(seconds=90)
    await world.says(THANDI, answer)
    assert (await world.ticket()).severity == "emergency"
    assert world.seen("sms", ADA_PHONE)


async def test_a_digit_that_makes_nothing_worse_is_a_message() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "3")
    await world.says(THANDI, "4")
    assert world.seen("slack")[-1].text == "Thandi: 4"


async def test_words_that_sound_worse_are_asked_about() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "3")
    await world.says(THANDI, "now the mail server is down, nobody can work")
    asked = world.seen("whatsapp", THANDI)[-1]
    assert asked.text.startswith("This sounds worse. Should MIT-1001 be Emergency now?")
    await world.taps(THANDI, asked.choices[0])
    assert world.seen("sms", ADA_PHONE)


async def test_new_alone_opens_another_with_the_next_message() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "new")
    assert world.texts("whatsapp")[-1] == "What is wrong? Your next message opens another ticket."
    await world.says(THANDI, "New employees can not log in")
    assert (await world.ticket("MIT-1002")).text == "New employees can not log in"


async def test_an_answer_goes_to_the_ticket_that_asked() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "new: The lift is stuck, several people")
    await world.passes(minutes=1)
    await world.commands("U0ADA", "need MIT-1001 which printer?")
    await world.says(THANDI, "The one at reception")
    assert (await world.ticket("MIT-1001")).status is Status.ACTIVE
    await world.says(THANDI, "MIT-1002 it moves again")
    assert (await world.ticket("MIT-1002")).said == "MIT-1002 it moves again"


async def test_a_number_that_changed_hands_shows_nothing_of_the_one_before() -> None:
    world = World()
    await world.says(THANDI, "Our secret project is down")
    people = world.directory.contacts
    moved = [dataclasses.replace(c, identities={}) if c.id == "thandi" else c for c in people]
    new = dataclasses.replace(people[1], identities={ChannelName("whatsapp"): THANDI})
    after = World(store=world.store, people=directory(contacts=(*moved[:1], new)))
    await after.says(THANDI, "status", id="later")
    assert "MIT-1001" not in after.texts("whatsapp")[-1]


async def test_files_are_named_at_the_desk_also_those_of_the_first_message() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow", files=("photo.jpg",))
    await world.says(THANDI, "1", files=("log.txt",))
    said = " ".join(s.text for s in world.seen("slack") if s.place == "C0DESK")
    assert "photo.jpg" in said and "log.txt" in said


async def test_a_long_first_message_stands_whole_in_the_thread() -> None:
    world = World()
    words = " ".join(f"word{n}" for n in range(500))
    await world.says(THANDI, words)
    told = " ".join(s.text.removeprefix("Thandi: ") for s in world.seen("slack") if s.place == "C0DESK")
    assert told.split() == words.split()


async def test_a_reopened_emergency_has_a_promise_again() -> None:
    world = World()
    await world.says(THANDI, "urgent everything is down")
    await world.fills("U0ADA", "resolve", ticket="MIT-1001", text="done")
    await world.passes(hours=3)
    world.look_away()
    await world.says(THANDI, "It is down again")
    assert world.texts("whatsapp") == [
        "MIT-1001 is open again. We are calling the engineer on standby now. "
        "An engineer answers you here by 16:00 (in 1 h)."
    ]
    assert "Answer by 16:00" in world.seen("sms", ADA_PHONE)[0].text
