"""Who is calling: known by the number, whichever channel it is known from; and a number opens tickets, it never reads."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.ids import ChannelName
from bot.domain.people import Directory
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import World, tap
from tests.hotline.nights import STRANGER, SUNDAY_NIGHT, company

SECOND = "+27825550111"
SECRET = "Patient files of Dr Ncube are on the open internet"


def thandi(**changes: object) -> Directory:
    found = company()
    return company(contacts=(dataclasses.replace(found.contacts[0], **changes), found.contacts[1]))  # type: ignore[arg-type]


async def on_the_line(world: World, number: str = b.THANDI) -> Caller:
    caller = Caller(world, number)
    await caller.calls()
    await caller.presses("2")
    return caller


@pytest.mark.parametrize("via", ["call", "sms", "whatsapp"])
async def test_by_the_number_on_any_channel(via: str) -> None:
    world = World(at=SUNDAY_NIGHT, people=thandi(identities={ChannelName(via): SECOND}))
    await on_the_line(world, SECOND)
    assert (await world.ticket()).contact == "thandi"


@pytest.mark.parametrize("via", ["call", "sms"])
async def test_by_a_second_phone(via: str) -> None:
    world = World(at=SUNDAY_NIGHT, people=thandi(others={ChannelName(via): (SECOND,)}))
    caller = await on_the_line(world, SECOND)
    assert (await world.ticket()).contact_name == "Thandi"
    assert "Thandi, Acme Clinics, is waiting." in (await caller.picked_up()).say


async def test_whoever_wrote_an_sms_before_is_the_same_one() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(STRANGER, "Hello, my router blinks", via="sms", name="")
    await world.taps(STRANGER, tap("sev", "MIT-1001", "normal"), via="sms")
    caller = Caller(world, STRANGER)
    await caller.calls()
    await caller.presses("2")
    assert caller.text == (
        "You have an open ticket, M I T, 1 0 0 1. If you are calling about it, press 1. "
        "For something new, press 0."
    )
    await caller.presses("1")
    ticket = await world.ticket()
    assert ticket.severity == "emergency" and caller.ringing == b.ADA_PHONE


async def test_whoever_called_before_and_writes_an_sms_is_the_same_one() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await on_the_line(world, STRANGER)
    await world.says(STRANGER, "Nomsa, nomsa@corner.example", via="sms")
    tickets = await world.run(lambda uow: uow.tickets.every(0, 10))
    assert len(tickets) == 1 and (await world.ticket()).contact_name == "Nomsa"


async def test_a_stranger_is_asked_by_sms_who_they_are_and_told_the_reference() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await on_the_line(world, STRANGER)
    (text,) = world.texts("sms", STRANGER)
    assert text.startswith(
        "Thank you for your call. Your reference is MIT-1001. It is set to Emergency. "
        "We are calling the engineer on standby now."
    )
    assert "please send us your name and email" in text


async def test_in_the_thread_a_stranger_is_no_question_mark() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await on_the_line(world, STRANGER)
    assert not [line for line in world.texts("slack", b.DESK) if "?" in line]


async def test_the_words_of_their_ticket_are_never_spoken_to_a_caller() -> None:
    """Anybody can pretend to call from a number: it opens tickets, it reads none."""
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(b.THANDI, SECRET)
    await world.taps(b.THANDI, tap("sev", "MIT-1001", "normal"))
    await world.taps(b.ADA, tap("ack"), via="slack", place=b.ADA)
    caller = await on_the_line(world)
    await caller.presses("1")
    while caller.ringing:
        await caller.no_answer()
    await caller.speaks()
    everything = " ".join(caller.heard)
    for word in ("Ncube", "internet", "Normal", "Ada", "Grace", "Acme", "Thandi", "active"):
        assert word not in everything


async def test_nor_is_anybody_elses_ticket_offered_to_them() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(b.SIPHO, "printer")
    caller = await on_the_line(world)
    assert caller.ringing == b.ADA_PHONE
    assert (await caller.stored()).ticket == "MIT-1002"
    assert "1 0 0 1" not in " ".join(caller.heard)


async def test_a_colleague_of_theirs_is_not_offered_their_tickets() -> None:
    colleague = b.contact("zola", "Zola", SECOND)
    found = company()
    world = World(at=SUNDAY_NIGHT, people=company(contacts=(*found.contacts, colleague)))
    await world.says(b.THANDI, "the printer is slow")
    caller = await on_the_line(world, SECOND)
    assert caller.ringing == b.ADA_PHONE and (await caller.stored()).ticket == "MIT-1002"


async def test_a_call_closes_nothing_and_answers_nothing() -> None:
    """A ticket that is resolved and asked about is open again: nobody who calls says that it is done."""
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(b.THANDI, "the printer is slow")
    await world.taps(b.THANDI, tap("sev", "MIT-1001", "normal"))
    await world.commands(b.ADA, "resolve MIT-1001 It prints again")
    caller = await on_the_line(world)
    await caller.presses("1")
    assert (await world.ticket()).status.is_open
