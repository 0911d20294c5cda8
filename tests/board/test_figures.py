"""What counts in the figures: dialogues on the whole bot, and what must hold for any events whatever."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.board.figures import NOTHING, Figures, together, work_of
from bot.board.figures_days import DAY, Days
from bot.domain.ids import TeamName
from escalation.grammar import parse_target
from tests.board.house import house_of
from tests.builders import ADA, DESK, GRACE, THANDI, ZONE, directory, policy
from tests.fakes.world import World, tap

DATE = dt.date(2026, 11, 23)
MINUTES = dt.timedelta(minutes=1)


async def figures(world: World, date: dt.date = DATE, team: str = "desk") -> Figures:
    counted = await Days(house=house_of(world)).of(ZONE, [date])
    return counted[date].get(TeamName(team), NOTHING)


async def emergency(world: World) -> None:
    await world.says(THANDI, "The mail server is down, nobody can work")
    await world.says(THANDI, "1")


async def replies(world: World, text: str) -> None:
    await world.says(ADA, text, via="slack", place=DESK, thread=world.thread())


# ---------------------------------------------------------------- promises
async def test_an_answer_in_time_is_met_with_its_time() -> None:
    world = World()
    await emergency(world)
    assert (await figures(world)).response.decided == 0, "what runs is neither met nor broken"
    await world.passes(minutes=12)
    await replies(world, "Looking into it")
    found = (await figures(world)).response
    assert (found.met, found.broken, found.share) == (1, 0, 1.0)
    assert found.time_of(50) == found.time_of(90) == 12 * MINUTES


async def test_a_broken_promise_counts_once_when_it_breaks_and_its_time_when_it_is_answered() -> None:
    world = World()
    await emergency(world)
    await world.passes(hours=2)
    broken = (await figures(world)).response
    assert (broken.met, broken.broken, broken.times) == (0, 1, ())
    await replies(world, "Sorry to keep you waiting")
    found = (await figures(world)).response
    assert (found.met, found.broken, found.share) == (0, 1, 0.0)
    assert found.time_of(50) == 120 * MINUTES


def resolving() -> World:
    """Normal tickets are solved within four hours of the office."""
    known = policy()
    severities = tuple(
        dataclasses.replace(s, resolve=parse_target("4h"), next=parse_target("1h")) if s.id == "normal" else s
        for s in known.severities
    )
    return World(people=directory(policies=(policy(severities=severities, survey=True),)))


async def normal(world: World) -> None:
    await world.says(THANDI, "My printer is slow")
    await world.says(THANDI, "3")


async def test_a_ticket_that_waits_is_not_met_yet_and_its_wait_is_no_time() -> None:
    world = resolving()
    await normal(world)
    await world.passes(hours=1)
    await world.commands(ADA, "need MIT-1001 Which printer?")
    await world.passes(days=1)
    for date in (DATE, DATE + DAY):
        assert (await figures(world, date)).resolution.decided == 0
    await world.says(THANDI, "The one in the hall")
    await world.passes(minutes=30)
    await world.commands(ADA, "resolve MIT-1001 Done")
    found = (await figures(world, DATE + DAY)).resolution
    assert (found.met, found.broken) == (1, 0)
    assert found.time_of(50) == 90 * MINUTES
    assert (await figures(world)).resolution.decided == 0


async def test_reopened_it_counts_again_as_its_clock_stands_then() -> None:
    world = resolving()
    await normal(world)
    await world.passes(minutes=30)
    await world.commands(ADA, "resolve MIT-1001 Done")
    first = await figures(world)
    await world.commands(ADA, "reopen MIT-1001")
    await world.passes(days=1)
    await world.commands(ADA, "resolve MIT-1001 Now really")
    day, next_day = await figures(world), await figures(world, DATE + DAY)
    assert (first.resolution.met, first.resolution.broken) == (1, 0)
    assert (day.resolution.met, day.resolution.broken) == (1, 1), "it broke at 16:00 of the same day"
    assert (day.resolved, day.reopened, next_day.resolved) == (1, 1, 1)
    assert next_day.resolution.decided == 0, "it was broken already"
    both = together((day, next_day))
    assert both.resolution.share == 0.5
    assert both.resolution.times == (30 * 60, 9 * 3600), "half a day and half a day of the office"


async def test_a_promise_without_a_time_counts_nowhere() -> None:
    world = World()
    await world.says(THANDI, "Please add a user")
    await world.says(THANDI, "4")
    await world.passes(minutes=5)
    await world.commands(ADA, "resolve MIT-1001 Added")
    found = await figures(world)
    assert (found.resolution, found.resolved, found.opened) == (NOTHING.resolution, 1, 1)
    assert found.response.met == 1


async def test_closed_unanswered_is_no_answer() -> None:
    world = World()
    await emergency(world)
    await world.passes(minutes=5)
    await world.commands(ADA, "close MIT-1001")
    assert (await figures(world)).response.decided == 0


async def test_a_policy_that_was_deleted_keeps_its_promises_without_times() -> None:
    world = World()
    await emergency(world)
    await world.passes(minutes=12)
    await replies(world, "Looking into it")
    gone = directory(policies=(policy(name="another"),))
    world.bus.setup = dataclasses.replace(world.bus.setup, directory=gone)
    found = (await figures(world)).response
    assert (found.met, found.times, found.time_of(50)) == (1, (), None)


async def test_a_later_question_that_waited_too_long() -> None:
    world = resolving()
    await normal(world)
    await replies(world, "Looking")
    await world.says(THANDI, "And?")
    await world.passes(hours=2)
    found = await figures(world)
    assert (found.late_answers, found.response.broken) == (1, 0)


# ---------------------------------------------------------------- load, ratings, pages
async def test_who_did_what() -> None:
    world = World()
    await emergency(world)
    await world.taps(ADA, tap("ack"), via="slack", place=ADA)
    await world.taps(ADA, tap("take"), via="slack", place=ADA)
    await world.taps(GRACE, tap("take"), via="slack", place=GRACE)
    await world.commands(GRACE, "resolve MIT-1001 Done")
    found = await figures(world)
    assert [(w.person, w.took, w.solved, w.called_out) for w in work_of(found)] == [
        ("grace", 1, 1, 0),
        ("ada", 1, 0, 1),
    ]
    assert (found.pages, len(found.called_out)) == (1, 1), "several ways of one page are one call-out"


async def test_ratings() -> None:
    world = resolving()
    await normal(world)
    await world.commands(ADA, "resolve MIT-1001 Done")
    await world.taps(THANDI, tap("works"))
    await world.says(THANDI, "4")
    found = await figures(world)
    assert (found.rated, found.rating) == (1, 4.0)
    assert NOTHING.rating is None
