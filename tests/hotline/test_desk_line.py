"""Key 1, the desk: it rings in office hours, and says when it opens in the others."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import ChannelName
from bot.domain.script import Hear, Record
from bot.domain.status import Status
from escalation.calendar import BusinessCalendar
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World
from tests.hotline.nights import SUNDAY_NIGHT, company

LIN_PHONE = "+27115550003"


async def presses_1(at: dt.datetime = MONDAY_NOON, **changes: object) -> Caller:
    caller = Caller(World(at=at, people=company(**changes)))
    await caller.calls()
    await caller.presses("1")
    return caller


def said(caller: Caller) -> tuple[str, ...]:
    assert caller.script is not None
    return caller.script.say


def at(text: str) -> dt.datetime:
    """Local in Johannesburg."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=b.ZONE).astimezone(dt.UTC)


def lead_with_phone() -> tuple[object, ...]:
    """Lin, of tier 2, stands before the others in the file."""
    ada, grace, lin = company().people
    phones = {**lin.identities, ChannelName("call"): LIN_PHONE}
    return (dataclasses.replace(lin, identities=phones), ada, grace)


async def test_the_ticket_is_there_and_the_desks_phone_rings() -> None:
    caller = await presses_1()
    assert (said(caller), caller.ringing) == (
        ("Please stay on the line, we are calling the desk.",),
        b.ADA_PHONE,
    )
    assert caller.world.texts("slack", b.DESK) == ["☎️ Thandi calls the desk.", "☎️ Ringing Ada."]
    assert (await caller.world.ticket()).text == "Called the desk."


async def test_by_tier_whatever_the_order_in_the_file() -> None:
    hotline = dataclasses.replace(company().hotline, listed=company().hotline.listed | {LIN_PHONE})
    caller = await presses_1(people=lead_with_phone(), hotline=hotline)
    rung = []
    while caller.ringing:
        rung.append(caller.ringing)
        await caller.no_answer()
    assert rung == [b.ADA_PHONE, b.GRACE_PHONE, LIN_PHONE] * 2


async def test_nobody_is_paged_for_it() -> None:
    caller = await presses_1()
    while caller.ringing:
        await caller.no_answer()
    assert await caller.world.run(lambda uow: list(uow.pages.open())) == []
    assert caller.world.seen("call") == [] and caller.world.seen("sms") == []


async def test_nobody_at_the_desk_a_message_or_the_emergency_line() -> None:
    caller = await presses_1()
    while caller.ringing:
        await caller.no_answer()
    assert said(caller) == (
        "Sorry, nobody at the desk can take your call right now.",
        "To leave a message, press 1.",
        "In an emergency, press 2.",
    )
    assert caller.world.texts("slack", b.DESK)[-1] == "☎️ Nobody at the desk took the call."
    await caller.presses("1")
    assert said(caller) == (
        "After the tone, please say what has happened and where we can reach you.",
        "Press the hash key when you are done.",
    )
    await caller.speaks(40)
    assert caller.text == "Thank you. The desk will call you back. Your reference is M I T, 1 0 0 1. Goodbye."
    assert caller.world.texts("slack", b.DESK)[-1].startswith(
        "@Ada @Grace ☎️ Thandi has left a message (40 seconds)"
    )


async def test_from_the_desk_that_does_not_answer_to_the_emergency_line_with_the_same_ticket() -> None:
    caller = await presses_1()
    while caller.ringing:
        await caller.no_answer()
    await caller.presses("2")
    ticket = await caller.world.ticket()
    assert ticket.severity == "emergency" and (await caller.stored()).ticket == ticket.id
    assert await caller.world.run(lambda uow: uow.pages.open_of(ticket.id)) is not None


async def test_on_the_emergency_line_every_phone_rings_as_often_as_for_one_who_went_there_at_once() -> None:
    caller = await presses_1()
    while caller.ringing:
        await caller.no_answer()
    await caller.presses("2")
    rung = []
    while caller.ringing:
        rung.append(caller.ringing)
        await caller.no_answer()
    assert rung == [b.ADA_PHONE, b.GRACE_PHONE] * 2


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        ("2026-11-23T06:00", "at 08:30"),
        ("2026-11-23T19:00", "tomorrow at 08:30"),
        ("2026-11-27T19:00", "on Monday at 08:30"),
        ("2026-11-28T12:00", "on Monday at 08:30"),
        ("2026-12-31T18:00", "on Monday at 08:30"),
    ],
)
async def test_closed_and_when_it_opens(when: str, opens: str) -> None:
    """Friday evening, the weekend, and New Year, which is a Friday and a holiday."""
    calendar = BusinessCalendar(
        zone=b.ZONE,
        hours={day: ["08:30-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        holidays={dt.date(2027, 1, 1): "New Year"},
    )
    caller = await presses_1(at(when), policies=(b.policy(calendar=calendar),))
    assert said(caller) == (
        f"The desk is closed. It opens {opens}.",
        "To leave a message, press 1.",
        "In an emergency, press 2.",
    )


async def test_when_it_opens_is_said_in_the_callers_own_zone() -> None:
    acme = dataclasses.replace(company().organisations[0], zone=ZoneInfo("Europe/London"))
    caller = await presses_1(SUNDAY_NIGHT, organisations=(acme, company().organisations[1]))
    assert said(caller)[0] == "The desk is closed. It opens tomorrow at 06:30."


async def test_closed_and_they_leave_a_message_for_the_morning() -> None:
    caller = await presses_1(SUNDAY_NIGHT)
    await caller.presses("1")
    assert caller.script is not None and isinstance(caller.script.verb, Record)
    await caller.speaks()
    world = caller.world
    assert [s.choices for s in world.seen("slack", b.DESK)][-1] == ("callback|MIT-1001|", "talked|MIT-1001|")
    await world.passes(hours=3)
    assert world.seen("call") == []


async def test_closed_and_the_emergency_line_opens_the_page() -> None:
    caller = await presses_1(SUNDAY_NIGHT)
    await caller.presses("2")
    assert caller.ringing == b.ADA_PHONE
    assert (await caller.world.ticket()).text == "Called the emergency line."


async def test_closed_and_silent_three_times_is_a_message() -> None:
    caller = await presses_1(SUNDAY_NIGHT)
    for _ in range(3):
        assert caller.script is not None and isinstance(caller.script.verb, Hear)
        await caller.is_silent()
    assert caller.script is not None and isinstance(caller.script.verb, Record)


async def test_whoever_hangs_up_while_the_desk_rings_is_called_back_and_wakes_nobody() -> None:
    caller = await presses_1()
    caller.world.look_away()
    await caller.hangs_up()
    (line,) = caller.world.seen("slack", b.DESK)
    assert (line.text, line.choices) == (
        "@Ada @Grace ☎️ Thandi has hung up. Call them back, please.",
        ("callback|MIT-1001|", "talked|MIT-1001|"),
    )
    assert caller.world.seen("sms") == []


async def test_somebody_at_the_desk_takes_it() -> None:
    caller = await presses_1()
    whisper = await caller.picked_up()
    assert whisper.say[:3] == (
        "Support desk.",
        "Thandi, Acme Clinics, is waiting.",
        "M I T, 1 0 0 1, Normal.",
    )
    await caller.engineer_presses("1")
    ticket = await caller.world.ticket()
    assert (ticket.owner, ticket.status) == ("ada", Status.ACTIVE)
    await caller.no_answer(seconds=240)
    assert (await caller.world.ticket()).answered is not None
