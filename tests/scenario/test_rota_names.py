"""Schedules and customers whose names look like the references of tickets, and people by their mention."""

from __future__ import annotations

import dataclasses

from bot.domain.ids import OrganisationId
from tests.builders import ADA, DESK, GRACE, LIN, THANDI, directory, people
from tests.fakes.world import World
from tests.scenario.test_rota_overrides import schedule, staff


def world() -> World:
    """Two schedules page the desk; `tier-2` is the second. Acme is called `shop-1`."""
    known = staff()
    chains = tuple(
        dataclasses.replace(
            chain,
            steps=(*chain.steps, dataclasses.replace(chain.steps[0], targets=("schedule:tier-2",))),
        )
        for chain in known.chains
    )
    shop = OrganisationId("shop-1")
    return World(
        people=dataclasses.replace(
            known,
            schedules=(schedule(), schedule("tier-2", "lin", "grace")),
            chains=chains,
            organisations=tuple(dataclasses.replace(o, id=shop) for o in known.organisations[:1]),
            contacts=tuple(dataclasses.replace(c, organisation=shop) for c in known.contacts[:1]),
        )
    )


async def test_a_schedule_is_never_read_as_a_ticket() -> None:
    desk = world()
    assert (await desk.commands(ADA, "oncall tier-2")).splitlines()[
        1
    ] == "tier-2: Lin until Tue 09:00, then Grace"
    assert "(tier-2)" in await desk.commands(LIN, "override tier-2 add Ada fri 18:00 to sat 09:00")
    assert "(tier-2)" in await desk.commands(LIN, "swap tier-2 mon 14:00 to 16:00")
    assert "Grace instead of Lin (tier-2)" in await desk.commands(GRACE, "take Tier-2 for 1h")


async def test_a_schedule_that_there_is_not_changes_no_other() -> None:
    desk = World(people=staff())
    assert 'nobody called "tier-9"' in await desk.commands(
        ADA, "override tier-9 add Lin fri 18:00 to sat 09:00"
    )
    assert await desk.commands(ADA, "override list") == "Nothing is arranged beside the schedules."


async def test_a_shift_is_taken_by_that_name_in_a_ticket_s_thread_too() -> None:
    desk = world()
    await desk.says(THANDI, "The printer is slow")
    await desk.says(GRACE, "/take tier-2", via="slack", place=DESK, thread=desk.thread())
    assert (await desk.ticket()).owner is None
    assert "tier-2: Grace" in await desk.commands(ADA, "oncall tier-2")
    assert await desk.commands(ADA, "take MIT-1001") == "You have MIT-1001."


async def test_why_explains_the_customer() -> None:
    assert "Acme Clinics" in await world().commands(ADA, "why shop-1")


async def test_why_knows_dates_as_shifts_do() -> None:
    desk = World(people=staff())
    said = {
        words: await desk.commands(ADA, f"why acme emergency at {words}")
        for words in ("25.12 10:00", "25 dec 10:00")
    }
    assert len(set(said.values())) == 1
    assert "Grace" in said["25.12 10:00"]


async def test_somebody_is_named_by_their_mention() -> None:
    grace = people()[1]
    desk = World(people=directory(people=people(), schedules=(schedule(),)))
    answer = await desk.commands(
        LIN, f"override @{next(iter(grace.identities.values()))} wed 18:00 to wed 20:00"
    )
    assert answer.startswith("From Wed 18:00 to Wed 20:00: Grace instead of Ada")


async def test_a_shift_without_an_end_in_sight_says_from_when() -> None:
    alone = schedule("standby", "ada")
    desk = World(people=dataclasses.replace(staff(), schedules=(alone,)))
    await desk.commands(ADA, "override Grace tomorrow")
    assert "Your next shift: from Wed 00:00 on (standby)" in await desk.commands(ADA, "oncall")


async def test_a_gap_without_an_end_in_sight_does_too() -> None:
    listed = dataclasses.replace(schedule(), layers=())
    desk = World(people=dataclasses.replace(staff(), schedules=(listed,)))
    await desk.commands(ADA, "override Grace for 3h")
    assert "⚠️ Nobody is on call from Mon 15:00 on" in await desk.commands(ADA, "oncall")


async def test_for_an_hour_and_without_polish_letters() -> None:
    desk = World(people=staff())
    assert "From Mon 12:00 to Mon 13:00: Grace" in await desk.commands(GRACE, "override Grace for an hour")
    answer = await desk.commands(ADA, "override usun Ada od piatku 10:00 do 11:00")
    assert "From Fri 10:00 to Fri 11:00 nobody" in answer
