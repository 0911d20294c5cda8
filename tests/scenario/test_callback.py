"""Call back by one tap: our engineer's phone rings, they press 1, and the customer's phone rings in the same call."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.app.inbound import CallIn, KeyIn, Sender
from bot.app.ports import Outcome
from bot.domain.hotline import Call, Heard, Hotline, Phase
from bot.domain.ids import Address, ChannelName, TicketId
from bot.domain.people import Directory
from bot.domain.script import Ring, Script
from tests.builders import ADA, ADA_PHONE, DESK, GRACE, GRACE_PHONE, LIN, THANDI, directory, person
from tests.fakes.world import Sent, World, tap

T = "MIT-1001"
CALL = ChannelName("call")
CALLING = "☎️ Calling Ada, then Thandi on …0100."
TOLD = "Calling you now: press 1, and Thandi is called on …0100."


def company(**changes: Any) -> Directory:
    people = (
        person("ada", "Ada", ADA, ADA_PHONE, "10001", calls=True),
        person("grace", "Grace", GRACE, GRACE_PHONE, calls=True),
        person("lin", "Lin", LIN, tier=2, roles=frozenset({"lead"})),
    )
    hotline = Hotline(countries=("ZA",), own=frozenset({"+27115550999"}))
    return directory(**({"people": people, "hotline": hotline} | changes))


async def with_ticket(words: str = "The printer is slow", **changes: Any) -> World:
    """A ticket of Thandi's, and nothing of it is news."""
    world = World(people=company(**changes))
    await world.says(THANDI, words)
    await world.says(THANDI, "3")
    world.look_away()
    return world


async def presses(world: World, call: Sent, digits: str, id: str = "CA1") -> Outcome:
    """A key on a call of ours."""
    outcome = await world.bus.receive(
        KeyIn(
            channel=CALL,
            external_id=f"{id}:{digits}:{next(world._ids)}",
            sender=Sender(id=call.place),
            address=Address(channel=CALL, place=call.place),
            token=call.token,
            digits=digits,
            call=id,
        )
    )
    await world.settle()
    return outcome


async def happens(world: World, heard: Heard, script: Script, **more: Any) -> Script:
    """Something on the call that puts them through; what they hear then."""
    outcome = await world.bus.receive(
        CallIn(
            channel=CALL,
            external_id=f"{script.call}:{script.turn}:{heard}:{next(world._ids)}",
            sender=Sender(id=ADA_PHONE),
            address=Address(channel=CALL, place=ADA_PHONE),
            call=script.call,
            heard=heard,
            turn=script.turn,
            **more,
        )
    )
    await world.settle()
    assert outcome.script is not None
    return outcome.script


async def put_through(world: World) -> Script:
    """Ada has tapped, and presses 1."""
    await world.taps(ADA, tap("callback"), via="slack", place=DESK, thread=world.thread())
    (call,) = world.seen("call", ADA_PHONE)
    outcome = await presses(world, call, "1")
    assert outcome.script is not None
    return outcome.script


async def calls(world: World) -> list[Call]:
    return await world.run(lambda uow: list(uow.calls.of(TicketId(T))))


# ---------------------------------------------------------------- asking
async def test_the_button_calls_the_engineer_and_the_thread_says_so() -> None:
    world = await with_ticket()
    await world.taps(ADA, tap("callback"), via="slack", place=DESK, thread=world.thread())
    assert world.texts("slack", DESK) == [CALLING]
    (call,) = world.seen("call")
    assert (call.place, call.keys) == (ADA_PHONE, ("1",))
    assert call.spoken == "You are calling back Thandi, Acme Clinics. Normal. The printer is slow."
    assert world.texts("whatsapp", THANDI) == []


async def test_by_slash_command() -> None:
    world = await with_ticket()
    assert await world.commands(ADA, f"call {T}") == TOLD
    assert [c.place for c in world.seen("call")] == [ADA_PHONE]


@pytest.mark.parametrize("words", ["call", f"call {T}", "Call back", "call back mit-1001"])
async def test_in_the_thread(words: str) -> None:
    world = await with_ticket()
    await world.says(ADA, words, via="slack", place=DESK, thread=world.thread())
    assert sorted(world.texts("slack", DESK)) == sorted([CALLING, TOLD])
    assert len(world.seen("call")) == 1 and world.texts("whatsapp", THANDI) == []


@pytest.mark.parametrize("words", ["call me when you are there", "Call back the server room", "Call us"])
async def test_a_sentence_is_for_the_customer(words: str) -> None:
    world = await with_ticket()
    await world.says(ADA, words, via="slack", place=DESK, thread=world.thread())
    assert world.texts("whatsapp", THANDI) == [f"Ada ({T}): {words}"]
    assert world.seen("call") == []


@pytest.mark.parametrize("words", [f"call {T}", f"call back {T}"])
@pytest.mark.parametrize(("via", "who"), [("sms", ADA_PHONE), ("telegram", "10001"), ("whatsapp", ADA_PHONE)])
async def test_in_private(via: str, who: str, words: str) -> None:
    world = await with_ticket()
    await world.says(who, words, via=via)
    assert world.texts(via, who) == [TOLD]
    assert [c.place for c in world.seen("call")] == [ADA_PHONE]


async def test_the_ticket_has_to_be_named() -> None:
    world = await with_ticket()
    assert await world.commands(ADA, "call thandi") == (
        "Which ticket? Write its reference too, such as call MIT-1042."
    )


async def test_only_engineers_of_the_team_are_put_through() -> None:
    ada = person("ada", "Ada", ADA, ADA_PHONE, calls=True)
    other = person("eve", "Eve", "U0EVE", "+27115550009", calls=True, teams=frozenset({"field"}))
    world = await with_ticket(people=(ada, other))
    assert await world.commands("U0EVE", f"call {T}") == f"There is no ticket {T} here."
    await world.taps("U0THANDI", tap("callback"), via="slack")
    assert world.seen("call") == []


async def test_two_taps_are_one_call() -> None:
    world = await with_ticket()
    assert await world.commands(ADA, f"call {T}") == TOLD
    assert await world.commands(ADA, f"call {T}") == "You are being called already."
    assert len(world.seen("call")) == 1
    assert (await world.commands(GRACE, f"call {T}")).startswith("Calling you now")
    assert [c.place for c in world.seen("call")] == [GRACE_PHONE]


async def test_whoever_did_not_press_1_may_ask_again() -> None:
    world = await with_ticket()
    await world.commands(ADA, f"call {T}")
    await world.passes(minutes=2)
    assert await world.commands(ADA, f"call {T}") == TOLD


async def test_without_a_phone_of_their_own_they_hear_whom_to_call() -> None:
    world = await with_ticket()
    said = await world.commands(LIN, f"call {T}")
    assert (
        said
        == f"There is no phone of yours to call: call Thandi on {THANDI} yourself, then write talked {T}."
    )
    assert world.seen("call") == [] and world.texts("slack", DESK) == []


async def test_while_calls_do_not_get_through_too() -> None:
    world = await with_ticket()
    breaker = world.breakers["twilio"]
    while not breaker.is_open(world.clock.now()):
        breaker.failed(world.clock.now())
    said = await world.commands(ADA, f"call {T}")
    assert said == f"No calls get through just now: call Thandi on {THANDI} yourself, then write talked {T}."


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+27115550999", f"+27115550999 is our own number: ask with need {T} which one to call."),
        (
            "+14155550100",
            f"+14155550100 is in a country that is not called from here: call it from your own phone, then write talked {T}.",
        ),
        ("+2711", f"+2711 is no number of a phone: ask with need {T} which one to call."),
        ("20001", f"No phone of Thandi is known: ask with need {T} which number to call."),
    ],
)
async def test_a_number_that_is_not_dialled(number: str, said: str) -> None:
    contact = company().contacts[0]
    via = "telegram" if number == "20001" else "sms"
    one = dataclasses.replace(contact, identities={ChannelName(via): number})
    world = World(people=company(contacts=(one,)))
    await world.says(number, "The printer is slow", via=via)
    assert await world.commands(ADA, f"call {T}") == said
    assert world.seen("call") == []


async def test_what_is_closed_is_not_called_about() -> None:
    world = await with_ticket()
    await world.commands(ADA, f"close {T}")
    assert await world.commands(ADA, f"call {T}") == f"{T} is closed; it can't be answered."


async def test_they_are_called_where_they_called_from_last() -> None:
    world = await with_ticket()
    await world.run(
        lambda uow: uow.calls.save(
            Call(
                id="CA0",
                number="",
                callback="+27115550177",
                began=world.clock.now(),
                heard=world.clock.now(),
                ended=world.clock.now(),
                language="en",
                team=company().teams[0].name,
                ticket=TicketId(T),
                phase=Phase.OVER,
            )
        )
    )
    script = await put_through(world)
    assert script.verb == Ring(number="+27115550177", seconds=40, plain=True)
