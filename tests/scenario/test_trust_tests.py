"""A test page before a shift: every way for itself, in time to mend it, and never in the night."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from bot.app.duty import Drill
from bot.app.ports import Permanent, Temporary
from bot.app.rows import Priority
from tests.builders import ADA, ADA_PHONE, DESK, GRACE, GRACE_PHONE, LIN, THANDI, person
from tests.fakes.before_night import Night, at, company, rota, team_of_three, turns
from tests.fakes.world import Sent

DAY = dt.timedelta(hours=24)


async def before_graces_shift() -> tuple[Night, Sent, Sent, Sent]:
    """Grace's week begins on Monday 23 November at 09:00; it is Sunday, and each of her ways has a test page."""
    night = await Night.begins(
        "2026-11-20T12:00", company(rota(turns("grace", "ada"), drill=DAY), people=team_of_three())
    )
    await night.goes_on_until("2026-11-22T09:00")
    (chat,) = night.seen("slack", GRACE)
    (sms,) = night.seen("sms", GRACE_PHONE)
    (call,) = night.seen("call", GRACE_PHONE)
    return night, chat, sms, call


def code_in(sent: Sent) -> str:
    return sent.text.partition("OK ")[2][:4]


async def test_each_way_is_answered_for_itself() -> None:
    night, chat, sms, call = await before_graces_shift()
    code = code_in(chat)
    assert chat.text == (
        f"📟 Test page before your shift. It begins tomorrow 09:00. Reply OK {code} here or press the button."
    )
    assert sms.text == f"📟 Test page before your shift. It begins tomorrow 09:00. Reply OK {code} here."
    assert (call.spoken, call.keys) == ("This is a test page. Nothing is wrong.", ("1",))
    await night.taps(GRACE, chat.choices[0], via="slack")
    assert night.texts("slack", GRACE) == ["✅ Slack works. Still to be answered: SMS, Call."]
    await night.says(GRACE_PHONE, f"ok {code}", via="sms")
    assert night.texts("sms") == ["✅ SMS works. Still to be answered: Call."]
    assert await night.presses(call, "7") == "This is a test page. Nothing is wrong."
    assert await night.presses(call, "1") == "✅ Call works. So do all your ways: you can be paged."
    await night.passes(hours=3)
    assert night.texts("slack") == night.texts("sms") == []


@pytest.mark.parametrize("words", ["{code}", "OK {code}.", "ack {code}", "it came, {code}", "ok", "Ack"])
async def test_a_written_answer(words: str) -> None:
    night, _, sms, _ = await before_graces_shift()
    await night.says(GRACE_PHONE, words.format(code=code_in(sms)), via="sms")
    assert night.texts("sms") == ["✅ SMS works. Still to be answered: Slack, Call."]


async def test_an_answer_counts_for_its_own_way_and_person() -> None:
    night, chat, *_ = await before_graces_shift()
    await night.says(GRACE_PHONE, code_in(chat), via="whatsapp")
    assert night.texts("whatsapp") == [
        "WhatsApp is not among the ways that were tried: answer where the test page came."
    ]
    await night.taps(ADA, chat.choices[0], via="slack")
    assert night.texts("slack", ADA) == ["This test page is for Grace: only they can answer it."]
    await night.says(ADA_PHONE, code_in(chat), via="sms")
    assert night.texts("sms", ADA_PHONE) == [f"{code_in(chat)} is not the code of an open page."]
    assert [it.answered for it in (await drill_of(night)).tries] == [None, None, None]
    await night.taps(GRACE, chat.choices[0], via="slack")
    await night.taps(GRACE, chat.choices[0], via="slack")
    assert night.texts("slack", GRACE)[-1] == "✅ Slack works. Still to be answered: SMS, Call."


async def drill_of(night: Night, who: str = "grace") -> Drill:
    (found,) = await night.run(
        lambda uow: uow.drills.of(night.directory.person(who).id, at("2026-11-01T00:00"))
    )
    return found


async def test_what_was_missed_is_told_with_a_swap_to_ask_for() -> None:
    night, chat, sms, _ = await before_graces_shift()
    await night.taps(GRACE, chat.choices[0], via="slack")
    await night.receipt("sms", sms.token, "failed", code="30003", error="unreachable handset")
    night.look_away()
    await night.passes(hours=2)
    missed = "by SMS (30003 unreachable handset), Call. The shift on standby begins tomorrow 09:00."
    (told,) = night.seen("slack", LIN)
    assert told.text == f"⚠️ Grace did not answer the test page {missed}"
    night.channels["slack"].unread = 0
    assert night.texts("slack", GRACE)[-1] == f"⚠️ You did not answer the test page {missed}"
    await night.taps(GRACE, told.choices[0], via="slack")
    (asked, answer) = night.seen("slack")
    assert asked.place == DESK and "Grace asks who takes Mon 09:00 to Mon 30 Nov 09:00" in asked.text
    assert answer.text.startswith("The desk is asked who takes")
    await night.taps(LIN, told.choices[0], via="slack")
    assert night.texts("slack") == ["Grace has asked for that swap already; swap list has it."]


async def test_a_lead_asks_for_the_swap_and_nobody_else_does() -> None:
    night, *_ = await before_graces_shift()
    await night.passes(hours=2)
    (told,) = night.seen("slack", LIN)
    await night.taps(ADA, told.choices[0], via="slack")
    assert night.texts("slack") == ["Only Grace or a lead can ask for that swap."]
    await night.taps(LIN, told.choices[0], via="slack")
    asked, told_grace, answer = night.seen("slack")
    assert (asked.place, told_grace.place, answer.place) == (DESK, GRACE, LIN)
    assert told_grace.text == (
        "🔁 Lin asks the desk who takes your shift, Mon 09:00 to Mon 30 Nov 09:00 (standby). "
        "Until somebody does, you stay on call. Take it back: swap cancel 1"
    )
    assert answer.text == (
        "Asked: who takes Mon 09:00 to Mon 30 Nov 09:00 of Grace (standby)? "
        "Until somebody does, Grace stays on call. Take it back: swap cancel 1"
    )
    await night.goes_on_until("2026-11-23T09:01")
    night.look_away()
    await night.taps(LIN, told.choices[0], via="slack")
    assert night.texts("slack") == [
        "That shift has begun: write take and the schedule's name to take it over."
    ]


async def test_when_nothing_is_left_to_wait_for_it_is_over() -> None:
    night, chat, sms, call = await before_graces_shift()
    await night.receipt("call", call.token, "failed", error="busy")
    await night.taps(GRACE, chat.choices[0], via="slack")
    await night.says(GRACE_PHONE, "ok", via="sms")
    assert "did not answer the test page by Call (busy)" in night.texts("slack", LIN)[0]
    night.look_away()
    await night.taps(GRACE, chat.choices[0], via="slack")
    assert night.texts("slack") == ["This test page is over: write page test for another one."]
    await night.says(GRACE_PHONE, code_in(sms), via="sms")
    assert night.texts("sms") == ["This test page is over: write page test for another one."]


async def test_a_way_that_does_not_even_leave_is_told_as_that() -> None:
    night = await Night.begins(
        "2026-11-20T12:00", company(rota(turns("grace", "ada"), drill=DAY), people=team_of_three())
    )
    night.channels["slack"].fail = [Temporary("the vendor is away")] * 1000
    night.channels["call"].broken = {GRACE_PHONE}
    await night.goes_on_until("2026-11-22T11:00")
    tries = {it.method: it.error for it in (await drill_of(night)).tries}
    assert tries == {"slack": "the vendor is away", "sms": "", "call": "gone"}
    night.channels["slack"].fail = []
    await night.passes(hours=1)
    assert not [text for text in night.texts("slack", GRACE) if text.startswith("📟 Test page")]


async def test_a_night_shift_is_tested_the_evening_before() -> None:
    """Handed over at 02:00; two hours before is midnight, so it is 21:00."""
    schedule = rota(turns("grace", "ada", first="2026-01-05T02:00"), drill=dt.timedelta(hours=2))
    night = await Night.begins("2026-11-20T12:00", company(schedule, people=team_of_three()))
    await night.goes_on_until("2026-11-22T20:59")
    assert night.seen("sms") == []
    await night.goes_on_until("2026-11-22T21:00")
    assert "It begins tomorrow 02:00." in night.texts("sms", GRACE_PHONE)[0]


async def test_down_over_its_time_it_is_done_late_but_not_at_night() -> None:
    night = await Night.begins(
        "2026-11-20T12:00", company(rota(turns("grace", "ada"), drill=DAY), people=team_of_three())
    )
    await night.sleeps_until("2026-11-23T03:00")
    assert night.seen("sms") == []
    await night.goes_on_until("2026-11-23T08:00")
    assert "It begins 09:00." in night.texts("sms", GRACE_PHONE)[0]


async def test_down_too_long_it_is_left_out() -> None:
    night = await Night.begins(
        "2026-11-20T12:00", company(rota(turns("grace", "ada"), drill=DAY), people=team_of_three())
    )
    await night.sleeps_until("2026-11-23T08:31")
    await night.passes(hours=2)
    assert night.seen("sms") == []


async def test_down_over_its_end_it_ends_late() -> None:
    night, *_ = await before_graces_shift()
    await night.sleeps_until("2026-11-22T20:00")
    assert "Grace did not answer" in night.texts("slack", LIN)[0]


async def test_short_shifts_and_whoever_stays_on_are_not_tested() -> None:
    hourly = rota(turns("grace", "ada", every="3 hours"), drill=dt.timedelta(hours=1))
    night = await Night.begins("2026-11-20T12:00", company(hourly, people=team_of_three()))
    await night.passes(days=2)
    assert night.seen("sms") == []


async def test_whoever_has_no_way_at_all_is_told_of() -> None:
    ada, grace, lin = team_of_three()
    people = (ada, dataclasses.replace(grace, identities={}), lin)
    night = await Night.begins(
        "2026-11-20T12:00", company(rota(turns("grace", "ada"), drill=DAY), people=people)
    )
    await night.goes_on_until("2026-11-22T09:00")
    assert night.texts("slack") == [
        "⚠️ Grace can't be paged at all and goes on call tomorrow 09:00. Add a phone or a chat to people, or put "
        "somebody else on."
    ]


async def test_pages_go_first_and_their_codes_too() -> None:
    night, *_ = await before_graces_shift()
    await night.says(THANDI, "urgent: the server is down")
    page = next(s for s in night.seen("sms", ADA_PHONE) if "MIT-1001" in s.text)
    drill = await drill_of(night)
    pages = await night.run(lambda uow: list(uow.pages.open()))
    assert pages[0].code != drill.code and page
    await night.says(GRACE_PHONE, "ack", via="sms")
    assert (await night.ticket()).owner == "grace"
    await night.says(GRACE_PHONE, drill.code, via="sms")
    assert (await drill_of(night)).tries[1].answered is not None
    rows = await night.run(lambda uow: [uow.outbox.by_token(it.token) for it in drill.tries])
    assert {row.priority for row in rows if row} == {Priority.CUSTOMER}


async def test_page_test_in_chat() -> None:
    night = await Night.begins("2026-11-20T12:00", company(rota(turns("ada")), people=team_of_three()))
    begun = await night.commands(ADA, "page test")
    assert begun == "A test page goes to you by Slack, SMS, Call. Answer each of them; it ends 12:10."
    assert night.texts("sms", ADA_PHONE)[0].startswith("📟 Test page. Reply OK ")
    assert await night.commands(GRACE, "page test ada") == (
        "A test page to Ada is running already: wait until it is over, 2 hours at most."
    )
    await night.passes(minutes=11)
    assert night.texts("slack", LIN) == ["⚠️ Ada did not answer the test page by Slack, SMS, Call."]
    assert await night.commands(ADA, "page test nobody") == (
        'I know nobody called "nobody"; write one of ada, grace, lin.'
    )


async def test_page_test_of_a_name_that_two_have() -> None:
    people = (
        person("ada", "Ada", ADA, ADA_PHONE),
        person("grace", "Sam Hopper", GRACE, GRACE_PHONE),
        person("lin", "Sam Lin", LIN, roles=frozenset({"lead"})),
    )
    night = await Night.begins("2026-11-20T12:00", company(rota(turns("ada")), people=people))
    told = await night.commands(ADA, "page test sam")
    assert told == '"sam" could be several people; write one of grace, lin.'


async def test_a_colleague_is_told_what_came_of_it() -> None:
    people = team_of_three(others={"sms": ("+27115550009",)})
    night = await Night.begins("2026-11-20T12:00", company(rota(turns("grace")), people=people))
    assert await night.commands(GRACE, "page test ada") == (
        "Ada is being tried by Slack, SMS …001, SMS …009, Call. You hear what came of it 12:10 at the latest."
    )
    (chat,) = night.seen("slack", ADA)
    first, second = night.seen("sms")
    (call,) = night.seen("call")
    assert chat.text.startswith("📟 Test page, asked for by Grace.")
    await night.taps(ADA, chat.choices[0], via="slack")
    await night.says(second.place, code_in(chat), via="sms")
    await night.says(first.place, code_in(chat), via="sms")
    await night.presses(call, "1")
    assert night.texts("slack", GRACE) == [
        "✅ Ada answered the test page by Slack, SMS …001, SMS …009, Call."
    ]


async def test_a_permanent_failure_of_every_way_ends_it_at_once() -> None:
    night = await Night.begins("2026-11-20T12:00", company(rota(turns("ada")), people=team_of_three()))
    for channel in ("slack", "sms", "call"):
        night.channels[channel].fail = [Permanent("no such user")]
    await night.commands(GRACE, "page test ada")
    assert (await drill_of(night, "ada")).ended == night.clock.at
