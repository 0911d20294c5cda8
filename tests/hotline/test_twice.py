"""The vendor delivers at least once: the same request again is one event, and is answered like the first."""

from __future__ import annotations

from bot.app.inbound import CallIn, CallReportIn, LegIn, Sender
from bot.domain.hotline import Heard
from bot.domain.ids import Address, ChannelName
from bot.domain.script import Connect, HangUp, Ring, Script
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import World
from tests.hotline.nights import SUNDAY_NIGHT, company

CALL = ChannelName("call")
AT = Address(channel=CALL, place=b.THANDI)


def heard(caller: Caller, what: Heard, *, turn: int, **more: object) -> CallIn:
    fields = {"sender": Sender(id=b.THANDI), "channel": CALL, "address": AT, "external_id": f"{what}:{turn}"}
    return CallIn(call=caller.id, heard=what, turn=turn, **fields, **more)  # type: ignore[arg-type]


def pressed(caller: Caller, digits: str, turn: int) -> LegIn:
    fields = {"sender": Sender(id=b.ADA_PHONE), "channel": CALL, "address": AT}
    return LegIn(call=caller.id, turn=turn, digits=digits, external_id=f"leg:{turn}:{digits}", **fields)  # type: ignore[arg-type]


async def twice(caller: Caller, request: CallIn | LegIn) -> Script:
    first = await caller.again(request)
    sent = [len(channel.sent) for channel in caller.world.channels.values()]
    second = await caller.again(request)
    assert (first.say, first.verb, first.turn) == (second.say, second.verb, second.turn)
    assert sent == [len(channel.sent) for channel in caller.world.channels.values()]
    return second


async def test_every_request_of_a_call_comes_twice() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = Caller(world)
    await twice(caller, heard(caller, Heard.RANG, turn=0))
    ringing = await twice(caller, heard(caller, Heard.KEYS, turn=0, digits="2"))
    assert isinstance(ringing.verb, Ring)
    await twice(caller, pressed(caller, "", ringing.turn))
    put_through = await twice(caller, pressed(caller, "1", ringing.turn))
    assert isinstance(put_through.verb, Connect)
    await world.passes(seconds=60)
    over = await twice(caller, heard(caller, Heard.LEG_OVER, turn=ringing.turn, seconds=60))
    assert isinstance(over.verb, HangUp)
    lines = world.texts("slack", b.DESK)
    assert len([line for line in lines if "talked" in line]) == 1
    assert len(await world.run(lambda uow: uow.tickets.every(0, 10))) == 1


async def test_two_keys_at_once_are_one() -> None:
    """The second request of the same question is late by the time it is read."""
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = Caller(world)
    await caller.calls()
    await caller.again(heard(caller, Heard.KEYS, turn=0, digits="2"))
    late = await caller.again(
        CallIn(
            sender=Sender(id=b.THANDI), channel=CALL, address=AT, external_id="other", call=caller.id,
            heard=Heard.KEYS, turn=0, digits="1",
        )
    )  # fmt: skip
    assert isinstance(late.verb, Ring)
    assert (await caller.stored()).choice == "emergency"


async def test_a_request_of_a_call_of_which_we_never_heard_the_beginning() -> None:
    """The database was away when it rang: whatever comes first begins it."""
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = Caller(world)
    script = await caller.again(heard(caller, Heard.KEYS, turn=3, digits="2"))
    assert script.say[0] == "This is the support line."


async def test_a_report_about_a_call_that_nobody_knows() -> None:
    world = World(at=SUNDAY_NIGHT, people=company())
    unknown = CallReportIn(
        sender=Sender(id=b.THANDI), channel=CALL, address=AT, external_id="x", call="CA9", what="over"
    )
    await world.bus.receive(unknown)
    assert world.seen("slack") == []


async def test_the_process_dies_while_a_phone_rings() -> None:
    """What was on its way is found again, and the next request goes on from the row."""
    world = World(at=SUNDAY_NIGHT, people=company())
    caller = Caller(world)
    await caller.calls()
    await caller.presses("2")
    await world.restarts()
    await caller.no_answer()
    assert caller.ringing == b.GRACE_PHONE
    await caller.accepts()
