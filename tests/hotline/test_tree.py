"""Every state of a call and everything that can happen in it, enumerated: each way ends as talked, as a message with
everybody paged, hung up with a page to call back, declined by the caller's own key, or screened and logged; with a ticket
for all but the last. Source: semantics.md, Voice."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable

import pytest

from bot.app.rows import OutboxItem
from bot.domain.events import Consent
from bot.domain.hotline import Call, Choice, End, Phase
from bot.domain.page import Page
from bot.domain.script import Connect, HangUp, Hear, Record, Ring
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import World, tap
from tests.hotline.nights import NIGHTS, Night

Deed = Callable[[World, Caller], Awaitable[object]]


async def _accepts(world: World, caller: Caller) -> None:
    await caller.accepts()


async def _pass_on(world: World, caller: Caller) -> None:
    """They pick up, press 2, and their phone is down."""
    await caller.picked_up()
    await caller.engineer_presses("2")
    await caller.no_answer()


async def _machine(world: World, caller: Caller) -> None:
    """A voicemail hears it all and presses nothing: the vendor hangs it up, after a talk of some seconds as it thinks."""
    await caller.picked_up()
    await caller.no_answer(seconds=0)


async def _wrong_key(world: World, caller: Caller) -> None:
    await caller.picked_up()
    await caller.engineer_presses("7")
    await caller.engineer_presses("7")
    await caller.no_answer()


async def _ack_in_chat(world: World, caller: Caller) -> None:
    """Grace acknowledges in Slack while another phone rings."""
    ticket = (await caller.stored()).ticket
    await world.taps(b.GRACE, tap("ack", str(ticket)), via="slack", place=b.GRACE)


HEARD: dict[type, dict[str, Deed]] = {
    Hear: {
        **{
            f"key {key}": lambda w, c, key=key: c.presses(key)
            for key in ("0", "1", "2", "3", "7", "0115550123")
        },
        "silence": lambda w, c: c.is_silent(),
    },
    Ring: {
        "no answer": lambda w, c: c.no_answer(),
        "accepted": _accepts,
        "passed on": _pass_on,
        "a machine": _machine,
        "wrong keys": _wrong_key,
        "acknowledged in chat": _ack_in_chat,
    },
    Record: {"a message": lambda w, c: c.speaks(20), "no message": lambda w, c: c.speaks(0)},
}
TALKING: dict[str, Deed] = {
    "they talk": lambda w, c: c.no_answer(seconds=60),
    "the line breaks": lambda w, c: c.no_answer(seconds=0),
    "the caller ends it": lambda w, c: c.hangs_up(seconds=45),
}
ALWAYS: dict[str, Deed] = {
    "hangs up": lambda w, c: c.hangs_up(),
    "only the status tells": lambda w, c: c.reports("over"),
    "nothing is heard any more": lambda w, c: w.passes(minutes=6),
}


def deeds_in(caller: Caller, call: Call) -> dict[str, Deed]:
    assert caller.script is not None
    if call.phase is Phase.TALKING:
        return TALKING | {k: d for k, d in ALWAYS.items() if k != "nothing is heard any more"}
    return HEARD.get(type(caller.script.verb), {}) | ALWAYS


Way = tuple[str, ...]


async def walked(night: Night, way: Way) -> tuple[World, Caller]:
    """The world after all of it, from the start."""
    world = await night.world()
    caller = Caller(world, night.number)
    await caller.calls()
    for name in way:
        await deeds_in(caller, await caller.stored())[name](world, caller)
    return world, caller


def state(call: Call, acknowledged: bool) -> tuple[object, ...]:
    """What decides what comes next: who is rung follows from how many were, and from who has the ticket."""
    rung = len(call.legs), bool(call.legs and call.legs[-1].accepted)
    known = call.ticket is None, bool(call.callback), acknowledged
    return (call.phase, call.choice, call.tries, rung, known, call.ended is None)


@pytest.mark.parametrize("name", NIGHTS)
async def test_each_way_of_a_call_ends_as_it_should(name: str) -> None:
    night, seen, ends = NIGHTS[name], set[tuple[object, ...]](), dict[End, Way]()
    waiting: list[Way] = [()]
    while waiting:
        way = waiting.pop(0)
        world, caller = await walked(night, way)
        call = await caller.stored()
        if call.ended is not None:
            await holds_at_the_end(world, caller, call, way)
            assert call.end is not None
            ends.setdefault(call.end, way)
            continue
        ticket = await world.ticket(str(call.ticket)) if call.ticket else None
        here = state(call, ticket is not None and ticket.acknowledged is not None)
        if here in seen:
            continue
        seen.add(here)
        waiting += [(*way, deed) for deed in deeds_in(caller, call)]
    assert ends.keys() >= EXPECTED.get(name, {End.TALKED, End.MESSAGE, End.HUNG_UP}), ends


EXPECTED = {
    "a customer whose plan charges": {End.TALKED, End.MESSAGE, End.HUNG_UP, End.DECLINED},
    "somebody unknown": {End.TALKED, End.MESSAGE, End.HUNG_UP, End.SCREENED},
    "no service at night": {End.MESSAGE, End.HUNG_UP},
    "nobody has a phone": {End.MESSAGE, End.HUNG_UP},
}


async def holds_at_the_end(world: World, caller: Caller, call: Call, way: Way) -> None:
    """What must be so for everybody concerned."""
    live = await world.run(lambda uow: [c.id for c in uow.calls.live()])
    if live:  # who is on the line with another call is not called back before that one is dead, too
        await world.passes(minutes=6)
    told = list(world.seen("slack", b.DESK))
    if call.end is End.SCREENED:
        assert call.ticket is None and told, way
        return
    assert call.ticket is not None, way
    ticket = await world.ticket(str(call.ticket))
    page = await world.run(lambda uow: uow.pages.open_of(ticket.id))
    if call.end is End.TALKED:
        assert call.legs[-1].accepted and ticket.acknowledged and ticket.answered and page is None, way
        return
    if call.end is End.DECLINED:
        assert ticket.consent is Consent.DECLINED and page is None, way
        return
    button = any(f"callback|{ticket.id}|" in choice for s in told for choice in s.choices)
    assert button == bool(call.reach), (way, [s.text for s in told])
    if call.choice is Choice.DESK:
        return
    if (
        ticket.consent is Consent.ASKED
    ):  # they hung up before they were asked: in writing, and waited for a little
        await world.passes(minutes=6)
        page = await world.run(lambda uow: uow.pages.open_of(ticket.id))
    assert page is not None, (way, await world.events(ticket.id))
    if call.end is End.MESSAGE:
        await _everybody_is_paged(world, page, call, way)


async def _everybody_is_paged(world: World, page: Page, call: Call, way: Way) -> None:
    assert page.last_resort, way
    rows: list[OutboxItem] = await world.run(lambda uow: list(uow.outbox.of_page(page.id)))
    assert {row.person for row in rows} >= {"ada", "grace", "lin"}, way
    if call.recording:
        assert any("/twilio/voice/recording/" in s.text for s in world.channels["sms"].sent), way


@pytest.mark.parametrize("name", NIGHTS)
async def test_what_is_delivered_twice_changes_nothing(name: str) -> None:
    """On the way through a call that nobody answers, every request comes again, and once more with an old turn."""
    world = await NIGHTS[name].world()
    caller = Caller(world, NIGHTS[name].number)
    await caller.calls()
    for _ in range(40):
        call = await caller.stored()
        if call.ended is not None:
            return
        before = (call, await world.run(lambda uow: len(uow.tickets.every(0, 50))), _sent(world))
        assert caller.script is not None
        heard = caller.script
        if call.turn:
            late = await caller._happens(_heard(heard.verb), turn=call.turn - 1, digits="1")
            assert (late.say, late.verb) == (heard.say, heard.verb)
            assert dataclasses.replace(await caller.stored(), heard=call.heard) == call
        after = (before[0], await world.run(lambda uow: len(uow.tickets.every(0, 50))), _sent(world))
        assert before == after
        await _goes_on(caller)
    raise AssertionError("the call never ends")


def _heard(verb: object) -> object:
    from bot.domain.hotline import Heard

    return (
        Heard.KEYS if isinstance(verb, Hear) else Heard.LEG_OVER if isinstance(verb, Ring) else Heard.RECORDED
    )


def _sent(world: World) -> int:
    return sum(len(channel.sent) for channel in world.channels.values())


async def _goes_on(caller: Caller) -> None:
    assert caller.script is not None
    verb = caller.script.verb
    if isinstance(verb, Hear):
        await caller.is_silent()
    elif isinstance(verb, Ring):
        await caller.no_answer()
    elif isinstance(verb, Record):
        await caller.speaks()
    else:
        assert isinstance(verb, HangUp | Connect)
