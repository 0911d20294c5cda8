"""Whose phone rings for a caller, and in which order."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from bot.domain.hotline import Hotline
from bot.domain.ids import ChannelName, TicketId
from bot.domain.people import Directory, Person
from escalation.chain import Chain, Step
from tests import builders as b
from tests.fakes.before_night import Night, rota, turns
from tests.fakes.phones import Caller
from tests.fakes.world import World, tap
from tests.hotline.nights import STRANGER, SUNDAY_NIGHT, an_emergency_that_ada_has, company

CALL = ChannelName("call")
ADA_SECOND, LIN_PHONE, MAX_PHONE = "+27115550011", "+27115550003", "+27115550004"
ALL = frozenset({b.ADA_PHONE, b.GRACE_PHONE, b.THANDI, ADA_SECOND, LIN_PHONE, MAX_PHONE})
ZA = Hotline(countries=("ZA", "GB"), listed=ALL)


def with_chain(*targets: str, people: tuple[Person, ...] = (), **changes: object) -> Directory:
    steps = tuple(Step(targets=(target,), wait=dt.timedelta(minutes=5)) for target in targets)
    chain = Chain(name="standby", repeat=1, steps=steps)
    fields = {"chains": (chain,), "people": people or company().people, "hotline": ZA}
    return company(**(fields | changes))


def phones(person: Person, *numbers: str) -> Person:
    identities = {k: v for k, v in person.identities.items() if k != CALL} | {CALL: numbers[0]}
    return dataclasses.replace(person, identities=identities, others={CALL: numbers[1:]})


async def on_the_line(world: World, number: str = b.THANDI) -> Caller:
    caller = Caller(world, number)
    await caller.calls()
    await caller.presses("2")
    return caller


async def rung(caller: Caller) -> list[str]:
    """Every number that rings until there is none."""
    found = []
    while caller.ringing:
        found.append(caller.ringing)
        await caller.no_answer()
    return found


async def test_the_chain_twice_where_there_are_few_phones() -> None:
    """Ada and Grace each ring twice: the second call in a row gets through on a phone that is not to be disturbed."""
    caller = await on_the_line(World(at=SUNDAY_NIGHT, people=company()))
    assert await rung(caller) == [b.ADA_PHONE, b.GRACE_PHONE] * 2


async def test_once_where_there_are_more_than_three() -> None:
    ada, grace, lin = company().people
    people = (phones(ada, b.ADA_PHONE, ADA_SECOND), grace, phones(lin, LIN_PHONE))
    world = World(at=SUNDAY_NIGHT, people=with_chain("person:ada", "person:grace", "leads", people=people))
    caller = await on_the_line(world)
    assert await rung(caller) == [b.ADA_PHONE, ADA_SECOND, b.GRACE_PHONE, LIN_PHONE]


async def test_all_phones_of_one_then_the_next() -> None:
    ada, grace, lin = company().people
    people = (phones(ada, b.ADA_PHONE, ADA_SECOND), grace, lin)
    world = World(at=SUNDAY_NIGHT, people=with_chain("person:ada", "person:grace", people=people))
    assert await rung(await on_the_line(world)) == [b.ADA_PHONE, ADA_SECOND, b.GRACE_PHONE] * 2


async def test_each_phone_rings_25_seconds() -> None:
    caller = await on_the_line(World(at=SUNDAY_NIGHT, people=company()))
    assert caller.script is not None
    assert (caller.script.verb.number, caller.script.verb.seconds) == (b.ADA_PHONE, 25)  # type: ignore[attr-defined]


async def test_whoever_has_the_ticket_first() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await world.says(b.THANDI, "everything is down")
    await world.taps(b.THANDI, tap("sev", "MIT-1001", "emergency"))
    await world.taps(b.GRACE, tap("ack"), via="slack", place=b.GRACE)
    caller = await on_the_line(world)
    await caller.presses("1")
    assert await rung(caller) == [b.GRACE_PHONE, b.ADA_PHONE] * 2


async def test_whoever_acknowledges_in_chat_in_mid_call_is_next() -> None:
    """Ada's phone rings, Grace types ack: hers rings next, and nobody else's in between."""
    people = (*company().people[:2], phones(company().people[2], LIN_PHONE))
    world = World(at=SUNDAY_NIGHT, people=with_chain("person:ada", "leads", "person:grace", people=people))
    caller = await on_the_line(world)
    await world.taps(b.GRACE, tap("ack"), via="slack", place=b.GRACE)
    await caller.no_answer()
    assert caller.ringing == b.GRACE_PHONE
    await caller.accepts()
    assert (await world.ticket()).owner == "grace"


async def test_whoever_acknowledges_after_their_phone_has_rung_is_rung_again() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = await on_the_line(world)
    await world.passes(seconds=25)
    await caller.no_answer()
    await world.taps(b.ADA, tap("ack"), via="slack", place=b.ADA)
    await world.passes(seconds=25)
    await caller.no_answer()
    assert caller.ringing == b.ADA_PHONE


async def test_the_phone_that_rings_while_its_owner_acknowledges_in_chat_can_still_take_the_call() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = await on_the_line(world)
    await world.taps(b.ADA, tap("ack"), via="slack", place=b.ADA)
    await caller.accepts()
    await caller.no_answer(seconds=90)
    ticket = await world.ticket()
    assert (ticket.owner, ticket.answered is not None) == ("ada", True)


async def test_an_override_made_in_chat_counts() -> None:
    """Ada and Grace take turns; Lin has taken this night over."""
    people = (*company().people[:2], phones(company().people[2], LIN_PHONE))
    night = await Night.begins(
        "2026-11-24T02:00",
        with_chain("schedule:standby", people=people, schedules=(rota(turns("ada", "grace")),)),
    )
    await night.commands(b.ADA, "override standby lin from now to 09:00")
    assert await rung(await on_the_line(night)) == [LIN_PHONE] * 2


async def test_a_swap_that_was_accepted_counts() -> None:
    night = await Night.begins(
        "2026-11-24T02:00", with_chain("schedule:standby", schedules=(rota(turns("ada", "grace")),))
    )
    await night.commands(b.ADA, "swap now to 09:00 with Grace")
    await night.commands(b.GRACE, "swap yes 1")
    assert (await on_the_line(night)).ringing == b.GRACE_PHONE


async def test_whoever_has_left_is_not_rung() -> None:
    """They are in the rota still, and no more in the configuration."""
    grace = company().people[1]
    people = with_chain("person:ada", "person:grace", people=(grace,))
    assert await rung(await on_the_line(World(at=SUNDAY_NIGHT, people=people))) == [b.GRACE_PHONE] * 2


async def test_whoever_left_between_two_rings_is_passed_over() -> None:
    night = await Night.begins("2026-11-24T02:00", with_chain("person:ada", "person:grace"))
    caller = await on_the_line(night)
    await night.reloads(with_chain("person:ada", "person:grace", people=(company().people[0],)))
    await caller.no_answer()
    assert await rung(caller) == [b.ADA_PHONE]


async def test_a_phone_at_which_another_caller_rings_comes_last() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    first = await on_the_line(world)
    second = await on_the_line(world, STRANGER)
    assert (first.ringing, second.ringing) == (b.ADA_PHONE, b.GRACE_PHONE)
    await second.no_answer()
    assert second.ringing == b.ADA_PHONE  # better a busy phone than none


async def test_a_phone_whose_owner_is_talking_comes_last() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    first = await on_the_line(world)
    await first.accepts()
    second = await on_the_line(world, STRANGER)
    assert second.ringing == b.GRACE_PHONE


async def test_and_is_rung_again_once_free() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    first = await on_the_line(world)
    await first.no_answer()
    second = await on_the_line(world, STRANGER)
    assert (first.ringing, second.ringing) == (b.GRACE_PHONE, b.ADA_PHONE)


async def test_the_callers_own_phone_is_not_rung() -> None:
    """Ada calls the line herself, from the phone on which she is on call."""
    caller = await on_the_line(World(at=SUNDAY_NIGHT, people=company()), b.ADA_PHONE)
    assert await rung(caller) == [b.GRACE_PHONE] * 2


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+27115550999", "our own number"),
        ("+27862345678", "costs extra"),
        ("+14155550100", "another country"),
        ("+441632960000000", "no number"),
    ],
)
async def test_numbers_that_are_never_rung(number: str, why: str) -> None:
    ada, grace, lin = company().people
    people = (phones(ada, number, ADA_SECOND), grace, lin)
    hotline = dataclasses.replace(ZA, own=frozenset({"+27115550999"}))
    world = World(
        at=SUNDAY_NIGHT, people=with_chain("person:ada", "person:grace", people=people, hotline=hotline)
    )
    assert await rung(await on_the_line(world)) == [ADA_SECOND, b.GRACE_PHONE] * 2, why


async def test_no_caller_waits_for_more_than_twelve_phones() -> None:
    many = tuple(
        b.person(f"p{n}", f"P{n}", f"U0P{n}", f"+2711555{n:04}", calls=True) for n in range(100, 120)
    )
    people = with_chain("everyone", people=many)
    caller = await on_the_line(World(at=SUNDAY_NIGHT, people=people))
    assert len(await rung(caller)) == 12
    await caller.speaks()


async def test_the_lines_of_the_thread_in_their_order() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = await on_the_line(world)
    await rung(caller)
    ringing = [line for line in world.texts("slack", b.DESK) if not line.startswith("📟")]
    assert ringing == [
        "☎️ Thandi is on the emergency line.",
        "☎️ Ringing Ada.",
        "☎️ No answer from Ada. Ringing Grace.",
        "☎️ No answer from Grace. Ringing Ada again.",
        "☎️ No answer from Ada. Ringing Grace again.",
        "🔴 No answer from Grace, and nobody else to ring. The caller is asked for a message.",
    ]


async def test_that_somebody_calls_is_said_before_that_somebody_is_paged() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await on_the_line(world)
    assert world.texts("slack", b.DESK) == [
        "☎️ Thandi is on the emergency line.",
        "📟 Step 1/2: paging Ada (Slack, SMS).",
        "☎️ Ringing Ada.",
    ]


async def test_whoever_passes_it_on_is_not_said_to_give_no_answer() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = await on_the_line(world)
    await caller.picked_up()
    await caller.engineer_presses("2")
    await caller.no_answer()
    assert "☎️ No answer from Ada. Ringing Grace." not in world.texts("slack", b.DESK)


async def test_the_caller_hears_that_it_goes_on() -> None:
    caller = await on_the_line(World(at=SUNDAY_NIGHT, people=company()))
    assert caller.text == (
        "Your reference is M I T, 1 0 0 1. Please stay on the line, we are calling the engineer on standby."
    )
    await caller.no_answer()
    assert caller.text == "There is no answer yet. Please stay on the line, we are calling the next engineer."


async def test_whoever_has_it_and_does_not_answer_is_not_left_alone_with_it() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    await an_emergency_that_ada_has(world)
    caller = await on_the_line(world)
    await caller.presses("1")
    assert await rung(caller) == [b.ADA_PHONE, b.GRACE_PHONE] * 2
    await caller.speaks()
    page = await world.run(lambda uow: uow.pages.open_of(TicketId("MIT-1001")))
    assert page is not None and page.last_resort
