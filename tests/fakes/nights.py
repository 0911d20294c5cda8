"""A desk at night: Ada is on standby, Grace took this night over from her, one step of the chain has nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.app.duty import KeptOverride
from bot.domain.ids import PersonId
from escalation.chain import Chain, Step
from escalation.escalate import parse_trigger
from escalation.instants import Span
from escalation.rotation import Period, Rotation, Unit
from escalation.schedule import Change, Override, Schedule
from tests.builders import THANDI, ZONE
from tests.fakes.desks import desk
from tests.fakes.world import World

SERVER = "Our mail server is down, nobody can work"
NIGHT = "2026-11-21T22:30"
"""A Saturday, in Johannesburg."""
MINUTE = dt.timedelta(minutes=1)


def at(local: str) -> dt.datetime:
    """A local time of the desk."""
    return dt.datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(dt.UTC)


def schedule(name: str, *people: str, **more: Any) -> Schedule:
    weekly = Rotation(
        people=people,
        every=Period(count=1, unit=Unit.WEEKS),
        handover=dt.datetime(2026, 1, 5, 9, 0),  # noqa: DTZ001
        zone=ZONE,
    )
    return Schedule(name=name, zone=ZONE, layers=(weekly,), **more)


YEAR = Span(start=at("2026-01-05T00:00"), end=at("2027-01-05T00:00"))
EMPTY = schedule("empty", "ada", overrides=(Override(person="ada", change=Change.REMOVE, span=YEAR),))
CHAIN = Chain(
    name="standby",
    repeat=1,
    steps=(
        Step(targets=("schedule:empty",), wait=5 * MINUTE),
        Step(targets=("schedule:standby",), wait=5 * MINUTE),
        Step(targets=("person:lin",), wait=10 * MINUTE, at=parse_trigger("50% of response")),
    ),
)


def night(start: str = NIGHT, plan: str = "premium", **people: Any) -> World:
    """The world at a local time; the override is one that was made in chat."""
    given = {"schedules": (schedule("standby", "ada"), EMPTY), "chains": (CHAIN,)}
    world = desk("managed-it", at=start, plan=plan, **(given | people))
    span = Span(start=at("2026-11-21T22:00"), end=at("2026-11-22T08:00"))
    swapped = Override(person="grace", span=span, replaces="ada")
    made = KeptOverride(schedule="standby", override=swapped, by=PersonId("lin"), made=world.clock.at)
    world.store.transact(lambda uow: uow.rota.add_override(made))
    return world


async def reported(world: World) -> None:
    """Thandi reports an emergency, and says so."""
    await world.says(THANDI, SERVER)
    await world.says(THANDI, "1")
    world.look_away()
