"""Whoever passed the call on is not rung for it again, and a caller whom nobody could be rung for hears so."""

from __future__ import annotations

import dataclasses

from bot.domain.ids import ChannelName
from bot.domain.people import Directory
from bot.domain.script import Record
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import World
from tests.hotline.nights import SUNDAY_NIGHT, company, nobody_has_a_phone

NOBODY = "🔴 There is nobody whose phone could ring. The caller is asked for a message."


async def on_the_line(people: Directory) -> Caller:
    caller = Caller(World(at=SUNDAY_NIGHT, people=people))
    await caller.calls()
    await caller.presses("2")
    return caller


async def passes_it_on(caller: Caller) -> None:
    """Whoever's phone rings picks up and presses 2."""
    await caller.picked_up()
    await caller.engineer_presses("2")
    await caller.no_answer()


async def test_whoever_passed_it_on_is_not_rung_again() -> None:
    caller = await on_the_line(company())
    await passes_it_on(caller)
    rung = []
    while caller.ringing:
        rung.append(caller.ringing)
        await caller.no_answer()
    assert rung == [b.GRACE_PHONE] * 2
    ringing = [line for line in caller.world.texts("slack", b.DESK) if not line.startswith("📟")]
    assert ringing[1:] == [
        "☎️ Ringing Ada.",
        "☎️ Ada passes it on. Ringing Grace.",
        "☎️ No answer from Grace. Ringing Grace again.",
        "🔴 No answer from Grace, and nobody else to ring. The caller is asked for a message.",
    ]


async def test_whoever_passes_it_on_the_second_time_has_been_rung_twice() -> None:
    caller = await on_the_line(company())
    await caller.no_answer()
    await passes_it_on(caller)
    assert caller.ringing == b.ADA_PHONE
    assert caller.world.texts("slack", b.DESK)[-1] == "☎️ Grace passes it on. Ringing Ada again."
    await caller.no_answer()
    assert caller.script is not None and isinstance(caller.script.verb, Record)


async def test_where_everybody_passed_it_on_a_message_is_asked_for() -> None:
    caller = await on_the_line(company())
    await passes_it_on(caller)
    await passes_it_on(caller)
    assert caller.script is not None and isinstance(caller.script.verb, Record)
    assert caller.text.startswith("Sorry, nobody has answered yet.")
    last = caller.world.texts("slack", b.DESK)[-1]
    assert (
        last == "🔴 Grace passes it on, and there is nobody else to ring. The caller is asked for a message."
    )


async def test_where_nobody_has_a_phone_the_caller_hears_so() -> None:
    caller = await on_the_line(nobody_has_a_phone())
    assert caller.script is not None and isinstance(caller.script.verb, Record)
    assert caller.script.say[0] == "Sorry, there is no engineer whom we could call right now."
    assert caller.world.texts("slack", b.DESK)[-1] == NOBODY


async def test_where_the_only_phone_of_the_chain_is_one_that_is_never_rung_too() -> None:
    """Its number costs extra."""
    ada, grace, lin = company().people
    dear = dataclasses.replace(ada, identities={**ada.identities, ChannelName("call"): "+27862345678"})
    mute = {channel: place for channel, place in grace.identities.items() if channel != "call"}
    people = (dear, dataclasses.replace(grace, identities=mute), lin)
    caller = await on_the_line(company(people=people))
    assert caller.script is not None and isinstance(caller.script.verb, Record)
    assert caller.script.say[0] == "Sorry, there is no engineer whom we could call right now."
    assert caller.world.texts("slack", b.DESK)[-1] == NOBODY
