"""A call whose first request was lost: the vendor tells of its end or its message only, and somebody is paged for it."""

from __future__ import annotations

import pytest

from bot.domain.events import Called
from bot.domain.hotline import End
from bot.domain.ids import TicketId
from bot.domain.page import Page
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import World
from tests.hotline.nights import HIDDEN, STRANGER, SUNDAY_NIGHT, company, no_night_service
from tests.hotline.test_message import asked_for_a_message, world_with_links

NAMES = {
    b.THANDI: "Thandi",
    STRANGER: f"somebody unknown ({STRANGER})",
    HIDDEN: "somebody with a hidden number",
}


async def page_of(world: World) -> Page | None:
    return await world.run(lambda uow: uow.pages.open_of(TicketId("MIT-1001")))


@pytest.mark.parametrize("number", [b.THANDI, STRANGER, HIDDEN])
async def test_its_end_opens_a_ticket_and_somebody_is_paged(number: str) -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = Caller(world, number)
    await caller.reports("over")
    ticket = await world.ticket()
    assert (ticket.severity, ticket.answered) == ("emergency", None)
    assert await page_of(world) is not None
    assert world.texts("slack", b.DESK)[0] == f"☎️ {NAMES[number]} called while we could not answer."
    assert (await caller.stored()).end is End.HUNG_UP
    assert world.seen("sms", b.ADA_PHONE)


@pytest.mark.parametrize("number", [b.THANDI, STRANGER, HIDDEN])
async def test_its_message_opens_one_and_everybody_is_paged_with_the_link(number: str) -> None:
    world = world_with_links(contacts=company().contacts)
    caller = Caller(world, number)
    await caller.reports("recording", recording="RE1", seconds=20)
    page = await page_of(world)
    assert page is not None and page.last_resort
    lines = world.seen("slack", b.DESK)
    assert lines[0].text == f"☎️ {NAMES[number]} called while we could not answer."
    (left,) = [line for line in lines if "has left a message (20 seconds)" in line.text]
    assert left.text.startswith(
        f"☎️ {NAMES[number]} has left a message (20 seconds): https://standby.example/"
    )
    button = () if number == HIDDEN else ("callback|MIT-1001|",)
    assert left.choices == (*button, "talked|MIT-1001|")
    link = left.text.split()[-1]
    pages = [s for s in world.seen("sms") if f"🎧 They left a message: {link}" in s.text.splitlines()]
    assert sorted(page.place for page in pages) == [b.ADA_PHONE, b.GRACE_PHONE]
    call = await caller.stored()
    assert (call.end, call.recording) == (End.MESSAGE, "RE1")


@pytest.mark.parametrize("first", ["over", "recording"])
async def test_in_whichever_order_they_come_it_is_one_ticket_with_the_message(first: str) -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = Caller(world)
    more = {"recording": {"recording": "RE1", "seconds": 20}, "over": {}}
    second = "over" if first == "recording" else "recording"
    for what in (first, second):
        await caller.reports(what, **more[what])
    tickets = await world.run(lambda uow: uow.tickets.every(0, 10))
    lines = world.texts("slack", b.DESK)
    assert len(tickets) == 1 and (await caller.stored()).recording == "RE1"
    assert sum("called while we could not answer" in line for line in lines) == 1
    assert sum("has left a message (20 seconds)" in line for line in lines) == 1
    page = await page_of(world)
    assert page is not None and page.last_resort


async def test_only_a_transcript_tells_of_nothing() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await Caller(world).reports("transcript", text="The server room is under water")
    assert await world.run(lambda uow: list(uow.tickets.every(0, 10))) == []
    assert world.seen("slack") == []


async def test_where_nobody_is_paged_at_night_it_is_the_desks() -> None:
    world = World(at=SUNDAY_NIGHT, people=no_night_service())
    await Caller(world).reports("over")
    assert await page_of(world) is None and (await world.ticket()).text == "Called the desk."


async def test_a_message_of_which_only_the_report_tells_is_in_the_log() -> None:
    caller = await asked_for_a_message()
    await caller.reports("recording", recording="RE1", seconds=20)
    told = [event.what for event in await caller.world.events() if isinstance(event, Called)]
    assert told == ["came", *["rang"] * 4, "message"]
