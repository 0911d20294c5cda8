"""02:00: the customer calls, and ends up talking to somebody, whoever's phone does what before."""

from __future__ import annotations

import pytest

from playground.twilio.people import BY_HAND, DECLINES, MACHINE, VOICEMAIL, Person
from tests.fakes.line import Line, line
from tests.fakes.line_caller import Caller, calls
from tests.hotline_real.words import MENU, NEXT, OPENED, REFERENCE, WAIT, WHISPER


async def waiting(t: Line) -> Caller:
    """Ada's phone rings, and she is paged in writing."""
    caller = await calls(t)
    await caller.presses("2")
    caller.hears(MENU, f"{REFERENCE} {WAIT}")
    t.paged("Ada", by=["slack", "sms"])
    t.thread_says(*OPENED)
    return caller


async def grace_takes_it(t: Line, caller: Caller, why: str = "No answer from Ada") -> None:
    """The second phone, after the first one did not."""
    caller.hears(NEXT)
    t.thread_says(f"☎️ {why}. Ringing Grace.")
    await t.phone("Grace").answers_and_presses("1")
    t.hears("Grace", WHISPER)
    assert caller.is_talking
    t.thread_says("✅ Grace has it (Call).", "☎️ Connected 02:00: Grace talks to Thandi.")
    t.reads(
        "Ada",
        "slack changed: ✅ Grace has MIT-1001 (Acme Clinics). Nothing to do.",
        "sms: ✅ Grace has MIT-1001 (Acme Clinics). Nothing to do.",
    )
    await ends_well(t, caller, "Grace")


async def ends_well(t: Line, caller: Caller, name: str) -> None:
    """They talk; and from then on nobody is paged any more."""
    await caller.talks(120)
    await caller.hangs_up()
    t.thread_says(f"☎️ {name} talked to Thandi for 2 minutes.")
    t.card_says("answered in time")
    await t.passes(hours=1)


async def test_the_first_takes_it() -> None:
    async with line(calls=True) as t:
        caller = await waiting(t)
        await t.phone("Ada").answers()
        t.hears("Ada", WHISPER)
        assert not caller.is_talking
        await t.phone("Ada").presses("1")
        assert caller.is_talking
        t.thread_says("✅ Ada has it (Call).", "☎️ Connected 02:00: Ada talks to Thandi.")
        t.reads("Ada", "slack changed: ✅ You have MIT-1001 (Acme Clinics).\n[Call back]")
        await ends_well(t, caller, "Ada")


@pytest.mark.parametrize(
    "ada",
    [VOICEMAIL, MACHINE, DECLINES, Person(lost="failed"), Person(leaves=True), Person()],
    ids=["voicemail", "machine", "busy", "out of reach", "hangs up in the whisper", "says nothing"],
)
async def test_the_second_takes_it(ada: Person) -> None:
    """Whoever, or whatever, picks up and presses nothing is not put through."""
    async with line(calls=True) as t:
        t.play.twilio.phones.script(t.engineer("Ada").who.phone, ada, BY_HAND)
        caller = await calls(t)
        await caller.presses("2")
        caller.hears(MENU, f"{REFERENCE} {WAIT}", NEXT)
        assert set(t.heard("Ada")) <= {WHISPER}
        t.paged("Ada", by=["slack", "sms"])
        t.thread_says(*OPENED, "☎️ No answer from Ada. Ringing Grace.")
        await t.phone("Grace").answers_and_presses("1")
        assert caller.is_talking
        assert t.heard("Grace") == [WHISPER]
        t.looks_away("thread", "Ada", "Grace")
        await ends_well(t, caller, "Grace")


async def test_it_rings_for_25_seconds_and_then_elsewhere() -> None:
    async with line(calls=True) as t:
        caller = await waiting(t)
        await t.passes(seconds=25)
        await t.phone("Ada").rings_in_vain()
        await grace_takes_it(t, caller)


async def test_she_passes_it_on() -> None:
    async with line(calls=True) as t:
        caller = await waiting(t)
        await t.phone("Ada").answers()
        await t.phone("Ada").presses("2")
        assert t.heard("Ada")[0] == WHISPER
        assert not t.phone("Ada").is_on
        await grace_takes_it(t, caller, "Ada passes it on")


async def test_a_wrong_key_is_asked_once_more() -> None:
    async with line(calls=True) as t:
        caller = await waiting(t)
        await t.phone("Ada").answers()
        await t.phone("Ada").presses("7")
        await t.phone("Ada").presses("1")
        assert caller.is_talking
        t.looks_away()
        await ends_well(t, caller, "Ada")


async def test_acknowledged_in_slack_rings_that_phone_next() -> None:
    """Grace taps while Ada's phone rings: hers is the next, and nobody else is rung."""
    async with line(calls=True, steps=(("schedule:standby person:grace", "5m"),)) as t:
        caller = await calls(t)
        await caller.presses("2")
        await t.engineer("Grace").taps()
        await t.phone("Ada").rings_in_vain()
        await t.phone("Grace").answers_and_presses("1")
        assert caller.is_talking
        t.looks_away()
        await ends_well(t, caller, "Grace")


async def test_two_callers_at_once_each_have_somebody() -> None:
    async with line(calls=True) as t:
        first, second = await calls(t), await calls(t, t.other_customer.number)
        await first.presses("2")
        await t.phone("Ada").answers_and_presses("1")
        await second.presses("2")
        await t.phone("Grace").answers_and_presses("1")
        assert first.is_talking and second.is_talking
        await t.passes(seconds=60)
        await first.hangs_up()
        assert second.is_talking
        await second.hangs_up()
        lines = t.thread_lines()
        assert "☎️ Ada talked to Thandi for 1 minute." in lines
        assert "☎️ Grace talked to Peter for 1 minute." in lines
        t.looks_away()
        await t.passes(hours=1)
