"""Everybody lets it ring: a message is recorded, everybody is paged with a link that plays, and one tap calls back."""

from __future__ import annotations

import re

import httpx

from tests.fakes.line import Line, line
from tests.fakes.line_caller import Caller, calls
from tests.hotline_real.words import AGAIN, CALL_BACK, MENU, MESSAGE, NEXT, OPENED, REFERENCE, THANKS, WAIT

WORDS = "The server room is under water"
LINK = re.compile(r"https://desk\.example\.com(/twilio/voice/recording/RE[0-9a-f]{32}\?key=)([0-9a-f]{32})")


async def asked_for_a_message(t: Line) -> Caller:
    """Two phones, twice each."""
    caller = await calls(t)
    await caller.presses("2")
    for name in ("Ada", "Grace", "Ada", "Grace"):
        await t.passes(seconds=25)
        await t.phone(name).rings_in_vain()
    caller.hears(MENU, f"{REFERENCE} {WAIT}", NEXT, AGAIN, AGAIN, MESSAGE)
    t.paged("Ada", by=["slack", "sms"])
    t.thread_says(
        *OPENED,
        "☎️ No answer from Ada. Ringing Grace.",
        "☎️ No answer from Grace. Ringing Ada again.",
        "☎️ No answer from Ada. Ringing Grace again.",
        "🔴 No answer from Grace, and nobody else to ring. The caller is asked for a message.",
    )
    return caller


def everybody_is_paged(t: Line) -> list[str]:
    """Once, by each way; the texts."""
    ways = {"Ada": ["slack", "sms"], "Grace": ["slack", "sms"], "Lin": ["telegram"]}
    return [text for name, by in ways.items() for text in t.paged(name, by=by)]


async def plays(t: Line, path: str) -> httpx.Response:
    """The link, as a phone opens it."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.get(f"{t.play.bot_url}{path}")


async def test_a_message_with_a_link_that_plays_and_everybody_paged() -> None:
    async with line(calls=True) as t:
        caller = await asked_for_a_message(t)
        await caller.says(WORDS)
        caller.hears(THANKS)
        assert caller.is_over
        lines = "\n".join(t.thread_lines())
        found = LINK.search(lines)
        assert found, lines
        assert (
            f"☎️ Thandi has left a message (20 seconds): {found[0]}\n[Call back] [I talked to them]" in lines
        )
        assert f"Thandi: {WORDS}" in lines
        assert all(found[0] in page for page in everybody_is_paged(t))
        sound = await plays(t, found[1] + found[2])
        assert sound.status_code == 200
        assert sound.headers["content-type"] == "audio/mpeg"
        assert WORDS.encode() in sound.content
        for wrong in ("", "0" * 32, found[2][:-1]):
            assert (await plays(t, found[1] + wrong)).status_code == 404
        await t.engineer("Lin").taps_telegram()
        t.looks_away()
        await t.passes(minutes=20)
        assert not t.phone("Ada").is_on and not t.phone("Grace").is_on


async def test_one_tap_calls_back() -> None:
    async with line(calls=True) as t:
        caller = await asked_for_a_message(t)
        await caller.says(WORDS)
        t.looks_away()
        await t.engineer("Grace").taps("Call back")
        t.thread_says("☎️ Calling Grace, then Thandi on …0100.")
        await t.phone("Grace").answers()
        (said,) = set(t.heard("Grace"))
        assert WORDS in said
        await t.phone("Grace").presses("1")
        t.hears("Grace", "Calling Thandi now.")
        (customer,) = [leg for leg in t.play.twilio.phones.legs.values() if not leg.over and leg.of]
        assert customer.number == t.customer.number
        await t.does(t.play.twilio.phones.answer(customer))
        assert customer.talk
        await t.does(t.play.twilio.phones.talk(customer, 90))
        await t.passes(seconds=90)
        await t.does(t.play.twilio.phones.hang_up(customer))
        lines = t.thread_lines()
        assert lines[0] == "✅ Grace has it (Call)."
        assert "Grace talked to Thandi" in lines[-1]
        t.card_says("answered in time")
        t.looks_away()
        await t.passes(hours=1)


async def test_they_hang_up_over_the_message_and_what_they_said_is_kept() -> None:
    async with line(calls=True) as t:
        caller = await asked_for_a_message(t)
        await caller.begins_to_say(WORDS)
        await caller.hangs_up()
        lines = "\n".join(t.thread_lines())
        found = LINK.search(lines)
        assert found and CALL_BACK not in lines
        assert all(found[0] in page for page in everybody_is_paged(t))
        assert WORDS.encode() in (await plays(t, found[1] + found[2])).content
        t.looks_away()


async def test_they_hang_up_without_a_word() -> None:
    async with line(calls=True) as t:
        caller = await asked_for_a_message(t)
        await caller.hangs_up()
        assert t.thread_lines()[0] == CALL_BACK
        everybody_is_paged(t)
        t.looks_away()


async def test_nothing_is_said_after_the_tone() -> None:
    async with line(calls=True) as t:
        caller = await asked_for_a_message(t)
        await caller.is_silent()
        assert caller.is_over
        assert t.thread_lines()[0].startswith("☎️ Thandi has left no message.")
        everybody_is_paged(t)
        t.looks_away()


async def test_everybody_is_called_within_a_minute_and_key_3_calls_back() -> None:
    async with line(calls=True) as t:
        caller = await asked_for_a_message(t)
        await caller.says(WORDS)
        t.looks_away()
        await t.passes(minutes=1)
        await t.phone("Grace").answers_and_presses("3")
        assert any(
            t.customer.number == leg.number and not leg.over for leg in t.play.twilio.phones.legs.values()
        )
        assert not t.phone("Ada").is_on
        t.looks_away()
