"""A call-out that is charged: asked by key, and what is paged and written for each answer."""

from __future__ import annotations

import datetime as dt

from bot.domain.events import Consent
from bot.domain.hotline import End
from bot.domain.ids import TicketId
from bot.domain.page import Page
from bot.domain.people import Directory
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World
from tests.hotline.nights import SUNDAY_NIGHT, company

MOBILE = "+27825550200"
QUESTION = (
    "Outside office hours a call-out is charged.",
    "If you agree, press 1, and we call an engineer now.",
    "To wait until the desk opens, tomorrow at 08:30, press 2.",
)


def mobile() -> Directory:
    """Sipho, whose plan charges, calls from a phone that gets messages."""
    found = company()
    sipho = b.contact("sipho", "Sipho", MOBILE, organisation=found.organisations[1].id)
    return company(contacts=(found.contacts[0], sipho))


async def asked(at: dt.datetime = SUNDAY_NIGHT) -> Caller:
    caller = Caller(World(at=at, people=mobile()), MOBILE)
    await caller.calls()
    await caller.presses("2")
    return caller


def said(caller: Caller) -> tuple[str, ...]:
    assert caller.script is not None
    return caller.script.say


async def page_of(caller: Caller) -> Page | None:
    return await caller.world.run(lambda uow: uow.pages.open_of(TicketId("MIT-1001")))


async def test_the_question_before_any_phone_rings() -> None:
    caller = await asked()
    assert said(caller) == QUESTION
    assert await page_of(caller) is None
    assert caller.world.texts("slack", b.DESK) == [
        "☎️ Sipho is on the emergency line.",
        "💶 The call-out is charged: the customer is asked.",
    ]


async def test_agreed() -> None:
    caller = await asked()
    caller.world.look_away()
    await caller.presses("1")
    assert caller.ringing == b.ADA_PHONE and await page_of(caller) is not None
    assert (await caller.world.ticket()).consent is Consent.AGREED
    assert "💶 The customer agrees to the call-out charge." in caller.world.texts("slack", b.DESK)
    written = caller.world.texts("sms", MOBILE)
    assert len(written) == 1 and "MIT-1001" in written[0]


async def test_declined_waits_for_the_desk() -> None:
    caller = await asked()
    caller.world.look_away()
    await caller.presses("2")
    assert caller.text == (
        "All right. An engineer will look at it when the desk opens, tomorrow at 08:30. "
        "Your reference is M I T, 1 0 0 1. Goodbye."
    )
    assert (await caller.stored()).end is End.DECLINED
    world = caller.world
    assert "💶 The customer declines the call-out and waits until tomorrow 08:30." in world.texts(
        "slack", b.DESK
    )
    await world.passes(hours=6)
    assert await page_of(caller) is None and world.seen("call") == []


async def test_and_is_told_at_the_desk_when_it_opens() -> None:
    caller = await asked()
    await caller.presses("2")
    caller.world.look_away()
    await caller.world.passes(hours=31)
    lines = caller.world.texts("slack", b.DESK)
    assert any("The desk is open, and this customer has waited for it." in line for line in lines)


async def test_silence_is_no_obstacle() -> None:
    caller = await asked()
    for _ in range(2):
        await caller.is_silent()
        assert said(caller) == QUESTION
    await caller.is_silent()
    assert caller.ringing == b.ADA_PHONE and await page_of(caller) is not None
    assert (await caller.world.ticket()).consent is Consent.SILENT
    assert any("Settle it with the customer" in line for line in caller.world.texts("slack", b.DESK))


async def test_nor_is_a_hang_up_over_the_question() -> None:
    caller = await asked()
    await caller.hangs_up()
    assert await page_of(caller) is not None
    assert (await caller.world.ticket()).consent is Consent.SILENT
    lines = caller.world.texts("slack", b.DESK)
    assert lines[-1] == "☎️ Sipho has hung up. Call them back, please."


async def test_whoever_hangs_up_in_the_menu_is_asked_in_writing_and_waited_for_a_minute() -> None:
    caller = Caller(World(at=SUNDAY_NIGHT, people=mobile()), MOBILE)
    await caller.calls()
    await caller.hangs_up()
    assert "calling an engineer out is charged" in caller.world.texts("sms", MOBILE)[-1]
    assert await page_of(caller) is None
    await caller.world.passes(minutes=6)
    assert await page_of(caller) is not None


async def test_a_wrong_key_asks_once_more() -> None:
    caller = await asked()
    await caller.presses("5")
    assert said(caller) == QUESTION and await page_of(caller) is None


async def test_in_office_hours_nothing_is_charged() -> None:
    caller = await asked(MONDAY_NOON)
    assert caller.ringing == b.ADA_PHONE


async def test_whoever_declined_and_calls_again_is_asked_again() -> None:
    caller = await asked()
    await caller.presses("2")
    again = Caller(caller.world, MOBILE)
    await again.calls()
    await again.presses("2")
    await again.presses("1")
    assert said(again) == QUESTION
    await again.presses("1")
    assert again.ringing == b.ADA_PHONE and await page_of(again) is not None


async def test_whoever_agreed_is_not_asked_again() -> None:
    caller = await asked()
    await caller.presses("1")
    await caller.hangs_up()
    again = Caller(caller.world, MOBILE)
    await again.calls()
    await again.presses("2")
    await again.presses("1")
    assert again.ringing == b.ADA_PHONE


async def test_what_is_written_to_them_meanwhile() -> None:
    """The question too: the line may break before they have pressed a key."""
    caller = await asked()
    first, question = caller.world.texts("sms", MOBILE)
    assert first == (
        "Thank you for your call. Your reference is MIT-1001. It is set to Emergency. "
        "An engineer answers you here by 03:00 (in 1 h)."
    )
    assert "calling an engineer out is charged" in question
    await caller.presses("1")
    assert caller.world.texts("sms", MOBILE) == [
        "Thank you, that is noted on MIT-1001. We are calling the engineer on standby now. "
        "An engineer answers you here by 03:00 (in 1 h)."
    ]


async def test_the_minute_in_writing_runs_out_while_they_listen_and_they_decline_all_the_same() -> None:
    caller = await asked()
    await caller.is_silent()
    await caller.world.passes(seconds=70)
    assert await page_of(caller) is not None
    await caller.presses("2")
    assert (await caller.stored()).end is End.DECLINED
    assert (await caller.world.ticket()).consent is Consent.DECLINED and await page_of(caller) is None
