"""Whom the emergency line calls where nobody can say whose turn it is: whoever is on call first, everybody at last."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.app.context import Context
from bot.app.duty import KeptOverride
from bot.app.facts import DirectoryFacts
from bot.app.fallback_numbers import MOST, numbers_now, on_call_now
from bot.domain.hotline import Hotline
from bot.domain.ids import ChannelName, PersonId, TeamName
from bot.domain.people import Directory, Person, Team
from escalation.chain import Chain, Step
from escalation.instants import Span
from escalation.rotation import Period, Rotation, Unit
from escalation.schedule import Override, Schedule
from tests.builders import ZONE, directory, person
from tests.fakes.world import MONDAY_NOON, World

CALL = ChannelName("call")
OURS = "+27115559999"
ADA, ADA_TOO, GRACE, LIN, MAX, BEN = (
    *("+27115550001", "+27115550011", "+27115550002", "+27115550003"),
    *("+27115550004", "+27115550005"),
)


def engineer(id: str, phone: str, *more: str, team: str = "desk", lead: bool = False) -> Person:
    return person(
        id,
        id.title(),
        phone=phone,
        calls=True,
        teams=frozenset({TeamName(team)}),
        roles=frozenset({"lead" if lead else "engineer"}),
        others={CALL: more},
    )


PEOPLE = (
    engineer("max", MAX),
    engineer("lin", LIN, lead=True),
    engineer("grace", GRACE),
    engineer("ada", ADA, ADA_TOO),
)


def house(**changes: object) -> Directory:
    dialled = Hotline(countries=("ZA",), own=frozenset({OURS}))
    return directory(**({"people": PEOPLE, "hotline": dialled} | changes))


def numbers(there: Directory, at: dt.datetime = MONDAY_NOON) -> tuple[str, ...]:
    return DirectoryFacts(directory=there).standby_numbers(at)


def test_on_call_then_the_chain_then_the_leads_then_everybody() -> None:
    assert numbers(house()) == (ADA, ADA_TOO, GRACE, LIN, MAX)


def test_our_own_numbers_and_those_of_other_countries_are_never_called() -> None:
    people = (engineer("ada", OURS, ADA), engineer("grace", "+442079460002"), PEOPLE[1])
    assert numbers(house(people=people)) == (ADA, LIN)


def test_at_most_ten() -> None:
    many = tuple(engineer(f"p{n}", f"+271155502{n:02}") for n in range(20))
    found = numbers(house(people=(*PEOPLE, *many)))
    assert len(found) == MOST and found[:4] == (ADA, ADA_TOO, GRACE, LIN)


def test_nobody_on_call_leaves_the_others() -> None:
    empty = Schedule(name="standby", zone=ZONE, layers=())
    assert numbers(house(schedules=(empty,))) == (GRACE, LIN, MAX, ADA, ADA_TOO)


def test_several_teams_have_those_on_call_of_all_of_them_first() -> None:
    ben = engineer("ben", BEN, team="shop")
    rota = Rotation(
        people=("ben",),
        every=Period(count=1, unit=Unit.WEEKS),
        handover=dt.datetime(2026, 1, 5, 9, 0),  # noqa: DTZ001
        zone=ZONE,
    )
    base = house()
    shop = Team(name=TeamName("shop"), policy="managed-it", desks=(), chains={"high": "shop"})
    chain = Chain(name="shop", steps=(Step(targets=("schedule:shop",), wait=dt.timedelta(minutes=5)),))
    there = dataclasses.replace(
        base,
        people=(*base.people, ben),
        teams=(*base.teams, shop),
        schedules=(*base.schedules, Schedule(name="shop", zone=ZONE, layers=(rota,))),
        chains=(*base.chains, chain),
    )
    assert numbers(there) == (ADA, ADA_TOO, BEN, GRACE, LIN, MAX)


def test_a_chain_that_is_not_there_stops_nobody() -> None:
    assert numbers(house(chains=())) == (LIN, MAX, GRACE, ADA, ADA_TOO)


def test_what_was_arranged_in_chat_counts_where_the_database_is_at_hand() -> None:
    world = World(people=house())
    span = Span(start=MONDAY_NOON - dt.timedelta(hours=1), end=MONDAY_NOON + dt.timedelta(hours=1))
    made = KeptOverride(
        schedule="standby",
        override=Override(person="max", span=span, replaces="ada"),
        by=PersonId("ada"),
        made=MONDAY_NOON,
    )
    world.store.transact(lambda uow: uow.rota.add_override(made))

    def asked(uow: object) -> tuple[tuple[str, ...], list[str]]:
        ctx = Context(uow=uow, now=MONDAY_NOON, setup=world.setup)  # type: ignore[arg-type]
        return numbers_now(ctx), [it.name for it in on_call_now(ctx)]

    assert world.store.transact(asked) == ((MAX, GRACE, LIN, ADA, ADA_TOO), ["Max"])
