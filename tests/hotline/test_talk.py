"""Put through: the acknowledgement with all its effects, and the talk that is an answer."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain import events as ev
from bot.domain.hotline import End, Phase
from bot.domain.ids import TicketId
from bot.domain.status import Status
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World, tap
from tests.hotline.nights import STRANGER, SUNDAY_NIGHT, company

MOBILE = "+27825550100"


def world_at_night(at: dt.datetime = SUNDAY_NIGHT) -> World:
    """Thandi calls from a phone that gets messages."""
    found = company()
    return World(at=at, people=company(contacts=(b.contact("thandi", "Thandi", MOBILE), found.contacts[1])))


async def talking(world: World | None = None, number: str = MOBILE) -> Caller:
    caller = Caller(world or world_at_night(), number)
    await caller.calls()
    await caller.presses("2")
    caller.world.look_away()
    await caller.accepts()
    return caller


async def lost() -> Caller:
    """Ada pressed 1 six seconds after it rang, and the connection broke at once."""
    caller = Caller(world_at_night(), MOBILE)
    await caller.calls()
    await caller.presses("2")
    await caller.world.passes(seconds=6)
    await caller.accepts()
    await caller.no_answer(seconds=0)
    return caller


async def test_the_thread() -> None:
    caller = await talking()
    assert caller.world.texts("slack", b.DESK) == [
        "✅ Ada has it (Call).",
        "☎️ Connected 02:00: Ada talks to Thandi.",
    ]
    await caller.world.passes(minutes=4)
    await caller.no_answer(seconds=240)
    assert caller.world.texts("slack", b.DESK) == ["☎️ Ada talked to Thandi for 4 minutes."]
    assert (await caller.stored()).end is End.TALKED


async def test_everybody_else_may_rest() -> None:
    """Grace was paged as well by then."""
    world = world_at_night()
    caller = Caller(world, MOBILE)
    await caller.calls()
    await caller.presses("2")
    await world.commands(b.ADA, "page MIT-1001 grace")
    world.look_away()
    await caller.accepts()
    assert "✅ Ada has MIT-1001 (Acme Clinics). Nothing to do." in world.texts("sms", b.GRACE_PHONE)
    await world.passes(minutes=30)
    assert world.seen("call") == []


async def test_the_page_the_owner_and_the_card() -> None:
    caller = await talking()
    ticket = await caller.world.ticket()
    assert (ticket.owner, ticket.acknowledged, ticket.status) == ("ada", SUNDAY_NIGHT, Status.ACTIVE)
    assert await caller.world.run(lambda uow: uow.pages.open_of(ticket.id)) is None


@pytest.mark.parametrize("number", [MOBILE, STRANGER])
async def test_the_reference_is_written_to_the_caller(number: str) -> None:
    caller = Caller(world_at_night(), number)
    await caller.calls()
    await caller.presses("2")
    texts = [s.text for s in caller.world.channels["sms"].sent if s.place == number]
    assert len(texts) == 1 and "MIT-1001" in texts[0]
    assert [s for s in caller.world.channels["whatsapp"].sent if s.place == number] == []


async def test_who_has_it_is_written_to_them_too() -> None:
    caller = await talking()
    (text,) = caller.world.texts("sms", MOBILE)
    assert text.startswith("Ada has MIT-1001 now and is looking into it.")


async def test_whoever_talks_to_ada_is_not_promised_to_hear_from_her() -> None:
    caller = await talking()
    assert not [text for text in caller.world.texts("sms", MOBILE) if "You hear from Ada" in text]


async def test_the_talk_is_the_answer() -> None:
    caller = await talking()
    await caller.world.passes(minutes=3)
    assert (await caller.world.ticket()).answered is None
    await caller.no_answer(seconds=180)
    ticket = await caller.world.ticket()
    assert ticket.answered == SUNDAY_NIGHT + dt.timedelta(minutes=3)
    assert (ev.Talked(person="ada", seconds=180)) in await caller.world.events()  # type: ignore[arg-type]


async def test_nobody_is_paged_for_an_hour_while_they_talk() -> None:
    caller = await talking()
    await caller.world.passes(minutes=59)
    assert caller.world.seen("call") == []
    assert (await caller.world.ticket()).acknowledged is not None


async def test_a_talk_whose_end_nobody_tells_holds_no_page_back_for_ever() -> None:
    """The vendor's word that it is over was lost: whoever had the call is asked after an hour."""
    caller = await talking()
    await caller.world.passes(hours=2)
    assert {call.place for call in caller.world.seen("call")} >= {b.ADA_PHONE}


async def test_nor_is_the_call_taken_for_a_dead_one() -> None:
    caller = await talking()
    await caller.world.passes(hours=3)
    assert (await caller.stored()).phase is Phase.TALKING and (await caller.stored()).ended is None


async def test_a_talk_of_which_the_end_is_never_told_ends_after_four_hours() -> None:
    caller = await talking()
    await caller.world.passes(hours=5)
    call = await caller.stored()
    assert call.end is End.TALKED and (await caller.world.ticket()).answered is not None


async def test_a_connection_that_broke_at_once_was_no_talk() -> None:
    caller = await lost()
    assert caller.text.startswith("Sorry, the connection was lost. Please stay on the line")
    assert caller.ringing == b.ADA_PHONE
    await caller.accepts()
    await caller.no_answer(seconds=60)
    assert (await caller.stored()).end is End.TALKED


async def test_ada_is_lost_and_does_not_come_back_grace_is_rung() -> None:
    caller = await lost()
    await caller.no_answer()
    assert caller.ringing == b.GRACE_PHONE
    await caller.accepts()
    await caller.no_answer(seconds=60)
    assert (await caller.world.ticket()).answered is not None


async def test_whoever_had_it_before_and_was_lost_is_rung_again_too() -> None:
    world = world_at_night()
    await world.says(MOBILE, "everything is down")
    await world.taps(MOBILE, tap("sev", "MIT-1001", "emergency"))
    await world.commands(b.ADA, "ack MIT-1001")
    await world.passes(minutes=5)
    caller = Caller(world, MOBILE)
    await caller.calls()
    await caller.presses("2")
    await caller.presses("1")
    await world.passes(seconds=6)
    await caller.accepts()
    await caller.no_answer(seconds=0)
    assert caller.ringing == b.ADA_PHONE


async def test_the_caller_ends_it() -> None:
    caller = await talking()
    await caller.world.passes(seconds=45)
    await caller.hangs_up(seconds=45)
    assert caller.world.texts("slack", b.DESK)[-1] == "☎️ Ada talked to Thandi for 45 seconds."


async def test_only_the_status_of_the_call_tells() -> None:
    caller = await talking()
    await caller.world.passes(seconds=50)
    await caller.reports("over")
    await caller.reports("over")
    lines = caller.world.texts("slack", b.DESK)
    assert [line for line in lines if "talked" in line] == ["☎️ Ada talked to Thandi for 50 seconds."]


async def test_a_resolved_ticket_is_answered_and_the_talk_goes_on() -> None:
    caller = await talking()
    await caller.world.commands(b.ADA, "resolve MIT-1001 Restarted it together")
    await caller.no_answer(seconds=300)
    assert (await caller.stored()).end is End.TALKED
    assert (await caller.world.ticket()).status is Status.RESOLVED


async def test_and_the_thread_has_how_long_it_was() -> None:
    caller = await talking()
    await caller.world.commands(b.ADA, "resolve MIT-1001 Restarted it together")
    await caller.no_answer(seconds=300)
    assert "☎️ Ada talked to Thandi for 5 minutes." in caller.world.texts("slack", b.DESK)


async def test_in_the_log_the_whole_way() -> None:
    world = world_at_night()
    caller = Caller(world, MOBILE)
    await caller.calls()
    await caller.presses("2")
    await caller.picked_up()
    await caller.engineer_presses("2")
    await caller.no_answer()
    await caller.accepts()
    await caller.no_answer(seconds=60)
    called = [(e.what, e.person) for e in await world.events() if isinstance(e, ev.Called)]
    assert called == [
        ("came", None),
        ("rang", "ada"),
        ("passed", "ada"),
        ("rang", "grace"),
        ("connected", "grace"),
    ]


async def test_why_tells_of_the_call() -> None:
    caller = await talking()
    await caller.no_answer(seconds=60)
    told = await caller.world.commands(b.GRACE, "why MIT-1001")
    assert "☎️" in told and "talked" in told.lower()


async def test_the_customer_is_never_told_whose_phone_it_was() -> None:
    caller = await talking()
    await caller.no_answer(seconds=60)
    everything = [s.text for c in caller.world.channels.values() for s in c.sent if s.place == MOBILE]
    assert not [text for text in everything if b.ADA_PHONE in text]


async def test_a_talk_about_a_ticket_that_somebody_else_has_changes_its_owner_for_nobody() -> None:
    """Grace has it and does not answer; Ada takes the call."""
    world = world_at_night(MONDAY_NOON)
    await world.says(MOBILE, "everything is down")
    await world.taps(MOBILE, tap("sev", "MIT-1001", "emergency"))
    await world.commands(b.GRACE, "ack MIT-1001")
    caller = Caller(world, MOBILE)
    await caller.calls()
    await caller.presses("2")
    await caller.presses("1")
    await caller.no_answer()
    await caller.accepts()
    await caller.no_answer(seconds=120)
    ticket = await world.ticket()
    assert (ticket.owner, ticket.answered is not None) == ("grace", True)
    assert "☎️ Ada talked to Thandi for 2 minutes." in world.texts("slack", b.DESK)


async def test_only_a_call_to_write_to_them_is_kept_as_a_note() -> None:
    """From a landline nobody can be written to; what was said on the phone is what counts."""
    caller = await talking(World(at=SUNDAY_NIGHT, people=company()), "+27115550377")
    await caller.no_answer(seconds=60)
    ticket = await caller.world.ticket()
    assert ticket.place.channel == "call" and ticket.answered is not None
    assert await caller.world.run(lambda uow: uow.pages.open_of(TicketId("MIT-1001"))) is None
