"""A caller who has open tickets chooses by key which one it is about."""

from __future__ import annotations

from bot.domain.status import Status
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import World, tap
from tests.hotline.nights import SUNDAY_NIGHT, company

WORDS = ("the printer is slow", "please add a mailbox", "my screen is dark", "the scanner is slow")


async def with_tickets(n: int) -> World:
    """Thandi has so many, the last one opened last; none is an emergency."""
    world = World(at=SUNDAY_NIGHT, people=company())
    for i in range(n):
        await world.says(b.THANDI, f"new: {WORDS[i]}")
        await world.passes(minutes=2)
    tickets = await world.run(lambda uow: uow.tickets.every(0, 10))
    assert len(tickets) == n
    world.look_away()
    return world


async def about_which(world: World, key: str = "2") -> Caller:
    caller = Caller(world)
    await caller.calls()
    await caller.presses(key)
    return caller


async def test_of_two_the_latest_is_first() -> None:
    caller = await about_which(await with_tickets(2))
    assert caller.text == (
        "You have open tickets. For ticket M I T, 1 0 0 2, press 1. For ticket M I T, 1 0 0 1, press 2. "
        "For something new, press 0."
    )
    await caller.presses("2")
    assert (await caller.stored()).ticket == "MIT-1001"
    assert caller.text.startswith("Your reference is M I T, 1 0 0 1.")


async def test_of_four_the_three_latest_are_offered() -> None:
    caller = await about_which(await with_tickets(4))
    assert (await caller.stored()).offered == ("MIT-1004", "MIT-1003", "MIT-1002")
    await caller.presses("3")
    assert (await caller.stored()).ticket == "MIT-1002"


async def test_something_new() -> None:
    world = await with_tickets(2)
    caller = await about_which(world)
    await caller.presses("0")
    assert (await caller.stored()).ticket == "MIT-1003" and caller.ringing == b.ADA_PHONE
    assert (await world.ticket()).severity != "emergency"


async def test_a_key_that_was_not_offered_is_asked_again_and_silence_is_something_new() -> None:
    caller = await about_which(await with_tickets(2))
    await caller.presses("3")
    assert caller.text.startswith("You have open tickets.")
    await caller.is_silent()
    await caller.is_silent()
    assert (await caller.stored()).ticket == "MIT-1003" and caller.ringing == b.ADA_PHONE


async def test_the_ticket_becomes_an_emergency_and_the_page_goes_out() -> None:
    world = await with_tickets(1)
    caller = await about_which(world)
    await caller.presses("1")
    ticket = await world.ticket()
    assert ticket.severity == "emergency" and caller.ringing == b.ADA_PHONE
    assert await world.run(lambda uow: uow.pages.open_of(ticket.id)) is not None
    assert world.texts("slack", b.DESK)[0] == "☎️ Thandi is on the emergency line."


async def test_for_the_desk_it_stays_what_it_is() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(b.THANDI, "the printer is slow")
    await world.taps(b.THANDI, tap("sev", "MIT-1001", "normal"))
    await world.passes(hours=32)
    caller = await about_which(world, "1")
    await caller.presses("1")
    assert (await world.ticket()).severity == "normal" and caller.ringing == b.ADA_PHONE
    assert await world.run(lambda uow: list(uow.pages.open())) == []


async def test_a_resolved_one_is_open_again() -> None:
    world = await with_tickets(1)
    await world.commands(b.ADA, "resolve MIT-1001 It prints again")
    caller = await about_which(world)
    await caller.presses("1")
    ticket = await world.ticket()
    assert ticket.status.is_open and ticket.severity == "emergency" and caller.ringing
    assert await world.run(lambda uow: uow.pages.open_of(ticket.id)) is not None


async def test_one_that_waited_for_the_customer_waits_no_more() -> None:
    world = await with_tickets(1)
    await world.commands(b.ADA, "need MIT-1001 Which printer is it?")
    assert (await world.ticket()).status is Status.WAITING
    caller = await about_which(world)
    await caller.presses("1")
    assert (await world.ticket()).status is not Status.WAITING
    assert "@Ada The customer answered: the wait is over." in world.texts("slack", b.DESK)


async def test_closed_while_they_listened_is_something_new() -> None:
    world = await with_tickets(1)
    caller = await about_which(world)
    await world.commands(b.ADA, "close MIT-1001")
    await caller.presses("1")
    assert (await caller.stored()).ticket == "MIT-1002" and caller.ringing == b.ADA_PHONE


async def merged() -> Caller:
    world = await with_tickets(2)
    caller = await about_which(world)
    await world.commands(b.ADA, "merge MIT-1002 into MIT-1001")
    assert (await world.ticket("MIT-1002")).merged_into == "MIT-1001"
    await caller.presses("1")
    return caller


async def test_merged_while_they_listened_goes_on() -> None:
    caller = await merged()
    assert caller.ringing == b.ADA_PHONE


async def test_merged_while_they_listened_is_the_ticket_as_which_it_goes_on() -> None:
    caller = await merged()
    assert (await caller.stored()).ticket == "MIT-1001"


async def test_merged_while_a_phone_rings_the_engineer_hears_of_the_one_as_which_it_goes_on() -> None:
    world = await with_tickets(2)
    await world.commands(b.ADA, "severity MIT-1001 emergency")
    caller = await about_which(world)
    assert (await caller.stored()).offered == ("MIT-1001", "MIT-1002")
    await caller.presses("2")
    await world.commands(b.GRACE, "merge MIT-1002 into MIT-1001")
    assert (await world.ticket("MIT-1002")).merged_into == "MIT-1001"
    whisper = await caller.picked_up()
    assert any("1 0 0 1" in sentence for sentence in whisper.say)
    await caller.engineer_presses("1")
    await caller.no_answer(seconds=60)
    assert (await world.ticket("MIT-1001")).answered is not None


async def test_whoever_hangs_up_over_the_question_has_a_ticket_and_somebody_is_paged() -> None:
    world = await with_tickets(2)
    caller = await about_which(world)
    await caller.hangs_up()
    ticket = (await caller.stored()).ticket
    assert ticket is not None
    assert await world.run(lambda uow: uow.pages.open_of(ticket)) is not None
    assert "☎️ Thandi has hung up. Call them back, please." in world.texts("slack", b.DESK)


async def test_the_page_says_what_it_is_about_and_not_only_that_they_called() -> None:
    world = await with_tickets(1)
    caller = await about_which(world)
    await caller.presses("1")
    (page,) = world.texts("sms", b.ADA_PHONE)
    assert WORDS[0] in page
