"""What the desk and the engineers read of a caller is true at that moment: the card, the page, the button under it."""

from __future__ import annotations

import pytest

from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import World, tap
from tests.hotline.nights import HIDDEN, STRANGER, SUNDAY_NIGHT, company

WAITS = "☎️ They are on the line now: your phone may ring for them."
HUNG_UP = "☎️ They have hung up. To call them back: CALL MIT-1001"


async def on_the_line(number: str = b.THANDI) -> Caller:
    caller = Caller(World(at=SUNDAY_NIGHT, people=company()), number)
    await caller.calls()
    await caller.presses("2")
    return caller


def facts(caller: Caller) -> list[str]:
    return [fact for fact in caller.world.card().facts if fact.startswith("☎️")]


# ---------------------------------------------------------------- the card
async def test_the_card_has_whose_phone_rings_and_who_talks_and_then_nothing() -> None:
    caller = await on_the_line()
    assert facts(caller) == ["☎️ on the line, ringing Ada"]
    await caller.no_answer()
    assert facts(caller) == ["☎️ on the line, ringing Grace"]
    await caller.accepts()
    assert facts(caller) == ["☎️ on the phone with Grace"]
    await caller.no_answer(seconds=60)
    assert facts(caller) == []


async def test_nor_has_it_anything_once_they_have_hung_up() -> None:
    caller = await on_the_line()
    await caller.hangs_up()
    assert facts(caller) == []


async def test_over_the_message_they_are_on_the_line_and_nobody_is_rung() -> None:
    caller = await on_the_line()
    while caller.ringing:
        await caller.no_answer()
    assert facts(caller) == ["☎️ on the line"]
    await caller.speaks()
    assert facts(caller) == []


# ---------------------------------------------------------------- the page
@pytest.mark.parametrize("number", [b.THANDI, STRANGER, HIDDEN])
async def test_whoever_is_paged_reads_that_the_caller_is_on_the_line(number: str) -> None:
    caller = await on_the_line(number)
    pages = [s for s in caller.world.seen("slack", b.ADA) if s.text.startswith("🚨")]
    assert [WAITS in page.text.splitlines() for page in pages] == [True]


@pytest.mark.parametrize("number", [b.THANDI, STRANGER])
async def test_and_that_the_caller_has_hung_up_and_how_to_call_them_back(number: str) -> None:
    caller = await on_the_line(number)
    await caller.hangs_up()
    caller.world.look_away()
    await caller.world.passes(minutes=6)
    pages = [s for s in caller.world.seen("slack", b.GRACE) if s.text.startswith("🚨")]
    assert [HUNG_UP in page.text.splitlines() for page in pages] == [True]
    assert [WAITS in page.text for page in pages] == [False]


async def test_where_nobody_knows_the_number_nobody_is_told_to_call_it() -> None:
    caller = await on_the_line(HIDDEN)
    await caller.hangs_up()
    caller.world.look_away()
    await caller.world.passes(minutes=6)
    pages = [s for s in caller.world.seen("slack", b.GRACE) if s.text.startswith("🚨")]
    assert [HUNG_UP in page.text or WAITS in page.text for page in pages] == [False]


# ---------------------------------------------------------------- the button
async def test_whoever_has_it_calls_back_by_the_button_of_the_page_that_is_over() -> None:
    caller = await on_the_line()
    await caller.hangs_up()
    world = caller.world
    await world.passes(minutes=1)
    world.look_away()
    await world.taps(b.ADA, tap("ack"), via="slack", place=b.ADA)
    (over,) = [s for s in world.seen("slack", b.ADA) if s.text.startswith("✅ You have MIT-1001")]
    assert over.edits and over.choices == ("callback|MIT-1001|",)
    await world.passes(minutes=1)
    world.look_away()
    await world.taps(b.ADA, over.choices[0], via="slack", place=b.ADA)
    assert [call.place for call in world.seen("call")] == [b.ADA_PHONE]
    assert "☎️ Calling Ada, then Thandi on …0100." in world.texts("slack", b.DESK)


async def test_where_nobody_called_it_has_no_button() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(b.THANDI, "everything is down")
    await world.taps(b.THANDI, tap("sev", "MIT-1001", "emergency"))
    world.look_away()
    await world.taps(b.ADA, tap("ack"), via="slack", place=b.ADA)
    (over,) = [s for s in world.seen("slack", b.ADA) if s.text.startswith("✅ You have MIT-1001")]
    assert over.choices == ()
