"""The bot's own page: what an engineer, a customer and a stranger see when they look at it."""

from __future__ import annotations

import dataclasses

from bot.app.inbound import HomeIn, Sender
from bot.domain.ids import Address, ChannelName
from bot.domain.message import Message
from tests.builders import ADA, DESK, GRACE, LIN, THANDI
from tests.fakes.world import World
from tests.scenario.test_rota_overrides import world

SLACK = ChannelName("slack")


async def looks(desk: World, who: str, id: str = "Ev1") -> Message | None:
    """Opening the page; nothing is put into the outbox by it."""
    sent = len(desk.channels["slack"].sent)
    seen = await desk.bus.receive(
        HomeIn(
            channel=SLACK,
            external_id=id,
            sender=Sender(id=who),
            address=Address(channel=SLACK, place=who),
        )
    )
    await desk.settle()
    assert len(desk.channels["slack"].sent) == sent
    return seen.reply


async def shown(desk: World, who: str) -> str:
    page = await looks(desk, who, id=f"Ev-{who}")
    assert page is not None
    return page.text


async def test_an_engineer_sees_who_is_on_call_and_what_is_theirs() -> None:
    desk = world()
    await desk.says(THANDI, "The printer is slow")
    await desk.says(THANDI, "new: the mail is late")
    await desk.commands(GRACE, "take MIT-1001")
    assert await shown(desk, GRACE) == (
        "On call\nstandby: Ada until Tue 09:00, then Grace\nYour next shift: Tue 09:00 to Wed 09:00 (standby)\n\n"
        "Your tickets\nMIT-1001 Normal, Acme Clinics: the customer waits, due by 16:00 (in 4 h)\n"
        "1 ticket has nobody yet. Write status to see all."
    )


async def test_who_waits_for_whom_and_since_when() -> None:
    desk = world()
    await desk.says(THANDI, "The printer is slow")
    await desk.says(THANDI, "new: the mail is late")
    await desk.commands(GRACE, "take MIT-1001")
    await desk.commands(GRACE, "take MIT-1002")
    await desk.commands(GRACE, "need MIT-1001 which one?")
    await desk.passes(hours=5)
    page = await shown(desk, GRACE)
    assert "MIT-1001 Normal, Acme Clinics: waiting for the customer" in page
    assert "MIT-1002 Normal, Acme Clinics: 🔴 the customer waits, due 16:00, 1 h over" in page
    assert page.index("MIT-1002") < page.index("MIT-1001"), "what is due first stands first"


async def test_open_swaps_have_a_button_for_whoever_could_take_them() -> None:
    desk = world()
    await desk.commands(ADA, "swap wed 18:00 to thu 9:00")
    page = await looks(desk, LIN)
    assert page is not None
    assert page.text.endswith(
        "Swaps that you could take\nSwap 1: Ada asks who takes Wed 18:00 to Thu 09:00 (standby): swap yes 1"
    )
    assert [(c.id, c.label) for c in page.choices] == [("swap|-|1 yes", "Take swap 1")]
    own = await looks(desk, ADA, id="Ev2")
    assert own is not None and own.choices == ()
    await desk.taps(LIN, page.choices[0].id, via="slack")
    assert "Lin takes Wed 18:00" in "".join(desk.texts("slack"))
    after = await looks(desk, LIN, id="Ev3")
    assert after is not None and after.choices == ()


async def test_a_customer_sees_their_tickets_and_a_stranger_how_to_write() -> None:
    desk = world()
    how = "Write under Messages what is wrong: it opens a ticket, and an engineer answers you there."
    await desk.says("U0THANDI", "The printer is slow", via="slack")
    page = await shown(desk, "U0THANDI")
    assert page.startswith("Your tickets\nMIT-1001 (Normal): waiting for an engineer, answer by 16:00")
    assert page.endswith("\n\n" + how)
    assert await shown(desk, "U0NOBODY") == how


async def test_the_same_look_twice_is_one() -> None:
    desk = world()
    assert await looks(desk, ADA) is not None
    assert await looks(desk, ADA) is None


async def test_a_look_that_fails_is_not_kept_to_be_tried_again() -> None:
    desk = world(schedules=())
    desk.bus.setup = dataclasses.replace(
        desk.setup, directory=dataclasses.replace(desk.directory, policies=())
    )
    assert await looks(desk, "U0NOBODY") is None
    assert [event for event, _ in desk.logged] == ["not_answered"]
    await desk.passes(minutes=20)
    assert desk.seen("slack", DESK) == []
