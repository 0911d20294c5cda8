"""The caller hangs up while they wait: the page goes on, and somebody calls them back."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain.hotline import End
from bot.domain.ids import TicketId
from escalation.chain import Chain, Step
from escalation.escalate import parse_trigger
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World, tap
from tests.hotline.nights import HIDDEN, STRANGER, SUNDAY_NIGHT, company, no_night_service


async def waiting(number: str = b.THANDI, world: World | None = None) -> Caller:
    caller = Caller(world or World(at=SUNDAY_NIGHT, people=company()), number)
    await caller.calls()
    await caller.presses("2")
    return caller


async def paged(caller: Caller) -> bool:
    return await caller.world.run(lambda uow: uow.pages.open_of(TicketId("MIT-1001"))) is not None


async def test_the_ticket_and_the_page_are_there_before_the_first_phone_rings() -> None:
    """In one unit of work with the script that says to ring; whatever dies after it, somebody is being paged."""
    caller = await waiting()
    assert caller.ringing == b.ADA_PHONE and await paged(caller)
    assert caller.world.seen("sms", b.ADA_PHONE) and not caller.world.seen("call")


async def test_the_thread_has_the_button() -> None:
    caller = await waiting()
    caller.world.look_away()
    await caller.hangs_up()
    (line,) = caller.world.seen("slack", b.DESK)
    assert (line.text, line.choices) == (
        "☎️ Thandi has hung up. Call them back, please.",
        ("callback|MIT-1001|", "talked|MIT-1001|"),
    )
    assert (await caller.stored()).end is End.HUNG_UP


async def test_the_page_goes_on_and_its_call_goes_out_at_once() -> None:
    caller = await waiting()
    caller.world.look_away()
    await caller.hangs_up()
    assert await paged(caller)
    assert [c.place for c in caller.world.seen("call")] == [b.ADA_PHONE]


@pytest.mark.parametrize("number", [b.THANDI, STRANGER])
async def test_that_call_can_put_them_through_to_the_caller(number: str) -> None:
    caller = await waiting(number)
    await caller.hangs_up()
    (call,) = caller.world.seen("call")
    assert call.keys == ("1", "2", "3")


async def test_whoever_is_paged_next_can_be_put_through_as_well() -> None:
    caller = await waiting()
    await caller.hangs_up()
    await caller.world.passes(minutes=7)
    to_grace = [c for c in caller.world.seen("call") if c.place == b.GRACE_PHONE]
    assert to_grace and to_grace[0].keys == ("1", "2", "3")


async def test_while_they_wait_no_page_rings() -> None:
    """Ada's phone rings for the caller: a second call of ours would only be busy."""
    caller = await waiting()
    for _ in range(3):
        await caller.world.passes(seconds=33)
        await caller.no_answer()
    assert caller.world.seen("call") == []
    await caller.hangs_up()
    assert b.ADA_PHONE in [c.place for c in caller.world.seen("call")]


async def test_messages_are_not_held_back() -> None:
    caller = await waiting()
    assert caller.world.seen("slack", b.ADA) and caller.world.seen("sms", b.ADA_PHONE)


async def test_a_line_of_which_nothing_is_heard_holds_back_for_a_minute_at_most() -> None:
    """The vendor lost it: 60 seconds after the last word the page's call goes out."""
    caller = await waiting()
    await caller.world.passes(seconds=59)
    assert caller.world.seen("call") == []
    await caller.world.passes(seconds=62)
    assert [c.place for c in caller.world.seen("call")] == [b.ADA_PHONE]


async def test_and_is_taken_as_hung_up_after_four() -> None:
    caller = await waiting()
    await caller.world.passes(minutes=5)
    assert (await caller.stored()).end is End.HUNG_UP
    assert "☎️ Thandi has hung up. Call them back, please." in caller.world.texts("slack", b.DESK)


async def test_should_it_live_after_all_it_goes_on() -> None:
    caller = await waiting()
    await caller.world.passes(minutes=5)
    await caller.no_answer()
    assert caller.ringing == b.GRACE_PHONE
    await caller.accepts()
    await caller.no_answer(seconds=30)
    assert (await caller.stored()).end is End.TALKED


async def test_hung_up_is_said_once() -> None:
    caller = await waiting()
    await caller.hangs_up()
    await caller.reports("over")
    lines = caller.world.texts("slack", b.DESK)
    assert len([line for line in lines if "hung up" in line]) == 1


async def test_in_the_menu_a_customer_at_night_is_called_back() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = Caller(world)
    await caller.calls()
    await caller.hangs_up()
    assert await paged(caller) and (await world.ticket()).severity == "emergency"
    assert [c.place for c in world.seen("call")] == [b.ADA_PHONE]


async def test_in_the_menu_at_noon_it_is_the_desks() -> None:
    world = World(at=MONDAY_NOON, people=company())
    caller = Caller(world)
    await caller.calls()
    await caller.hangs_up()
    assert not await paged(caller)
    assert world.texts("slack", b.DESK)[-1] == "@Ada @Grace ☎️ Thandi has hung up. Call them back, please."


async def test_in_the_menu_where_nobody_is_paged_at_night() -> None:
    world = World(at=SUNDAY_NIGHT, people=no_night_service())
    caller = Caller(world)
    await caller.calls()
    await caller.hangs_up()
    assert not await paged(caller) and (await world.ticket()).text == "Called the desk."


async def test_in_the_menu_somebody_unknown_is_a_line_at_the_desk() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = Caller(world, STRANGER)
    await caller.calls()
    await caller.hangs_up()
    assert world.texts("slack", b.DESK) == [f"☎️ {STRANGER} called, chose nothing and hung up."]
    assert (await caller.stored()).end is End.SCREENED and not await paged(caller)


async def test_somebody_unknown_who_had_chosen_the_emergency_line_is_paged_for() -> None:
    caller = await waiting(STRANGER)
    await caller.hangs_up()
    assert await paged(caller)


async def test_a_hidden_number_that_hung_up_over_the_question_for_one() -> None:
    """Nobody can call them back: there is a ticket and a page, and no button that would not work. They may ring once more."""
    caller = await waiting(HIDDEN)
    caller.world.look_away()
    await caller.hangs_up()
    (line,) = caller.world.seen("slack", b.DESK)
    assert await paged(caller) and line.choices == ("talked|MIT-1001|",)


async def test_nobody_is_asked_to_call_back_a_number_that_there_is_none_of() -> None:
    caller = await waiting(HIDDEN)
    caller.world.look_away()
    await caller.hangs_up()
    (line,) = caller.world.seen("slack", b.DESK)
    assert line.text == (
        "☎️ somebody with a hidden number has hung up, and their number is hidden. "
        "Nobody can call them back: resolve ends the paging."
    )


async def test_acknowledged_in_chat_already_and_hung_up_somebody_is_paged_to_call_back() -> None:
    """They were being put through and gave up: whoever has it is paged, by phone at once."""
    caller = await waiting()
    await caller.world.taps(b.ADA, tap("ack"), via="slack", place=b.ADA)
    assert not await paged(caller)
    caller.world.look_away()
    await caller.hangs_up()
    assert await paged(caller)
    assert [c.place for c in caller.world.seen("call")][:1] == [b.ADA_PHONE]


async def test_resolved_while_they_waited_nobody_is_paged() -> None:
    caller = await waiting()
    await caller.world.commands(b.ADA, "resolve MIT-1001 It was the breaker")
    await caller.hangs_up()
    assert not await paged(caller)


async def test_where_the_chain_begins_later_whoever_hung_up_is_called_back_now() -> None:
    """The first step waits for half of the response time; a caller who has given up does not."""
    first = Step(
        targets=("schedule:standby",), wait=dt.timedelta(minutes=5), at=parse_trigger("50% of response")
    )
    chain = Chain(name="standby", steps=(first,))
    caller = await waiting(world=World(at=SUNDAY_NIGHT, people=company(chains=(chain,))))
    await caller.hangs_up()
    await caller.world.passes(minutes=3)
    assert [c.place for c in caller.world.seen("call")][:1] == [b.ADA_PHONE]
