"""What engineers do by command, and what strangers at a desk can't."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.ids import TeamName
from bot.domain.status import Status
from tests.builders import ADA, ADA_PHONE, DESK, GRACE, GRACE_PHONE, THANDI, directory, people, person
from tests.fakes.world import World, tap


async def opened() -> World:
    world = World()
    await world.says(THANDI, "The printer is slow")
    world.look_away()
    return world


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("ack MIT-1001", "You have MIT-1001."),
        ("take mit-1001", "You have MIT-1001."),
        ("severity MIT-1001 high", "Done: MIT-1001 is High."),
        ("severity MIT-1001 huge", "I know no severity huge here; there are emergency, high, normal, low."),
        ("need MIT-1001 a photo", "Done: MIT-1001 waits for the customer."),
        ("resolve MIT-1001 done", "Done: MIT-1001 is resolved."),
        ("reopen MIT-1001", "MIT-1001 is new; it can't be reopened."),
        ("ack MIT-9999", "There is no ticket MIT-9999 here."),
        ("ack", "No page is open for you."),
        ("take", "Which ticket? Write its reference too, such as take MIT-1042."),
        ("take nic", "Which ticket? Write its reference too, such as take MIT-1042."),
        ("escalate", "Which ticket? Write its reference too, such as escalate MIT-1042."),
        ("snooze 20m", "Which ticket? Write its reference too, such as snooze MIT-1042 20m."),
        ("status", "MIT-1001 Normal, Acme Clinics: new, nobody yet, due by 16:00 (in 4 h)"),
        ("oncall", "On call now\nstandby: Ada\nIn your calendar: oncall link"),
        ("resolv MIT-1001", "I don't know resolv MIT-1001. Did you mean resolve or reopen?"),
    ],
)
async def test_commands(words: str, answer: str) -> None:
    world = await opened()
    assert await world.commands(ADA, words) == answer


async def test_where_one_page_is_open_it_is_the_example() -> None:
    world = World()
    await world.says(THANDI, "urgent everything is down")
    answer = await world.commands(ADA, "handover grace")
    assert answer == "Which ticket? Write its reference too, such as handover MIT-1001 grace."


async def test_the_example_is_a_ticket_of_their_own_policy() -> None:
    known = directory()
    zen = tuple(dataclasses.replace(policy, prefix="ZEN") for policy in known.policies)
    world = World(people=dataclasses.replace(known, policies=zen))
    assert "such as take ZEN-1042." in (await world.commands(ADA, "take") or "")


async def test_a_second_acknowledgement_says_who_has_it() -> None:
    world = await opened()
    await world.commands(ADA, "ack MIT-1001")
    assert await world.commands(GRACE, "ack MIT-1001") == "Ada has MIT-1001 already."
    assert await world.commands(GRACE, "take MIT-1001") == "You have MIT-1001."
    assert (await world.ticket()).owner == "grace"


async def test_a_stranger_at_the_desk_changes_nothing_and_reaches_nobody() -> None:
    world = await opened()
    said = await world.says("U0EVIL", "send me your password", via="slack", place=DESK, thread=world.thread())
    await world.taps("U0EVIL", tap("ack"), via="slack", place=DESK)
    assert world.texts("whatsapp") == []
    assert (said, "internal") in world.channels["slack"].marks
    assert all(s.only_for == "U0EVIL" for s in world.seen("slack", DESK))
    assert (await world.ticket()).status is Status.NEW


async def test_waiting_for_the_customer_ends_with_their_answer() -> None:
    world = await opened()
    await world.commands(ADA, "need MIT-1001 which printer is it?")
    assert "needs something from you:\nwhich printer is it?" in world.texts("whatsapp")[-1]
    assert (await world.ticket()).status is Status.WAITING
    world.look_away()
    await world.says(THANDI, "The one at reception")
    assert (await world.ticket()).status is Status.ACTIVE
    assert any("the wait is over" in s.text for s in world.seen("slack", DESK))


async def test_one_of_us_raises_a_ticket_for_a_customer() -> None:
    world = World()
    await world.fills(
        ADA, "new", text="Thandi called: the internet is down", severity="emergency", contact="thandi"
    )
    assert any(s.text == "MIT-1001 is open for Thandi." for s in world.channels["slack"].sent)
    assert (await world.ticket()).severity == "emergency"
    assert world.channels["sms"].sent, "an emergency pages, whoever raised it"
    assert (
        "is set to Emergency" in next(s for s in world.channels["slack"].sent if s.place == "U0THANDI").text
    )


async def test_raised_from_slack_and_from_telegram_alike() -> None:
    world = World()
    await world.says("U0THANDI", "The mail server is down", via="slack")
    await world.taps("U0THANDI", tap("sev", value="emergency"), via="slack")
    await world.says("20001", "The printer is slow", via="telegram")
    await world.taps("20001", tap("sev", "MIT-1002", "normal"), via="telegram")
    assert (await world.ticket("MIT-1001")).severity == "emergency"
    assert (await world.ticket("MIT-1002")).severity == "normal"
    await world.says(ADA, "On it", via="slack", place=DESK, thread=world.thread())
    assert world.texts("telegram", "20001")[-1].startswith("Ada (MIT-1002): On it")


async def test_ack_in_the_thread_is_for_us_and_each_inside_line_stays_inside() -> None:
    world = await opened()
    thread = world.thread()
    await world.says(ADA, "Ack.", via="slack", place=DESK, thread=thread)
    assert "Ada has MIT-1001 now" in world.texts("whatsapp")[0]
    await world.says(
        ADA, "We are on it.\n// she never pays\nTen minutes.", via="slack", place=DESK, thread=thread
    )
    await world.says(ADA, "@Lin // look at this one", via="slack", place=DESK, thread=thread)
    assert world.texts("whatsapp") == ["Ada (MIT-1001): We are on it.\nTen minutes."]


async def test_an_engineer_of_another_team_opens_nothing_here() -> None:
    other = person("eve", "Eve", "U0EVE", teams=frozenset({TeamName("other")}))
    world = World(people=directory(people=(*people(), other)))
    await world.fills("U0EVE", "new", text="x", severity="emergency", contact="thandi")
    assert world.channels["slack"].cards == {}


async def test_a_severity_that_pages_without_a_chain_calls_everyone() -> None:
    lone = dataclasses.replace(directory().teams[0], chains={})
    world = World(people=directory(teams=(lone,)))
    await world.says(THANDI, "urgent everything is down")
    assert {s.place for s in world.seen("sms")} == {ADA_PHONE, GRACE_PHONE}


async def test_a_person_gone_from_the_configuration_is_nobody_and_the_walk_goes_on() -> None:
    world = World()
    await world.says(THANDI, "urgent everything is down")
    after = World(store=world.store, at=world.clock.at, people=directory(people=people()[:1] + people()[2:]))
    await after.passes(minutes=6)
    assert any("nobody to page" in s.text for s in after.seen("slack"))
    assert after.seen("sms", ADA_PHONE), "the next round goes on with whoever is left"
