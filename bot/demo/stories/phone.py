"""The emergency line, and the way back."""

from __future__ import annotations

import datetime as dt

from bot.demo.casts import DESK, THANDI
from bot.demo.hands import Hands
from bot.demo.telling import ADA, GRACE, MINUTE, TUESDAY, sees
from bot.demo.tour_teller import Step, Story

PHONE = Story(
    id="phone",
    title="The phone line",
    about="02:00 again, and somebody would rather call than write.",
    policy="managed-it",
    day=TUESDAY,
    time=dt.time(2),
    steps=(
        Step(
            text="Thandi calls the emergency line. By hand: as Thandi press Call on the telephone.",
            look="She hears a menu, word for word as her phone would speak it.",
            where="telephone",
            deed=lambda hands: hands.calls("thandi"),
            seen=(sees("call_heard", "press 2", to=THANDI.phone),),
        ),
        Step(
            text="She presses 2, for an emergency. By hand: key 2.",
            look="There is a ticket with her number on it already, and Ada's phone rings while Thandi waits.",
            where="telephone",
            deed=lambda hands: hands.presses(THANDI.phone, "2"),
            seen=(sees("message", "MIT-1001", where=DESK), sees("call_rings", to=ADA.phone)),
        ),
        Step(
            text="Ada's voicemail picks up. By hand: let voicemail answer on Ada's phone, or let it ring.",
            look="A machine presses no key, so nobody is put through to it: Grace's phone rings.",
            where="engineer",
            deed=lambda hands: hands.picks_up(ADA.phone, machine=True),
            seen=(sees("call_rings", to=GRACE.phone),),
            within=3 * MINUTE,
        ),
        Step(
            text="Grace picks up, hears who is waiting, and presses 1. By hand: answer on Grace's phone, then key 1.",
            look="Both are put through, and the ticket is hers.",
            where="engineer",
            deed=lambda hands: hands.picks_up(GRACE.phone, "1"),
            seen=(sees("bridged", to=GRACE.phone),),
        ),
        Step(
            text="They talk for four minutes. By hand: wait, then hang up.",
            look="The thread has how long they talked. That was the answer which the response time asks for.",
            where="telephone",
            deed=lambda hands: hands.talks(THANDI.phone, 4),
            seen=(sees("unbridged"), sees("message", "talked to Thandi for", where=DESK)),
        ),
        Step(
            text="Later Grace calls back. By hand: as Grace /standby call MIT-1001; her own phone rings first.",
            look="Her phone rings: she can still put it down before Thandi is woken.",
            where="slack",
            deed=lambda hands: _calls_back(hands),
            seen=(lambda entry: entry.kind == "call_rings" and entry.to == GRACE.phone,),
        ),
        Step(
            text="She presses 1, and Thandi's phone rings. By hand: answer both.",
            look="They are put through. Thandi's phone shows the desk's number, not Grace's.",
            where="engineer",
            deed=lambda hands: _both_pick_up(hands),
            seen=(sees("bridged", to=THANDI.phone),),
            within=2 * MINUTE,
        ),
        Step(
            text="All is well again; they hang up and Grace resolves it. By hand: hang up, then Resolve on the card.",
            look="Two calls and a ticket, all in one thread.",
            where="slack",
            deed=lambda hands: _hang_up_and_resolve(hands),
            seen=(sees("unbridged"), sees("edited", "MIT-1001", "resolved", where=DESK)),
        ),
    ),
)


async def _calls_back(hands: Hands) -> None:
    await hands.passes(10 * MINUTE)
    await hands.commands("grace", "call MIT-1001")


async def _both_pick_up(hands: Hands) -> None:
    await hands.picks_up(GRACE.phone, "1")
    await hands.settled()
    await hands.picks_up(THANDI.phone)


async def _hang_up_and_resolve(hands: Hands) -> None:
    await hands.talks(GRACE.phone, 2)
    await hands.settled()
    await hands.commands("grace", "resolve MIT-1001 The server is up again.")
