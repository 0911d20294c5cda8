"""An engineer on standby acknowledges a page in the night and falls asleep: they are paged again, then the chain."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain import events as ev
from escalation.chain import Chain, Step
from tests.builders import ADA, ADA_PHONE, DESK, GRACE, GRACE_PHONE
from tests.fakes.dialogue import Talk, talk
from tests.fakes.world import Sent

WAIT = dt.timedelta(minutes=5)
CHAIN = Chain(
    name="standby",
    steps=(Step(targets=("person:ada",), wait=WAIT), Step(targets=("person:grace",), wait=WAIT)),
)
OUTAGE = ("Our mail server is down, nobody can work", "1")
AGAIN = "@Ada ⏰ Acknowledged, and the customer has heard nothing: paging again. Answer by 03:01 ({left})."


async def asleep(chain: Chain = CHAIN) -> Talk:
    """It is 02:05: Ada has acknowledged what came at 02:01. Half of the time that is left is over at 02:33."""
    t = talk("managed-it", at="2026-11-23T02:01", chains=(chain,))
    await t.reports(*OUTAGE)
    await t.until("2026-11-23T02:05")
    t.looks_away()
    await t.clicks("Ada", "ack")
    t.sees("Ada has MIT-1001 now and is looking into it. You hear from Ada by 03:01 (in 56 min).")
    t.desk_sees("✅ Ada has it (Slack).")
    t.card_shows(paging="", holder="Ada", urgency=0)
    assert "ack" not in buttons(t)
    t.looks_away()
    return t


def buttons(t: Talk) -> list[str]:
    return [c.id.partition("|")[0] for c in t.card.choices]


def sent(t: Talk) -> list[Sent]:
    """All messages so far, by the order of their channels."""
    return [s for name in ("slack", "sms") for s in t.world.channels[name].sent]


async def until(t: Talk, local: str) -> list[tuple[str, str]]:
    """Time goes by; the places that were paged meanwhile."""
    before = {id(s) for s in sent(t)}
    await t.until(f"2026-11-23T{local}")
    new = [s for s in sent(t) if id(s) not in before and s.text.startswith("🚨") and not s.edits]
    return list(dict.fromkeys((s.channel, s.place) for s in new))


async def test_asleep_again_grace_takes_over_and_the_customer_knows_who_has_it() -> None:
    async with await asleep() as t:
        assert await until(t, "02:32:59") == []
        t.desk_sees("@Ada ⏳ Answer: 50 % of the time is used up. Due by 03:01 (in 30 min).")
        t.paged()

        assert await until(t, "02:33:01") == [("slack", ADA), ("sms", ADA_PHONE)]
        t.desk_sees(AGAIN.format(left="in 28 min"), "📟 Step 1/2: paging Ada (Slack, SMS).")
        t.card_shows(paging="Paging Ada (step 1 of 2)", holder="Ada", urgency=2)
        assert buttons(t)[0] == "ack"
        t.sees()
        t.paged("Ada")

        assert {("slack", GRACE), ("sms", GRACE_PHONE)} <= set(await until(t, "02:38:01"))
        t.desk_sees("📟 Step 2/2: paging Grace (Slack, SMS).")
        t.card_shows(paging="Paging Grace (step 2 of 2)")
        t.paged("Ada", "Grace")
        t.sees()

        await t.world.says(GRACE_PHONE, "ack", via="sms")
        t.sees("Grace has MIT-1001 now and is looking into it. You hear from Grace by 03:01 (in 23 min).")
        t.desk_sees("✅ Grace has it (SMS).")
        t.card_shows(paging="", holder="Grace", urgency=0)
        assert "ack" not in buttons(t)
        told_over(t)

        await t.answers("Grace", "I restart it now")
        t.sees("Grace (MIT-1001): I restart it now")
        t.card_shows(clock="answered in time", holder="Grace")
        assert await until(t, "08:00") == []
        t.desk_sees()
        t.told()
        assert await t.breaches() == []


def told_over(t: Talk) -> None:
    """Every message of the page that can be changed says who has it; a phone that rang is told once."""
    new = [s for s in sent(t) if s.text.startswith("✅") and s.place != DESK and "Ada has" not in s.text]
    last = {s.edits or s.place: s.text for s in new}
    paged = [s for s in sent(t) if s.text.startswith("🚨") and s.channel == "slack" and not s.edits][1:]
    assert [(s.place, last[s.id]) for s in paged] == [
        (ADA, "✅ Grace has MIT-1001 (Acme Clinics). Nothing to do."),
        (GRACE, "✅ You have MIT-1001 (Acme Clinics)."),
    ]
    assert [s.text for s in new if s.place == ADA_PHONE] == [
        "✅ Grace has MIT-1001 (Acme Clinics). Nothing to do."
    ]
    t.told(Ada="✅ Grace has MIT-1001 (Acme Clinics). Nothing to do.", Grace="You have MIT-1001.")


async def test_whoever_writes_in_time_is_left_alone() -> None:
    async with await asleep() as t:
        await t.until("2026-11-23T02:32")
        t.looks_away()
        await t.answers("Ada", "I look at the server")
        t.sees("Ada (MIT-1001): I look at the server")
        assert await until(t, "08:00") == []
        t.desk_sees()


async def test_a_note_to_the_colleagues_is_not_an_answer() -> None:
    async with await asleep() as t:
        await t.until("2026-11-23T02:32")
        t.looks_away()
        await t.answers("Ada", "// the password is in the vault")
        assert await until(t, "02:33:01") == [("slack", ADA), ("sms", ADA_PHONE)]
        t.desk_sees(AGAIN.format(left="in 28 min"), "📟 Step 1/2: paging Ada (Slack, SMS).")
        t.paged("Ada")
        t.sees()


async def test_awake_again_a_message_to_the_customer_stops_it() -> None:
    async with await asleep() as t:
        await t.until("2026-11-23T02:34")
        t.paged("Ada")
        t.looks_away()
        await t.answers("Ada", "I look at the server")
        t.sees("Ada (MIT-1001): I look at the server")
        t.desk_sees("✅ Ada has it (Slack).")
        t.told(Ada="✅ You have MIT-1001 (Acme Clinics).")
        t.card_shows(paging="", holder="Ada", clock="answered in time")
        assert await until(t, "08:00") == []


async def test_nobody_at_all_then_everyone_until_somebody_has_it() -> None:
    async with await asleep() as t:
        assert {place for _, place in await until(t, "02:48:01")} >= {ADA_PHONE, GRACE_PHONE}
        t.card_shows(paging="Paging everyone: Ada, Grace, Lin, Max")
        t.paged("Ada", "Grace", "Lin", "Max")
        t.looks_away()
        await t.clicks("Lin", "ack")
        t.sees("Lin has MIT-1001 now and is looking into it. You hear from Lin by 03:01 (in 13 min).")
        t.looks_away()
        assert await until(t, "02:54:29") == []
        t.looks_away()
        await t.until("2026-11-23T02:54:31")
        t.desk_sees(
            "@Lin ⏰ Acknowledged, and the customer has heard nothing: paging again. Answer by 03:01 (in 7 min).",
            "📟 Step 1/3: paging Lin (Slack).",
        )
        t.paged("Lin")


async def test_the_page_after_it_has_a_code_of_its_own() -> None:
    async with await asleep() as t:
        await t.until("2026-11-23T02:33:01")
        started = [e for e in await t.world.events("MIT-1001") if isinstance(e, ev.PageStarted)]
        old, new = (e.code for e in started)
        assert old != new
        t.looks_away()
        await t.world.says(ADA_PHONE, f"ACK {new}", via="sms")
        t.sees("Ada has MIT-1001 now and is looking into it. You hear from Ada by 03:01 (in 28 min).")
        t.card_shows(paging="", holder="Ada")
        t.looks_away()


async def test_another_who_acknowledged_first_is_paged_first_then_the_chain_from_its_beginning() -> None:
    turned = dataclasses.replace(CHAIN, steps=CHAIN.steps[::-1])
    async with await asleep(turned) as t:
        await t.until("2026-11-23T02:33:01")
        t.card_shows(paging="Paging Ada (step 1 of 3)")
        t.paged("Ada")
        await t.until("2026-11-23T02:38:01")
        t.card_shows(paging="Paging Grace (step 2 of 3)")
        t.paged("Ada", "Grace")
        t.looks_away()


async def test_after_downtime_it_is_paged_at_once() -> None:
    async with await asleep() as t:
        await t.down_until("2026-11-23T03:30")
        assert await t.breaches() == [("response", "2026-11-23T03:01")]
        t.card_shows(paging="Paging Ada (step 1 of 2)", urgency=3)
        t.paged("Ada")
        lines = t.read("desk")
        assert sum("paging again" in line for line in lines) == 1
        assert any("ran out" in line for line in lines)
        t.sees()
