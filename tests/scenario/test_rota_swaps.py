"""A shift changes hands: asked for, taken by the first, refused, taken back. Until then whoever asked stays on call."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.app.duty import SwapState
from bot.app.ports import Capabilities
from bot.domain.ids import ChannelName, TeamName
from tests.builders import ADA, DESK, GRACE, LIN, THANDI, directory, people, person
from tests.fakes.world import World
from tests.scenario.test_rota_overrides import schedule

MAX = "U0MAX"
YES, NO = "swap|-|1 yes", "swap|-|1 no"


def world(**changes: Any) -> World:
    """Ada is on from Monday 09:00, Grace from Tuesday, and so in turn; Lin and Max never are."""
    staff = directory(people=(*people(), person("max", "Max", MAX)), schedules=(schedule(),))
    return World(people=dataclasses.replace(staff, **changes))


async def state(desk: World) -> str:
    kept = await desk.run(lambda uow: uow.rota.swap(1))
    assert kept is not None
    return kept.state


async def on_call(desk: World, at: str, who: str = LIN) -> str:
    return (await desk.commands(who, f"oncall standby {at}")).splitlines()[1].split(" until")[0]


async def test_one_is_asked_and_takes_it() -> None:
    desk = world()
    assert await desk.commands(ADA, "swap wed 18:00 to thu 9:00 with Lin") == (
        "Lin is asked to take Wed 18:00 to Thu 09:00 (standby). Without a yes you stay on call. "
        "Take it back: swap cancel 1"
    )
    (asked,) = desk.seen("slack")
    assert (asked.place, asked.choices) == (LIN, (YES, NO))
    assert asked.text == (
        "🔁 Ada asks whether you take Wed 18:00 to Thu 09:00 (standby). "
        "Without your yes Ada stays on call. Answer swap yes 1 or swap no 1."
    )
    assert await on_call(desk, "wed 20:00") == "standby: Ada"
    await desk.taps(LIN, YES, via="slack")
    assert await on_call(desk, "wed 20:00") == "standby: Lin"
    assert [(s.place, s.text) for s in desk.seen("slack")] == [
        (ADA, "✅ Lin takes Wed 18:00 to Thu 09:00 (standby). You are not on call then."),
        (DESK, "🔁 Lin takes Wed 18:00 to Thu 09:00 (standby) instead of Ada."),
        (LIN, "You are on call Wed 18:00 to Thu 09:00 (standby) instead of Ada. Undo: override cancel 1"),
    ]
    assert await state(desk) == SwapState.ACCEPTED


async def test_whoever_takes_it_is_paged() -> None:
    desk = world()
    await desk.commands(ADA, "swap now to 20:00 with Lin")
    await desk.commands(LIN, "swap yes 1")
    desk.look_away()
    await desk.says(THANDI, "urgent everything is down")
    assert {s.place for s in desk.seen("slack") if "ACK" in s.text} == {LIN}


async def test_the_desk_is_asked_and_the_first_has_it() -> None:
    desk = world()
    assert "The desk is asked who takes Wed 18:00" in await desk.commands(ADA, "swap wed 18:00 to thu 9:00")
    (asked,) = desk.seen("slack")
    assert (asked.place, asked.choices) == (DESK, (YES,))
    await desk.taps(MAX, YES, via="slack", place=DESK)
    desk.look_away()
    await desk.taps(LIN, YES, via="slack", place=DESK)
    (told,) = desk.seen("slack")
    assert (told.only_for, told.text) == (LIN, "Max has taken swap 1 already.")
    assert await desk.commands(MAX, "swap yes 1") == "You have taken swap 1 already."
    assert await on_call(desk, "wed 20:00") == "standby: Max"


async def test_refused() -> None:
    desk = world()
    await desk.commands(ADA, "swap wed 18:00 to thu 9:00 with Lin")
    assert await desk.commands(MAX, "swap yes 1") == "Lin is asked for swap 1, not you."
    assert "nothing to decline" in await desk.commands(MAX, "swap no 1")
    desk.look_away()
    assert await desk.commands(LIN, "swap no 1") == "Ada is told that you can't."
    assert desk.texts("slack", ADA) == [
        "Lin can't take Wed 18:00 to Thu 09:00 (standby): you stay on call. "
        "To ask everybody, write the same without a name."
    ]
    assert await desk.commands(LIN, "swap yes 1") == "Lin has declined swap 1; it is over."
    assert await on_call(desk, "wed 20:00") == "standby: Ada"


async def test_taken_back() -> None:
    desk = world()
    await desk.commands(ADA, "swap wed 18:00 to thu 9:00 with Lin")
    assert await desk.commands(MAX, "swap cancel 1") == "Only Ada or a lead can take swap 1 back."
    desk.look_away()
    assert "is taken back: you are on call" in await desk.commands(ADA, "swap cancel 1")
    assert "you need not take Wed 18:00" in desk.texts("slack", LIN)[0]
    assert await desk.commands(LIN, "swap yes 1") == "Ada has taken swap 1 back."


async def test_a_lead_takes_another_s_back_and_they_hear_of_it() -> None:
    desk = world()
    await desk.commands(ADA, "swap wed 18:00 to thu 9:00")
    desk.look_away()
    await desk.commands(LIN, "swap cancel 1")
    assert [s.place for s in desk.seen("slack")] == [DESK, ADA]


async def test_only_the_parts_in_which_the_asker_is_on() -> None:
    desk = world()
    assert await desk.commands(ADA, "swap wed 0:00 to fri 24:00 with Lin") == (
        "In that time you are on call Wed 09:00 to Thu 09:00, Fri 09:00 to 24:00 only; that is asked for. "
        "Lin is asked to take Wed 09:00 to Fri 24:00 (standby). Without a yes you stay on call. "
        "Take it back: swap cancel 1"
    )
    await desk.commands(LIN, "swap yes 1")
    assert await on_call(desk, "thu 12:00") == "standby: Grace", "who was not asked stays on"


async def test_whoever_has_a_shift_in_between_takes_those_around_it() -> None:
    desk = world()
    assert "Grace is asked to take" in await desk.commands(ADA, "swap wed 18:00 to fri 12:00 with Grace")
    (asked,) = desk.texts("slack")
    assert "In that time Ada is on call Wed 18:00 to Thu 09:00, Fri 09:00 to 12:00 only" in asked
    assert "You are on call Wed 18:00 to Fri 12:00" in await desk.commands(GRACE, "swap yes 1")
    for at in ("wed 20:00", "thu 12:00", "fri 10:00"):
        assert await on_call(desk, at) == "standby: Grace"
    assert await on_call(desk, "fri 13:00") == "standby: Ada"


async def test_a_colleague_who_is_on_beside_the_asker_is_not_asked() -> None:
    desk = world()
    await desk.commands(LIN, "override add Max wed 20:00 to wed 22:00")
    assert await desk.commands(ADA, "swap wed 18:00 to thu 9:00 with Max") == (
        "Max is on call then already (standby); write the name of somebody who is not."
    )


async def test_a_lead_of_another_team_takes_nothing_back() -> None:
    bob = person("bob", "Bob", "U0BOB", teams=frozenset({TeamName("other")}), roles=frozenset({"lead"}))
    desk = world(people=(*people(), bob))
    await desk.commands(ADA, "swap wed 18:00 to thu 9:00")
    assert await desk.commands("U0BOB", "swap cancel 1") == (
        "Only engineers of desk change who is on call for standby; ask one of them."
    )
    assert await state(desk) == SwapState.OPEN


async def test_what_the_asker_has_no_more_can_t_be_taken() -> None:
    desk = world()
    await desk.commands(ADA, "swap wed 18:00 to thu 9:00 with Lin")
    await desk.commands(GRACE, "override Grace wed to fri")
    assert await desk.commands(LIN, "swap yes 1") == (
        "Ada is not on call for standby then any more, so there is nothing to take."
    )


async def test_an_undone_swap_gives_the_shift_back() -> None:
    desk = world()
    await desk.commands(ADA, "swap wed 18:00 to thu 9:00 with Lin")
    await desk.commands(LIN, "swap yes 1")
    desk.look_away()
    assert "Ada instead of Lin" in await desk.commands(LIN, "override cancel 1")
    assert any("you are on call (standby)" in text for text in desk.texts("slack", ADA))
    assert await on_call(desk, "wed 20:00") == "standby: Ada"


SAID = {
    "swap": "When? Write it like this: swap standby fri 18:00 to sat 09:00.",
    "swap tue 10:00 to tue 12:00": "You are not on call for standby then, so there is nothing to swap; "
    "oncall shows your next shift.",
    "swap wed 18:00 to thu 9:00 with me": "That is your own shift; somebody else has to take it.",
    "swap wed 18:00 to thu 9:00 with Thandi": 'I know nobody called "Thandi"; write one of Ada, Grace, Lin, Max.',
    "swap yes": "Which one? Write its number, such as swap yes 3; swap list has them.",
    "swap yes 3": "There is no swap 3; swap list has those that there are.",
    "swap list": "No swap is open.",
}


@pytest.mark.parametrize("words", SAID)
async def test_what_can_t_be_is_answered_with_what_can(words: str) -> None:
    desk = world()
    assert await desk.commands(ADA, words) == SAID[words]
    assert desk.seen("slack") == []


async def test_asking_twice_for_the_same_is_said() -> None:
    desk = world()
    await desk.commands(ADA, "swap wed 18:00 to thu 9:00")
    assert await desk.commands(ADA, "swap wed 20:00 to thu 1:00") == (
        "You have asked for that already; swap cancel 1 takes it back."
    )
    assert await desk.commands(LIN, "swap list") == (
        "Swap 1: Ada asks who takes Wed 18:00 to Thu 09:00 (standby): swap yes 1"
    )


async def test_whoever_is_on_call_then_takes_nothing() -> None:
    desk = world()
    await desk.commands(ADA, "swap wed 18:00 to thu 12:00")
    assert "Wed 18:00 to Thu 09:00" in await desk.commands(LIN, "swap list"), "only Ada's own hours"
    await desk.commands(LIN, "override add Max wed 20:00 to wed 22:00")
    assert await desk.commands(MAX, "swap yes 1") == (
        "You are on call then already (standby), so somebody else has to take it."
    )
    assert await desk.commands(ADA, "swap yes 1") == "That is your own shift; somebody else has to take it."


async def test_one_that_was_not_taken_in_time_is_over() -> None:
    desk = world()
    await desk.commands(ADA, "swap wed 18:00 to thu 9:00")
    desk.clock.at = desk.clock.at.replace(day=26)
    assert await desk.commands(LIN, "swap yes 1") == (
        "Swap 1 has expired and Ada stays on call; take standby takes the shift now."
    )


async def test_on_a_phone_it_is_answered_in_words() -> None:
    phone = dataclasses.replace(people()[2], identities={ChannelName("sms"): "+27115550003"})
    desk = world(people=(*people()[:2], phone))
    await desk.commands(ADA, "swap wed 18:00 to thu 9:00 with Lin")
    assert "Answer swap yes 1 or swap no 1." in desk.texts("sms")[0]
    await desk.says("+27115550003", "Swap yes 1", via="sms")
    assert await on_call(desk, "wed 20:00", ADA) == "standby: Lin"


async def test_whoever_can_only_be_called_is_not_asked() -> None:
    """Whoever has no chat hears of nothing that waits for an answer."""
    voice = ChannelName("voice")
    lin = dataclasses.replace(people()[2], identities={voice: "+27115550003"})
    desk = world(people=(*people()[:2], lin))
    rings = Capabilities(label="Call", text_limit=1500, pages=True, rings=True)
    desk.bus.setup = dataclasses.replace(desk.setup, capabilities={**desk.setup.capabilities, voice: rings})
    assert await desk.commands(ADA, "swap wed 18:00 to thu 9:00 with Lin") == (
        "Lin can only be called, so can't be asked here; leave the name out to ask the desk."
    )
    assert await desk.commands(ADA, "swap list") == "No swap is open."
