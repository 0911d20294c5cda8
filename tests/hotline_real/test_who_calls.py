"""Who calls decides what is asked: a hidden number, a stranger, one with an open ticket, one whose call-out is charged."""

from __future__ import annotations

from tests.fakes.line import line
from tests.fakes.line_caller import MOBILE, calls
from tests.hotline_real.words import CAME, MENU, REFERENCE, WAIT

NOON = "2026-11-24T12:00"
CHARGED = """
[[organisations]]
id = "corner"
name = "Corner Shop"
team = "desk"
plan = "standard"
language = "en"
contacts = [{ id = "nomsa", name = "Nomsa", email = "nomsa@customer.example", phones = ["+27825550300"] }]
"""
"""An organisation whose plan charges for what is done at night."""


async def test_a_stranger_has_the_reference_by_sms() -> None:
    async with line(calls=True) as t:
        caller = await calls(t, MOBILE)
        await caller.presses("2")
        assert caller.heard() == f"{MENU} {REFERENCE} {WAIT}"
        sms = t.read(MOBILE)
        assert sms.startswith(
            "sms: Thank you for your call. Your reference is MIT-1001. It is set to Emergency."
        )
        assert "your name and email" in sms
        await t.phone("Ada").answers_and_presses("1")
        assert "is waiting. M I T, 1 0 0 1, Emergency." in " ".join(t.heard("Ada"))
        assert caller.is_talking
        t.looks_away()
        await caller.talks(60)
        await caller.hangs_up()
        t.looks_away()


async def test_a_hidden_number_is_asked_where_they_can_be_called_back() -> None:
    async with line(calls=True) as t:
        caller = await calls(t, "")
        await caller.presses("2")
        assert caller.heard() == (
            f"{MENU} Your number is hidden. Please enter a number where we can call you back, then press the hash key."
        )
        assert t.cards, "the ticket is there already"
        await caller.presses("0825550300#")
        assert caller.heard() == f"{REFERENCE} {WAIT}"
        assert "☎️ The caller can be called back on +27825550300 (as they typed it)." in t.thread_lines()
        await t.phone("Ada").answers_and_presses("1")
        assert caller.is_talking
        await caller.talks(60)
        await caller.hangs_up()
        t.looks_away()


async def test_a_hidden_number_that_types_nothing_is_helped_all_the_same() -> None:
    async with line(calls=True) as t:
        caller = await calls(t, "")
        await caller.presses("2")
        while not caller.leg.dial:
            await caller.is_silent()
        await t.phone("Ada").answers_and_presses("1")
        assert caller.is_talking
        await caller.talks(60)
        await caller.hangs_up()
        t.looks_away()


async def test_nothing_is_pressed_and_it_is_an_emergency() -> None:
    async with line(calls=True) as t:
        caller = await calls(t)
        for _ in range(3):
            await caller.is_silent()
        assert t.phone("Ada").is_on
        assert CAME in t.thread_lines()
        await t.phone("Ada").answers_and_presses("1")
        await caller.talks(60)
        await caller.hangs_up()
        t.looks_away()


async def test_the_desk_at_noon() -> None:
    """Nobody is woken: the desk's phones ring, one after another."""
    async with line(calls=True, at=NOON) as t:
        caller = await calls(t)
        await caller.presses("1")
        caller.hears(MENU, "Please stay on the line, we are calling the desk.")
        t.not_paged("Ada", "Grace", "Lin")
        assert "☎️ Ringing Ada." in t.thread_lines()
        await t.phone("Ada").rings_in_vain()
        await t.phone("Grace").answers_and_presses("1")
        (whisper,) = t.heard("Grace")
        assert whisper.startswith("Support desk. Thandi, Acme Clinics, is waiting. M I T, 1 0 0 1, ")
        assert caller.is_talking
        await caller.talks(60)
        await caller.hangs_up()
        assert "☎️ Grace talked to Thandi for 1 minute." in t.thread_lines()
        t.looks_away()


async def test_the_desk_at_night_takes_a_message_and_wakes_nobody() -> None:
    async with line(calls=True) as t:
        caller = await calls(t)
        await caller.presses("1")
        assert "The desk is closed. It opens at 08:30." in caller.heard()
        await caller.presses("1")
        await caller.says("The printer is slow")
        assert caller.is_over
        assert any("has left a message (20 seconds)" in said for said in t.thread_lines())
        t.not_paged("Ada", "Grace", "Lin")
        t.looks_away()
        await t.passes(hours=1)
        t.not_paged("Ada", "Grace", "Lin")
        t.looks_away()


async def test_they_call_about_the_ticket_that_they_have() -> None:
    async with line(calls=True) as t:
        await t.customer.writes("The printer is slow")
        t.looks_away()
        caller = await calls(t)
        await caller.presses("2")
        assert caller.heard() == (
            f"{MENU} You have an open ticket, M I T, 1 0 0 1. If you are calling about it, press 1. For something new, "
            "press 0."
        )
        await caller.presses("1")
        assert caller.heard() == f"{REFERENCE} {WAIT}"
        assert len(t.cards) == 1
        t.paged("Ada", by=["slack", "sms"])
        await t.phone("Ada").answers_and_presses("1")
        (whisper,) = t.heard("Ada")
        assert "M I T, 1 0 0 1, Emergency." in whisper
        await caller.talks(60)
        await caller.hangs_up()
        t.looks_away()


async def test_the_charge_is_agreed_to_by_key() -> None:
    async with line(calls=True, settings=CHARGED) as t:
        caller = await calls(t, MOBILE)
        await caller.presses("2")
        assert caller.heard() == (
            f"{MENU} Outside office hours a call-out is charged. If you agree, press 1, and we call an engineer now. "
            "To wait until the desk opens, at 08:30, press 2."
        )
        t.not_paged("Ada", "Grace", "Lin")
        assert not t.phone("Ada").is_on
        await caller.presses("1")
        t.paged("Ada", by=["slack", "sms"])
        await t.phone("Ada").answers_and_presses("1")
        assert caller.is_talking
        await caller.talks(60)
        await caller.hangs_up()
        t.looks_away()


async def test_the_charge_is_declined_and_nobody_wakes() -> None:
    async with line(calls=True, settings=CHARGED) as t:
        caller = await calls(t, MOBILE)
        await caller.presses("2")
        await caller.presses("2")
        assert caller.is_over
        assert "An engineer will look at it when the desk opens, at 08:30." in caller.heard()
        await t.passes(hours=2)
        t.not_paged("Ada", "Grace", "Lin")
        assert not t.phone("Ada").is_on
        t.looks_away()


async def test_the_charge_is_met_with_silence_and_they_are_helped() -> None:
    async with line(calls=True, settings=CHARGED) as t:
        caller = await calls(t, MOBILE)
        await caller.presses("2")
        for _ in range(3):
            await caller.is_silent()
        await t.phone("Ada").answers_and_presses("1")
        assert caller.is_talking
        await caller.talks(60)
        await caller.hangs_up()
        t.looks_away()


async def test_whoever_waits_and_calls_again_is_not_asked_anything() -> None:
    """The second call joins the first one's ticket, and nobody is rung for both at once who could be spared."""
    async with line(calls=True) as t:
        first = await calls(t)
        await first.presses("2")
        t.looks_away()
        second = await calls(t)
        assert second.heard().startswith("You are on the emergency line already.")
        assert len(t.cards) == 1
        assert second.leg.dial is not None
        (rung,) = second.leg.dial.legs
        assert rung.number == t.engineer("Grace").who.phone
        await first.hangs_up()
        await t.phone("Grace").answers_and_presses("1")
        assert second.is_talking
        await second.talks(60)
        await second.hangs_up()
        assert "☎️ Grace talked to Thandi for 1 minute." in t.thread_lines()
        t.looks_away()
