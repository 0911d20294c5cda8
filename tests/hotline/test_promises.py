"""What a caller is told on the phone is what happens: who hears that everybody is called is not left alone."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.ids import TicketId
from bot.domain.people import Directory
from bot.domain.script import Record
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World
from tests.hotline.nights import SUNDAY_NIGHT, company, no_night_service

MOBILE = "+27825550200"


def charged(**changes: object) -> Directory:
    """Sipho's plan charges for a call-out; he calls from a phone that gets messages."""
    found = company()
    sipho = b.contact("sipho", "Sipho", MOBILE, organisation=found.organisations[1].id)
    return company(contacts=(found.contacts[0], sipho), **changes)


async def rings(world: World, *keys: str, number: str = MOBILE) -> Caller:
    caller = Caller(world, number)
    await caller.calls()
    for key in keys:
        await caller.presses(key)
    return caller


async def leaves_a_message(caller: Caller) -> None:
    while caller.ringing:
        await caller.no_answer()
    assert caller.script is not None and isinstance(caller.script.verb, Record)
    await caller.speaks(20)
    assert caller.text.startswith("Thank you. Everybody is being called now")


async def everybody_is_paged(world: World, ticket: str = "MIT-1001") -> bool:
    page = await world.run(lambda uow: uow.pages.open_of(TicketId(ticket)))
    return page is not None and page.last_resort


async def declined_last_hour(world: World) -> None:
    first = await rings(world, "2", "2")
    assert first.is_over
    await world.passes(minutes=20)


async def test_who_declined_the_charge_and_agrees_now() -> None:
    world = World(at=SUNDAY_NIGHT, people=charged())
    await declined_last_hour(world)
    await leaves_a_message(await rings(world, "2", "1", "1"))
    assert await everybody_is_paged(world)


async def test_who_declined_the_charge_and_says_nothing_to_it_now() -> None:
    """They call again, and silence is no obstacle: it must not become one after the phones have rung."""
    world = World(at=SUNDAY_NIGHT, people=charged())
    await declined_last_hour(world)
    await leaves_a_message(await rings(world, "2", "1", "", "", ""))
    assert await everybody_is_paged(world)


async def seventh_call(world: World, number: str = MOBILE) -> Caller:
    """After six that came to nothing, such as from a company whose people all call from one number."""
    for _ in range(6):
        call = await (await rings(world, number=number)).stored()
        over = dataclasses.replace(call, ended=call.heard)
        await world.run(lambda uow, over=over: uow.calls.save(over))
    return await rings(world, number=number)


async def test_over_the_limit() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = await seventh_call(world, b.THANDI)
    await leaves_a_message(caller)
    assert await everybody_is_paged(world)


@pytest.mark.parametrize("keys", [("1",), ("", "", "")], ids=["agrees", "is silent"])
async def test_over_the_limit_of_one_whose_plan_charges(keys: tuple[str, ...]) -> None:
    """They are asked as ever, and then for a message."""
    world = World(at=SUNDAY_NIGHT, people=charged())
    caller = await seventh_call(world)
    for key in keys:
        await caller.presses(key)
    await leaves_a_message(caller)
    assert await everybody_is_paged(world)


async def test_over_the_limit_where_nobody_is_paged_at_night() -> None:
    world = World(at=SUNDAY_NIGHT, people=no_night_service())
    caller = await seventh_call(world, b.THANDI)
    assert "wake everybody" not in caller.text


async def test_resolved_while_they_speak_their_message_opens_it_again() -> None:
    """Somebody took it for done; the caller is just saying that it is not, and is promised a call."""
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = await rings(world, "2", number=b.THANDI)
    while caller.ringing:
        await caller.no_answer()
    await world.commands(b.ADA, "resolve MIT-1001 It was the breaker")
    await caller.speaks(30)
    await caller.reports("transcript", text="It is still dark here")
    assert (await world.ticket()).status.is_open and await everybody_is_paged(world)


async def test_a_stranger_who_chose_the_desk_at_night_and_hung_up() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = await rings(world, "1", number="+27825550300")
    await caller.hangs_up()
    assert not [line for line in world.texts("slack", b.DESK) if "chose nothing" in line]


async def test_at_noon_somebody_is_paged_for_the_emergency_line_as_well() -> None:
    world = World(at=MONDAY_NOON, people=company())
    caller = await rings(world, "2", number=b.THANDI)
    await leaves_a_message(caller)
    assert await everybody_is_paged(world)


async def merged_in_mid_call() -> Caller:
    """Sipho wrote an SMS, then called; Grace makes one of the two while Ada's phone rings."""
    world = World(at=MONDAY_NOON, people=charged())
    await world.says(MOBILE, "everything is down", via="sms")
    await world.says(MOBILE, "1", via="sms")
    caller = await rings(world, "2", "0")
    await world.commands(b.GRACE, "merge MIT-1002 into MIT-1001")
    assert (await world.ticket("MIT-1002")).merged_into == "MIT-1001"
    world.look_away()
    return caller


async def test_a_merge_in_mid_call_loses_nobody() -> None:
    caller = await merged_in_mid_call()
    await leaves_a_message(caller)
    assert await everybody_is_paged(caller.world)


async def test_after_a_merge_the_page_still_has_the_message_and_the_button() -> None:
    caller = await merged_in_mid_call()
    await leaves_a_message(caller)
    page = [s for s in caller.world.seen("slack") if s.place == b.LIN][-1]
    assert "🎧" in page.text and any(c.startswith("callback|") for c in page.choices)


async def test_what_they_wrote_by_whatsapp_and_their_call_can_be_made_one() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(b.THANDI, "everything is down")
    await world.says(b.THANDI, "1")
    await rings(world, "2", "0", number=b.THANDI)
    assert (
        await world.commands(b.GRACE, "merge MIT-1002 into MIT-1001") == "Done: MIT-1002 goes on as MIT-1001."
    )


async def test_closed_by_the_desk_while_they_choose_the_emergency_line() -> None:
    """Nobody at the desk took the call, somebody closed its ticket as nothing, and then they press 2."""
    world = World(at=MONDAY_NOON, people=company())
    caller = await rings(world, "1", number=b.THANDI)
    while caller.ringing:
        await caller.no_answer()
    await world.commands(b.ADA, "close MIT-1001")
    await caller.presses("2")
    assert await world.run(lambda uow: list(uow.pages.open())) != []


async def test_somebody_called_in_by_whoever_talks_is_rung() -> None:
    """Ada talks to the caller and asks for Grace: her phone is held back no longer than a minute."""
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = await rings(world, "2", number=b.THANDI)
    await caller.accepts()
    await world.commands(b.ADA, "page MIT-1001 grace")
    await world.passes(minutes=3)
    assert [c.place for c in world.seen("call")][:1] == [b.GRACE_PHONE]


async def test_without_sms_they_are_written_to_by_whatsapp() -> None:
    """By an approved template, since they have not written."""
    world = World(at=SUNDAY_NIGHT, people=charged())
    can = {name: c for name, c in world.setup.capabilities.items() if name != "sms"}
    world.setup = dataclasses.replace(world.setup, capabilities=can)
    for reader in (world.bus, *world.lanes):
        reader.setup = world.setup
    await rings(world, "2", "1")
    sent = [s for s in world.channels["whatsapp"].sent if s.place == MOBILE]
    assert sent and all(s.templated for s in sent) and "MIT-1001" in sent[0].text
