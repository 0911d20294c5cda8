"""Chores: made for what the configuration has, done one at a time, and in nobody's way."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from bot.app import chores
from bot.app.context import Context
from bot.app.duty import Chore
from bot.app.rota_changed import rota_changed
from tests.builders import DESK, THANDI
from tests.fakes.before_night import Night, at, company, rota, team_of_three, turns

ONE = company(rota(turns("ada", "grace")), people=team_of_three())


async def names(night: Night) -> list[str]:
    return [chore.name for chore in await night.run(lambda uow: list(uow.chores.all()))]


async def test_there_are_those_that_the_configuration_needs() -> None:
    night = await Night.begins("2026-11-24T10:00", ONE)
    assert await names(night) == ["gaps:standby", "handover:standby", "reachability:desk", "swaps"]
    await night.reloads(company(rota(turns("ada"), drill=dt.timedelta(hours=2)), people=team_of_three()))
    assert await names(night) == [
        "drill:standby",
        "gaps:standby",
        "handover:standby",
        "reachability:desk",
        "swaps",
    ]
    other = dataclasses.replace(rota(turns("ada")), name="nights")
    await night.reloads(company(other, people=team_of_three()))
    assert await names(night) == ["gaps:nights", "handover:nights", "reachability:desk", "swaps"]


async def test_what_others_have_to_do_is_left_alone() -> None:
    night = await Night.begins("2026-11-24T10:00", ONE)
    theirs = Chore(name="test:somebody", due=at("2026-12-24T10:00"))
    unknown = Chore(name="calendar:ours", due=at("2026-12-24T10:00"), note="kept")
    await night.run(lambda uow: [uow.chores.save(chore) for chore in (theirs, unknown)])
    await night.plans()
    assert {"test:somebody", "calendar:ours"} <= set(await names(night))


async def test_the_next_look_is_known() -> None:
    night = await Night.begins("2026-11-24T10:00", ONE)
    assert await night.bus.run_due() == at("2026-11-24T10:15")
    await night.run(lambda uow: uow.chores.save(Chore(name="swaps", due=at("2026-11-24T10:05"))))
    assert await night.bus.run_due() == at("2026-11-24T10:05")


async def test_one_that_fails_is_put_off_and_stands_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(ctx: Context, chore: Chore, subject: str) -> Chore:
        ctx.uow.chores.save(dataclasses.replace(chore, note="half done"))
        raise ValueError("no such thing")

    monkeypatch.setitem(chores.KINDS, "handover", dataclasses.replace(chores.KINDS["handover"], do=broken))
    night = await Night.begins("2026-11-24T10:00", ONE)
    assert night.logged == [
        ("chore_failed", {"chore": "handover:standby", "error": "ValueError: no such thing"})
    ]
    chore = await night.run(lambda uow: uow.chores.get("handover:standby"))
    assert chore == Chore(name="handover:standby", due=at("2026-11-24T10:05"))
    await night.says(THANDI, "urgent: the server is down")
    assert [s for s in night.seen("slack") if s.place == DESK]
    await night.passes(minutes=20)
    assert [event for event, _ in night.logged] == ["chore_failed"] * 5


async def test_nothing_comes_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    eager = dataclasses.replace(chores.KINDS["swaps"], do=lambda ctx, chore, subject: chore)
    monkeypatch.setitem(chores.KINDS, "swaps", eager)
    night = await Night.begins("2026-11-24T10:00", ONE)
    assert await night.bus.run_due() == at("2026-11-24T10:01")


async def test_a_kind_that_nobody_knows_any_more_is_dropped_when_it_is_due() -> None:
    night = await Night.begins("2026-11-24T10:00", ONE)
    await night.run(lambda uow: uow.chores.save(Chore(name="old:one", due=at("2026-11-24T10:01"))))
    await night.passes(minutes=2)
    assert "old:one" not in await names(night)


async def test_a_change_of_the_rota_may_ask_for_a_look_at_once() -> None:
    night = await Night.begins("2026-11-24T10:00", ONE)
    before = await night.run(lambda uow: uow.chores.get("handover:standby"))
    assert before is not None and before.due > night.clock.at
    await night.run(lambda uow: rota_changed(night.bus.context(uow), "standby"))
    await night.run(lambda uow: rota_changed(night.bus.context(uow), "no such schedule"))
    assert await night.run(lambda uow: uow.chores.next_due()) == night.clock.at


async def test_planning_that_fails_is_logged() -> None:
    night = await Night.begins("2026-11-24T10:00", ONE)

    def no_context(uow: object) -> Context:
        raise ValueError("away")

    await chores.plan_all(night.run, no_context, night.bus.log)
    assert night.logged == [("chores_not_planned", {"error": "ValueError: away"})]
