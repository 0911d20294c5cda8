"""Worlds in which somebody calls: who, when, and what there was before."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Awaitable, Callable

from bot.domain.people import Directory
from escalation.office import AfterHours, Hours
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import MONDAY_NOON, World, tap

SUNDAY_NIGHT = dt.datetime(2026, 11, 22, 0, 0, tzinfo=dt.UTC)  # 02:00 in Johannesburg
STRANGER, HIDDEN = "+27825550300", ""


def company(**changes: object) -> Directory:
    """Ada is on call, Grace comes after her, and Lin leads and has no phone that rings."""
    found = b.directory()
    people = (
        b.person("ada", "Ada", b.ADA, b.ADA_PHONE, "10001", calls=True),
        b.person("grace", "Grace", b.GRACE, b.GRACE_PHONE, calls=True),
        found.people[2],
    )
    return dataclasses.replace(found, **({"people": people} | changes))  # type: ignore[arg-type]


async def nothing(world: World) -> None:
    """Nothing was before."""


async def a_quiet_ticket(world: World) -> None:
    await world.says(b.THANDI, "the printer is slow")
    await world.taps(b.THANDI, tap("sev", "MIT-1001", "normal"))


async def an_emergency_that_ada_has(world: World) -> None:
    await world.says(b.THANDI, "everything is down")
    await world.taps(b.THANDI, tap("sev", "MIT-1001", "emergency"))
    await world.taps(b.ADA, tap("ack"), via="slack", place=b.ADA)


async def a_call_that_waits(world: World) -> None:
    first = Caller(world)
    await first.calls()
    await first.presses("2")


def no_night_service() -> Directory:
    """Nobody is paged at night, whatever happens."""
    policy = b.policy(after_hours=(AfterHours(page=False, when=(Hours.AFTER, Hours.HOLIDAY)),))
    return company(policies=(policy,))


def nobody_has_a_phone() -> Directory:
    return company(people=b.directory().people)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Night:
    """`before` has happened when `number` calls at `at`."""

    number: str = b.THANDI
    at: dt.datetime = SUNDAY_NIGHT
    before: Callable[[World], Awaitable[None]] = nothing
    people: Callable[[], Directory] = company

    async def world(self) -> World:
        world = World(at=self.at, people=self.people())
        await self.before(world)
        world.look_away()
        return world


NIGHTS = {
    "a customer at night": Night(),
    "a customer whose plan charges": Night(number=b.SIPHO),
    "somebody unknown": Night(number=STRANGER),
    "a hidden number": Night(number=HIDDEN),
    "a customer at noon": Night(at=MONDAY_NOON),
    "somebody unknown at noon": Night(number=STRANGER, at=MONDAY_NOON),
    "with a quiet ticket": Night(before=a_quiet_ticket, at=MONDAY_NOON),
    "with a quiet ticket at night": Night(before=a_quiet_ticket),
    "with an emergency that Ada has": Night(before=an_emergency_that_ada_has),
    "who waits already": Night(before=a_call_that_waits),
    "no service at night": Night(people=no_night_service),
    "nobody has a phone": Night(people=nobody_has_a_phone),
}
