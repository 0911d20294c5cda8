"""Of those whom a calendar names, only who can acknowledge is put on call."""

from __future__ import annotations

import dataclasses
import datetime as dt

import httpx

from bot.domain.ids import TeamName
from escalation.chain import Chain, Step
from tests.builders import directory, people, person
from tests.contract.calendars.conftest import DAY
from tests.contract.calendars.server import Server
from tests.contract.calendars.test_refresh import Rota
from tests.unit.calendars.ical import calendar, shift


async def test_only_who_can_acknowledge_is_put_on_call(server: Server, http: httpx.AsyncClient) -> None:
    server.text = calendar(shift("Ada (standby)", *DAY), shift("Opal / Desk: Lin", *DAY), shift("Zed", *DAY))
    rota = Rota(server.url())
    others = (
        person("opal", "Opal", "U0OPAL", roles=frozenset({"operator"})),
        person("zed", "Zed", "U0ZED", teams=frozenset({TeamName("elsewhere")})),
    )
    rota.reload(server.url(), people=(*people(), *others))
    await rota.look(http)
    assert rota.people(server.url()) == ["ada", "lin"]
    (said,) = rota.told()
    assert "nobody is on call for: Opal, Zed." in said
    engineers = tuple(dataclasses.replace(one, roles=frozenset({"engineer"})) for one in others)
    rota.reload(server.url(), people=(*people(), *engineers))
    await rota.look(http, minutes=15)
    assert rota.people(server.url()) == ["ada", "lin", "opal"]


async def test_of_a_calendar_of_two_schedules_those_count_who_may_be_on_in_both(
    server: Server, http: httpx.AsyncClient
) -> None:
    server.text = calendar(shift("Ada, Grace", *DAY))
    rota = Rota(server.url())
    desk, ops = TeamName("desk"), TeamName("ops")
    there = directory()
    second = dataclasses.replace(there.teams[0], name=ops, chains={"emergency": "ops"})
    rota.reload(
        server.url(),
        people=(
            person("ada", "Ada", "U0ADA", teams=frozenset({desk, ops})),
            person("grace", "Grace", "U0GRACE"),
        ),
        teams=(*there.teams, second),
        chains=(
            *there.chains,
            Chain(name="ops", steps=(Step(targets=("schedule:ops",), wait=dt.timedelta(minutes=5)),)),
        ),
        schedules=tuple(
            dataclasses.replace(rota.schedule(server.url()), name=name) for name in ("standby", "ops")
        ),
    )
    await rota.look(http)
    assert rota.people(server.url()) == ["ada"]
