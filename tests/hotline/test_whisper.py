"""What whoever picks up hears, and that only a 1 on the phone that rings now puts anybody through."""

from __future__ import annotations

import dataclasses

from bot.domain.hotline import Phase
from bot.domain.script import Connect, HangUp, Hear
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World, tap
from tests.hotline.nights import STRANGER, SUNDAY_NIGHT, company

KEYS = "Press 1 to take the call, 2 to pass it on."
GONE = "The caller has hung up. Please call them back, about M I T, 1 0 0 1."


async def on_the_line(world: World | None = None, number: str = b.THANDI) -> Caller:
    caller = Caller(world or World(at=SUNDAY_NIGHT, people=company()), number)
    await caller.calls()
    await caller.presses("2")
    return caller


async def test_who_calls_about_what_and_how_long_there_is() -> None:
    caller = await on_the_line()
    whisper = await caller.picked_up()
    assert whisper.say == (
        "Emergency line.",
        "Thandi, Acme Clinics, is waiting.",
        "M I T, 1 0 0 1, Emergency.",
        "The answer is due in 1 hour.",
        KEYS,
    )
    assert whisper.leg and whisper.verb == Hear(seconds=8)


async def test_the_words_of_the_ticket_on_one_line_and_cut_short() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(b.THANDI, "The mail server is down.\nNobody can work!\n" + "It hums. " * 40)
    caller = await on_the_line(world)
    await caller.presses("1")
    words = (await caller.picked_up()).say[3]
    assert "The mail server is down. Nobody can work! It hums." in words
    assert len(words) <= 161 and words.endswith(".") and "\n" not in words


async def test_what_they_wrote_before_they_called() -> None:
    """That they called is no news on the phone that rings for them: what they wrote is."""
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(b.THANDI, "The mail server is down")
    caller = await on_the_line(world)
    await caller.presses("1")
    assert "The mail server is down." in (await caller.picked_up()).say


async def test_a_stranger() -> None:
    caller = await on_the_line(number=STRANGER)
    assert (await caller.picked_up()).say[1] == "An unknown caller is waiting."


async def test_what_a_stranger_wrote_before_as_the_claim_that_it_is() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(STRANGER, "my router blinks", via="sms")
    await world.says(STRANGER, "Nomsa, nomsa@corner.example", via="sms")
    caller = await on_the_line(world, STRANGER)
    await caller.presses("1")
    assert "Nomsa, unknown to us, is waiting." in (await caller.picked_up()).say


async def test_overdue() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(b.THANDI, "everything is down")
    await world.taps(b.THANDI, tap("sev", "MIT-1001", "emergency"))
    await world.passes(minutes=70)
    caller = await on_the_line(world)
    await caller.presses("1")
    assert "The answer is overdue." in (await caller.picked_up()).say


async def test_one_puts_them_through() -> None:
    caller = await on_the_line()
    await caller.picked_up()
    answer = await caller.engineer_presses("1")
    assert (answer.say, answer.verb) == ((), Connect())
    assert (await caller.stored()).phase is Phase.TALKING


async def test_two_passes_it_on_and_the_next_phone_rings() -> None:
    caller = await on_the_line()
    await caller.picked_up()
    answer = await caller.engineer_presses("2")
    assert (answer.say, answer.verb) == (("All right.", "Goodbye."), HangUp())
    await caller.no_answer()
    assert caller.ringing == b.GRACE_PHONE
    assert (await caller.world.ticket()).acknowledged is None


async def test_a_wrong_key_is_asked_once_more_and_then_passes_it_on() -> None:
    caller = await on_the_line()
    await caller.picked_up()
    again = await caller.engineer_presses("7")
    assert (again.say, again.verb) == ((KEYS,), Hear(seconds=8))
    assert isinstance((await caller.engineer_presses("8")).verb, HangUp)
    await caller.no_answer()
    assert caller.ringing == b.GRACE_PHONE


async def test_a_wrong_key_and_then_the_right_one() -> None:
    caller = await on_the_line()
    await caller.picked_up()
    await caller.engineer_presses("7")
    assert isinstance((await caller.engineer_presses("1")).verb, Connect)


async def test_the_wrong_key_of_one_is_not_held_against_the_next() -> None:
    caller = await on_the_line()
    await caller.picked_up()
    await caller.engineer_presses("7")
    await caller.no_answer()
    await caller.picked_up()
    assert isinstance((await caller.engineer_presses("9")).verb, Hear)


async def test_a_voicemail_that_picks_up_has_nothing() -> None:
    """It hears all of it, presses nothing and is hung up; the vendor calls that completed."""
    caller = await on_the_line()
    await caller.picked_up()
    await caller.no_answer(seconds=11)
    assert caller.ringing == b.GRACE_PHONE
    assert (await caller.world.ticket()).acknowledged is None


async def test_two_engineers_at_once_the_old_phone_connects_nobody() -> None:
    """Ada's phone is down as she presses 1, and Grace's rings already."""
    caller = await on_the_line()
    old = (await caller.stored()).turn
    await caller.picked_up()
    await caller.no_answer()
    late = await caller.engineer_presses("1", turn=old)
    assert late.say == ("Somebody else is being called already.", "Goodbye.")
    assert isinstance(late.verb, HangUp)
    await caller.accepts()
    assert (await caller.world.ticket()).owner == "grace"


async def test_nor_once_somebody_else_talks() -> None:
    caller = await on_the_line()
    old = (await caller.stored()).turn
    await caller.no_answer()
    await caller.accepts()
    late = await caller.engineer_presses("1", turn=old)
    assert isinstance(late.verb, HangUp)
    assert (await caller.stored()).legs[-1].person == "grace"
    assert (await caller.world.ticket()).owner == "grace"


async def test_nor_whoever_has_passed_it_on_and_presses_1_then() -> None:
    caller = await on_the_line()
    await caller.picked_up()
    await caller.engineer_presses("2")
    assert isinstance((await caller.engineer_presses("1")).verb, HangUp)
    assert (await caller.world.ticket()).acknowledged is None


async def test_one_twice_is_one_acknowledgement() -> None:
    caller = await on_the_line()
    await caller.accepts()
    assert isinstance((await caller.engineer_presses("1")).verb, Connect)
    lines = caller.world.texts("slack", b.DESK)
    assert len([line for line in lines if line.startswith("✅")]) == 1


async def test_the_caller_hung_up_while_the_engineer_listened() -> None:
    caller = await on_the_line()
    turn = (await caller.stored()).turn
    await caller.picked_up()
    await caller.hangs_up()
    late = await caller.engineer_presses("1", turn=turn)
    assert late.say == (GONE, "Goodbye.") and isinstance(late.verb, HangUp)


async def test_their_1_is_an_acknowledgement_all_the_same() -> None:
    """They were told to call back, and they pressed the key: nobody else needs to be woken."""
    caller = await on_the_line()
    turn = (await caller.stored()).turn
    await caller.picked_up()
    await caller.hangs_up()
    await caller.engineer_presses("1", turn=turn)
    ticket = await caller.world.ticket()
    assert ticket.owner == "ada"
    assert await caller.world.run(lambda uow: uow.pages.open_of(ticket.id)) is None


async def test_picking_up_after_the_caller_hung_up() -> None:
    caller = await on_the_line()
    turn = (await caller.stored()).turn
    await caller.hangs_up()
    assert (await caller.picked_up(turn)).say == (GONE, "Goodbye.")


async def test_whoever_left_while_their_phone_rang_is_not_put_through() -> None:
    caller = await on_the_line()
    world = caller.world
    world.setup = dataclasses.replace(world.setup, directory=company(people=company().people[1:]))
    for reader in (world.bus, *world.lanes):
        reader.setup = world.setup
    await caller.picked_up()
    assert not isinstance((await caller.engineer_presses("1")).verb, Connect)
    await caller.no_answer()
    assert caller.ringing == b.GRACE_PHONE


async def test_at_noon_it_is_the_same() -> None:
    caller = await on_the_line(World(at=MONDAY_NOON, people=company()))
    assert (await caller.picked_up()).say[0] == "Emergency line."
