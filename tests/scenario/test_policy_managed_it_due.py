"""managed-it: when a small request is done is agreed on with the customer."""

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
LAPTOP = "A new colleague joins us on Friday, please order a new laptop"


# ---------------------------------------------------------------- a time to agree on
async def test_a_time_is_proposed_and_agreed_and_its_breach_is_recorded() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", plan="standard", **NALEDI) as t:
        await t.says(LAPTOP)
        t.looks_away()
        await t.says("4")
        t.sees(
            "MIT-1001 is set to Low. An engineer answers you here by tomorrow 17:00. "
            "Then we agree with you on when it is done."
        )
        t.desk_sees("The customer says Low. Answer by tomorrow 17:00.")
        await t.answers("Ada", "Good morning, I look for one")
        t.looks_away()

        said = await t.types("Ada", "due wednesday 16:00")
        assert said == "The customer is asked whether MIT-1001 may be done by Wednesday 16:00."
        t.sees("Ada proposes to have MIT-1001 done by Wednesday 16:00. Is that all right?\n1 Yes\n2 No")
        t.desk_sees("🗓 Ada proposed to have it done by Wednesday 16:00.")
        t.card_shows(facts=("proposed to be done: Wednesday 16:00",))

        await t.says("ok")
        t.sees("Agreed: MIT-1001 is done by Wednesday 16:00.")
        t.desk_sees("@Ada 🗓 The customer agrees: done by Wednesday 16:00.")
        t.card_shows(facts=(), clock="2 d 6 h left, resolution by Wednesday 16:00")

        await t.until("2026-11-25T16:00")
        t.looks_away()
        assert await t.breaches() == []
        await t.until("2026-11-25T16:30")
        t.desk_sees("@Ada @Grace @Lin 🔴 Solution: the time ran out (16:00).")
        t.card_shows(clock="30 min over, resolution was due 16:00", urgency=3)
        assert await t.breaches() == [("resolution", "2026-11-25T16:00")]
        t.sees()


async def test_a_time_is_proposed_by_button_and_declined_and_another_agreed() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", plan="standard", via="slack", **NALEDI) as t:
        await t.says("A quote for a new laptop, please")
        await t.taps("sev", "low")
        t.looks_away()
        assert "Propose time" in [c.label for c in t.card.choices]
        await t.fills("Ada", "due", text="friday 16:00")
        t.sees("Ada proposes to have MIT-1001 done by Friday 16:00. Is that all right?\n1 Yes\n2 No")
        t.looks_away()

        await t.taps("agree", "no")
        t.sees("All right, Ada knows. When do you need MIT-1001? Just write it here.")
        t.desk_sees("@Ada 🗓 The customer does not agree to Friday 16:00.")
        t.card_shows(facts=())
        await t.says("We need it before Wednesday noon")
        t.desk_sees("Naledi: We need it before Wednesday noon")

        await t.fills("Ada", "due", text="2026-11-25 11:00")
        t.sees("Ada proposes to have MIT-1001 done by Wednesday 11:00. Is that all right?\n1 Yes\n2 No")
        t.looks_away()
        await t.taps("agree", "yes")
        t.sees("Agreed: MIT-1001 is done by Wednesday 11:00.")
        t.desk_sees("@Ada 🗓 The customer agrees: done by Wednesday 11:00.")
        assert "Propose time" not in [c.label for c in t.card.choices]


async def test_an_agreed_time_stands_while_we_wait_for_the_customer() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", plan="standard", **NALEDI) as t:
        await t.reports(LAPTOP, "4")
        await t.answers("Ada", "I look for one")
        await t.types("Ada", "due friday 16:00")
        await t.says("yes")
        t.looks_away()
        await t.types("Ada", "need Which model?")
        t.sees(
            "Ada (MIT-1001) needs something from you:\nWhich model?\nAnswer here; we go on as soon as you do."
        )
        t.desk_sees("⏸ Ada asked the customer: Which model?")
        t.card_shows(status="waiting for the customer")
        await t.until("2026-11-24T10:00")
        await t.says("The small one")
        t.card_shows(status="in work", clock="3 d 6 h left, resolution by Friday 16:00")
        t.looks_away()


async def test_a_promise_is_not_talked_away() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", plan="standard", **NALEDI) as t:
        await t.reports(LAPTOP, "4")
        for words in ("2026-11-20 10:00", "2026-11-23 09:59", "soon"):
            said = await t.types("Ada", f"due {words}")
            assert said.startswith(f'"{words}" ')
        t.sees()
        t.desk_sees()


async def proposed(t: Talk, words: str, by: str) -> None:
    """Ada proposes a time; what the desk sees of it is not what the test is about."""
    await t.types("Ada", f"due {words}")
    t.sees(f"Ada proposes to have MIT-1001 done {by}. Is that all right?\n1 Yes\n2 No")
    t.looks_away()


@pytest.mark.parametrize("answer", ["1", "yes", "Yes, that works", "OK", "Tak"])
async def test_words_that_agree(answer: str) -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(LAPTOP, "4")
        await t.answers("Ada", "I look for one")
        t.looks_away()
        await proposed(t, "friday 16:00", "by Friday 16:00")
        await t.says(answer)
        t.sees("Agreed: MIT-1001 is done by Friday 16:00.")
        t.desk_sees("@Ada 🗓 The customer agrees: done by Friday 16:00.")
        t.card_shows(severity="Low")


@pytest.mark.parametrize("answer", ["2", "no", "No, wait", "Nie"])
async def test_words_that_do_not(answer: str) -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(LAPTOP, "4")
        await proposed(t, "friday 16:00", "by Friday 16:00")
        await t.says(answer)
        t.sees("All right, Ada knows. When do you need MIT-1001? Just write it here.")
        t.desk_sees("@Ada 🗓 The customer does not agree to Friday 16:00.")
        t.card_shows(facts=(), severity="Low")


@pytest.mark.parametrize("words", ["Yes, but not so early", "3", "When exactly?"])
async def test_anything_else_is_a_message_and_the_question_stands(words: str) -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(LAPTOP, "4")
        await proposed(t, "friday 16:00", "by Friday 16:00")
        await t.says(words)
        t.sees()
        t.desk_sees(f"Naledi: {words}")
        t.card_shows(facts=("proposed to be done: Friday 16:00",))


async def test_a_proposed_time_is_an_answer() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(LAPTOP, "4")
        t.card_shows(clock="16 h left, answer by tomorrow 17:00")
        await proposed(t, "friday 16:00", "by Friday 16:00")
        t.card_shows(clock="answered in time", holder="Ada", status="in work")
        await t.until("2026-11-26T10:00")
        assert await t.breaches() == []


async def test_the_buttons_of_an_older_proposal_do_nothing() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", via="slack", **NALEDI) as t:
        await t.says(LAPTOP)
        await t.taps("sev", "low")
        t.looks_away()
        await proposed(t, "wednesday 16:00", "by Wednesday 16:00")
        yes, no = t.offered("agree")
        await proposed(t, "friday 16:00", "by Friday 16:00")
        for old in (yes, no):
            await t.taps("agree", old)
            t.sees()
            t.desk_sees()
            t.card_shows(facts=("proposed to be done: Friday 16:00",))

        await t.taps("agree", t.offered("agree")[0])
        t.sees("Agreed: MIT-1001 is done by Friday 16:00.")
        t.looks_away()
        await t.taps("agree", no)
        t.card_shows(clock="4 d 6 h left, resolution by Friday 16:00")


async def test_a_time_that_is_agreed_on_anew_can_be_missed_anew() -> None:
    async with talk(POLICY, at="2026-11-23T10:00", **NALEDI) as t:
        await t.reports(LAPTOP, "4")
        await proposed(t, "tomorrow 12:00", "by tomorrow 12:00")
        await t.says("yes")
        await t.until("2026-11-24T12:01")
        assert await t.breaches() == [("resolution", "2026-11-24T12:00")]
        t.looks_away()

        await proposed(t, "wednesday 16:00", "by tomorrow 16:00")
        await t.says("yes")
        t.sees("Agreed: MIT-1001 is done by tomorrow 16:00.")
        t.looks_away()
        t.card_shows(clock="1 d 4 h left, resolution by tomorrow 16:00", urgency=0)
        await t.until("2026-11-25T16:01")
        assert await t.breaches() == [
            ("resolution", "2026-11-24T12:00"),
            ("resolution", "2026-11-25T16:00"),
        ]
        assert t.read("desk")[-1] == "@Ada @Grace @Lin 🔴 Solution: the time ran out (16:00)."
        t.looks_away()
