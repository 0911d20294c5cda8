"""A swap that nobody answers: remembered once, and over when the shift begins."""

from __future__ import annotations

from bot.app.duty import SwapState
from tests.builders import ADA, DESK, GRACE
from tests.fakes.before_night import Night, company, rota, team_of_three, turns

TURNS = company(rota(turns("ada", "grace")), people=team_of_three())


async def test_a_reminder_once_then_the_asker_stays_on() -> None:
    night = await Night.begins("2026-11-24T10:00", TURNS)
    swap = await night.asks_for_swap("ada", "2026-11-27T18:00", "2026-11-28T09:00")
    await night.goes_on_until("2026-11-26T17:59")
    assert night.seen("slack") == []
    await night.goes_on_until("2026-11-26T18:00")
    (reminder,) = night.seen("slack")
    assert reminder.place == DESK
    assert reminder.text.startswith("🔁 Still open. Swap 1: Ada asks who takes Fri 18:00 to Sat 09:00")
    assert reminder.choices == ("swap|-|1 yes",)
    await night.goes_on_until("2026-11-27T17:59")
    assert night.seen("slack") == []
    await night.goes_on_until("2026-11-27T18:00")
    desk, own = night.seen("slack")
    assert (desk.place, desk.text) == (
        DESK,
        "🔁 Nobody took Fri 18:00 to Sat 09:00 (standby): Ada stays on call.",
    )
    assert (own.place, own.text) == (
        ADA,
        "🔁 Nobody took Fri 18:00 to Sat 09:00 (standby): you stay on call.",
    )
    kept = await night.run(lambda uow: uow.rota.swap(swap.id))
    assert kept is not None and kept.state == SwapState.EXPIRED


async def test_one_that_is_taken_is_heard_of_no_more() -> None:
    night = await Night.begins("2026-11-24T10:00", TURNS)
    await night.asks_for_swap("ada", "2026-11-25T18:00", "2026-11-26T09:00")
    await night.goes_on_until("2026-11-25T09:00")
    (reminder,) = night.seen("slack")
    await night.taps(GRACE, reminder.choices[0], via="slack", place=DESK)
    night.look_away()
    await night.goes_on_until("2026-11-25T17:59")
    assert night.seen("slack") == []


async def test_asked_for_shortly_before_it_is_remembered_halfway() -> None:
    night = await Night.begins("2026-11-24T10:00", TURNS)
    await night.asks_for_swap("ada", "2026-11-24T14:00", "2026-11-24T18:00")
    await night.goes_on_until("2026-11-24T11:55")
    assert night.seen("slack") == []
    await night.goes_on_until("2026-11-24T12:00")
    assert len(night.seen("slack")) == 1


async def test_whoever_was_asked_is_asked_again() -> None:
    night = await Night.begins("2026-11-24T10:00", TURNS)
    await night.commands(ADA, "swap standby wed 18:00 to thu 9:00 with grace")
    night.look_away()
    await night.goes_on_until("2026-11-25T18:00")
    first, *_ = [s for s in night.seen("slack") if s.place == GRACE]
    assert "swap|-|1 yes" in first.choices and "swap|-|1 no" in first.choices


async def test_down_over_its_beginning_it_expires_late() -> None:
    night = await Night.begins("2026-11-24T10:00", TURNS)
    await night.asks_for_swap("ada", "2026-11-25T18:00", "2026-11-26T09:00")
    await night.sleeps_until("2026-11-28T12:00")
    assert [t for t in night.texts("slack", ADA) if "you stay on call" in t]
    night.look_away()
    await night.passes(hours=5)
    assert not [t for t in night.texts("slack") if "Nobody took" in t]


async def test_one_for_now_waits_until_its_end() -> None:
    night = await Night.begins("2026-11-24T10:00", TURNS)
    swap = await night.asks_for_swap("ada", "2026-11-24T10:00", "2026-11-24T18:00")
    await night.goes_on_until("2026-11-24T17:59")
    (reminder,) = night.seen("slack")
    assert "Still open" in reminder.text
    await night.goes_on_until("2026-11-24T18:00")
    kept = await night.run(lambda uow: uow.rota.swap(swap.id))
    assert kept is not None and kept.state == SwapState.EXPIRED
