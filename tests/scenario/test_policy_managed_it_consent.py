"""managed-it: a call-out outside office hours that is charged is asked for first."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import contact
from tests.fakes.dialogue import Talk, talk

POLICY = "managed-it"
NALEDI: dict[str, Any] = {
    "customer": "naledi",
    "contacts": (contact("naledi", "Naledi", "+27115550300", identities={"slack": "U0NALEDI"}),),
}
"""A customer with an email, who is no VIP."""

SERVER = "Our mail server is down, nobody can work"
PRINTER = "My printer does nothing"
CALLING = "We are calling the engineer on standby now. "
CHARGED = (
    "The desk is closed now, and in your plan calling an engineer out is charged. "
    "Shall we call the engineer on standby?\n1 Yes, call now\n2 No, wait until tomorrow 08:30\n\n"
)
DECLINED = (
    "All right, nobody is called out for MIT-1001. The desk looks at it when it opens, {when}. "
    "If it can't wait after all, write urgent: then we call, and it is charged."
)


# ---------------------------------------------------------------- the charge for a call-out
async def asked_for_consent(t: Talk) -> None:
    await t.says(SERVER)
    t.looks_away()
    await t.says("1")
    t.sees(
        "MIT-1001 is set to Emergency. An engineer answers you here by 23:00 (in 1 h).",
        f"{CHARGED}No answer by 22:01 (in 1 min): we call, to be on the safe side.",
    )
    t.paged()
    t.card_shows(facts=("call-out charge: asked, no answer yet",), paging="")
    t.looks_away()


async def test_the_customer_agrees_to_the_charge() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard") as t:
        await asked_for_consent(t)
        await t.passes(seconds=20)
        await t.says("Yes please")
        t.sees(
            f"Thank you, that is noted on MIT-1001. {CALLING}An engineer answers you here by 23:00 (in 1 h)."
        )
        t.paged("Ada")
        t.card_shows(facts=("call-out charge: the customer agreed",), clock="1 h left, answer by 23:00")
        t.looks_away()


async def test_the_customer_declines_the_charge_and_the_desk_hears_of_it_when_it_opens() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard") as t:
        await asked_for_consent(t)
        await t.says("2")
        t.sees(DECLINED.format(when="tomorrow 08:30"))
        t.desk_sees("💶 The customer declines the call-out and waits until tomorrow 08:30.")
        t.card_shows(
            clock="1 h left, paused: the customer waits for the desk to open",
            facts=("call-out declined: the customer waits for the desk to open",),
        )
        await t.until("2026-11-24T08:29")
        t.paged()
        t.desk_sees()

        await t.until("2026-11-24T08:30")
        t.paged("Ada")
        t.card_shows(clock="1 h left, answer by 09:30", paging="Paging Ada (step 1 of 1)")
        t.looks_away()
        await t.answers("Ada", "Good morning, we look at it now")
        t.sees("Ada (MIT-1001): Good morning, we look at it now")
        t.card_shows(clock="answered in time")
        t.looks_away()


async def test_the_desk_that_opens_is_told_who_has_waited() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard") as t:
        await asked_for_consent(t)
        await t.says("No, thanks")
        t.looks_away()
        await t.until("2026-11-24T08:30")
        first, *_ = [s.text for s in t.world.seen("slack") if s.text.startswith("@")]
        assert first == (
            "@Ada @Grace 🟠 The desk is open, and this customer has waited for it. Answer by 09:30 (in 1 h)."
        )
        t.looks_away()


async def test_silence_about_the_charge_means_that_we_call() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard") as t:
        await asked_for_consent(t)
        await t.passes(minutes=1)
        t.sees(f"{CALLING}An engineer answers you here by 23:00 (in 59 min).")
        t.paged("Ada")
        t.card_shows(facts=("call-out charge: asked, not answered",))
        t.looks_away()


async def test_a_customer_who_says_nothing_at_all_is_called_for_after_a_minute() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard") as t:
        await t.says(SERVER)
        t.looks_away()
        await t.passes(minutes=1)
        t.sees(
            f"We treat MIT-1001 as Emergency. {CALLING}An engineer answers you here by 23:00 (in 59 min).",
            f"{CHARGED}We are calling already, to be on the safe side; with 2 we stop.",
        )
        t.paged("Ada")
        t.looks_away()

        await t.says("2")
        t.sees(DECLINED.format(when="tomorrow 08:30"))
        t.told(Ada="MIT-1001 (Acme Clinics) needs nobody any more.")
        t.desk_sees(
            "💶 The customer declines the call-out and waits until tomorrow 08:30.",
            "Paging stopped: the customer declined the call-out.",
        )
        await t.until("2026-11-24T08:29")
        t.paged()


async def test_urgent_after_a_no_calls_at_once() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard") as t:
        await asked_for_consent(t)
        await t.says("2")
        t.looks_away()
        await t.until("2026-11-24T02:00")
        await t.says("urgent")
        t.sees(
            f"Thank you, that is noted on MIT-1001. {CALLING}An engineer answers you here by 03:00 (in 1 h)."
        )
        t.paged("Ada")
        t.card_shows(facts=("call-out charge: the customer agreed",), clock="1 h left, answer by 03:00")
        t.looks_away()


async def test_with_premium_nobody_is_asked() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="premium") as t:
        await t.says(SERVER)
        t.looks_away()
        await t.says("1")
        t.sees(f"MIT-1001 is set to Emergency. {CALLING}An engineer answers you here by 23:00 (in 1 h).")
        t.paged("Ada")
        t.card_shows(facts=())
        t.looks_away()


async def test_a_queued_request_that_becomes_urgent_is_charged_for_once_agreed() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard", **NALEDI) as t:
        await t.reports(PRINTER, "3")
        await t.says("urgent now the whole network is gone")
        t.sees(
            "MIT-1001 is now Emergency. An engineer answers you here by 23:00 (in 1 h).",
            f"{CHARGED}No answer by 22:01 (in 1 min): we call, to be on the safe side.",
        )
        t.paged()
        t.looks_away()
        await t.says("1")
        t.paged("Ada")
        t.looks_away()


async def test_urgent_after_a_no_calls_also_when_an_engineer_has_answered_meanwhile() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard") as t:
        await asked_for_consent(t)
        await t.says("2")
        await t.answers("Ada", "I saw it by chance: switch it off and on, more tomorrow")
        t.looks_away()
        await t.passes(hours=1)
        await t.says("urgent")
        t.paged("Ada")
        t.card_shows(facts=("call-out charge: the customer agreed",), paging="Paging Ada (step 1 of 1)")
        assert any("We are calling the engineer on standby now" in text for text in t.read())
        t.looks_away()


async def test_declined_and_lowered_and_raised_again_it_is_asked_again_and_paged() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard", **NALEDI) as t:
        await asked_for_consent(t)
        await t.says("2")
        await t.types("Ada", "severity normal")
        t.card_shows(facts=(), severity="Normal")
        t.looks_away()
        await t.says("emergency")
        t.sees(
            "MIT-1001 is now Emergency. An engineer answers you here by 23:00 (in 1 h).",
            f"{CHARGED}No answer by 22:01 (in 1 min): we call, to be on the safe side.",
        )
        t.paged()
        t.looks_away()
        await t.passes(minutes=1)
        t.paged("Ada")
        t.card_shows(facts=("call-out charge: asked, not answered",))
        t.looks_away()


async def test_declined_and_raised_again_by_an_engineer_it_is_asked_again_and_paged() -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard", **NALEDI) as t:
        await asked_for_consent(t)
        await t.says("2")
        await t.types("Ada", "severity normal")
        t.looks_away()
        await t.types("Grace", "severity emergency")
        t.paged("Ada")
        assert any(text.startswith(CHARGED.rstrip()) for text in t.read())
        t.looks_away()


@pytest.mark.parametrize("answer", ["No, wait", "no", "Nie, dziękuję"])
async def test_words_that_decline(answer: str) -> None:
    async with talk(POLICY, at="2026-11-23T22:00", plan="standard") as t:
        await asked_for_consent(t)
        await t.says(answer)
        t.sees(DECLINED.format(when="tomorrow 08:30"))
        t.paged()
        t.looks_away()
