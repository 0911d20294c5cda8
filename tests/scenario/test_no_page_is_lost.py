"""Nights on which a page could be lost, or somebody woken against a no: each was found once, and stays found."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain.events import Consent
from tests.builders import ADA, SIPHO, THANDI
from tests.fakes.desks import desk
from tests.fakes.world import World, tap

DOWN = "Our mail server is down, nobody can work"


async def paged(world: World, ticket: str = "MIT-1001") -> bool:
    """Does a page ring for it now?"""
    it = await world.ticket(ticket)
    return await world.run(lambda uow: uow.pages.open_of(it.id)) is not None


async def down_for(world: World, **length: float) -> None:
    """Time goes by and nobody looks."""
    world.clock.at += dt.timedelta(**length)
    await world.settle()


async def declined(at: str = "2026-11-21T02:00") -> World:
    """A Saturday night: an emergency under a plan that charges, and the customer said no."""
    world = desk("managed-it", at=at, plan="standard")
    for words in (DOWN, "1", "2"):
        await world.says(SIPHO, words)
    assert (await world.ticket()).consent is Consent.DECLINED and not await paged(world)
    return world


async def test_what_waited_for_the_desk_is_paged_for_however_late_that_is_noticed() -> None:
    world = desk("fleet-tracking", at="2026-11-22T20:00")
    await world.says(THANDI, "urgent the whole platform is down")
    assert (await world.ticket("FLT-1001")).queued and not await paged(world, "FLT-1001")
    await down_for(world, hours=22)  # past the opening, past the closing
    assert await paged(world, "FLT-1001")


async def test_what_gets_worse_at_night_is_paged_for_in_the_morning_whoever_had_it_before() -> None:
    world = desk("fleet-tracking", at="2026-11-22T10:00")
    await world.says(THANDI, "A report shows a wrong number")
    await world.passes(minutes=2)
    await world.commands(ADA, "ack FLT-1001")
    await world.passes(hours=12)
    await world.says(THANDI, "urgent all vehicles are offline")
    assert not await paged(world, "FLT-1001")
    await world.passes(hours=11)
    assert await paged(world, "FLT-1001")


async def test_the_instant_of_the_ticket_decides_not_that_of_the_answer() -> None:
    world = desk("fleet-tracking", at="2026-11-19T16:59:30")
    await world.says(THANDI, "The whole platform is down, nothing works")
    await world.passes(seconds=40)
    await world.says(THANDI, "1")
    assert await paged(world, "FLT-1001")


@pytest.mark.parametrize("words", ["yes", "call now", "Emergency", "urgent"])
async def test_whoever_declined_may_change_their_mind_in_words(words: str) -> None:
    world = await declined()
    await world.says(SIPHO, words)
    assert await paged(world) and (await world.ticket()).consent is Consent.AGREED


@pytest.mark.parametrize("words", ["ok", "ok thanks", "2"])
async def test_what_is_no_change_of_mind_wakes_nobody(words: str) -> None:
    world = await declined()
    await world.says(SIPHO, words)
    assert not await paged(world)


async def test_a_no_after_the_minute_stops_the_page() -> None:
    world = desk("managed-it", at="2026-11-21T02:00", plan="standard")
    await world.says(SIPHO, DOWN)
    await world.says(SIPHO, "1")
    await world.passes(minutes=2)
    assert await paged(world)
    await world.says(SIPHO, "No, wait")
    assert not await paged(world)


async def test_a_no_while_another_ticket_is_asked_for_is_still_the_answer() -> None:
    world = desk("managed-it", at="2026-11-21T02:00", plan="standard")
    for words in (DOWN, "1", "new", "no"):
        await world.says(SIPHO, words)
    await world.passes(minutes=5)
    assert (await world.ticket()).consent is Consent.DECLINED and not await paged(world)


async def test_a_no_to_whether_it_got_worse_stands() -> None:
    world = desk("managed-it", at="2026-11-23T10:00", plan="premium")
    await world.says(SIPHO, "A quote for new laptops please")
    await world.says(SIPHO, "4")
    await world.says(SIPHO, "nobody can work, the server is down")
    await world.says(SIPHO, "no")
    await world.says(SIPHO, "ok thanks")
    assert (await world.ticket()).severity == "low" and not await paged(world)


async def test_a_yes_to_an_offered_call_is_not_one_to_an_older_question() -> None:
    world = desk("fleet-tracking", at="2026-11-22T10:00")
    await world.says(THANDI, "A report shows a wrong number")
    await world.passes(minutes=2)
    await world.says(THANDI, "now everything is down, no useful work")
    await world.commands(ADA, "plan FLT-1001 we: look at it")
    await world.passes(hours=25)
    assert (await world.ticket("FLT-1001")).call_offered
    await world.says(THANDI, "yes")
    it = await world.ticket("FLT-1001")
    assert (it.severity, it.call_offered) == ("medium", False)


async def test_a_no_to_a_proposed_time_declines_no_call_out() -> None:
    world = desk("managed-it", at="2026-11-21T02:00", plan="standard")
    await world.says(SIPHO, DOWN)
    await world.passes(minutes=2)  # it stands by silence: the charge is asked beside the page
    await world.commands(ADA, "ack MIT-1001")
    await world.commands(ADA, "due MIT-1001 tomorrow 10:00")
    await world.says(SIPHO, "no")
    it = await world.ticket()
    assert it.proposal is None and it.consent is not Consent.DECLINED


async def test_what_is_being_paged_is_not_merged_away() -> None:
    world = await declined()
    await world.says(SIPHO, "new: and now the phones are dead, nobody can work")
    await world.says(SIPHO, "1")
    await world.says(SIPHO, "yes")
    assert await paged(world, "MIT-1002")
    told = await world.commands(ADA, "merge MIT-1002 into MIT-1001")
    assert "is being paged" in told and await paged(world, "MIT-1002")


@pytest.mark.parametrize("words", ["MIT-1001 urgent", "urgent\nnobody can work"])
async def test_urgent_is_heard_behind_a_reference_and_before_a_new_line(words: str) -> None:
    world = desk("managed-it", at="2026-11-23T10:00", plan="premium")
    await world.says(SIPHO, "A quote for new laptops please")
    await world.says(SIPHO, "4")
    await world.says(SIPHO, words)
    assert (await world.ticket()).severity == "emergency" and await paged(world)


async def test_trouble_beside_an_email_reaches_the_desk() -> None:
    world = desk("managed-it", at="2026-11-23T10:00", plan="premium")
    await world.says(SIPHO, "A quote for new laptops please")
    await world.says(SIPHO, "4")
    world.look_away()
    await world.says(SIPHO, "Everything is down now, the server! sipho@acme.example")
    assert any("Everything is down" in text for text in world.texts("slack"))


@pytest.mark.parametrize(("words", "opens"), [("1 outage", True), ("5 stars", False), ("4/5", False)])
async def test_only_a_score_is_a_rating(words: str, opens: bool) -> None:
    world = desk("internal-helpdesk", at="2026-11-23T10:00")
    await world.says(THANDI, "I can't log in")
    await world.says(THANDI, "4")
    await world.commands(ADA, "resolve IHD-1001 reset")
    await world.taps(THANDI, tap("works", "IHD-1001"))
    await world.says(THANDI, words)
    found = await world.run(lambda uow: [t.id for _, t in uow.tickets.every(0, 9)])
    assert (len(found) == 2) is opens
