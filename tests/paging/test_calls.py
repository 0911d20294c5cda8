"""The phone rings after a minute and every two minutes from then on, until somebody presses 1."""

import dataclasses
from collections.abc import Awaitable, Callable

import pytest

from tests.fakes.line import Line, line
from tests.fakes.line_config import ADA, GRACE, LIN
from tests.fakes.line_people import Phone

TWO_PHONES = dataclasses.replace(ADA, phones=(*ADA.phones, "+27115550011"))

ASKED = (
    "Emergency. Acme Clinics. Our mail server is down. The answer is due in {} minutes. "
    "Press 1 to acknowledge. Press 2 to pass it on."
)
OVER = "✅ Ada has MIT-1001 (Acme Clinics). Nothing to do."
YOURS = "slack changed: ✅ You have MIT-1001 (Acme Clinics)."


async def paged_and_ringing(t: Line) -> None:
    """One minute into step 1: Ada's phone rings."""
    await t.emergency()
    t.paged("Ada", by=["slack", "sms"])
    t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
    await t.passes(seconds=59)
    t.not_paged("Ada")
    await t.passes(seconds=1)
    t.rings("Ada")


def _acknowledged_by_phone(t: Line) -> None:
    t.thread_says("✅ Ada has it (Call).")
    t.reads("Ada", YOURS)
    t.customer_reads("*Ada* has MIT-1001 now and is looking into it. You hear from Ada by 03:00 (in 59 min).")


async def test_key_1_acknowledges() -> None:
    async with line(calls=True) as t:
        await paged_and_ringing(t)
        await t.phone("Ada").answers_and_presses("1")
        t.hears("Ada", ASKED.format(59), ASKED.format(59), "You have MIT-1001.", "Goodbye.")
        _acknowledged_by_phone(t)
        await t.passes(minutes=10)


async def test_a_wrong_key_is_asked_again() -> None:
    async with line(calls=True) as t:
        await paged_and_ringing(t)
        await t.phone("Ada").answers_and_presses("7")
        t.thread_says()
        await t.phone("Ada").presses("1")
        said = t.heard("Ada")
        assert said[-2:] == ["You have MIT-1001.", "Goodbye."]
        _acknowledged_by_phone(t)
        await t.passes(minutes=10)


Losing = Callable[[Phone], Awaitable[None]]
LOST: dict[str, Losing] = {
    "the line is busy": Phone.is_busy,
    "nobody picks up": Phone.rings_in_vain,
    "an answering machine": Phone.is_answered_by_a_machine,
    "no key was pressed": Phone.answers_and_says_nothing,
}


@pytest.mark.parametrize("lost", LOST)
async def test_lost_calls_are_made_again_until_the_step_is_over(lost: str) -> None:
    async with line(calls=True) as t:
        await paged_and_ringing(t)
        await _is_lost(t, lost)
        t.rings("Ada")
        await _is_lost(t, lost)
        t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).")
        t.paged("Grace", by=["slack", "sms"])


async def _is_lost(t: Line, lost: str) -> None:
    """And two minutes go by."""
    await LOST[lost](t.phone("Ada"))
    t.heard("Ada")
    t.thread_says(f"⚠️ Call to Ada: {lost}.")
    await t.passes(minutes=1, seconds=59)
    t.not_paged("Ada", "Grace")
    await t.passes(seconds=1)


@pytest.mark.parametrize("lost", LOST)
async def test_a_lost_call_is_the_next_way_at_once(lost: str) -> None:
    rules = {"ada": '[{ after = "0m", by = ["call"] }, { after = "4m", by = ["sms"] }]'}
    async with line(calls=True, rules=rules) as t:
        await t.emergency()
        t.rings("Ada")
        t.thread_says("📟 Step 1/2: paging Ada (Call).")
        await LOST[lost](t.phone("Ada"))
        t.heard("Ada")
        t.thread_says(f"⚠️ Call to Ada: {lost}.")
        t.paged("Ada", by=["sms"])
        await t.passes(minutes=4, seconds=59)
        t.not_paged("Ada", "Grace")


async def test_whoever_was_taken_for_a_machine_can_press_1() -> None:
    async with line(calls=True) as t:
        await paged_and_ringing(t)
        await t.phone("Ada").is_taken_for_a_machine()
        t.thread_says("⚠️ Call to Ada: an answering machine.")
        await t.phone("Ada").presses("1")
        assert t.heard("Ada")[-2:] == ["You have MIT-1001.", "Goodbye."]
        _acknowledged_by_phone(t)
        await t.passes(minutes=10)


@pytest.mark.parametrize("picked_up", [False, True])
async def test_a_running_call_ends_when_somebody_has_it(picked_up: bool) -> None:
    async with line(calls=True) as t:
        await paged_and_ringing(t)
        if picked_up:
            await t.phone("Ada").answers()
            t.hears("Ada", ASKED.format(59), ASKED.format(59))
        await t.engineer("Grace").taps_card()
        assert not t.phone("Ada").is_on
        over = OVER.replace("Ada", "Grace")
        t.reads("Ada", "call ended by us: completed", f"slack changed: {over}", f"sms: {over}")
        t.thread_says("✅ Grace has it (Slack).")
        t.looks_away("Thandi")
        await t.passes(minutes=10)


async def test_key_2_passes_it_on() -> None:
    async with line(calls=True) as t:
        await paged_and_ringing(t)
        await t.phone("Ada").answers_and_presses("2")
        t.hears("Ada", ASKED.format(59), ASKED.format(59), "Done: MIT-1001 goes on to the next.", "Goodbye.")
        t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).")
        t.paged("Grace", by=["slack", "sms"])
        await t.passes(seconds=59)
        t.not_paged("Ada")
        await t.passes(seconds=1)
        t.rings("Grace")


async def test_all_phones_of_one_person_in_turn() -> None:
    """A second phone is tried at once when the first is lost."""
    async with line(calls=True, people=(TWO_PHONES, GRACE, LIN)) as t:
        await paged_and_ringing(t)
        await t.phone("Ada").is_busy()
        t.thread_says("⚠️ Call to Ada: the line is busy.")
        t.rings("Ada")
        await t.phone("Ada", 1).answers_and_presses("1")
        t.heard("Ada")
        _acknowledged_by_phone(t)
