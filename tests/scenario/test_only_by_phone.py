"""A customer whom we can only call: no phone rings for a text, and whoever wrote one is told."""

from __future__ import annotations

import dataclasses

import pytest

from bot.app.context import Context
from bot.app.customers import open_for
from bot.app.rows import UnitOfWork
from bot.domain.events import Actor, By
from bot.domain.ids import Address, ChannelName, OrganisationId
from bot.domain.people import Contact, Directory
from bot.domain.status import Status
from tests.builders import ADA, DESK, GRACE, THANDI, contact, directory, policy
from tests.fakes.world import World

CALL = ChannelName("call")
PHONE = "+27115550109"
ONLY = "☎️ Not sent: this customer can only be called. Tell them on the phone, please."


def caller(**changes: object) -> Contact:
    """Somebody of whom we have a landline."""
    known = contact("naledi", "Naledi", identities={"call": PHONE})
    return dataclasses.replace(known, **changes)


async def called(
    severity: str = "normal",
    at: Address | None = None,
    who: Contact | None = None,
    people: Directory | None = None,
) -> World:
    """A ticket of somebody who called."""
    who = who or caller()
    world = World(people=dataclasses.replace(people or directory(), contacts=(who,)))
    place = at or Address(channel=CALL, place=PHONE)

    def open(uow: UnitOfWork) -> None:
        ctx = Context(uow=uow, now=world.clock.at, setup=world.setup)
        actor = Actor(by=By.CUSTOMER, id=who.id, name=who.name)
        open_for(ctx, who, place, "No mail since this morning", severity, actor)

    await world.run(open)
    await world.settle()
    if people is None:
        world.look_away()
    return world


def lines(world: World) -> list[str]:
    """What the thread says now; nothing went anywhere else, and nothing rang."""
    assert not [it for name in ("call", "sms", "whatsapp", "telegram") for it in world.seen(name)]
    return world.texts("slack")


async def test_what_is_said_by_ourselves_is_left_out() -> None:
    world = await called()
    assert not world.channels["call"].sent
    assert world.card().ticket == "MIT-1001"
    await world.commands(GRACE, "take MIT-1001")
    await world.commands(GRACE, "severity MIT-1001 low")
    assert not [text for text in lines(world) if text == ONLY]


async def test_an_answer_in_the_thread_is_not_sent_and_marked_so() -> None:
    world = await called()
    message = await world.says(ADA, "Try it again, please.", via="slack", place=DESK, thread=world.thread())
    assert lines(world).count(ONLY) == 1
    assert (message, "failed") in world.channels["slack"].marks
    assert not [mark for mark in world.channels["slack"].marks if mark[1] == "sent"]


@pytest.mark.parametrize(
    "command",
    [
        "need MIT-1001 a photo",
        "plan MIT-1001 we replace it tomorrow",
        "due MIT-1001 friday 16:00",
        "resolve MIT-1001 the server was restarted",
    ],
)
async def test_a_command_that_writes_to_the_customer_says_so_once(command: str) -> None:
    world = await called()
    await world.commands(ADA, command)
    assert lines(world).count(ONLY) == 1


async def test_a_long_answer_says_so_once() -> None:
    world = await called()
    words = "It takes a while. " * 400
    await world.says(ADA, words, via="slack", place=DESK, thread=world.thread())
    assert lines(world).count(ONLY) == 1


async def test_it_is_said_at_every_desk_that_hears_of_the_ticket() -> None:
    world = await called()
    await world.commands(ADA, "need MIT-1001 a photo")
    (line,) = [it for it in world.seen("slack") if it.text == ONLY]
    assert (line.place, line.thread) == (DESK, world.thread())


async def test_notes_and_commands_stay_as_they_are() -> None:
    world = await called()
    await world.says(ADA, "// the cable is old", via="slack", place=DESK, thread=world.thread())
    await world.commands(ADA, "note MIT-1001 the switch was replaced")
    await world.commands(ADA, "close MIT-1001")
    assert ONLY not in lines(world)
    assert (await world.ticket()).status is Status.CLOSED


async def test_no_phone_rings_as_time_goes_by() -> None:
    """Paging rings our phones; a customer's rings for nothing that happens by itself."""
    world = await called("emergency")
    await world.passes(hours=80)
    assert not [it for it in world.channels["call"].sent if it.place == PHONE]


async def test_whoever_called_and_can_get_a_message_gets_one() -> None:
    world = await called(at=Address(channel=ChannelName("sms"), place=PHONE))
    await world.commands(ADA, "need MIT-1001 a photo")
    assert [it.place for it in world.seen("sms")] == [PHONE]
    assert ONLY not in world.texts("slack")


async def test_a_number_that_somebody_calls_from_is_a_phone() -> None:
    """A policy that has to know one does not ask for it, nor for anything else: nobody can write to them."""
    asks = directory(policies=(policy(requires=("name", "email", "phone")),))
    world = await called(people=asks)
    assert not [text for text in world.texts("slack") if text.startswith("Of this contact we have no")]
    world = await called(people=asks, who=caller(identities={}))
    assert not [text for text in world.texts("slack") if text.startswith("Of this contact we have no")]


# ---------------------------------------------------------------- who can be called is never called to be written to
async def opened_for(who: Contact, first: str = "call") -> World:
    """Grace raises a ticket for them; `first` is the channel that the configuration has first."""
    world = World(people=directory(contacts=(who,)))
    ranked = sorted(world.setup.capabilities, key=lambda channel: channel != first)
    can = {channel: world.setup.capabilities[channel] for channel in ranked}
    world.setup = dataclasses.replace(world.setup, capabilities=can)
    world.bus.setup = world.setup
    await world.fills(GRACE, "new", contact=who.id, text="The printer is slow", severity="normal")
    return world


async def test_a_ticket_for_a_contact_is_where_we_can_write_to_them() -> None:
    world = await opened_for(contact("thandi", "Thandi", THANDI, identities={"call": THANDI}))
    assert (await world.ticket()).place == Address(channel=ChannelName("whatsapp"), place=THANDI)
    assert not world.channels["call"].sent


async def test_whoever_can_only_be_called_is_not_written_to() -> None:
    world = await opened_for(caller(organisation=OrganisationId("acme")))
    assert "Naledi has no channel that we can write to." in world.texts("slack")
    assert not world.channels["call"].sent
