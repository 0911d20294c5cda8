"""`why`: whom a ticket would page and why them, and what became of its pages."""

from __future__ import annotations

import dataclasses
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import OrganisationId, TeamName
from bot.domain.people import Organisation, Team
from escalation.storm import Limits
from tests.builders import ADA, GRACE, GRACE_PHONE, LIN, SIPHO, THANDI, ZONE
from tests.fakes.desks import MAX
from tests.fakes.nights import MINUTE, SERVER, night, reported
from tests.fakes.world import World

CLOCK = "Why MIT-1001 is due when it is:\nAnswer\nSat 21 Nov 22:30-23:30: 1 h count\ndue: Sat 21 Nov 23:30 (1h)\n\n"
STEPS = (
    "📟 Paged 22:30: Emergency, chain standby\n"
    "Step 1, 22:30: skipped. Nobody was on (schedule empty).\n"
    "Step 2, 22:30, schedule standby\n"
)


async def test_who_would_be_paged_now() -> None:
    assert await night(plan="standard").commands(ADA, "why acme") == (
        "Acme Clinics, Emergency, 22:30:\n"
        "After hours: Sat 21 Nov 22:30 in Africa/Johannesburg (Managed IT support).\n"
        "Rule after_hours[0]: severities = emergency · page = true · consent = true\n"
        "➡️ It pages. The call-out is charged (Standard): the customer is asked first, for at most 1 min.\n"
        "Chain standby, which team desk has for it:\n"
        "1. 22:30 schedule empty: ⚠️ nobody. The next step begins at once.\n"
        "2. 22:30 schedule standby, for 30 min\n"
        "   Grace (override 1 instead of Ada until tomorrow 08:00): 22:30 Slack, SMS · 22:31 SMS, again every "
        "2 min · has no Call: the next way in its place\n"
        "3. 23:00 Lin (Answer, 50 % of the time), for 10 min\n"
        "   Lin: 23:00 Slack · 23:01 Slack, again every 2 min · has no SMS, Call: the next way in its place\n"
        "Round 2, 23:10: nobody → Grace → Lin\n"
        "23:25: everyone and the leads, every 5 min: Ada, Grace, Lin, Max"
    )


async def test_whoever_is_on_then_is_named() -> None:
    """The override is over at eight, and the desk's layer has Ada; office hours ask nothing."""
    said = (await night().commands(LIN, "why acme clinics emergency at monday 09:00")).splitlines()
    assert said[:4] == [
        "Acme Clinics, Emergency, Monday 09:00:",
        "Office hours: Mon 23 Nov 09:00 in Africa/Johannesburg (Managed IT support).",
        "Rule after_hours[0]: severities = emergency · page = true · consent = true",
        "➡️ It pages at once.",
    ]
    assert said[7].startswith("   Ada (layer 1): 09:00 Slack, SMS · 09:01 SMS, again every 2 min")


async def test_times_are_those_of_whoever_asks() -> None:
    world = night()
    people = tuple(dataclasses.replace(p, zone=ZoneInfo("Europe/London")) for p in world.directory.people)
    world.bus.setup = dataclasses.replace(
        world.setup, directory=dataclasses.replace(world.directory, people=people)
    )
    said = (await world.commands(ADA, "why acme")).splitlines()
    assert said[0] == "Acme Clinics, Emergency, 20:30:"
    assert said[1] == "After hours: Sat 21 Nov 22:30 in Africa/Johannesburg (Managed IT support)."
    assert said[6] == "2. 20:30 schedule standby, for 30 min"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (
            "why acme normal",
            "Acme Clinics, Normal, 22:30:\n"
            "After hours: Sat 21 Nov 22:30 in Africa/Johannesburg (Managed IT support).\n"
            "Rule after_hours[1]: severities = high, normal, low · when = after hours, holiday · page = false · "
            'tell = "The desk is closed now and answers when it opens. If many p…"\n'
            "➡️ Nobody is paged. The desk opens Monday 08:30.",
        ),
        (
            "why thandi low at monday 10:00",
            "Thandi, Acme Clinics, High, Monday 10:00:\n"
            "A VIP gets at least High.\n"
            "Office hours: Mon 23 Nov 10:00 in Africa/Johannesburg (Managed IT support).\n"
            "No after-hours rule is about it: the severity itself pages nobody.\n"
            "➡️ Nobody is paged.",
        ),
        ("why acme huge", 'I know no severity "huge" here; there are emergency, high, normal, low.'),
        (
            "why acme high at yesterday",
            '"yesterday" is no time; write friday 16:00, tomorrow 10:00, 2026-12-01 15:00, in 3h, or '
            "2 business days.",
        ),
        (
            "why nobody emergency",
            'I know no customer "nobody emergency" here; write a ticket or a customer, such as why acme.',
        ),
        ("why", "Which ticket? Write its reference too, such as why MIT-1042."),
        ("why MIT-9999", "There is no ticket MIT-9999 here."),
    ],
)
async def test_other_questions(words: str, answer: str) -> None:
    assert await night().commands(ADA, words) == answer


async def test_a_customer_of_another_team_is_nobody() -> None:
    world = night()
    other = Team(name=TeamName("other"), policy="managed-it", desks=(), chains={})
    shop = Organisation(
        id=OrganisationId("shop"), name="Shop", team=other.name, plan="", language="en", zone=ZONE
    )
    directory = dataclasses.replace(
        world.directory,
        teams=(*world.directory.teams, other),
        organisations=(*world.directory.organisations, shop),
    )
    world.bus.setup = dataclasses.replace(world.setup, directory=directory)
    theirs, nobodys = [await world.commands(ADA, f"why {name}") for name in ("shop", "shob")]
    assert theirs == nobodys.replace("shob", "shop")
    assert theirs.startswith('I know no customer "shop" here')


# ---------------------------------------------------------------- what became of it
async def failing() -> World:
    world = night()
    world.channels["sms"].broken.add(GRACE_PHONE)
    await reported(world)
    return world


GRACES = "   Grace 22:30 Slack: accepted; 22:30 SMS: ⚠️ failed (gone); 22:31 SMS: ⚠️ failed (gone); "


async def test_a_page_that_is_open() -> None:
    world = await failing()
    await world.passes(minutes=2)
    said = CLOCK + STEPS + GRACES + "22:33 SMS: to come, then 13 more\n"
    said += "Nobody has acknowledged it yet. Next, 23:00: step 3, Lin."
    assert await world.commands(GRACE, "why MIT-1001") == said
    assert await world.commands(LIN, "why MIT-1001") == (
        f"{said}\nYou have not been paged yet: your turn is step 3."
    )


async def test_a_page_that_was_acknowledged() -> None:
    world = await failing()
    await world.passes(minutes=2)
    await world.commands(GRACE, "ack MIT-1001")
    said = CLOCK + STEPS + GRACES + "14 × SMS: not sent, no longer needed\n"
    said += "✅ Grace acknowledged 22:32 by Slack, after 2 min."
    assert await world.commands(GRACE, "why MIT-1001") == said
    assert await world.commands(LIN, "why MIT-1001 was I not paged?") == (
        f"{said}\nYou were not paged: your turn would have been step 3."
    )
    assert await world.commands(ADA, "why MIT-1001") == (
        f"{said}\nYou were not paged: no step of the chain meant you then."
    )


async def test_a_page_that_went_to_everyone() -> None:
    world = await failing()
    await world.passes(minutes=57)
    said = (await world.commands(ADA, "why MIT-1001")).splitlines()
    assert [line for line in said if line.startswith(("Step", "Everyone", "Nobody has"))] == [
        "Step 1, 22:30: skipped. Nobody was on (schedule empty).",
        "Step 2, 22:30, schedule standby",
        "Step 3, 23:00, Lin",
        "Step 1, round 2, 23:10: skipped. Nobody was on (schedule empty).",
        "Step 2, round 2, 23:10, schedule standby",
        "Step 3, round 2, 23:15, Lin",
        "Everyone, 23:25",
        "Nobody has acknowledged it yet. Next, 23:30: everyone, Ada, Grace, Lin, Max.",
    ]


async def test_two_pages_since_the_customer_heard_nothing() -> None:
    world = await failing()
    await world.commands(GRACE, "ack MIT-1001")
    await world.passes(minutes=30)
    said = (await world.commands(MAX, "why MIT-1001")).splitlines()
    assert [line for line in said if line.startswith(("📟", "✅", "Nobody has"))] == [
        "📟 Paged 22:30: Emergency, chain standby",
        "✅ Grace acknowledged 22:30 by Slack, after 0 min.",
        "📟 Paged 23:00: Emergency, chain standby",
        "Nobody has acknowledged it yet. Next, 23:05: step 3, Grace.",
    ]


async def test_a_page_that_is_held_back() -> None:
    """Grace has had as many this hour as she is to have: the rest comes as one."""
    world = night(limits=Limits(per_hour=1, bundle=5 * MINUTE))
    await reported(world)
    await world.commands(GRACE, "ack MIT-1001")
    await world.passes(minutes=30)
    said = await world.commands(GRACE, "why MIT-1001")
    assert "23:05 Slack: held back for the next bundle; 23:05 SMS: held back for the next bundle" in said


# ---------------------------------------------------------------- why nobody
async def never(world: World) -> str:
    said = await world.commands(ADA, "why MIT-1001")
    return said.rpartition("\n\n")[2]


async def test_not_before_the_customer_has_said_how_urgent_it_is() -> None:
    world = night()
    await world.says(THANDI, SERVER)
    assert await never(world) == (
        "Nobody was paged. The customer is still asked how urgent it is, until 22:31."
    )


async def test_not_before_the_charge_is_agreed_to_and_not_after_it_is_declined() -> None:
    world = night(plan="standard")
    await reported(world)
    assert await never(world) == (
        "Nobody was paged. The customer is asked about the call-out charge first, until 22:31."
    )
    await world.says(THANDI, "2")
    assert await never(world) == (
        "Nobody was paged. The customer declined the call-out. They wait until the desk opens, Monday 08:30."
    )


async def test_not_for_this_severity() -> None:
    world = night()
    await world.says(SIPHO, "The printer is slow")
    await world.says(SIPHO, "3")
    assert await never(world) == (
        "Nobody was paged. The policy pages nobody for Normal at that hour (after hours).\n"
        "Rule after_hours[1]: severities = high, normal, low · when = after hours, holiday · page = false · "
        'tell = "The desk is closed now and answers when it opens. If many p…"'
    )


async def test_not_since_somebody_had_it_before() -> None:
    world = night(plan="standard")
    await reported(world)
    await world.commands(GRACE, "ack MIT-1001")
    assert await never(world) == "Nobody was paged. Grace had it before a page could begin."


async def test_asked_in_private_it_is_answered_there() -> None:
    """What goes through the outbox is the same as what is answered at once."""
    world = night()
    for words in ("why acme", "why acme normal"):
        at_once = await world.commands(ADA, words)
        world.look_away()
        await world.says(ADA, words, via="slack")
        assert world.texts("slack", ADA) == [at_once]
    await reported(world)
    await world.passes(minutes=3)
    at_once = await world.commands(GRACE, "why MIT-1001")
    world.look_away()
    await world.says(GRACE, "why mit-1001", via="slack")
    assert world.texts("slack", GRACE) == [at_once]
