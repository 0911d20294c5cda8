"""A world whose chores are planned, and rotas to hand over in it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import chores
from bot.app.duty import KeptOverride, Swap
from bot.domain.ids import PersonId
from bot.domain.people import Directory, Person
from escalation.instants import Span
from escalation.rotation import Period, Rotation, Unit, WeeklyWindow
from escalation.schedule import Override, Roster, Schedule
from tests.builders import ADA, ADA_PHONE, GRACE, GRACE_PHONE, LIN, ZONE, directory, person
from tests.fakes.world import World


def at(text: str, zone: ZoneInfo = ZONE) -> dt.datetime:
    """`2026-11-23T09:00`, local in Johannesburg unless told."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC)


def turns(*people: str, every: str = "1 weeks", first: str = "2026-01-05T09:00", **more: Any) -> Rotation:
    """Monday 09:00 by default; Ada has the week of 23 November 2026 where Grace and Ada take turns."""
    count, unit = every.split()
    fields: dict[str, Any] = {"zone": ZONE, **more}
    period = Period(count=int(count), unit=Unit(unit))
    return Rotation(people=people, every=period, handover=dt.datetime.fromisoformat(first), **fields)


def rota(*layers: Rotation | Roster, drill: dt.timedelta | None = None, zone: ZoneInfo = ZONE) -> Schedule:
    return Schedule(name="standby", zone=zone, layers=layers, drill=drill)


WEEKDAYS = (WeeklyWindow(days=("mon", "tue", "wed", "thu", "fri"), start=dt.time(0), end=dt.time(0)),)


def company(schedule: Schedule, **changes: Any) -> Directory:
    return directory(schedules=(schedule,), **changes)


def team_of_three(**ada: Any) -> tuple[Person, ...]:
    """Ada can be paged by Slack, SMS and a call; Lin leads."""
    fields: dict[str, Any] = {"calls": True, **ada}
    return (
        person("ada", "Ada", ADA, ADA_PHONE, **fields),
        person("grace", "Grace", GRACE, GRACE_PHONE, calls=True),
        person("lin", "Lin", LIN, tier=2, roles=frozenset({"lead"})),
    )


class Night(World):
    """What the running bot does at a start and after a reload is done when told."""

    @classmethod
    async def begins(cls, start: str, people: Directory) -> Night:
        night = cls(at=at(start), people=people)
        await night.plans()
        return night

    async def plans(self) -> None:
        await self.run(lambda uow: chores.plan(self.bus.context(uow)))
        await self.settle()

    async def reloads(self, people: Directory) -> None:
        self.directory = people
        self.setup = dataclasses.replace(self.setup, directory=people)
        for reader in (self.bus, *self.lanes):
            reader.setup = self.setup
        await self.plans()

    async def sleeps_until(self, text: str) -> None:
        """The process is down until then."""
        self.clock.at = at(text)
        await self.restarts()
        await self.plans()

    async def goes_on_until(self, text: str) -> None:
        await self.passes(seconds=(at(text) - self.clock.at).total_seconds())

    async def arranges(self, who: str, start: str, end: str) -> None:
        """Somebody else is on call, arranged long ago."""
        override = Override(person=who, span=Span(start=at(start), end=at(end)))
        long_ago = self.clock.at - dt.timedelta(days=3)
        kept = KeptOverride(schedule="standby", override=override, by=PersonId("lin"), made=long_ago)
        await self.run(lambda uow: uow.rota.add_override(kept))

    async def asks_for_swap(self, who: str, start: str, end: str) -> Swap:
        swap = Swap(
            schedule="standby",
            asker=PersonId(who),
            span=Span(start=at(start), end=at(end)),
            made=self.clock.at,
        )
        return await self.run(lambda uow: uow.rota.add_swap(swap))
