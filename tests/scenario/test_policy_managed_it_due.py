"""managed-it: when a small request is done is agreed on with the customer."""

from __future__ import annotations

from typing import Any

from tests.builders import contact
from tests.fakes.dialogue import talk

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
        t.card_shows(facts=("proposed: done by Wednesday 16:00",))

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
