"""What engineers write into a ticket's thread, and is a command: done, and never sent to the customer."""

from __future__ import annotations

import pytest

from tests.builders import ADA, DESK, GRACE, THANDI
from tests.fakes.world import World


async def paged() -> World:
    world = World()
    await world.says(THANDI, "Our mail server is down, nobody can work")
    await world.says(THANDI, "1")
    for channel in world.channels.values():
        channel.unread = len(channel.sent)
    return world


async def writes(world: World, who: str, text: str) -> None:
    await world.says(who, text, via="slack", place=DESK, thread=world.thread())


async def code(world: World) -> str:
    return (await world.run(lambda uow: list(uow.pages.open())))[0].code


def heard(world: World) -> list[str]:
    """What the customer was told of an answer: who has it is no answer."""
    return [t for t in world.texts("whatsapp", THANDI) if not t.startswith(("Ada has", "Grace has"))]


@pytest.mark.parametrize(
    "words", ["ACK {code}", "{code}", "ack MIT-1001", "ack all", "ack", "Ack {code}!", "acknowledged"]
)
async def test_what_acknowledges_is_no_answer(words: str) -> None:
    world = await paged()
    await writes(world, ADA, words.format(code=await code(world)))
    assert heard(world) == []
    ticket = await world.ticket()
    assert (ticket.owner, ticket.answered) == ("ada", None)


async def test_escalate_goes_on_and_does_not_end_the_page() -> None:
    world = await paged()
    await writes(world, ADA, "escalate")
    assert heard(world) == []
    assert GRACE in [s.place for s in world.seen("slack") if "ACK" in s.text]
    assert (await world.ticket()).owner is None


async def test_another_tickets_code_acknowledges_that_one() -> None:
    world = await paged()
    await world.says("+27820000001", "Our mail server is down, nobody can work")
    await world.says("+27820000001", "1")
    pages = await world.run(lambda uow: {p.ticket: p for p in uow.pages.open()})
    first = next(iter(world.channels["slack"].cards))
    other = pages["MIT-1002"].code  # type: ignore[index]
    await world.says(ADA, f"ack {other}", via="slack", place=DESK, thread=first)
    assert [(await world.ticket(f"MIT-100{n}")).owner for n in (1, 2)] == [None, "ada"]


@pytest.mark.parametrize(
    "words",
    [
        "snooze 20m",
        "snooze until 12:30",
        "page grace",
        "handover grace",
        "handover",
        "take standby",
        "oncall",
        "snooze -5m",
        "page garce",
        "page test garce",
        "page MIT-1001 grace",
        "page tier 2",
        "handover to garce",
        "take for 3h",
        "oncall fri 18:00",
        "override cancel 1",
        "swap yes 7",
        "swap fri 18:00 to sat 09:00 with Grace",
        "override Grace fri 18:00 to sat 09:00",
        "escalate please",
        "why",
        "status",
        "swap",
        "override",
        "ack 1234",
    ],
)
async def test_other_commands_are_done_too(words: str) -> None:
    world = await paged()
    await writes(world, ADA, words)
    assert heard(world) == []
    marks = [mark for _, mark in world.channels["slack"].marks]
    assert marks == ["internal"]


@pytest.mark.parametrize(
    "words",
    [
        "Take care, we will escalate this to the vendor.",
        "swap the disk and start it again",
        "page 3 of the manual says how",
        "Page loads again now",
        "take care",
        "Swap 2 disks today",
        "Take today's backup first",
        "4711",
        "Why?",
        "We acknowledge that this is our mistake",
        "snooze the alarm on the panel with the blue button please",
        "take the cable out and put it in again",
        "Why is it off?",
        "handover of the new laptops is on Friday",
        "status is green again",
    ],
)
async def test_what_may_be_for_the_customer_is_sent(words: str) -> None:
    world = await paged()
    await writes(world, ADA, words)
    assert any(words in t for t in world.texts("whatsapp", THANDI))
