"""`talked REF` and its button: whoever reached the customer on a phone of their own says so, and the ticket is answered."""

from __future__ import annotations

import pytest

from bot.domain.ids import TicketId
from tests.builders import ADA, DESK, GRACE, person
from tests.fakes.phones import Caller
from tests.fakes.world import World, tap
from tests.hotline.nights import SUNDAY_NIGHT, company

T = "MIT-1001"


async def hung_up(**changes: object) -> World:
    """Thandi called at night and gave up while Ada's phone rang."""
    world = World(at=SUNDAY_NIGHT, people=company(**changes))
    caller = Caller(world)
    await caller.calls()
    await caller.presses("2")
    await caller.hangs_up()
    return world


async def is_paging(world: World) -> bool:
    return await world.run(lambda uow: uow.pages.open_of(TicketId(T))) is not None


@pytest.mark.parametrize("way", ["command", "button"])
async def test_the_ticket_is_theirs_and_answered_and_the_page_is_over(way: str) -> None:
    world = await hung_up()
    line = world.seen("slack", DESK)[-1]
    assert line.text == "☎️ Thandi has hung up. Call them back, please."
    assert await is_paging(world)
    if way == "command":
        assert await world.commands(GRACE, f"talked {T}") == f"Done: {T} is answered."
    else:
        await world.taps(GRACE, line.choices[1], via="slack", place=DESK, thread=world.thread())
    ticket = await world.ticket()
    assert (ticket.owner, ticket.answered) == ("grace", world.clock.now())
    assert not await is_paging(world)
    lines = world.texts("slack", DESK)
    assert lines.count("☎️ Grace talked to Thandi.") == 1


async def test_nobody_is_paged_again_for_an_answer_that_they_have_had() -> None:
    """The patience after an acknowledgement ends with it."""
    world = await hung_up()
    await world.taps(GRACE, tap("ack"), via="slack", place=GRACE)
    await world.commands(GRACE, f"talked {T}")
    world.look_away()
    await world.passes(hours=3)
    assert not await is_paging(world)
    assert world.seen("call") == [] and world.seen("sms") == []


async def test_without_it_they_are_paged_again() -> None:
    world = await hung_up()
    await world.taps(GRACE, tap("ack"), via="slack", place=GRACE)
    world.look_away()
    await world.passes(hours=1)
    assert await is_paging(world)


async def test_another_team_is_refused() -> None:
    eve = person("eve", "Eve", "U0EVE", "+27115550009", calls=True, teams=frozenset({"field"}))
    world = await hung_up(people=(*company().people, eve))
    said = await world.commands("U0EVE", f"talked {T}")
    assert said == f"There is no ticket {T} here."
    assert (await world.ticket()).answered is None and await is_paging(world)


async def test_told_twice_it_stays_whose_it_is_and_answered_when_it_was() -> None:
    world = await hung_up()
    await world.commands(GRACE, f"talked {T}")
    answered = (await world.ticket()).answered
    await world.passes(minutes=5)
    assert await world.commands(ADA, f"talked {T}") == f"Done: {T} is answered."
    ticket = await world.ticket()
    assert (ticket.owner, ticket.answered) == ("grace", answered)


async def test_which_ticket() -> None:
    world = await hung_up()
    said = await world.commands(GRACE, "talked")
    assert said == "Which ticket? Write its reference too, such as talked MIT-1001."
    assert await is_paging(world)


async def test_what_is_closed_is_not_answered() -> None:
    world = await hung_up()
    await world.commands(GRACE, f"close {T}")
    assert await world.commands(GRACE, f"talked {T}") == f"{T} is closed; it can't be answered."
